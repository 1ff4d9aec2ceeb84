"""A follower in front of `converse`, without a database: questions are answered from memory, deeds change it.

Everything that a real shell stores goes through JSON between messages, so each message is answered by what a process that
has just been started would know.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from backend.domain.attachments import Attachment, AttachmentStatus
from backend.domain.clock import CHINA, day_of
from backend.domain.companies import Company
from backend.domain.declarations import DeclarationView, State
from backend.domain.deeds import (
    CancelSignUp,
    Deed,
    DropDraft,
    KeepPicture,
    LeaveAlerts,
    NoteMiss,
    OpenHandoff,
    SaveDraft,
    Submit,
    TakePlace,
)
from backend.domain.drafts import Draft, Flow
from backend.domain.events import EventView
from backend.domain.listings import Contact, HolderType, Standing, Track
from backend.domain.patents import PatentKind
from backend.domain.policy import Band, Citation, Confidence, Entry, EntryTrack, PolicyAnswer, PolicyHit, Source
from backend.domain.pricing import Advice, calculate
from backend.domain.profiles import Consent, Profile
from backend.domain.queries import Results
from backend.domain.questions import (
    AdvisePrice,
    AskFollowUp,
    AskPolicy,
    FindPatents,
    ListEvents,
    LookUpNumber,
    MyCompany,
    MyDeclarations,
    MyDrafts,
    MyEvents,
    MyFiles,
    MyProfile,
    Question,
    ShowEntry,
)
from backend.domain.registry import LegalStatus, PatentRecord
from bot.dialogue import state as memory
from bot.dialogue.conversation import converse
from bot.dialogue.flows.consent import PURPOSE, VERSION
from bot.dialogue.incoming import Incoming, Kind
from bot.dialogue.meaning import Meaning
from bot.dialogue.turn import House, Scene, Turn
from bot.nlu.gazetteer import place_names
from bot.nlu.grammar import Grammar
from bot.nlu.grammar.places import Places
from bot.nlu.keywords import Keywords
from bot.policy_lines import NLU_DATA
from bot.texts import Texts
from tests.support.builders import make_number

TEXTS = Texts()
GRAMMAR = Grammar(Places(place_names(NLU_DATA / "gazetteer")))
KEYWORDS = Keywords(NLU_DATA / "fallback.yml")
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=CHINA)
LAW = Source("patent_law", "中华人民共和国专利法", "《专利法》", "", date(2026, 11, 22))
UNIVERSITY = "江城测试大学"
AGREED = (Consent(PURPOSE, VERSION),)
OFFICER = Profile(
    institution=UNIVERSITY,
    credit_code="91350200MA2YJ1XR9G",
    holder_type=HolderType.UNIVERSITY,
    approved=True,
    contact=Contact(name="李老师", phone="027-87000000"),
    consents=AGREED,
)


def make_record(serial: int = 1, *, kind: PatentKind = PatentKind.INVENTION, **changes: Any) -> PatentRecord:
    values: dict[str, Any] = {
        "number": make_number(serial, kind=kind),
        "title": f"一种测试用散热装置{serial}",
        "kind": kind,
        "filed_on": date(2021, 3, 15),
        "granted_on": date(2023, 5, 6),
        "holders": (UNIVERSITY,),
        "ipc_main": "H05K7/20",
        "status": LegalStatus.IN_FORCE,
        "source": "测试",
    }
    return PatentRecord(**(values | changes))


def make_view(view_id: int = 7, **changes: Any) -> DeclarationView:
    values: dict[str, Any] = {
        "id": view_id,
        "number": make_number(view_id),
        "title": f"一种测试用散热装置{view_id}",
        "track": Track.STATUTORY,
        "state": State.LISTED,
        "since": NOON,
        "submitted_at": NOON,
        "on_show": True,
        "standing": Standing.ANNOUNCED,
        "answers": {"kind": "invention"},
    }
    return DeclarationView(**(values | changes))


def make_entry(entry_id: str, title: str) -> Entry:
    return Entry(
        id=entry_id,
        title=title,
        answer=f"{title}的答案。",
        next="",
        detail="",
        track=EntryTrack.BOTH,
        confidence=Confidence.HIGH,
        doubt="",
        citations=(Citation(LAW, "第五十条"),),
        phrasings=(),
        owner="policy_desk",
        review_by=date(2027, 1, 1),
    )


def stored(values: Any) -> Any:
    """As a column of JSON gives it back."""
    return json.loads(json.dumps(values, ensure_ascii=False))


def as_read(meaning: Meaning) -> Meaning:
    return meaning


@dataclass
class Declarant:
    """`say` plays one message and returns what was answered. `reading` may put another understanding in place."""

    profile: Profile = field(default_factory=Profile)
    company: Company | None = None
    events: tuple[EventView, ...] = ()
    moves: list[Deed] = field(default_factory=list)
    registry: dict[str, PatentRecord] = field(default_factory=dict)
    mine: tuple[DeclarationView, ...] = ()
    entries: dict[str, Entry] = field(default_factory=dict)
    unsure: tuple[str, ...] = ()  # questions whose words hold one of these are answered with choices
    reading: Callable[[Meaning], Meaning] = as_read
    drafts: dict[tuple[str, str], Draft] = field(default_factory=dict)
    submitted: list[Submit] = field(default_factory=list)
    pictures: dict[str, list[Attachment]] = field(default_factory=dict)
    handoffs: list[str] = field(default_factory=list)
    misses: list[str] = field(default_factory=list)
    state: dict[str, Any] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)
    last: Turn | None = None
    at: datetime = NOON
    pace: timedelta = timedelta(seconds=5)  # somebody reads a question before answering it
    keys: Any = field(default_factory=lambda: itertools.count(1))
    page: Callable[[str, str], str] | None = None
    declared: Callable[[int], str] | None = None
    tables: str = ""

    def say(self, text: str) -> str:
        return self.do(Kind.TEXT, text)

    def tell(self, *texts: str) -> str:
        """Several messages; the last answer."""
        return [self.say(text) for text in texts][-1]

    def tap(self, key: str) -> str:
        return self.do(Kind.TAP, key)

    def do(self, kind: Kind, text: str = "", **detail: str) -> str:
        key = f"m:{next(self.keys)}"
        incoming = Incoming(kind, "ming", "office", self.at, key, text, dict(detail))
        meaning = self._understand(text) if kind is Kind.TEXT else Meaning()
        house = House(
            commands=TEXTS.commands,
            words=TEXTS.answers,
            opening_hours="9:00-17:00",
            open_now=True,
            page=self.page,
            declared=self.declared,
            tables=self.tables,
        )
        turn = self._play(Scene(memory.State.load(stored(self.state)), incoming, meaning, house))
        self.state = stored(turn.state.dump())
        for deed in turn.deeds:
            self._carry_out(deed)
        self.said.append(text)
        self.at += self.pace
        self.last = turn
        return "\n".join(TEXTS.render(said) for said in turn.says)

    def _understand(self, text: str) -> Meaning:
        if text.strip() in TEXTS.commands:
            return Meaning()
        intent, confidence = KEYWORDS.read(text)
        facts = GRAMMAR.read(text, today=day_of(self.at))
        return self.reading(Meaning(text=text, intent=intent, confidence=confidence, facts=facts, degraded=True))

    def _play(self, scene: Scene) -> Turn:
        play = converse(scene)
        outcome: Any = None
        while True:
            try:
                question = play.send(outcome)
            except StopIteration as end:
                turn: Turn = end.value
                return turn
            outcome = self._answer(question)

    def _answer(self, question: Question) -> Any:
        match question:
            case MyProfile():
                return self.profile
            case MyDrafts():
                return tuple(sorted(self.drafts.values(), key=lambda draft: draft.saved_at or NOON, reverse=True))
            case MyDeclarations():
                return self.mine
            case MyFiles(number):
                return tuple(self.pictures.get(number, ()))
            case ListEvents() | MyEvents():
                return tuple(view for view in self.events if view.mine or isinstance(question, ListEvents))
            case MyCompany():
                return self.company
            case AdvisePrice(_, _, inputs):
                return Advice(inputs=inputs, calculation=calculate(inputs))
            case LookUpNumber(number):
                return self.registry.get(number)
            case AskPolicy(words) | AskFollowUp(words, _, _):
                return self._policy(words)
            case ShowEntry(entry_id):
                return self.entries.get(entry_id)
            case FindPatents(query, page):
                return Results(query, 0, page, ())
            case _:
                return None

    def _policy(self, words: str) -> PolicyAnswer:
        hits = tuple(PolicyHit(entry, 1.0) for entry in self.entries.values() if entry.title in words)
        if any(word in words for word in self.unsure):
            return PolicyAnswer(
                Band.CHOICES, tuple(PolicyHit(entry, 0.2) for entry in self.entries.values())[:3], ours=1.0
            )
        return PolicyAnswer(Band.ANSWER, hits[:1], ours=1.0) if hits else PolicyAnswer(Band.NOTHING, (), ours=0.0)

    def _carry_out(self, deed: Deed) -> None:
        match deed:
            case SaveDraft(draft):
                kept = replace(draft, answers=stored(draft.answers), saved_at=self.at)
                self.drafts[draft.flow, draft.subject] = kept
            case DropDraft(flow, subject):
                self.drafts.pop((flow, subject), None)
            case Submit(flow, subject, answers, token):
                self.drafts.pop((flow, subject), None)
                if token not in {deed.token for deed in self.submitted}:
                    self.submitted.append(Submit(flow, subject, stored(answers), token))
            case KeepPicture(key, _, number, kind):
                held = Attachment(
                    id=len(self.said),
                    openid="ming",
                    number=number,
                    kind=kind,
                    status=AttachmentStatus.WAITING,
                    added_at=self.at,
                    name=key,
                )
                self.pictures.setdefault(number, []).append(held)
            case OpenHandoff(text):
                self.handoffs.append(text)
            case CancelSignUp() | LeaveAlerts() | TakePlace():
                self.moves.append(deed)
            case NoteMiss(question):
                self.misses.append(question)
            case _:
                raise AssertionError(deed)

    @property
    def count(self) -> int:
        """Messages sent so far."""
        return len(self.said)

    @property
    def flow(self) -> dict[str, Any] | None:
        return self.state.get("flow")

    @property
    def about(self) -> str:
        """The entry that short questions now lean on."""
        return str(self.state.get("about", ""))

    def draft(self, flow: Flow = Flow.DECLARE, subject: str = "") -> dict[str, Any]:
        return self.drafts[flow, subject].answers
