"""What is said instead where what an answer says could not be done: others acted meanwhile, or something of ours is wrong."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from backend.domain.deeds import OF_EVENTS, Submit
from backend.domain.reply import Reply
from bot.dialogue.say import say
from bot.dialogue.state import State
from bot.dialogue.turn import Turn
from bot.reception.rendering import Renderer


def instead_of(turn: Turn, state: State, renderer: Renderer) -> tuple[Reply, dict[str, Any]] | None:
    """The answer and the state then; None where nothing of the turn can fail.

    “Submitted” is true only where the office could carry it out: else a colleague has it, and the draft stays. A place at an
    event may have gone meanwhile: the follower is told so, and nobody has to do anything.
    """
    if any(isinstance(deed, OF_EVENTS) for deed in turn.deeds):
        reply, _ = renderer.fit(renderer.texts.render(say("event.not_done")))
        return reply, replace(state, event=None, rest="").dump()
    if not any(isinstance(deed, Submit) for deed in turn.deeds):
        return None
    reply, _ = renderer.fit(renderer.texts.render(say("flow_common.not_carried_out")))
    return reply, replace(state, with_person=True, rest="").dump()


def after_trouble(state: State) -> Turn:
    """The turn where something of ours is wrong with a message. What is open is closed, that the next one does not meet the
    same; a draft that was kept waits.
    """
    kept = state.flow is not None and bool(state.flow.get("saved"))
    rest = State(with_person=state.with_person, misses=state.misses)
    return Turn(rest, (say("common.trouble_kept" if kept else "common.trouble"),))
