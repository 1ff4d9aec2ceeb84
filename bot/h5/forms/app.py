"""The followers' pages, mounted by the roof: /h5/draft/…, /h5/declarations, and what the platform needs of us."""

from __future__ import annotations

import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import MappingProxyType

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount

from backend.domain.clock import Clock
from backend.domain.ports.visitors import CodeRefused, PlatformSilent, Visitors
from backend.services.attachments import Cabinet
from backend.services.declarations.papers import PressRoom
from backend.services.declarations.tables import Tables
from backend.services.desk import Desk
from bot.h5.forms import events, preferences, subscriptions, survey
from bot.h5.forms.declared import Declared
from bot.h5.forms.door import BACK, HOME, SESSION, STATE, Door, Place, Visit
from bot.h5.forms.drafts import Drafts, Reads
from bot.h5.forms.files import Files
from bot.h5.forms.pushed import HERE as PUSHED
from bot.h5.forms.pushed import PushedPages
from bot.h5.forms.tables import TablePages
from bot.h5.links import Links
from bot.h5.look import HOME as FILES
from bot.h5.look import Look
from bot.h5.scripts_of_wechat import permit
from bot.h5.window import Styles
from bot.texts import Texts

ASKING = 2  # threads that may wait for the platform; pages have others
MOST_PROOF = 1024
LONGEST_ADDRESS = 2000
_PROOF = re.compile(r"[A-Za-z0-9_-]{1,64}")


