"""What a turn does besides answering; `backend.services.deeds` carries each out in the transaction of the answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from backend.domain.attachments import AttachmentKind
from backend.domain.deliveries import Channel
from backend.domain.drafts import Draft
from backend.domain.matching import Verdict
from backend.domain.needs import NeedEnd
from backend.domain.preferences import Preference
from backend.domain.profiles import Consent
from backend.domain.queries import PatentQuery
from backend.domain.saved_queries import Cadence


@dataclass(frozen=True, slots=True)
class OpenHandoff:
    """The follower wants a person; what they said last goes along."""

    text: str


@dataclass(frozen=True, slots=True)
class NoteMiss:
    """A question the material did not answer, or (with `chosen`) a phrasing to learn."""

    question: str
    offered: tuple[str, ...]
    chosen: str = ""


@dataclass(frozen=True, slots=True)
class NoteVerdict:
    """The follower said whether an answer was of use."""

    entry: str
    question: str
    useful: bool


@dataclass(frozen=True, slots=True)
class Followed:
    scene: str


@dataclass(frozen=True, slots=True)
class Unfollowed:
    pass


@dataclass(frozen=True, slots=True)
class SaidToPerson:
    """Said while a colleague reads along; goes into the open handoff."""

    text: str


@dataclass(frozen=True, slots=True)
class CallOff:
    """They need no colleague after all; what they said goes along."""

    text: str


@dataclass(frozen=True, slots=True)
class SaveDraft:
    """Keep these answers; the follower's draft of this flow and subject is replaced."""

    draft: Draft


@dataclass(frozen=True, slots=True)
class DropDraft:
    flow: str
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Submit:
    """A flow is finished and confirmed. `answers` are of the path only; the draft goes with it.

    `token` is new for each review, so that two taps make one declaration.
    """

    flow: str
    subject: str
    answers: dict[str, Any]
    token: str


@dataclass(frozen=True, slots=True)
class ReadPhoto:
    """Read the certificate on this picture. `key` is the message's: a photo is one task however often it is posted.

    `flow` is where it was sent into, or empty.
    """

    key: str
    media_id: str
    flow: str = ""


@dataclass(frozen=True, slots=True)
class TakeProposal:
    """What a photo said has become part of the draft: it is not proposed again."""

    photo_id: int


@dataclass(frozen=True, slots=True)
class KeepPicture:
    """Keep this picture with the draft about `number` (“” for an institution's). `key` is the message's."""

    key: str
    media_id: str
    number: str
    kind: AttachmentKind


@dataclass(frozen=True, slots=True)
class KeepFavourite:
    """Remember the patent with its terms of today; that they asked for it is the consent, noted with its wording."""

    number: str
    consent: Consent


@dataclass(frozen=True, slots=True)
class DropFavourite:
    number: str


@dataclass(frozen=True, slots=True)
class JudgePatents:
    """What the follower said of patents for their company: an enumeration of `backend.domain.matching`."""

    numbers: tuple[str, ...]
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class ShownMatches:
    """These stood in the follower's list of matches."""

    numbers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Agree:
    """The follower consents to this purpose in this wording, now."""

    purpose: str
    version: str


@dataclass(frozen=True, slots=True)
class SaveQuery:
    """Tell of what comes to fit this query. In place of another of theirs where `replaces` names one."""

    query: PatentQuery
    cadence: Cadence
    replaces: int = 0


@dataclass(frozen=True, slots=True)
class SetQueries:
    """Change how these saved queries are told of; None leaves a part as it is."""

    ids: tuple[int, ...]
    cadence: Cadence | None = None
    paused: bool | None = None


@dataclass(frozen=True, slots=True)
class DeleteQueries:
    ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class LeaveAlerts:
    """Nothing is told unasked any more: saved queries go, what was planned is not sent, the consents end."""


@dataclass(frozen=True, slots=True)
class LeaveRecommendations:
    """No recommendations any more: what was planned is not sent, the consent ends. Saved queries stay and are told of."""


@dataclass(frozen=True, slots=True)
class ChangeNeed:
    """Other conditions for an open need of theirs. `changes` by field of Need."""

    need_id: int
    changes: dict[str, Any]


@dataclass(frozen=True, slots=True)
class CloseNeed:
    need_id: int
    end: NeedEnd


@dataclass(frozen=True, slots=True)
class AgreeToContact:
    """The follower, as one side of a need and a patent that fits it, wants to be called by the other."""

    match_id: int


@dataclass(frozen=True, slots=True)
class ReadNeeds:
    """A holder wants to hear of needs that fit their patents; with `on` false, not any more."""

    on: bool = True


@dataclass(frozen=True, slots=True)
class AnswerSurvey:
    """One answer set, in place of what they answered before."""

    survey: str
    side: str
    answers: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Prefer:
    """What they want to hear of, how often, and when they are left in peace."""

    chosen: Preference


@dataclass(frozen=True, slots=True)
class AgreedToNotice:
    """They agreed to one notice of this template; or, with `agreed` false, to none any more."""

    template_id: str
    agreed: bool = True


@dataclass(frozen=True, slots=True)
class NoticeEnded:
    """The platform says what became of a notice it took. `reason` is a short code where it did not arrive."""

    channel: Channel
    platform_id: str
    arrived: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class BindColleague:
    """The phone that sends the code a colleague was shown is that colleague's."""

    code: str


@dataclass(frozen=True, slots=True)
class CancelSignUp:
    """The place at an event, or the one in its queue, is given up."""

    event_id: int


@dataclass(frozen=True, slots=True)
class TakePlace:
    """The place that was offered is taken."""

    event_id: int


@dataclass(frozen=True, slots=True)
class ComeIn:
    """They are at the door; `walk_in`: without a place, and they want to be entered."""

    event_id: int
    walk_in: bool = False


OF_EVENTS = CancelSignUp | TakePlace | ComeIn
Deed = (
    OpenHandoff
    | SaidToPerson
    | CallOff
    | NoteMiss
    | NoteVerdict
    | Followed
    | Unfollowed
    | SaveDraft
    | DropDraft
    | Submit
    | ReadPhoto
    | TakeProposal
    | KeepPicture
    | KeepFavourite
    | DropFavourite
    | JudgePatents
    | ShownMatches
    | Agree
    | SaveQuery
    | SetQueries
    | DeleteQueries
    | LeaveAlerts
    | LeaveRecommendations
    | ChangeNeed
    | CloseNeed
    | AgreeToContact
    | ReadNeeds
    | AnswerSurvey
    | Prefer
    | AgreedToNotice
    | NoticeEnded
    | BindColleague
    | CancelSignUp
    | TakePlace
    | ComeIn
)
