"""What the roof tells the reception about the office."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from backend.domain.handoffs import OpeningHours


class Links(Protocol):
    """Where a follower's pages are."""

    @property
    def tables(self) -> str: ...

    @property
    def subscriptions(self) -> str: ...

    @property
    def survey(self) -> str: ...

    @property
    def preferences(self) -> str: ...

    @property
    def events(self) -> str: ...

    def draft(self, openid: str, flow: str, subject: str) -> str: ...

    def declaration(self, openid: str, declaration_id: int) -> str: ...


@dataclass(frozen=True, slots=True)
class Options:
    """Settings of the office that a conversation may know."""

    has_staff_chat: bool
    hours: OpeningHours
    commands: dict[str, str]
    words: dict[str, dict[str, str]] = field(default_factory=dict)
    links: Links | None = None
    purposes: Mapping[str, str] = field(default_factory=dict)  # of subscription notices, by template id
