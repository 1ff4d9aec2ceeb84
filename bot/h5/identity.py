"""Who is at a page: web authorization in silence (snsapi_base), a session in a signed cookie, and names of documents.

Nothing here is stored. A session and a state are signed with the office's key by purpose, so that one never passes for
the other. The name of a document is a keyed hash over its owner and its own key: it opens nothing for anybody else, and
says nothing of what it names.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
import secrets
from collections import OrderedDict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Lock
from urllib.parse import urlencode

SESSION_LASTS = timedelta(hours=12)
STATE_LASTS = timedelta(minutes=10)
MOST_USED = 50_000
LONGEST_COOKIE = 600
_NONCE = 32  # hexadecimal digits
_STATE = re.compile(r"[0-9a-f]{104}")  # nonce, moment, signature: the platform takes letters and digits, at most 128


class Key:
    """The office's secret, divided by purpose."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()

    def sign(self, purpose: str, *parts: str) -> str:
        """64 hexadecimal digits. Parts are told apart by their length."""
        held = b"".join(len(part.encode()).to_bytes(4, "big") + part.encode() for part in (purpose, *parts))
        return hmac.new(self._secret, held, hashlib.sha256).hexdigest()

    def signed(self, signature: str, purpose: str, *parts: str) -> bool:
        return hmac.compare_digest(signature.encode(), self.sign(purpose, *parts).encode())


@dataclass(frozen=True, slots=True)
class Session:
    """A visitor whom the platform named. `nonce` is this session's own."""

    openid: str
    nonce: str


class Sessions:
    """Cookies that say who somebody is. `openid.moment.nonce.signature`, the openid in base64."""

    def __init__(self, key: Key) -> None:
        self.key = key

    def open(self, openid: str, at: datetime) -> str:
        nonce = secrets.token_hex(_NONCE // 2)
        held, moment = _packed(openid), _moment(at)
        return f"{held}.{moment}.{nonce}.{self.key.sign('session', held, moment, nonce)}"

    def read(self, cookie: str, at: datetime) -> Session | None:
        parts = cookie.split(".") if len(cookie) <= LONGEST_COOKIE else []
        if len(parts) != 4:  # noqa: PLR2004 as written by `open`
            return None
        held, moment, nonce, signature = parts
        if not self.key.signed(signature, "session", held, moment, nonce) or not _fresh(moment, at, SESSION_LASTS):
            return None
        return Session(_unpacked(held), nonce)

    def token(self, session: Session) -> str:
        """What every form of this session carries, against posts that other sites send."""
        return self.key.sign("form", session.openid, session.nonce)

    def fits(self, session: Session, token: str) -> bool:
        return hmac.compare_digest(token.encode(), self.token(session).encode())


class States:
    """What goes to the platform and comes back: signed, short-lived, tied to the browser by a cookie, and good once.

    Who was used is remembered in this process; in another one the cookie is gone, and the platform's code is used up.
    """

    def __init__(self, key: Key) -> None:
        self.key = key
        self._used: OrderedDict[str, None] = OrderedDict()
        self._lock = Lock()

    def begin(self, target: str, at: datetime) -> tuple[str, str]:
        """(state, cookie) for a visitor who wants to see `target`, a path of ours."""
        nonce, moment = secrets.token_hex(_NONCE // 2), _moment(at)
        return f"{nonce}{moment}{self.key.sign('state', nonce, moment, target)}", f"{nonce}.{_packed(target)}"

    def end(self, state: str, cookie: str, at: datetime) -> str:
        """The path the visitor wanted; empty where the state is not one of this browser, is too old or was used."""
        nonce, _, held = cookie.partition(".")
        if len(cookie) > LONGEST_COOKIE or not _STATE.fullmatch(state) or not state.startswith(nonce):
            return ""
        moment, target = state[_NONCE : _NONCE + 8], _unpacked(held)
        if len(nonce) != _NONCE or not self.key.signed(state[_NONCE + 8 :], "state", nonce, moment, target):
            return ""
        return target if _fresh(moment, at, STATE_LASTS) and self._first(nonce) else ""

    def _first(self, nonce: str) -> bool:
        with self._lock:
            if nonce in self._used:
                return False
            self._used[nonce] = None
            if len(self._used) > MOST_USED:
                self._used.popitem(last=False)
            return True


class Names:
    """Names of documents in addresses, 32 letters each."""

    def __init__(self, key: Key) -> None:
        self.key = key

    def draft(self, openid: str, flow: str, subject: str) -> str:
        return _letters(self.key.sign("draft", openid, flow, subject))

    def declaration(self, openid: str, declaration_id: int) -> str:
        return _letters(self.key.sign("declaration", openid, str(declaration_id)))

    def table(self, openid: str, table_id: int) -> str:
        return _letters(self.key.sign("table", openid, str(table_id)))

    def campaign(self, openid: str, campaign_id: int) -> str:
        """With the number in front: whose it is is checked, not looked for among millions."""
        return f"{campaign_id}-{_letters(self.key.sign('campaign', openid, str(campaign_id)))}"


def authorize_address(base: str, app_id: str, back: str, state: str) -> str:
    """Where the platform asks for nothing and sends the browser back; the order of the values is the guide's."""
    asked = {"appid": app_id, "redirect_uri": back, "response_type": "code", "scope": "snsapi_base", "state": state}
    return f"{base}/connect/oauth2/authorize?{urlencode(asked)}#wechat_redirect"


def _letters(signature: str) -> str:
    return base64.urlsafe_b64encode(bytes.fromhex(signature)[:24]).decode()


def _packed(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _unpacked(held: str) -> str:
    try:
        return base64.urlsafe_b64decode(held + "=" * (-len(held) % 4)).decode()
    except (binascii.Error, ValueError):
        return ""


def _moment(at: datetime) -> str:
    return f"{int(at.timestamp()):08x}"


def _fresh(moment: str, at: datetime, lasts: timedelta) -> bool:
    try:
        since = at.astimezone(UTC) - datetime.fromtimestamp(int(moment, 16), UTC)
    except (ValueError, OverflowError, OSError):
        return False
    return -timedelta(seconds=5) <= since <= lasts
