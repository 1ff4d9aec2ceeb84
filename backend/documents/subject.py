"""What a document is about: a declaration or its withdrawal, as the person confirmed it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from backend.domain.errors import AssistantError
from backend.domain.listings import Listing, Track
from backend.domain.patents import requires_evaluation_report


class DocumentRefused(AssistantError):
    """The document would say something that is not so, or is not needed; `code` says which."""

    code = "document.refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """Which text about personal data was agreed to, and when."""

    version: str
    given_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """What is declared on the day. `obstacles` are the art. 86 obstacles that apply: with any, nothing is drawn up."""

    listing: Listing
    on: date
    obstacles: tuple[str, ...] = ()
    consent: Consent | None = None

    def ready(self) -> None:
        """Raises DocumentRefused where the statements of the form would be false (Implementing Regulations art. 86 and 88)."""
        if self.obstacles or self.listing.barred():
            raise DocumentRefused("document.barred", number=self.listing.number)
        if self.listing.track is Track.STATUTORY and self.lacks_report:
            raise DocumentRefused("document.no_evaluation_report", number=self.listing.number)

    @property
    def lacks_report(self) -> bool:
        """Patent Law art. 50: utility models and designs come with an evaluation report."""
        return requires_evaluation_report(self.listing.kind) and not self.listing.evaluation_report

    @property
    def is_joint(self) -> bool:
        """Patent Law art. 14: several holders have to agree."""
        return len(self.listing.holders) > 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """The listed declaration is to be withdrawn for this reason."""

    listing: Listing
    on: date
    reason: str

    @property
    def is_joint(self) -> bool:
        return len(self.listing.holders) > 1
