"""Flows on a declaration that was made: take it back, change its price, tell of its filing, turn a pilot into a statutory one."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum
from typing import Any

from backend.domain.declarations import DeclarationView, State
from backend.domain.drafts import Flow
from backend.domain.listings import Track
from backend.domain.patent_number import PatentNumber
from backend.domain.patents import PatentKind, requires_evaluation_report
from bot.dialogue.flows.engine import Answers, Form, Known, Reader, Step
from bot.dialogue.flows.heard import AnswerError, Frame, Heard, bared, tidied
from bot.dialogue.flows.payment import PAYMENT
from bot.dialogue.flows.readers.choices import must, one_of
from bot.dialogue.flows.readers.days import day
from bot.dialogue.flows.readers.numbers import patent_number
from bot.dialogue.flows.readers.words import code, text
from bot.dialogue.say import Say, Value, say

Fits = Callable[[DeclarationView], bool]
MOST_OFFERED = 9


class Reason(StrEnum):
    """Why a declaration is taken back. A withdrawal needs a reason that holds (CNIPA, answers of 2024-08-28)."""

    TRANSFER = "transfer"
    OWN_USE = "own_use"
    EXCLUSIVE = "exclusive"
    TERMS = "terms"
    OTHER = "other"


def _withdrawable(view: DeclarationView) -> bool:
    return view.state in State.alive() - {State.WITHDRAWING}


def _ready(view: DeclarationView) -> bool:
    return view.track is Track.STATUTORY and view.state is State.READY


def _listed_pilot(view: DeclarationView) -> bool:
    return view.track is Track.PILOT and view.state is State.LISTED


def fitting(frame: Frame, fits: Fits) -> tuple[DeclarationView, ...]:
    return tuple(view for view in frame.mine if fits(view))


def chosen(known: Known) -> DeclarationView | None:
    return next((view for view in known.frame.mine if view.id == known["declaration"]), None)


def official(number: str) -> str:
    return PatentNumber(number.split(".", maxsplit=1)[0]).official


def offered(views: tuple[DeclarationView, ...]) -> tuple[Say, ...]:
    return tuple(
        say("flow_mine.choice", position=position, title=view.title, number=official(view.number), standing=view.state)
        for position, view in enumerate(views[:MOST_OFFERED], 1)
    )


def _which(fits: Fits) -> Step:
    """One of the follower's own declarations, by its place in the list or its patent number. The value is its id."""
    numbers = patent_number()

    def read(heard: Heard) -> int:
        views = fitting(heard.frame, fits)
        compact = bared(tidied(heard.plain))
        said = int(compact) if re.fullmatch(r"\d{1,2}", compact) else heard.facts.ordinal
        if said is not None and not heard.facts.numbers:
            position = min(len(views), MOST_OFFERED) if said == -1 else said
            if not 1 <= position <= min(len(views), MOST_OFFERED):
                raise AnswerError("flow_common.error.position", count=len(views))
            return views[position - 1].id
        if len(views) == 1 and heard.meaning("yes_no") == "yes":
            return views[0].id
        number = numbers.read(heard)
        return next((view.id for view in views if view.number == number), 0) or _not_mine(number)

    def still_fits(value: int, known: Known) -> None:
        if not any(view.id == value for view in fitting(known.frame, fits)):
            raise AnswerError("flow_mine.error.gone")

    return Step(
        id="declaration",
        reader=Reader(read, load=int, show=str),
        check=still_fits,
        asks=lambda known: {"choices": offered(fitting(known.frame, fits))},
        listed=False,
    )


def _not_mine(number: str) -> int:
    raise AnswerError("flow_mine.error.not_yours", number=official(number))


def _about(known: Known) -> Mapping[str, Value]:
    view = chosen(known)
    return {
        "title": view.title if view else "",
        "number": official(view.number) if view else "",
        "announced_on": view.announced_on if view else None,
    }


def _none_fit(fits: Fits, key: str) -> Callable[[Frame], str]:
    return lambda frame: "" if fitting(frame, fits) else key


def _reason(answers: Answers, _known: Known) -> Answers:
    """The office reads one text: the words where they were given, else the name of the reason."""
    words = answers.pop("reason_words", "")
    return {**answers, "reason": words or answers["reason"]}


def _agreement(error: str) -> Step:
    return Step(
        id="holders_agree",
        reader=must(error),
        texts="flow_mine",
    )


def _effect(known: Known) -> bool:
    view = chosen(known)
    return view is not None and view.on_show


WITHDRAWAL = Form(
    flow=Flow.WITHDRAW,
    bars=_none_fit(_withdrawable, "flow_withdraw.nothing"),
    finish=_reason,
    steps=(
        _which(_withdrawable),
        Step(id="reason", reader=one_of(Reason), asks=_about),
        Step(
            id="reason_words",
            reader=text(least=4, most=500, sober=False),
            when=lambda known: known["reason"] is Reason.OTHER,
        ),
        _agreement("flow_mine.holders_agree.error.needed"),
        Step(
            id="effect",
            reader=must("flow_withdraw.effect.error.not_understood"),
            when=_effect,
            listed=False,
            kept=False,
        ),
    ),
)

REPRICING = Form(
    flow=Flow.REPRICE,
    bars=_none_fit(_withdrawable, "flow_reprice.nothing"),
    steps=(
        _which(_withdrawable),
        Step(
            id="effect",
            reader=must("flow_reprice.effect.error.not_understood"),
            asks=_about,
            listed=False,
            kept=False,
        ),
        *PAYMENT,
        Step(id="reason", reader=text(least=2, most=500, sober=False)),
        _agreement("flow_mine.holders_agree.error.needed"),
    ),
)


def _filed_in_time(value: date, known: Known) -> None:
    view = chosen(known)
    if value > known.frame.today or (view and value < view.submitted_at.date()):
        raise AnswerError("flow_file.filed_on.error.impossible")


FILING = Form(
    flow=Flow.FILE,
    bars=_none_fit(_ready, "flow_file.nothing"),
    steps=(
        _which(_ready),
        Step(id="receipt_number", reader=code("flow_file.receipt_number.error.shape"), asks=_about),
        Step(id="filed_on", reader=day(), check=_filed_in_time),
    ),
)


def _needs_report(known: Known) -> bool:
    view = chosen(known)
    if view is None or view.answers.get("evaluation_report"):
        return False
    kind: Any = view.answers.get("kind")
    return bool(kind) and requires_evaluation_report(PatentKind(kind))


CONVERSION = Form(
    flow=Flow.CONVERT,
    bars=_none_fit(_listed_pilot, "flow_convert.nothing"),
    steps=(
        _which(_listed_pilot),
        Step(
            id="anybody",
            reader=must("flow_convert.anybody.error.needed"),
            asks=_about,
            listed=False,
            kept=False,
        ),
        Step(
            id="evaluation_report",
            reader=code("flow_declare.evaluation_report.error.shape", "flow_declare.evaluation_report.error.missing"),
            when=_needs_report,
            asks=lambda known: {"kind": PatentKind((chosen(known) or known.frame.mine[0]).answers["kind"])},
            texts="flow_declare",
        ),
        _agreement("flow_mine.holders_agree.error.needed"),
    ),
)
