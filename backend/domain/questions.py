"""What a conversation may ask of the office. Read-only; `backend.services.desk` answers each."""

from __future__ import annotations

from dataclasses import dataclass

from backend.domain.queries import PatentQuery


@dataclass(frozen=True, slots=True)
class FindPatents:
    """→ Results"""

    query: PatentQuery
    page: int


@dataclass(frozen=True, slots=True)
class ShowPatent:
    """→ Found | None"""

    number: str


@dataclass(frozen=True, slots=True)
class FindSimilar:
    """→ Results, without the patent itself | None"""

    number: str


@dataclass(frozen=True, slots=True)
class AskPolicy:
    """→ PolicyAnswer; `besides` is an entry that was just shown and is not meant again"""

    question: str
    besides: str = ""


@dataclass(frozen=True, slots=True)
class ShowEntry:
    """→ Entry | None"""

    entry_id: str


@dataclass(frozen=True, slots=True)
class LookUpNumber:
    """What the register says of an application number → PatentRecord | None (also where the register is down)"""

    number: str


@dataclass(frozen=True, slots=True)
class MyDrafts:
    """The follower's unfinished drafts, newest first → tuple[Draft, ...]"""


@dataclass(frozen=True, slots=True)
class MyDeclarations:
    """What the follower has declared and where each stands, newest first → tuple[DeclarationView, ...]"""


@dataclass(frozen=True, slots=True)
class MyProfile:
    """For whom the follower speaks, what they agreed to, which programmes are open → Profile"""


@dataclass(frozen=True, slots=True)
class MyProposal:
    """What the follower's newest photo of a certificate said and nothing has taken up yet → Proposal | None"""


@dataclass(frozen=True, slots=True)
class MyPreference:
    """How often the follower hears from us unasked, and when not → Chosen"""


Question = (
    FindPatents
    | FindSimilar
    | ShowPatent
    | AskPolicy
    | ShowEntry
    | LookUpNumber
    | MyDrafts
    | MyDeclarations
    | MyProfile
    | MyProposal
    | MyPreference
)
