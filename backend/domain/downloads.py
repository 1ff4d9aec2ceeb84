"""Files that go out over HTTP: always saved, never run, whatever a browser thinks they are."""

from __future__ import annotations

import re
from urllib.parse import quote

# A file is shown to nobody but the one who asked, and what it holds can do nothing in the page's name.
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
_PLAIN = re.compile(r"[^A-Za-z0-9._-]+")


def saved_as(name: str) -> dict[str, str]:
    """The headers of a download under this name (RFC 6266, with the name in full by RFC 8187)."""
    suffix = name.rpartition(".")[2] if "." in name else ""
    plain = _PLAIN.sub("", name.rpartition(".")[0]).strip(".-_") or "file"
    bare = f"{plain}.{suffix}" if suffix.isascii() and suffix.isalnum() else plain
    return HEADERS | {
        "Content-Disposition": f"attachment; filename=\"{bare}\"; filename*=UTF-8''{quote(name, safe='')}"
    }
