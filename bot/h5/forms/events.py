"""Events on pages: what is on, one of them with how the visitor stands, and the ways on. Signing up is the same flow as in
the chat: the page opens its draft."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from backend.domain.deeds import CancelSignUp, ComeIn, Deed, SaveDraft, TakePlace
from backend.domain.drafts import Draft, Flow
from backend.domain.events import CONSENT_PURPOSE, CONSENT_VERSION, EventView, SignUpState, moment, span
from backend.domain.questions import ListEvents, MyEvents, MyProfile
from backend.services.pages import do
from bot.dialogue.flows.attending import first_answers, may_judge, may_sign_up, said_before
from bot.dialogue.flows.catalogue import FORMS
from bot.dialogue.flows.consent import has_agreed
from bot.dialogue.flows.heard import Frame
from bot.dialogue.say import say
from bot.dialogue.topics.events import hint_of, places_of
from bot.h5.forms.door import HTML, Visit
from bot.h5.forms.drafts import Drafts
from bot.texts.render import Texts

HERE = "/h5/events"
NOTICES = frozenset({"cancelled", "taken", "signed_up", "missed", "thanked"})
LEAVES = frozenset({SignUpState.CONFIRMED, SignUpState.WAITING, SignUpState.OFFERED})
LONGEST_ID = 9


class EventPages:
    """`drafts` has the pages of the flow and the desk."""

    def __init__(self, drafts: Drafts, texts: Texts) -> None:
        self.drafts, self.texts, self.desk, self.door = drafts, texts, drafts.desk, drafts.door

    def all(self, visit: Visit) -> Response:
        """What is on, and what is theirs."""
        views: tuple[EventView, ...] = self.desk.answer(ListEvents(), visit.openid)
        own: tuple[EventView, ...] = self.desk.answer(MyEvents(), visit.openid)
        ahead = {view.event.id for view in views}
        past = [view for view in own if view.event.id not in ahead and view.standing is not None]
        return self._page("forms/events.html", visit, views=views, past=past)

    def one(self, visit: Visit) -> Response:
        view = self._named(visit)
        if view is None:
            return self.drafts.dead()
        notice = visit.query.get("notice", "")
        return self._page(
            "forms/event.html",
            visit,
            view=view,
            held=view.event.details,
            span=span(view.event.details.begins_at, view.event.details.ends_at),
            until=moment(view.event.details.sign_up_until),
            kept_until=moment(view.mine.offered_until) if view.mine and view.mine.offered_until else "",
            places=self.texts.render(say("common.plain", text=places_of(view))),
            hint=self.texts.render(say(f"event.page.{hint_of(view)}")),
            may_sign_up=may_sign_up(view) and view.standing is None,
            may_change=may_sign_up(view) and view.standing is not None,
            may_leave=view.standing in LEAVES and view.event.is_ahead(visit.at),
            offered=view.standing is SignUpState.OFFERED,
            may_judge=may_judge(view),
            inside=view.standing in {SignUpState.CONFIRMED, SignUpState.ATTENDED},
            notice=notice if notice in NOTICES else "",
        )

    def act(self, visit: Visit) -> Response:
        """One of the page's buttons."""
        view = self._named(visit)
        if view is None:
            return self.drafts.dead()
        event_id, here = view.event.id, f"{HERE}/{view.event.id}"
        match visit.sent("do"):
            case "sign_up" if may_sign_up(view):
                return self._open(visit, Flow.SIGN_UP, view)
            case "judge" if may_judge(view):
                return self._open(visit, Flow.FEEDBACK, view)
            case "take":
                return self._done(visit, TakePlace(event_id), f"{here}?notice=taken")
            case "leave":
                return self._done(visit, CancelSignUp(event_id), f"{here}?notice=cancelled")
            case _:
                return self.drafts.see(here)

    def _done(self, visit: Visit, deed: CancelSignUp | TakePlace | ComeIn, after: str) -> Response:
        """Where it could not be done any more, the page says so and shows what is so now."""
        fine = do(self.desk.database, visit.openid, (deed,), at=visit.at)
        return self.drafts.see(after if fine else f"{HERE}/{deed.event_id}?notice=missed")

    def _open(self, visit: Visit, flow: Flow, view: EventView) -> Response:
        """The draft of the flow: the one that waits, else a new one with what is known."""
        subject = str(view.event.id)
        held = next((draft for draft in self.drafts.of(visit) if (draft.flow, draft.subject) == (flow, subject)), None)
        if held is None:
            draft = Draft(
                flow=flow, subject=subject, answers=self._known(visit, flow, view), version=FORMS[flow].version
            )
            deed: Deed = SaveDraft(draft)
            do(self.desk.database, visit.openid, (deed,), at=visit.at)
        return self.drafts.see(self.drafts.address(visit.openid, flow, subject))

    def _known(self, visit: Visit, flow: Flow, view: EventView) -> dict[str, Any]:
        if flow is Flow.SIGN_UP and view.standing is not None:
            return said_before(view)
        frame = Frame(today=visit.at.date(), profile=self.desk.answer(MyProfile(), visit.openid), events=(view,))
        known = first_answers(flow, frame, view.event.id)
        if has_agreed(frame, CONSENT_PURPOSE, CONSENT_VERSION):
            return known
        return {name: known[name] for name in ("event", "title")}  # nothing about a person before they agree

    def _named(self, visit: Visit) -> EventView | None:
        name = str(visit.params["event"])
        if not (name.isascii() and name.isdigit() and len(name) <= LONGEST_ID):
            return None
        return self.desk.calendar.one(int(name), visit.openid)

    def _page(self, template: str, visit: Visit, **values: Any) -> Response:
        names = {"names": self.texts.names, "home": HERE, "here": HERE, "token": visit.token, "moment": moment}
        return Response(self.door.look.render(template, **names, **values), media_type=HTML)
