"""What a company does with its needs: post, change, close. Each is one step of the transaction that answers it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from backend.domain.clock import Clock, day_of
from backend.domain.needs import MOST_OPEN, NeedEnd, TooManyNeeds
from backend.domain.ports.wording import Wording
from backend.domain.profiles import Consent
from backend.domain.reply import Reply
from backend.store.database import Database
from backend.store.unit_of_work import UnitOfWork

BATCH = 50
FIELDS = frozenset({"problem", "industry", "place_code", "budget_yuan", "ends_on"})


def post_need(uow: UnitOfWork, *, openid: str, answers: Mapping[str, Any], at: datetime) -> int:
    """From the answers of the flow. Raises TooManyNeeds."""
    if len(uow.needs.of(openid)) >= MOST_OPEN:
        raise TooManyNeeds(limit=MOST_OPEN)
    given = answers.get("consent")
    if isinstance(given, dict):
        uow.institutions.agree(openid, Consent(str(given["purpose"]), str(given["version"])), at=at)
    budget = answers.get("budget_yuan")
    return uow.needs.add(
        openid=openid,
        problem=str(answers["problem"])[:600],
        industry=str(answers.get("industry", ""))[:40],
        place_code=str(answers.get("place_code", ""))[:64],
        budget_yuan=None if budget in {None, ""} else Decimal(str(budget)),
        ends_on=date.fromisoformat(answers["ends_on"]),
        contact_name=str(answers["contact_name"])[:200],
        contact_phone=str(answers["contact_phone"])[:64],
        at=at,
    )


def change_need(uow: UnitOfWork, *, openid: str, need_id: int, changes: Mapping[str, Any]) -> bool:
    """Other conditions; False for one that is closed, or somebody else's."""
    return uow.needs.change(openid, need_id, **{name: value for name, value in changes.items() if name in FIELDS})


def close_need(uow: UnitOfWork, *, openid: str, need_id: int, end: NeedEnd, at: datetime) -> bool:
    """Their own only."""
    if all(need.id != need_id for need in uow.needs.of(openid)):
        return False
    return uow.needs.close(need_id, end, at=at)


def close_overdue(database: Database, clock: Clock, wording: Wording) -> int:
    """The last day has passed: closed, and the poster told; how many."""
    closed, now = 0, clock.now()
    while True:
        with database.read() as uow:
            overdue = uow.needs.overdue(on=day_of(now), limit=BATCH)
        if not overdue:
            return closed
        with database.write() as uow:
            for need in overdue:
                if uow.needs.close(need.id, NeedEnd.DEADLINE, at=now):
                    text = wording.words("need.overdue", text=brief(need.problem), ends_on=need.ends_on)
                    tell(uow, need.openid, f"need:{need.id}:overdue", text, at=now)
                    closed += 1


def tell(uow: UnitOfWork, openid: str, key: str, text: str, *, at: datetime) -> None:
    """What they asked for themselves goes out like any answer; where no window is open it waits for their next visit."""
    if uow.followers.is_following(openid):
        uow.deliveries.plan(openid=openid, notice_key=key, reply=Reply.of(text), at=at)


def brief(problem: str) -> str:
    """The beginning of a problem, to recognise it by."""
    return problem if len(problem) <= 30 else f"{problem[:29]}…"  # noqa: PLR2004 one line on a phone
