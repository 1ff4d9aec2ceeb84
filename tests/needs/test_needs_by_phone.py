"""A shop owner posts a need, a holder answers, an office asks a survey: all of it in the chat and on the page."""

from __future__ import annotations

import re
from datetime import timedelta

import httpx

from backend.domain.clock import day_of
from backend.domain.needs import MOST_OPEN, months_later
from backend.services.alerts.round import AlertRound
from backend.services.needs.posting import post_need
from backend.services.surveys import survey_in_force
from tests.alerts.test_by_phone import browser_of
from tests.support.alerted import WORDING
from tests.support.office import Office, Phone

TOKEN = re.compile(r'name="token" value="([0-9a-f]{64})"')


def go_round(office: Office, phone: Phone) -> str:
    """The worker's round; what reaches the phone by it."""
    parts = office.parts
    before = phone.last
    AlertRound(parts.database, parts.index, parts.clock, WORDING, demonstration=True).run()
    office.deliver()
    return "\n".join(phone.heard(before))


def post(phone: Phone, first: str) -> str:
    phone.say(first)
    for words in ("同意", "食品加工", "荆州", "三个月内", "张三 13812345678"):
        said = phone.say(words)
    return said


def test_a_need_in_one_sentence_is_posted_matched_changed_and_closed(phone: Phone, office: Office) -> None:
    review = post(phone, "我们厂做小龙虾加工，分拣和去壳全靠人工，慢得很，想找机器，预算十万，帮我登一条需求")
    assert "预算：10万元以内" in review
    assert "联系电话：13812345678" in review
    assert "已登记" in phone.say("提交")
    found = go_round(office, phone)
    assert "小龙虾仁低温酶法脱壳" in found
    listed = phone.say("我的需求")
    assert "荆州市" in listed
    assert "对得上的专利 1 件" in listed
    assert "小龙虾仁低温酶法脱壳" in phone.say("看第1条")
    assert "20万元以内" in phone.say("第1条预算改成20万")
    phone.say("我的需求")
    assert "已关闭" in phone.say("关闭第1条，找到了")
    assert "没有登记中的需求" in phone.say("我的需求")


def test_a_story_is_taken_as_it_is_told(phone: Phone) -> None:
    phone.say("发布需求")
    assert "您同意吗" in phone.say("有没有办法让焊接的不锈钢薄板不变形，现在都靠人工校平")
    assert "不同意就不保存" in phone.say("不同意")
    phone.say("取消")
    phone.say("2")
    assert "没有登记中的需求" in phone.say("我的需求")


def test_the_last_day_lies_ahead_and_not_too_far(phone: Phone, office: Office) -> None:
    phone.say("发布需求")
    for words in ("焊接的不锈钢薄板老是变形，要人工校平", "同意", "跳过", "不限", "面议"):
        said = phone.say(words)
    assert "什么时候截止" in said
    assert "今天之后" in phone.say("昨天")
    assert "最长一年" in phone.say("三年内")
    assert "联系人和电话" in phone.say("半年内")
    phone.say("李四 027-87654321")
    today = day_of(office.parts.clock.now())
    assert f"截止日：{months_later(today, 6)}" in phone.say("预览")
    phone.say("修改第5项")
    phone.say("10天")
    assert f"截止日：{today + timedelta(days=10)}" in phone.say("预览")
    phone.say("修改第5项")
    phone.say("一年以内")
    assert f"截止日：{months_later(today, 12)}" in phone.say("预览")


def test_items_are_named_as_this_flow_names_them(phone: Phone) -> None:
    post(phone, "我们厂做小龙虾加工，分拣和去壳全靠人工，慢得很，预算十万，帮我登一条需求")
    assert "哪个行业" in phone.say("改行业")
    phone.say("水产加工")
    assert "想解决什么问题" in phone.say("改难题")
    phone.say("小龙虾去壳太慢，想找省人工的机器")
    assert "许可费最多" in phone.say("改预算")


