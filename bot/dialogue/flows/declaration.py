"""The declaration: what an open license needs said, in the order in which an officer would ask.

Statutory by default (Patent Law art. 50); the pilot track is asked only while a programme is open. Nothing is refused that the
law only advises against, and everything that it forbids is named with its article.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from backend.domain.drafts import Flow, Obstacle
from backend.domain.listings import Guidance, HolderType, Pledge, Suspension, Track
from backend.domain.patents import expires_on, requires_evaluation_report
from bot.dialogue.flows.attachments import ATTACHMENTS, papers_of_declaration
from bot.dialogue.flows.certificate import READING
from bot.dialogue.flows.consent import CONSENT
from bot.dialogue.flows.contact import CONTACT
from bot.dialogue.flows.engine import Answers, Filled, Form, Known, Reader, Step
from bot.dialogue.flows.heard import AnswerError, Frame, Heard, Unread, bared, tidied
from bot.dialogue.flows.patent import NUMBER, RECORD
from bot.dialogue.flows.payment import PAYMENT
from bot.dialogue.flows.readers.amounts import BROKEN_YEARS, without_years, years, years_in
from bot.dialogue.flows.readers.choices import any_of, one_of, pick
from bot.dialogue.flows.readers.days import days_in, one_day
from bot.dialogue.flows.readers.words import code, is_about_the_form, text
from bot.dialogue.say import Say, Value, say


class WayOut(StrEnum):
    """The only answer to a bar: it is gone. Anything else waits in the draft or goes to a person."""

    SOLVED = "solved"


_NOT_YET = re.compile(r"还没有|没有?(?:同意|答复|回复|签)|未同意|不同意|在等|等.{0,6}[答回]复")
_PIECES = re.compile(r"[，,；;、。\s]+")
_PLEDGEE = re.compile(
    r"^(?:[\u4e00-\u9fff]{0,6}银行|[建工农中交招]行|质权人|抵押权人|债权人|对方|他们)+(?:那边|方面|都|也)*"
)
_DAY_BEFORE = re.compile(r"[日号]以?前")
_COMPACT_DAY = re.compile(r"(?<!\d)(?:19|20)\d{6}(?!\d)")
_YEARS_ALONE = re.compile(r"(?:\d{1,3}|[一二两兩三四五六七八九十]{1,3})年")
_SINGLE = re.compile(r"^(?:[每单一]一?[份次个家](?:许可)?|单独|年限)+")
_BESIDE_A_DAY = re.compile(
    r"(?:许可|期限|有效期|截止|终止|结束|届满|日期|一直|到|至|为止|止|就|是|为|吧|的|了|哈|啊|号|日|可以|行|用|[每单]?[份次家个]|从|今天|现在|起|开始|"
    r"以?前|之前|底|末)*"
)
_RESTRICTS = re.compile(
    r"限[于在]?[\u4e00-\u9fff]|只[给许准限在对]|仅|独家|独占|排他|不给|不许|优先|[省市县区]|企业|公司|地区"
)
_RESTRICTED_TO = re.compile(
    r"^(?:就|只|仅|限|许可|给|在|于|面向|授权|对)+|(?:内|境内|范围内|以内|地区|了|吧|就行|都行|都可以|就可以|都要)+$|"
    r"(?<=[省市县区州])的$"
)
_ANY = re.compile(
    r"(?:在|给)?(?:随便|哪里|哪儿|哪个|哪家|谁|任何人?|所有人?|什么人|哪|不管)*(?:都|全)?(?:可以|行|要|给|中)?|不限定?|无所谓"
)
_WHERE_AND_WHOM = re.compile(
    r"([\u4e00-\u9fff]{2,12})[，,；;、 ]+(?:对象)?(?:是|为|：|:)?(不限(?:对象)?|[\u4e00-\u9fff]{2,20}(?:企业|单位|个人|农户))"
)
SHORTEST_LIMIT = 2  # of “国内” and “省内” nothing is left without 内
PLEDGES = (Pledge.WITH_CONSENT, Pledge.WITHOUT_CONSENT)


def _pilot_open(known: Known) -> bool:
    return bool(known.frame.profile.pilots)


def track_of(known: Known) -> Track:
    track: Track = known.get("track", Track.STATUTORY)
    return track


def _is_pilot(known: Known) -> bool:
    return track_of(known) is Track.PILOT


def _bars(known: Known) -> tuple[Obstacle, ...]:
    """What stands against it now. A pledge does not, once the pledgee has consented in writing (art. 86 (4))."""
    pledged_away = known.get("pledge") is Pledge.WITH_CONSENT
    return tuple(bar for bar in known["obstacles"] if not (bar is Obstacle.PLEDGE and pledged_away))


def _ways_out(known: Known) -> Mapping[str, Value]:
    explained: tuple[Say, ...] = tuple(say(f"flow_way_out.{bar}") for bar in _bars(known))
    return {"items": explained}


def _none_left(_value: WayOut, known: Known) -> Mapping[str, Any]:
    kept = tuple(bar for bar in known["obstacles"] if bar not in _bars(known))
    return {"obstacles": kept}


def _solved(heard: Heard) -> WayOut:
    if heard.meaning("none_of_all") or heard.meaning("WayOut"):
        return WayOut.SOLVED
    raise Unread("flow_declare.way_out.error.not_solved", given=heard.plain[:20])


def _pledge_in(heard: Heard, part: str) -> str:
    """“建行书面同意的”, “质权人已经同意了”: who agreed is known."""
    return heard.meaning("Pledge", part) or heard.meaning("Pledge", _PLEDGEE.sub("", tidied(part)))


def _consented(heard: Heard, part: str) -> Mapping[str, Any]:
    """“4，质权人同意了”: the next question is answered with it."""
    said = _pledge_in(heard, part) if "同意" in part else ""
    return {"pledge": Pledge(said)} if said else {}


def _pledge(heard: Heard) -> Any:
    if said := _pledge_in(heard, heard.plain):
        return Pledge(said)
    if _NOT_YET.search(heard.plain) and not re.search(r"[吗呢?？]", heard.plain):  # “还没有，银行没答复”
        return Pledge.WITHOUT_CONSENT
    return pick(heard, heard.plain, PLEDGES, "Pledge")


def _guidance(heard: Heard) -> Any:
    """“提供技术指导，另收费” is one answer; so is “不要”."""
    said = {heard.meaning("Guidance", part) for part in _PIECES.split(heard.plain) if tidied(part)}
    if said == {Guidance.INCLUDED, Guidance.PAID_EXTRA}:
        return Guidance.PAID_EXTRA
    return pick(heard, heard.plain, tuple(Guidance), "Guidance")


def _needs_report(known: Known) -> bool:
    return not _is_pilot(known) and requires_evaluation_report(known["kind"])


def term_ends_on(known: Known) -> date:
    return expires_on(known["kind"], known["filed_on"])


def _license_end(heard: Heard) -> Any:
    """A day, “到专利届满”, or either with the years of a single license: “2030-12-31，每份3年”. Nothing else beside them."""
    spans = [(said.span.start, said.span.end) for said in heard.facts.dates]
    rest = heard.without(*spans) if spans else heard.plain
    broken = BROKEN_YEARS.search(rest)
    if broken and "年" in broken[0]:
        raise AnswerError("flow_common.error.whole_years", given=heard.plain[:30])
    count = years_in(rest)
    if count and not spans and _YEARS_ALONE.fullmatch(bared(tidied(rest))):
        raise AnswerError("flow_declare.license_ends_on.error.which", count=count)
    also: dict[str, Any] = {"license_years": count} if count and count <= 20 else {}  # noqa: PLR2004 as long as any right lasts
    till = bool(heard.meaning("till_expiry"))
    parts = [] if till else _PIECES.split(_COMPACT_DAY.sub(" ", without_years(rest)))
    for part in filter(tidied, parts):
        single = _SINGLE.sub("", tidied(part))
        if heard.meaning("till_expiry", part):
            till = True
        elif heard.meaning("no_limit", single):
            also.setdefault("license_years", None)
        elif not _BESIDE_A_DAY.fullmatch(single):
            raise _no_term(heard)
    if till:
        return Filled(None, {"license_years": None} if heard.meaning("by_default") and not also else also)
    stretch = [said for said in heard.facts.dates if said.last]
    if stretch and not days_in(heard):
        last = stretch[0].last
        until = last is not None and _DAY_BEFORE.search(heard.plain)  # “12月31号前” still holds on that day
        return Filled(last + timedelta(days=1) if last and until else last, also)
    return Filled(one_day(heard), also)


def _no_term(heard: Heard) -> AnswerError:
    """What is wrong with words that are more than a term, or none."""
    if _RESTRICTS.search(heard.plain):
        return AnswerError("flow_declare.license_ends_on.error.restricted")
    one_day(heard)  # raises where there is no day at all
    return AnswerError("flow_declare.license_ends_on.error.left_over", given=heard.plain[:30])


def _limits(most: int, beside: str = "") -> Reader:
    """For whom or where: “只给湖北省的” is written down as 湖北省; `beside` is the step that “湖北省，不限对象” answers too."""
    free = text(most=most)

    def read(heard: Heard) -> Any:
        said = free.read(heard)
        if is_about_the_form(heard) or heard.meaning("Guidance") or any(letter.isdigit() for letter in said):
            raise Unread("flow_declare.error.no_limit", given=heard.text[:20])
        both = _WHERE_AND_WHOM.fullmatch(said) if beside else None
        if both:
            return Filled(_RESTRICTED_TO.sub("", both[1]), {beside: both[2].removesuffix("对象")})
        if _ANY.fullmatch(bared(tidied(heard.plain))):
            return "不限"
        bare = _RESTRICTED_TO.sub("", said).strip()
        return said if said.startswith("除") or len(bare) < SHORTEST_LIMIT else bare

    return replace(free, read=read)


def _ends_in_time(value: date | None, known: Known) -> None:
    if value is None:
        return
    if value > term_ends_on(known):
        raise AnswerError("flow_declare.license_ends_on.error.beyond", expires_on=term_ends_on(known))
    if value <= known.frame.today:
        raise AnswerError("flow_declare.license_ends_on.error.past")


def _end(value: Any) -> date | None:
    return date.fromisoformat(value) if value else None


def _license_years_fit(value: int | None, known: Known) -> None:
    ends = known["license_ends_on"] or term_ends_on(known)
    if value is not None and known.frame.today.year + value > ends.year + 1:
        raise AnswerError("flow_declare.license_years.error.longer", ends_on=ends)


def _finish(answers: Answers, known: Known) -> Answers:
    """What follows from the answers, in the fields of the information table."""
    profile = known.frame.profile
    final = {"track": str(Track.STATUTORY), **answers}
    final["license_ends_on"] = answers.get("license_ends_on") or term_ends_on(known).isoformat()
    final["exclusive_license"] = False
    final["suspension"] = str(Suspension.NONE)
    final["pledge"] = answers.get("pledge", str(Pledge.NONE))
    if profile.holder_type and "holder_type" not in final:
        final["holder_type"] = str(profile.holder_type)
    if profile.credit_code:
        final["credit_code"] = profile.credit_code
    return {name: value for name, value in final.items() if value != ""}


def _subject(answers: Answers, frame: Frame) -> str:
    """An officer keeps a draft per patent, anybody else has one."""
    return str(answers.get("number", "")) if frame.profile.bound else ""


DECLARATION = Form(
    flow=Flow.DECLARE,
    finish=_finish,
    subject=_subject,
    papers=papers_of_declaration,
    steps=(
        READING,
        NUMBER,
        CONSENT,
        Step(id="track", reader=one_of(Track), when=_pilot_open),
        Step(
            id="holder_type",
            reader=one_of(HolderType),
            when=lambda known: known.frame.profile.holder_type is None,
        ),
        *RECORD,
        Step(
            id="obstacles", reader=any_of(Obstacle, clear="ClearOf", beside=_consented), forgets=("pledge", "way_out")
        ),
        Step(
            id="pledge",
            reader=replace(one_of(PLEDGES), read=_pledge),
            when=lambda known: Obstacle.PLEDGE in known["obstacles"],
        ),
        Step(
            id="way_out",
            reader=Reader(_solved, dump=str, load=WayOut),
            when=lambda known: bool(_bars(known)),
            settles=_none_left,
            asks=_ways_out,
            listed=False,
            kept=False,
        ),
        Step(
            id="evaluation_report",
            reader=code("flow_declare.evaluation_report.error.shape", "flow_declare.evaluation_report.error.missing"),
            when=_needs_report,
            asks=lambda known: {"kind": known["kind"]},
        ),
        *PAYMENT,
        Step(
            id="license_ends_on",
            reader=Reader(
                _license_end,
                dump=lambda value: value.isoformat() if value else None,
                load=_end,
                show=lambda value: value or say("flow_declare.license_ends_on.till_expiry"),
            ),
            check=_ends_in_time,
            asks=lambda known: {"expires_on": term_ends_on(known)},
        ),
        Step(id="license_years", reader=years(), check=_license_years_fit),
        Step(id="region", reader=_limits(100, "licensee_scope"), when=_is_pilot),
        Step(id="licensee_scope", reader=_limits(200), when=_is_pilot),
        Step(id="guidance", reader=replace(one_of(Guidance), read=_guidance)),
        Step(id="scenes", reader=text(least=4, most=1000), optional=True),
        *CONTACT,
        ATTACHMENTS,
    ),
)
