"""The office's long lists, newest first, in pages: pool, imports, deliveries, unanswered questions, handoffs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, Text, case, cast, func, or_, select

from backend.domain.audit import AuditEntry
from backend.domain.handoffs import HandoffStatus
from backend.domain.institutions import Institution
from backend.domain.listings import Listing, ListingStatus
from backend.domain.roles import Actor, Role
from backend.store.institutions import institution_of
from backend.store.listing_rows import from_row
from backend.store.pages import Page, containing, page_of
from backend.store.tables import (
    AuditRow,
    BatchRow,
    BatchStatus,
    DeliveryRow,
    HandoffLineRow,
    HandoffRow,
    InstitutionRow,
    ListingRow,
    MissRow,
)

ESCAPE = "\\"


MOST_LISTED = 10_000


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a listing and the batch that brought it."""

    id: int
    listing: Listing
    status: ListingStatus
    batch_id: int
    source: str
    vouched_by: str
    demonstration: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Import:
    id: int
    status: BatchStatus
    source: str
    vouched_by: str
    demonstration: bool
    started_at: datetime
    visible_at: datetime | None
    rows: int


@dataclass(frozen=True, slots=True)
class Sending:
    """A delivery without its words: what staff need to see why something did not arrive."""

    id: int
    openid: str
    notice_key: str
    channel: str
    status: str
    reason: str
    attempts: int
    planned_at: datetime
    due_at: datetime
    settled_at: datetime | None


@dataclass(frozen=True, slots=True)
class Miss:
    """A question as it was asked, what was offered, and the entry chosen; empty where none was."""

    id: int
    at: datetime
    question: str
    offered: tuple[str, ...]
    chosen: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """A request for a person on the queue: its last line tells whose turn it is."""

    id: int
    openid: str
    status: HandoffStatus
    opened_at: datetime
    lines: int
    last_at: datetime | None
    last_by: str
    last_text: str


_VERSIONS = (
    select(
        *ListingRow.__table__.columns,
        BatchRow.source,
        BatchRow.vouched_by,
        BatchRow.demonstration,
        BatchRow.visible_at,
        BatchRow.started_at,
    )
    .join(BatchRow, BatchRow.id == ListingRow.batch_id)
    .where(BatchRow.status == str(BatchStatus.VISIBLE))
)
_NEWEST = (
    select(func.max(ListingRow.id).label("id"))
    .join(BatchRow, BatchRow.id == ListingRow.batch_id)
    .where(BatchRow.status == str(BatchStatus.VISIBLE))
    .group_by(ListingRow.number)
)


def _version(row: Row[*tuple[Any, ...]]) -> Version:
    return Version(
        row.id,
        from_row(row),
        ListingStatus(row.status),
        row.batch_id,
        row.source,
        row.vouched_by,
        row.demonstration,
        row.visible_at or row.started_at,
    )


