"""Sign-ups: one a follower and event, the queue of those who wait, and whom a worker has something to tell.

Whoever changes a state that takes or frees a place holds the event (`Events.hold`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, func, insert, or_, select, update

from backend.domain.events import Event, EventState, NoSignUp, SignUp, SignUpState
from backend.store.pages import containing
from backend.store.tables import EventRow, SignUpRow

COLUMNS = tuple(SignUpRow.__table__.columns)
STANDING = tuple(str(state) for state in SignUpState.standing())
HOLDING = tuple(str(state) for state in SignUpState.holding())
ORDER = (SignUpRow.signed_up_at, SignUpRow.id)
MOST_LISTED = 5000
MOST_FOUND = 30


class SignUps:
    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def of(self, event_id: int, openid: str) -> SignUp | None:
        return self._first(select(*COLUMNS).where(SignUpRow.event_id == event_id, SignUpRow.openid == openid))

    def get(self, sign_up_id: int) -> SignUp:
        """Raises NoSignUp."""
        found = self._first(select(*COLUMNS).where(SignUpRow.id == sign_up_id))
        if found is None:
            raise NoSignUp(id=sign_up_id)
        return found

    def _first(self, query: Select[Any]) -> SignUp | None:
        row = self.connection.execute(query).first()
        return sign_up_of(row) if row else None

    def add(self, event_id: int, openid: str, state: SignUpState, *, at: datetime, **values: Any) -> int:
        """A new row; the id. An empty openid is somebody whom staff entered."""
        held = {"answers": {}, "name": "", "phone": "", "walk_in": False, "told": str(state)} | values
        added = self.connection.execute(
            insert(SignUpRow)
            .values(event_id=event_id, openid=openid or None, state=str(state), signed_up_at=at, **held)
            .returning(SignUpRow.id)
        )
        return added.scalar_one()

    def put(self, sign_up_id: int, **values: Any) -> None:
        """Change these columns; states as their members."""
        plain = {name: str(value) if isinstance(value, SignUpState) else value for name, value in values.items()}
        self.connection.execute(update(SignUpRow).where(SignUpRow.id == sign_up_id).values(**plain))

    def taken(self, event_id: int) -> int:
        """Places that are given or kept; walk-ins take none."""
        return self.connection.execute(
            select(func.count())
            .select_from(SignUpRow)
            .where(SignUpRow.event_id == event_id, SignUpRow.state.in_(HOLDING), SignUpRow.walk_in.is_(False))
        ).scalar_one()

    def queue(self, event_id: int, limit: int | None = None) -> list[SignUp]:
        """Those who wait, the longest first."""
        rows = self.connection.execute(
            select(*COLUMNS)
            .where(SignUpRow.event_id == event_id, SignUpRow.state == str(SignUpState.WAITING))
            .order_by(SignUpRow.waiting_since, SignUpRow.id)
            .limit(limit)
        )
        return [sign_up_of(row) for row in rows]

    def lapsed(self, event_id: int, *, at: datetime) -> list[SignUp]:
        """Offers whose time is over."""
        offered = (SignUpRow.event_id == event_id, SignUpRow.state == str(SignUpState.OFFERED))
        rows = self.connection.execute(select(*COLUMNS).where(*offered, SignUpRow.offered_until <= at))
        return [sign_up_of(row) for row in rows]

    def in_state(self, event_id: int, *states: SignUpState) -> list[SignUp]:
        rows = self.connection.execute(
            select(*COLUMNS)
            .where(SignUpRow.event_id == event_id, SignUpRow.state.in_([str(state) for state in states]))
            .order_by(*ORDER)
            .limit(MOST_LISTED)
        )
        return [sign_up_of(row) for row in rows]

    def everybody(self, event_id: int) -> list[SignUp]:
        """Everybody, as they came."""
        rows = self.connection.execute(
            select(*COLUMNS).where(SignUpRow.event_id == event_id).order_by(*ORDER).limit(MOST_LISTED)
        )
        return [sign_up_of(row) for row in rows]

    def find(self, event_id: int, words: str) -> list[SignUp]:
        """At the door: part of a name, or the last digits of a phone. Those who are expected come first."""
        query = select(*COLUMNS).where(SignUpRow.event_id == event_id, SignUpRow.state != str(SignUpState.CANCELLED))
        if words.isdigit():
            query = query.where(SignUpRow.phone.like(containing(words).removesuffix("%"), escape="\\"))
        elif words:
            query = query.where(SignUpRow.name.ilike(containing(words), escape="\\"))
        expected = SignUpRow.state != str(SignUpState.CONFIRMED)
        rows = self.connection.execute(query.order_by(expected, SignUpRow.name, SignUpRow.id).limit(MOST_FOUND))
        return [sign_up_of(row) for row in rows]

    def of_follower(self, openid: str, *, since: datetime) -> list[SignUp]:
        """Those of events that end after `since`, the next event first."""
        rows = self.connection.execute(
            select(*COLUMNS)
            .join(EventRow, EventRow.id == SignUpRow.event_id)
            .where(SignUpRow.openid == openid, EventRow.ends_at > since)
            .order_by(EventRow.begins_at, SignUpRow.id)
        )
        return [sign_up_of(row) for row in rows]

    def last_contact(self, openid: str) -> tuple[str, str]:
        """(name, phone) as given last; empty where there is none."""
        row = self.connection.execute(
            select(SignUpRow.name, SignUpRow.phone)
            .where(SignUpRow.openid == openid, SignUpRow.name != "", SignUpRow.phone != "")
            .order_by(SignUpRow.signed_up_at.desc())
            .limit(1)
        ).first()
        return (row.name, row.phone) if row else ("", "")

    # what a worker has to tell

    def to_tell(self, event: Event, limit: int, *, lock: bool = True) -> list[tuple[SignUp, str, int]]:
        """(sign-up, state they know, revision they know) of followers who know less than is so.

        Locked, and what another transaction has in hand is left for the next round: so it never waits while it holds
        followers.
        """
        behind = or_(
            SignUpRow.told != SignUpRow.state,
            (SignUpRow.told_revision < event.revision) & SignUpRow.state.in_(STANDING),
        )
        query = (
            select(*COLUMNS)
            .where(SignUpRow.event_id == event.id, SignUpRow.openid.is_not(None), behind)
            .order_by(SignUpRow.id)
            .limit(limit)
        )
        rows = self.connection.execute(query.with_for_update(skip_locked=True) if lock else query)
        return [(sign_up_of(row), row.told, row.told_revision) for row in rows]

    def to_remind(self, event_id: int, stage: int, *, before: datetime, limit: int) -> list[SignUp]:
        """Confirmed ones whose last reminder was an earlier one, and who signed up before it was due."""
        return self._locked(
            select(*COLUMNS)
            .where(
                SignUpRow.event_id == event_id,
                SignUpRow.state == str(SignUpState.CONFIRMED),
                SignUpRow.openid.is_not(None),
                SignUpRow.reminded < stage,
                SignUpRow.confirmed_at <= before,
            )
            .order_by(SignUpRow.id)
            .limit(limit)
        )

    def to_thank(self, event_id: int, stage: int, limit: int) -> list[SignUp]:
        return self._locked(
            select(*COLUMNS)
            .where(
                SignUpRow.event_id == event_id,
                SignUpRow.state == str(SignUpState.ATTENDED),
                SignUpRow.openid.is_not(None),
                SignUpRow.thanked < stage,
            )
            .order_by(SignUpRow.id)
            .limit(limit)
        )

    def _locked(self, query: Select[Any]) -> list[SignUp]:
        return [sign_up_of(row) for row in self.connection.execute(query.with_for_update(skip_locked=True))]

    def begins_anew(self, event_id: int) -> None:
        """The event was moved: reminders of the new day are still to come."""
        self.connection.execute(update(SignUpRow).where(SignUpRow.event_id == event_id).values(reminded=0))

    # forgetting

    def events_of(self, openid: str) -> Sequence[int]:
        rows = self.connection.execute(
            select(SignUpRow.event_id).where(SignUpRow.openid == openid).order_by(SignUpRow.event_id)
        )
        return rows.scalars().all()

    def drop(self, sign_up_id: int) -> None:
        self.connection.execute(delete(SignUpRow).where(SignUpRow.id == sign_up_id))

    def forget_over(self, *, before: datetime) -> int:
        """Names, phones and answers of events that ended before; the rows stay as numbers. How many."""
        over = select(EventRow.id).where(EventRow.ends_at < before, EventRow.state != str(EventState.DRAFT))
        emptied = self.connection.execute(
            update(SignUpRow)
            .where(SignUpRow.event_id.in_(over), or_(SignUpRow.name != "", SignUpRow.phone != ""))
            .values(name="", phone="", answers={})
        )
        return emptied.rowcount


def sign_up_of(row: Row[Any]) -> SignUp:
    return SignUp(
        id=row.id,
        event_id=row.event_id,
        openid=row.openid or "",
        name=row.name,
        phone=row.phone,
        answers=dict(row.answers),
        state=SignUpState(row.state),
        walk_in=row.walk_in,
        signed_up_at=row.signed_up_at,
        waiting_since=row.waiting_since,
        offered_until=row.offered_until,
        confirmed_at=row.confirmed_at,
        checked_in_at=row.checked_in_at,
        feedback=row.feedback,
    )
