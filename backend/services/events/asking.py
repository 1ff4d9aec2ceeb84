"""Questions of events as data: what is asked afterwards by default, and how staff write their own, one a line."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from backend.domain.events import EventProblem, EventQuestion, QuestionKind

FILE = Path(__file__).parent / "feedback.yml"
_PARTS = re.compile(r"\s*[|｜]\s*")
_OPTIONS = re.compile(r"\s*[/／]\s*")
_MAY_SKIP = ("*", "\uff0a")  # the star of half and of full width


@cache
def standard_feedback() -> tuple[EventQuestion, ...]:
    content: list[dict[str, Any]] = yaml.load(FILE.read_text("utf-8"), Loader=yaml.CSafeLoader)
    return tuple(question_of(held) for held in content)


def question_of(held: dict[str, Any]) -> EventQuestion:
    """From a file: label, text, options where there are some, required unless it says no."""
    options = tuple(str(option) for option in held.get("options", ()))
    kind = QuestionKind.CHOICE if options else QuestionKind.TEXT
    return EventQuestion(
        label=held["label"], text=held["text"], kind=kind, options=options, required=held.get("required", True)
    )


def read_questions(text: str) -> tuple[EventQuestion, ...]:
    """One a line: label | question | option / option. A label that begins with * may be skipped. Raises EventProblem."""
    return tuple(_line(line) for line in text.splitlines() if line.strip())


def _line(line: str) -> EventQuestion:
    parts = _PARTS.split(line.strip())
    if len(parts) not in {2, 3} or not all(parts):
        raise EventProblem("questions")
    options = tuple(option for option in _OPTIONS.split(parts[2]) if option) if len(parts) == 3 else ()  # noqa: PLR2004 as above
    return EventQuestion(
        label=parts[0].lstrip("".join(_MAY_SKIP)).strip(),
        text=parts[1],
        kind=QuestionKind.CHOICE if options else QuestionKind.TEXT,
        options=options,
        required=not parts[0].startswith(_MAY_SKIP),
    )


def written(questions: tuple[EventQuestion, ...]) -> str:
    """The lines again."""
    return "\n".join(
        " | ".join(
            [
                question.label if question.required else f"*{question.label}",
                question.text,
                *([" / ".join(question.options)] if question.options else []),
            ]
        )
        for question in questions
    )
