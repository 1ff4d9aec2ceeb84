"""What a conversation remembers between messages. Plain data; stored as JSON with the follower."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any, Self

from backend.domain.queries import PatentQuery


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """`choices` are what a bare number now means: policy entry ids, or intents to confirm with what was said."""

    query: dict[str, Any] | None = None
    wanted: dict[str, Any] | None = None  # the query as it was asked, before it had to be relaxed
    page: int = 0
    shown: tuple[str, ...] = ()
    card: str = ""
    entry: str = ""  # the answer told last
    about: str = ""  # the entry that the last wish is about, where none was told
    choices: tuple[str, ...] = ()
    asked: str = ""
    misses: int = 0
    rest: str = ""
    matching: dict[str, Any] | None = None  # the open list of matches: {"words": …} where described in passing, else {}
    price: dict[str, Any] | None = None  # what a price is asked for and the inputs so far: `bot.dialogue.topics.price`
    event: dict[str, Any] | None = (
        None  # events that were listed or opened, and what was asked: `bot.dialogue.topics.events`
    )
    pending: dict[str, Any] | None = None  # what a yes, or a number, now means: `bot.dialogue.topics.subscriptions`
    with_person: bool = False  # a colleague may be reading along
    flow: dict[str, Any] | None = (
        None  # the open flow: `bot.dialogue.flows.opened.Opened`; its answers stand in the draft
    )

    @property
    def search(self) -> PatentQuery | None:
        return PatentQuery.load(self.query) if self.query is not None else None

    def dump(self) -> dict[str, Any]:
        default = State()
        return {name: value for name, value in asdict(self).items() if value != getattr(default, name)}

    @classmethod
    def load(cls, values: dict[str, Any]) -> Self:
        """Unknown names are of a newer or older release and are left out."""
        known = {field.name for field in fields(cls)}
        kept: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in values.items()
        }
        return cls(**{name: value for name, value in kept.items() if name in known})
