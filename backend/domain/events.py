"""Events: what is announced, who may sign up until when, how many places there are, and who gets the next free one.

供需对接会, 拍卖会, 知识产权楚天行, 培训 (pilot plan, “对接活动”). An auction is announced and signed up for only; it is held by
whoever is licensed to. Times are aware; days are those of Hubei, which has no summer time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Self

from backend.domain.clock import CHINA
from backend.domain.errors import AssistantError
from backend.domain.preferences import HOUSE

CONSENT_PURPOSE = "events"
CONSENT_VERSION = "2026-11"  # of the wording in bot/texts/zh/flow_sign_up.yml
MOST_QUESTIONS, FEWEST_OPTIONS, MOST_OPTIONS = 6, 2, 9
MOST_PLACES = 100_000
LONGEST_LINE, LONGEST_SUMMARY, LONGEST_ADDRESS = 100, 500, 500
OPENS_BEFORE = timedelta(hours=2)  # check-in
STAYS_OPEN = timedelta(hours=2)  # after the end, then the event counts as held
OFFER, SHORT_OFFER = timedelta(hours=24), timedelta(hours=2)
SOON = timedelta(hours=48)  # so near, an offer is short
NEAR = timedelta(hours=12)  # so near, an offer is made at night too
KEPT_AFTER = timedelta(days=90)  # names, phones and answers, counted from the end of the event
SCENE = "ev"  # of an event's QR code: “ev12”


class EventKind(StrEnum):
    MATCHING = "matching"
    AUCTION = "auction"
    TOUR = "tour"
    TRAINING = "training"


class EventState(StrEnum):
    """draft → published → closed (no more sign-ups) or cancelled → held (over)."""

    DRAFT = "draft"
    PUBLISHED = "published"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    HELD = "held"

    @classmethod
    def ahead(cls) -> frozenset[EventState]:
        """Announced and not over."""
        return frozenset({cls.PUBLISHED, cls.CLOSED})


class EventMove(StrEnum):
    PUBLISH = "publish"
    CLOSE = "close"
    REOPEN = "reopen"
    CANCEL = "cancel"


MOVES: dict[EventMove, tuple[frozenset[EventState], EventState]] = {
    EventMove.PUBLISH: (frozenset({EventState.DRAFT}), EventState.PUBLISHED),
    EventMove.CLOSE: (frozenset({EventState.PUBLISHED}), EventState.CLOSED),
    EventMove.REOPEN: (frozenset({EventState.CLOSED}), EventState.PUBLISHED),
    EventMove.CANCEL: (frozenset({EventState.DRAFT}) | EventState.ahead(), EventState.CANCELLED),
}


class SignUpState(StrEnum):
    """OFFERED: a place is kept for them until `offered_until`. NO_SHOW and ATTENDED are known when the event is over."""

    CONFIRMED = "confirmed"
    WAITING = "waiting"
    OFFERED = "offered"
    CANCELLED = "cancelled"
    ATTENDED = "attended"
    NO_SHOW = "no_show"

    @classmethod
    def standing(cls) -> frozenset[SignUpState]:
        """Still in it."""
        return frozenset({cls.CONFIRMED, cls.WAITING, cls.OFFERED, cls.ATTENDED})

    @classmethod
    def holding(cls) -> frozenset[SignUpState]:
        """Those that take a place; walk-ins besides take none."""
        return frozenset({cls.CONFIRMED, cls.OFFERED, cls.ATTENDED, cls.NO_SHOW})


class QuestionKind(StrEnum):
    TEXT = "text"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True, kw_only=True)
class EventQuestion:
    """One question of an event's own. `label` names the answer in a list; a CHOICE has `options`."""

    label: str
    text: str
    kind: QuestionKind = QuestionKind.TEXT
    options: tuple[str, ...] = ()
    required: bool = True

    def dump(self) -> dict[str, Any]:
        return {
            "label": self.label,
            "text": self.text,
            "kind": str(self.kind),
            "options": list(self.options),
            "required": self.required,
        }

    @classmethod
    def load(cls, values: dict[str, Any]) -> Self:
        return cls(
            label=str(values["label"]),
            text=str(values["text"]),
            kind=QuestionKind(values["kind"]),
            options=tuple(values.get("options", ())),
            required=bool(values.get("required", True)),
        )


