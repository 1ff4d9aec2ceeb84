"""Web authorization and the ticket of the JS-SDK. A code is exchanged once and never tried again."""

from __future__ import annotations

from datetime import timedelta

from backend.domain.ports.visitors import CodeRefused, PlatformSilent, Visitor
from bot.wechat.client import SAFETY, Platform, PlatformError

REFUSED = frozenset({40029, 40163, 41008, 42003})  # invalid, used, missing, too old
LONGEST_CODE = 256
SCRIPTS = "https://res.wx.qq.com/open/js/jweixin-1.6.0.js"
OPEN = "https://open.weixin.qq.com"  # where browsers are sent to; its path is the guide's


class PlatformVisitors:
    """Implements backend.domain.ports.visitors.Visitors."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self.shelf_name = f"{platform.app_id}:jsapi"

    def identify(self, code: str) -> Visitor:
        if not code or len(code) > LONGEST_CODE:
            raise CodeRefused
        try:
            answer = self.platform.exchange(code)
        except PlatformError as error:
            raise (CodeRefused if error.code in REFUSED else PlatformSilent)(platform=error.code) from None
        openid = answer.get("openid")
        if not isinstance(openid, str) or not openid:
            raise PlatformSilent
        return Visitor(openid, snapshot=str(answer.get("is_snapshotuser", 0)) == "1")

    def ticket(self) -> str:
        """One for all processes, kept beside the access token: the platform allows few calls for it."""
        shelf, clock, me = self.platform.shelf, self.platform.clock, self.platform.me
        ticket = shelf.current(self.shelf_name, at=clock.now())
        if ticket:
            return ticket
        if not shelf.lease(self.shelf_name, by=me, at=clock.now()):
            ticket = shelf.current(self.shelf_name, at=clock.now())
            if ticket:
                return ticket
            raise PlatformSilent  # somebody is fetching it: the page asks again
        try:
            answer = self.platform.call(lambda client: client.get("ticket/getticket", params={"type": "jsapi"}))
            ticket, lasts = str(answer["ticket"]), timedelta(seconds=int(answer["expires_in"]))
        except (PlatformError, KeyError, TypeError, ValueError):
            shelf.release(self.shelf_name, by=me)
            raise PlatformSilent from None
        shelf.put(self.shelf_name, ticket, good_until=clock.now() + max(lasts - SAFETY, lasts / 2), by=me)
        return ticket
