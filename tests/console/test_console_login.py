"""The door of the console: who gets in, for how long, and who is kept out."""

from __future__ import annotations

import pytest

from backend.domain.roles import Role
from backend.domain.staff import StaffError
from backend.services.staff import DEMONSTRATION, disable_staff, open_demonstration, reset_password
from backend.store.tables import StaffRow, StaffSessionRow, StaffTryRow
from tests.support.desk_of_staff import PASSWORD, Colleague, StaffDesk, open_desk
from tests.support.threads import together

SESSION = "huiqiao_console"


def _inside(person: Colleague) -> bool:
    return person.get("/").status_code == 200


def test_a_name_and_a_password_open_the_door(desk: StaffDesk) -> None:
    person = desk.browser()
    assert person.log_in(desk.add("王老师")).headers["location"] == "/console/"
    assert _inside(person)
    assert "王老师" in person.words


def test_case_and_width_of_a_name_do_not_matter(desk: StaffDesk) -> None:
    desk.add("Wang Li")
    assert desk.browser().log_in(" ｗａｎｇ LI ").status_code == 303


@pytest.mark.parametrize(("name", "password"), [("王老师", "wrong"), ("nobody", PASSWORD), ("", ""), ("王老师", "")])
def test_a_wrong_try_says_neither_which_was_wrong_nor_opens(desk: StaffDesk, name: str, password: str) -> None:
    desk.add("王老师")
    person = desk.browser()
    answer = person.log_in(name, password)
    assert (answer.status_code, SESSION in person.client.cookies) == (401, False)
    assert "姓名或口令不对，或者账号已停用" in person.words
    assert person.get("/").headers["location"] == "/console/login"


def test_the_fifth_wrong_try_locks_for_fifteen_minutes_whatever_is_typed(desk: StaffDesk) -> None:
    desk.add("王老师")
    person = desk.browser()
    assert [person.log_in("王老师", "wrong").status_code for _ in range(6)] == [401] * 5 + [429]
    assert person.log_in("王老师").status_code == 429
    assert "锁定" in person.words
    desk.clock.forward(minutes=14, seconds=59)
    assert person.log_in("王老师").status_code == 429
    desk.clock.forward(seconds=1)
    assert person.log_in("王老师").status_code == 303


def test_a_name_that_does_not_exist_locks_the_same(desk: StaffDesk) -> None:
    person = desk.browser()
    assert [person.log_in("nobody", "x").status_code for _ in range(6)] == [401] * 5 + [429]


def test_wrong_tries_far_apart_do_not_lock_and_a_right_one_forgets_them(desk: StaffDesk) -> None:
    desk.add("王老师")
    for _ in range(7):
        assert desk.browser().log_in("王老师", "wrong").status_code == 401
        desk.clock.forward(minutes=4)
    for _ in range(4):
        desk.browser().log_in("王老师", "wrong")
    # Five of the last wrong tries are within fifteen minutes by now.
    assert desk.browser().log_in("王老师").status_code == 429
    desk.clock.forward(minutes=15)
    assert desk.browser().log_in("王老师").status_code == 303
    for _ in range(4):
        assert desk.browser().log_in("王老师", "wrong").status_code == 401
    assert desk.browser().log_in("王老师").status_code == 303


def test_tries_side_by_side_all_count(desk: StaffDesk) -> None:
    desk.add("王老师")
    statuses = together(12, lambda number: desk.browser().log_in("王老师", f"guess {number}").status_code)
    assert (statuses.count(401), statuses.count(429)) == (5, 7)


def test_a_session_ends_after_half_an_hour_of_silence(desk: StaffDesk) -> None:
    person = desk.enter()
    for _ in range(3):
        desk.clock.forward(minutes=29)
        assert _inside(person)
    desk.clock.forward(minutes=30)
    assert person.get("/").status_code == 303


