"""The open window: what the public may see of the pool, without WeChat and without a name. It only reads.

The index says what fits the words; SQL decides what is on show today and meets every other condition. Private contact
data never leaves this module.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy.exc import OperationalError

from backend.domain.clock import CHINA, Clock, day_of
from backend.domain.errors import AssistantError
from backend.domain.listings import Contact, HolderType, Listing, Standing
from backend.domain.patent_number import parse_patent_number
from backend.domain.patents import PatentKind
from backend.domain.queries import PRICE_STEPS, Found, PatentQuery, Sort
from backend.search.index import IndexNotReady, PatentIndex
from backend.search.wanted import Group
from backend.services.finding import Finder
from backend.services.fitting import found_as
from backend.store.database import Database, DatabaseUnreachable
from backend.store.listings import Shelved
from backend.store.on_show import Heap
from backend.store.unit_of_work import UnitOfWork

PAGE = 20
MOST_HITS = 5000  # of one search by words; the page says so where there are more
MOST_UNHEARD = 0.5  # as in the conversation: beyond this share the words say something else
STEP = 1000
HIDDEN = "***"
SHORTEST_SECRET = 5
FREE_TEXT = (
    "title",
    "abstract",
    "scenes",
    "claims",
    "industry",
    "region",
    "licensee_scope",
    "price_publicity",
    "remark",
)


class WindowClosed(Exception):
    """The database does not answer; the page says so and is asked for again later."""


class SearchNotReady(Exception):
    """No index is built on this machine yet: the pool can be leafed through, not searched by words."""


@dataclass(frozen=True, slots=True)
class State:
    """`stamp` is the same as long as the pool and the day are; `changed_at` is when either last changed."""

    stamp: str
    changed_at: datetime
    today: date

    def ends_in(self, now: datetime) -> timedelta:
        """How long the day still lasts: at midnight offers end."""
        return datetime.combine(self.today + timedelta(days=1), time(), CHINA) - now


@dataclass(frozen=True, slots=True)
class Census:
    """How many are on show: in all, free of charge, and by what the law makes of them, kind, place and cluster."""

    total: int
    free: int
    standings: Counter[Standing]
    kinds: Counter[PatentKind]
    places: Counter[str]
    clusters: Counter[str]
    steps: Counter[int]  # by the step of the price, each including the cheaper ones


@dataclass(frozen=True, slots=True)
class View:
    """One page of a list; `page` counts from 1. `unheard` are words that no patent holds; `capped` says that there are
    more hits than were looked at, `partly` that none holds all of the words and these hold some. `census` counts them all.
    """

    total: int
    page: int
    items: tuple[Found, ...]
    unheard: tuple[str, ...] = ()
    capped: bool = False
    partly: bool = False
    census: Census | None = None

    @property
    def last(self) -> int:
        return max(1, -(-self.total // PAGE))


@dataclass(frozen=True, slots=True)
class _Said:
    """What the index says of the words: the numbers that fit (None where no words were asked for), best first."""

    numbers: tuple[str, ...] | None = None
    unheard: tuple[str, ...] = ()
    capped: bool = False
    groups: tuple[Group, ...] = ()
    partly: bool = False


def _census(heaps: list[Heap]) -> Census:
    census = Census(sum(heap.count for heap in heaps), 0, Counter(), Counter(), Counter(), Counter(), Counter())
    for heap in heaps:
        census.standings[heap.standing] += heap.count
        census.kinds[heap.kind] += heap.count
        census.places[heap.place_code] += heap.count
        census.clusters[heap.cluster] += heap.count
        for step in range(heap.step, len(PRICE_STEPS)):
            census.steps[step] += heap.count
    return replace(census, free=sum(heap.count for heap in heaps if heap.free))


class Window:
    """`demonstration` says whether invented rows may be shown at all."""

    def __init__(self, database: Database, index: PatentIndex, clock: Clock, *, demonstration: bool) -> None:
        self.database, self.index, self.clock, self.demonstration = database, index, clock, demonstration
        self.finder = Finder(database, index, clock, demonstration=demonstration)
        self.opened_at = clock.now()
        self._counted: tuple[str, Census] | None = None

    def state(self) -> State:
        """Read before what it stands for: an answer may be newer than its stamp, never older. Raises WindowClosed."""
        today = day_of(self.clock.now())
        with self._reading() as uow:
            version = uow.on_show.version()
        changed = version.changed_at or self.opened_at
        midnight = datetime.combine(today, time(), CHINA)
        stamp = f"{version.batches}.{changed.timestamp():.6f}.{today.isoformat()}"
        return State(stamp, max(changed, midnight, self.opened_at), today)

    def look(self, query: PatentQuery, *, page: int = 1) -> View:
        """A page of what meets every condition. Raises SearchNotReady, WindowClosed."""
        today = day_of(self.clock.now())
        said = self._said(query, today) if query.words else _Said()
        shown: dict[str, Any] = {"on": today, "demonstration": self.demonstration}
        with self._reading() as uow:
            numbers = uow.on_show.numbers(query, among=said.numbers, **shown)
            if said.numbers is not None and query.sort is Sort.FIT:
                held = set(numbers)
                numbers = [number for number in said.numbers if number in held]
            items = self._found(uow, numbers[(page - 1) * PAGE : page * PAGE], today, said.groups, query)
            few = said.numbers is not None or bool(query.holder)
            heaps = uow.on_show.heaps(query=query, among=numbers[:MOST_HITS] if few else None, **shown)
        return View(len(numbers), page, items, said.unheard, said.capped, said.partly, _census(heaps))

    def show(self, number: str) -> Found | None:
        """The patent as anybody may see it today; None for one that is unknown, withdrawn, ended or barred."""
        today = day_of(self.clock.now())
        with self._reading() as uow:
            return next(iter(self._found(uow, [number], today)), None)

    def census(self, state: State) -> Census:
        """Counted once for each state of the pool. Raises WindowClosed."""
        if self._counted and self._counted[0] == state.stamp:
            return self._counted[1]
        with self._reading() as uow:
            heaps = uow.on_show.heaps(on=state.today, demonstration=self.demonstration)
        census = _census(heaps)
        self._counted = (state.stamp, census)
        return census

    def everything(self) -> Iterator[list[Found]]:
        """The whole window in steps, each in a short transaction; a patent whose terms change meanwhile comes once."""
        today = day_of(self.clock.now())
        after, seen = 0, set[str]()
        while True:
            with self._reading() as uow:
                step = uow.on_show.entries(after=after, limit=STEP, on=today, demonstration=self.demonstration)
                found = self._found(uow, [entry.number for entry in step if entry.number not in seen], today)
            if not step:
                return
            after = step[-1].id
            seen.update(entry.number for entry in step)
            yield list(found)

    def addresses(self) -> list[tuple[str, datetime]]:
        """(number, since when these terms are listed) of every patent on show, the oldest listing first."""
        today = day_of(self.clock.now())
        held: dict[str, datetime] = {}
        after = 0
        while True:
            with self._reading() as uow:
                step = uow.on_show.entries(after=after, limit=STEP, on=today, demonstration=self.demonstration)
            if not step:
                return list(held.items())
            after = step[-1].id
            held.update((entry.number, entry.since) for entry in step)

    def _said(self, query: PatentQuery, today: date) -> _Said:
        """What fits the words; where nothing does, what fits some of them. A patent number fits itself."""
        with suppress(AssistantError):
            return _Said((str(parse_patent_number(query.words)),))
        if not self.index.tokenizer.terms(query.words):
            return _Said((), (query.words,))
        try:
            # Holders are compared as they are written, which words of an index cannot be.
            hits = self.index.search(replace(query, holder=""), on=today, limit=MOST_HITS)
            if not hits.total and not hits.unheard:
                near, hits = self.finder.nearest(replace(query, holder=""))
                numbers = tuple(shelved.listing.number for shelved in near)
                return _Said(numbers, hits.unheard, groups=hits.groups, partly=bool(numbers))
        except IndexNotReady as error:
            raise SearchNotReady from error
        if len("".join(hits.unheard)) > MOST_UNHEARD * len(query.words):
            return _Said((), hits.unheard)
        numbers = tuple(dict.fromkeys(hits.numbers))
        return _Said(numbers, hits.unheard, capped=hits.total > MOST_HITS, groups=hits.groups)

    def _found(
        self,
        uow: UnitOfWork,
        numbers: list[str],
        today: date,
        groups: tuple[Group, ...] = (),
        query: PatentQuery | None = None,
    ) -> tuple[Found, ...]:
        held = uow.listings.of(numbers)
        shown = [held[number] for number in numbers if number in held and self._may_show(held[number], today)]
        return tuple(found_as(replace(shelved, listing=public(shelved.listing)), groups, query) for shelved in shown)

    def _may_show(self, shelved: Shelved, today: date) -> bool:
        return shelved.on_show(today) and (self.demonstration or not shelved.demonstration)

    @contextmanager
    def _reading(self) -> Iterator[UnitOfWork]:
        try:
            with self.database.read() as uow:
                yield uow
        except (DatabaseUnreachable, OperationalError) as error:
            raise WindowClosed from error


def public(listing: Listing) -> Listing:
    """The listing without what its holder did not make public: contact data, also where a text repeats it, and the
    code of a natural person, which is no organisation's."""
    if listing.holder_type is HolderType.PERSON:
        listing = replace(listing, credit_code="")
    if listing.contact.public:
        return listing
    contact = listing.contact
    secrets = [said for said in (contact.phone, contact.email) if len(said) >= SHORTEST_SECRET]
    listing = replace(listing, contact=Contact())
    if not secrets:
        return listing
    fee = replace(
        listing.fee, instalments=_hidden(listing.fee.instalments, secrets), note=_hidden(listing.fee.note, secrets)
    )
    texts: dict[str, Any] = {name: _hidden(getattr(listing, name), secrets) for name in FREE_TEXT}
    return replace(listing, fee=fee, **texts)


def _hidden(text: str, secrets: list[str]) -> str:
    for secret in secrets:
        text = text.replace(secret, HIDDEN)
    return text
