"""A listing: one patent offered in the pool, in one version of its terms.

What law makes of it depends on its track and on whether the national office has announced the declaration
(Patent Law art. 50): before that no statutory license can be had from it and no annuity is reduced.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from backend.domain.fees import Fee
from backend.domain.patents import PatentKind, expires_on


class Track(StrEnum):
    PILOT = "pilot"
    STATUTORY = "statutory"


class ListingStatus(StrEnum):
    """Where a listing stands in the office. Only PUBLISHED is ever shown to a follower."""

    SUBMITTED = "submitted"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"

    @classmethod
    def decided(cls) -> frozenset[ListingStatus]:
        """What stands on a shelf or was taken off it; a submitted version does neither."""
        return frozenset({cls.PUBLISHED, cls.WITHDRAWN})

    @classmethod
    def on_show(cls) -> frozenset[ListingStatus]:
        return frozenset({cls.PUBLISHED})


class Standing(StrEnum):
    """What a follower may be told a listing is."""

    PILOT = "pilot"
    ANNOUNCED = "announced"
    NOT_ANNOUNCED = "not_announced"


class HolderType(StrEnum):
    UNIVERSITY = "university"
    INSTITUTE = "institute"
    STATE_FIRM = "state_firm"
    SMALL_FIRM = "small_firm"
    OTHER_FIRM = "other_firm"
    PERSON = "person"
    OTHER = "other"


class Suspension(StrEnum):
    """Implementing Regulations art. 103 and 104."""

    NONE = "none"
    OWNERSHIP_DISPUTE = "ownership_dispute"
    PRESERVATION = "preservation"


class Pledge(StrEnum):
    """Implementing Regulations art. 86 (4)."""

    NONE = "none"
    WITH_CONSENT = "with_consent"
    WITHOUT_CONSENT = "without_consent"


class Guidance(StrEnum):
    """Whether the holder teaches the technique (Civil Code art. 866 leaves the extent to the parties)."""

    INCLUDED = "included"
    PAID_EXTRA = "paid_extra"
    NOT_INCLUDED = "not_included"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    name: str = ""
    phone: str = ""
    email: str = ""
    public: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One row of the information table, checked. `number` is the application number with its check digit."""

    number: str
    title: str
    kind: PatentKind
    filed_on: date
    holders: tuple[str, ...]
    track: Track
    fee: Fee
    license_ends_on: date
    granted_on: date | None = None
    co_holders_agree: bool = True
    holder_type: HolderType = HolderType.OTHER
    credit_code: str = ""
    contact: Contact = field(default_factory=Contact)
    ipc_main: str = ""
    ipc: tuple[str, ...] = ()
    industry: str = ""
    cluster: str = ""
    place_code: str = ""
    abstract: str = ""
    scenes: str = ""
    claims: str = ""
    maturity: int | None = None
    guidance: Guidance | None = None
    announcement_number: str = ""
    announced_on: date | None = None
    license_years: int | None = None
    region: str = ""
    licensee_scope: str = ""
    evaluation_report: str = ""
    exclusive_license: bool = False
    suspension: Suspension = Suspension.NONE
    pledge: Pledge = Pledge.NONE
    price_publicity: str = ""
    remark: str = ""

    @property
    def expires_on(self) -> date:
        """The day the patent right itself ends."""
        return expires_on(self.kind, self.filed_on)

    @property
    def standing(self) -> Standing:
        if self.track is Track.PILOT:
            return Standing.PILOT
        announced = bool(self.announcement_number) and self.announced_on is not None
        return Standing.ANNOUNCED if announced else Standing.NOT_ANNOUNCED

    def barred(self) -> bool:
        """True where art. 86 of the Implementing Regulations stands against an open license."""
        return (
            self.exclusive_license
            or self.suspension is not Suspension.NONE
            or self.pledge is Pledge.WITHOUT_CONSENT
            or not self.co_holders_agree
        )

    def may_be_shown(self, on: date) -> bool:
        """True where the listing still binds on the day: neither the offer nor the right has ended, nothing bars it."""
        return on <= self.license_ends_on and on < self.expires_on and not self.barred()
