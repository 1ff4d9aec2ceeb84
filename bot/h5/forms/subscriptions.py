"""A follower's saved queries on a page: how often, pause, conditions, delete, and one button that ends them all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal, InvalidOperation

from starlette.responses import RedirectResponse, Response

from backend.domain.deeds import Deed, DeleteQueries, LeaveAlerts, SaveQuery, SetQueries
from backend.domain.hubei import places
from backend.domain.patents import PatentKind
from backend.domain.questions import MySubscriptions
from backend.domain.saved_queries import Cadence, SavedQuery
from backend.services.desk import Desk
from backend.services.pages import do
from bot.dialogue.say import say
from bot.dialogue.topics import asked
from bot.h5.forms.door import HTML, Door, Visit
from bot.texts import Texts

HERE = "/h5/subscriptions"
LONGEST_WORDS = 60
MOST_YUAN = Decimal(10) ** 9
NOTICES = frozenset({"done", "gone", "left", "empty"})
Change = Callable[[Visit, SavedQuery], tuple[Deed, ...]]


class Subscriptions:
    def __init__(self, door: Door, desk: Desk, texts: Texts) -> None:
        self.door, self.desk, self.texts = door, desk, texts

    def look(self, visit: Visit) -> Response:
        held = self._held(visit)
        notice = visit.query.get("notice", "")
        page = self.door.look.render(
            "forms/subscriptions.html",
            items=[(saved, self.texts.render(asked.describe(saved.query))) for saved in held],
            cadences=[(cadence, self.texts.names[f"Cadence.{cadence}"]) for cadence in Cadence],
            kinds=[(kind, self.texts.names[f"PatentKind.{kind}"]) for kind in PatentKind],
            places=[(code, place.name) for code, place in places().items()],
            notice=notice if notice in NOTICES else "",
            nothing=self.texts.render(say("subscription.none")),
            here=HERE,
            home=HERE,
            token=visit.token,
        )
        return Response(page, media_type=HTML)

    def change(self, visit: Visit) -> Response:
        """One button of one of them, or the one for all."""
        if visit.sent("do") == "leave":
            return self._done(visit, (LeaveAlerts(),), "left")
        saved = next((one for one in self._held(visit) if str(one.id) == visit.sent("id")), None)
        act = CHANGES.get(visit.sent("do"))
        if saved is None or act is None:
            return self._see("gone")
        deeds = act(visit, saved)
        return self._done(visit, deeds, "done") if deeds else self._see("empty")

    def _held(self, visit: Visit) -> tuple[SavedQuery, ...]:
        held: tuple[SavedQuery, ...] = self.desk.answer(MySubscriptions(), visit.openid)
        return held

    def _done(self, visit: Visit, deeds: tuple[Deed, ...], notice: str) -> Response:
        do(self.desk.database, visit.openid, deeds, at=visit.at)
        return self._see(notice)

    @staticmethod
    def _see(notice: str) -> Response:
        return RedirectResponse(f"{HERE}?notice={notice}", 303)


def _cadence(visit: Visit, saved: SavedQuery) -> tuple[Deed, ...]:
    said = visit.sent("cadence")
    return (SetQueries((saved.id,), cadence=Cadence(said)),) if said in set(Cadence) else ()


def _paused(_visit: Visit, saved: SavedQuery) -> tuple[Deed, ...]:
    return (SetQueries((saved.id,), paused=not saved.paused),)


def _deleted(_visit: Visit, saved: SavedQuery) -> tuple[Deed, ...]:
    return (DeleteQueries((saved.id,)),)


def _conditions(visit: Visit, saved: SavedQuery) -> tuple[Deed, ...]:
    """What the form names; what it has no field for stays. Empty where nothing would be left to look for."""
    kind, place = visit.sent("kind"), visit.sent("place")
    query = replace(
        saved.query,
        words=" ".join(visit.sent("words").split())[:LONGEST_WORDS],
        place_code=place if place in places() else "",
        kind=PatentKind(kind) if kind in set(PatentKind) else None,
        free=visit.sent("free") == "yes",
        max_upfront_yuan=_yuan(visit.sent("most")),
    )
    return () if query.is_empty else (SaveQuery(query, saved.cadence, replaces=saved.id),)


def _yuan(text: str) -> Decimal | None:
    """A sum as it is typed; None for anything that is none."""
    try:
        amount = Decimal(text.replace(",", "").replace("，", "").strip())
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and 0 <= amount <= MOST_YUAN else None


CHANGES: dict[str, Change] = {
    "cadence": _cadence,
    "pause": _paused,
    "delete": _deleted,
    "conditions": _conditions,
}
