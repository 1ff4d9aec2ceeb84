"""The same draft on a page: the same steps, readers and checks as in the chat, one answer at a time.

A page names the step it answers; everything else is computed from the draft, so chat and page may take turns as they like.
"""

from __future__ import annotations

import hashlib
from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

from backend.domain.deeds import Deed, Submit
from backend.domain.drafts import Draft
from backend.domain.questions import Question
from bot.dialogue.flows.engine import Known, Mark, Step, Stop
from bot.dialogue.flows.entrance import waiting
from bot.dialogue.flows.opened import Opened
from bot.dialogue.flows.sitting import Sitting, digest_of, sit_down
from bot.dialogue.flows.taking import read, taken
from bot.dialogue.turn import Scene


@dataclass(frozen=True, slots=True)
class Asked:
    """A step that a page may ask now, and what is known before it."""

    stop: Stop
    known: Known

    @property
    def step(self) -> Step:
        return self.stop.step


@dataclass(frozen=True, slots=True)
class Kept:
    """What an answer made of the draft: what to do, and the (flow, subject) under which it goes on."""

    deeds: tuple[Deed, ...]
    flow: str
    subject: str


def sit(scene: Scene, draft: Draft) -> Generator[Question, Any, Sitting | None]:
    """The draft with its flow. None where it is gone meanwhile: submitted, thrown away, erased."""
    sitting = yield from sit_down(scene, Opened(flow=draft.flow, subject=draft.subject, saved=True))
    return sitting if sitting.stored is not None else None


def asked(sitting: Sitting, step_id: str) -> Asked | None:
    """The step as it can be answered now; None where the path does not lead to it."""
    path = sitting.path
    stop = next((stop for stop in path.stops if stop.step.id == step_id), None)
    if stop is None:
        return None
    if stop.step.optional or stop is path.current:
        return Asked(stop, path.known)
    before = sitting.form.path(sitting.form.without(sitting.answers, stop.step), sitting.frame)
    now = before.current
    return Asked(stop, before.known) if now is not None and now.step.id == step_id else None


def answer(sitting: Sitting, place: Asked) -> Generator[Question, Any, Kept]:
    """The words of the scene as the answer to this step. Raises AnswerError.

    An officer who names another patent goes on with the draft that waits for it, as in the chat.
    """
    filled = read(place.step, sitting.heard)
    answers = yield from taken(sitting.form, sitting.answers, place.step, filled, place.known)
    after = sitting.with_answers(answers)
    if after.subject not in {"", sitting.subject}:
        other = yield from waiting(after.form.flow, after.subject)
        if other is not None:
            return Kept((*sitting.keeping(), *sitting.taking()), other.flow, other.subject)
    return _kept(after)


def sure(sitting: Sitting, place: Asked) -> Kept | None:
    """The doubtful answer of this step is meant; None where it is not in doubt."""
    if place.stop.mark is not Mark.DOUBTED:
        return None
    return _kept(sitting.with_answers(sitting.form.sure(sitting.answers, place.stop)))


def shown(sitting: Sitting) -> str:
    """What the review showed, in a few letters; empty while something is to be answered."""
    return digest_of(sitting.form.final(sitting.answers, sitting.frame)) if sitting.path.current is None else ""


def submitted(sitting: Sitting, seen: str) -> tuple[Deed, ...]:
    """Exactly what the review showed, with the draft as it stands; empty where that has changed meanwhile.

    The token is made of the answers and the draft's own moment: two taps, or two pages, make one declaration.
    """
    stored = sitting.stored
    if stored is None or not seen or seen != shown(sitting):
        return ()
    moment = stored.saved_at.isoformat() if stored.saved_at else ""
    token = hashlib.sha256(f"{seen}:page:{moment}".encode()).hexdigest()[:32]
    final = sitting.form.final(sitting.answers, sitting.frame)
    deed = Submit(str(sitting.form.flow), sitting.subject, final, token)
    return (*sitting.keeping(), *sitting.taking(), deed)


def _kept(after: Sitting) -> Kept:
    return Kept((*after.keeping(), *after.taking()), str(after.form.flow), after.subject)
