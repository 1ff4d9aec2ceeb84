"""The demand survey in the chat: which side, one question after the other, one “提交” at the end. Nothing is kept before it."""

from __future__ import annotations

import re
from collections.abc import Generator
from dataclasses import replace
from typing import Any

from backend.domain.deeds import Agree, AnswerSurvey
from backend.domain.questions import MySurvey, Question, ShowSurvey
from backend.domain.surveys import QuestionKind, Survey, SurveyQuestion, SurveySide
from bot.dialogue.asking import asks
from bot.dialogue.flows.heard import tidied
from bot.dialogue.incoming import Kind
from bot.dialogue.say import Say, say
from bot.dialogue.turn import Play, Scene, Turn

PURPOSE, VERSION = "survey", "2026-11"
MOST_WORDS = 500
_NUMBERS = re.compile(r"\d{1,2}")
_ONLY_NUMBERS = re.compile(r"[\d第个项和与及、,，;；.。\s]+")

Maybe = Generator[Question, Any, Turn | None]


def begin(scene: Scene) -> Play:
    survey: Survey = yield ShowSurvey()
    before: dict[str, Any] | None = yield MySurvey()
    again = say("survey.again") if before is not None else None
    link = say("survey.page", link=scene.house.survey) if scene.house.survey else None
    said = say("survey.which_side", title=survey.title, text=survey.purpose, hint=again, more=link)
    return Turn(_with(scene, {"do": "survey", "survey": survey.id, "side": "", "answers": {}}), (said,))


def settle(scene: Scene) -> Maybe:
    """None where the message is no answer: it puts the survey aside, and nothing was kept."""
    pending = scene.state.pending or {}
    survey: Survey = yield ShowSurvey()
    if scene.incoming.kind is not Kind.TEXT or pending.get("survey") != survey.id:
        return None
    said = scene.house.words.get("command", {}).get(tidied(scene.words), "")
    if not said and scene.words in scene.house.commands:
        return None
    if said == "cancel":
        return Turn(_with(scene, None), (say("survey.left"),))
    if not pending["side"]:
        return _side(scene, survey, pending)
    questions, answers = survey.sides[SurveySide(pending["side"])], dict(pending["answers"])
    if said == "back":
        answers = dict(list(answers.items())[:-1])
        return _ask(scene, questions, pending | {"answers": answers})
    question = _open_question(questions, answers)
    if question is None:
        return _finish(scene, survey, pending, said)
    value = _value(scene, question)
    if value is None:
        if asks(scene.words):
            return None
        many = question.kind is QuestionKind.SEVERAL
        said_what = say("survey.unread_several" if many else "survey.unread", count=len(question.options))
        return Turn(scene.state, (said_what, _question(questions, question)))
    return _ask(scene, questions, pending | {"answers": answers | {question.id: value}})


def _side(scene: Scene, survey: Survey, pending: dict[str, Any]) -> Turn | None:
    words = tidied(scene.words)
    sides = {"1": SurveySide.HOLDER, "2": SurveySide.FIRM}
    named = scene.house.words.get("SurveySide", {}).get(words, "")
    side = sides.get(words) or (SurveySide(named) if named else None)
    if side is None:
        return None
    return _ask(scene, survey.sides[side], pending | {"side": str(side)})


def _open_question(questions: tuple[SurveyQuestion, ...], answers: dict[str, Any]) -> SurveyQuestion | None:
    return next((question for question in questions if question.id not in answers), None)


def _ask(scene: Scene, questions: tuple[SurveyQuestion, ...], pending: dict[str, Any]) -> Turn:
    question = _open_question(questions, pending["answers"])
    said = say("survey.all_answered", count=len(questions)) if question is None else _question(questions, question)
    return Turn(_with(scene, pending), (said,))


def _question(questions: tuple[SurveyQuestion, ...], question: SurveyQuestion) -> Say:
    options = tuple(
        say("survey.option", position=position, title=option.label)
        for position, option in enumerate(question.options, 1)
    )
    hint = say("survey.may_skip") if question.optional else None
    return say(
        "survey.question",
        position=questions.index(question) + 1,
        total=len(questions),
        text=question.ask,
        choices=options,
        hint=hint,
    )


def _value(scene: Scene, question: SurveyQuestion) -> Any:
    """By number or by the words of an option; an empty string passes over. None where it cannot be read."""
    words = scene.incoming.text.strip()
    if question.optional and scene.house.words.get("skip", {}).get(tidied(words)):
        return ""
    if question.kind is QuestionKind.WORDS:
        return words[:MOST_WORDS] or None
    chosen = _chosen(scene, question)
    if not chosen:
        return None
    if question.kind is QuestionKind.SEVERAL:
        return chosen
    return chosen[0] if len(chosen) == 1 else None


def _chosen(scene: Scene, question: SurveyQuestion) -> list[str]:
    words = scene.words
    if scene.meaning.facts.ordinal is not None and not _NUMBERS.search(words):
        numbers = [scene.meaning.facts.ordinal]
    elif _ONLY_NUMBERS.fullmatch(words):
        numbers = [int(found) for found in _numbers(words, len(question.options))]
    else:
        compact = tidied(words)
        return [option.id for option in question.options if tidied(option.label) == compact]
    if any(not 1 <= number <= len(question.options) for number in numbers):
        return []
    return [question.options[number - 1].id for number in sorted(set(numbers))]


def _numbers(words: str, count: int) -> list[str]:
    """“135” is three answers where there are fewer than ten to choose from."""
    found = _NUMBERS.findall(words)
    if count < 10 and len(found) == 1 and len(found[0]) > 1:  # noqa: PLR2004 one digit each
        return list(found[0])
    return found


def _finish(scene: Scene, survey: Survey, pending: dict[str, Any], said: str) -> Turn | None:
    answer = scene.house.words.get("yes_no", {}).get(tidied(scene.words))
    if said != "submit" and answer != "yes":
        return Turn(_with(scene, None), (say("survey.left"),)) if answer == "no" else None
    answers = {name: value for name, value in pending["answers"].items() if value != ""}
    deed = AnswerSurvey(survey.id, pending["side"], answers)
    return Turn(_with(scene, None), (say("survey.thanks"),), (Agree(PURPOSE, VERSION), deed))


def _with(scene: Scene, pending: dict[str, Any] | None) -> Any:
    return replace(scene.state, pending=pending, misses=0, choices=(), shown=(), card="")