class Forms:
    """`proofs` is the folder in which the platform's files `MP_verify_*.txt` are put by hand; `offered` are the titles of
    subscription notices by template id."""

    def __init__(  # noqa: PLR0917 the parts of a room, each once
        self,
        place: Place,
        desk: Desk,
        clock: Clock,
        texts: Texts,
        reads: Reads,
        visitors: Visitors,
        proofs: Path,
        press: PressRoom,
        cabinet: Cabinet,
        tables: Tables,
        offered: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self.place, self.visitors, self.proofs = place, visitors, proofs
        self.door = Door(place, clock, Look())
        self.links = Links(place.public_url, place.secret)
        self.drafts = Drafts(self.door, desk, texts, reads, names=self.links.names, cabinet=cabinet)
        self.declared = Declared(self.drafts, press, cabinet)
        self.files = Files(cabinet, self.drafts, self.declared)
        self.tables = TablePages(tables, self.drafts, press)
        self.survey = survey.SurveyPage(self.door, desk)
        self.subscriptions = subscriptions.Subscriptions(self.door, desk, texts)
        self.preferences = preferences.Preferences(self.door, desk, texts, offered, place.scripts_url)
        self.pushed = PushedPages(self.drafts)
        self.events = events.EventPages(self.drafts, texts)
        self.asking = ThreadPoolExecutor(ASKING, thread_name_prefix="visitors")
        self.drawing = ThreadPoolExecutor(1, thread_name_prefix="drawing")
        self.storing = ThreadPoolExecutor(1, thread_name_prefix="storing")

    def routes(self) -> list[BaseRoute]:
        """All routes; those of one draft and those of all follow the same guard."""
        door, drafts, declared, files = self.door, self.drafts, self.declared, self.files
        tables = self.tables
        return [
            door.guard(HOME, "GET", drafts.mine),
            door.guard("/h5/declaration/{name}", "GET", declared.page),
            door.guard("/h5/declaration/{name}/paper/{paper}", "GET", declared.paper, self.drawing),
            door.guard_upload("/h5/declaration/{name}/file", files.add_to_declaration, self.storing),
            door.guard("/h5/declaration/{name}/file/{file}", "GET", files.of_declaration, self.storing),
            door.guard("/h5/declaration/{name}/file/{file}", "POST", files.drop_from_declaration),
            door.guard("/h5/draft/{name}", "GET", drafts.draft),
            door.guard_upload("/h5/draft/{name}/file", files.add_to_draft, self.storing),
            door.guard("/h5/draft/{name}/file/{file}", "GET", files.of_draft, self.storing),
            door.guard("/h5/draft/{name}/file/{file}", "POST", files.drop_from_draft),
            door.guard("/h5/draft/{name}/submit", "POST", drafts.submit),
            door.guard("/h5/draft/{name}/{step}", "GET", drafts.step),
            door.guard("/h5/draft/{name}/{step}", "POST", drafts.answer),
            door.guard("/h5/table", "GET", tables.all),
            door.guard_upload("/h5/table", tables.upload, self.storing),
            door.guard("/h5/table/blank.xlsx", "GET", tables.blank),
            door.guard("/h5/table/{name}", "GET", tables.one),
            door.guard("/h5/table/{name}/confirm", "POST", tables.confirm),
            door.guard("/h5/table/{name}/drop", "POST", tables.drop),
            door.guard(events.HERE, "GET", self.events.all),
            door.guard(f"{events.HERE}/{{event}}", "GET", self.events.one),
            door.guard(f"{events.HERE}/{{event}}", "POST", self.events.act),
            door.guard(survey.HERE, "GET", self.survey.look),
            door.guard(survey.HERE, "POST", self.survey.send),
            door.guard(subscriptions.HERE, "GET", self.subscriptions.look),
            door.guard(subscriptions.HERE, "POST", self.subscriptions.change),
            door.guard(preferences.HERE, "GET", self.preferences.look),
            door.guard(preferences.HERE, "POST", self.preferences.change),
            door.guard(PUSHED, "GET", self.pushed.look),
            door.guard(PUSHED, "POST", self.pushed.answer),
            door.guard("/h5/leave", "POST", self.leave),
            door.open(BACK, self.back, self.asking),
            door.open("/h5/jssdk", self.jssdk, self.asking),
            door.open("/MP_verify_{proof}.txt", self.proof),
            Mount("/h5/forms", Styles(directory=FILES / "static"), name="forms-static"),
        ]

    def mount(self, app: Starlette) -> None:
        app.router.routes.extend(self.routes())

    def back(self, request: Request) -> Response:
        """The platform sent the visitor back: who is it?"""
        asked, at = request.query_params, self.door.clock.now()
        target = self.door.states.end(asked.get("state", ""), request.cookies.get(STATE, ""), at)
        if not target:
            return self.door.refuse("state", 403)
        try:
            visitor = self.visitors.identify(asked.get("code", ""))
        except CodeRefused:
            return self._once(self.door.refuse("code", 403))
        except PlatformSilent:
            return self._once(self.door.refuse("silent", 503))
        if visitor.snapshot:
            return self._once(self.door.refuse("snapshot", 403))
        response = RedirectResponse(target, 303)
        self.door.give(response, SESSION, self.door.sessions.open(visitor.openid, at))
        return self._once(response)

    def leave(self, _visit: Visit) -> Response:
        """This browser forgets who it is: for a phone that several people use."""
        response = self.door.refuse("left", 200)
        self.door.drop(response, SESSION)
        return response

    def jssdk(self, request: Request) -> Response:
        """The arguments of `wx.config` for a page of ours, for somebody we know."""
        if self.door.session_of(request) is None:
            return JSONResponse({"error": "session"}, 401)
        address = request.query_params.get("url", "")
        if not address.startswith(f"{self.place.public_url}/h5/") or len(address) > LONGEST_ADDRESS:
            return JSONResponse({"error": "url"}, 400)
        try:
            ticket = self.visitors.ticket()
        except PlatformSilent:
            return JSONResponse({"error": "platform"}, 503)
        return JSONResponse(permit(self.place.app_id, ticket, address, self.door.clock.now()).dump())

    def proof(self, request: Request) -> Response:
        """That the domain is ours, in the platform's own file."""
        name = request.path_params["proof"]
        path = self.proofs / f"MP_verify_{name}.txt"
        if not _PROOF.fullmatch(name) or not path.is_file() or path.stat().st_size > MOST_PROOF:
            return Response(status_code=404)
        return Response(path.read_bytes(), media_type="text/plain")

    def _once(self, response: Response) -> Response:
        self.door.drop(response, STATE)
        return response
