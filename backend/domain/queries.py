"""What a follower looks for in the pool, and what is found."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, fields, replace
from decimal import Decimal
from enum import StrEnum
from typing import Any, Self

from backend.domain.listings import Listing, Track
from backend.domain.patents import PatentKind


class Sort(StrEnum):
    FIT = "fit"
    PRICE = "price"
    NEWEST = "newest"
    TERM_LEFT = "term_left"


class Condition(StrEnum):
    """The parts of a query that can be given up when nothing fits all of them."""

    WORDS = "words"
    PRICE = "price"
    PLACE = "place"
    CLUSTER = "cluster"
    KIND = "kind"
    HOLDER = "holder"
    IPC = "ipc"
    TRACK = "track"
    PHRASE = "phrase"
    TITLE = "title"


class Facet(StrEnum):
    """By what a list of hits can be counted, and narrowed by a number."""

    PLACE = "place"
    KIND = "kind"
    PRICE = "price"
    CLUSTER = "cluster"
    TRACK = "track"
    HOLDER = "holder"


PRICE_STEPS = (
    Decimal(10_000),
    Decimal(50_000),
    Decimal(100_000),
    Decimal(500_000),
)  # yuan, each including the one before


@dataclass(frozen=True, slots=True, kw_only=True)
class PatentQuery:
    """All set conditions hold together. Money is yuan; `max_upfront_yuan` of zero with `free` means free licenses only.

    `context` is what was told around the wish: it moves what fits it up and rules nothing out. `phrase` stands word for
    word in the text, `title` in the title. What is excluded (`without_…`) is never given up to find more.
    """

    words: str = ""
    context: str = ""
    phrase: str = ""
    title: str = ""
    without_words: str = ""
    place_code: str = ""
    without_places: tuple[str, ...] = ()
    cluster: str = ""
    kind: PatentKind | None = None
    without_kind: PatentKind | None = None
    track: Track | None = None
    free: bool = False
    min_upfront_yuan: Decimal | None = None
    max_upfront_yuan: Decimal | None = None
    ipc: str = ""
    holder: str = ""
    sort: Sort = Sort.FIT

    @property
    def is_empty(self) -> bool:
        return self == PatentQuery(sort=self.sort)

    @property
    def says_words(self) -> bool:
        """Something is looked for in the text, not only among the conditions."""
        return bool(self.words or self.phrase or self.title)

    def conditions(self) -> tuple[Condition, ...]:
        """Those that are set, the ones a person gives up most easily first."""
        held = {
            Condition.PRICE: self.free or self.max_upfront_yuan is not None or self.min_upfront_yuan is not None,
            Condition.PLACE: bool(self.place_code),
            Condition.CLUSTER: bool(self.cluster),
            Condition.KIND: self.kind is not None,
            Condition.TRACK: self.track is not None,
            Condition.IPC: bool(self.ipc),
            Condition.HOLDER: bool(self.holder),
            Condition.PHRASE: bool(self.phrase),
            Condition.TITLE: bool(self.title),
            Condition.WORDS: bool(self.words),
        }
        return tuple(condition for condition, is_set in held.items() if is_set)

    def without(self, condition: Condition) -> PatentQuery:
        """The same query with one condition given up. A phrase and words of the title are then looked for anywhere."""
        moved = {Condition.PHRASE: self.phrase, Condition.TITLE: self.title}.get(condition, "")
        words = f"{self.words} {moved}".strip() if moved else self.words
        changes: dict[str, Any] = {} if condition is Condition.WORDS else {"words": words}
        return replace(self, **_DEFAULTS[condition], **changes)

    def dump(self) -> dict[str, Any]:
        """Plain JSON values, defaults left out."""
        default = PatentQuery()
        held = {name: value for name, value in asdict(self).items() if value != getattr(default, name)}
        return {name: _stored(value) for name, value in held.items()}

    @classmethod
    def load(cls, values: dict[str, Any]) -> Self:
        """What this version understands of a stored query; a condition it does not know is left out."""
        read: dict[str, Callable[[Any], Any]] = {
            "kind": PatentKind,
            "without_kind": PatentKind,
            "track": Track,
            "without_places": tuple,
            "sort": Sort,
            "min_upfront_yuan": Decimal,
            "max_upfront_yuan": Decimal,
        }
        held: dict[str, Any] = {}
        for field in fields(cls):
            if field.name in values:
                with suppress(ValueError, ArithmeticError, TypeError):
                    held[field.name] = read.get(field.name, _as_it_is)(values[field.name])
        return cls(**held)


_DEFAULTS: dict[Condition, dict[str, Any]] = {
    Condition.WORDS: {"words": ""},
    Condition.PRICE: {"free": False, "max_upfront_yuan": None, "min_upfront_yuan": None},
    Condition.PLACE: {"place_code": ""},
    Condition.CLUSTER: {"cluster": ""},
    Condition.KIND: {"kind": None},
    Condition.TRACK: {"track": None},
    Condition.IPC: {"ipc": ""},
    Condition.HOLDER: {"holder": ""},
    Condition.PHRASE: {"phrase": ""},
    Condition.TITLE: {"title": ""},
}


def _as_it_is(value: Any) -> Any:
    return value


def _stored(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    return list(value) if isinstance(value, tuple) else value


@dataclass(frozen=True, slots=True)
class Found:
    """A listing and the words of the query that its text holds."""

    listing: Listing
    matched: tuple[str, ...]
    demonstration: bool
    vouched_by: str


@dataclass(frozen=True, slots=True)
class Results:
    """One page. `given_up` names the conditions that had to go before anything was found; `any_word` that not all words fit;
    `unheard` are words that no patent holds, `unsaid` ones that rule nothing out and that nothing shown holds. The last
    `near` of the items hold not all words, beside those that do. `suggested` are the words that were looked for instead of
    a likely slip.
    """

    query: PatentQuery
    total: int
    page: int
    items: tuple[Found, ...]
    given_up: tuple[Condition, ...] = ()
    any_word: bool = False
    unheard: tuple[str, ...] = ()
    unsaid: tuple[str, ...] = ()
    near: int = 0
    suggested: str = ""

    @property
    def has_more(self) -> bool:
        return self.total > (self.page + 1) * PAGE


@dataclass(frozen=True, slots=True)
class Counts:
    """How the hits of a query fall into a facet: (value, hits), the most frequent first; prices from the lowest."""

    query: PatentQuery
    facet: Facet
    values: tuple[tuple[str, int], ...]


PAGE = 5
