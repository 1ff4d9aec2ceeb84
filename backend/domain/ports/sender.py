"""How the office speaks to a follower outside an answer. The platform's room implements it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol

from backend.domain.deliveries import Channel
from backend.domain.reply import Reply


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One call. `reply` for CUSTOMER_SERVICE; for the other channels the platform's template with its fields, already
    within their limits. `key` is the same whenever this message is asked for again (client_msg_id)."""

    openid: str
    channel: Channel
    key: str = ""
    reply: Reply | None = None
    template_id: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    url: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """The platform took it; `platform_id` is what its result event will name, where there is one."""

    platform_id: str = ""


class NotSent(Exception):
    """The message certainly did not go out. `reason` is a short code for the ledger."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class Refused(NotSent):
    """The platform will not take it, now or later, in whatever channel."""


class ChannelClosed(NotSent):
    """Not to this follower in this channel: another one may be open."""


class WindowClosed(ChannelClosed):
    """No customer-service window is open."""


class NoConsent(ChannelClosed):
    """They did not agree to this subscription notice, or the agreement is used up."""


class TryLater(NotSent):
    """Nothing wrong with the message; the platform wants it later."""

    def __init__(self, reason: str, after: timedelta) -> None:
        self.after = after
        super().__init__(reason)


class ApiRests(NotSent):
    """Nothing of this call is taken for now, from anybody; until midnight in China where `after` is None."""

    def __init__(self, reason: str, after: timedelta | None = None) -> None:
        self.after = after
        super().__init__(reason)


class OutcomeUnknown(Exception):
    """The call broke off after it was made: nobody knows whether the follower got it."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


Outcome = Sent | NotSent | OutcomeUnknown


class Sender(Protocol):
    def send(self, messages: Sequence[Message]) -> list[Outcome]:
        """Ask for all of them at once; an outcome for each, in their order. What goes wrong with one is its outcome."""
