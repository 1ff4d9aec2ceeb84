"""Needs and what fits them: every query by the question it answers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, delete, exists, func, insert, or_, select, text, update

from backend.domain.needs import Need, NeedEnd, NeedMatch, NeedNotFound, NeedState
from backend.store.pages import Page, page_of
from backend.store.tables import NeedMatchRow, NeedReaderRow, NeedRow
from backend.store.tables.base import Instant

HUNDRED, THOUSAND = Decimal(100), Decimal(1000)
_OPEN = NeedRow.state == str(NeedState.OPEN)
_ALL = select(*NeedRow.__table__.columns)
_MATCHES = select(*NeedMatchRow.__table__.columns)
_MATCH = text(
    """
    INSERT INTO need_match (need_id, number, thousandths, at) VALUES (:need_id, :number, :thousandths, :at)
    ON CONFLICT (need_id, number) DO NOTHING
    """
).bindparams(bindparam("at", type_=Instant))
_READ = text(
    "INSERT INTO need_reader (openid, since) VALUES (:openid, :at) ON CONFLICT (openid) DO NOTHING"
).bindparams(bindparam("at", type_=Instant))


class Needs:
    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def add(self, *, openid: str, at: datetime, **fields: Any) -> int:
        """`budget_yuan` and the other fields of Need."""
        budget: Decimal | None = fields.pop("budget_yuan")
        need_id: int = self.connection.execute(
            insert(NeedRow)
            .values(
                openid=openid,
                state=str(NeedState.OPEN),
                posted_at=at,
                budget_fen=None if budget is None else int(budget * HUNDRED),
                **fields,
            )
            .returning(NeedRow.id)
        ).scalar_one()
        return need_id

    def get(self, need_id: int) -> Need:
        """Raises NeedNotFound."""
        row = self.connection.execute(_ALL.where(NeedRow.id == need_id)).first()
        if row is None:
            raise NeedNotFound(id=need_id)
        return _need(row)

    def of(self, openid: str) -> list[Need]:
        """The follower's open ones, oldest first: the order of the list they see."""
        rows = self.connection.execute(_ALL.where(NeedRow.openid == openid, _OPEN).order_by(NeedRow.id))
        return [_need(row) for row in rows]

    def open(self) -> list[Need]:
        return [_need(row) for row in self.connection.execute(_ALL.where(_OPEN).order_by(NeedRow.id))]

    def uncompared(self, limit: int) -> list[Need]:
        """Open ones for which the pool was not looked through yet."""
        rows = self.connection.execute(
            _ALL.where(_OPEN, NeedRow.compared_at.is_(None)).order_by(NeedRow.id).limit(limit)
        )
        return [_need(row) for row in rows]

    def compared(self, need_id: int, *, at: datetime) -> None:
        self.connection.execute(update(NeedRow).where(NeedRow.id == need_id).values(compared_at=at))

    def change(self, openid: str, need_id: int, **fields: Any) -> bool:
        """Other conditions for an open one of theirs; the pool is looked through anew unless only the last day changes."""
        if "budget_yuan" in fields:
            budget: Decimal | None = fields.pop("budget_yuan")
            fields["budget_fen"] = None if budget is None else int(budget * HUNDRED)
        own = NeedRow.id == need_id, NeedRow.openid == openid, _OPEN
        anew = {"compared_at": None} if set(fields) - {"ends_on"} else {}
        changed = self.connection.execute(update(NeedRow).where(*own).values(quiet=False, **anew, **fields))
        if changed.rowcount and anew:
            self._forget_matches(need_id)
        return changed.rowcount == 1

    def _forget_matches(self, need_id: int) -> None:
        """What fitted the need as it was; where somebody agreed to be called, it stays."""
        nobody = NeedMatchRow.firm_agreed_at.is_(None), NeedMatchRow.holder_agreed_at.is_(None)
        self.connection.execute(delete(NeedMatchRow).where(NeedMatchRow.need_id == need_id, *nobody))

    def hush(self, openid: str) -> None:
        """Their needs stand; nothing is told of them unasked any more."""
        self.connection.execute(update(NeedRow).where(NeedRow.openid == openid).values(quiet=True))

    def close(self, need_id: int, end: NeedEnd, *, at: datetime) -> bool:
        """False where it was closed before. Who is called is not kept longer than the need is open."""
        closed = self.connection.execute(
            update(NeedRow)
            .where(NeedRow.id == need_id, _OPEN)
            .values(state=str(NeedState.CLOSED), ending=str(end), closed_at=at, contact_name="", contact_phone="")
        )
        return closed.rowcount == 1

    def overdue(self, *, on: date, limit: int) -> list[Need]:
        rows = self.connection.execute(_ALL.where(_OPEN, NeedRow.ends_on < on).order_by(NeedRow.id).limit(limit))
        return [_need(row) for row in rows]

    def listed(self, *, only: str, page: int) -> Page[tuple[Need, int]]:
        """For staff, newest first, each with how many patents fit: `unmet` (open, none fits), `open` or `closed`."""
        count = (
            select(func.count()).select_from(NeedMatchRow).where(NeedMatchRow.need_id == NeedRow.id).scalar_subquery()
        )
        query = select(*NeedRow.__table__.columns, count.label("fitting"))
        if only == "unmet":
            query = query.where(_OPEN, ~exists().where(NeedMatchRow.need_id == NeedRow.id))
        else:
            query = query.where(_OPEN if only == "open" else NeedRow.state == str(NeedState.CLOSED))
        return page_of(self.connection, query.order_by(NeedRow.id.desc()), page, lambda row: (_need(row), row.fitting))

    # matches

    def match(self, need_id: int, number: str, score: Decimal, *, at: datetime) -> bool:
        """False where it was found before."""
        values = {"need_id": need_id, "number": number, "thousandths": int(score * THOUSAND), "at": at}
        return self.connection.execute(_MATCH, values).rowcount == 1

    def matches_of(self, need_id: int) -> list[NeedMatch]:
        """Best first."""
        rows = self.connection.execute(
            _MATCHES.where(NeedMatchRow.need_id == need_id).order_by(NeedMatchRow.thousandths.desc(), NeedMatchRow.id)
        )
        return [_match(row) for row in rows]

    def match_by_id(self, match_id: int) -> NeedMatch | None:
        row = self.connection.execute(_MATCHES.where(NeedMatchRow.id == match_id)).first()
        return _match(row) if row else None

    def matching(self, numbers: Sequence[str], limit: int) -> list[NeedMatch]:
        """Of open needs with these patents, newest first."""
        rows = self.connection.execute(
            _MATCHES.join(NeedRow, NeedRow.id == NeedMatchRow.need_id)
            .where(_OPEN, NeedMatchRow.number.in_(numbers))
            .order_by(NeedMatchRow.id.desc())
            .limit(limit)
        )
        return [_match(row) for row in rows]

    def agree(self, match_id: int, *, firm: bool, at: datetime) -> None:
        """One side wants to be called by the other; the first time counts."""
        column = NeedMatchRow.firm_agreed_at if firm else NeedMatchRow.holder_agreed_at
        self.connection.execute(
            update(NeedMatchRow).where(NeedMatchRow.id == match_id, column.is_(None)).values({column: at})
        )

    def agreed(self, limit: int) -> list[NeedMatch]:
        """Of open needs: both agreed and are not introduced, or one did and the other was not asked."""
        one = or_(NeedMatchRow.firm_agreed_at.is_not(None), NeedMatchRow.holder_agreed_at.is_not(None))
        both = and_(NeedMatchRow.firm_agreed_at.is_not(None), NeedMatchRow.holder_agreed_at.is_not(None))
        rows = self.connection.execute(
            _MATCHES.join(NeedRow, NeedRow.id == NeedMatchRow.need_id)
            .where(
                _OPEN,
                or_(
                    and_(both, NeedMatchRow.introduced_at.is_(None)),
                    and_(one, ~both, NeedMatchRow.asked_at.is_(None)),
                ),
            )
            .order_by(NeedMatchRow.id)
            .limit(limit)
        )
        return [_match(row) for row in rows]

    def acted_upon(self, match_id: int, *, introduced: bool, at: datetime) -> None:
        column = NeedMatchRow.introduced_at if introduced else NeedMatchRow.asked_at
        self.connection.execute(update(NeedMatchRow).where(NeedMatchRow.id == match_id).values({column: at}))

    def untold(self, openid: str) -> list[NeedMatch]:
        """What fits open needs of the follower and nobody told them of, best first."""
        rows = self.connection.execute(
            _MATCHES.join(NeedRow, NeedRow.id == NeedMatchRow.need_id)
            .where(NeedRow.openid == openid, _OPEN, NeedRow.quiet.is_(False), NeedMatchRow.delivery_id.is_(None))
            .order_by(NeedMatchRow.thousandths.desc(), NeedMatchRow.id)
        )
        return [_match(row) for row in rows]

    def waiting_for_news(self, *, before: datetime, limit: int, after: str = "") -> Sequence[str]:
        """Followers whose open needs are fitted by something found before the moment that they were not told of."""
        rows = self.connection.execute(
            select(NeedRow.openid)
            .join(NeedMatchRow, NeedMatchRow.need_id == NeedRow.id)
            .where(
                _OPEN,
                NeedRow.quiet.is_(False),
                NeedMatchRow.delivery_id.is_(None),
                NeedMatchRow.at < before,
                NeedRow.openid > after,
            )
            .distinct()
            .order_by(NeedRow.openid)
            .limit(limit)
        )
        return rows.scalars().all()

    def told(self, ids: Sequence[int], delivery_id: int) -> None:
        self.connection.execute(update(NeedMatchRow).where(NeedMatchRow.id.in_(ids)).values(delivery_id=delivery_id))

    def untell(self, delivery_ids: Sequence[int]) -> None:
        """The digests were never read and give way to a newer one."""
        self.connection.execute(
            update(NeedMatchRow).where(NeedMatchRow.delivery_id.in_(delivery_ids)).values(delivery_id=None)
        )

    # holders who want to hear of needs

    def read(self, openid: str, *, at: datetime) -> None:
        self.connection.execute(_READ, {"openid": openid, "at": at})

    def read_no_more(self, openid: str) -> None:
        self.connection.execute(delete(NeedReaderRow).where(NeedReaderRow.openid == openid))

    def reads(self, openid: str) -> bool:
        return (
            self.connection.execute(select(NeedReaderRow.openid).where(NeedReaderRow.openid == openid)).first()
            is not None
        )


def _need(row: Row[tuple[Any, ...]]) -> Need:
    return Need(
        id=row.id,
        openid=row.openid,
        problem=row.problem,
        industry=row.industry,
        place_code=row.place_code,
        budget_yuan=None if row.budget_fen is None else Decimal(row.budget_fen) / HUNDRED,
        ends_on=row.ends_on,
        contact_name=row.contact_name,
        contact_phone=row.contact_phone,
        state=NeedState(row.state),
        end=NeedEnd(row.ending) if row.ending else None,
        posted_at=row.posted_at,
    )


def _match(row: Row[tuple[Any, ...]]) -> NeedMatch:
    return NeedMatch(
        id=row.id,
        need_id=row.need_id,
        number=row.number,
        score=Decimal(row.thousandths) / THOUSAND,
        at=row.at,
        firm_agreed=row.firm_agreed_at is not None,
        holder_agreed=row.holder_agreed_at is not None,
    )
