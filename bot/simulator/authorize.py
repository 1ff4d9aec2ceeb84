"""The platform's web authorization: a page that asks who one is, codes that work once, and the JS-SDK's ticket."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from html import escape
from urllib.parse import quote, urlsplit

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from bot.simulator.world import Refusal, World

CODE_LASTS_S = 300
TICKET_LASTS_S = 7200
LONGEST_STATE = 128
SNAPSHOT = "snapshot"
HOLDER = "simulator_holder"  # who holds the phone in this browser, as the phone page says
WHO = "simulator_persona"  # as whom this browser opens pages: their taps in the platform's questions are theirs


@dataclass(slots=True)
class Code:
    openid: str
    until: float
    snapshot: bool = False
    used: bool = False


class Authorizations:
    """Codes handed out and what they are worth, by the rules of the web authorization guide."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.codes: dict[str, Code] = {}

    def grant(self, persona_id: str, *, snapshot: bool = False) -> str:
        """A code for this persona. A preview's visitor has an openid that is nobody's."""
        openid = f"o{secrets.token_hex(14)}"[:28] if snapshot else self.world.personas[persona_id].openid
        code = f"0{secrets.token_hex(15)}"
        self.codes[code] = Code(openid, self.world.now() + CODE_LASTS_S, snapshot=snapshot)
        return code

    def exchange(self, app_id: str, secret: str, code: str) -> dict[str, object]:
        """Raises Refusal with the platform's own code."""
        if app_id != self.world.app_id:
            raise Refusal(40013, "invalid appid")
        if secret != self.world.secret:
            raise Refusal(40125, "invalid appsecret")
        if not code:
            raise Refusal(41008, "missing code")
        held = self.codes.get(code)
        if held is None or held.until <= self.world.now():
            raise Refusal(40029, "invalid code")
        if held.used:
            raise Refusal(40163, "code been used")
        held.used = True
        answer: dict[str, object] = {
            "access_token": secrets.token_hex(40),
            "expires_in": 7200,
            "refresh_token": secrets.token_hex(40),
            "openid": held.openid,
            "scope": "snsapi_base",
        }
        return answer | ({"is_snapshotuser": 1} if held.snapshot else {})


def authorization_routes(world: World, held: Authorizations) -> APIRouter:
    """Mounted beside the platform's API; the page stands where open.weixin.qq.com has it."""
    api = APIRouter()
    ticket = "jsapi-" + hashlib.sha256(world.app_id.encode()).hexdigest()[:40]

    @api.get("/connect/oauth2/authorize")
    def authorize(request: Request) -> Response:
        asked = request.query_params
        back, state = asked.get("redirect_uri", ""), asked.get("state", "")
        words = world.words["authorize"]
        target = urlsplit(back)
        ours = target.scheme in {"http", "https"} and target.netloc == request.url.netloc
        fits = asked.get("response_type") == "code" and asked.get("scope") == "snsapi_base"
        if asked.get("appid") != world.app_id or not ours or not fits or len(state) > LONGEST_STATE:
            return HTMLResponse(_page(words["wrong"], ""), 400)
        chosen = asked.get("persona", "")
        if chosen.removeprefix(SNAPSHOT + "-") not in world.personas:
            return HTMLResponse(
                _page(
                    words["who"],
                    _people(world, str(request.url), request.cookies.get(HOLDER) or request.cookies.get(WHO, "")),
                )
            )
        snapshot = chosen.startswith(SNAPSHOT + "-")
        code = held.grant(chosen.removeprefix(SNAPSHOT + "-"), snapshot=snapshot)
        joint = "&" if target.query else "?"
        response = RedirectResponse(f"{back}{joint}code={code}&state={quote(state, safe='')}", 302)
        response.set_cookie(WHO, chosen.removeprefix(SNAPSHOT + "-"), path="/simulator", samesite="lax", httponly=True)
        return response

    @api.get("/sns/oauth2/access_token")
    def exchange(appid: str = "", secret: str = "", code: str = "") -> Response:
        try:
            return JSONResponse(held.exchange(appid, secret, code))
        except Refusal as error:
            return JSONResponse({"errcode": error.code, "errmsg": error.message})

    @api.get("/cgi-bin/ticket/getticket")
    def getticket(access_token: str = "") -> Response:
        try:
            world.check_token(access_token)
            world.stumble("ticket/getticket")
        except Refusal as error:
            return JSONResponse({"errcode": error.code, "errmsg": error.message})
        return JSONResponse({"errcode": 0, "errmsg": "ok", "ticket": ticket, "expires_in": TICKET_LASTS_S})

    return api


def _people(world: World, here: str, last: str) -> str:
    """First whoever holds the phone, or else opened a page last; personas made since are folded away but for the newest."""
    words, people = world.words["authorize"], list(world.personas.values())
    standing = {row["id"] for row in world.words["personas"]}
    made = [person.id for person in reversed(people) if person.id not in standing]
    shown = {last, *made[:1], *standing}
    near = sorted((person for person in people if person.id in shown), key=lambda person: person.id != last)
    far = [person for person in reversed(people) if person.id not in shown]
    rows = "".join(_row(here, person.id, person.name, person.description) for person in near)
    rows += _row(here, f"{SNAPSHOT}-{people[0].id}", words["snapshot"], words["snapshot_note"])
    older = "".join(_row(here, person.id, person.name, person.description) for person in far)
    title = escape(words["older"].format(times=len(far)))
    folded = f"<details><summary>{title}</summary><ul>{older}</ul></details>" if older else ""
    return f"<ul>{rows}</ul>{folded}"


def _row(here: str, persona_id: str, name: str, description: str) -> str:
    address = escape(f"{here}&persona={quote(persona_id)}")
    return f'<li><a href="{address}"><strong>{escape(name)}</strong><small>{escape(description)}</small></a></li>'


def _page(title: str, body: str) -> str:
    head = '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
    head += '<link rel="stylesheet" href="/simulator/page/who.css">'
    heading = f"<title>{escape(title)}</title></head><body><h1>{escape(title)}</h1>"
    return f'<!doctype html><html lang="zh-CN"><head>{head}{heading}{body}</body></html>'
