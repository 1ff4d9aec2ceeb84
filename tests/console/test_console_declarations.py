"""Both verifications, publication and announcement from the console; and who may see what."""

from __future__ import annotations

from datetime import date

from backend.console.look import official
from backend.domain.declarations import State
from backend.domain.listings import Track
from backend.domain.roles import Role
from tests.support.arrivals import ledger
from tests.support.builders import make_number
from tests.support.busy_office import declare
from tests.support.desk_of_staff import Colleague, StaffDesk

OPEN = ("registry", "holders", "annuity")
FOUND = {f"check.{check}": "pass" for check in OPEN} | {f"seen.{check}": "登记簿副本 2026-001" for check in OPEN}


def _state(desk: StaffDesk, declaration: int) -> State:
    with desk.database.read() as uow:
        return uow.declarations.get(declaration).state


def _id(desk: StaffDesk, name: str) -> str:
    with desk.database.write() as uow:
        held = uow.staff.by_login(name)
    assert held is not None
    return str(held[0].id)


def _do(person: Colleague, declaration: int, move: str, **form: str) -> int:
    person.get(f"/declarations/{declaration}")
    return person.post(f"/declarations/{declaration}/{move}", **form).status_code


def test_a_pilot_goes_through_two_people_into_the_pool(desk: StaffDesk) -> None:
    declaration = declare(desk, 1)
    verifier, approver = desk.enter(Role.VERIFIER, "陈"), desk.enter(Role.APPROVER, "赵")
    assert _do(approver, declaration, "publish") == 422
    verifier.get("/")
    assert "待分派的声明 1 " in verifier.words
    assert _do(verifier, declaration, "assign", to=_id(desk, "陈")) == 303
    verifier.get("/")
    assert "二次核验中的声明 1 分派给您的 1 件" in verifier.words
    assert _do(verifier, declaration, "verify") == 422
    assert "还有未核对或不符的项目" in verifier.words
    assert _do(verifier, declaration, "verify", **FOUND) == 303
    assert _state(desk, declaration) is State.SECOND_VERIFIED
    assert _do(verifier, declaration, "publish") == 403
    assert _do(approver, declaration, "publish") == 303
    assert _state(desk, declaration) is State.LISTED
    approver.get(f"/pool/{make_number(1)}")
    assert "已发布" in approver.words
    approver.get(f"/declarations/{declaration}")
    assert "登记簿副本 2026-001" in approver.words
    assert "陈" in approver.words
    assert any("已作为试点许可发布" in sent.reply.text for sent in ledger(desk.database).values())


def test_a_statutory_one_is_listed_after_its_announcement_by_another_person(desk: StaffDesk) -> None:
    declaration = declare(desk, 1, track=Track.STATUTORY)
    verifier, approver, other = (
        desk.enter(Role.VERIFIER, "陈"), desk.enter(Role.APPROVER, "赵"), desk.enter(Role.APPROVER, "钱")
    )  # fmt: skip
    operator = desk.enter(Role.OPERATOR, "李")
    _do(verifier, declaration, "assign", to=_id(desk, "陈"))
    _do(verifier, declaration, "verify", **FOUND)
    assert _do(approver, declaration, "publish") == 303
    assert _state(desk, declaration) is State.READY
    assert _do(operator, declaration, "file", number="R2026-1", day="2030-01-01") == 422
    assert _do(operator, declaration, "file", number="R2026-1", day="not a day") == 422
    assert _do(operator, declaration, "file", number="R2026-1", day="2026-03-02") == 303
    desk.clock.forward(days=10)
    verifier, approver, other = desk.browser(), desk.browser(), desk.browser()
    for person, name in ((verifier, "陈"), (approver, "赵"), (other, "钱")):
        person.log_in(name)
    assert _do(approver, declaration, "announce", number="CN-2026-9", day="2026-03-10") == 303
    assert _do(approver, declaration, "publish") == 422
    assert "必须是两个人" in approver.words
    assert _do(other, declaration, "publish") == 303
    assert _state(desk, declaration) is State.LISTED
    with desk.database.read() as uow:
        assert uow.declarations.get(declaration).announced_on == date(2026, 3, 10)


