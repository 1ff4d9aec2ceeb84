"""What a photo of a patent certificate says, each part with how sure the reader is, and why a photo cannot be read.

Everything here is a proposal: the patentee confirms it before it becomes an answer. Only the number proves itself, by its
check digit (standard ZC 0006-2003).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar

from backend.domain.errors import AssistantError
from backend.domain.patent_number import PatentNumber, parse_patent_number
from backend.domain.patents import PatentKind

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Seen(Generic[T]):
    """A value read from the picture; `confidence` runs from 0 to 1 and is the reader's own, not a probability."""

    value: T
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """The fields found; None where nothing trustworthy was. `number` always has its right check digit."""

    number: Seen[PatentNumber] | None = None
    kind: Seen[PatentKind] | None = None
    title: Seen[str] | None = None
    holders: Seen[tuple[str, ...]] | None = None
    filed_on: Seen[date] | None = None
    granted_on: Seen[date] | None = None

    def answers(self) -> dict[str, Any]:
        """Plain JSON values under the field names of the information table, as flows keep answers."""
        found: dict[str, Any] = {
            "number": str(self.number.value) if self.number else None,
            "kind": self.kind.value.value if self.kind else None,
            "title": self.title.value if self.title else None,
            "holders": list(self.holders.value) if self.holders else None,
            "filed_on": self.filed_on.value.isoformat() if self.filed_on else None,
            "granted_on": self.granted_on.value.isoformat() if self.granted_on else None,
        }
        return {field: value for field, value in found.items() if value is not None}

    def confidences(self) -> dict[str, float]:
        """How sure, under the same names as `answers`."""
        return {field: getattr(self, field).confidence for field in self.answers()}

    @classmethod
    def from_answers(cls, answers: dict[str, Any], confidences: dict[str, float]) -> Certificate:
        """The inverse of the two above. Raises ValueError or NotAPatentNumber and its kin on values of another shape."""

        def seen(field: str, value: T) -> Seen[T]:
            return Seen(value, float(confidences[field]))

        return cls(
            number=seen("number", parse_patent_number(answers["number"])) if "number" in answers else None,
            kind=seen("kind", PatentKind(answers["kind"])) if "kind" in answers else None,
            title=seen("title", str(answers["title"])) if "title" in answers else None,
            holders=seen("holders", tuple(map(str, answers["holders"]))) if "holders" in answers else None,
            filed_on=seen("filed_on", date.fromisoformat(answers["filed_on"])) if "filed_on" in answers else None,
            granted_on=seen("granted_on", date.fromisoformat(answers["granted_on"]))
            if "granted_on" in answers
            else None,
        )


class CertificateUnread(AssistantError):
    """The photo gave no certificate; the code of the kind below says why, and what to ask for."""

    code = "certificate.unread"


class NotAnImage(CertificateUnread):
    """Not a JPEG, PNG, WebP or BMP picture, or one that breaks off."""

    code = "certificate.not_an_image"


class TooLarge(CertificateUnread):
    """More bytes or more pixels than are opened."""

    code = "certificate.too_large"


class TooSmall(CertificateUnread):
    """Too few pixels across the sheet to tell digits apart: a better photo is needed. `width` in pixels."""

    code = "certificate.too_small"


class NoCertificate(CertificateUnread):
    """A picture, and no patent certificate on it."""

    code = "certificate.none"


class ReadingTimedOut(CertificateUnread):
    """Reading took longer than allowed and was ended."""

    code = "certificate.timeout"


class ReaderFailed(CertificateUnread):
    """The reader itself broke down on this picture, or could not start."""

    code = "certificate.reader_failed"


REASONS: dict[str, type[CertificateUnread]] = {
    reason.code: reason for reason in (NotAnImage, TooLarge, TooSmall, NoCertificate, ReadingTimedOut, ReaderFailed)
}
