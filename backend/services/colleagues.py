"""A colleague's own phone, for trial messages: shown once by a code that only they see in the console and send from it."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from backend.domain.clock import Clock
from backend.domain.roles import Actor
from backend.domain.staff import Staff, fingerprint
from backend.store.database import Database
from backend.store.unit_of_work import UnitOfWork

GOOD_FOR = timedelta(minutes=10)
DIGITS = 10


def show_code(uow: UnitOfWork, staff: Staff, *, at: datetime) -> str:
    """A new code, kept as its hash; the one before is good no longer."""
    code = "".join(secrets.choice("0123456789") for _ in range(DIGITS))
    uow.staff_phones.offer(staff.id, fingerprint(f"phone:{code}"), until=at + GOOD_FOR)
    uow.audit.add(staff.actor, "staff.phone_code", f"staff:{staff.id}", at=at)
    return code


def is_shown(database: Database, code: str, clock: Clock) -> bool:
    with database.read() as uow:
        return uow.staff_phones.whose(fingerprint(f"phone:{code}"), at=clock.now()) is not None


def bind(uow: UnitOfWork, openid: str, code: str, *, at: datetime) -> bool:
    """False where the code is none that counts now."""
    staff_id = uow.staff_phones.whose(fingerprint(f"phone:{code}"), at=at)
    staff = uow.staff.get(staff_id) if staff_id is not None else None
    if staff is None:
        return False
    uow.staff_phones.bind(staff.id, openid, at=at)
    uow.audit.add(Actor(staff.role, str(staff.id)), "staff.phone", f"staff:{staff.id}", at=at)
    return True
