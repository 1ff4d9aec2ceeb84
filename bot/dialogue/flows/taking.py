"""An answer is taken: one way for messages, pages and what stood in the first message of all."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from backend.domain.questions import Question
from bot.dialogue.flows.engine import UNSAID, Answers, Filled, Form, Known, Step
from bot.dialogue.flows.heard import Heard


def read(step: Step, heard: Heard) -> Filled:
    """What the words mean at this step. Raises AnswerError, Unread among them."""
    said = step.reader.read(heard)
    return said if isinstance(said, Filled) else Filled(said)


def taken(form: Form, answers: Answers, step: Step, filled: Filled, known: Known) -> Generator[Question, Any, Answers]:
    """Check it, ask the office what the step wants to know, and the answers with it. Raises AnswerError."""
    if filled.value is UNSAID:
        return form.accepted(answers, step, filled, known)
    step.check(filled.value, known)
    found = (yield from step.look_up(filled.value, known)) if step.look_up else {}
    return form.accepted(answers, step, filled, known) | found
