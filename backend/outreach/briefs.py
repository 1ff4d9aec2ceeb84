"""What staff do with a campaign before and while it runs. Each act is one transaction with its row in the audit log."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from backend.domain.briefs import (
    ALONE,
    ALONE_WITHIN,
    Brief,
    BriefElsewhere,
    BriefKind,
    BriefState,
    BriefUnfit,
    NotApprover,
    ReasonMissing,
    SamePerson,
    Template,
)
from backend.domain.campaign_words import WordsProblem, problems_of_content, problems_of_words
from backend.domain.deliveries import DeliveryKind
from backend.domain.ports.campaign_voice import CampaignVoice
from backend.domain.reply import Reply
from backend.domain.roles import Actor, Role
from backend.outreach.composing import BUILT_IN, first_words
from backend.store.unit_of_work import UnitOfWork

LONGEST_DAYS, FASTEST = 30, 60_000
LATEST_START = timedelta(days=90)


def make_brief(uow: UnitOfWork, *, kind: BriefKind, name: str, by: Actor, at: datetime) -> int:
    """A draft with the words of the office's newest template of the kind, or with those it came with; its id."""
    newest = max(uow.briefs.templates(kind), key=lambda held: held.id, default=None)
    words, mark = (newest.words, newest.mark) if newest else (first_words()[kind], BUILT_IN)
    made = uow.briefs.add(kind=kind, name=name, words=words, text_version=mark, by=by.id, at=at)
    uow.audit.add(by, "brief.make", f"brief:{made}", after=str(kind), at=at)
    return made


def change_brief(uow: UnitOfWork, brief: Brief, *, by: Actor, at: datetime) -> None:
    """Raises BriefElsewhere."""
    uow.briefs.put(brief, by=by.id, at=at)
    uow.audit.add(
        by, "brief.change", f"brief:{brief.id}", before=str(brief.version), after=str(brief.version + 1), at=at
    )


def list_members(uow: UnitOfWork, brief: Brief, openids: Sequence[str], *, by: Actor, at: datetime) -> None:
    """The list that was uploaded, instead of the one before; none at all with an empty one. Raises BriefElsewhere."""
    change_brief(uow, brief, by=by, at=at)
    uow.briefs.list_members(brief.id, openids)
    uow.audit.add(by, "brief.list", f"brief:{brief.id}", after=str(len(openids)), at=at)


def problems_of(brief: Brief) -> tuple[WordsProblem, ...]:
    """Why it cannot be handed in, words first."""
    return (*problems_of_words(brief.kind, brief.words), *problems_of_content(brief.kind, brief.content))


def hand_in(uow: UnitOfWork, brief: Brief, *, counted: int, by: Actor, at: datetime) -> BriefState:
    """It waits for its hour, or for another colleague's word. Raises BriefUnfit, BriefElsewhere."""
    if brief.state is not BriefState.DRAFT:
        raise BriefElsewhere(state=brief.state)
    late = brief.starts_at is not None and brief.starts_at > at + LATEST_START
    if problems_of(brief) or not counted or late:
        raise BriefUnfit
    others = uow.briefs.alone_since(brief.changed_by, since=at - ALONE_WITHIN, besides=brief.id)
    state = BriefState.WAITING if counted + others > ALONE else BriefState.APPROVED
    uow.briefs.move(brief, state, at=at, counted=counted, approved_by="", reason="")
    uow.audit.add(by, "brief.hand_in", f"brief:{brief.id}", after=f"{state}:{counted}", at=at)
    return state


def approve(uow: UnitOfWork, brief: Brief, *, by: Actor, at: datetime) -> None:
    """Another colleague's word on the version they read. Raises NotApprover, SamePerson, BriefElsewhere."""
    _check_approver(brief, by)
    uow.briefs.move(brief, BriefState.APPROVED, at=at, approved_by=by.id)
    uow.audit.add(by, "brief.approve", f"brief:{brief.id}", after=f"{brief.version}:{brief.counted}", at=at)


def send_back(uow: UnitOfWork, brief: Brief, *, reason: str, by: Actor, at: datetime) -> None:
    """Back to whoever wrote it. Raises ReasonMissing, NotApprover, BriefElsewhere."""
    if by.role is not Role.APPROVER:
        raise NotApprover
    if not reason.strip():
        raise ReasonMissing
    if brief.state is not BriefState.WAITING:
        raise BriefElsewhere(state=brief.state)
    uow.briefs.move(brief, BriefState.DRAFT, at=at, reason=reason.strip()[:500])
    uow.audit.add(by, "brief.send_back", f"brief:{brief.id}", at=at)


