"""What a conversation may ask of the office. Read-only; `backend.services.desk` answers each."""

from __future__ import annotations

from dataclasses import dataclass, field

from backend.domain.companies import Company
from backend.domain.pricing import Inputs
from backend.domain.queries import Facet, PatentQuery


@dataclass(frozen=True, slots=True)
class FindPatents:
    """→ Results"""

    query: PatentQuery
    page: int


@dataclass(frozen=True, slots=True)
class CountPatents:
    """How the hits of a query fall into a facet → Counts | None"""

    query: PatentQuery
    facet: Facet


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
    """→ PolicyAnswer"""

    question: str


@dataclass(frozen=True, slots=True)
class AskFollowUp:
    """A few words that lean on the entry `before`, and on how that was `asked` → PolicyAnswer"""

    question: str
    before: str
    asked: str


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
class MyFiles:
    """What the follower has handed in with the draft about this patent, “” for an institution → tuple[Attachment, ...]"""

    number: str


@dataclass(frozen=True, slots=True)
class MyFavourites:
    """The patents the follower keeps, with what is offered now, newest first → tuple[Kept, ...]"""


@dataclass(frozen=True, slots=True)
class MyCompany:
    """The follower's company as they described it → Company | None"""


@dataclass(frozen=True, slots=True)
class MatchPatents:
    """What may fit. `company` is one described in passing, None for the follower's own → MatchList | None"""

    company: Company | None = None
    page: int = 0


@dataclass(frozen=True, slots=True)
class AdvisePrice:
    """What there is to say on a price. `number` of a patent, else `words` on a technique, else in general → Advice"""

    number: str = ""
    words: str = ""
    inputs: Inputs = field(default_factory=Inputs)


@dataclass(frozen=True, slots=True)
class MyPreference:
    """How often the follower hears from us unasked, and when not → Chosen"""


@dataclass(frozen=True, slots=True)
class ListEvents:
    """What is announced and not over, the next one first → tuple[EventView, ...]"""


@dataclass(frozen=True, slots=True)
class MyEvents:
    """What the follower signed up for, not long over → tuple[EventView, ...]"""


@dataclass(frozen=True, slots=True)
class ScannedEvent:
    """The event whose QR code was scanned → EventView | None"""

    event_id: int


@dataclass(frozen=True, slots=True)
class MySubscriptions:
    """The follower's saved queries, in the order of the list they see → tuple[SavedQuery, ...]"""


@dataclass(frozen=True, slots=True)
class MyNeeds:
    """The follower's open needs with what fits each → tuple[NeedView, ...]"""


@dataclass(frozen=True, slots=True)
class NeedsForMe:
    """Open needs that the follower's own patents fit → tuple[HolderNeed, ...] | None where they did not ask to hear of any"""


@dataclass(frozen=True, slots=True)
class MayAgree:
    """Whether the follower is one side of this match of an open need → NeedMatch | None"""

    match_id: int


@dataclass(frozen=True, slots=True)
class ShowSurvey:
    """The survey in force → Survey"""


@dataclass(frozen=True, slots=True)
class MySurvey:
    """What the follower answered in the survey in force → dict by question | None"""


@dataclass(frozen=True, slots=True)
class Pushed:
    """`numbers` are the patents of the last message of a campaign that showed some; `newest`: nothing was said since."""

    numbers: tuple[str, ...] = ()
    newest: bool = False


@dataclass(frozen=True, slots=True)
class LastPushed:
    """What a campaign showed the follower last → Pushed"""


@dataclass(frozen=True, slots=True)
class ColleagueCode:
    """Whether this code was shown to a colleague a moment ago, so that their phone may say who they are → bool"""

    code: str


Question = (
    FindPatents
    | CountPatents
    | FindSimilar
    | ShowPatent
    | AskPolicy
    | AskFollowUp
    | ShowEntry
    | LookUpNumber
    | MyDrafts
    | MyDeclarations
    | MyProfile
    | MyProposal
    | MyFiles
    | MyFavourites
    | MyCompany
    | MatchPatents
    | AdvisePrice
    | MyPreference
    | ListEvents
    | MyEvents
    | ScannedEvent
    | MySubscriptions
    | MyNeeds
    | NeedsForMe
    | MayAgree
    | ShowSurvey
    | MySurvey
    | LastPushed
    | ColleagueCode
)
