"""What the office knows of a follower who declares: for whom they speak, what they agreed to, what is open to them."""

from __future__ import annotations

from dataclasses import dataclass, field

from backend.domain.listings import Contact, HolderType


@dataclass(frozen=True, slots=True)
class Consent:
    """What was agreed to, in which wording. The time stands with the row."""

    purpose: str
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """All empty for somebody who only asks. `approved` says that staff have checked the institution.

    `pilots` are names of the programmes that staff opened and that are open today: without one there is no pilot track.
    `has_company`: a company's profile is kept for matching. `open_needs` counts the needs they posted and did not close.
    """

    institution: str = ""
    credit_code: str = ""
    holder_type: HolderType | None = None
    approved: bool = False
    contact: Contact = field(default_factory=Contact)
    consents: tuple[Consent, ...] = ()
    pilots: tuple[str, ...] = ()
    has_company: bool = False
    open_needs: int = 0

    @property
    def bound(self) -> bool:
        return bool(self.institution)

    def agreed(self, purpose: str, version: str) -> bool:
        return Consent(purpose, version) in self.consents
