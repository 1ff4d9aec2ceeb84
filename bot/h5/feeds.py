"""The window for machines: the information table as csv, the sitemap, and what robots may read."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from xml.sax.saxutils import escape

from backend.domain.clock import CHINA
from backend.domain.queries import Found
from backend.services.pool.cells import safe_text
from backend.services.pool.rows import table_row
from backend.services.pool.table_file import columns
from backend.services.window import Window
from bot.h5.look import Look

MOST_ADDRESSES = 50_000  # of one file, by the protocol of sitemaps.org
BOM = "\ufeff"  # so that a spreadsheet reads it as UTF-8
XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
CLOSED = ("/console", "/simulator", "/wechat", "/api/", "/h5/")


def csv_pieces(window: Window, look: Look, public_url: str, on: date) -> Iterator[bytes]:
    """The table of everything on show, a piece at a time. Raises WindowClosed."""
    names = look.labels["columns"]
    header = [*(column["header"] for column in columns()), *names.values()]
    yield (BOM + _lines([header])).encode()
    for step in window.everything():
        yield _lines([_row(found, look, public_url, on) for found in step]).encode()


def _row(found: Found, look: Look, public_url: str, on: date) -> list[Any]:
    """The cells of the information table and our own. An invented row says so in a column that an import keeps."""
    listing = found.listing
    if found.demonstration:
        listing = replace(listing, remark=f"{look.origin(found)} {listing.remark}".strip())
    ours = (look.label(listing.standing), look.origin(found), on.isoformat(), f"{public_url}/pool/{listing.number}")
    return [*table_row(listing), *(safe_text(text) for text in ours)]


def _lines(rows: Sequence[Sequence[Any]]) -> str:
    held = io.StringIO()
    csv.writer(held).writerows(rows)
    return held.getvalue()


def sitemap(
    addresses: Sequence[tuple[str, datetime]], public_url: str, part: int = 0, *, most: int = MOST_ADDRESSES
) -> str | None:
    """The list's address and every patent's; an index of parts (counted from 1) where there are more than `most`.

    None for a part that does not exist.
    """
    places = [(f"{public_url}/pool", None), *((f"{public_url}/pool/{number}", since) for number, since in addresses)]
    parts = -(-len(places) // most)
    if part == 0 and parts > 1:
        rows = "".join(
            f"<sitemap><loc>{escape(public_url)}/sitemap.xml?part={number}</loc></sitemap>\n"
            for number in range(1, parts + 1)
        )
        return f'{XML}<sitemapindex xmlns="{NAMESPACE}">\n{rows}</sitemapindex>\n'
    if part > parts:
        return None
    start = max(part - 1, 0) * most
    rows = "".join(
        f"<url><loc>{escape(address)}</loc>{_changed(since)}</url>\n" for address, since in places[start : start + most]
    )
    return f'{XML}<urlset xmlns="{NAMESPACE}">\n{rows}</urlset>\n'


def _changed(since: datetime | None) -> str:
    return f"<lastmod>{since.astimezone(CHINA).isoformat(timespec='seconds')}</lastmod>" if since else ""


def robots(public_url: str) -> str:
    """Pages of the window are for everybody; those behind doors are for nobody's index."""
    closed = "".join(f"Disallow: {path}\n" for path in CLOSED)
    return f"User-agent: *\nAllow: /h5/static/\n{closed}\nSitemap: {public_url}/sitemap.xml\n"
