"""The platform's template messages and subscription notices: fields with limits, consents, a day's calls, and results.

Results come back as events (TEMPLATESENDJOBFINISH, subscribe_msg_sent_event), as the platform posts them.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.simulator.world import Persona, Refusal, World

TEMPLATE, SUBSCRIPTION = "message/template/send", "message/subscribe/bizsend"
SAME_KEY_S = 600.0  # client_msg_id: one message in ten minutes
DAILY = {TEMPLATE: 100_000, SUBSCRIPTION: 100_000, "message/custom/send": 500_000}
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_MOMENT = re.compile(r"(\d{4}(年|-)\d{1,2}(月|-)\d{1,2}日?)?( ?\d{1,2}:\d{2}(:\d{2})?)?")
# What a field takes, by the letters of its name (template message guide, types of parameters).
TAKES: dict[str, Callable[[str], bool]] = {
    "thing": lambda text: len(text) <= 20,  # noqa: PLR2004 the platform's limits, here and below
    "character_string": lambda text: len(text) <= 32 and not _CHINESE.search(text),  # noqa: PLR2004
    "number": lambda text: len(text) <= 32 and bool(re.fullmatch(r"-?[\d.]+", text)),  # noqa: PLR2004
    "phrase": lambda text: len(text) <= 5 and all(_CHINESE.match(letter) for letter in text),  # noqa: PLR2004
    "name": lambda text: len(text) <= (10 if _CHINESE.search(text) else 20),
    "time": lambda text: bool(_MOMENT.fullmatch(text)),
    "date": lambda text: bool(_MOMENT.fullmatch(text)),
}
Report = Callable[[Persona, dict[str, Any]], object]


@dataclass(slots=True)
class Notices:
    """`known`: template id → names of its fields. `consents`: (openid, template id) → how many more may be sent."""

    world: World
    known: dict[str, tuple[str, ...]] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)
    consents: Counter[tuple[str, str]] = field(default_factory=Counter)
    used: Counter[tuple[str, str]] = field(default_factory=Counter)
    daily: dict[str, int] = field(default_factory=lambda: dict(DAILY))
    blocked: set[str] = field(default_factory=set)  # openids that block template messages
    report: Report = lambda _persona, _fields: None
    _keys: dict[tuple[str, str], tuple[float, int]] = field(default_factory=dict)
    _numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(3_000_000_001))

    def count(self, api: str) -> None:
        """One more call today; 45009 from the platform's limit on, until midnight in China."""
        day = (datetime.fromtimestamp(self.world.now(), UTC) + timedelta(hours=8)).date().isoformat()
        if self.used[api, day] >= self.daily[api]:
            raise Refusal(45009, "reach max api daily quota limit")
        self.used[api, day] += 1

    def template(self, given: dict[str, Any]) -> int:
        """A template message; its number. Who follows and does not block it gets it."""
        persona = self._follower(given)
        openid, key = persona.openid, str(given.get("client_msg_id", ""))
        shown = self._fields(given)
        at, known = self._keys.get((openid, key), (float("-inf"), 0))
        if key and self.world.now() - at < SAME_KEY_S:
            return known
        number = next(self._numbers)
        self._keys[openid, key] = (self.world.now(), number)
        status = "failed:user block" if openid in self.blocked else "success"
        if status == "success":
            self._show(persona, given, shown, "template")
        event = {"MsgType": "event", "Event": "TEMPLATESENDJOBFINISH", "MsgID": str(number), "Status": status}
        self.report(persona, event)
        return number

    def subscription(self, given: dict[str, Any]) -> int:
        """A subscription notice: one for each consent, also to who does not follow."""
        persona = self.world.by_openid(str(given.get("touser")))
        if persona is None:
            raise Refusal(40003, "invalid openid")
        template_id = str(given.get("template_id"))
        shown = self._fields(given)
        if self.consents[persona.openid, template_id] <= 0:
            raise Refusal(43101, "user refuse to accept the msg")
        self.consents[persona.openid, template_id] -= 1
        number = next(self._numbers)
        self._show(persona, given, shown, "subscription")
        item = {"TemplateId": template_id, "MsgID": str(number), "ErrorCode": "0", "ErrorStatus": "success"}
        self.report(persona, _event("subscribe_msg_sent_event", "SubscribeMsgSentEvent", [item]))
        return number

    def answer_popup(self, persona: Persona, chosen: dict[str, str]) -> None:
        """What the follower tapped in the platform's question on a page: accept or reject, by template."""
        items = []
        for template_id, said in chosen.items():
            if template_id in self.known and said in {"accept", "reject"}:
                self.consents[persona.openid, template_id] += said == "accept"
                items.append({"TemplateId": template_id, "SubscribeStatusString": said, "PopupScene": "1"})
        if items:
            self.report(persona, _event("subscribe_msg_popup_event", "SubscribeMsgPopupEvent", items))

    def turn_off(self, persona: Persona, template_id: str) -> None:
        """The follower takes a consent back in the settings of their phone."""
        self.consents[persona.openid, template_id] = 0
        item = {"TemplateId": template_id, "SubscribeStatusString": "reject"}
        self.report(persona, _event("subscribe_msg_change_event", "SubscribeMsgChangeEvent", [item]))

    def _follower(self, given: dict[str, Any]) -> Persona:
        persona = self.world.by_openid(str(given.get("touser")))
        if persona is None:
            raise Refusal(40003, "invalid openid")
        if not persona.following:
            raise Refusal(43004, "require subscribe")
        return persona

    def _fields(self, given: dict[str, Any]) -> list[tuple[str, str]]:
        """Raises 40037 for a template that is none, 47003 for a field that is missing, unknown or does not fit."""
        names = self.known.get(str(given.get("template_id")))
        if names is None:
            raise Refusal(40037, "invalid template_id")
        data = given.get("data")
        if not isinstance(data, dict) or set(data) != set(names):
            raise Refusal(47003, "argument invalid! data")
        shown = []
        for name in names:
            text = str(data[name].get("value", "")) if isinstance(data[name], dict) else ""
            fits = TAKES.get(re.sub(r"\d+$", "", name))
            if not text or "\n" in text or fits is None or not fits(text):
                raise Refusal(47003, f"argument invalid! data.{name}.value invalid")
            shown.append((name, text))
        return shown

    def _show(self, persona: Persona, given: dict[str, Any], shown: list[tuple[str, str]], via: str) -> None:
        template_id = str(given["template_id"])
        url = str(given.get("url") or given.get("page") or "")
        self.world.received.append({"openid": persona.openid, "message": given, "at": self.world.now()})
        lines = [self.titles.get(template_id, template_id), *(text for _, text in shown), *([url] if url else [])]
        self.world.show(persona, {"from": "account", "via": via, "kind": "text", "text": "\n".join(lines)})


def _event(name: str, holder: str, items: list[dict[str, str]]) -> dict[str, Any]:
    return {"MsgType": "event", "Event": name, holder: {"List": items}}
