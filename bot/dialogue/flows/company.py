"""A company says what it is, so that patents can be matched to it: own words first, everything else may be skipped."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from decimal import Decimal
from typing import Any

from backend.domain.companies import CONSENT_PURPOSE, CompanyLabel, CompanySize
from backend.domain.drafts import Flow
from backend.domain.hubei import clusters, places
from backend.domain.industries import division_coded, divisions, divisions_in
from bot.dialogue.flows.consent import consent_to
from bot.dialogue.flows.engine import Answers, Form, Reader, Step
from bot.dialogue.flows.heard import AnswerError, Frame, Heard, Unread, bared, tidied
from bot.dialogue.flows.readers.amounts import sum_in
from bot.dialogue.flows.readers.choices import any_of, must, one_of
from bot.dialogue.flows.readers.words import shortened, text
from bot.dialogue.meaning import Meaning
from bot.dialogue.say import Value, say

VERSION = "2026-11"  # of the wording in bot/texts/zh/flow_profile.yml
_PARTS = re.compile(r"[\s,，、;；/和与及]+")
_NUMBER = re.compile(r"\d{1,2}")
SIZES = one_of(CompanySize)
_SAYS_SO = re.compile(r"^(?:我们|我)?(?:是|做|属于|属|搞)*|(?:行业|产业|集群|这一行|这行|的)*$")


def _division(heard: Heard) -> str:
    """A code, an official name or what people call it; empty where it is skipped."""
    if heard.meaning("skip") or heard.meaning("not_sure"):
        return ""
    said = unicodedata.normalize("NFKC", heard.plain)
    coded = division_coded(bared(tidied(said)))
    if coded:
        return coded.code
    found = divisions_in(said)
    if not found:
        raise Unread("flow_profile.division.error.unknown", given=heard.text[:20])
    if len(found) > 1:
        named = tuple(f"{division.code} {division.name}" for division in found[:6])
        raise AnswerError("flow_profile.division.error.several", items=named)
    return found[0].code


def _shown_division(code: str) -> Value:
    return say("flow_common.nothing") if not code else f"{code} {divisions()[code].name}"


def _known_division(value: Any) -> str:
    code = str(value)
    if code and code not in divisions():
        raise ValueError(code)
    return code


def _clusters(heard: Heard) -> tuple[str, ...]:
    """Numbers or names of the 51020 clusters, everyday names too; none where it is skipped."""
    if heard.meaning("skip") or heard.meaning("none_of_all") or heard.meaning("not_sure"):
        return ()
    parts = [part for part in _PARTS.split(unicodedata.normalize("NFKC", heard.plain)) if part]
    found = [number for part in parts for number in _cluster(heard, part)]
    if not found:
        raise Unread("flow_profile.clusters.error.unknown", given=heard.text[:20])
    return tuple(dict.fromkeys(number for number in clusters() if number in found))


def _cluster(heard: Heard, part: str) -> list[str]:
    if _NUMBER.fullmatch(part):
        number = part.zfill(2)
        if number not in clusters():
            raise AnswerError("flow_common.error.position", count=len(clusters()))
        return [number]
    said = _SAYS_SO.sub("", tidied(part))
    named = heard.words.get("cluster", {}).get(said)
    if named:
        return [named]
    return [number for number, name in clusters().items() if name in part or (len(said) > 1 and said == name)]


def _shown_clusters(value: tuple[str, ...]) -> Value:
    return tuple(clusters()[number] for number in value) if value else say("flow_common.nothing")


def _known_clusters(value: Any) -> tuple[str, ...]:
    return tuple(str(number) for number in value if str(number) in clusters())


def _place(heard: Heard) -> str:
    if heard.facts.places:
        return heard.facts.places[0].code
    if heard.meaning("skip") or heard.meaning("not_sure"):
        return ""
    raise Unread("flow_profile.place_code.error.unknown", given=heard.text[:20])


def _shown_place(code: str) -> Value:
    return say("place", code=code) if code in places() else say("flow_common.nothing")


def _size(heard: Heard) -> CompanySize | None:
    size: CompanySize | None = None if heard.meaning("skip") or heard.meaning("not_sure") else SIZES.read(heard)
    return size


def _budget(heard: Heard) -> Decimal | None:
    """What can be paid at the beginning; of a range the upper end. None where it is open."""
    if heard.meaning("only_free"):
        return Decimal(0)
    if heard.meaning("skip") or heard.meaning("not_sure") or heard.meaning("negotiable"):
        return None
    said = heard.facts.money
    if len(said) == 1 and not heard.plain.lstrip().startswith(("-", "负")):
        return said[0].high if said[0].high is not None else said[0].low
    value = sum_in(heard)
    if value is None:
        raise Unread("flow_profile.budget_yuan.error.unread", given=heard.text[:20])
    return value


def _shown_budget(value: Decimal | None) -> Value:
    if value is None:
        return say("flow_common.nothing")
    return say("flow_profile.only_free") if value == 0 else say("yuan", amount=value)


def _sum(value: Any) -> Decimal | None:
    if value is None:
        return None
    number = Decimal(str(value))
    if not number.is_finite():
        raise ValueError(value)
    return number


def _heard_at_once(_heard: Heard, meaning: Meaning) -> Answers:
    """What the wish itself already said: “厂子在潜江，做小龙虾加工，记下来”."""
    topics = tuple(dict.fromkeys(entity.value for entity in meaning.entities if entity.name == "topic"))
    answers: Answers = {"products": "、".join(topics)} if topics else {}
    if topics and meaning.facts.places:
        answers["place_code"] = meaning.facts.places[0].code
    return answers


def _no_company(frame: Frame) -> str:
    return "" if frame.profile.has_company else "flow_forget.nothing"


PROFILE = Form(
    flow=Flow.PROFILE,
    begun=_heard_at_once,
    steps=(
        Step(
            id="products",
            reader=Reader(text(least=2, most=199, sober=False).read, show=shortened, wordy=True),
        ),
        consent_to(CONSENT_PURPOSE, VERSION, texts="flow_profile"),
        Step(id="division", reader=Reader(_division, load=_known_division, show=_shown_division)),
        Step(
            id="clusters",
            reader=Reader(_clusters, dump=list, load=_known_clusters, show=_shown_clusters),
            asks=lambda _: {"items": tuple(f"{int(number)}{name}" for number, name in clusters().items())},
        ),
        Step(id="place_code", reader=Reader(_place, load=str, show=_shown_place)),
        Step(
            id="size",
            reader=replace(
                SIZES,
                read=_size,
                dump=lambda value: str(value) if value else "",
                load=lambda value: CompanySize(value) if value else None,
                show=lambda value: value or say("flow_common.nothing"),
            ),
        ),
        Step(id="labels", reader=any_of(CompanyLabel, nothing="no_label")),
        Step(
            id="budget_yuan",
            reader=Reader(
                _budget,
                dump=lambda value: None if value is None else format(value.normalize(), "f"),
                load=_sum,
                show=_shown_budget,
            ),
        ),
        Step(id="company", reader=text(least=2, most=100, sober=False), optional=True),
    ),
)

FORGETTING = Form(
    flow=Flow.FORGET,
    bars=_no_company,
    steps=(Step(id="forget", reader=must("flow_forget.forget.error.stay"), listed=False, kept=False),),
)
