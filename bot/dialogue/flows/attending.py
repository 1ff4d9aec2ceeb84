"""Taking part in an event: signing up, changing what was said, and a word on it afterwards.

What an event asks is data: each of its questions is one of a row of steps that stand aside where the event has fewer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from backend.domain.drafts import Flow
from backend.domain.events import (
    CONSENT_PURPOSE,
    CONSENT_VERSION,
    MOST_QUESTIONS,
    EventKind,
    EventQuestion,
    EventView,
    QuestionKind,
    SignUpState,
    moment,
    span,
)
from bot.dialogue.flows.consent import consent_to
from bot.dialogue.flows.engine import Answers, Form, Known, Reader, Step
from bot.dialogue.flows.heard import AnswerError, Frame, Heard, Unread, bared, tidied
from bot.dialogue.flows.readers.choices import by_number
from bot.dialogue.flows.readers.people import person, phone
from bot.dialogue.flows.readers.words import cleaned, shortened
from bot.dialogue.say import Say, Value, say

FLOWS = frozenset({Flow.SIGN_UP, Flow.FEEDBACK})
LONGEST_ANSWER = 200
MOST_OFFERED = 9
Fits = Callable[[EventView], bool]
Asks = Callable[[EventView], tuple[EventQuestion, ...]]


def may_sign_up(view: EventView) -> bool:
    """Open for them: to sign up, or to change what they said."""
    if view.standing is None:
        return view.open
    return view.standing in {SignUpState.CONFIRMED, SignUpState.WAITING, SignUpState.OFFERED}


def may_judge(view: EventView) -> bool:
    return view.standing is SignUpState.ATTENDED and bool(view.event.details.feedback)


FITS: dict[Flow, Fits] = {Flow.SIGN_UP: may_sign_up, Flow.FEEDBACK: may_judge}


def fitting(frame: Frame, flow: Flow) -> tuple[EventView, ...]:
    return tuple(view for view in frame.events if FITS[flow](view))[:MOST_OFFERED]


def named(views: tuple[EventView, ...], words: str, words_of: Mapping[str, str]) -> tuple[EventView, ...]:
    """Those whose title holds the words, or whose kind they name; all where they name none."""
    said = tidied(words)
    titled = tuple(view for view in views if len(said) > 1 and said in tidied(view.event.title))
    kinds = {EventKind(kind) for word, kind in words_of.items() if word in said}
    return titled or tuple(view for view in views if view.event.details.kind in kinds)


def line(view: EventView, position: int) -> Say:
    """One event in a list."""
    held = view.event.details
    return say(
        "event.line",
        position=position,
        kind=held.kind,
        title=held.title,
        begins=moment(held.begins_at),
        state=_state(view),
    )


def _state(view: EventView) -> Value:
    if view.standing is not None:
        return view.standing
    if not view.open:
        return say("event.not_open")
    return say("event.full") if view.full else None


def lines(views: tuple[EventView, ...]) -> tuple[Say, ...]:
    return tuple(line(view, position) for position, view in enumerate(views, 1))


def _which(flow: Flow) -> Step:
    """One of the events, by its place in the list or its title. The value is its id."""

    def read(heard: Heard) -> int:
        views = fitting(heard.frame, flow)
        position = by_number(heard, len(views))
        if position is not None:
            return views[position].event.id
        found = named(views, bared(tidied(heard.plain)), heard.words.get("EventKind", {}))
        if len(found) != 1:
            raise Unread("flow_sign_up.event.error.unknown", given=heard.text[:20])
        return found[0].event.id

    def still_fits(value: int, known: Known) -> None:
        if not any(view.event.id == value for view in fitting(known.frame, flow)):
            raise AnswerError(f"flow_{flow}.event.error.gone")

    return Step(
        id="event",
        reader=Reader(read, load=int, show=str),
        check=still_fits,
        asks=lambda known: {"choices": lines(fitting(known.frame, flow))},
        listed=False,
        forgets=tuple(f"question_{position}" for position in range(1, MOST_QUESTIONS + 1)),
    )


def _chosen(known: Known) -> EventView | None:
    return next((view for view in known.frame.events if view.event.id == known["event"]), None)


def _own(position: int, asks: Asks) -> Step:
    """The event's own question at this position."""

    def of_view(view: EventView | None) -> EventQuestion | None:
        questions = asks(view) if view else ()
        return questions[position - 1] if len(questions) >= position else None

    def question(known: Known) -> EventQuestion | None:
        return of_view(_chosen(known))

    def read(heard: Heard) -> str:
        asked = of_view(next((view for view in heard.frame.events if view.event.id == heard.frame.event), None))
        return _answer(heard, asked) if asked else cleaned(heard.text)[:LONGEST_ANSWER]

    def values(known: Known) -> Mapping[str, Value]:
        asked = question(known)
        may_skip = asked is not None and not asked.required
        return {"text": asked.text if asked else "", "hint": say("event.may_skip") if may_skip else None}

    def check(value: str, known: Known) -> None:
        asked = question(known)
        if asked and asked.required and not value:
            raise AnswerError("flow_common.error.too_short")
        if asked and value and asked.kind is QuestionKind.CHOICE and value not in asked.options:
            raise AnswerError("flow_sign_up.error.options_changed")

    return Step(
        id=f"question_{position}",
        reader=Reader(
            read, load=str, show=lambda value: shortened(value) if value else say("flow_common.nothing"), wordy=True
        ),
        when=lambda known: question(known) is not None,
        check=check,
        asks=values,
        named=lambda known: {"name": asked.label if (asked := question(known)) else ""},
        choices=lambda known: asked.options if (asked := question(known)) else (),
    )


