"""Who opens a page: the platform says so, given the code it sent the browser back with (web authorization guide)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from backend.domain.errors import AssistantError


class CodeRefused(AssistantError):
    """The code is none, is too old, or was used before: the browser has to be sent for a new one."""

    code = "visitor.code_refused"


class PlatformSilent(AssistantError):
    """The platform did not answer, or has something against our account. Nothing is wrong with the visitor."""

    code = "visitor.platform_silent"


@dataclass(frozen=True, slots=True)
class Visitor:
    """`snapshot`: a preview by a virtual user, whose openid is nobody's (is_snapshotuser, notice of 2022-07-12)."""

    openid: str
    snapshot: bool = False


class Visitors(Protocol):
    def identify(self, code: str) -> Visitor:
        """Raises CodeRefused, PlatformSilent. A code works once."""

    def ticket(self) -> str:
        """What page addresses are signed with for the platform's scripts (JS-SDK). Raises PlatformSilent."""
