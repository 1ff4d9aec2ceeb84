"""The audit log: every entry holds the digest of the one before, so that what is changed or taken out shows.

Entries hold ids, states and codes, never a name, a number of a phone or what somebody wrote.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from backend.domain.roles import Actor

BEGINNING = "0" * 64


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """`subject` is a kind and an id, such as “declaration:12”; `before` and `after` are states or codes."""

    id: int
    at: datetime
    by: Actor
    action: str
    subject: str
    before: str
    after: str
    previous: str
    digest: str


@dataclass(frozen=True, slots=True)
class Broken:
    """The first entry that does not fit what stands before it. `id` is 0 where entries at the end are missing."""

    id: int


def digest_of(*, previous: str, at: datetime, by: Actor, action: str, subject: str, before: str, after: str) -> str:
    """SHA-256 over the entry and the digest before it, hexadecimal."""
    moment = at.astimezone(UTC).isoformat(timespec="microseconds")
    parts = [previous, moment, str(by.role), by.id, action, subject, before, after]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=True).encode()).hexdigest()


def first_broken(entries: Iterable[AuditEntry], *, head: str | None = None) -> Broken | None:
    """None where the chain holds from its beginning. `head` is a digest noted elsewhere that must occur in it."""
    previous, seen = BEGINNING, head in {None, BEGINNING}
    for entry in entries:
        wanted = digest_of(
            previous=previous,
            at=entry.at,
            by=entry.by,
            action=entry.action,
            subject=entry.subject,
            before=entry.before,
            after=entry.after,
        )
        if entry.previous != previous or entry.digest != wanted:
            return Broken(entry.id)
        previous = entry.digest
        seen = seen or previous == head
    return None if seen else Broken(0)
