"""The demonstration's events: of each title one is always ahead, so that a newcomer can sign up and try the door."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import yaml

from backend.domain.clock import CHINA, Clock
from backend.domain.events import Details, EventKind, EventMove
from backend.domain.roles import SYSTEM
from backend.services.events.asking import question_of, standard_feedback
from backend.services.events.planning import add_event, move_event
from backend.store.database import Database

FILE = Path(__file__).parent / "events.yml"


def load_events(database: Database, clock: Clock) -> int:
    """Add those that are not ahead any more; how many."""
    content: list[dict[str, Any]] = yaml.load(FILE.read_text("utf-8"), Loader=yaml.CSafeLoader)
    now, added = clock.now(), 0
    with database.write() as uow:
        known = {event.title for event in uow.events.ahead(at=now, demonstration=True)}
        for held in content:
            if held["title"] in known:
                continue
            event_id = add_event(uow, _details(held, now), by=SYSTEM, at=now, demonstration=True)
            move_event(uow, event_id=event_id, move=EventMove.PUBLISH, note="", by=SYSTEM, at=now)
            added += 1
    return added


def _details(held: dict[str, Any], now: datetime) -> Details:
    begins = _begins(held, now)
    return Details(
        kind=EventKind(held["kind"]),
        title=held["title"],
        begins_at=begins,
        ends_at=begins + timedelta(hours=held["hours"]),
        sign_up_from=now - timedelta(minutes=1),
        sign_up_until=begins + timedelta(hours=held["hours"] if held.get("soon") else 0),
        summary=held["summary"],
        place=held.get("place", ""),
        link=held.get("link", ""),
        quota=held.get("quota"),
        invited=held["invited"],
        questions=tuple(question_of(one) for one in held.get("questions", ())),
        feedback=standard_feedback(),
    )


def _begins(held: dict[str, Any], now: datetime) -> datetime:
    local = now.astimezone(CHINA)
    if held.get("soon"):
        return (local + timedelta(hours=1)).replace(minute=0, second=0, microsecond=0)
    return datetime.combine(local.date() + timedelta(days=held["in_days"]), time.fromisoformat(held["at"]), CHINA)
