"""The engine: it knows no flow. Answers are facts; where somebody stands is computed from them, never stored.

Answers are plain JSON by step id, so that chat, pages and the information table share one draft. Beside them stand
working keys: `found`, what the register said, `read`, what a photo said, and `sure`, doubtful answers that were confirmed.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import InvalidOperation
from enum import Enum, StrEnum
from typing import Any

from backend.domain.attachments import AttachmentKind
from backend.domain.drafts import Flow
from backend.domain.questions import Question
from bot.dialogue.flows.heard import AnswerError, Frame, Heard
from bot.dialogue.meaning import Meaning
from bot.dialogue.say import Say, Value

Answers = dict[str, Any]
SURE = "sure"
WORKING = ("found", "read")


class Known(Mapping[str, Any]):
    """The answers before a step, loaded, and the frame. What stands later is not there: a step cannot look ahead."""

    def __init__(self, values: Mapping[str, Any], frame: Frame) -> None:
        self._values, self.frame = values, frame

    def __getitem__(self, name: str) -> Any:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


def _same(value: Any) -> Any:
    return value


class Unsaid(Enum):
    """In place of a value, where a message answered other steps only: “改成免费”, asked for the sum."""

    UNSAID = "unsaid"


UNSAID = Unsaid.UNSAID


@dataclass(frozen=True, slots=True)
class Filled:
    """A value, or UNSAID, and what the same message answered besides, by step id; UNSAID there: what stood is void."""

    value: Any
    also: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reader:
    """One kind of answer. `read` raises AnswerError; `load(dump(value)) == value`; `show` is how a review says it.

    `wordy` readers take any words, so a question or a wish is looked for before them; `anything` is a story, which may sound
    like every other wish and is none: only a question that the rules surely answer goes before it.
    `options` are offered with numbers.
    The rest is for pages: `several` options may be ticked at once, `offers` are (set of answers, meaning) that fit on a
    button, `closed` readers take nothing besides, `long` ones need room.
    """

    read: Callable[[Heard], Any]
    dump: Callable[[Any], Any] = _same
    load: Callable[[Any], Any] = _same
    show: Callable[[Any], Value] = _same
    options: tuple[StrEnum, ...] = ()
    wordy: bool = False
    anything: bool = False
    several: bool = False
    offers: tuple[tuple[str, str], ...] = ()
    closed: bool = False
    long: bool = False


Finding = Generator[Question, Any, Answers]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One question. Every function may look at earlier answers only; a test proves it.

    check: the rules; raises AnswerError. doubt: an amber remark that one “是” settles. settles: other answers that follow
    from this one. look_up: asks the office before the answer is taken, returns working keys, may raise AnswerError.
    optional: never asked, offered in the review. forgets: what a new answer makes void. spared_by: steps of which one
    answer is enough that this one is not asked: it only offers a short way to them.
    texts: the file of its wording, where another than the flow’s own. asks and named fill its question and its name.
    choices: options that are data; the reader finds them in the frame.
    """

    id: str
    reader: Reader
    when: Callable[[Known], bool] = lambda _: True
    check: Callable[[Any, Known], None] = lambda _value, _known: None
    doubt: Callable[[Any, Known], AnswerError | None] = lambda _value, _known: None
    settles: Callable[[Any, Known], Mapping[str, Any]] = lambda _value, _known: {}
    look_up: Callable[[Any, Known], Finding] | None = None
    asks: Callable[[Known], Mapping[str, Value]] = lambda _: {}
    named: Callable[[Known], Mapping[str, Value]] = lambda _: {}
    choices: Callable[[Known], tuple[str, ...]] = lambda _: ()
    optional: bool = False
    listed: bool = True
    kept: bool = True
    forgets: tuple[str, ...] = ()
    spared_by: tuple[str, ...] = ()
    texts: str = ""


class Mark(StrEnum):
    DONE = "done"
    PASSED = "passed"  # optional and not filled in
    OPEN = "open"
    REFUSED = "refused"  # answered, and no longer passes its check
    DOUBTED = "doubted"  # answered, and to be confirmed