class Lists:
    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def pool(
        self, *, words: str = "", kind: str = "", track: str = "", status: str = "", place: str = "", page: int = 1
    ) -> Page[Version]:
        """The newest version of each patent, waiting ones included. `words` are looked for in number, title, holder."""
        wanted: list[ColumnElement[bool]] = [ListingRow.id.in_(_NEWEST)]
        if words:
            pattern = containing(words)
            sought = (ListingRow.number, ListingRow.title, cast(ListingRow.holders, Text))
            wanted.append(or_(*(column.ilike(pattern, escape=ESCAPE) for column in sought)))
        equal = ((ListingRow.kind, kind), (ListingRow.track, track), (ListingRow.status, status))
        wanted += [column == value for column, value in (*equal, (ListingRow.place_code, place)) if value]
        return page_of(self.connection, _VERSIONS.where(*wanted).order_by(ListingRow.id.desc()), page, _version)

    def versions(self, number: str) -> Sequence[Version]:
        """Every version of one patent's terms, newest first."""
        rows = self.connection.execute(_VERSIONS.where(ListingRow.number == number).order_by(ListingRow.id.desc()))
        return [_version(row) for row in rows]

    def imports(self, *, page: int = 1) -> Page[Import]:
        counts = (
            select(func.count())
            .select_from(ListingRow)
            .where(ListingRow.batch_id == BatchRow.id)
            .correlate(BatchRow)
            .scalar_subquery()
        )
        query = select(*BatchRow.__table__.columns, counts.label("rows")).order_by(BatchRow.id.desc())
        return page_of(
            self.connection,
            query,
            page,
            lambda row: Import(
                row.id,
                BatchStatus(row.status),
                row.source,
                row.vouched_by,
                row.demonstration,
                row.started_at,
                row.visible_at,
                row.rows,
            ),
        )

    def deliveries(self, *, status: str = "", channel: str = "", page: int = 1) -> Page[Sending]:
        """Single notices; recipients of campaigns are listed with their campaign."""
        columns = [getattr(DeliveryRow, name) for name in Sending.__slots__]
        query: Select[*tuple[Any, ...]] = select(*columns).where(DeliveryRow.campaign_id == 0)
        if status:
            query = query.where(DeliveryRow.status == status)
            query = query.order_by(DeliveryRow.planned_at.desc(), DeliveryRow.id.desc())
        else:  # the newest ones: a ledger of millions is not counted through for a page
            newest = select(func.max(DeliveryRow.id)).scalar_subquery()
            query = query.where(DeliveryRow.id > newest - MOST_LISTED).order_by(DeliveryRow.id.desc())
        if channel:
            query = query.where(DeliveryRow.channel == channel)
        return page_of(self.connection, query, page, lambda row: Sending(*row), most=MOST_LISTED)

    def misses(self, *, taught: bool = False, page: int = 1) -> Page[Miss]:
        """Questions nobody answered; with `taught` those where the follower chose an entry."""
        query = select(MissRow.id, MissRow.at, MissRow.question, MissRow.offered, MissRow.chosen)
        query = query.where(MissRow.chosen != "" if taught else MissRow.chosen == "").order_by(MissRow.id.desc())
        return page_of(
            self.connection,
            query,
            page,
            lambda row: Miss(row.id, row.at, row.question, tuple(map(str, row.offered)), row.chosen),
        )

    def handoffs(self, *, closed: bool = False, page: int = 1) -> Page[Waiting]:
        """The queue: who waits for us comes first, the longest first; or what is done, newest first."""
        last = (
            select(HandoffLineRow.handoff_id, func.max(HandoffLineRow.id).label("line"), func.count().label("lines"))
            .group_by(HandoffLineRow.handoff_id)
            .subquery()
        )
        open_ = [str(status) for status in HandoffStatus.open()]
        query = (
            select(
                HandoffRow.id,
                HandoffRow.openid,
                HandoffRow.status,
                HandoffRow.opened_at,
                func.coalesce(last.c.lines, 0).label("lines"),
                HandoffLineRow.at,
                HandoffLineRow.by,
                HandoffLineRow.text,
            )
            .outerjoin(last, last.c.handoff_id == HandoffRow.id)
            .outerjoin(HandoffLineRow, HandoffLineRow.id == last.c.line)
            .where(HandoffRow.status.not_in(open_) if closed else HandoffRow.status.in_(open_))
        )
        theirs = case((HandoffLineRow.by == "", 0), else_=1)  # whose turn it is: the follower spoke last
        order = [HandoffRow.id.desc()] if closed else [theirs, HandoffLineRow.at, HandoffRow.id]
        return page_of(self.connection, query.order_by(*order), page, _waiting)

    def institutions(self, *, page: int = 1) -> Page[Institution]:
        """Every institution that ever asked, newest first."""
        query = select(*InstitutionRow.__table__.columns).order_by(InstitutionRow.id.desc())
        return page_of(self.connection, query, page, institution_of)

    def audit(self, *, subject: str = "", page: int = 1) -> Page[AuditEntry]:
        """The log, newest first; of one subject such as “declaration:12”, or of a kind as “declaration:”, where given."""
        query: Select[*tuple[Any, ...]] = select(*AuditRow.__table__.columns).order_by(AuditRow.id.desc())
        if subject.endswith(":"):
            query = query.where(AuditRow.subject.startswith(subject, autoescape=True))
        elif subject:
            query = query.where(AuditRow.subject == subject)
        return page_of(self.connection, query, page, _entry)


def _entry(row: Row[*tuple[Any, ...]]) -> AuditEntry:
    return AuditEntry(
        id=row.id,
        at=row.at,
        by=Actor(Role(row.role), row.by),
        action=row.action,
        subject=row.subject,
        before=row.before,
        after=row.after,
        previous=row.previous,
        digest=row.digest,
    )


def _waiting(row: Row[*tuple[Any, ...]]) -> Waiting:
    return Waiting(
        row.id, row.openid, HandoffStatus(row.status), row.opened_at, row.lines, row.at, row.by or "", row.text or ""
    )
