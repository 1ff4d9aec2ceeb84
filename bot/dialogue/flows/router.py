"""One message inside a flow. The order is fixed and written once:

command → strict answer → side question (answered, then the question again) → new wish → what was wrong with the answer.
Where an answer may be any words, a question or a wish is looked for first, else it would be swallowed.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Generator
from dataclasses import replace
from datetime import datetime
from typing import Any

from backend.domain.deeds import OpenHandoff
from backend.domain.questions import Question
from bot.dialogue.asking import asks
from bot.dialogue.flows import aside, commands, entrance, gone, photo
from bot.dialogue.flows.engine import Filled, Mark, Step, Stop
from bot.dialogue.flows.heard import AnswerError, Unread
from bot.dialogue.flows.opened import Mode, Opened
from bot.dialogue.flows.sitting import Sitting, sit_down
from bot.dialogue.flows.speaking import help_of, told
from bot.dialogue.flows.taking import read, taken
from bot.dialogue.incoming import Kind
from bot.dialogue.say import say
from bot.dialogue.topics import arrivals
from bot.dialogue.turn import Play, Scene, Turn

# “是的，就是这名字”, “对，我就叫骆咸宁”: what we doubted is meant
_IS_SO = re.compile(
    r"^(?:是|对|嗯|没错|确定|确认)(?:的|啊|呀|滴)*[，,、\s]*(?:我?就(?:是|叫|按|这)|没错|确定|这就是|是这)|^就(?:是|叫|按)这"
)
HELP_AFTER, PERSON_AFTER = 2, 3
TWICE_S, SENT_AGAIN_S = 2, 180  # the platform gives whole seconds
SHORT_WORD = 3  # characters; “不限” answers two questions in a row
PASSES_BY = frozenset({Kind.VIEW, Kind.REPORTED_LOCATION, Kind.OTHER_EVENT, Kind.FOLLOW, Kind.UNFOLLOW, Kind.SCAN})


def receive(scene: Scene) -> Generator[Question, Any, Turn | None]:
    """The turn, or None where the message is not for a flow."""
    if scene.incoming.kind in PASSES_BY:
        return None
    if scene.state.flow is None:
        return (yield from entrance.command(scene))
    opened = Opened.load(scene.state.flow)
    if opened.mode is Mode.PICK:
        return (yield from entrance.pick(scene, opened))
    sitting = yield from sit_down(scene, opened)
    if opened.saved and sitting.stored is None:
        return (yield from gone.tell(sitting))
    if scene.incoming.kind is not Kind.TEXT:
        return (yield from _sent(sitting))
    if not any(letter.isalnum() for letter in scene.incoming.text):
        return sitting.go_on(say("small.no_words"), again=True)
    if aside.goes_elsewhere(sitting):
        return None
    return (yield from _said(sitting))


def _sent(sitting: Sitting) -> Play:
    """A button, a photo, anything that is not written."""
    match sitting.scene.incoming.kind:
        case Kind.TAP:
            return (yield from aside.tapped(sitting))
        case Kind.IMAGE:
            return (yield from photo.inside(sitting))
        case Kind.LOCATION:
            return sitting.go_on(say("flow_common.search_later"), again=True)
        case _:
            received = yield from arrivals.receive(sitting.scene)
            return sitting.go_on(*received.says, again=True)


def outside(scene: Scene) -> Scene:
    """The scene for the rest of the conversation: a list to pick from is closed by anything else."""
    if scene.state.flow is None or scene.incoming.kind in PASSES_BY:
        return scene
    return replace(scene, state=replace(scene.state, flow=None))


def _said(sitting: Sitting) -> Play:
    done = yield from commands.carry_out(sitting)
    if done is not None:
        return done
    if sitting.opened.mode not in {Mode.STEP, Mode.FILL}:
        done = yield from commands.confirm(sitting)
        if done is not None:
            return done
        sitting = sitting.at(Mode.STEP, then={})
    return (yield from _answer(sitting))


def _answer(sitting: Sitting) -> Play:
    again = _said_again(sitting)
    if again is not None:
        return again
    switch = aside.another_command(sitting)
    if switch is not None:
        return switch
    stop = _asked(sitting)
    if stop is None:
        return (yield from _at_review(sitting))
    if stop.mark is Mark.DOUBTED and (sitting.heard.meaning("yes_no") or _IS_SO.search(sitting.heard.plain)):
        return _sure_or_not(sitting, stop)
    before = aside.before_words if stop.step.reader.wordy else aside.before_strict
    turned = yield from before(sitting)
    if turned is not None:
        return turned
    try:
        return (yield from _take(sitting, stop.step, read(stop.step, sitting.heard)))
    except Unread as error:
        turned = yield from aside.instead(sitting)
        return turned if turned is not None else missed(sitting, error)
    except AnswerError as error:
        if asks(sitting.scene.words):
            turned = yield from aside.instead(sitting)
            if turned is not None:
                return turned
        return missed(sitting, error)


def _said_again(sitting: Sitting) -> Turn | None:
    """The very words that answered the step before, a moment later: nobody has read the next question by then. Where any
    words may stand, also within minutes, since whoever got no answer writes it again; whoever insists is taken at their word.
    """
    opened, incoming, stop = sitting.opened, sitting.scene.incoming, sitting.path.current
    if not opened.said or _mark(incoming.text) != opened.said:
        return None
    passed = abs((incoming.sent_at - datetime.fromisoformat(opened.said_at)).total_seconds())
    any_words = stop is not None and stop.step.reader.wordy and len(incoming.text) > SHORT_WORD
    if passed > TWICE_S and not (any_words and passed <= SENT_AGAIN_S):
        return None
    kept = sitting if passed <= TWICE_S else sitting.at(said="")
    return kept.go_on(say("flow_common.said_twice"), again=True)


def _mark(text: str) -> str:
    """By which the same words are known again; the words themselves are not kept."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _sure_or_not(sitting: Sitting, stop: Stop) -> Turn:
    if sitting.heard.meaning("yes_no") != "no":
        return sitting.with_answers(sitting.form.sure(sitting.answers, stop)).go_on()
    return sitting.with_answers(sitting.form.without(sitting.answers, stop.step), was={}).go_on()


