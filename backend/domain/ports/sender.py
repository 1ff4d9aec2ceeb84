"""How the office speaks to a follower outside an answer. The platform's room implements it."""

from __future__ import annotations

from datetime import timedelta
from typing import Protocol

from backend.domain.reply import Reply


class NotSent(Exception):
    """The message certainly did not go out. `reason` is a short code for the ledger."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class Refused(NotSent):
    """The platform will not take it, now or later."""


class WindowClosed(NotSent):
    """No customer-service window is open: keep it for the next visit."""


class TryLater(NotSent):
    """Nothing wrong with the message; the platform wants it later."""

    def __init__(self, reason: str, after: timedelta) -> None:
        self.after = after
        super().__init__(reason)


class OutcomeUnknown(Exception):
    """The call broke off after it was made: nobody knows whether the follower got it. Never repeated."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class Sender(Protocol):
    """One customer-service message. Raises Refused, WindowClosed, TryLater or OutcomeUnknown."""

    def send(self, openid: str, reply: Reply) -> None:
        """Returns once the platform has taken it."""
