"""Files that a patentee hands in: what they may be, how large, and which are called for.

The law asks for some of them; none keeps a declaration from being submitted, because a person looks at them in the second
verification. What a file is, its first bytes say; a name or a header says nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from backend.domain.errors import AssistantError
from backend.domain.fees import PaymentMethod
from backend.domain.listings import HolderType, Listing, Pledge, Track
from backend.domain.patents import PatentKind, requires_evaluation_report

MOST_BYTES = 10 * 1024 * 1024  # the platform's own limit for pictures (temporary media guide)
MOST_FILES = 20  # of one matter
MOST_LOOSE = 60  # of one follower, in drafts
LONGEST_NAME = 100
LEASE = timedelta(minutes=2)
MOST_ATTEMPTS = 6


class AttachmentKind(StrEnum):
    CERTIFICATE = "certificate"
    EVALUATION_REPORT = "evaluation_report"
    CO_HOLDERS = "co_holders"
    PLEDGEE = "pledgee"
    PRICE_PUBLICITY = "price_publicity"
    INSTITUTION = "institution"
    OTHER = "other"


class AttachmentStatus(StrEnum):
    WAITING = "waiting"  # the platform has the picture, we do not yet
    KEPT = "kept"
    FAILED = "failed"


class FileType(StrEnum):
    """What is taken in, by its media type."""

    JPEG = "image/jpeg"
    PNG = "image/png"
    PDF = "application/pdf"


_BEGINS = {b"\xff\xd8\xff": FileType.JPEG, b"\x89PNG\r\n\x1a\n": FileType.PNG, b"%PDF-": FileType.PDF}
SUFFIXES = {FileType.JPEG: "jpg", FileType.PNG: "png", FileType.PDF: "pdf"}
PICTURES = frozenset({FileType.JPEG, FileType.PNG})


class FileTooLarge(AssistantError):
    code = "attachment.too_large"


class FileNotTaken(AssistantError):
    """Neither a picture nor a PDF, or nothing at all."""

    code = "attachment.not_taken"


class TooManyFiles(AssistantError):
    code = "attachment.too_many"


class AttachmentNotFound(AssistantError):
    """Also where it is somebody else's, or may not be touched any more."""

    code = "attachment.not_found"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """One file. `number` is the patent it is about, empty for an institution's. `digest` is empty until it is kept."""

    id: int
    openid: str
    number: str
    kind: AttachmentKind
    status: AttachmentStatus
    added_at: datetime
    digest: str = ""
    media_type: str = ""
    size: int = 0
    name: str = ""
    declaration_id: int | None = None
    institution_id: int | None = None

    @property
    def is_picture(self) -> bool:
        return self.media_type in PICTURES

    @property
    def suffix(self) -> str:
        """Of a file name."""
        return SUFFIXES[FileType(self.media_type)]

    @property
    def loose(self) -> bool:
        """Part of a draft only."""
        return self.declaration_id is None and self.institution_id is None


@dataclass(frozen=True, slots=True)
class Fetch:
    """A picture to be had from the platform; `attempts` says whose claim it is."""

    id: int
    key: str
    openid: str
    media_id: str
    attempts: int
    arrived_at: datetime


def file_type(content: bytes) -> FileType:
    """Raises FileTooLarge, FileNotTaken."""
    if len(content) > MOST_BYTES:
        raise FileTooLarge(limit_mb=MOST_BYTES // 1024 // 1024)
    found = next((kind for begins, kind in _BEGINS.items() if content.startswith(begins)), None)
    if found is None:
        raise FileNotTaken
    return found


def called_for(
    *,
    track: Track,
    kind: PatentKind,
    holders: Iterable[str],
    pledge: Pledge,
    holder_type: HolderType | None,
    method: PaymentMethod,
) -> tuple[AttachmentKind, ...]:
    """What an officer will want to see of this declaration."""
    wanted = {
        # Patent Law art. 50
        AttachmentKind.EVALUATION_REPORT: track is Track.STATUTORY and requires_evaluation_report(kind),
        # Patent Law art. 14
        AttachmentKind.CO_HOLDERS: len(tuple(holders)) > 1,
        # Implementing Regulations art. 86 (4)
        AttachmentKind.PLEDGEE: pledge is Pledge.WITH_CONSENT,
        # Promotion of the Transformation of Achievements Act art. 18: an agreed price is made public in the institution
        AttachmentKind.PRICE_PUBLICITY: holder_type in {HolderType.UNIVERSITY, HolderType.INSTITUTE}
        and method is not PaymentMethod.FREE,
    }
    return tuple(name for name, is_wanted in wanted.items() if is_wanted)


def called_for_by(listing: Listing) -> tuple[AttachmentKind, ...]:
    return called_for(
        track=listing.track,
        kind=listing.kind,
        holders=listing.holders,
        pledge=listing.pledge,
        holder_type=listing.holder_type,
        method=listing.fee.method,
    )
