"""The pool as it stands: of each patent the newest version that was decided upon and whose batch is visible.

A version that waits for verification changes nothing on the shelf until it is published.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, exists, func, select
from sqlalchemy.orm import aliased

from backend.domain.listings import Listing, ListingStatus
from backend.store.listing_rows import from_row
from backend.store.tables import BatchRow, BatchStatus, ListingRow

VISIBLE = BatchRow.status == str(BatchStatus.VISIBLE)
DECIDED = [str(status) for status in ListingStatus.decided()]
SHOWN = [str(status) for status in ListingStatus.on_show()]


@dataclass(frozen=True, slots=True)
class Shelved:
    """A listing on its shelf: where it comes from and where it stands. `version` is the id of its row."""

    listing: Listing
    status: ListingStatus
    demonstration: bool
    vouched_by: str
    version: int = 0

    def on_show(self, on: date) -> bool:
        """True where a follower may see it on this day."""
        return self.status in ListingStatus.on_show() and self.listing.may_be_shown(on)


_NEWER = aliased(ListingRow)
_NEWER_BATCH = aliased(BatchRow)
IS_CURRENT = ~exists(
    select(_NEWER.id)
    .join(_NEWER_BATCH, _NEWER_BATCH.id == _NEWER.batch_id)
    .where(
        _NEWER.number == ListingRow.number,
        _NEWER.id > ListingRow.id,
        _NEWER.status.in_(DECIDED),
        _NEWER_BATCH.status == str(BatchStatus.VISIBLE),
    )
)
_ANY = (
    select(*ListingRow.__table__.columns, BatchRow.demonstration, BatchRow.vouched_by)
    .join(BatchRow, BatchRow.id == ListingRow.batch_id)
    .where(VISIBLE)
)
_WITH_BATCH = _ANY.where(ListingRow.status.in_(DECIDED))


def _shelved(row: Row[*tuple[Any, ...]]) -> Shelved:
    return Shelved(from_row(row), ListingStatus(row.status), row.demonstration, row.vouched_by, row.id)


class Listings:
    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def of(self, numbers: Sequence[str]) -> dict[str, Shelved]:
        """Current versions by patent number; numbers not in the pool are missing from the answer."""
        if not numbers:
            return {}
        rows = self.connection.execute(_WITH_BATCH.where(ListingRow.number.in_(numbers)).order_by(ListingRow.id))
        return {row.number: _shelved(row) for row in rows}  # the newest version comes last and stays

    def others_than(self, read: Mapping[str, Shelved], numbers: Sequence[str]) -> list[str]:
        """Those of the patents of which another version stands in the pool by now than the one that was read."""
        newest = {number: shelved.version for number, shelved in self.of(numbers).items()}
        before = {number: shelved.version for number, shelved in read.items()}
        return [number for number in numbers if newest.get(number) != before.get(number)]

    def versions(self, ids: Sequence[int]) -> dict[int, Shelved]:
        """These versions, current or not, by their id."""
        rows = self.connection.execute(_ANY.where(ListingRow.id.in_(ids)))
        return {row.id: _shelved(row) for row in rows}

    def source_of(self, number: str) -> str:
        """What brought the current version in: a file's name, or “declaration:” and its id; empty where there is none."""
        newest = self.connection.execute(
            select(BatchRow.source)
            .join(ListingRow, ListingRow.batch_id == BatchRow.id)
            .where(VISIBLE, ListingRow.status.in_(DECIDED), ListingRow.number == number)
            .order_by(ListingRow.id.desc())
            .limit(1)
        )
        return newest.scalar_one_or_none() or ""

    def as_of(self, number: str, at: datetime) -> Shelved | None:
        """What the pool held of the patent at the moment: every state that was ever listed can be shown."""
        row = self.connection.execute(
            _WITH_BATCH.where(ListingRow.number == number, BatchRow.visible_at <= at)
            .order_by(ListingRow.id.desc())
            .limit(1)
        ).first()
        return _shelved(row) if row else None

    def newest(self, numbers: Sequence[str]) -> dict[str, Shelved]:
        """The last version that came in, waiting ones included: what staff see."""
        rows = self.connection.execute(_ANY.where(ListingRow.number.in_(numbers)).order_by(ListingRow.id))
        return {row.number: _shelved(row) for row in rows}

    def all(self, *, page: int = 2000) -> Iterator[Shelved]:
        """Every current listing, in pages, oldest first."""
        after = 0
        while True:
            rows = self.connection.execute(
                _WITH_BATCH.where(IS_CURRENT, ListingRow.id > after).order_by(ListingRow.id).limit(page)
            ).all()
            if not rows:
                return
            for row in rows:
                yield _shelved(row)
            after = rows[-1].id

    def priced_since(self) -> dict[str, datetime]:
        """Since when each patent has been shown at its present price: a version that changes other terms does not count."""
        price = (ListingRow.method, ListingRow.lump_sum_fen, ListingRow.entry_fee_fen, ListingRow.royalty_basis,
                 ListingRow.royalty_hundredths, ListingRow.unit_fen)  # fmt: skip
        rows = self.connection.execute(
            select(ListingRow.number, ListingRow.status, BatchRow.visible_at, *price)
            .join(BatchRow, BatchRow.id == ListingRow.batch_id)
            .where(VISIBLE, ListingRow.status.in_(DECIDED))
            .order_by(ListingRow.id)
        )
        held: dict[str, tuple[tuple[Any, ...], datetime]] = {}
        for row in rows:
            terms = tuple(row[3:])
            if row.status not in SHOWN:
                held.pop(row.number, None)
            elif row.number not in held or held[row.number][0] != terms:
                held[row.number] = (terms, row.visible_at)
        return {number: at for number, (_, at) in held.items()}

    def state(self) -> str:
        """Changes whenever a batch becomes visible, and never otherwise."""
        row = self.connection.execute(select(func.count(), func.max(BatchRow.visible_at)).where(VISIBLE)).one()
        return f"{row[0]}:{row[1]}"

    def count_shown(self) -> int:
        """How many listings are published, whatever their dates."""
        return self.connection.execute(
            select(func.count())
            .select_from(ListingRow)
            .join(BatchRow, BatchRow.id == ListingRow.batch_id)
            .where(VISIBLE, IS_CURRENT, ListingRow.status.in_(SHOWN))
        ).scalar_one()
