"""Fakes of the outside world: small, with a memory, and as strict as the real thing."""

from __future__ import annotations

from dataclasses import dataclass, field

from backend.domain.reply import Reply


@dataclass
class RememberingSender:
    """Stands for the platform as a Sender: remembers what it took, or raises what the test has lined up."""

    sent: list[tuple[str, Reply]] = field(default_factory=list)
    fail_next: list[Exception] = field(default_factory=list)

    def send(self, openid: str, reply: Reply) -> None:
        if self.fail_next:
            raise self.fail_next.pop(0)
        self.sent.append((openid, reply))