class EventProblem(AssistantError):
    """What is wrong with an event as it was written down; `code` names the field or the rule."""


class MoveNotAllowed(AssistantError):
    """The event is not in a state from which this can be done."""

    code = "move"


class QuotaTooSmall(AssistantError):
    """More are confirmed than the new number of places."""

    code = "quota_taken"


class NoSuchEvent(AssistantError):
    code = "event.unknown"


class NoSignUp(AssistantError):
    """Sign-up is not open, or there is no such sign-up."""

    code = "event.not_open"


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """What staff write. `place` is an address, `link` where an online event is; one of them at least. `quota` None is no
    limit. `invited` says for whom it is meant. `materials` is an address, given afterwards."""

    kind: EventKind
    title: str
    begins_at: datetime
    ends_at: datetime
    sign_up_from: datetime
    sign_up_until: datetime
    summary: str = ""
    place: str = ""
    link: str = ""
    quota: int | None = None
    invited: str = ""
    materials: str = ""
    questions: tuple[EventQuestion, ...] = ()
    feedback: tuple[EventQuestion, ...] = ()

    def check(self) -> None:
        """Raises EventProblem."""
        self._check_words()
        if not self.begins_at < self.ends_at:
            raise EventProblem("times")
        if not self.sign_up_from < self.sign_up_until <= self.ends_at:
            raise EventProblem("sign_up_times")
        if self.quota is not None and not 1 <= self.quota <= MOST_PLACES:
            raise EventProblem("quota")
        for questions in (self.questions, self.feedback):
            if len(questions) > MOST_QUESTIONS or any(not _fits(question) for question in questions):
                raise EventProblem("questions")

    def _check_words(self) -> None:
        if not 2 <= len(self.title) <= 60:  # noqa: PLR2004 a line on a phone
            raise EventProblem("title")
        if not (self.place or self.link):
            raise EventProblem("place")
        for address in (self.link, self.materials):
            if address and (len(address) > LONGEST_ADDRESS or not address.startswith(("https://", "http://"))):
                raise EventProblem("address")
        if len(self.place) > LONGEST_LINE or len(self.invited) > LONGEST_LINE or len(self.summary) > LONGEST_SUMMARY:
            raise EventProblem("long")


def _fits(question: EventQuestion) -> bool:
    counted = FEWEST_OPTIONS <= len(question.options) <= MOST_OPTIONS if question.kind is QuestionKind.CHOICE else True
    short = all(0 < len(words) <= LONGEST_LINE for words in (question.label, question.text, *question.options))
    return counted and short


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """`revision` grows with every change that whoever signed up must hear of; `note` says why, in the office's words.
    `gone` counts, by state, sign-ups of people who were forgotten."""

    id: int
    details: Details
    state: EventState
    revision: int = 0
    note: str = ""
    demonstration: bool = False
    gone: dict[str, int] = field(default_factory=dict)

    @property
    def title(self) -> str:
        return self.details.title

    @property
    def scene(self) -> str:
        """What the QR code at the door says."""
        return f"{SCENE}{self.id}"

    def takes_sign_ups(self, at: datetime) -> bool:
        held = self.details
        return self.state is EventState.PUBLISHED and held.sign_up_from <= at < min(held.sign_up_until, held.ends_at)

    def is_ahead(self, at: datetime) -> bool:
        return self.state in EventState.ahead() and at < self.details.ends_at

    def checks_in(self, at: datetime) -> bool:
        begins, ends = self.details.begins_at - OPENS_BEFORE, self.details.ends_at + STAYS_OPEN
        return self.state in EventState.ahead() | {EventState.HELD} and begins <= at < ends

    def is_over(self, at: datetime) -> bool:
        return self.state in EventState.ahead() and at >= self.details.ends_at + STAYS_OPEN

    def moved(self, move: EventMove) -> EventState:
        """Raises MoveNotAllowed."""
        before, after = MOVES[move]
        if self.state not in before:
            raise MoveNotAllowed(state=self.state)
        return after

    def offer_until(self, at: datetime) -> datetime | None:
        """Until when a place that is free now is kept for whoever waits longest; None where nothing is offered now.

        By day, so that it can be answered; near the event at once and for a short time.
        """
        begins = self.details.begins_at
        if at >= begins or (HOUSE.is_quiet(at) and begins - at > NEAR):
            return None
        return min(begins, at + (OFFER if begins - at > SOON else SHORT_OFFER))


