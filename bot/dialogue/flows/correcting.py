"""“电话改成139…”, “费用写错了，应该是6万”: an item named and its new answer in one message; or only that it was wrong.

What cannot be read opens the item instead. Nothing is changed unseen: the review is shown again.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from backend.domain.questions import Question
from bot.dialogue.flows.engine import SURE, UNSAID, Filled, Known, Mark, Step, Stop
from bot.dialogue.flows.heard import AnswerError, Heard, Unread, tidied
from bot.dialogue.flows.opened import Mode
from bot.dialogue.flows.readers.amounts import small_number
from bot.dialogue.flows.sitting import Sitting
from bot.dialogue.flows.speaking import asked, shown, told
from bot.dialogue.flows.taking import read, taken
from bot.dialogue.say import Say, say
from bot.dialogue.turn import Turn

_WRONG = r"(?:我?(?:写|填|说|报|弄|打|输|选)错了?|有误|不对|错了|我?不要了|不选了)"
_LEAD = (
    rf"(?:对了|哦对|还有|另外|算了|那(?!个|边|一|条|项)|哦|噢|啊|等等|等下|等一下|不好意思|对不起|抱歉|{_WRONG}|麻烦|请|帮我|我|刚才|刚刚|前面|前头|上面|之前|"
    r"那个|把|将|的|，|,|\s)*"
)
_BECOMES = r"(?:改成|改为|改到|换成|换到|变成|更正为|改回|还是(?:走|选|用|按|要|改)|应该是|应该为|应为|应是)"
_BETWEEN = re.compile(r"[，,；;。]+")
_SET = re.compile(
    rf"^{_LEAD}(?P<what>[^，,。；;]{{0,12}}?)(?P<wrong>{_WRONG})?[，, ：:]*(?:重新|我想|想|要|请)*{_BECOMES}(?P<to>.+)$"
)
_WRONG_AND = re.compile(rf"^{_LEAD}(?P<what>[^，,。；;]{{2,10}}?){_WRONG}[，, ：:]+(?:是|要)?(?P<to>.+)$")
_REMOVED = re.compile(rf"^{_LEAD}(?P<what>[^，,。；;]{{2,8}}?)(?:去掉|删掉|删除|删了|不要了|不留了|不填了)[吧。了]*$")
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
    """`what` as it was named, empty where nothing was; `to` is the new answer as a message of its own; `wrong`: they said so."""

    what: str
    to: Heard
    plainly: bool
    wrong: bool


@dataclass(frozen=True, slots=True)
class _Changed:
    """The sitting with the new answer, and what is told of it."""

    sitting: Sitting
    told: Say


def corrected(sitting: Sitting) -> Maybe:
    """The turn after one correction, or several in a row; None where the message is none."""
    several = _several(sitting)
    if not several:
        wanted = _wanted(sitting, sitting.heard)
        outcome = (yield from _carried_out(sitting, wanted)) if wanted else None
        return outcome.sitting.go_on(outcome.told) if isinstance(outcome, _Changed) else outcome
    done: list[Say] = []
    waiting: list[_Wanted] = []
    for one in several:
        outcome = yield from _carried_out(sitting, one)
        if isinstance(outcome, _Changed):
            sitting, done = outcome.sitting, [*done, outcome.told]
        else:
            waiting.append(one)
    for one in waiting:  # what was changed may have made room for it; the first that still cannot be is asked
        outcome = yield from _carried_out(sitting, one)
        if not isinstance(outcome, _Changed):
            turn = outcome or sitting.go_on(say("flow_common.not_changed"), again=True)
            return replace(turn, says=(*done, *turn.says))
        sitting, done = outcome.sitting, [*done, outcome.told]
    return sitting.go_on(*done)


def _several(sitting: Sitting) -> list[_Wanted]:
    """“电话改成139…，联系人改成李四”: each part a correction of an item of ours; else empty."""
    heard = sitting.heard
    ends = [mark.start() for mark in _BETWEEN.finditer(heard.plain)]
    starts = [0, *(mark.end() for mark in _BETWEEN.finditer(heard.plain))]
    parts = [heard.part(start, end) for start, end in zip(starts, [*ends, None], strict=True)]
    said = [part for part in parts if part.plain]
    wanted = [one for part in said if (one := _wanted(sitting, part)) and one.plainly and one.what]
    return wanted if len(wanted) == len(said) > 1 else []


def _carried_out(sitting: Sitting, wanted: _Wanted) -> Generator[Question, Any, _Changed | Turn | None]:
    named = named_stops(sitting, wanted.what)
    if not named and wanted.what:
        return _no_item(sitting, wanted)
    if not named:
        return (yield from _by_answer(sitting, wanted))
    for stop in _in_turn(sitting, wanted.to, named):
        changed = yield from _put(sitting, stop, wanted.to)
        if changed is not None:
            return changed
    trouble = _trouble(sitting, named[0], wanted.to)
    if named[0].step.optional:  # nothing would ask for it again
        anew = asked(sitting.form, named[0].step, sitting.path.known, was={}, again=True)
        return sitting.at(Mode.FILL, then={"fill": named[0].step.id}).stay(trouble, anew)
    return reopened(sitting, named[0].step.id, trouble)


def removed(sitting: Sitting) -> Turn | None:
    """“邮箱去掉”: an answer that need not be there."""
    found = _REMOVED.match(sitting.heard.plain.strip())
    named = [stop for stop in named_stops(sitting, found["what"]) if stop.step.optional] if found else []
    if not named:
        return None
    after = sitting.with_answers(sitting.form.without(sitting.answers, named[0].step), then={})
    return after.go_on(say("flow_common.changed_so"))


def _put_ahead(sitting: Sitting, step: Step, to: Heard) -> _Changed | Turn:
    """An answer beyond the question that is open: the walk checks it when it comes there."""
    try:
        answers = sitting.form.accepted(sitting.answers, step, read(step, to), sitting.path.known)
    except (AnswerError, KeyError):  # what it leans on is being asked
        return sitting.go_on(say("flow_common.not_changed"), again=True)
    return _Changed(sitting.with_answers(answers, then=sitting.opened.then), say("flow_common.changed_so"))


def _no_item(sitting: Sitting, wanted: _Wanted) -> _Changed | Turn | None:
    """No item that was answered: what stands is not touched on a guess, and nothing is taken for an answer."""
    current, later = sitting.path.current, _id_of(sitting, wanted.what)
    if current is not None and later in sitting.answers:
        return _put_ahead(sitting, sitting.form.step(later), wanted.to)
    if current is not None and later:
        return sitting.go_on(say("flow_common.asked_later"), again=True)
    told_so = wanted.plainly and (current is None or wanted.wrong)
    return sitting.go_on(say("flow_common.not_changed"), again=True) if told_so else None


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
    wanted, path = _id_of(sitting, what), sitting.path
    return [
        stop for stop in path.stops if stop.step.id == wanted and (stop.mark is not Mark.OPEN or stop is path.current)
    ]


def _id_of(sitting: Sitting, what: str) -> str:
    """The whole of the words must name it: 合同名称 is no 名称."""
    named = tidied(what)
    items = items_of(sitting)
    return items.get(named, "") or items.get(_AROUND_A_NAME.sub("", named), "")


def _wanted(sitting: Sitting, heard: Heard) -> _Wanted | None:
    plain = heard.plain
    if len(plain) > LONGEST:
        return None
    at_review = sitting.path.current is None
    if at_review and "公开" in plain and heard.meaning("public"):  # “不公开了”; it submits nothing
        return _Wanted("公开", heard, plainly=True, wrong=False)
    patterns = (_SET, _NUMBERED, _ADDED, _NAMED_FIRST, _WRONG_AND) if at_review else (_SET, _NUMBERED)
    found = next((match for pattern in patterns if (match := pattern.match(plain))), None)
    if found is None:
        return None
    plainly = found.re is _SET
    wrong = plainly and bool(found["wrong"] or re.search(_WRONG, plain[: found.start("what")]))
    return _Wanted(found["what"].strip(), heard.part(found.start("to")), plainly, wrong)


def _around(sitting: Sitting, named: Sequence[Stop]) -> list[Stop]:
    """Where a fee or a contact is meant as a whole: its other items that are answered and take no free words."""
    texts = named[0].step.texts
    return [
        stop
        for stop in sitting.path.stops
        if texts and stop.step.texts == texts and stop.mark is Mark.DONE and not stop.step.reader.wordy
        and stop not in named
    ]  # fmt: skip


def _in_turn(sitting: Sitting, to: Heard, named: Sequence[Stop]) -> list[Stop]:
    """The item itself where that is its answer and nothing besides. Else a bare sum or rate is that of the fee as it is;
    “一次总付6万” names another fee.
    """
    around = _around(sitting, named)
    if _exactly(named[0], to):
        return [*named, *around]
    return [*around, *named] if _bare(to) else [*named, *around]


def _bare(to: Heard) -> bool:
    said = [*(sum_.span for sum_ in to.facts.money), *(rate.span for rate in to.facts.rates)]
    spans = [(span.start, span.end) for span in said]
    return bool(spans) and not tidied(to.without(*spans))


def _exactly(stop: Stop, to: Heard) -> bool:
    """Whether the words answer this item and no other."""
    try:
        filled = read(stop.step, to)
    except AnswerError:
        return False
    return filled.value is not UNSAID and not filled.also


def _by_answer(sitting: Sitting, wanted: _Wanted) -> Generator[Question, Any, _Changed | Turn | None]:
    """“改成6万”, and nothing named: what we just doubted, else the last answer that can be such, at the review the only one."""
    current = sitting.path.current
    if current is not None and current.mark is not Mark.OPEN and _exactly(current, wanted.to):
        return (yield from _put(sitting, current, wanted.to))
    done = [stop for stop in sitting.path.stops if stop.mark is Mark.DONE and not stop.step.reader.wordy]
    fitting = [stop for stop in reversed(done) if _fits(stop, wanted.to)]
    wordy = current is not None and current.step.reader.wordy
    if not fitting or (current is None and len({stop.step.texts or stop.step.id for stop in fitting}) > 1):
        unclear = sitting.go_on(say("flow_common.not_changed"), again=True)
        return unclear if current is None or wordy else None  # words that change something are no answer to keep
    last = fitting[0]
    alike = [stop for stop in fitting if stop.step.texts == last.step.texts] if last.step.texts else [last]
    in_turn = [*alike[:-1], alike[-1]] if _bare(wanted.to) else [alike[-1], *alike[:-1]]
    return (yield from _put(sitting, in_turn[0], wanted.to))


def _fits(stop: Stop, to: Heard) -> bool:
    try:
        read(stop.step, to)
    except AnswerError:
        return False
    return True


def _put(sitting: Sitting, stop: Stop, to: Heard) -> Generator[Question, Any, _Changed | None]:
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
    if now is None or (now.value is None and now.mark is Mark.OPEN):
        return _Changed(after, say("flow_common.changed_so"))
    name = say(f"{after.form.texts(now.step)}.name", **now.named)
    return _Changed(after, say("flow_common.changed", name=name, text=shown(now.step, now.value)))


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
    at = next(place for place, each in enumerate(path.stops) if each.step.id == stop.step.id)
    for later in path.stops[at:]:
        earlier.pop(later.step.id, None)
    return Known(earlier, path.known.frame)
