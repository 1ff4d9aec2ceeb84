"""The demand survey of the plan: read from its file, answered once by each follower, tallied without whose the answers are."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from backend.domain.deeds import AnswerSurvey
from backend.domain.surveys import FEWEST, QuestionKind, Survey, SurveyOption, SurveyQuestion, SurveySide, Tally, tally
from backend.store.database import Database
from backend.store.unit_of_work import UnitOfWork

HOME = Path(__file__).parent
IN_FORCE = "demand-2026"


@dataclass(frozen=True, slots=True)
class SideTally:
    """`n` is None where too few answered for anything to be told. `words` are in the order of the alphabet, not of arrival."""

    side: SurveySide
    n: int | None
    tallies: tuple[Tally, ...]
    words: tuple[str, ...]


@cache
def survey_in_force() -> Survey:
    return load_survey(HOME / f"{IN_FORCE}.yml")


def load_survey(path: Path) -> Survey:
    """Raises KeyError or ValueError for a file that is none."""
    content = yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)
    sides = {
        SurveySide(side): tuple(_question(question) for question in questions)
        for side, questions in content["sides"].items()
    }
    return Survey(content["id"], content["title"], content["purpose"], sides)


def _question(held: Mapping[str, Any]) -> SurveyQuestion:
    options = tuple(SurveyOption(str(name), str(label)) for name, label in held.get("options", {}).items())
    kind = QuestionKind(held["kind"])
    if bool(options) is (kind is QuestionKind.WORDS):
        raise ValueError(held["id"])
    return SurveyQuestion(held["id"], kind, held["ask"], options, bool(held.get("optional", False)))


def answer_survey(uow: UnitOfWork, openid: str, deed: AnswerSurvey, *, at: datetime) -> bool:
    """False for answers that are not whole, or of a survey that is not in force: nothing is kept of them."""
    survey = survey_in_force()
    if deed.survey != survey.id or deed.side not in set(SurveySide):
        return False
    if not survey.fits(SurveySide(deed.side), deed.answers):
        return False
    uow.surveys.put(openid, survey.id, deed.side, deed.answers, at=at)
    return True


def kept_when_erased() -> frozenset[str]:
    """Questions whose answers say nothing about who gave them once the name is gone: all that have options."""
    questions = (question for side in survey_in_force().sides.values() for question in side)
    return frozenset(question.id for question in questions if question.kind is not QuestionKind.WORDS)


def tallied(database: Database, survey: Survey) -> tuple[SideTally, ...]:
    """Both sides, counts below five hidden."""
    return tuple(_side(database, survey, side) for side in survey.sides)


def _side(database: Database, survey: Survey, side: SurveySide) -> SideTally:
    with database.read() as uow:
        sets = list(uow.surveys.sets(survey.id, str(side)))
    questions = survey.sides[side]
    told = len(sets) >= FEWEST
    tallies = tuple(tally(question, sets) for question in questions if question.kind is not QuestionKind.WORDS)
    names = [question.id for question in questions if question.kind is QuestionKind.WORDS]
    words = sorted(str(words) for answers in sets for name in names if (words := answers.get(name)))
    return SideTally(side, len(sets) if told else None, tallies, tuple(words) if len(words) >= FEWEST else ())


def as_csv(sides: tuple[SideTally, ...], labels: Mapping[str, str]) -> str:
    """Side, question, option, count; a hidden count is empty. `labels` are the headings and the names of the sides."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow([labels[name] for name in ("side", "question", "option", "count", "answered")])
    for side in sides:
        for one in side.tallies:
            for option, count in one.counts:
                writer.writerow([labels[str(side.side)], one.question.ask, option.label, count, one.n])
    return f"\ufeff{file.getvalue()}"
