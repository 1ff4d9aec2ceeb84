"""What the pages show, and that what outsiders wrote stays words."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.console.look import Look, moment, official, plain_words
from backend.console.permissions import NOBODY_YET, RULES, allowed
from backend.domain.roles import SYSTEM, Role
from tests.support.builders import make_listing, make_number
from tests.support.busy_office import EVIL, SHORT_EVIL, fill, publish
from tests.support.desk_of_staff import Colleague, StaffDesk

SAVED = ("{paper}", "{file}", ".csv", "/code")  # files to save are no pages
READS = [
    path
    for (method, path), roles in RULES.items()
    if method == "GET" and roles is not NOBODY_YET and not path.endswith(SAVED)
]
LOOK = Look()
MOMENTS = st.integers(0, 2**42).map(lambda ms: datetime.fromtimestamp(ms / 1000, UTC))
ELSEWHERE = {"/password", "/phone", "/templates"}  # led to from a page, not from the menu
VARIANTS = ["/misses?state=taught", "/handoffs?state=closed", "/declarations?queue=listed", "/audit?verify=1"]


def _concrete(path: str, declaration: int) -> str:
    if path.startswith("/declarations"):
        return path.replace("{id}", str(declaration))
    return path.replace("{id}", "1").replace("{number}", make_number(7))


def _all_pages(person: Colleague, declaration: int) -> dict[str, str]:
    pages = {}
    for path in [*READS, *VARIANTS]:
        answer = person.get(_concrete(path, declaration))
        assert answer.status_code == 200, (path, person.words)
        pages[path] = answer.text
    return pages


@pytest.mark.parametrize("words", [EVIL, SHORT_EVIL], ids=["long", "short"])
def test_what_outsiders_write_is_shown_as_words_on_every_page(desk: StaffDesk, words: str) -> None:
    declaration = fill(desk, words)
    pages = _all_pages(desk.enter(name="甲<b>"), declaration)
    for path, page in pages.items():
        assert "<script>" not in page, path
        assert "<img src=x" not in page, path
        assert "<b>甲" not in page, path
        assert "甲<b>" not in page, path
        assert "8641969" not in page, path
    shown = [path for path, page in pages.items() if "&lt;img src=x" in page]
    assert {"/handoffs", "/handoffs/{id}", "/misses", "/pool", "/pool/{number}", "/imports", "/institutions",
            "/declarations", "/declarations/{id}", "/audit", "/companies", "/companies/{id}", "/labels", "/rates",
            "/pool/{number}/matching", "/campaigns", "/campaigns/{id}", "/campaigns/{id}/recipients", "/events",
            "/events/{id}", "/events/{id}/edit", "/events/{id}/door"} <= set(shown)  # fmt: skip


def test_what_is_typed_into_filters_comes_back_as_words(desk: StaffDesk) -> None:
    person = desk.enter()
    for path in ("/pool?words=", "/pool?kind=", "/deliveries?status=", "/audit?subject=", "/login?next=", "/?done="):
        answer = person.client.get("/console" + path + "%3Cscript%3Ealert(1)%3C/script%3E%22%3E")
        assert "<script>alert" not in answer.text


def test_no_page_holds_a_script_a_style_or_an_address_of_somebody_else(small_desk: StaffDesk) -> None:
    declaration = fill(small_desk)
    person = small_desk.enter()
    pages = _all_pages(person, declaration)
    person.post("/logout")
    pages["/login"] = person.get("/login").text
    for path, page in pages.items():
        scripts = re.findall(r"<script[^>]*>", page)
        assert all('src="/console/static/' in script for script in scripts), path
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:|hx-on", page), path
        assert not re.search(r"(?:src|href|action|hx-get)=\"(?!/console/|\?|#)[^\"]*", page), path


def test_every_answer_carries_the_strict_headers(small_desk: StaffDesk) -> None:
    person = small_desk.enter()
    for path in ("/", "/login", "/nowhere", "/static/console.css", "/handoffs/4711"):
        headers = person.get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert headers["cache-control"] == "no-store"
        assert headers["x-frame-options"] == "DENY"
        assert headers["x-content-type-options"] == "nosniff"


def test_the_look_is_served_from_here_with_its_licence() -> None:
    from backend.console.look import HOME

    assert "Zero-Clause BSD" in (HOME / "static" / "htmx.LICENSE.txt").read_text()
    assert 'version:"2.0' in (HOME / "static" / "htmx.min.js").read_text()


def test_the_overview_counts_what_is_there(desk: StaffDesk) -> None:
    fill(desk)
    person = desk.enter()
    for tile, number in [
        ("等待答复的人工请求", 1), ("待核验的专利", 1),
        ("待分派的声明", 1), ("待发布的声明", 0), ("今天答不上的问题", 2), ("收到的消息", 2), ("专利池在架", 2),
        ("今天的导入", 2), ("今天没送到的消息", 0),
    ]:  # fmt: skip
        assert re.search(rf"{tile} {number} ", person.words), (tile, person.words)
    desk.clock.forward(days=1)
    person = desk.enter(name="明天")
    assert "收到的消息 0 " in person.words
    assert "专利池在架 2 " in person.words


def test_the_pool_is_filtered_by_each_column_and_paged(desk: StaffDesk) -> None:
    publish(desk, *[make_listing(serial, title=f"散热{serial}_号") for serial in range(1, 61)])
    publish(desk, make_listing(61, title="100%纯", place_code="420500", holders=("宜昌测试公司",)), by="")
    person = desk.enter()
    person.get("/pool")
    assert "共 61 条，第 1 / 2 页" in person.words
    person.get("/pool?page=2")
    assert "第 2 / 2 页" in person.words
    for query, count in [
        ("words=100%25", 1), ("words=%25", 1), ("words=7_", 6), ("words=宜昌测试", 1), ("place=420500", 1),
        (f"words={make_number(5)}", 1), (f"words={official(make_number(5))}", 1), ("words=zl 2021 1 99", 61),
        ("kind=design", 0), ("track=pilot", 61), ("status=withdrawn", 0),
        ("kind=nonsense", 61), ("words=' OR 1=1 --", 0),
    ]:  # fmt: skip
        person.get(f"/pool?{query}")
        found = f"共 {count} 条" in person.words if count else "没有符合条件的专利" in person.words
        assert found, (query, person.words[-200:])


@given(MOMENTS)
def test_a_moment_that_a_finding_rests_on_is_shown_like_every_other(at: datetime) -> None:
    assert LOOK.evidence(str(at), "as_of") == LOOK.evidence(at.isoformat(), "as_of") == moment(at)


def test_what_a_finding_rests_on_is_read_in_words() -> None:
    assert LOOK.evidence("2026-11-28 06:33:11.396355+00:00", "as_of") == "2026-11-28 14:33"
    assert LOOK.evidence("2026-11-28", "due_on") == "2026-11-28"
    assert LOOK.evidence(make_number(1), "number") == "ZL 2021 1 9900001.9"
    assert LOOK.evidence("不是号", "number") == "不是号"
    assert LOOK.evidence("in_force", "status") == "有效"


def test_words_with_placeholders_are_read_over_without_marks() -> None:
    assert plain_words("您好((企业??，((企业))))。有 ((件数)) 件") == "您好，〔企业〕。有 〔件数〕 件"
    assert plain_words("没写完((企业") == "没写完((企业"


def test_the_audit_log_and_the_unanswered_are_in_words(desk: StaffDesk) -> None:
    with desk.database.write() as uow:
        uow.misses.add(openid="hua", question="哪里办", offered=["declare_channel"], chosen="", at=desk.clock.now())
        uow.audit.add(SYSTEM, "event.publish", "event:3", before="draft", after="published", at=desk.clock.now())
        uow.audit.add(SYSTEM, "brief.hand_in", "brief:4", after="waiting:1203", at=desk.clock.now())
    person = desk.enter(name="王老师")
    person.get("/misses")
    assert "声明在哪里提交" in person.words
    assert "declare_channel" not in person.words
    person.get("/audit")
    for words in ("活动 #3 草稿 → 报名中", "推送 #4 — → 待审批，1203 人", "登录 账号 王老师"):
        assert words in person.words
    person.get("/audit?kind=event&number=")
    assert "活动 #3" in person.words
    assert "推送 #4" not in person.words
    person.get("/audit?kind=event&number=9")
    assert "没有记录" in person.words


def test_a_patent_shows_every_version_of_its_terms(desk: StaffDesk) -> None:
    publish(desk, make_listing(1, remark="第一版"))
    publish(desk, make_listing(1, remark="第二版"))
    person = desk.enter(Role.AUDITOR)
    person.get(f"/pool/{make_number(1)}")
    assert "第二版" in person.words
    older = re.findall(r"\?version=(\d+)", person.page)[-1]
    person.get(f"/pool/{make_number(1)}?version={older}")
    assert "第一版" in person.words


def test_a_menu_shows_what_the_role_may_open(small_desk: StaffDesk) -> None:
    for role in Role.staff():
        person = small_desk.enter(role)
        person.get("/")
        links = set(re.findall(r'<li><a href="/console(/\w*)"', person.page))
        assert links == {
            path
            for path in READS
            if not {"{", "."} & set(path) and path not in ELSEWHERE and allowed(role, "GET", path)
        }


def test_without_the_database_a_page_says_so(small_desk: StaffDesk) -> None:
    person = small_desk.enter()
    with small_desk.database.write() as uow:
        uow.connection.exec_driver_sql("ALTER TABLE staff_session RENAME TO gone")
    answer = person.get("/")
    assert answer.status_code == 503
    assert "数据库暂时连不上" in person.words
    assert "gone" not in person.page
