"""One turn inside a flow: the draft as it stands, and the ways in which the turn can end."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Generator
from dataclasses import dataclass, replace
from typing import Any

from backend.domain.declarations import DeclarationView
from backend.domain.deeds import Deed, DropDraft, SaveDraft, TakeProposal
from backend.domain.drafts import Draft, Flow
from backend.domain.events import EventView
from backend.domain.profiles import Profile
from backend.domain.questions import ListEvents, MyDeclarations, MyDrafts, MyEvents, MyProfile, Question
from bot.dialogue.flows.catalogue import FORMS
from bot.dialogue.flows.certificate import carried
from bot.dialogue.flows.consent import CONSENT_ID
from bot.dialogue.flows.engine import Answers, Form, Known, Path
from bot.dialogue.flows.heard import Frame, Heard, today_of
from bot.dialogue.flows.opened import Mode, Opened
from bot.dialogue.flows.speaking import question, review
from bot.dialogue.say import Say, say
from bot.dialogue.turn import Scene, Turn

OF_EVENTS: dict[Flow, Question] = {Flow.SIGN_UP: ListEvents(), Flow.FEEDBACK: MyEvents()}
ON_OWN = frozenset({Flow.WITHDRAW, Flow.REPRICE, Flow.FILE, Flow.CONVERT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitting:
    """`stored` is the draft as it was loaded, None where there was none; `took` the photo that became part of it, 0 for none."""

    scene: Scene
    form: Form
    frame: Frame
    opened: Opened
    answers: Answers
    stored: Draft | None = None
    took: int = 0

    @property
    def path(self) -> Path:
        return self.form.path(self.answers, self.frame)

    @property
    def heard(self) -> Heard:
        return Heard.of(self.scene, self.frame)

    @property
    def may_store(self) -> bool:
        """A draft is about a person: it is kept once they agreed. Flows on declared patents hold nothing new of that kind."""
        consent = next((step for step in self.form.steps if step.id == CONSENT_ID), None)
        return consent is None or CONSENT_ID in self.answers or not consent.when(Known({}, self.frame))

    @property
    def subject(self) -> str:
        return self.form.subject(self.answers, self.frame)

    def at(self, mode: Mode = Mode.STEP, **changes: Any) -> Sitting:
        return replace(self, opened=replace(self.opened, mode=mode, **changes))

    def with_answers(self, answers: Answers, **changes: Any) -> Sitting:
        return replace(self, answers=answers).at(misses=0, token="", digest="", **changes)

    def draft(self) -> Draft:
        return Draft(
            flow=str(self.form.flow),
            subject=self.subject,
            answers=self.answers,
            version=self.form.version,
            misses=self.opened.misses,
        )

    def keeping(self) -> tuple[Deed, ...]:
        """What makes the stored draft this one; nothing where it already is, or where there is nothing to keep."""
        if not self.may_store or not self.answers:
            return self.dropping()  # consent taken back: nothing stays stored on its ground
        stored = self.stored
        if stored and (stored.answers, stored.subject) == (self.answers, self.subject):
            return ()
        moved = stored is not None and stored.subject != self.subject
        gone: tuple[Deed, ...] = (DropDraft(str(self.form.flow), stored.subject),) if stored and moved else ()
        return (*gone, SaveDraft(self.draft()))

    def dropping(self) -> tuple[Deed, ...]:
        return (DropDraft(str(self.form.flow), self.stored.subject),) if self.stored else ()

    def taking(self) -> tuple[Deed, ...]:
        """What the photo said now stands in the draft, or goes with it."""
        return (TakeProposal(self.took),) if self.took else ()

    def stay(self, *says: Say, deeds: tuple[Deed, ...] = (), to_staff: bool = False, **changes: Any) -> Turn:
        """The flow stays open; the draft is as safe as the answer."""
        saved = self.may_store and bool(self.answers)
        opened = replace(
            self.opened,
            saved=saved,
            subject=self.subject,
            answers={} if saved else self.answers,
            about=str(self.answers.get("number") or self.answers.get("declaration") or ""),
        )
        state = replace(self.scene.state, flow=opened.dump(), misses=0, **({"choices": ()} | changes))
        return Turn(state, says, (*self.keeping(), *self.taking(), *deeds), to_staff=to_staff)

    def leave(self, *says: Say, deeds: tuple[Deed, ...] = (), keep: bool = True, to_staff: bool = False) -> Turn:
        """The flow is closed; the draft is kept unless told otherwise."""
        state = replace(self.scene.state, flow=None, misses=0, choices=())
        kept = self.keeping() if keep else self.dropping()
        return Turn(state, says, (*kept, *self.taking(), *deeds), to_staff=to_staff)

    def go_on(self, *lead: Say, again: bool = False) -> Turn:
        """Ask what comes next, or show the review."""
        path = self.path
        if path.current is None:
            digest = digest_of(self.form.final(self.answers, self.frame))
            token = hashlib.sha256(f"{digest}:{self.scene.incoming.key}".encode()).hexdigest()[:32]
            seen = self.at(token=token, digest=digest)
            return seen.stay(*lead, review(self.form, path), *self._papers(path))
        asked = question(self.form, path, was=self.opened.was, again=again)
        return self.at().stay(*lead, *asked, *self._on_page(path))

    def _papers(self, path: Path) -> tuple[Say, ...]:
        """Which papers to send now or later, and the page that takes them."""
        wanted = self.form.papers(path.known)
        if not wanted:
            return ()
        page = self.scene.house.page
        link = page(str(self.form.flow), self.subject) if page and self.may_store and self.answers else None
        if self.form.flow is Flow.BIND:
            return (say("attachment.remind_institution", link=link),)
        return (say("attachment.remind", items=wanted, link=link),)

    def _on_page(self, path: Path) -> tuple[Say, ...]:
        """Where much is to be written, the way to the same draft on a page; only what is stored has one."""
        page, stop = self.scene.house.page, path.current
        if page is None or stop is None or not stop.step.reader.long or not (self.may_store and self.answers):
            return ()
        return (say("flow_common.on_page", link=page(str(self.form.flow), self.subject)),)


def digest_of(final: Answers) -> str:
    return hashlib.sha256(json.dumps(final, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:32]


def frame_of(scene: Scene, flow: Flow) -> Generator[Question, Any, Frame]:
    """What the office knows of this follower, as far as this flow needs it."""
    profile: Profile | None = yield MyProfile()
    mine: tuple[DeclarationView, ...] | None = None
    if flow in ON_OWN:
        mine = yield MyDeclarations()
    events: tuple[EventView, ...] | None = None
    if flow in OF_EVENTS:
        events = yield OF_EVENTS[flow]
    return Frame(
        today=today_of(scene), profile=profile or Profile(), mine=tuple(mine or ()), events=tuple(events or ())
    )


def sit_down(scene: Scene, opened: Opened) -> Generator[Question, Any, Sitting]:
    """The open flow with its draft. A draft that is gone (erased, submitted on a page) begins anew."""
    flow = Flow(opened.flow)
    frame = yield from frame_of(scene, flow)
    stored = None
    if opened.saved:
        drafts: tuple[Draft, ...] | None = yield MyDrafts()
        stored = next(
            (draft for draft in drafts or () if (draft.flow, draft.subject) == (opened.flow, opened.subject)), None
        )
    kept = dict(stored.answers) if stored else dict(opened.answers)
    answers, took = yield from carried(flow, kept, scene)
    if flow in OF_EVENTS:
        frame = replace(frame, event=int(answers.get("event") or 0))
    return Sitting(scene=scene, form=FORMS[flow], frame=frame, opened=opened, answers=answers, stored=stored, took=took)
