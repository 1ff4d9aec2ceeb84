"""Events: writing, finding, and the lock under which places are given."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, insert, select, update

from backend.domain.events import (
    Counts,
    Details,
    Event,
    EventKind,
    EventQuestion,
    EventState,
    NoSuchEvent,
    SignUpState,
)
from backend.store.pages import Page, page_of
from backend.store.tables import EventRow, SignUpRow

COLUMNS = tuple(EventRow.__table__.columns)
AHEAD = tuple(str(state) for state in EventState.ahead())
HOLDING = SignUpState.holding()


class Events:
    """`demonstration` rows are left out by whoever serves a real account."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def add(self, details: Details, *, by: str, at: datetime, demonstration: bool = False) -> int:
        values = _values(details) | {
            "state": str(EventState.DRAFT),
            "revision": 0,
            "note": "",
            "gone": {},
            "demonstration": demonstration,
            "created_by": by,
            "created_at": at,
            "changed_at": at,
        }
        added = self.connection.execute(insert(EventRow).values(**values).returning(EventRow.id))
        return added.scalar_one()

    def get(self, event_id: int) -> Event:
        """Raises NoSuchEvent."""
        return self._one(event_id, lock=False)

    def hold(self, event_id: int) -> Event:
        """The event, and nobody else gives places of it before this transaction ends. Raises NoSuchEvent.

        SQLite has one writer; PostgreSQL locks the row. Followers are locked before events, never after.
        """
        return self._one(event_id, lock=True)

    def _one(self, event_id: int, *, lock: bool) -> Event:
        query = select(*COLUMNS).where(EventRow.id == event_id)
        row = self.connection.execute(query.with_for_update() if lock else query).first()
        if row is None:
            raise NoSuchEvent(id=event_id)
        return event_of(row)

    def change(self, event_id: int, details: Details, *, at: datetime) -> None:
        self._set(event_id, _values(details) | {"changed_at": at})

    def put_state(self, event_id: int, state: EventState, *, at: datetime) -> None:
        self._set(event_id, {"state": str(state), "changed_at": at})

    def announce_change(self, event_id: int, revision: int, note: str) -> None:
        """Whoever signed up hears of it."""
        self._set(event_id, {"revision": revision, "note": note})

    def count_gone(self, event: Event, state: SignUpState) -> None:
        self._set(event.id, {"gone": event.gone | {str(state): event.gone.get(str(state), 0) + 1}})

    def _set(self, event_id: int, values: dict[str, Any]) -> None:
        self.connection.execute(update(EventRow).where(EventRow.id == event_id).values(**values))

    def ahead(self, *, at: datetime, demonstration: bool) -> list[Event]:
        """Announced and not over, the next one first."""
        rows = self.connection.execute(
            select(*COLUMNS)
            .where(EventRow.state.in_(AHEAD), EventRow.ends_at > at, *_shown(demonstration))
            .order_by(EventRow.begins_at, EventRow.id)
        )
        return [event_of(row) for row in rows]

    def to_tend(self, *, since: datetime) -> list[Event]:
        """Those that may need something of the office: announced ones, and what ended or was called off since."""
        rows = self.connection.execute(
            select(*COLUMNS)
            .where(EventRow.state.in_(AHEAD) | ((EventRow.state != str(EventState.DRAFT)) & (EventRow.ends_at > since)))
            .order_by(EventRow.id)
        )
        return [event_of(row) for row in rows]

    def of(self, event_ids: Collection[int]) -> dict[int, Event]:
        rows = self.connection.execute(select(*COLUMNS).where(EventRow.id.in_(list(event_ids))))
        return {row.id: event_of(row) for row in rows}

    def for_staff(self, *, state: str, demonstration: bool, page: int) -> Page[Event]:
        """For staff, the latest beginning first."""
        query = select(*COLUMNS).where(*_shown(demonstration))
        if state:
            query = query.where(EventRow.state == state)
        return page_of(self.connection, query.order_by(EventRow.begins_at.desc(), EventRow.id.desc()), page, event_of)

    def counts(self, events: Sequence[Event]) -> dict[int, Counts]:
        """How each stands."""
        rows = self.connection.execute(
            select(SignUpRow.event_id, SignUpRow.state, SignUpRow.walk_in, func.count().label("times"))
            .where(SignUpRow.event_id.in_([event.id for event in events]))
            .group_by(SignUpRow.event_id, SignUpRow.state, SignUpRow.walk_in)
        )
        held: list[Row[Any]] = [*rows]
        return {event.id: _counts(event, [row for row in held if row.event_id == event.id]) for event in events}

    def known_titles(self) -> set[str]:
        return set(self.connection.execute(select(EventRow.title)).scalars())


def _counts(event: Event, rows: list[Row[Any]]) -> Counts:
    by_state = {SignUpState(state): times for state, times in event.gone.items()}
    walk_ins = taken = 0
    for row in rows:
        state = SignUpState(row.state)
        by_state[state] = by_state.get(state, 0) + row.times
        walk_ins += row.times if row.walk_in else 0
        taken += row.times if state in HOLDING and not row.walk_in else 0
    return Counts(by_state, walk_ins, taken)


def _shown(demonstration: bool) -> list[ColumnElement[bool]]:
    return [] if demonstration else [EventRow.demonstration.is_(False)]


def _values(details: Details) -> dict[str, Any]:
    return {
        "kind": str(details.kind),
        "title": details.title,
        "summary": details.summary,
        "place": details.place,
        "link": details.link,
        "begins_at": details.begins_at,
        "ends_at": details.ends_at,
        "sign_up_from": details.sign_up_from,
        "sign_up_until": details.sign_up_until,
        "quota": details.quota,
        "invited": details.invited,
        "materials": details.materials,
        "questions": [question.dump() for question in details.questions],
        "feedback": [question.dump() for question in details.feedback],
    }


def event_of(row: Row[Any]) -> Event:
    details = Details(
        kind=EventKind(row.kind),
        title=row.title,
        summary=row.summary,
        place=row.place,
        link=row.link,
        begins_at=row.begins_at,
        ends_at=row.ends_at,
        sign_up_from=row.sign_up_from,
        sign_up_until=row.sign_up_until,
        quota=row.quota,
        invited=row.invited,
        materials=row.materials,
        questions=tuple(EventQuestion.load(held) for held in row.questions),
        feedback=tuple(EventQuestion.load(held) for held in row.feedback),
    )
    return Event(
        id=row.id,
        details=details,
        state=EventState(row.state),
        revision=row.revision,
        note=row.note,
        demonstration=row.demonstration,
        gone=dict(row.gone),
    )
