"""Random walks over every flow: whatever is said, in whatever order, one can always get to the end; nothing is lost."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.domain.declarations import State
from backend.domain.drafts import Flow, Obstacle
from backend.domain.events import SignUpState
from backend.domain.listings import Track
from backend.domain.patents import PatentKind
from backend.domain.profiles import Profile
from backend.services.declarations.answers import listing_of
from bot.dialogue.flows.catalogue import FORMS
from bot.dialogue.flows.engine import Mark
from bot.dialogue.flows.heard import Frame
from bot.dialogue.flows.opened import Mode, Opened
from bot.dialogue.incoming import Kind
from tests.support.builders import make_number
from tests.support.declarant import AGREED, NOON, OFFICER, Declarant, make_entry, make_record, make_view
from tests.support.events import SIZE, VERDICT, WANTED, make_event_view

NUMBERS = [make_number(serial, kind=kind) for serial in (1, 2) for kind in PatentKind]
OPENERS = {
    Flow.DECLARE: "我要声明",
    Flow.WITHDRAW: "撤回声明",
    Flow.REPRICE: "调整价格",
    Flow.FILE: "登记回执",
    Flow.CONVERT: "转为法定",
    Flow.BIND: "单位认证",
    Flow.LEAVE: "解除单位认证",
    Flow.PROFILE: "填企业资料",
    Flow.FORGET: "删除企业资料",
    Flow.SIGN_UP: "报名",
    Flow.FEEDBACK: "活动评价",
    Flow.NEED: "发布需求",
}
# An answer to every question that leads on.
GOOD = {
    "number": NUMBERS[0],
    "consent": "同意",
    "track": "法定",
    "holder_type": "1",
    "record": "对",
    "title": "一种装置",
    "kind": "发明",
    "filed_on": "2021-03-15，2023-05-06",
    "granted_on": "2023-05-06",
    "holders": "江城大学",
    "co_holders_agree": "是",
    "obstacles": "都没有",
    "pledge": "1",
    "way_out": "已解决",
    "evaluation_report": "WPGBG2023000123",
    "method": "免费",
    "lump_sum_yuan": "5万元",
    "instalments": "分两期，各付一半",
    "entry_fee_yuan": "2万元",
    "royalty_basis": "1",
    "royalty_percent": "3%",
    "unit_yuan": "2元",
    "fee_note": "无",
    "license_ends_on": "默认",
    "license_years": "不限",
    "region": "湖北省",
    "licensee_scope": "不限对象",
    "guidance": "1",
    "use_contact": "1",
    "contact_name": "张三 13800000000 公开",
    "contact_phone": "13800000000",
    "contact_public": "公开",
    "declaration": "1",
    "reason": "1",
    "reason_words": "产品标准更新",
    "holders_agree": "是",
    "effect": "是",
    "anybody": "是",
    "receipt_number": "CN20261122001",
    "institution": "江城理工大学",
    "credit_code": "91350200MA2YJ1XR9G",
    "leave": "是",
    "products": "卤制品保鲜",
    "division": "C13",
    "clusters": "5",
    "place_code": "武汉",
    "size": "2",
    "labels": "都没有",
    "budget_yuan": "3万元",
    "company": "江城卤味厂",
    "forget": "是",
    "event": "1",
    **{f"question_{position}": "1" for position in range(1, 7)},
    "problem": "焊接的不锈钢薄板老是变形，要人工校平",
    "industry": "跳过",
    "ends_on": "三个月内",
}
KIND_WORDS = {PatentKind.INVENTION: "发明", PatentKind.UTILITY_MODEL: "实用新型", PatentKind.DESIGN: "外观设计"}
SAYINGS = st.sampled_from(
    [
        *GOOD.values(), *NUMBERS, "1", "2", "3", "4", "5", "9", "0", "第二个", "最后一个", "是", "否", "都没有", "面议",
        "返回", "返回", "修改第1项", "修改第3项", "修改第9项", "改价格", "改场景", "预览", "取消", "保存", "继续", "重填",
        "帮助", "人工", "不变", "更多", "提交", "新的", "删除", "公开", "3000万元", "30%", "5万左右", "1、4", "质押",
        "价格怎么定？", "那个东西怎么回事？", "有没有锂电池的专利", "我的声明", "我要声明", "撤回声明", "单位认证", "谢谢", "你好",
        "哈哈哈", "……", "2030-12-31，每份3年", "2019-05-05", "CN111504366B", "不知道", "还没有", "长" * 2100,
    ]
) | st.text(max_size=12)  # fmt: skip
PROFILES = st.sampled_from(
    [Profile(), Profile(consents=AGREED), OFFICER, replace(OFFICER, pilots=("试点",)), Profile(pilots=("试点",))]
)


def follower(profile: Profile, *, known: bool) -> Declarant:
    registry = {}
    if known:
        registry = {
            number: make_record(serial, kind=kind)
            for serial in (1, 2)
            for kind in PatentKind
            if (number := make_number(serial, kind=kind))
        }
    mine = (
        make_view(7),
        make_view(8, state=State.READY, on_show=False),
        make_view(9, track=Track.PILOT, answers={"kind": "design"}),
    )
    entries = {entry.id: entry for entry in (make_entry("price", "价格怎么定"), make_entry("pledge", "质押"))}
    events = (
        make_event_view(1, questions=(SIZE, WANTED)),
        make_event_view(2, title="宜昌培训", questions=(VERDICT,), standing=SignUpState.ATTENDED),
    )
    return Declarant(
        profile=profile, registry=registry, mine=mine, entries=entries, events=events, unsure=("怎么回事",)
    )


def holds(ming: Declarant) -> None:
    """What is true after every message."""
    assert json.loads(json.dumps(ming.state)) == ming.state
    if ming.flow is None or not ming.flow.get("flow") or ming.flow.get("mode") == Mode.PICK:
        return
    opened = Opened.load(ming.flow)
    assert len(json.dumps(ming.flow, ensure_ascii=False)) < 3000
    assert opened.saved == ((opened.flow, opened.subject) in ming.drafts)
    assert not (opened.saved and opened.answers)
    stored = ming.drafts[opened.flow, opened.subject].answers if opened.saved else {}
    if opened.flow in {Flow.DECLARE, Flow.BIND} and opened.saved:
        assert "consent" in stored or ming.profile.consents


def asked(ming: Declarant) -> tuple[Any, Opened] | None:
    """The stop that an open flow stands at, and None where no flow is open."""
    if ming.flow is None or not ming.flow.get("flow") or ming.flow.get("mode") == Mode.PICK:
        return None
    opened = Opened.load(ming.flow)
    answers = ming.drafts[opened.flow, opened.subject].answers if opened.saved else opened.answers
    frame = Frame(today=NOON.date(), profile=ming.profile, mine=ming.mine, events=ming.events)
    return FORMS[Flow(opened.flow)].path(answers, frame).current, opened


def good_answer(ming: Declarant, stop: Any) -> str:
    if stop.mark is Mark.DOUBTED:
        return "是"
    if stop.step.id == "reason" and not stop.step.reader.options:
        return "同类许可价格下降"
    if stop.step.id == "kind":
        number = ming.draft(subject=Opened.load(ming.flow or {}).subject)["number"]
        return next(word for kind, word in KIND_WORDS.items() if number in {make_number(n, kind=kind) for n in (1, 2)})
    if stop.step.id == "filed_on" and ming.flow and ming.flow.get("flow") == Flow.FILE:
        return "2026-11-22"
    return GOOD[stop.step.id]


def finish(ming: Declarant) -> None:
    """From wherever the walk has led: the flow at hand is brought to its end, in no more messages than it has steps."""
    for _ in range(40):
        found = asked(ming)
        if found is None:
            return
        stop, opened = found
        if opened.mode is not Mode.STEP:
            ming.say("继续")
        elif stop is None:
            ming.say("继续")
            before = len(ming.submitted)
            assert ming.say("提交").strip()
            assert len(ming.submitted) == before + 1
            return
        else:
            ming.say(good_answer(ming, stop))
        holds(ming)
    raise AssertionError(f"no end: {ming.said}")


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(
    flow=st.sampled_from([Flow.DECLARE, Flow.DECLARE, *Flow]),
    profile=PROFILES,
    known=st.booleans(),
    sayings=st.lists(SAYINGS, max_size=30),
    steadily=st.booleans(),
)
def test_every_walk_ends_in_a_submission_a_draft_or_a_person(
    flow: Flow, profile: Profile, known: bool, sayings: list[str], steadily: bool
) -> None:
    ming = follower(profile, known=known)
    ming.say(OPENERS[flow])
    for said in sayings:
        found = asked(ming)
        if steadily and found and found[0] is not None and found[1].mode is Mode.STEP:
            ming.say(good_answer(ming, found[0]))
        answer = ming.say(said)
        assert answer.strip()
        holds(ming)
    finish(ming)
    for submitted in ming.submitted:
        if submitted.flow == Flow.DECLARE:
            listing = listing_of(submitted.answers)
            assert not listing.barred()
            assert listing.license_ends_on <= listing.expires_on
            assert set(submitted.answers["obstacles"]) <= {str(Obstacle.PLEDGE)}


@settings(max_examples=40)
@given(profile=PROFILES, nonsense=st.lists(st.sampled_from(["嗯哼哼", "啦啦啦", "呵呵呵"]), min_size=3, max_size=3))
def test_three_misses_at_any_strict_question_call_a_person(profile: Profile, nonsense: list[str]) -> None:
    ming = follower(profile, known=True)
    ming.say("我要声明")
    for _ in range(30):
        found = asked(ming)
        if found is None or found[0] is None:
            break
        if not found[0].step.reader.wordy:
            before = len(ming.handoffs)
            for said in nonsense:
                ming.say(said)
            assert len(ming.handoffs) == before + 1
        ming.say(good_answer(ming, found[0]))
    assert "提交" in ming.say("提交")
    assert len(ming.submitted) == 1


@settings(max_examples=40)
@given(flow=st.sampled_from(list(Flow)), kinds=st.lists(st.sampled_from(Kind), max_size=6))
def test_no_kind_of_arrival_breaks_a_flow(flow: Flow, kinds: list[Kind]) -> None:
    ming = follower(OFFICER, known=True)
    ming.say(OPENERS[flow])
    for kind in kinds:
        if kind not in {Kind.UNFOLLOW, Kind.FOLLOW, Kind.SCAN}:
            ming.do(kind, "help" if kind is Kind.TAP else "")
            holds(ming)
    finish(ming)


@settings(max_examples=60)
@given(sayings=st.lists(SAYINGS, max_size=12))
def test_the_same_messages_make_the_same_conversation(sayings: list[str]) -> None:
    """No clock and no dice: a message played again after a crash gives the same answer and the same token."""
    one, other = follower(OFFICER, known=True), follower(OFFICER, known=True)
    assert [one.say(said) for said in ["我要声明", *sayings]] == [other.say(said) for said in ["我要声明", *sayings]]
    assert one.submitted == other.submitted
    assert one.drafts == other.drafts
