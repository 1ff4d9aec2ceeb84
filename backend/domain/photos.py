"""Photos of certificates that followers sent: a task from the message on, a proposal once it is read.

waiting → reading → read → taken, or failed with a reason that was told, or suppressed because the follower left. The
picture itself is never stored: the platform keeps it for three days, we keep what it said.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from backend.domain.certificates import CertificateUnread

LEASE = timedelta(minutes=3)  # loading the reader, fetching, two readings with their limits, and some air
MOST_ATTEMPTS = 5
KEPT = timedelta(days=30)  # a proposal nobody took up; a task that is over
# What the platform keeps a picture for (temporary media guide); a task older than that need not ask any more.
MEDIA_LASTS = timedelta(days=3)


class PhotoStatus(StrEnum):
    WAITING = "waiting"
    READING = "reading"
    READ = "read"
    TAKEN = "taken"
    FAILED = "failed"
    SUPPRESSED = "suppressed"

    @classmethod
    def final(cls) -> frozenset[PhotoStatus]:
        return frozenset({cls.READ, cls.TAKEN, cls.FAILED, cls.SUPPRESSED})


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoTask:
    """One claimed photo. `key` is that of the message; `flow` the guided flow it was sent into, or empty.

    `attempts` counts claims, this one included, and says whose claim it is.
    """

    id: int
    key: str
    openid: str
    media_id: str
    flow: str
    attempts: int
    arrived_at: datetime


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a photo said, not yet confirmed: plain answers under the names of the information table, `number` among them."""

    photo_id: int
    answers: dict[str, Any]


class PhotoGone(CertificateUnread):
    """The platform has the picture no more, or never had it under this id."""

    code = "certificate.gone"


class NoNumber(CertificateUnread):
    """A certificate, and no number on it that has its right check digit."""

    code = "certificate.no_number"