def test_the_eleventh_need_is_turned_away_before_it_is_written(phone: Phone, office: Office) -> None:
    post(phone, "焊接的不锈钢薄板老是变形，全靠人工校平，预算十万，帮我登一条需求")
    phone.say("提交")
    openid = office.simulator.world.personas[phone.id].openid
    with office.parts.database.write() as uow:
        (need,) = uow.needs.of(openid)
        for _ in range(MOST_OPEN - 1):
            answers = {
                "problem": need.problem, "ends_on": need.ends_on.isoformat(), "contact_name": "张三", "contact_phone": "1",
            }  # fmt: skip
            post_need(uow, openid=openid, answers=answers, at=need.posted_at)
    assert "到上限了" in phone.say("发布需求")


def test_a_number_that_is_nobodys_match(phone: Phone) -> None:
    assert "没有编号 987654" in phone.say("同意联系 987654")


def test_a_holder_is_asked_before_needs_are_shown(phone: Phone) -> None:
    assert "个人信息保护法" in phone.say("企业需求")
    assert "会给您留着" in phone.say("同意")
    assert "没有与您在架专利对得上的需求" in phone.say("企业需求")


def test_the_survey_in_the_chat(phone: Phone, office: Office) -> None:
    assert "专利权人" in phone.say("我要填问卷")
    assert "第1题" in phone.say("2")
    assert "一个序号" in phone.say("1、2")
    for words in ("小型", "2", "第一个", "3", "13", "没有顾虑", "1、2、4"):
        said = phone.say(words)
    assert "第8题" in said
    assert "答完了" in phone.say("跳过")
    assert "第8题" in phone.say("返回")
    assert "答完了" in phone.say("交通不便")
    assert "收到了" in phone.say("提交")
    openid = office.simulator.world.personas[phone.id].openid
    with office.parts.database.read() as uow:
        held = uow.surveys.answered(openid, survey_in_force().id)
    assert held == {
        "size": "small", "knows": "heard", "needs": "now", "budget": "under_50k", "finding": ["peers", "platform"],
        "worries": ["none"], "help": ["finding", "reading", "contract"], "words": "交通不便",
    }  # fmt: skip
    assert "替换原来的" in phone.say("填问卷")


def test_a_survey_that_is_left_keeps_nothing(phone: Phone, office: Office) -> None:
    phone.say("填问卷")
    phone.say("1")
    phone.say("1")
    assert "没有保存" in phone.say("取消")
    openid = office.simulator.world.personas[phone.id].openid
    with office.parts.database.read() as uow:
        assert uow.surveys.answered(openid, survey_in_force().id) is None


def test_the_survey_on_the_page(phone: Phone, office: Office) -> None:
    phone.say("你好")
    with browser_of(phone, office, "/h5/survey") as client:
        page = client.get("/h5/survey?side=holder").text
        some = {"who": "university", "payment": ["free", "lump_sum"], "side": "holder"}
        unfinished = _send(client, page, **some)
        assert unfinished.status_code == 422
        assert "还有 5 题没有答" in unfinished.text
        assert 'value="university" checked' in unfinished.text
        rest = {"knows": "well", "idle": "few", "willing": "free", "worries": ["none"], "help": ["pricing"]}
        assert "收到了" in _send(client, unfinished.text, **some, **rest).text
        assert _send(client, unfinished.text, **some, **(rest | {"idle": "thousands"})).status_code == 422
    openid = office.simulator.world.personas[phone.id].openid
    with office.parts.database.read() as uow:
        assert (uow.surveys.answered(openid, survey_in_force().id) or {})["payment"] == ["free", "lump_sum"]


def _send(client: httpx.Client, page: str, **fields: object) -> httpx.Response:
    token = TOKEN.search(page)
    assert token
    return client.post("/h5/survey", data={"token": token[1], **fields})
