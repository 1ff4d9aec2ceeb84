"""The preference centre on a page: what to hear of, how often, when not; and agreeing to the platform's notices, one each.

Agreeing to subscription notices can only be asked for on a page, by the platform's own button (subscription notice guide,
wx-open-subscribe); what was agreed to is told by an event, not by this page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from starlette.responses import RedirectResponse, Response

from backend.domain.deeds import Agree, Deed, LeaveAlerts, Prefer
from backend.domain.deliveries import RECOMMENDATIONS
from backend.domain.hubei import clusters, places
from backend.domain.preferences import PAUSE_DAYS, QUIET_FROM, QUIET_UNTIL, VERSION, Chosen, Frequency, Preference
from backend.domain.questions import MyPreference
from backend.services.desk import Desk
from backend.services.pages import do
from bot.h5.forms.door import HTML, Door, Visit
from bot.texts import Texts

HERE = "/h5/preferences"
NOTICES = frozenset({"done", "left", "paused", "resumed"})
EVENINGS, MORNINGS = tuple(range(17, QUIET_FROM + 1)), tuple(range(QUIET_UNTIL, 13))
MOST_CHOSEN = 20
# Open tags draw with styles of their own and load from the platform; nothing else of this page needs more than ours.
CSP = (
    "default-src 'none'; script-src 'self' https://res.wx.qq.com; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; frame-src https://*.qq.com; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


class Preferences:
    """`offered`: template id → its title, of the notices that can be agreed to; `scripts` is the address of the JS-SDK."""

    def __init__(self, door: Door, desk: Desk, texts: Texts, offered: Mapping[str, str], scripts: str) -> None:
        self.door, self.desk, self.texts, self.offered, self.scripts = door, desk, texts, offered, scripts

    def look(self, visit: Visit) -> Response:
        chosen = self._chosen(visit)
        held, notice = chosen.preference, visit.query.get("notice", "")
        paused = held.paused_until is not None and held.paused_until > visit.at
        page = self.door.look.render(
            "forms/preferences.html",
            held=held,
            wanted=chosen.wanted,
            resumes_on=held.paused_until.date().isoformat() if paused and held.paused_until else "",
            frequencies=[(each, self.texts.names[f"Frequency.{each}"]) for each in Frequency],
            places=[(code, place.name) for code, place in places().items()],
            clusters=list(clusters().items()),
            evenings=EVENINGS,
            mornings=MORNINGS,
            offered=list(self.offered.items()),
            scripts=self.scripts,
            notice=notice if notice in NOTICES else "",
            home=HERE,
            here=HERE,
            token=visit.token,
        )
        return Response(page, media_type=HTML, headers={"Content-Security-Policy": CSP})

    def change(self, visit: Visit) -> Response:
        """One of the page's buttons."""
        chosen = self._chosen(visit)
        deeds, notice = self._wished(visit, chosen.preference)
        if deeds:
            do(self.desk.database, visit.openid, deeds, at=visit.at)
        return RedirectResponse(f"{HERE}?notice={notice}", 303)

    def _wished(self, visit: Visit, held: Preference) -> tuple[tuple[Deed, ...], str]:
        match visit.sent("do"):
            case "leave":
                return (LeaveAlerts(),), "left"
            case "pause":
                return (Prefer(replace(held, paused_until=visit.at + timedelta(days=PAUSE_DAYS))),), "paused"
            case "resume":
                return (Prefer(replace(held, paused_until=None)),), "resumed"
            case "save":
                agrees = (Agree(RECOMMENDATIONS, VERSION),) if visit.sent("wanted") == "yes" else ()
                leaves = () if agrees else (LeaveAlerts(),)
                return (Prefer(_filled_in(visit, held)), *agrees, *leaves), "done"
            case _:
                return (), ""

    def _chosen(self, visit: Visit) -> Chosen:
        chosen: Chosen = self.desk.answer(MyPreference(), visit.openid)
        return chosen


def _filled_in(visit: Visit, held: Preference) -> Preference:
    """What the form says; what is none of its choices stays as it was."""
    said = visit.sent("frequency")
    return replace(
        held,
        topics=tuple(code for code in visit.form.get("topic", []) if code in clusters())[:MOST_CHOSEN],
        places=tuple(code for code in visit.form.get("place", []) if code in places())[:MOST_CHOSEN],
        frequency=Frequency(said) if said in set(Frequency) else held.frequency,
        quiet_from=_hour(visit.sent("quiet_from"), EVENINGS, held.quiet_from),
        quiet_until=_hour(visit.sent("quiet_until"), MORNINGS, held.quiet_until),
    )


def _hour(text: str, among: tuple[int, ...], otherwise: int) -> int:
    return next((hour for hour in among if str(hour) == text), otherwise)