def _check_approver(brief: Brief, by: Actor) -> None:
    if by.role is not Role.APPROVER:
        raise NotApprover
    if brief.state is not BriefState.WAITING:
        raise BriefElsewhere(state=brief.state)
    if by.id in {brief.made_by, brief.changed_by}:
        raise SamePerson


def take_back(uow: UnitOfWork, brief: Brief, *, by: Actor, at: datetime) -> None:
    """From the queue to the desk again; what was approved has to be approved anew. Raises BriefElsewhere."""
    if brief.state not in {BriefState.WAITING, BriefState.APPROVED}:
        raise BriefElsewhere(state=brief.state)
    uow.briefs.move(brief, BriefState.DRAFT, at=at, approved_by="", reason="")
    uow.audit.add(by, "brief.take_back", f"brief:{brief.id}", before=str(brief.state), at=at)


def call_off(uow: UnitOfWork, brief: Brief, *, by: Actor, at: datetime) -> None:
    """For good, wherever it is. What is in flight arrives. Raises BriefElsewhere, CampaignElsewhere where it is over."""
    if brief.state is BriefState.DROPPED:
        raise BriefElsewhere(state=brief.state)
    if brief.campaign_id:
        uow.campaigns.cancel(brief.campaign_id)
    if brief.state is not BriefState.PLANNED:
        uow.briefs.move(brief, BriefState.DROPPED, at=at)
        uow.briefs.forget_members(brief.id)
    uow.audit.add(by, "campaign.cancel", f"brief:{brief.id}", before=str(brief.state), at=at)


def hold_up(uow: UnitOfWork, brief: Brief, *, by: Actor, at: datetime) -> None:
    """Raises BriefElsewhere, CampaignElsewhere."""
    _planned(brief)
    uow.campaigns.pause(brief.campaign_id)
    uow.audit.add(by, "campaign.pause", f"brief:{brief.id}", at=at)


def go_on(uow: UnitOfWork, brief: Brief, *, by: Actor, at: datetime) -> None:
    """Raises BriefElsewhere, CampaignElsewhere."""
    _planned(brief)
    uow.campaigns.resume(brief.campaign_id)
    uow.audit.add(by, "campaign.resume", f"brief:{brief.id}", at=at)


def throttle(uow: UnitOfWork, brief: Brief, per_minute: int, *, by: Actor, at: datetime) -> None:
    """Raises BriefElsewhere, CampaignElsewhere."""
    _planned(brief)
    before = uow.campaigns.get(brief.campaign_id).per_minute
    uow.campaigns.throttle(brief.campaign_id, per_minute)
    uow.audit.add(by, "campaign.throttle", f"brief:{brief.id}", before=str(before), after=str(per_minute), at=at)


def _planned(brief: Brief) -> None:
    if brief.state is not BriefState.PLANNED:
        raise BriefElsewhere(state=brief.state)


def try_out(
    uow: UnitOfWork, brief: Brief, words: str, *, openid: str, voice: CampaignVoice, by: Actor, at: datetime
) -> bool:
    """One message to the colleague's own phone, as a recipient would read it; False where this version was sent before
    in the same minute. It is no campaign's: nobody's consent, quota or list is touched."""
    key = f"trial:{brief.id}:{brief.version}:{by.id}:{int(at.timestamp() // 60)}"
    planned = uow.deliveries.plan(
        openid=openid, notice_key=key, reply=Reply.of(voice.trial(words)), at=at, kind=DeliveryKind.COLLEAGUE
    )
    uow.audit.add(by, "brief.try", f"brief:{brief.id}", after=str(brief.version), at=at)
    return planned


def keep_template(uow: UnitOfWork, *, kind: BriefKind, name: str, words: str, by: Actor, at: datetime) -> Template:
    """A new version under the name. Raises BriefUnfit where the words may not be used."""
    if problems_of_words(kind, words) or not name.strip():
        raise BriefUnfit
    made = uow.briefs.add_template(kind=kind, name=name.strip()[:100], words=words, by=by.id, at=at)
    uow.audit.add(by, "template.keep", f"template:{made.id}", after=str(made.version), at=at)
    return made