def test_an_agency_sees_what_is_assigned_to_it_and_nothing_else(desk: StaffDesk) -> None:
    mine, theirs = declare(desk, 1), declare(desk, 2)
    verifier = desk.enter(Role.VERIFIER, "陈")
    agent = desk.enter(Role.AGENCY_VERIFIER, "周")
    assert agent.get(f"/declarations/{mine}").status_code == 404
    assert _do(verifier, mine, "assign", to=_id(desk, "周")) == 303
    assert agent.get(f"/declarations/{mine}").status_code == 200
    for move in ("verify", "return", "confirm"):
        assert agent.post(f"/declarations/{theirs}/{move}", reason="x", **FOUND).status_code == 404
    agent.get("/declarations")
    assert official(make_number(1)) in agent.words
    assert official(make_number(2)) not in agent.words
    assert _do(agent, mine, "verify", **FOUND) == 303
    assert _state(desk, theirs) is State.FIRST_VERIFIED


def test_colleagues_have_the_papers_of_what_they_may_see(desk: StaffDesk) -> None:
    declaration = declare(desk, 1, track=Track.STATUTORY)
    verifier, approver = desk.enter(Role.VERIFIER, "陈"), desk.enter(Role.APPROVER, "赵")
    agent = desk.enter(Role.AGENCY_VERIFIER, "周")
    package = f"/declarations/{declaration}/papers/package.zip"
    assert approver.get(package).status_code == 404
    _do(verifier, declaration, "assign", to=_id(desk, "陈"))
    _do(verifier, declaration, "verify", **FOUND)
    _do(approver, declaration, "publish")
    approver.get(f"/declarations/{declaration}")
    assert "专利开放许可声明提交包" in approver.words
    answer = approver.get(package)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/zip")
    assert answer.headers["content-disposition"].startswith("attachment; ")
    assert agent.get(package).status_code == 404
    assert approver.get(f"/declarations/{declaration}/papers/x.pdf").status_code == 404


def test_only_the_assigned_verifier_passes_it(desk: StaffDesk) -> None:
    declaration = declare(desk, 1)
    one, other = desk.enter(Role.VERIFIER, "陈"), desk.enter(Role.VERIFIER, "吴")
    _do(one, declaration, "assign", to=_id(desk, "陈"))
    assert _do(other, declaration, "verify", **FOUND) == 422
    assert "没有分派给您" in other.words
    assert _do(one, declaration, "assign", to="4711") == 422
    assert "请选择一位在用的核验员" in one.words


def test_a_return_tells_the_patentee_why_and_reopens_the_steps(desk: StaffDesk) -> None:
    declaration = declare(desk, 1)
    verifier = desk.enter(Role.VERIFIER, "陈")
    assert _do(verifier, declaration, "return", reason="  ") == 422
    assert "请写明原因" in verifier.words
    assert (
        _do(verifier, declaration, "return", reason="许可期限请写到专利届满前", **{"mend.license_ends_on": "1"}) == 303
    )
    with desk.database.read() as uow:
        held = uow.declarations.get(declaration)
    assert (held.state, held.mend) == (State.RETURNED, ("license_ends_on",))
    assert any("许可期限请写到专利届满前" in sent.reply.text for sent in ledger(desk.database).values())


def test_a_finding_that_it_does_not_fit_keeps_it_from_passing(desk: StaffDesk) -> None:
    declaration = declare(desk, 1)
    verifier = desk.enter(Role.VERIFIER, "陈")
    _do(verifier, declaration, "assign", to=_id(desk, "陈"))
    assert _do(verifier, declaration, "verify", **(FOUND | {"check.annuity": "fail"})) == 422
    assert _state(desk, declaration) is State.ASSIGNED


def test_programmes_open_and_close_and_bad_days_do_not(desk: StaffDesk) -> None:
    person = desk.enter()
    for name, first, last in [("", "2026-03-02", "2026-04-01"), ("甲", "2026-04-01", "2026-03-02"), ("甲", "x", "y")]:
        assert person.post("/programmes", name=name, opens_on=first, closes_on=last).status_code == 422
    assert person.post("/programmes", name="甲试点", opens_on="2026-03-02", closes_on="2026-04-01").status_code == 303
    person.get("/programmes")
    assert "甲试点 2026-03-02 2026-04-01 开放中" in person.words
    assert person.post("/programmes/1/close").status_code == 303
    assert person.post("/programmes/1/close").status_code == 404
