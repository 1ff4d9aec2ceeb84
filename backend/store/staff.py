"""Staff accounts, sessions and wrong tries. Hashes go in and out; no password ever does."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from backend.domain.roles import Role
from backend.domain.staff import LOCKED_FOR, SESSION_LONGEST, TRIES_WITHIN, WRONG_TRIES, Staff
from backend.store.tables import StaffRow, StaffSessionRow, StaffTryRow

_COLUMNS = (
    StaffRow.id,
    StaffRow.name,
    StaffRow.role,
    StaffRow.agency,
    StaffRow.disabled_at,
    StaffRow.must_change,
    StaffRow.demonstration,
)


def _staff(row: Row[*tuple[Any, ...]]) -> Staff:
    return Staff(
        row.id, row.name, Role(row.role), row.agency, row.disabled_at is not None, row.must_change, row.demonstration
    )


class StaffAccounts:
    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def add(
        self,
        *,
        login: str,
        name: str,
        role: Role,
        agency: str,
        password: str,
        must_change: bool,
        demonstration: bool,
        at: datetime,
    ) -> int:
        """The new account; `password` is a hash."""
        return self.connection.execute(
            insert(StaffRow)
            .values(
                login=login,
                name=name,
                role=str(role),
                agency=agency,
                password=password,
                must_change=must_change,
                demonstration=demonstration,
                made_at=at,
            )
            .returning(StaffRow.id)
        ).scalar_one()

    def everyone(self) -> list[tuple[Staff, datetime | None]]:
        """Every account with its last log-in, working ones first, by name."""
        rows = self.connection.execute(
            select(*_COLUMNS, StaffRow.logged_in_at).order_by(StaffRow.disabled_at.is_not(None), StaffRow.login)
        )
        return [(_staff(row), row.logged_in_at) for row in rows]

    def get(self, staff_id: int) -> Staff | None:
        row = self.connection.execute(select(*_COLUMNS).where(StaffRow.id == staff_id)).first()
        return _staff(row) if row else None

    def by_login(self, login: str) -> tuple[Staff, str] | None:
        """The account and its password hash, the row locked until the transaction ends (PostgreSQL)."""
        row = self.connection.execute(
            select(*_COLUMNS, StaffRow.password).where(StaffRow.login == login).with_for_update()
        ).first()
        return (_staff(row), row.password) if row else None

    def working(self, role: Role) -> int:
        """How many accounts of the role may log in beside a real account."""
        return self.connection.execute(
            select(func.count())
            .select_from(StaffRow)
            .where(StaffRow.role == str(role), StaffRow.disabled_at.is_(None), StaffRow.demonstration.is_(False))
        ).scalar_one()

    def set_password(self, staff_id: int, password: str, *, must_change: bool) -> None:
        self._set(staff_id, password=password, must_change=must_change)

    def set_disabled(self, staff_id: int, at: datetime | None) -> None:
        self._set(staff_id, disabled_at=at)

    def logged_in(self, staff_id: int, *, at: datetime) -> None:
        self._set(staff_id, logged_in_at=at)

    def _set(self, staff_id: int, **values: Any) -> None:
        self.connection.execute(update(StaffRow).where(StaffRow.id == staff_id).values(**values))

    # sessions

    def open_session(self, key: str, staff_id: int, *, at: datetime) -> None:
        self.connection.execute(delete(StaffSessionRow).where(StaffSessionRow.opened_at <= at - SESSION_LONGEST))
        self.connection.execute(insert(StaffSessionRow).values(key=key, staff_id=staff_id, opened_at=at, seen_at=at))

    def session(self, key: str) -> tuple[Staff, datetime, datetime] | None:
        """(whose, opened at, last seen at), over or not."""
        row = self.connection.execute(
            select(*_COLUMNS, StaffSessionRow.opened_at, StaffSessionRow.seen_at)
            .join(StaffSessionRow, StaffSessionRow.staff_id == StaffRow.id)
            .where(StaffSessionRow.key == key)
        ).first()
        return (_staff(row), row.opened_at, row.seen_at) if row else None

    def touch(self, key: str, *, at: datetime) -> None:
        self.connection.execute(update(StaffSessionRow).where(StaffSessionRow.key == key).values(seen_at=at))

    def end_session(self, key: str) -> None:
        self.connection.execute(delete(StaffSessionRow).where(StaffSessionRow.key == key))

    def end_sessions(self, staff_id: int) -> None:
        self.connection.execute(delete(StaffSessionRow).where(StaffSessionRow.staff_id == staff_id))

    # wrong tries

    def tries(self, login: str) -> Sequence[datetime]:
        """The last wrong tries at a hashed name, newest first."""
        rows = self.connection.execute(
            select(StaffTryRow.at).where(StaffTryRow.login == login).order_by(StaffTryRow.at.desc()).limit(WRONG_TRIES)
        )
        return rows.scalars().all()

    def note_try(self, login: str, *, at: datetime) -> None:
        """Written before the password is looked at, so that tries side by side all count."""
        self.connection.execute(delete(StaffTryRow).where(StaffTryRow.at < at - TRIES_WITHIN - LOCKED_FOR))
        self.connection.execute(insert(StaffTryRow).values(login=login, at=at))

    def forget_tries(self, login: str) -> None:
        self.connection.execute(delete(StaffTryRow).where(StaffTryRow.login == login))