def test_a_session_ends_after_eight_hours_of_work(desk: StaffDesk) -> None:
    person = desk.enter()
    for _ in range(24):
        desk.clock.forward(minutes=19)
        assert _inside(person)
    desk.clock.forward(minutes=24)
    assert person.get("/").status_code == 303
    with desk.database.read() as uow:
        assert uow.connection.execute(StaffSessionRow.__table__.select()).all() == []


def test_a_page_that_asks_again_by_itself_keeps_no_session_alive(desk: StaffDesk) -> None:
    person = desk.enter()
    for _ in range(5):
        desk.clock.forward(minutes=6)
        person.get("/handoffs?refresh=1")
    assert person.get("/handoffs?refresh=1", **{"HX-Request": "true"}).status_code == 401


def test_logging_out_ends_the_session_on_our_side(desk: StaffDesk) -> None:
    person = desk.enter()
    stolen = dict(person.client.cookies)
    assert person.post("/logout").headers["location"] == "/console/login"
    thief = desk.browser()
    thief.client.cookies.update(stolen)
    assert not _inside(thief)


def test_an_account_that_is_disabled_is_out_at_once(desk: StaffDesk) -> None:
    desk.add("头儿")
    person = desk.enter(Role.OPERATOR, "小李")
    disable_staff(desk.database, name="小李", at=desk.clock.now())
    assert not _inside(person)
    assert desk.browser().log_in("小李").status_code == 401


def test_a_reset_ends_every_session_lifts_the_lock_and_must_be_changed(desk: StaffDesk) -> None:
    person = desk.enter(Role.OPERATOR, "小李")
    for _ in range(5):
        desk.browser().log_in("小李", "wrong")
    reset_password(desk.database, name="小李", password="first-password", must_change=True, at=desk.clock.now())
    assert not _inside(person)
    again = desk.browser()
    assert again.log_in("小李", "first-password").status_code == 303
    assert again.get("/pool").headers["location"] == "/console/password"
    assert again.post("/handoffs/1/close").status_code == 403
    again.get("/password")
    assert again.post("/password", old="first-password", new=PASSWORD, again=PASSWORD).status_code == 303
    assert again.get("/pool").status_code == 200


def test_changing_a_password_keeps_this_browser_and_ends_the_others(desk: StaffDesk) -> None:
    here, elsewhere = desk.enter(name="王老师"), desk.browser()
    elsewhere.log_in("王老师")
    before = here.client.cookies[SESSION]
    here.get("/password")
    assert here.post("/password", old=PASSWORD, new="new password 2026", again="new password 2026").status_code == 303
    assert here.client.cookies[SESSION] != before
    assert (_inside(here), _inside(elsewhere)) == (True, False)
    assert desk.browser().log_in("王老师").status_code == 401
    assert desk.browser().log_in("王老师", "new password 2026").status_code == 303


@pytest.mark.parametrize(
    ("old", "new", "again", "said"),
    [
        ("wrong", "new password 2026", "new password 2026", "原口令不对"),
        (PASSWORD, "new password 2026", "new password 2025", "不一样"),
        (PASSWORD, "short", "short", "太短"),
        (PASSWORD, "aaaaaaaaaaaaaa", "aaaaaaaaaaaaaa", "太简单"),
        (PASSWORD, "王老师王老师王老师王老师", "王老师王老师王老师王老师", "太简单"),
        (PASSWORD, "x1y2z3" * 30, "x1y2z3" * 30, "太长"),
        (PASSWORD, PASSWORD, PASSWORD, "和原来的一样"),
    ],
)
def test_a_bad_new_password_changes_nothing(small_desk: StaffDesk, old: str, new: str, again: str, said: str) -> None:
    person = small_desk.enter(name="王老师")
    person.get("/password")
    assert person.post("/password", old=old, new=new, again=again).status_code == 422
    assert said in person.words
    assert small_desk.browser().log_in("王老师").status_code == 303


