"""Pictures from the platform: by media id through its API (temporary media guide), never by an address in a message."""

from __future__ import annotations

import json
import time
from datetime import timedelta

import requests
from wechatpy.client import WeChatClient

from backend.domain.certificates import NotAnImage, TooLarge
from backend.domain.photos import PhotoGone
from backend.domain.ports.sender import TryLater
from bot.wechat.client import Platform, PlatformError

GONE = frozenset({40004, 40007})  # invalid media type or id: expired, or never there
WORDS = frozenset({"application/json", "text/plain", "text/json"})  # the platform sends errors as either
SLOWEST_S = 30.0  # for the whole picture; the platform's own timeouts are per read
CHUNK = 64 * 1024
LATER = timedelta(seconds=30)


class PlatformMedia:
    """Implements backend.domain.ports.media.Media."""

    def __init__(self, platform: Platform, *, slowest_s: float = SLOWEST_S) -> None:
        self.platform, self.slowest_s = platform, slowest_s

    def fetch(self, media_id: str, *, most_bytes: int) -> bytes:
        try:
            return bytes(self.platform.call(lambda client: self._download(client, media_id, most_bytes)))
        except PlatformError as error:
            if error.code in GONE:
                raise PhotoGone from None
            raise TryLater(f"platform_{error.code}", LATER) from None

    def _download(self, client: WeChatClient, media_id: str, most_bytes: int) -> bytes:
        """Raises PlatformError, TooLarge, NotAnImage, and requests' own errors for `Platform.call` to name."""
        base, timeout = self.platform.base_url, self.platform.timeout_s
        asked = {"access_token": client.access_token, "media_id": media_id}
        with client.http.get(
            f"{base}/cgi-bin/media/get", params=asked, timeout=timeout, stream=True, allow_redirects=False
        ) as answer:
            if answer.status_code != requests.codes.ok:
                raise PlatformError(-1)
            content = self._held(answer, most_bytes)
        kind = answer.headers.get("Content-Type", "").split(";")[0].strip().lower()
        if kind in WORDS:
            raise _refusal(content)
        if kind == "text/html":  # a gateway's page, whatever its status says
            raise PlatformError(-1)
        return content

    def _held(self, answer: requests.Response, most_bytes: int) -> bytes:
        announced = answer.headers.get("Content-Length", "")
        if announced.isdecimal() and int(announced) > most_bytes:
            raise TooLarge(bytes=int(announced), most=most_bytes)
        until = time.monotonic() + self.slowest_s
        content = bytearray()
        for chunk in answer.iter_content(CHUNK):
            content += chunk
            if len(content) > most_bytes:
                raise TooLarge(bytes=len(content), most=most_bytes)
            if time.monotonic() > until:
                raise PlatformError(-1)
        return bytes(content)


def _refusal(content: bytes) -> PlatformError | NotAnImage:
    """The platform's error; for anything else that is words (a video's address, say) there is no picture."""
    try:
        code = json.loads(content)["errcode"]
    except (ValueError, KeyError, TypeError):
        return NotAnImage()
    return PlatformError(code) if isinstance(code, int) else PlatformError(-1)
