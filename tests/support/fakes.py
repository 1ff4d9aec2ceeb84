"""Fakes of the outside world: small, with a memory, and as strict as the real thing."""

from __future__ import annotations

from dataclasses import dataclass, field

from backend.domain.ports.sender import Refused, WindowClosed
from backend.domain.reply import Reply, ReplyKind

MOST_BYTES = 2048


@dataclass
class RememberingSender:
    """Stands for the platform as a Sender: remembers what it took, or raises what the test has lined up.

    A window is open for any number of messages unless `left` says how many; `strangers` follow nobody.
    """

    sent: list[tuple[str, Reply]] = field(default_factory=list)
    fail_next: list[Exception] = field(default_factory=list)
    left: dict[str, int] = field(default_factory=dict)
    strangers: set[str] = field(default_factory=set)

    def send(self, openid: str, reply: Reply) -> None:
        if self.fail_next:
            raise self.fail_next.pop(0)
        if openid in self.strangers:
            raise Refused("platform_40003")
        if self.left.get(openid, 1) <= 0:
            raise WindowClosed("platform_45047")
        if reply.kind is not ReplyKind.ARTICLE and not 0 < len(reply.text.encode()) <= MOST_BYTES:
            raise Refused("platform_45002")
        if openid in self.left:
            self.left[openid] -= 1
        self.sent.append((openid, reply))
