"""The platform's API through wechatpy, with its traps closed.

wechatpy 1.8.18 fetches tokens from a fixed address without a limit on time or retries, lets several processes fetch
against each other, puts secrets into exception texts, and takes any HTML page for success. So: the token comes from our
store, every call has a timeout, one bounded retry after a token error, anything but a JSON object is a failure, and no
exception leaves this room with an address in it.
"""

from __future__ import annotations

import logging
import threading
import time
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import requests
from urllib3.exceptions import NewConnectionError
from wechatpy.client import WeChatClient
from wechatpy.exceptions import WeChatClientException

from backend.domain.clock import Clock
from backend.services.tokens import TokenShelf

TIMEOUT_S = (3.05, 6.0)
TENCENT = "https://api.weixin.qq.com"
TOKEN_ERRORS = frozenset({40001, 40014, 42001})
SAFETY = timedelta(minutes=3)  # a token is not used in its last minutes: stable_token renews in the last five
LOOK_AGAIN_S = 0.2
MOST_LOOKS = 50
logging.getLogger("urllib3.connectionpool").setLevel(logging.ERROR)  # its lines hold the address, and so the token


class PlatformError(Exception):
    """The platform said no. `code` is its errcode, or -1 where it did not answer; `after_ask` says it may have acted."""

    def __init__(self, code: int, *, after_ask: bool = False) -> None:
        self.code, self.after_ask = code, after_ask
        super().__init__(f"platform error {code}")


class Platform:
    """Calls for one account. Synchronous: used in workers and commands, never in the event loop."""

    def __init__(
        self,
        *,
        app_id: str,
        secret: str,
        base_url: str,
        shelf: TokenShelf,
        clock: Clock,
        timeout_s: tuple[float, float] = TIMEOUT_S,
    ) -> None:
        self.app_id, self._secret, self.base_url = app_id, secret, base_url.rstrip("/")
        self.shelf, self.clock, self.timeout_s = shelf, clock, timeout_s
        self.me = uuid.uuid4().hex
        self._client = _Client(app_id, self)

    def call(self, work: Callable[[WeChatClient], Any]) -> Any:
        """Run one API call of wechatpy's client; once more with a new token when the platform calls ours bad."""
        for attempt in (1, 2):
            token = self.token()
            self._client.using.token = token
            try:
                return self._once(work)
            except PlatformError as error:
                if error.code not in TOKEN_ERRORS or attempt == 2:  # noqa: PLR2004 the second and last try
                    raise
                self.shelf.discard(self.app_id, token)
        raise AssertionError("unreachable")

    def _once(self, work: Callable[[WeChatClient], Any]) -> Any:
        try:
            return work(self._client)
        except WeChatClientException as error:
            if isinstance(error.errcode, int):
                raise PlatformError(error.errcode) from None
            raise PlatformError(-1, after_ask=True) from None
        except requests.ConnectTimeout:
            raise PlatformError(-1) from None
        except requests.RequestException as error:
            cause = getattr(error.args[0], "reason", None) if error.args else None
            raise PlatformError(-1, after_ask=not isinstance(cause, NewConnectionError)) from None

    def token(self) -> str:
        """A good token: from the shelf, or fetched by whoever gets the lease; the others wait for it."""
        for _ in range(MOST_LOOKS):
            token = self.shelf.current(self.app_id, at=self.clock.now())
            if token:
                return token
            if self.shelf.lease(self.app_id, by=self.me, at=self.clock.now()):
                return self._fetch()
            time.sleep(LOOK_AGAIN_S)
        raise PlatformError(-1)

    def _fetch(self) -> str:
        """One call to stable_token: idempotent while valid, and apart from what other systems of the account use."""
        body = {"grant_type": "client_credential", "appid": self.app_id, "secret": self._secret}
        try:
            answer = self._client.http.post(
                f"{self.base_url}/cgi-bin/stable_token", json=body, timeout=self.timeout_s
            ).json()
            token, lasts = str(answer["access_token"]), int(answer["expires_in"])
        except (requests.RequestException, ValueError, KeyError, TypeError):
            self.shelf.release(self.app_id, by=self.me)
            code = answer.get("errcode") if "answer" in locals() and isinstance(answer, dict) else -1
            raise PlatformError(code if isinstance(code, int) else -1) from None
        good_until = self.clock.now() + max(timedelta(seconds=lasts) - SAFETY, timedelta(seconds=lasts / 2))
        self.shelf.put(self.app_id, token, good_until=good_until, by=self.me)
        return token

    def exchange(self, code: str) -> dict[str, Any]:
        """What the platform says of a code of web authorization. It takes the secret, not a token, and works once."""
        asked = {"appid": self.app_id, "secret": self._secret, "code": code, "grant_type": "authorization_code"}
        try:
            answer = self._client.http.get(
                f"{self.base_url}/sns/oauth2/access_token", params=asked, timeout=self.timeout_s, allow_redirects=False
            ).json()
        except (requests.RequestException, ValueError):  # their texts hold the address, and so the secret
            raise PlatformError(-1, after_ask=True) from None
        if not isinstance(answer, dict) or not isinstance(answer.get("errcode", 0), int):
            raise PlatformError(-1, after_ask=True)
        if answer.get("errcode"):
            raise PlatformError(answer["errcode"])
        return answer


class _Client(WeChatClient):  # type: ignore[misc] # wechatpy is untyped
    """wechatpy's client without its own token keeping and with another host where one is set."""

    def __init__(self, app_id: str, platform: Platform) -> None:
        super().__init__(app_id, "", timeout=platform.timeout_s, auto_retry=False)
        self.using = threading.local()  # each thread its own call's token: nobody asks again with a neighbour's bad one
        self._http.max_redirects = 0  # a gateway that sends us elsewhere gets neither secret nor token
        self._http.mount(TENCENT, _Elsewhere(platform.base_url))

    @property
    def http(self) -> requests.Session:
        return self._http  # type: ignore[no-any-return] # wechatpy is untyped

    @property
    def access_token(self) -> str:
        return str(self.using.token)

    def _decode_result(self, res: requests.Response) -> dict[str, Any]:
        result = super()._decode_result(res)
        if not isinstance(result, dict) or not isinstance(result.get("errcode", 0), int):  # a page, a list, null
            raise PlatformError(-1, after_ask=True)
        return result

    def fetch_access_token(self) -> None:
        raise PlatformError(-1)


class _Elsewhere(requests.adapters.HTTPAdapter):
    """Sends what is meant for Tencent to the configured address: some of wechatpy's calls carry a fixed host."""

    def __init__(self, base_url: str) -> None:
        super().__init__(max_retries=0)
        self.base_url = base_url

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        if request.url and self.base_url != TENCENT:
            request.url = self.base_url + request.url.removeprefix(TENCENT)
        return super().send(request, *args, **kwargs)
