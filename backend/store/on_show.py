"""What of the pool is on show on a day, decided in SQL: the same rule as `Shelved.on_show`, for lists too long to load."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Text, and_, case, cast, func, not_, or_, select

from backend.domain.fees import PaymentMethod
from backend.domain.listings import Pledge, Standing, Suspension, Track
from backend.domain.patents import DESIGN_TERM_CHANGED_ON, PatentKind, anniversary, term_years
from backend.domain.queries import PRICE_STEPS, PatentQuery, Sort
from backend.store.listings import IS_CURRENT, SHOWN, VISIBLE
from backend.store.pages import containing
from backend.store.tables import BatchRow, ListingRow

ESCAPE = "\\"
MOST_YUAN = Decimal(10) ** 12
_LUMP = [str(method) for method in PaymentMethod if method.has_lump_sum]
_UPFRONT = case(
    (ListingRow.method.in_(_LUMP), func.coalesce(ListingRow.lump_sum_fen, 0)),
    else_=func.coalesce(ListingRow.entry_fee_fen, 0),
)
_STEP = case(
    *((int(step * 100) >= _UPFRONT, position) for position, step in enumerate(PRICE_STEPS)), else_=len(PRICE_STEPS)
)
_ANNOUNCED = and_(ListingRow.announcement_number != "", ListingRow.announced_on.is_not(None))
_STANDING = case(
    (ListingRow.track == str(Track.PILOT), str(Standing.PILOT)),
    (_ANNOUNCED, str(Standing.ANNOUNCED)),
    else_=str(Standing.NOT_ANNOUNCED),
)
_ORDER: dict[Sort, ColumnElement[Any]] = {
    Sort.PRICE: _UPFRONT.asc(),
    Sort.NEWEST: ListingRow.filed_on.desc(),
    Sort.TERM_LEFT: ListingRow.license_ends_on.desc(),
}


@dataclass(frozen=True, slots=True)
class PoolVersion:
    """Changes with every batch that becomes visible. `changed_at` is None while the pool is empty."""

    batches: int
    changed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Heap:
    """How many listings share a standing, kind, place, cluster and step of the price: `step` is the first of
    PRICE_STEPS that the sum is not above, or their number."""

    standing: Standing
    kind: PatentKind
    place_code: str
    cluster: str
    free: bool
    step: int
    count: int


@dataclass(frozen=True, slots=True)
class Entry:
    """A patent on show: its row, its number, and since when these terms are listed."""

    id: int
    number: str
    since: datetime


class OnShow:
    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def version(self) -> PoolVersion:
        row = self.connection.execute(select(func.count(), func.max(BatchRow.visible_at)).where(VISIBLE)).one()
        return PoolVersion(row[0], row[1])

    def numbers(
        self,
        query: PatentQuery,
        *,
        among: Iterable[str] | None = None,
        on: date,
        demonstration: bool,
    ) -> list[str]:
        """Every patent on show that meets the conditions, in the query's order; its words are not looked at.

        `among` leaves only these numbers. The newest listed come first where the query asks for no order.
        """
        wanted = [*_shown(on, demonstration=demonstration), *_conditions(query)]
        if among is not None:
            wanted.append(ListingRow.number.in_(list(among)))
        order = [_ORDER[query.sort]] if query.sort in _ORDER else []
        rows = self.connection.execute(
            _joined(ListingRow.number, ListingRow.holders).where(*wanted).order_by(*order, ListingRow.id.desc())
        )
        if not query.holder:
            return [row.number for row in rows]
        sought = query.holder.casefold()  # the pattern finds a little too much: a comma between two holders
        return [row.number for row in rows if any(sought in str(name).casefold() for name in row.holders)]

    def heaps(
        self,
        *,
        query: PatentQuery | None = None,
        among: Iterable[str] | None = None,
        on: date,
        demonstration: bool,
    ) -> list[Heap]:
        """The whole pool counted, or what meets the query's conditions, or those of `among`."""
        free = ListingRow.method == str(PaymentMethod.FREE)
        parts = (_STANDING, ListingRow.kind, ListingRow.place_code, ListingRow.cluster, free, _STEP)
        wanted = [*_shown(on, demonstration=demonstration), *(_conditions(query) if query else [])]
        if among is not None:
            wanted.append(ListingRow.number.in_(list(among)))
        inner = (
            _joined(*(part.label(name) for part, name in zip(parts, Heap.__slots__, strict=False)))
            .where(*wanted)
            .subquery()
        )
        rows = self.connection.execute(select(*inner.c, func.count()).group_by(*inner.c))
        return [
            Heap(Standing(row[0]), PatentKind(row[1]), row[2], row[3], bool(row[4]), row[5], row[6]) for row in rows
        ]

    def entries(self, *, after: int, limit: int, on: date, demonstration: bool) -> Sequence[Entry]:
        """In the order in which they were listed, from the row behind `after`."""
        rows = self.connection.execute(
            _joined(ListingRow.id, ListingRow.number, BatchRow.visible_at)
            .where(*_shown(on, demonstration=demonstration), ListingRow.id > after)
            .order_by(ListingRow.id)
            .limit(limit)
        )
        return [Entry(row.id, row.number, row.visible_at) for row in rows]