def _answer(heard: Heard, asked: EventQuestion) -> str:
    """By number or by word where there are options; any words otherwise."""
    if not asked.required and heard.meaning("skip"):
        return ""
    said = cleaned(heard.text)
    if asked.kind is QuestionKind.CHOICE:
        position = by_number(heard, len(asked.options))
        if position is not None:
            return asked.options[position]
        fits = [option for option in asked.options if tidied(said) and tidied(said) in tidied(option)]
        exact = [option for option in asked.options if tidied(option) == tidied(said)]
        if len(exact or fits) != 1:
            raise Unread("flow_common.error.choice", count=len(asked.options), given=said[:20])
        return (exact or fits)[0]
    if not said:
        raise Unread("flow_common.error.too_short", given=said)
    if len(said) > LONGEST_ANSWER:
        raise AnswerError("flow_common.error.too_long", length=len(said), limit=LONGEST_ANSWER)
    return said


def _about(known: Known) -> tuple[Say, ...]:
    """What the last word names: the event, and whether there is a place."""
    view = _chosen(known)
    if view is None:
        return ()
    held = view.event.details
    expected = say("event.will_wait") if view.full else say("event.has_place")
    state = say("event.kept") if view.standing is not None else expected
    return (say("event.outcome", title=held.title, begins=span(held.begins_at, held.ends_at), state=state),)


def _with_expectation(answers: Answers, known: Known) -> Answers:
    """What they are about to be told: where it comes otherwise, the office tells them so."""
    view = _chosen(known)
    return {**answers, "waits": True} if view is not None and view.full and view.standing is None else answers


def _nothing_open(flow: Flow) -> Callable[[Frame], str]:
    return lambda frame: "" if fitting(frame, flow) else f"flow_{flow}.nothing"


def _subject(answers: Answers, _frame: Frame) -> str:
    return str(answers.get("event", ""))


SIGN_UP = Form(
    flow=Flow.SIGN_UP,
    steps=(
        _which(Flow.SIGN_UP),
        consent_to(CONSENT_PURPOSE, CONSENT_VERSION, texts="flow_sign_up"),
        Step(id="contact_name", reader=person()),
        Step(id="contact_phone", reader=phone()),
        *(_own(position, lambda view: view.event.details.questions) for position in range(1, MOST_QUESTIONS + 1)),
    ),
    bars=_nothing_open(Flow.SIGN_UP),
    finish=_with_expectation,
    done=_about,
    subject=_subject,
)
FEEDBACK = Form(
    flow=Flow.FEEDBACK,
    steps=(
        _which(Flow.FEEDBACK),
        *(_own(position, lambda view: view.event.details.feedback) for position in range(1, MOST_QUESTIONS + 1)),
    ),
    bars=_nothing_open(Flow.FEEDBACK),
    subject=_subject,
)


def first_answers(flow: Flow, frame: Frame, event_id: int) -> Answers:
    """What is known before the first question: the event, and whom to call."""
    view = next((view for view in fitting(frame, flow) if view.event.id == event_id), None)
    contact = frame.profile.contact
    known: dict[str, Any] = {}
    if flow is Flow.SIGN_UP and contact.name and contact.phone:
        known = {"contact_name": contact.name, "contact_phone": contact.phone}
    return {**known, "event": event_id, "title": view.event.title} if view else known


def said_before(view: EventView) -> Answers:
    """Their sign-up as answers, to be changed."""
    mine = view.mine
    if mine is None:
        return {}
    labels = {question.label: position for position, question in enumerate(view.event.details.questions, 1)}
    own = {f"question_{labels[label]}": words for label, words in mine.answers.items() if label in labels}
    skipped = {
        f"question_{position}": ""
        for position, question in enumerate(view.event.details.questions, 1)
        if not question.required and question.label not in mine.answers
    }
    contact = {"contact_name": mine.name, "contact_phone": mine.phone}
    return {
        "event": view.event.id,
        "title": view.event.title,
        **{name: value for name, value in contact.items() if value},
        **skipped,
        **own,
    }


def meant(flow: Flow, frame: Frame, opened: int, words: str, kinds: Mapping[str, str]) -> int:
    """Which event a wish is about: the one named, the one that is open on the screen, the only one; else 0."""
    views = fitting(frame, flow)
    found = named(views, words, kinds)
    if len(found) == 1:
        return found[0].event.id
    if any(view.event.id == opened for view in views):
        return opened
    return views[0].event.id if len(views) == 1 else 0