def event_of_scene(scene: str) -> int:
    """“ev12” is 12; 0 for a code that is none of an event."""
    digits = scene.removeprefix(SCENE)
    return int(digits) if scene.startswith(SCENE) and digits.isascii() and digits.isdigit() and len(digits) < 10 else 0  # noqa: PLR2004 what both databases hold


@dataclass(frozen=True, slots=True, kw_only=True)
class SignUp:
    """One follower's, or, with an empty openid, somebody whom staff entered at the door."""

    id: int
    event_id: int
    openid: str
    name: str
    phone: str
    answers: dict[str, str]
    state: SignUpState
    walk_in: bool
    signed_up_at: datetime
    waiting_since: datetime | None
    offered_until: datetime | None
    confirmed_at: datetime | None
    checked_in_at: datetime | None
    feedback: dict[str, str] | None


@dataclass(frozen=True, slots=True)
class Counts:
    """How an event stands, sign-ups of forgotten people included. `taken` are places, kept ones too."""

    by_state: dict[SignUpState, int] = field(default_factory=dict)
    walk_ins: int = 0
    taken: int = 0

    def of(self, *states: SignUpState) -> int:
        return sum(self.by_state.get(state, 0) for state in states)

    @property
    def waiting(self) -> int:
        return self.of(SignUpState.WAITING)


@dataclass(frozen=True, slots=True)
class EventView:
    """An event as one follower sees it. `offer_is_news`: they have written nothing since they were told of their offer.
    `open`: one may sign up now."""

    event: Event
    counts: Counts
    mine: SignUp | None = None
    offer_is_news: bool = False
    open: bool = False

    @property
    def free(self) -> int | None:
        """Places left; None without a limit."""
        quota = self.event.details.quota
        return None if quota is None else max(0, quota - self.counts.taken)

    @property
    def full(self) -> bool:
        """Whoever signs up now waits: nothing is free, or somebody waits already."""
        return self.free is not None and (self.free == 0 or self.counts.waiting > 0)

    @property
    def standing(self) -> SignUpState | None:
        """How the follower stands; None where they do not take part."""
        return self.mine.state if self.mine and self.mine.state in SignUpState.standing() else None


def moment(at: datetime) -> str:
    """2026-12-05 14:00, in Hubei."""
    return f"{at.astimezone(CHINA):%Y-%m-%d %H:%M}"


def span(begins: datetime, ends: datetime) -> str:
    """2026-12-05 14:00–17:00; over several days both are written whole."""
    if begins.astimezone(CHINA).date() == ends.astimezone(CHINA).date():
        return f"{moment(begins)}–{ends.astimezone(CHINA):%H:%M}"
    return f"{moment(begins)} – {moment(ends)}"


class Reminder(StrEnum):
    """Before the beginning; each goes out once, and not at all when it comes too late to be of use."""

    DAY = "day"
    HOUR = "hour"

    @property
    def stage(self) -> int:
        return 1 if self is Reminder.DAY else 2

    def due(self, begins_at: datetime) -> datetime:
        return begins_at - (timedelta(hours=24) if self is Reminder.DAY else timedelta(hours=1))

    def stale(self, begins_at: datetime) -> datetime:
        """From here on it is not sent: the next one comes, or the event has begun."""
        return begins_at - timedelta(hours=2) if self is Reminder.DAY else begins_at

    def key(self, event: Event) -> str:
        """One of each for one beginning: a clock put back makes none twice, a postponed event is reminded of anew."""
        return f"{reminder_keys(event.id)}{self}:{int(event.details.begins_at.timestamp())}"


def reminder_keys(event_id: int) -> str:
    """What the notice keys of all reminders of the event begin with."""
    return f"event_reminder:{event_id}:"
