"""Logging in and out. The cookie is a random text; SQL keeps its hash, and both time limits count there."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from backend.domain.roles import SYSTEM
from backend.domain.staff import (
    LogInRefused,
    Staff,
    StaffError,
    check_password,
    fingerprint,
    locked_until,
    login_of,
    session_is_over,
)
from backend.services.passwords import hash_password, password_holds
from backend.services.staff import subject_of
from backend.store.database import Database

TOUCH_EVERY = timedelta(minutes=1)  # “last seen” is written once a minute, not with every page


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody logged in. `token` is the cookie's text and never stored."""

    token: str
    staff: Staff


def log_in(database: Database, *, name: str, password: str, at: datetime, demonstration: bool) -> Session:
    """A new session. Raises LogInRefused.

    `demonstration` says whether the demonstration's account may come in at all.
    """
    staff, hashed = _prove(database, name=name, password=password, at=at)
    token = secrets.token_urlsafe(32)
    with database.write() as uow:
        login = login_of(staff.name)
        again = uow.staff.by_login(login)
        if again is None or again[1] != hashed or not _may_enter(again[0], demonstration=demonstration):
            raise LogInRefused("wrong")
        uow.staff.forget_tries(fingerprint(login))
        uow.staff.open_session(fingerprint(token), staff.id, at=at)
        uow.staff.logged_in(staff.id, at=at)
        uow.audit.add(staff.actor, "staff.log_in", subject_of(staff.id), at=at)
        return Session(token, again[0])


def _prove(database: Database, *, name: str, password: str, at: datetime) -> tuple[Staff, str]:
    """The account and the hash the password fits. Raises LogInRefused; tries side by side all count."""
    try:
        login = login_of(name)
    except StaffError:
        raise LogInRefused("wrong") from None
    with database.write() as uow:
        held = uow.staff.by_login(login)
        until = locked_until(uow.staff.tries(fingerprint(login)), at)
        if until is not None:
            raise LogInRefused("locked", until=until)
        uow.staff.note_try(fingerprint(login), at=at)
        if held and locked_until(uow.staff.tries(fingerprint(login)), at):
            # The fifth wrong try, or the last one allowed: what it locks ends early only if it was the right one.
            uow.audit.add(SYSTEM, "staff.last_try", subject_of(held[0].id), at=at)
    right = password_holds(held[1] if held else None, password)  # outside the transaction: it takes a while
    if held is None or not right:
        raise LogInRefused("wrong")
    return held


def session_of(
    database: Database, token: str, *, at: datetime, demonstration: bool, active: bool = True
) -> Session | None:
    """Whose session this is; None where it is none, over, or its account may not come in any more.

    `active` is False for pages that ask again by themselves: they do not keep a session alive.
    """
    if not token:
        return None
    key = fingerprint(token)
    with database.read() as uow:
        held = uow.staff.session(key)
    if held is None:
        return None
    staff, opened_at, seen_at = held
    if session_is_over(opened_at=opened_at, seen_at=seen_at, now=at):
        with database.write() as uow:
            uow.staff.end_session(key)
        return None
    if not _may_enter(staff, demonstration=demonstration):
        return None
    if active and at - seen_at >= TOUCH_EVERY:
        with database.write() as uow:
            uow.staff.touch(key, at=at)
    return Session(token, staff)


def log_out(database: Database, session: Session, *, at: datetime) -> None:
    """The session opens nothing any more, whoever holds its cookie."""
    with database.write() as uow:
        uow.staff.end_session(fingerprint(session.token))
        uow.audit.add(session.staff.actor, "staff.log_out", subject_of(session.staff.id), at=at)


def change_password(database: Database, session: Session, *, old: str, new: str, at: datetime) -> Session:
    """A new password and a new session; all others of the account end. Raises StaffError or LogInRefused."""
    check_password(new, name=session.staff.name)
    if new == old:
        raise StaffError("password_same")
    _prove(database, name=session.staff.name, password=old, at=at)
    hashed = hash_password(new)
    token = secrets.token_urlsafe(32)
    with database.write() as uow:
        uow.staff.forget_tries(fingerprint(login_of(session.staff.name)))
        uow.staff.set_password(session.staff.id, hashed, must_change=False)
        uow.staff.end_sessions(session.staff.id)
        uow.staff.open_session(fingerprint(token), session.staff.id, at=at)
        uow.audit.add(session.staff.actor, "staff.password", subject_of(session.staff.id), at=at)
        staff = uow.staff.get(session.staff.id)
    assert staff is not None
    return Session(token, staff)


def _may_enter(staff: Staff, *, demonstration: bool) -> bool:
    return not staff.disabled and (demonstration or not staff.demonstration)