def _joined(*columns: Any) -> Select[*tuple[Any, ...]]:
    return select(*columns).select_from(ListingRow).join(BatchRow, BatchRow.id == ListingRow.batch_id)


def _shown(on: date, *, demonstration: bool) -> list[ColumnElement[bool]]:
    """`Listing.may_be_shown` of the current, published version; invented ones only where they may be shown at all."""
    held: list[ColumnElement[bool]] = [
        VISIBLE,
        IS_CURRENT,
        ListingRow.status.in_(SHOWN),
        ListingRow.license_ends_on >= on,
        _in_force(on),
        ListingRow.exclusive_license.is_(False),
        ListingRow.suspension == str(Suspension.NONE),
        ListingRow.pledge != str(Pledge.WITHOUT_CONSENT),
        ListingRow.co_holders_agree.is_(True),
    ]
    return held if demonstration else [*held, BatchRow.demonstration.is_(False)]


def _in_force(on: date) -> ColumnElement[bool]:
    """The patent right has not ended (Patent Law art. 42); designs have two terms, by their filing day."""
    before, since = DESIGN_TERM_CHANGED_ON - timedelta(days=1), DESIGN_TERM_CHANGED_ON
    kinds = ((kind, day) for kind in PatentKind for day in (before, since))
    return or_(
        *(
            and_(
                ListingRow.kind == str(kind),
                ListingRow.filed_on < since if day is before else ListingRow.filed_on >= since,
                ListingRow.filed_on > newest_ended(on, term_years(kind, day)),
            )
            for kind, day in kinds
        )
    )


def newest_ended(on: date, years: int) -> date:
    """The last filing day of which a term of `years` is over on the day; that of a 29 February ends on the 28th."""
    day = anniversary(on, -years)
    after = day + timedelta(days=1)
    return after if anniversary(after, years) <= on else day


def _conditions(query: PatentQuery) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = [
        column == str(value)
        for column, value in (
            (ListingRow.kind, query.kind),
            (ListingRow.place_code, query.place_code),
            (ListingRow.cluster, query.cluster),
            (ListingRow.track, query.track),
            (ListingRow.method, PaymentMethod.FREE if query.free else None),
        )
        if value
    ]
    if query.without_kind:
        wanted.append(ListingRow.kind != str(query.without_kind))
    if query.without_places:
        wanted.append(ListingRow.place_code.not_in(query.without_places))
    if query.min_upfront_yuan is not None:
        wanted.append(int(min(query.min_upfront_yuan, MOST_YUAN) * 100) <= _UPFRONT)
    if query.max_upfront_yuan is not None:
        wanted.append(int(min(query.max_upfront_yuan, MOST_YUAN) * 100) >= _UPFRONT)
    if query.holder:
        stored = json.dumps(query.holder, ensure_ascii=False)[1:-1]  # as it stands inside the list's JSON
        wanted.append(cast(ListingRow.holders, Text).ilike(containing(stored), escape=ESCAPE))
    return [*wanted, *_written(query)]


def _written(query: PatentQuery) -> list[ColumnElement[bool]]:
    """What has to be written as it was said, in the title or anywhere, and what must not be."""

    def anywhere(words: str) -> ColumnElement[bool]:
        texts = (ListingRow.title, ListingRow.abstract, ListingRow.scenes, ListingRow.claims)
        return or_(*(text.ilike(containing(words), escape=ESCAPE) for text in texts))

    written = [anywhere(query.phrase)] if query.phrase else []
    if query.title:
        written.append(ListingRow.title.ilike(containing(query.title), escape=ESCAPE))
    return [*written, *(not_(anywhere(word)) for word in query.without_words.split())]
