"""One request as a page sees it, and the ways in which a request can be refused."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from starlette.responses import RedirectResponse, Response

from backend.console.look import Look
from backend.console.menu import menu_of
from backend.console.permissions import allowed
from backend.domain.clock import Clock
from backend.domain.matching import Reason
from backend.domain.ports.campaign_voice import CampaignVoice
from backend.domain.ports.wording import Wording
from backend.domain.staff import Staff, fingerprint
from backend.services.attachments import Cabinet
from backend.services.declarations.papers import PressRoom
from backend.services.matching.matcher import Matcher
from backend.services.sessions import Session
from backend.store.database import Database

SESSION_COOKIE, DOOR_COOKIE = "huiqiao_console", "huiqiao_console_door"

_WHOLE = re.compile(r"[0-9]{1,9}")


class Refusal(Exception):
    """The request gets an error page: its HTTP status, and the code of its words in labels.yml."""

    def __init__(self, status: int, code: str) -> None:
        self.status, self.code = status, code
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class House:
    """What the console is given by the roof.

    `wording` has the words that followers get, `reasoned` says why a patent matches; `reply_limit_bytes` is the
    platform's limit for one text. `voice` has what campaigns are made of, `secret` keys the hash under which followers are
    named in files. `scene_code` asks the platform where the picture of a QR code is; None in the demonstration, whose phone
    scans without. `demonstration` lets the demonstration's account in; `secure` is for pages over HTTPS.
    """

    database: Database
    clock: Clock
    wording: Wording
    matcher: Matcher
    reasoned: Callable[[tuple[Reason, ...]], str]
    demonstration: bool = False
    secure: bool = False
    reply_limit_bytes: int = 2048
    press: PressRoom = field(default_factory=PressRoom)
    cabinet: Cabinet | None = None
    voice: CampaignVoice | None = None
    secret: str = ""
    scene_code: Callable[[str], str] | None = None

    def worded(self, text: str) -> str:
        """A colleague's words as the follower gets them."""
        return self.wording.words("person.reply", text=text)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a form. `name` is what the browser called it, without folders."""

    name: str
    content: bytes


@dataclass(slots=True)
class Visit:
    """`secret` is the session's or the door's cookie: what forms are signed with. `base` is where the console is mounted."""

    house: House
    look: Look
    method: str
    base: str
    here: str
    params: dict[str, str]
    query: dict[str, str]
    form: dict[str, str]
    secret: str
    session: Session | None = None
    files: dict[str, Upload] = field(default_factory=dict)
    now: datetime = field(init=False)

    def __post_init__(self) -> None:
        self.now = self.house.clock.now()

    @property
    def staff(self) -> Staff:
        """Who asks. Only pages behind the door have somebody."""
        assert self.session is not None
        return self.session.staff

    @property
    def database(self) -> Database:
        return self.house.database

    @property
    def page(self) -> int:
        """The page of a list that is asked for; 1 where none is."""
        return whole(self.query.get("page", "")) or 1

    @property
    def id(self) -> int:
        """The number in the address. Raises Refusal where it cannot be one of ours."""
        number = whole(str(self.params["id"]))
        if number is None:
            raise Refusal(404, "not_found")
        return number

    def asked(self, name: str, *, most: int = 100) -> str:
        """A filter of the query, trimmed."""
        return self.query.get(name, "").replace("\x00", "").strip()[:most]

    def given(self, name: str) -> str:
        """A field of the form; the empty string where it is missing. PostgreSQL keeps no NUL."""
        return self.form.get(name, "").replace("\x00", "")

    def show(self, template: str, status: int = 200, **values: Any) -> Response:
        """The page, with what every page needs: who asks, what they may do, and the token of its forms."""
        staff = self.session.staff if self.session else None
        return self.look.page(
            template,
            status,
            visit=self,
            staff=staff,
            base=self.base,
            token=form_token(self.secret),
            menu=menu_of(staff.role) if staff else (),
            may=lambda method, path: staff is not None and allowed(staff.role, method, path),
            **values,
        )

    def go(self, path: str) -> Response:
        """To another page of the console, after a form was taken."""
        return RedirectResponse(self.base + path, 303)


def whole(text: str) -> int | None:
    """A whole number that both databases can hold."""
    return int(text) if _WHOLE.fullmatch(text) else None


def form_token(secret: str) -> str:
    """What a form carries: derived from a cookie that scripts cannot read and other sites cannot send."""
    return fingerprint(f"form:{secret}")
