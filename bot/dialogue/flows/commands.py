"""Words that work at every step: back, change item N, cancel, save, continue, begin again, help, a person, submit."""

from __future__ import annotations

import re
from collections.abc import Callable, Generator
from dataclasses import replace
from typing import Any

from backend.domain.deeds import Submit
from backend.domain.questions import Question
from bot.dialogue.flows import aside, correcting
from bot.dialogue.flows.engine import SURE, Filled, Mark, Stop
from bot.dialogue.flows.heard import Heard, bared, tidied
from bot.dialogue.flows.opened import Mode
from bot.dialogue.flows.readers.amounts import small_number
from bot.dialogue.flows.sitting import Sitting, digest_of
from bot.dialogue.flows.speaking import asked, help_of, so_far
from bot.dialogue.say import raw, say
from bot.dialogue.topics import person
from bot.dialogue.turn import Turn

_EDIT = re.compile(
    r"^(?:我要|我想|请|請)?(?:修改|更改|更正|改一下|改下|改)(?:一下)?(?:第)?(.{1,12}?)(?:项|項|条|條|个)?(?:吧|一下)?$"
)
_NUMBER = re.compile(r"\d{1,2}|[一二三四五六七八九十]{1,3}")

# “我去问下领导，先放着”, “不知道怎么写”: no answer to any step.
_WORK = "(?:填|弄|说|办|写|搞|来)"
_LATER = re.compile(
    rf"先放(?:着|一放|一下|那)|(?:回头|改天|改日|晚点|明天|下次|过几天|等会儿?|等哈子?|等下|空了)再?(?:来|接着|继续)?{_WORK}|"
    r"(?:先|给我|帮我)?存(?:一下|起来|个草稿|着吧?)|今天(?:就)?(?:先)?(?:到这里?|这样|到此)|"
    r"问(?:一下|下|问)?(?:我们)?(?:领导|老板|老师|财务|法务)(?:再|，|,|先|$)|^(?:我)?先(?:去)?问(?:一下|下|问)"
)
_AT_A_LOSS = re.compile(
    r"不(?:知道|晓得|会|懂)(?:该|要)?(?:怎么|咋个?|如何|么样)?(?:写|填|答|弄)|(?:你|您)(?:来)?(?:帮我|替我)(?:写|填)|"
    r"^(?:这|这个|那|那个|要|该)*(?:怎么|咋个?|如何|么样)(?:写|填|答)|不晓得么样|^(?:我)?(?:看)?不懂[了啊呀]?$|(?:能不能|可不可以|可以)不[填写]"
)
LONGEST_ASIDE = 24

Maybe = Generator[Question, Any, Turn | None]


def carry_out(sitting: Sitting) -> Maybe:
    """The turn of a command; None where the message is none."""
    heard = sitting.heard
    text = heard.plain.rstrip("。.!！~～ ")
    commands = heard.words.get("command", {})
    command = commands.get(tidied(text) or text) or commands.get(bared(tidied(text)))
    if command is not None:
        return (yield from _run(sitting, command))
    edit = _EDIT.fullmatch(tidied(text))
    turn = _edit(sitting, edit[1]) if edit else None
    turn = (
        turn
        or correcting.removed(sitting)
        or correcting.mistaken(sitting)
        or (yield from correcting.corrected(sitting))
    )
    if turn is not None or len(text) > LONGEST_ASIDE:
        return turn
    if _LATER.search(text):
        return save(sitting)
    return helped(sitting) if _AT_A_LOSS.search(text) else None


def _run(sitting: Sitting, command: str) -> Maybe:
    match command:
        case _ if command in PLAIN:
            return PLAIN[command](sitting)
        case "resume":
            return sitting.at(then={}).go_on(again=True)
        case "person":
            return (yield from to_person(sitting))
        case "more":
            rest = sitting.scene.state.rest
            return sitting.stay(raw(rest) if rest else say("small.no_more"), rest="")
        case "unchanged":
            return (yield from _unchanged(sitting))
        case _:
            return None


def back(sitting: Sitting) -> Turn:
    """One step back. From a question of ours besides, to the step; from an item asked anew, to how it was."""
    if sitting.opened.mode not in {Mode.STEP, Mode.FILL}:
        return sitting.at(then={}).go_on(again=True)
    stop = sitting.path.current
    if stop is not None and stop.step.id == sitting.opened.then.get("anew"):
        return sitting.with_answers({**sitting.answers, **sitting.opened.was}, was={}, then={}).go_on()
    step = sitting.form.last_answered(sitting.answers, sitting.frame)
    if step is None:
        return sitting.go_on(say("flow_common.at_the_start"), again=True)
    return _taken_back(sitting, step.id)


def _taken_back(sitting: Sitting, step_id: str) -> Turn:
    step = sitting.form.step(step_id)
    after = sitting.form.without(sitting.answers, step)
    gone = {name: value for name, value in sitting.answers.items() if name not in after and name != SURE}
    return sitting.with_answers(after, was={**sitting.opened.was, **gone}, then={"back": step_id}).go_on()


def _edit(sitting: Sitting, what: str) -> Turn | None:
    """“修改第3项”, “改价格”: by the number of the review or by name."""
    listed = sitting.path.listed
    if _NUMBER.fullmatch(what):
        position = small_number(what)
        if position is None or not 1 <= position <= len(listed):
            return sitting.go_on(say("flow_common.no_such_item", count=len(listed)), again=True)
        return _ask_anew(sitting, listed[position - 1])
    named = correcting.items_of(sitting).get(what)
    stop = next((stop for stop in sitting.path.stops if stop.step.id == named), None)
    return None if stop is None or stop.mark is Mark.OPEN else _ask_anew(sitting, stop)


