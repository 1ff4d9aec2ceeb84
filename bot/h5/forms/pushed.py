"""What a campaign told a follower: its words, its patents as they stand today, and “感兴趣” or “不合适” to each.

Opening the page is counted. Who gets a link passed on by somebody else sees that it is not theirs, and nothing of it.
"""

from __future__ import annotations

import hmac
import re

from starlette.responses import RedirectResponse, Response

from backend.domain.questions import ShowPatent
from backend.services.responses import Pushed, not_relevant, pushed, say_interested
from bot.h5.forms.door import Visit
from bot.h5.forms.drafts import Drafts

HERE = "/h5/push/{name}"
NOTICES = frozenset({"noted", "left_out"})
_NAME = re.compile(r"([1-9][0-9]{0,8})-[A-Za-z0-9_-]{32}")


class PushedPages:
    """`drafts` knows whose a name is and how a page looks."""

    def __init__(self, drafts: Drafts) -> None:
        self.drafts = drafts

    def look(self, visit: Visit) -> Response:
        seen = self._theirs(visit)
        if seen is None:
            return self.drafts.dead()
        desk = self.drafts.desk
        shown = [(number, desk.answer(ShowPatent(number), visit.openid)) for number in seen.numbers]
        notice = visit.query.get("notice", "")
        return self.drafts.page(
            "forms/pushed.html",
            visit,
            seen=seen,
            shown=shown,
            here=HERE.replace("{name}", visit.params["name"]),
            notice=notice if notice in NOTICES else "",
        )

    def answer(self, visit: Visit) -> Response:
        """One of the page's buttons."""
        seen = self._theirs(visit)
        if seen is None:
            return self.drafts.dead()
        database, number = self.drafts.desk.database, visit.sent("number")
        here = HERE.replace("{name}", visit.params["name"])
        if visit.sent("do") == "interested" and say_interested(database, visit.openid, seen, number, at=visit.at):
            return RedirectResponse(f"{here}?notice=noted", 303)
        if visit.sent("do") == "not_relevant" and not_relevant(database, visit.openid, seen, number, at=visit.at):
            return RedirectResponse(f"{here}?notice=left_out", 303)
        return RedirectResponse(here, 303)

    def _theirs(self, visit: Visit) -> Pushed | None:
        name = visit.params["name"]
        found = _NAME.fullmatch(name)
        if found is None:
            return None
        campaign_id = int(found[1])
        if not hmac.compare_digest(name, self.drafts.names.campaign(visit.openid, campaign_id)):
            return None
        return pushed(self.drafts.desk.database, visit.openid, campaign_id, at=visit.at)
