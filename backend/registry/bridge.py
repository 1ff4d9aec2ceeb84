"""A register behind HTTP, by our own published contract: docs/registry-bridge.yaml.

Whatever is not a well-formed answer about the very number that was asked for is no answer: RegistryDown, never a guess.
"""

from __future__ import annotations

import json
import time
from datetime import date, datetime
from typing import Any
from urllib.parse import quote

import requests
from urllib3.exceptions import HTTPError

from backend.domain.patents import PatentKind
from backend.domain.registry import LegalStatus, PatentRecord, RegistryDown

MOST_BYTES = 256 * 1024
LIMIT_S = 6.0
CONNECT_S = 2.0
PAUSE_S = 0.2
TRIES = 2


class HttpRegistry:
    """`limit_s` bounds the whole question, the second try included; safe to use from several threads."""

    def __init__(self, address: str, token: str = "", *, limit_s: float = LIMIT_S) -> None:
        self.address, self._token, self.limit_s = address.rstrip("/"), token, limit_s

    def look_up(self, number: str) -> PatentRecord | None:
        end = time.monotonic() + self.limit_s
        for attempt in range(1, TRIES + 1):
            try:
                return self._ask(number, end)
            except _Again:
                if attempt < TRIES and time.monotonic() + PAUSE_S < end:
                    time.sleep(PAUSE_S)
        raise RegistryDown(source="http")

    def _ask(self, number: str, end: float) -> PatentRecord | None:
        left = end - time.monotonic()
        if left <= 0:
            raise _Again
        headers = {"Accept": "application/json"} | ({"Authorization": f"Bearer {self._token}"} if self._token else {})
        try:
            with requests.get(
                f"{self.address}/v1/patents/{quote(number, safe='')}",
                headers=headers,
                timeout=(min(CONNECT_S, left), left / TRIES),
                allow_redirects=False,
                stream=True,
            ) as answer:
                status, body = answer.status_code, _read(answer, end)
        except (requests.RequestException, HTTPError) as error:
            raise _Again from error
        if status in {429, 500, 502, 503, 504}:
            raise _Again
        content = _object(body)
        if status == requests.codes.not_found and content.get("known") is False:
            return None
        if status != requests.codes.ok or content.get("number") != number:
            raise RegistryDown(source="http", status=status)
        return _record(content)


class _Again(Exception):
    """Worth one more try."""


def _read(answer: requests.Response, end: float) -> bytes:
    """At most so many bytes, and not for ever however slowly they drip."""
    body = b""
    while part := answer.raw.read1(8192, decode_content=True):  # what is there, without waiting for more
        body += part
        if len(body) > MOST_BYTES:
            raise RegistryDown(source="http", status="too_large")
        if time.monotonic() > end:
            raise _Again
    return body


def _object(body: bytes) -> dict[str, Any]:
    try:
        content = json.loads(body)
    except ValueError:
        content = None
    return content if isinstance(content, dict) else {}


def _record(content: dict[str, Any]) -> PatentRecord:
    """Raises RegistryDown where a field is not what the contract says; a status we do not know is UNKNOWN."""
    try:
        known = set(LegalStatus)
        holders = content.get("holders", [])
        as_of = datetime.fromisoformat(content["as_of"])
        if not isinstance(holders, list) or as_of.tzinfo is None:
            raise TypeError
        status = content.get("status")
        return PatentRecord(
            number=content["number"],
            title=_text(content, "title"),
            kind=PatentKind(content["kind"]),
            filed_on=_day(content, "filed_on"),
            granted_on=_day(content, "granted_on"),
            holders=tuple(str(name) for name in holders),
            ipc_main=_text(content, "ipc_main"),
            abstract=_text(content, "abstract"),
            status=LegalStatus(status) if status in known else LegalStatus.UNKNOWN,
            annuity_paid_until=_day(content, "annuity_paid_until"),
            source=_text(content, "source"),
            as_of=as_of,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise RegistryDown(source="http", status="malformed") from error


def _text(content: dict[str, Any], field: str) -> str:
    value = content.get(field) or ""
    if not isinstance(value, str):
        raise TypeError(field)
    return value


def _day(content: dict[str, Any], field: str) -> date | None:
    value = content.get(field)
    return None if value is None else date.fromisoformat(value)
