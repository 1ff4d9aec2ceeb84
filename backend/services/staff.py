"""Staff accounts: who may log in, with what role. Sessions are in backend/services/sessions.py."""

from __future__ import annotations

import secrets
import unicodedata
from datetime import datetime

from backend.domain.roles import SYSTEM, Actor, Role
from backend.domain.staff import Staff, StaffError, check_password, fingerprint, login_of
from backend.services.passwords import hash_password
from backend.store.database import Database
from backend.store.unit_of_work import UnitOfWork

# One colleague cannot do it all: who verified a declaration does not publish it.
DEMONSTRATION = {Role.ADMINISTRATOR: "demo", Role.VERIFIER: "demo-verifier", Role.APPROVER: "demo-approver"}


def new_password() -> str:
    """Twenty characters nobody chose."""
    return secrets.token_urlsafe(15)


def add_staff(
    database: Database,
    *,
    name: str,
    role: Role,
    password: str,
    at: datetime,
    agency: str = "",
    must_change: bool = False,
    by: Actor = SYSTEM,
) -> Staff:
    """A new account, made by a colleague or on the command line. Raises StaffError. The hash is made outside the transaction."""
    login = login_of(name)
    check_password(password, name=name)
    hashed = hash_password(password)
    with database.write() as uow:
        if uow.staff.by_login(login):
            raise StaffError("name_taken")
        made = uow.staff.add(
            login=login,
            name=unicodedata.normalize("NFKC", name).strip(),
            role=role,
            agency=agency.strip()[:200],
            password=hashed,
            must_change=must_change,
            demonstration=False,
            at=at,
        )
        uow.audit.add(by, "staff.add", subject_of(made), after=str(role), at=at)
        staff = uow.staff.get(made)
        assert staff is not None
        return staff


def everyone(database: Database) -> list[tuple[Staff, datetime | None]]:
    """Every account with its last log-in."""
    with database.read() as uow:
        return uow.staff.everyone()


def disable_staff(database: Database, *, name: str, at: datetime, by: Actor = SYSTEM) -> Staff:
    """The account opens nothing any more, its sessions end. The last administrator stays. Raises StaffError."""
    with database.write() as uow:
        staff = _named(uow, name)
        last = uow.staff.working(Role.ADMINISTRATOR) == 1 and not staff.disabled and not staff.demonstration
        if staff.role is Role.ADMINISTRATOR and last:
            raise StaffError("last")
        uow.staff.set_disabled(staff.id, at)
        uow.staff.end_sessions(staff.id)
        uow.audit.add(by, "staff.disable", subject_of(staff.id), at=at)
        return staff


def enable_staff(database: Database, *, name: str, at: datetime, by: Actor = SYSTEM) -> Staff:
    """A disabled account works again, with the password it had. Raises StaffError."""
    with database.write() as uow:
        staff = _named(uow, name)
        uow.staff.set_disabled(staff.id, None)
        uow.audit.add(by, "staff.enable", subject_of(staff.id), at=at)
        return staff


def reset_password(
    database: Database, *, name: str, password: str, must_change: bool, at: datetime, by: Actor = SYSTEM
) -> Staff:
    """A new password; every session of the account ends and its lock is lifted. Raises StaffError."""
    check_password(password, name=name)
    hashed = hash_password(password)
    with database.write() as uow:
        staff = _named(uow, name)
        uow.staff.set_password(staff.id, hashed, must_change=must_change)
        uow.staff.end_sessions(staff.id)
        uow.staff.forget_tries(fingerprint(login_of(name)))
        uow.audit.add(by, "staff.reset", subject_of(staff.id), at=at)
        return staff


def open_demonstration(database: Database, *, at: datetime) -> str:
    """The password of every account in DEMONSTRATION: good until the next start makes another one.

    Raises StaffError, and opens none of them, where a real account has such a name.
    """
    password = new_password()
    hashed = hash_password(password)
    with database.write() as uow:
        for role, name in DEMONSTRATION.items():
            _open_demonstration(uow, name, role, hashed, at=at)
    return password


def _open_demonstration(uow: UnitOfWork, name: str, role: Role, hashed: str, *, at: datetime) -> None:
    held = uow.staff.by_login(name)
    if held and not held[0].demonstration:
        raise StaffError("name_taken")
    if held:
        uow.staff.set_password(held[0].id, hashed, must_change=False)
        uow.staff.set_disabled(held[0].id, None)
        uow.staff.end_sessions(held[0].id)
    else:
        uow.staff.add(
            login=name,
            name=name,
            role=role,
            agency="",
            password=hashed,
            must_change=False,
            demonstration=True,
            at=at,
        )
    uow.staff.forget_tries(fingerprint(name))


def subject_of(staff_id: int) -> str:
    """How the audit log names an account."""
    return f"staff:{staff_id}"


def _named(uow: UnitOfWork, name: str) -> Staff:
    held = uow.staff.by_login(login_of(name))
    if held is None:
        raise StaffError("unknown")
    return held[0]
