"""A technical need: the problem, where, for how much, until when, and whom to call."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from backend.domain import needs
from backend.domain.drafts import Flow
from backend.domain.hubei import places
from bot.dialogue.flows.consent import consent_to
from bot.dialogue.flows.engine import Answers, Form, Known, Reader, Step
from bot.dialogue.flows.heard import AnswerError, Frame, Heard, Unread
from bot.dialogue.flows.readers.amounts import small_number, sum_in
from bot.dialogue.flows.readers.people import person, phone
from bot.dialogue.flows.readers.words import cleaned, text
from bot.dialogue.meaning import Meaning
from bot.dialogue.say import Value, say

MOST_PROBLEM, LEAST_PROBLEM = 600, 6
_STRETCH = re.compile(
    r"(?<![\d年月-])(\d{1,3}|[一二两三四五六七八九十]{1,3}|半)(?<!第.)\s?个?(年|月|周|星期|天)(?!底|末|初|\d)(?=[之以]?内|后|$|[，。,吧])"
)
_WISH = re.compile(
    r"^(?:我要|我想|我们想|想|帮我|请|能不能)?(?:发布|发个|发一?条|发|登记|登一?条|提交|新增)?(?:一条|一个)?(?:技术)?(?:需求|求购|难题)(?:如下)?"
    r"[，,：:。 ]*"
)


def _problem(heard: Heard, _meaning: Meaning) -> Answers:
    """“我们厂焊缝老开裂，预算十万，登一条”: the wish itself already says it. “我要发布需求” does not."""
    said = _WISH.sub("", cleaned(heard.text)).strip()
    if len(said) < LEAST_PROBLEM or not heard.facts.left_over or len(heard.facts.left_over) < LEAST_PROBLEM - 2:
        return {}
    answers: Answers = {"problem": said[:MOST_PROBLEM]}
    if heard.facts.places:
        answers["place_code"] = heard.facts.places[0].code
    if heard.facts.money and heard.facts.money[0].high:
        answers["budget_yuan"] = format(heard.facts.money[0].high.normalize(), "f")
    return answers


def _place(heard: Heard) -> str:
    if heard.meaning("no_limit"):
        return ""
    if not heard.facts.places:
        raise Unread("flow_need.place_code.error.unknown", given=heard.plain[:20])
    return heard.facts.places[0].code


def _budget(heard: Heard) -> Decimal | None:
    """An upper bound: “五万以内”, “5到10万” is up to ten, “面议” is none."""
    if heard.meaning("no_limit") or heard.meaning("negotiable"):
        return None
    if heard.facts.money:
        said = heard.facts.money[0]
        bound = said.high if said.high is not None else said.low
    else:
        bound = sum_in(heard)
    if bound is None:
        raise Unread("flow_need.budget_yuan.error.unread", given=heard.plain[:20])
    if not 0 < bound < Decimal(10) ** 10:
        raise AnswerError("flow_need.budget_yuan.error.range")
    return bound.quantize(Decimal("0.01"))


def _deadline(heard: Heard) -> date:
    """A day, or a stretch of time from today: “三个月内”, “半年”, “年底前”."""
    stretch = _STRETCH.search(heard.plain)
    if stretch:
        return _after(heard.frame.today, stretch[1], stretch[2])
    ends = [said.last for said in heard.facts.dates if said.last]
    if not ends:
        raise Unread("flow_need.ends_on.error.unread", given=heard.plain[:20])
    return ends[-1]


def _after(today: date, count: str, unit: str) -> date:
    number = 6 if count == "半" else small_number(count) or 0
    if unit in {"年", "月"}:
        return needs.months_later(today, number * (12 if unit == "年" and count != "半" else 1))
    return today + timedelta(days=number * (1 if unit == "天" else 7))


def _in_time(value: date, known: Known) -> None:
    if value <= known.frame.today:
        raise AnswerError("flow_need.ends_on.error.past")
    if value > known.frame.today + timedelta(days=needs.LONGEST_DAYS):
        raise AnswerError("flow_need.ends_on.error.far")


def _shown_place(value: str) -> Value:
    return say("place", code=value) if value in places() else say("flow_common.no_limit")


def _shown_budget(value: Decimal | None) -> Value:
    return say("flow_common.no_limit") if value is None else say("search.price_up_to", high=say("yuan", amount=value))


def _known_place(value: Any) -> str:
    if value and value not in places():
        raise ValueError(value)
    return str(value or "")


def _too_many(frame: Frame) -> str:
    return "flow_need.too_many" if frame.profile.open_needs >= needs.MOST_OPEN else ""


NEED = Form(
    flow=Flow.NEED,
    bars=_too_many,
    begun=_problem,
    steps=(
        Step(id="problem", reader=replace(text(least=LEAST_PROBLEM, most=MOST_PROBLEM, sober=False), anything=True)),
        consent_to(needs.PURPOSE, needs.VERSION, texts="flow_need"),
        Step(id="industry", reader=text(least=2, most=40, may_skip=True, sober=False)),
        Step(id="place_code", reader=Reader(_place, load=_known_place, show=_shown_place)),
        Step(
            id="budget_yuan",
            reader=Reader(
                _budget,
                dump=lambda value: None if value is None else format(value.normalize(), "f"),
                load=lambda value: None if value is None else Decimal(str(value)),
                show=_shown_budget,
            ),
        ),
        Step(
            id="ends_on",
            reader=Reader(_deadline, dump=date.isoformat, load=date.fromisoformat),
            check=_in_time,
        ),
        Step(id="contact_name", reader=person()),
        Step(id="contact_phone", reader=phone(), texts="flow_contact"),
    ),
)