def test_guessing_the_old_password_locks_as_the_door_does(small_desk: StaffDesk) -> None:
    person = small_desk.enter(name="王老师")
    person.get("/password")
    for _ in range(5):
        person.post("/password", old="wrong", new="new password 2026", again="new password 2026")
    person.post("/password", old=PASSWORD, new="new password 2026", again="new password 2026")
    assert "15 分钟后再试" in person.words


def test_what_is_stored_opens_nothing(desk: StaffDesk) -> None:
    person = desk.enter(name="王老师")
    desk.browser().log_in("王老师", "typed by mistake")
    with desk.database.read() as uow:
        held = [
            str(row)
            for table in (StaffRow, StaffSessionRow, StaffTryRow)
            for row in uow.connection.execute(table.__table__.select()).all()
        ]
    everything = " ".join(held)
    assert person.client.cookies[SESSION] not in everything
    assert PASSWORD not in everything
    assert "typed by mistake" not in everything
    assert "$argon2id$" in everything


def test_the_cookie_is_out_of_reach(small_desk: StaffDesk) -> None:
    given = small_desk.browser().log_in(small_desk.add()).headers["set-cookie"]
    for promise in ("HttpOnly", "SameSite=strict", "Path=/console"):
        assert promise in given
    assert "Secure" not in given


def test_behind_https_the_cookie_is_secure(small_desk: StaffDesk) -> None:
    with open_desk(small_desk.database, secure=True) as desk:
        person = desk.browser()
        person.client.base_url = "https://office.example"
        assert "Secure" in person.log_in(desk.add()).headers["set-cookie"]


@pytest.mark.parametrize(
    ("wanted", "went"),
    [
        ("/pool", "/console/pool"),
        ("//evil.example", "/console/"),
        ("https://evil.example", "/console/"),
        ("/\\evil.example", "/console/"),
        ("/pool\r\nSet-Cookie: a=b", "/console/"),
    ],
)
def test_after_logging_in_one_goes_on_inside_the_console_only(small_desk: StaffDesk, wanted: str, went: str) -> None:
    person = small_desk.browser()
    name = small_desk.add()
    person.get("/login")
    assert person.post("/login", name=name, password=PASSWORD, next=wanted).headers["location"] == went


def test_a_page_asked_for_too_early_comes_after_the_door(small_desk: StaffDesk) -> None:
    person = small_desk.browser()
    assert person.get("/pool/202110000001.X").headers["location"] == "/console/login?next=/pool/202110000001.X"


@pytest.mark.parametrize(("role", "name"), DEMONSTRATION.items(), ids=str)
def test_a_demonstration_account_opens_the_demonstration_only(desk: StaffDesk, role: Role, name: str) -> None:
    password = open_demonstration(desk.database, at=desk.clock.now())
    assert desk.browser().log_in(name, password).status_code == 401
    with open_desk(desk.database, demonstration=True) as demo:
        person = demo.browser()
        assert person.log_in(name, password).status_code == 303
        assert _inside(person)
        again = open_demonstration(desk.database, at=desk.clock.now())
        assert again != password
        assert not _inside(person)
        assert demo.browser().log_in(name, password).status_code == 401
        stolen = demo.browser()
        stolen.log_in(name, again)
    live = desk.browser()
    live.client.cookies.update(dict(stolen.client.cookies))
    assert not _inside(live)
    with desk.database.read() as uow:
        assert {staff.role for staff, _ in uow.staff.everyone() if staff.name == name} == {role}


def test_where_a_colleague_has_such_a_name_no_demonstration_account_is_opened(desk: StaffDesk) -> None:
    desk.add("Demo-Approver", Role.APPROVER)
    with pytest.raises(StaffError, match="name_taken"):
        open_demonstration(desk.database, at=desk.clock.now())
    with desk.database.read() as uow:
        assert [staff.name for staff, _ in uow.staff.everyone()] == ["Demo-Approver"]
