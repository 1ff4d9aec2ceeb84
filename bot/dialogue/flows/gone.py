"""The open draft is not there any more: it was finished on a page, or thrown away. Which of them is told, and never guessed."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from typing import Any

from backend.domain.declarations import DeclarationView, State
from backend.domain.drafts import Flow
from backend.domain.questions import MyDeclarations, Question
from bot.dialogue.asking import asks
from bot.dialogue.flows.declared import official
from bot.dialogue.flows.opened import Opened
from bot.dialogue.flows.sitting import Sitting
from bot.dialogue.say import Say, say
from bot.dialogue.turn import Turn

AFTER = {  # what shows that the flow was finished, by where its declaration stands
    Flow.FILE: frozenset({State.FILED, State.ANNOUNCED, State.LISTED}),
    Flow.WITHDRAW: frozenset({State.WITHDRAWING, State.WITHDRAWN}),
}


def tell(sitting: Sitting) -> Generator[Question, Any, Turn | None]:
    """None where the message is a question: the conversation answers it, with the flow closed."""
    done = yield from _done(sitting)
    if done is None:
        return sitting.at(saved=False).go_on(say("flow_common.draft_gone"))
    if asks(sitting.scene.words):
        return None
    return Turn(replace(sitting.scene.state, flow=None, misses=0, choices=()), (done,))


def _done(sitting: Sitting) -> Generator[Question, Any, Say | None]:
    if sitting.form.flow is Flow.SIGN_UP:
        view = next((view for view in sitting.frame.events if str(view.event.id) == sitting.opened.subject), None)
        standing = view.standing if view else None
        return say("event.already", title=view.event.title, state=standing) if view and standing else None
    if sitting.form.flow is Flow.BIND:
        return say("flow_common.bound_elsewhere") if sitting.frame.profile.bound else None
    mine: tuple[DeclarationView, ...] = (yield MyDeclarations()) or ()
    found = next((view for view in mine if _is_of(view, sitting.form.flow, sitting.opened)), None)
    if found is None:
        return None
    return say("flow_common.done_elsewhere", title=found.title, number=official(found.number), standing=found.state)


def _is_of(view: DeclarationView, flow: Flow, opened: Opened) -> bool:
    if not opened.about:
        return False
    if flow is Flow.DECLARE:
        return view.number == opened.about and view.state in State.alive() - {State.RETURNED}
    if flow in AFTER:
        return str(view.id) == opened.about and view.state in AFTER[flow]
    return str(view.replaces_id or "") == opened.about
