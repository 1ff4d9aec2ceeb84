"""The door: logging in and out, changing one's password."""

from __future__ import annotations

from starlette.responses import RedirectResponse, Response

from backend.console.cookies import drop_cookie, give_cookie
from backend.console.visit import DOOR_COOKIE, SESSION_COOKIE, Visit
from backend.domain.staff import PASSWORD_SHORTEST, LogInRefused, StaffError
from backend.services.sessions import change_password, log_in, log_out


def show_login(visit: Visit) -> Response:
    """The form; who is in already goes on."""
    if visit.session:
        return visit.go("/")
    return visit.show("login.html", name="", next=_inside(visit.asked("next")), problem="", until=None)


def log_in_by_form(visit: Visit) -> Response:
    """A session, and on to where they wanted to go."""
    onward = _inside(visit.given("next"))
    try:
        session = log_in(
            visit.database,
            name=visit.given("name"),
            password=visit.given("password"),
            at=visit.now,
            demonstration=visit.house.demonstration,
        )
    except LogInRefused as error:
        return visit.show(
            "login.html",
            429 if error.code == "locked" else 401,
            name=visit.given("name")[:40],
            next=onward,
            problem=error.code,
            until=error.values.get("until"),
        )
    answer = RedirectResponse(visit.base + onward, 303)
    give_cookie(visit, answer, SESSION_COOKIE, session.token)
    drop_cookie(visit, answer, DOOR_COOKIE)
    return answer


def log_out_by_form(visit: Visit) -> Response:
    assert visit.session is not None
    log_out(visit.database, visit.session, at=visit.now)
    answer = visit.go("/login")
    drop_cookie(visit, answer, SESSION_COOKIE)
    return answer


def show_password(visit: Visit) -> Response:
    return visit.show("password.html", problem="", least=PASSWORD_SHORTEST)


def change_by_form(visit: Visit) -> Response:
    """A new password and a new cookie; every other browser of the account is out."""
    assert visit.session is not None
    new = visit.given("new")
    try:
        if new != visit.given("again"):
            raise StaffError("password_differs")
        session = change_password(visit.database, visit.session, old=visit.given("old"), new=new, at=visit.now)
    except (StaffError, LogInRefused) as error:
        return visit.show("password.html", 422, problem=error.code, least=PASSWORD_SHORTEST)
    answer = visit.go("/?done=password")
    give_cookie(visit, answer, SESSION_COOKIE, session.token)
    return answer


def _inside(path: str) -> str:
    """A path of the console to go on to; anything that could leave it is the front page."""
    fine = path.startswith("/") and not path.startswith("//") and "\\" not in path and path.isprintable()
    return path if fine else "/"
