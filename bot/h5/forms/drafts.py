"""A follower's drafts and declarations on pages. Whose they are is decided by the session, never by the address."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import replace
from datetime import date
from typing import Any, TypeVar

from starlette.responses import RedirectResponse, Response

from backend.domain.attachments import Attachment, AttachmentKind
from backend.domain.clock import CHINA, day_of
from backend.domain.declarations import DeclarationView
from backend.domain.drafts import Draft, Flow
from backend.domain.questions import MyDeclarations, MyDrafts, Question
from backend.services.attachments import Cabinet
from backend.services.desk import Desk
from backend.services.pages import DraftMoved, keep
from bot.dialogue.flows import attending, on_page
from bot.dialogue.flows.catalogue import FORMS
from bot.dialogue.flows.heard import AnswerError
from bot.dialogue.flows.on_page import Asked, Kept
from bot.dialogue.flows.sitting import Sitting
from bot.dialogue.incoming import Incoming, Kind
from bot.dialogue.meaning import Meaning
from bot.dialogue.say import say
from bot.dialogue.state import State
from bot.dialogue.turn import House, Scene
from bot.h5.forms.asking import field_of, items_of
from bot.h5.forms.door import HOME, HTML, Door, Visit
from bot.h5.identity import Names
from bot.texts import Texts

T = TypeVar("T")
Reads = Callable[[str, date], Meaning]
TRIES = 8
KINDS = tuple(kind for kind in AttachmentKind if kind is not AttachmentKind.INSTITUTION)
QUICK_FIRST = ("quick", "answer")


class Drafts:
    """`reads` is what our own grammar finds in words; the model has no part in a page that says what it asks."""

    def __init__(self, door: Door, desk: Desk, texts: Texts, reads: Reads, *, names: Names, cabinet: Cabinet) -> None:
        self.door, self.desk, self.texts, self.reads = door, desk, texts, reads
        self.names, self.cabinet = names, cabinet
        self.house = House(commands=texts.commands, words=texts.answers)

    # looking

    def mine(self, visit: Visit) -> Response:
        """Drafts to go on with, declarations and where each stands."""
        drafts = self.of(visit)
        views: tuple[DeclarationView, ...] = self.desk.answer(MyDeclarations(), visit.openid)
        sent = visit.query.get("sent", "")
        return self.page(
            "forms/mine.html",
            visit,
            drafts=[(draft, self.address(visit.openid, draft.flow, draft.subject)) for draft in drafts],
            views=[(view, self._of_declaration(visit, view)) for view in views],
            submitted=self.texts.render(say(f"flow_{sent}.submitted")) if sent in list(Flow) else "",
        )

    def draft(self, visit: Visit, trouble: str = "") -> Response:
        """What is answered, and the question that is open or the review. `trouble` is of a file just sent."""
        draft = self.named(visit)
        sitting = self._sit(visit, draft) if draft else None
        return self._shown(visit, sitting, trouble) if sitting else self.dead()

    def step(self, visit: Visit) -> Response:
        """One question by itself: to change an answer, or to add what nobody has to."""
        draft = self.named(visit)
        sitting = self._sit(visit, draft) if draft else None
        if sitting is None:
            return self.dead()
        place = self._asked(sitting, visit)
        return self._asks(visit, sitting, place) if place else self._to(visit, sitting)

    # doing

    def answer(self, visit: Visit) -> Response:
        """An answer to one step, tried again where a message was faster."""
        words = _words(visit)
        for _ in range(TRIES):
            draft = self.named(visit)
            sitting = self._sit(visit, draft, words) if draft else None
            if sitting is None or sitting.stored is None:
                return self.dead()
            place = self._asked(sitting, visit)
            if place is None:
                return self._to(visit, sitting, "changed")
            try:
                kept = self._answered(visit, sitting, place)
            except AnswerError as error:
                return self._asks(visit, sitting, place, typed=words, error=error)
            try:
                keep(self.desk.database, visit.openid, sitting.stored, kept.deeds, at=visit.at)
            except DraftMoved:
                continue
            return self.see(f"{self.address(visit.openid, kept.flow, kept.subject)}?notice=kept")
        return self.see(f"/h5/draft/{visit.params['name']}?notice=changed")

    def _answered(self, visit: Visit, sitting: Sitting, place: Asked) -> Kept:
        if visit.sent("sure"):
            confirmed = on_page.sure(sitting, place)
            if confirmed is not None:
                return confirmed
        return self._play(visit, on_page.answer(sitting, place))

    def submit(self, visit: Visit) -> Response:
        """Exactly what was shown; the second of two taps leads where the first one did."""
        seen, flow, subject = visit.sent("seen"), visit.sent("flow"), visit.sent("subject")
        for _ in range(TRIES):
            draft = self.named(visit)
            if draft is None:
                theirs = self.names.draft(visit.openid, flow, subject) == visit.params["name"]
                return self.see(_after(flow, subject)) if theirs and flow in list(Flow) else self.dead()
            sitting = self._sit(visit, draft)
            if sitting is None:
                continue
            deeds = () if self._barred(sitting) else on_page.submitted(sitting, seen)
            if not deeds:
                return self._to(visit, sitting, "changed")
            try:
                keep(self.desk.database, visit.openid, draft, deeds, at=visit.at)
            except DraftMoved:
                continue
            left = self.named(visit)  # what the office cannot carry out goes to a person, and the draft stays
            return self._to(visit, sitting, "with_person") if left else self.see(_after(draft.flow, draft.subject))
        return self.dead()

    # finding

    def dead(self) -> Response:
        """No such thing: whether it never was, is gone, or is somebody else's."""
        return self.door.refuse("dead", 404)

    def of(self, visit: Visit) -> tuple[Draft, ...]:
        held: tuple[Draft, ...] = self.desk.answer(MyDrafts(), visit.openid)
        return tuple(draft for draft in held if draft.flow in list(FORMS))

    def named(self, visit: Visit) -> Draft | None:
        name = visit.params["name"]
        return next(
            (each for each in self.of(visit) if self.names.draft(visit.openid, each.flow, each.subject) == name),
            None,
        )

    def _sit(self, visit: Visit, draft: Draft, words: str = "") -> Sitting | None:
        incoming = Incoming(Kind.TEXT, visit.openid, "", visit.at, f"page:{visit.session.nonce}", words)
        scene = Scene(State(), incoming, self.reads(words, day_of(visit.at)), self.house)
        return self._play(visit, on_page.sit(scene, draft))

    def _play(self, visit: Visit, play: Generator[Question, Any, T]) -> T:
        outcome: Any = None
        while True:
            try:
                question = play.send(outcome)
            except StopIteration as end:
                value: T = end.value
                return value
            outcome = self.desk.answer(question, visit.openid)

    def _asked(self, sitting: Sitting, visit: Visit) -> Asked | None:
        return None if self._barred(sitting) else on_page.asked(sitting, visit.params["step"])

    @staticmethod
    def _barred(sitting: Sitting) -> str:
        return sitting.form.bars(sitting.frame)

    # showing

    def _shown(self, visit: Visit, sitting: Sitting, trouble: str = "") -> Response:
        barred = self._barred(sitting)
        current = sitting.path.current
        place = on_page.asked(sitting, current.step.id) if current and not barred else None
        files = self._files(visit, sitting)
        return self.page(
            "forms/draft.html",
            visit,
            422 if trouble else 200,
            sitting=sitting,
            here=self._own(visit, sitting),
            items=items_of(self.texts, sitting),
            field=field_of(self.texts, sitting, place) if place else None,
            barred=self.texts.render(say(barred)) if barred else "",
            seen="" if barred else on_page.shown(sitting),
            notice=visit.notice,
            files=files,
            wanted=[kind for kind in self._wanted(sitting) if kind not in {each.kind for each in files or ()}],
            trouble=trouble,
        )

    @staticmethod
    def _wanted(sitting: Sitting) -> tuple[AttachmentKind, ...]:
        """Which papers an officer will want to see; known at the review."""
        return sitting.form.papers(sitting.path.known) if sitting.path.current is None else ()

    def _files(self, visit: Visit, sitting: Sitting) -> tuple[Attachment, ...] | None:
        """What goes along; None where nothing can yet."""
        if sitting.form.flow is Flow.BIND:
            return self.cabinet.of_draft(visit.openid, "")
        number = str(sitting.answers.get("number", ""))
        return self.cabinet.of_draft(visit.openid, number) if sitting.form.flow is Flow.DECLARE and number else None

    def _asks(
        self,
        visit: Visit,
        sitting: Sitting,
        place: Asked,
        *,
        typed: str | None = None,
        error: AnswerError | None = None,
    ) -> Response:
        field = field_of(self.texts, sitting, place, typed=typed, error=error)
        if typed is not None and field.choices:  # ticks stand as they were sent
            ticked = set(visit.form.get("answer", ()))
            choices = tuple(replace(choice, chosen=choice.value in ticked) for choice in field.choices)
            field = replace(field, choices=choices)
        here = self._own(visit, sitting)
        return self.page("forms/step.html", visit, 422 if error else 200, sitting=sitting, here=here, field=field)

    def page(self, template: str, visit: Visit, status: int = 200, **values: Any) -> Response:
        words = {"names": self.texts.names, "home": HOME, "token": visit.token, "china": CHINA, "kinds": KINDS}
        return Response(self.door.look.render(template, **words, **values), status, media_type=HTML)

    def _own(self, visit: Visit, sitting: Sitting) -> str:
        assert sitting.stored is not None
        return self.address(visit.openid, sitting.stored.flow, sitting.stored.subject)

    def address(self, openid: str, flow: str, subject: str) -> str:
        return f"/h5/draft/{self.names.draft(openid, flow, subject)}"

    def _of_declaration(self, visit: Visit, view: DeclarationView) -> str:
        return f"/h5/declaration/{self.names.declaration(visit.openid, view.id)}"

    def _to(self, visit: Visit, sitting: Sitting, notice: str = "") -> Response:
        return self.see(self._own(visit, sitting) + (f"?notice={notice}" if notice else ""))

    @staticmethod
    def see(path: str) -> Response:
        return RedirectResponse(path, 303)


def _after(flow: str, subject: str) -> str:
    """Where one sees what became of a flow that was sent."""
    if flow in attending.FLOWS:
        return f"/h5/events/{subject}?notice={'signed_up' if flow == Flow.SIGN_UP else 'thanked'}"
    return f"{HOME}?sent={flow}"


def _words(visit: Visit) -> str:
    """What was typed or ticked, as one would write it in the chat."""
    held = next((visit.form[name] for name in QUICK_FIRST if name in visit.form), [])
    return "、".join(part.replace("\r\n", "\n") for part in held)
