"""A list of followers as staff upload it: openids, the keyed hashes of our own files, or numbers of companies.

Only who is a follower is kept; what a line means is told by its shape, and no other column is read.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass

from backend.domain.briefs import MOST_LISTED
from backend.domain.errors import AssistantError
from backend.domain.keyed import keyed
from backend.store.database import Database

STEP = 2000
_HASH = re.compile(r"[0-9a-f]{64}")
_COMPANY = re.compile(r"[1-9][0-9]{0,8}")
_OPENID = re.compile(r"[A-Za-z0-9_-]{1,64}")


class ListUnreadable(AssistantError):
    """Neither UTF-8 nor GB 18030, or more rows than a list may have."""

    code = "brief.list_unreadable"


@dataclass(frozen=True, slots=True)
class Resolved:
    """`unknown` counts lines that mean no follower of ours."""

    openids: tuple[str, ...]
    unknown: int


def read_list(content: bytes) -> list[str]:
    """The first column, without a header and without what is empty. Raises ListUnreadable."""
    text = _decoded(content).replace("\x00", "")
    rows: list[str] = []
    try:
        for number, row in enumerate(csv.reader(io.StringIO(text))):
            cell = row[0].strip() if row else ""
            if cell and not (number == 0 and not _OPENID.fullmatch(cell)):
                rows.append(cell)
            if len(rows) > MOST_LISTED:
                raise ListUnreadable
    except csv.Error:
        raise ListUnreadable from None
    return rows


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ListUnreadable


def resolve(database: Database, entries: Iterable[str], *, secret: str) -> Resolved:
    """Whom the lines mean, each once."""
    named = dict.fromkeys(entries)
    hashes = {entry for entry in named if _HASH.fullmatch(entry)}
    companies = [entry for entry in named if _COMPANY.fullmatch(entry)]
    plain = [entry for entry in named if entry not in hashes and _OPENID.fullmatch(entry)]
    found: dict[str, None] = {}
    met = 0
    with database.read() as uow:
        for start in range(0, len(companies), STEP):
            openids = uow.audiences.of_companies([int(entry) for entry in companies[start : start + STEP]])
            met += len(openids)
            found |= dict.fromkeys(openids)
        for start in range(0, len(plain), STEP):
            openids = uow.audiences.known(plain[start : start + STEP])
            met += len(openids)
            found |= dict.fromkeys(openids)
    after = ""
    while hashes:
        with database.read() as uow:
            step = uow.audiences.after(after, STEP)
        if not step:
            break
        after = step[-1]
        for openid in step:
            if (key := keyed(openid, secret)) in hashes:
                hashes.discard(key)
                met += 1
                found[openid] = None
    return Resolved(tuple(found), len(named) - met)
