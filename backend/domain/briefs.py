"""A campaign before it is one: what staff want to say, to whom, when, and who agreed to it. The ledger's campaign is made
from it once its time comes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Self

from backend.domain.companies import CompanyLabel
from backend.domain.errors import AssistantError
from backend.domain.institutions import InstitutionLabel

ALONE = 1000  # recipients that one colleague may address without another's word
ALONE_WITHIN = timedelta(days=1)  # all that one colleague sent on their own in this time counts together
AHEAD = timedelta(hours=1)  # so long before its start the audience is written down
MOST_LISTED = 100_000  # rows of an uploaded list
MOST_NUMBERS = 50


class BriefKind(StrEnum):
    """MATCHES: each company its own patents, with reasons. ONE_PATENT: one patent to the companies it may fit."""

    MATCHES = "matches"
    ONE_PATENT = "one_patent"
    NEWS = "news"
    CASE = "case"
    MOBILISATION = "mobilisation"
    NOTICE = "notice"

    @classmethod
    def matched(cls) -> frozenset[Self]:
        """Those that show patents: whoever none fits is left out, and every text says that it is information only."""
        return frozenset({cls.MATCHES, cls.ONE_PATENT})


class BriefState(StrEnum):
    """WAITING for another colleague's word; APPROVED and waiting for its hour; PLANNING its recipients; PLANNED: from
    here on the ledger's campaign says how it stands."""

    DRAFT = "draft"
    WAITING = "waiting"
    APPROVED = "approved"
    PLANNING = "planning"
    PLANNED = "planned"
    DROPPED = "dropped"


class AudienceRole(StrEnum):
    """HOLDER: speaks for an institution, has declared, or has begun to. A follower may be several of these."""

    COMPANY = "company"
    OFFICER = "officer"
    HOLDER = "holder"
    DECLARED = "declared"


class LeftOut(StrEnum):
    """Why somebody in the segment gets nothing, the first reason that holds."""

    UNFOLLOWED = "unfollowed"
    NO_CONSENT = "no_consent"
    PAUSED = "paused"  # until after the campaign's end
    NOT_WISHED = "not_wished"  # chose other topics or places in the preference centre
    NO_MATCH = "no_match"


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """Who is meant: every part that is given must hold, any value of a part will do. All empty is every follower.

    `places` and `clusters` are the company's or the holder's own; `about_topics` and `about_places` say what the campaign
    is about, so that whoever asked for other things is left in peace. `numbers`: companies that one of these patents may
    fit. `listed`: only those of the uploaded list, which is kept with the brief.
    """

    roles: tuple[AudienceRole, ...] = ()
    places: tuple[str, ...] = ()
    clusters: tuple[str, ...] = ()
    company_labels: tuple[CompanyLabel, ...] = ()
    institution_labels: tuple[InstitutionLabel, ...] = ()
    about_topics: tuple[str, ...] = ()
    about_places: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    listed: bool = False

    def dump(self) -> dict[str, Any]:
        values: dict[str, Any] = {name: list(getattr(self, name)) for name in PARTS}
        return {name: value for name, value in values.items() if value} | ({"listed": True} if self.listed else {})

    @classmethod
    def load(cls, held: Mapping[str, Any]) -> Self:
        """Raises ValueError for a value that is none of ours."""
        return cls(
            roles=tuple(map(AudienceRole, held.get("roles", ()))),
            places=_texts(held, "places"),
            clusters=_texts(held, "clusters"),
            company_labels=tuple(map(CompanyLabel, held.get("company_labels", ()))),
            institution_labels=tuple(map(InstitutionLabel, held.get("institution_labels", ()))),
            about_topics=_texts(held, "about_topics"),
            about_places=_texts(held, "about_places"),
            numbers=_texts(held, "numbers"),
            listed=bool(held.get("listed")),
        )


NUMBERS = "号码"  # among a recipient's values: the patents that their message shows


def numbers_of(values: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(values.get(NUMBERS, "").split())


PARTS = (
    "roles", "places", "clusters", "company_labels", "institution_labels", "about_topics", "about_places", "numbers",
)  # fmt: skip


def _texts(held: Mapping[str, Any], name: str) -> tuple[str, ...]:
    return tuple(str(value) for value in held.get(name, ()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What is the same for all. `number` is the one patent; `source` where news come from; `address` the full text's."""

    title: str = ""
    body: str = ""
    source: str = ""
    address: str = ""
    number: str = ""

    def dump(self) -> dict[str, str]:
        values = {name: str(getattr(self, name)) for name in ("title", "body", "source", "address", "number")}
        return {name: value for name, value in values.items() if value}

    @classmethod
    def load(cls, held: Mapping[str, Any]) -> Self:
        return cls(**{name: str(held.get(name, "")) for name in ("title", "body", "source", "address", "number")})


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """`version` grows with every change: whoever approves says which they read. `made_by`, `changed_by`, `approved_by` are
    ids of staff; `counted` is the number of recipients when it was handed in; `campaign_id` is 0 before it is planned.

    `starts_at` None is as soon as possible; it ends `lasts_days` later. `reason` says why it came back.
    """

    id: int
    kind: BriefKind
    name: str
    state: BriefState
    version: int
    audience: Audience = field(default_factory=Audience)
    content: Content = field(default_factory=Content)
    words: str
    text_version: str
    starts_at: datetime | None = None
    lasts_days: int = 7
    per_minute: int = 0
    counted: int = 0
    made_by: str
    changed_by: str
    approved_by: str = ""
    reason: str = ""
    campaign_id: int = 0
    changed_at: datetime

    def begins(self, at: datetime) -> datetime:
        return max(self.starts_at, at) if self.starts_at else at

    def ends(self, at: datetime) -> datetime:
        return self.begins(at) + timedelta(days=self.lasts_days)


@dataclass(frozen=True, slots=True)
class Template:
    """Words that colleagues keep for a kind. A change is a new row with the next `version`; nothing is overwritten."""

    id: int
    kind: BriefKind
    name: str
    version: int
    words: str

    @property
    def mark(self) -> str:
        """What stands in the ledger beside every delivery."""
        return f"template:{self.id}.{self.version}"


class BriefNotFound(AssistantError):
    code = "brief.not_found"


class BriefElsewhere(AssistantError):
    """Somebody has changed or moved it meanwhile; `state` says where it is."""

    code = "brief.elsewhere"


class SamePerson(AssistantError):
    """Whoever wrote or changed it does not approve it."""

    code = "brief.same_person"


class NotApprover(AssistantError):
    code = "brief.not_approver"


class BriefUnfit(AssistantError):
    """It cannot be handed in as it is; the problems are shown beside the form."""

    code = "brief.unfit"


class ReasonMissing(AssistantError):
    code = "brief.reason_missing"
