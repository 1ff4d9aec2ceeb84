"""Answers that browsers and search engines may keep for a moment, and ask for again without being sent them twice."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
KEPT_S = 60  # a patent that is taken off the shelf is gone from every cache a minute later


def etag_of(*parts: str) -> str:
    return f'"{hashlib.sha256(chr(0).join(parts).encode()).hexdigest()[:32]}"'


def kept(etag: str, changed_at: datetime | None, *, seconds: float) -> dict[str, str]:
    """The headers of an answer that may be kept for `seconds`, and no longer than KEPT_S."""
    held = {"ETag": etag, "Cache-Control": f"public, max-age={int(max(0, min(seconds, KEPT_S)))}, must-revalidate"}
    if changed_at:
        held["Last-Modified"] = format_datetime(changed_at.astimezone(UTC), usegmt=True)
    return held


def still_has(asked: Mapping[str, str], etag: str, changed_at: datetime | None) -> bool:
    """True where the other side holds this very answer. A tag it names is asked before its date (RFC 9110, 13.2.2)."""
    tags = asked.get("if-none-match")
    if tags is not None:
        return tags.strip() == "*" or etag in {tag.strip().removeprefix("W/") for tag in tags.split(",")}
    since = asked.get("if-modified-since")
    if since is None or changed_at is None:
        return False
    try:
        return changed_at.replace(microsecond=0) <= parsedate_to_datetime(since)
    except (ValueError, TypeError):
        return False
