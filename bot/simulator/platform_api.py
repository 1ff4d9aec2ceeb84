"""The platform's HTTP face: /cgi-bin/… with its real error codes, computed from the world."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import JSONResponse, Response

from bot.simulator.notices import SUBSCRIPTION, TEMPLATE, Notices
from bot.simulator.world import Refusal, World

LONGEST_SCENE = 64  # account QR code guide
FINE: dict[str, Any] = {"errcode": 0, "errmsg": "ok"}


def platform_routes(world: World, notices: Notices | None = None) -> APIRouter:
    api = APIRouter()
    told = notices or Notices(world)

    async def body(request: Request) -> dict[str, Any]:
        try:
            content = json.loads(await request.body())
        except ValueError:
            raise Refusal(47001, "data format error") from None
        if not isinstance(content, dict):
            raise Refusal(47001, "data format error")
        return content

    def said(error: Refusal) -> JSONResponse:
        return JSONResponse({"errcode": error.code, "errmsg": error.message})

    @api.post("/cgi-bin/stable_token")
    async def stable_token(request: Request) -> Response:
        try:
            given = await body(request)
            world.stumble("stable_token")
            token, lasts = world.stable_token(
                str(given.get("appid")), str(given.get("secret")), force=bool(given.get("force_refresh"))
            )
        except Refusal as error:
            return said(error)
        return JSONResponse({"access_token": token, "expires_in": lasts})

    @api.post("/cgi-bin/message/custom/send")
    async def custom_send(request: Request, access_token: str = "") -> Response:
        try:
            world.check_token(access_token)
            world.stumble("message/custom/send")
            told.count("message/custom/send")
            given = await body(request)
            world.send_custom(str(given.get("touser")), given)
        except Refusal as error:
            return said(error)
        return JSONResponse(FINE)

    @api.post("/cgi-bin/message/custom/typing")
    async def typing(access_token: str = "") -> Response:
        try:
            world.check_token(access_token)
        except Refusal as error:
            return said(error)
        return JSONResponse(FINE)

    @api.post("/cgi-bin/menu/create")
    async def menu_create(request: Request, access_token: str = "") -> Response:
        try:
            world.check_token(access_token)
            world.create_menu((await body(request)).get("button", []))
        except Refusal as error:
            return said(error)
        return JSONResponse(FINE)

    @api.post("/cgi-bin/qrcode/create")
    async def qrcode_create(request: Request, access_token: str = "") -> Response:
        try:
            world.check_token(access_token)
            given = await body(request)
            scene = str(given.get("action_info", {}).get("scene", {}).get("scene_str", ""))
            if (
                given.get("action_name") not in {"QR_STR_SCENE", "QR_LIMIT_STR_SCENE"}
                or not 1 <= len(scene) <= LONGEST_SCENE
            ):
                raise Refusal(40053, "invalid action info")
        except Refusal as error:
            return said(error)
        return JSONResponse({"ticket": f"ticket-{scene}", "url": f"http://weixin.qq.com/q/{scene}"})

    _notice_route(api, world, told, body)

    @api.get("/cgi-bin/media/get")
    async def media_get(access_token: str = "", media_id: str = "") -> Response:
        try:
            world.check_token(access_token)
            if media_id not in world.media:
                raise Refusal(40007, "invalid media_id")
        except Refusal as error:
            return said(error)
        kind, content = world.media[media_id]
        return Response(content, media_type=kind)

    return api


def _notice_route(
    api: APIRouter, world: World, told: Notices, body: Callable[[Request], Awaitable[dict[str, Any]]]
) -> None:
    @api.post("/cgi-bin/message/{kind}/{verb}")
    async def notice(kind: str, verb: str, request: Request, access_token: str = "") -> Response:
        call = f"message/{kind}/{verb}"
        send = {TEMPLATE: told.template, SUBSCRIPTION: told.subscription}.get(call)
        if send is None:
            raise HTTPException(404)
        try:
            world.check_token(access_token)
            world.stumble(call)
            told.count(call)
            number = send(await body(request))
        except Refusal as error:
            return JSONResponse({"errcode": error.code, "errmsg": error.message})
        return JSONResponse({**FINE, "msgid": number})
