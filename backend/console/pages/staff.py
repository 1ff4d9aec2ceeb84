"""Accounts, for the administrator: who there is, new ones, new passwords. A new password is shown once, by its own answer."""

from __future__ import annotations

from starlette.responses import Response

from backend.console.visit import Refusal, Visit
from backend.domain.roles import Role
from backend.domain.staff import Staff, StaffError
from backend.services.staff import add_staff, disable_staff, enable_staff, everyone, new_password, reset_password


def show_staff(visit: Visit) -> Response:
    return _page(visit)


def add_by_form(visit: Visit) -> Response:
    """A new account with a password that its owner must change."""
    password = new_password()
    try:
        made = add_staff(
            visit.database,
            name=visit.given("name"),
            role=_role(visit),
            agency=visit.given("agency"),
            password=password,
            must_change=True,
            at=visit.now,
            by=visit.staff.actor,
        )
    except StaffError as error:
        return _page(visit, problem=error.code)
    return _page(visit, fresh=made, password=password)


def disable_by_form(visit: Visit) -> Response:
    """Not oneself: whoever does so by mistake could not undo it."""
    chosen = _chosen(visit)
    if chosen.id == visit.staff.id:
        return _page(visit, problem="self")
    try:
        disable_staff(visit.database, name=chosen.name, at=visit.now, by=visit.staff.actor)
    except StaffError as error:
        return _page(visit, problem=error.code)
    return visit.go("/staff")


def enable_by_form(visit: Visit) -> Response:
    enable_staff(visit.database, name=_chosen(visit).name, at=visit.now, by=visit.staff.actor)
    return visit.go("/staff")


def reset_by_form(visit: Visit) -> Response:
    """A new password that must be changed; sessions of the account end."""
    chosen = _chosen(visit)
    if chosen.id == visit.staff.id:
        return _page(visit, problem="self")
    password = new_password()
    reset_password(
        visit.database, name=chosen.name, password=password, must_change=True, at=visit.now, by=visit.staff.actor
    )
    return _page(visit, fresh=chosen, password=password)


def _role(visit: Visit) -> Role:
    try:
        role = Role(visit.given("role"))
    except ValueError:
        raise StaffError("role") from None
    if role not in Role.staff():
        raise StaffError("role")
    return role


def _chosen(visit: Visit) -> Staff:
    with visit.database.read() as uow:
        staff = uow.staff.get(visit.id)
    if staff is None:
        raise Refusal(404, "not_found")
    return staff


def _page(visit: Visit, *, problem: str = "", fresh: Staff | None = None, password: str = "") -> Response:
    return visit.show(
        "staff.html",
        422 if problem else 200,
        people=everyone(visit.database),
        roles=[role for role in Role if role in Role.staff()],
        problem=problem,
        fresh=fresh,
        password=password,
        given=visit.form,
    )