def _asked(sitting: Sitting) -> Stop | None:
    """What the message answers: the current step, or an optional one that was named."""
    if sitting.opened.mode is Mode.FILL:
        return Stop(sitting.form.step(sitting.opened.then["fill"]), Mark.OPEN)
    return sitting.path.current


def _take(sitting: Sitting, step: Step, filled: Filled) -> Play:
    """The answer is read: check it, ask the office what the step wants to know, keep it. Raises AnswerError."""
    answers = yield from taken(sitting.form, sitting.answers, step, filled, sitting.path.known)
    was = {name: value for name, value in sitting.opened.was.items() if name != step.id}
    incoming = sitting.scene.incoming
    said, said_at = _mark(incoming.text), incoming.sent_at.isoformat()
    after = sitting.with_answers(answers, was=was, then={}, said=said, said_at=said_at)
    if after.subject not in {"", sitting.subject}:  # an officer named another patent: its own draft may wait
        waiting = yield from entrance.waiting(after.form.flow, after.subject)
        if waiting is not None:
            turn = yield from entrance.resume(sitting.scene, waiting.flow, waiting.subject)
            return replace(turn, deeds=(*sitting.keeping(), *turn.deeds))
    return after.go_on()


def _at_review(sitting: Sitting) -> Play:
    meaning = sitting.heard.meaning("yes_no")
    if meaning == "yes":
        return commands.submit(sitting)
    turned = yield from aside.instead(sitting)
    if turned is not None:
        return turned
    key = "flow_common.what_to_change" if meaning == "no" else "flow_common.error.review"
    return missed(sitting, Unread(key))


def missed(sitting: Sitting, error: AnswerError) -> Turn:
    """What was wrong; with the second miss an example, with the third a person."""
    misses = sitting.opened.misses + 1
    stop = _asked(sitting)
    counted = replace(sitting, opened=replace(sitting.opened, misses=misses))
    if misses >= PERSON_AFTER:
        scene = replace(sitting.scene, state=replace(sitting.scene.state, with_person=True))
        called = replace(counted, scene=scene, opened=replace(counted.opened, misses=0))
        deed = OpenHandoff(sitting.scene.incoming.text)
        return called.stay(told(error), say("flow_common.person_called"), deeds=(deed,))
    if misses >= HELP_AFTER and stop is not None:
        return counted.stay(told(error), help_of(sitting.form, stop.step), say("flow_common.commands_short"))
    return counted.stay(told(error))
