"""“电话改成139…”, “费用写错了，应该是6万”: an item named and its new answer in one message; or only that it was wrong.

What cannot be read opens the item instead. Nothing is changed unseen: the review is shown again.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import Any

from backend.domain.questions import Question
from bot.dialogue.flows.engine import SURE, Filled, Known, Mark, Stop
from bot.dialogue.flows.heard import AnswerError, Heard, Unread, tidied
from bot.dialogue.flows.readers.amounts import small_number
from bot.dialogue.flows.sitting import Sitting
from bot.dialogue.flows.speaking import shown, told
from bot.dialogue.flows.taking import read, taken
from bot.dialogue.say import Say, say
from bot.dialogue.turn import Turn

_LEAD = r"(?:哦|噢|啊|等等|等下|等一下|不好意思|对不起|抱歉|不对|麻烦|请|帮我|我|刚才|刚刚|前面|上面|之前|那个|把|将|的|，|,|\s)*"
_WRONG = r"(?:我?(?:写|填|说|报|弄|打|输)错了?|有误|不对)"
_BECOMES = r"(?:改成|改为|改到|换成|换到|变成|更正为|应该是|应该为|应为|应是)"
_SET = re.compile(
    rf"^{_LEAD}(?P<what>[^，,。；;]{{0,12}}?)(?P<wrong>{_WRONG})?[，, ：:]*(?:重新|我想|想|要|请)*{_BECOMES}(?P<to>.+)$"
)
_NUMBERED = re.compile(
    r"^(?:修改|更改|改)(?P<what>第?\s*(?:\d{1,2}|[一二三四五六七八九十]{1,3})\s*[项項條个])[，,：:\s]*(?P<to>.+)$"
)
_ADDED = re.compile(
    r"^(?:再|还要|帮我|请)*(?:加上|补上|加个|加一个|补一个|补充)(?P<what>[^\d\sA-Za-z]{2,6})(?P<to>.+)$"
)
_MISTAKEN = re.compile(rf"^{_LEAD}(?P<what>[^，,。；;]{{1,10}}?){_WRONG}[了。.!！~～ ]*$")
_POSITION = re.compile(r"第?\s*(\d{1,2}|[一二三四五六七八九十]{1,3})\s*[项項条條个]?")
_NAMED_FIRST = re.compile(
    r"^(?P<what>联系方式|联系人|联系电话|电话|手机号?|邮箱|技术指导|指导)(?:是|为|用|就|请|：|:|\s)*(?P<to>.+)$"
)
_AROUND_A_NAME = re.compile("^(?:我的|我|那个|这个|那|这|里面的|的)+|(?:那一?[项栏条]|这一?[项栏条]|的)+$")
LONGEST = 60

Maybe = Generator[Question, Any, Turn | None]


@dataclass(frozen=True, slots=True)
class _Wanted:
    """`what` as it was named, empty where nothing was; `to` is the new answer as a message of its own."""

    what: str
    to: Heard
    plainly: bool


def corrected(sitting: Sitting) -> Maybe:
    """The turn after a correction; None where the message is none."""
    wanted = _wanted(sitting)
    if wanted is None:
        return None
    named = named_stops(sitting, wanted.what)
    if not named and wanted.what:  # no item of ours: what stands is not touched on a guess
        told_so = wanted.plainly and sitting.path.current is None
        return sitting.go_on(say("flow_common.not_changed"), again=True) if told_so else None
    if not named:
        return (yield from _by_answer(sitting, wanted))
    for stop in _in_turn(wanted.to, named, _around(sitting, named)):
        turn = yield from _put(sitting, stop, wanted.to)
        if turn is not None:
            return turn
    return reopened(sitting, named[0].step.id, _trouble(sitting, named[0], wanted.to))


def mistaken(sitting: Sitting) -> Turn | None:
    """“刚才电话写错了”: the item is asked anew."""
    found = _MISTAKEN.match(sitting.heard.plain.strip())
    named = named_stops(sitting, found["what"]) if found else []
    return reopened(sitting, named[0].step.id) if named else None


def reopened(sitting: Sitting, step_id: str, *lead: Say) -> Turn:
    """Asked anew; “返回” there puts everything back as it was."""
    after = sitting.form.without(sitting.answers, sitting.form.step(step_id))
    was = {name: value for name, value in sitting.answers.items() if name not in after and name != SURE}
    return sitting.with_answers(after, was=was, then={"anew": step_id}).go_on(*lead)


def items_of(sitting: Sitting) -> dict[str, str]:
    """How an item may be called in this flow → the id of its step."""
    words = sitting.heard.words
    return {**words.get("item", {}), **words.get(f"item_{sitting.form.flow}", {})}


def named_stops(sitting: Sitting, what: str) -> list[Stop]:
    """The item that the words name, by its number in the review or by name; nothing where it is not answered yet."""
    what = tidied(what)
    position = _POSITION.fullmatch(what)
    listed = sitting.path.listed
    if position:
        number = small_number(position[1])
        return [listed[number - 1]] if number and number <= len(listed) else []
    wanted = items_of(sitting).get(_AROUND_A_NAME.sub("", what))  # the whole of it: 合同名称 is no 名称
    return [stop for stop in sitting.path.stops if stop.step.id == wanted and stop.mark is not Mark.OPEN]


def _wanted(sitting: Sitting) -> _Wanted | None:
    heard = sitting.heard
    plain = heard.plain
    if len(plain) > LONGEST:
        return None
    at_review = sitting.path.current is None
    patterns = (_SET, _NUMBERED, _ADDED, _NAMED_FIRST) if at_review else (_SET, _NUMBERED)
    found = next((match for pattern in patterns if (match := pattern.match(plain))), None)
    if found is None:
        return None
    plainly = found.re is _SET
    return _Wanted(found["what"].strip(), heard.rest(found.start("to")), plainly)


def _around(sitting: Sitting, named: Sequence[Stop]) -> list[Stop]:
    """Where a fee or a contact is meant as a whole: its other items that are answered and take no free words."""
    texts = named[0].step.texts
    return [
        stop
        for stop in sitting.path.stops
        if texts and stop.step.texts == texts and stop.mark is Mark.DONE and not stop.step.reader.wordy
        and stop not in named
    ]  # fmt: skip


def _in_turn(to: Heard, named: Sequence[Stop], around: Sequence[Stop]) -> list[Stop]:
    """A bare sum or rate is that of the fee as it is; “一次总付6万” names another fee."""
    said = [*(sum_.span for sum_ in to.facts.money), *(rate.span for rate in to.facts.rates)]
    spans = [(span.start, span.end) for span in said]
    bare = bool(spans) and not tidied(to.without(*spans))
    return [*around, *named] if bare else [*named, *around]


def _by_answer(sitting: Sitting, wanted: _Wanted) -> Maybe:
    """“改成6万”, and nothing named: the last answer that can be such, at the review the only one."""
    done = [stop for stop in sitting.path.stops if stop.mark is Mark.DONE and not stop.step.reader.wordy]
    fitting = [stop for stop in reversed(done) if _fits(stop, wanted.to)]
    at_review = sitting.path.current is None
    if not fitting or (at_review and len({stop.step.texts or stop.step.id for stop in fitting}) > 1):
        return sitting.go_on(say("flow_common.not_changed"), again=True) if at_review else None
    last = fitting[0]
    alike = [stop for stop in fitting if stop.step.texts == last.step.texts] if last.step.texts else [last]
    return (yield from _put(sitting, _in_turn(wanted.to, alike[-1:], alike[:-1])[0], wanted.to))


def _fits(stop: Stop, to: Heard) -> bool:
    try:
        read(stop.step, to)
    except AnswerError:
        return False
    return True


def _put(sitting: Sitting, stop: Stop, to: Heard) -> Maybe:
    """The answer in its place; None where it is none of this item."""
    known = _before(sitting, stop)
    try:
        filled: Filled = read(stop.step, to)
        answers = yield from taken(sitting.form, sitting.answers, stop.step, filled, known)
    except AnswerError:
        return None
    gone = {name: value for name, value in sitting.answers.items() if name not in answers and name != SURE}
    after = sitting.with_answers(answers, was=gone, then={})
    now = next((each for each in after.path.stops if each.step.id == stop.step.id), None)
    if now is None:
        return after.go_on()
    name = say(f"{after.form.texts(now.step)}.name", **now.named)
    return after.go_on(say("flow_common.changed", name=name, text=shown(now.step, now.value)))


def _trouble(sitting: Sitting, stop: Stop, to: Heard) -> Say:
    """Why it could not be taken, in the item's own words; nothing was changed by it."""
    try:
        stop.step.check(read(stop.step, to).value, _before(sitting, stop))
    except Unread:
        return say("flow_common.not_read")
    except AnswerError as error:
        return told(error)
    return say("flow_common.not_read")


def _before(sitting: Sitting, stop: Stop) -> Known:
    """What was known when the item was asked."""
    path = sitting.path
    earlier = dict(path.known)
    for later in path.stops[path.stops.index(stop) :]:
        earlier.pop(later.step.id, None)
    return Known(earlier, path.known.frame)