@dataclass(frozen=True, slots=True)
class Stop:
    step: Step
    mark: Mark
    value: Any = None
    trouble: AnswerError | None = None
    named: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Path:
    """The steps that apply, up to the first that is not answered."""

    stops: tuple[Stop, ...]
    known: Known

    @property
    def current(self) -> Stop | None:
        """None where everything is answered: the review."""
        last = self.stops[-1]
        return None if last.mark in {Mark.DONE, Mark.PASSED} else last

    @property
    def listed(self) -> tuple[Stop, ...]:
        """What a review shows; the first is item 1."""
        shown = [stop for stop in self.stops if stop.step.listed and stop.mark is not Mark.OPEN]
        return tuple(stop for stop in shown if stop.mark is not Mark.PASSED or self.current is None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A flow: its steps in order. `finish` adds to the final answers; `bars` names why it cannot be begun (a text key).
    `done` is said after the text that it was submitted.

    `begun` reads first answers out of the words with which it was wished for.
    `papers` are what an officer will want to see besides; asked for at the review, where everything is known.
    """

    flow: Flow
    steps: tuple[Step, ...]
    version: int = 1
    begun: Callable[[Heard, Meaning], Answers] = lambda _heard, _meaning: {}
    finish: Callable[[Answers, Known], Answers] = lambda answers, _known: answers
    done: Callable[[Known], tuple[Say, ...]] = lambda _: ()
    bars: Callable[[Frame], str] = lambda _: ""
    papers: Callable[[Known], tuple[AttachmentKind, ...]] = lambda _: ()
    subject: Callable[[Answers, Frame], str] = lambda _answers, _frame: ""

    def step(self, step_id: str) -> Step:
        return next(step for step in self.steps if step.id == step_id)

    @property
    def texts_file(self) -> str:
        return f"flow_{self.flow}"

    def texts(self, step: Step) -> str:
        return f"{step.texts or self.texts_file}.{step.id}"

    def path(self, answers: Answers, frame: Frame) -> Path:
        """Walk the steps as far as they are answered."""
        earlier: dict[str, Any] = {name: answers[name] for name in WORKING if name in answers}
        stops: list[Stop] = []
        for step in self.steps:
            known = Known(earlier, frame)
            if not step.when(known) or (step.id not in answers and any(name in answers for name in step.spared_by)):
                continue
            stop = replace(_stop(step, answers, known), named=step.named(known))
            stops.append(stop)
            if stop.mark is Mark.DONE:
                earlier = {**earlier, step.id: stop.value}
            elif stop.mark is not Mark.PASSED:
                break
        return Path(tuple(stops), Known(earlier, frame))

    def accepted(self, answers: Answers, step: Step, filled: Filled, known: Known) -> Answers:
        """The answers with this one, what it says besides and what follows from it; what it makes void goes."""
        after = self.without(answers, step)
        said = filled.value is not UNSAID
        also = {**filled.also, **(step.settles(filled.value, known) if said else {})}
        steps = {each.id: each for each in self.steps}
        for name, value in also.items():
            if value is UNSAID:
                after.pop(name, None)
            elif name in steps:
                after[name] = steps[name].reader.dump(value)
        return after | ({step.id: step.reader.dump(filled.value)} if said else {})

    def without(self, answers: Answers, step: Step) -> Answers:
        gone = {step.id, *step.forgets}
        after = {name: value for name, value in answers.items() if name not in gone}
        sure = [token for token in answers.get(SURE, ()) if token.split(":")[0] not in gone]
        return {**after, SURE: sure} if sure else {name: after[name] for name in after if name != SURE}

    def sure(self, answers: Answers, stop: Stop) -> Answers:
        """The doubtful answer of this stop is meant."""
        return answers | {SURE: [*answers.get(SURE, ()), _token(stop.step, answers[stop.step.id], stop.trouble)]}

    def last_answered(self, answers: Answers, frame: Frame) -> Step | None:
        """The step that “返回” goes to: the last one a person answered, not one that followed from another."""
        path = self.path(answers, frame)
        followed: dict[str, Any] = {}
        done = [stop for stop in path.stops if stop.mark is Mark.DONE]
        for stop in done:
            followed |= stop.step.settles(stop.value, path.known)
        own = [stop.step for stop in done if stop.step.id not in followed or followed[stop.step.id] != stop.value]
        if path.current and path.current.mark in {Mark.REFUSED, Mark.DOUBTED}:
            return path.current.step
        return own[-1] if own else None

    def final(self, answers: Answers, frame: Frame) -> Answers:
        """What is submitted: answers of the path only, empty ones left out."""
        path = self.path(answers, frame)
        kept = {
            stop.step.id: answers[stop.step.id]
            for stop in path.stops
            if stop.mark is Mark.DONE and stop.step.kept and answers[stop.step.id] is not None
        }
        return self.finish(kept, path.known)


def _token(step: Step, dumped: Any, trouble: AnswerError | None) -> str:
    return f"{step.id}:{trouble.code if trouble else ''}:{dumped}"


def _stop(step: Step, answers: Answers, known: Known) -> Stop:
    if step.id not in answers:
        return Stop(step, Mark.PASSED if step.optional else Mark.OPEN)
    try:
        value = step.reader.load(answers[step.id])
    except (ValueError, KeyError, TypeError, InvalidOperation):  # written by another release
        return Stop(step, Mark.PASSED if step.optional else Mark.OPEN)
    try:
        step.check(value, known)
    except AnswerError as error:
        return Stop(step, Mark.REFUSED, value, error)
    trouble = step.doubt(value, known)
    if trouble and _token(step, answers[step.id], trouble) not in answers.get(SURE, ()):
        return Stop(step, Mark.DOUBTED, value, trouble)
    return Stop(step, Mark.DONE, value)
