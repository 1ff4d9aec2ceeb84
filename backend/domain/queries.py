"""What a follower looks for in the pool, and what is found."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, fields, replace
from decimal import Decimal
from enum import StrEnum
from typing import Any, Self

from backend.domain.listings import Listing
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
    KIND = "kind"
    HOLDER = "holder"
    IPC = "ipc"


@dataclass(frozen=True, slots=True, kw_only=True)
class PatentQuery:
    """All set conditions hold together. Money is yuan; `max_upfront_yuan` of zero with `free` means free licenses only."""

    words: str = ""
    place_code: str = ""
    kind: PatentKind | None = None
    without_kind: PatentKind | None = None
    free: bool = False
    min_upfront_yuan: Decimal | None = None
    max_upfront_yuan: Decimal | None = None
    ipc: str = ""
    holder: str = ""
    sort: Sort = Sort.FIT

    @property
    def is_empty(self) -> bool:
        return self == PatentQuery(sort=self.sort)

    def conditions(self) -> tuple[Condition, ...]:
        """Those that are set, the ones a person gives up most easily first."""
        held = {
            Condition.PRICE: self.free or self.max_upfront_yuan is not None or self.min_upfront_yuan is not None,
            Condition.PLACE: bool(self.place_code),
            Condition.KIND: self.kind is not None or self.without_kind is not None,
            Condition.IPC: bool(self.ipc),
            Condition.HOLDER: bool(self.holder),
            Condition.WORDS: bool(self.words),
        }
        return tuple(condition for condition, is_set in held.items() if is_set)

    def without(self, condition: Condition) -> PatentQuery:
        """The same query with one condition given up."""
        match condition:
            case Condition.PRICE:
                return replace(self, free=False, max_upfront_yuan=None, min_upfront_yuan=None)
            case Condition.PLACE:
                return replace(self, place_code="")
            case Condition.KIND:
                return replace(self, kind=None, without_kind=None)
            case Condition.IPC:
                return replace(self, ipc="")
            case Condition.HOLDER:
                return replace(self, holder="")
            case Condition.WORDS:
                return replace(self, words="")

    def dump(self) -> dict[str, Any]:
        """Plain JSON values, defaults left out."""
        default = PatentQuery()
        held = {name: value for name, value in asdict(self).items() if value != getattr(default, name)}
        return {name: str(value) if isinstance(value, Decimal) else value for name, value in held.items()}

    @classmethod
    def load(cls, values: dict[str, Any]) -> Self:
        """What this version understands of a stored query; a condition it does not know is left out."""
        read: dict[str, Callable[[Any], Any]] = {
            "kind": PatentKind,
            "without_kind": PatentKind,
            "sort": Sort,
            "min_upfront_yuan": Decimal,
            "max_upfront_yuan": Decimal,
        }
        held: dict[str, Any] = {}
        for field in fields(cls):
            if field.name in values:
                with suppress(ValueError, ArithmeticError):
                    held[field.name] = read.get(field.name, _as_it_is)(values[field.name])
        return cls(**held)


def _as_it_is(value: Any) -> Any:
    return value


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
    `unheard` are words that stand nowhere in the pool, so nothing shown fits them."""

    query: PatentQuery
    total: int
    page: int
    items: tuple[Found, ...]
    given_up: tuple[Condition, ...] = ()
    any_word: bool = False
    unheard: tuple[str, ...] = ()

    @property
    def has_more(self) -> bool:
        return self.total > (self.page + 1) * PAGE


PAGE = 5