def _ask_anew(sitting: Sitting, stop: Stop) -> Turn:
    """An optional step is asked only when it is named: it is opened by an answer that is to be replaced."""
    if stop.step.optional:
        form, path = sitting.form, sitting.path
        return sitting.at(Mode.FILL, then={"fill": stop.step.id}).stay(
            asked(form, stop.step, path.known, was={}, again=True)
        )
    return correcting.reopened(sitting, stop.step.id)


def cancel(sitting: Sitting) -> Turn:
    if not sitting.answers:
        return sitting.leave(say("flow_common.left"), keep=False)
    return sitting.at(Mode.CANCEL).stay(say("flow_common.cancel_or_keep"))


def save(sitting: Sitting) -> Turn:
    """Keep the draft and leave. Before consent nothing is kept, so consent is asked first."""
    if not sitting.answers:
        return sitting.leave(say("flow_common.nothing_to_save"), keep=False)
    if not sitting.may_store:
        return sitting.go_on(say("flow_common.consent_first"), again=True)
    return _as_it_was(sitting).leave(say("flow_common.saved"))


def _as_it_was(sitting: Sitting) -> Sitting:
    """An answer that was opened and not given anew stands as before."""
    opened = sitting.opened.then.get("anew") or sitting.opened.then.get("back")
    stop = sitting.path.current
    if stop is None or stop.step.id != opened:
        return sitting
    return sitting.with_answers({**sitting.answers, **sitting.opened.was}, was={}, then={})


def _refill(sitting: Sitting) -> Turn:
    if not sitting.answers:
        return sitting.go_on(again=True)
    return sitting.at(Mode.REFILL).stay(say("flow_common.refill"))


def helped(sitting: Sitting) -> Turn:
    stop = sitting.path.current
    own = (help_of(sitting.form, stop.step),) if stop else ()
    return sitting.at().stay(*own, say("flow_common.commands"))


def preview(sitting: Sitting) -> Turn:
    told = so_far(sitting.form, sitting.path)
    if sitting.path.current is None or told is None:
        return sitting.go_on(again=True)
    return sitting.go_on(told, again=True)


def to_person(sitting: Sitting) -> Maybe:
    """A colleague takes over; the draft waits."""
    handed = yield from person.hand_over(sitting.scene)
    scene = replace(sitting.scene, state=handed.state)
    closed = replace(sitting, scene=scene)
    kept = (say("flow_common.draft_waits"),) if sitting.answers and sitting.may_store else ()
    return closed.leave(*handed.says, *kept, deeds=handed.deeds, to_staff=handed.to_staff)


def submit(sitting: Sitting) -> Turn:
    """Only what was shown is submitted: an answer changed elsewhere shows the review once more.

    The draft stays until the office has taken it: it goes with the deed, and is what a returned declaration is mended in.
    """
    path = sitting.path
    if path.current is not None:
        return sitting.go_on(say("flow_common.not_complete"), again=True)
    final = sitting.form.final(sitting.answers, sitting.frame)
    if not sitting.opened.token or digest_of(final) != sitting.opened.digest:
        return sitting.go_on()
    deed = Submit(str(sitting.form.flow), sitting.subject, final, sitting.opened.token)
    said = say(f"flow_{sitting.form.flow}.submitted")
    return sitting.leave(said, *sitting.form.done(path.known), deeds=(deed,))


def _unchanged(sitting: Sitting) -> Maybe:
    yield from ()
    stop = sitting.path.current
    if stop is None or stop.step.id not in sitting.opened.was:
        return None
    was, form = sitting.opened.was, sitting.form
    answers = form.accepted(
        sitting.answers, stop.step, Filled(stop.step.reader.load(was[stop.step.id])), sitting.path.known
    )
    back_again = {name: was[name] for name in stop.step.forgets if name in was}
    left = {name: value for name, value in was.items() if name != stop.step.id and name not in back_again}
    return sitting.with_answers(answers | back_again, was=left).go_on()


PLAIN: dict[str, Callable[[Sitting], Turn]] = {
    "back": back,
    "cancel": cancel,
    "save": save,
    "refill": _refill,
    "help": helped,
    "submit": submit,
    "preview": preview,
}


def confirm(sitting: Sitting) -> Maybe:
    """An answer to what was asked besides the step; None where it is something else."""
    heard = sitting.heard
    match sitting.opened.mode:
        case Mode.CANCEL:
            return _kept_or_not(sitting, heard)
        case Mode.REFILL if heard.meaning("yes_no") == "yes":
            fresh = replace(sitting, answers={}, stored=None).at(saved=False, subject="", was={}, misses=0)
            return replace(fresh.go_on(), deeds=(*sitting.dropping(),))
        case Mode.REFILL if heard.meaning("yes_no") == "no":
            return sitting.go_on(again=True)
        case Mode.SWITCH:
            return (yield from aside.switch_or_stay(sitting))
        case Mode.SIDE:
            return (yield from aside.chosen(sitting))
        case _:
            return None


def _kept_or_not(sitting: Sitting, heard: Heard) -> Turn | None:
    if heard.meaning("throw_away"):
        return sitting.leave(say("flow_common.thrown_away"), keep=False)
    if heard.meaning("keep_it"):
        return save(sitting)
    return None
