"""Who works in the office: accounts, when a name is locked out, how long a session lasts, what a password must be."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from backend.domain.errors import AssistantError
from backend.domain.roles import Actor, Role

WRONG_TRIES = 5
TRIES_WITHIN = timedelta(minutes=15)
LOCKED_FOR = timedelta(minutes=15)
SESSION_LONGEST = timedelta(hours=8)
SESSION_IDLE = timedelta(minutes=30)
PASSWORD_SHORTEST, PASSWORD_LONGEST = 10, 128
NAME_LONGEST = 40
FEWEST_CHARACTERS = 5  # different ones in a password


@dataclass(frozen=True, slots=True)
class Staff:
    """One account. `agency` names the outside body an agency verifier works for; empty for the office's own people.

    `demonstration` accounts are made by `huiqiao up` without WeChat settings and never count beside a real account.
    """

    id: int
    name: str
    role: Role
    agency: str
    disabled: bool
    must_change: bool
    demonstration: bool

    @property
    def actor(self) -> Actor:
        """As whom they act in the rules and stand in the audit log: role and id, no name."""
        return Actor(self.role, str(self.id))


class StaffError(AssistantError):
    """`code` says which rule: name_shape, name_taken, unknown, password_short, password_long, password_weak,
    password_same, last (administrator)."""


class LogInRefused(AssistantError):
    """`code` is `wrong` (name, password or account; deliberately not which) or `locked` with `until`."""


def login_of(name: str) -> str:
    """The form under which a name is looked up: width and case do not matter. Raises StaffError for an unusable name."""
    tidy = unicodedata.normalize("NFKC", name).strip()
    if not 0 < len(tidy) <= NAME_LONGEST or not tidy.replace(" ", "").isprintable():
        raise StaffError("name_shape")
    return tidy.casefold()


def fingerprint(text: str) -> str:
    """What is stored of cookies and of names tried at the door: who reads the tables can use neither."""
    return hashlib.sha256(text.encode()).hexdigest()


def check_password(password: str, *, name: str) -> None:
    """Length, some variety, and not the name itself. Raises StaffError."""
    if len(password) < PASSWORD_SHORTEST:
        raise StaffError("password_short", limit=PASSWORD_SHORTEST)
    if len(password) > PASSWORD_LONGEST:
        raise StaffError("password_long", limit=PASSWORD_LONGEST)
    bare = unicodedata.normalize("NFKC", password).casefold().replace(login_of(name), "")
    if len(set(bare)) < FEWEST_CHARACTERS:
        raise StaffError("password_weak")


def locked_until(wrong_at: Sequence[datetime], now: datetime) -> datetime | None:
    """When the lock ends; None where there is none. `wrong_at` are the last wrong tries, newest first.

    The fifth wrong try within fifteen minutes locks for fifteen more; tries during the lock are refused uncounted.
    """
    if len(wrong_at) < WRONG_TRIES:
        return None
    newest, oldest = wrong_at[0], wrong_at[WRONG_TRIES - 1]
    until = newest + LOCKED_FOR
    return until if newest - oldest <= TRIES_WITHIN and now < until else None


def session_is_over(*, opened_at: datetime, seen_at: datetime, now: datetime) -> bool:
    """After eight hours whatever happens, after half an hour without a request."""
    return now - opened_at >= SESSION_LONGEST or now - seen_at >= SESSION_IDLE
