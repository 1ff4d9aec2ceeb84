"""Every route has a rule, every rule a route, and every cell of the table is tried through the front door."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.routing import Mount, Route

from backend.console.app import console
from backend.console.pages import PAGES
from backend.console.permissions import NOBODY_YET, RULES, allowed
from backend.console.visit import House
from backend.domain.roles import Role
from tests.support.desk_of_staff import Colleague, StaffDesk

ROLES = [role for role in Role if role in Role.staff()]
BEHIND = [route for route, roles in RULES.items() if roles is not NOBODY_YET and route != ("POST", "/logout")]


def _routes(desk: StaffDesk) -> Iterator[tuple[str, str]]:
    mount = desk.app.routes[0]
    assert isinstance(mount, Mount)
    for route in mount.routes:
        assert isinstance(route, Route), "nothing but plain routes may stand in the console"
        for method in (route.methods or set()) - {"HEAD"}:
            yield method, route.path


def _concrete(path: str) -> str:
    return (
        path.replace("{id}", "4711")
        .replace("{number}", "202110000001.X")
        .replace("{name}", "console.css")
        .replace("{paper}", "x.pdf")
        .replace("{file}", "1")
    )


def test_every_route_has_its_rule_and_every_rule_its_route(small_desk: StaffDesk) -> None:
    assert sorted(_routes(small_desk)) == sorted(RULES)
    assert len(RULES) > 30


def test_a_page_without_a_rule_does_not_build(small_desk: StaffDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(PAGES, ("GET", "/secret"), next(iter(PAGES.values())))
    with pytest.raises(KeyError):
        console(House(small_desk.database, small_desk.clock, wording=None, matcher=None, reasoned=str))  # type: ignore[arg-type] # never reached


@pytest.mark.parametrize("role", ROLES)
def test_every_cell_of_the_table(small_desk: StaffDesk, role: Role) -> None:
    person = small_desk.enter(role)
    opened = {}
    for method, path in BEHIND:
        answer = person.get(_concrete(path)) if method == "GET" else person.post(_concrete(path))
        assert answer.status_code < 500, (method, path, person.words)
        opened[method, path] = answer.status_code != 403
    assert opened == {route: allowed(role, *route) for route in BEHIND}


def test_an_auditor_reads_and_changes_nothing() -> None:
    own = {"/logout", "/password"}
    writes = [path for method, path in BEHIND if method == "POST" and path not in own]
    assert writes
    assert not [path for path in writes if allowed(Role.AUDITOR, "POST", path)]


def test_nobody_gets_behind_the_door_without_a_session(small_desk: StaffDesk) -> None:
    stranger = small_desk.browser()
    stranger.get("/login")
    stranger.client.cookies.set("huiqiao_console", "made up", path="/console")
    for method, path in BEHIND:
        answer = stranger.get(_concrete(path)) if method == "GET" else stranger.post(_concrete(path))
        assert answer.status_code == 303, path
        assert answer.headers["location"].startswith("/console/login")


POSTS = [path for method, path in BEHIND if method == "POST"]


@pytest.mark.parametrize("token", ["", "0" * 64, "短"])
def test_no_form_without_its_token(small_desk: StaffDesk, token: str) -> None:
    person = small_desk.enter()
    for path in [*POSTS, "/logout"]:
        answer = person.client.post(f"/console{_concrete(path)}", data={"token": token})
        assert answer.status_code == 403, path
    assert person.get("/").status_code == 200


def test_a_token_of_another_session_opens_nothing(small_desk: StaffDesk) -> None:
    one, other = small_desk.enter(name="甲"), small_desk.enter(name="乙")
    one.token = other.token
    assert one.post("/staff", name="丙", role="auditor").status_code == 403


def test_nobody_can_be_logged_in_from_elsewhere(small_desk: StaffDesk) -> None:
    name = small_desk.add()
    stranger = small_desk.browser()
    assert stranger.post("/login", name=name, password="x").status_code == 403
    stranger.get("/login")
    stranger.client.cookies.clear()
    assert stranger.post("/login", name=name, password="x").status_code == 403


def test_a_form_from_another_site_is_refused_even_with_its_token(small_desk: StaffDesk) -> None:
    person = small_desk.enter()
    answer = person.client.post(
        "/console/logout", data={"token": person.token}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        ({"content-type": "application/json"}, b"{}", 415),
        ({"content-type": "text/plain"}, b"token=x", 415),
        ({"content-type": "application/x-www-form-urlencoded"}, b"a=" + b"x" * 300_000, 413),
        ({"content-type": "application/x-www-form-urlencoded"}, b"&".join([b"a=1"] * 300), 400),
        ({"content-type": "application/x-www-form-urlencoded"}, b"a=\xff\xfe", 400),
    ],
)
def test_what_is_no_form_of_ours(small_desk: StaffDesk, headers: dict[str, str], body: bytes, status: int) -> None:
    person = small_desk.enter()
    assert person.client.post("/console/logout", content=body, headers=headers).status_code == status


def test_what_is_not_there(desk: StaffDesk) -> None:
    person: Colleague = desk.enter()
    for path in ("/nowhere", "/handoffs/x", "/handoffs/99999999999999999999", "/static/../app.py", "/static/console.py",
                 "/static/htmx.LICENSE.txt", "/pool/%00", "/handoffs/-1", "/declarations/4711"):  # fmt: skip
        assert person.get(path).status_code == 404, path


def test_the_wrong_method(small_desk: StaffDesk) -> None:
    person = small_desk.enter()
    assert person.client.delete("/console/pool").status_code == 405


def test_pages_that_do_not_exist_show_one_that_does(desk: StaffDesk) -> None:
    person = desk.enter()
    for page in ("0", "-1", "9999999", "99999999999999999", "x", "１", "1'--"):
        for path in (
            "/pool",
            "/handoffs",
            "/misses",
            "/imports",
            "/deliveries",
            "/audit",
            "/institutions",
            "/campaigns",
        ):
            assert person.get(f"{path}?page={page}").status_code == 200, (path, page)
