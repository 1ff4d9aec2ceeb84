"""Carry out what a turn does, in the transaction that writes its answer."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from functools import singledispatch

from backend.domain.attachments import TooManyFiles
from backend.domain.deeds import (
    OF_EVENTS,
    Agree,
    AgreedToNotice,
    AgreeToContact,
    AnswerSurvey,
    BindColleague,
    CallOff,
    CancelSignUp,
    ChangeNeed,
    CloseNeed,
    ComeIn,
    Deed,
    DeleteQueries,
    DropDraft,
    DropFavourite,
    Followed,
    JudgePatents,
    KeepFavourite,
    KeepPicture,
    LeaveAlerts,
    LeaveRecommendations,
    NoteMiss,
    NoteVerdict,
    NoticeEnded,
    OpenHandoff,
    Prefer,
    ReadNeeds,
    ReadPhoto,
    SaidToPerson,
    SaveDraft,
    SaveQuery,
    SetQueries,
    ShownMatches,
    Submit,
    TakePlace,
    TakeProposal,
    Unfollowed,
)
from backend.domain.deliveries import DeliveryKind
from backend.domain.drafts import Flow
from backend.domain.events import NoSignUp, NoSuchEvent
from backend.domain.favourites import MOST as MOST_FAVOURITES
from backend.domain.handoffs import HandoffStatus
from backend.domain.matching import Verdict
from backend.domain.profiles import Consent
from backend.services import colleagues, notices, responses
from backend.services.alerts import subscribing
from backend.services.attachments import keep_certificate, room_for_one
from backend.services.declarations.finishing import finish_flow
from backend.services.events.taking_part import accept, cancel, check_in
from backend.services.needs import introducing, posting
from backend.services.surveys import answer_survey
from backend.store.unit_of_work import UnitOfWork

ERASE_AFTER = timedelta(hours=12)  # the promise is 24 hours; the other half is for a worker that was down


def carry_out(uow: UnitOfWork, openid: str, deed: Deed, *, at: datetime) -> bool:
    """One deed of this follower. False where it could not be carried out; where that was a flow, a person has it now."""
    if isinstance(deed, Submit):
        return finish_flow(uow, openid, deed, at=at)
    if isinstance(deed, OF_EVENTS):
        return _take_part(uow, openid, deed, at)
    _do(deed, uow, openid, at)
    return True


def _take_part(uow: UnitOfWork, openid: str, deed: OF_EVENTS, at: datetime) -> bool:
    """False where the event, or their place, is not what it was when the turn looked."""
    try:
        with uow.or_nothing():
            match deed:
                case CancelSignUp(event_id):
                    cancel(uow, openid=openid, event_id=event_id, at=at)
                case TakePlace(event_id):
                    accept(uow, openid=openid, event_id=event_id, at=at)
                case ComeIn(event_id, walk_in):
                    check_in(uow, openid=openid, event_id=event_id, walk_in=walk_in, at=at)
    except (NoSignUp, NoSuchEvent):
        return False
    return True


@singledispatch
def _do(deed: object, _uow: UnitOfWork, _openid: str, _at: datetime) -> None:
    raise TypeError(f"nobody carries out {type(deed).__name__}")


@_do.register
def _(deed: OpenHandoff, uow: UnitOfWork, openid: str, at: datetime) -> None:
    handoff = uow.handoffs.open(openid, at=at)
    uow.handoffs.add_line(handoff, by="", text=deed.text, at=at)


@_do.register
def _(deed: SaidToPerson, uow: UnitOfWork, openid: str, at: datetime) -> None:
    handoff = uow.handoffs.open_for(openid)
    if handoff is not None:
        uow.handoffs.add_line(handoff, by="", text=deed.text, at=at)


@_do.register
def _(deed: CallOff, uow: UnitOfWork, openid: str, at: datetime) -> None:
    handoff = uow.handoffs.open_for(openid)
    if handoff is not None:
        uow.handoffs.add_line(handoff, by="", text=deed.text, at=at)
        uow.handoffs.move(handoff, HandoffStatus.CLOSED, at=at)


@_do.register
def _(deed: NoteMiss, uow: UnitOfWork, openid: str, at: datetime) -> None:
    uow.misses.add(openid=openid, question=deed.question, offered=deed.offered, chosen=deed.chosen, at=at)


@_do.register
def _(deed: NoteVerdict, uow: UnitOfWork, openid: str, at: datetime) -> None:
    uow.misses.judge(openid=openid, entry=deed.entry, question=deed.question, useful=deed.useful, at=at)


@_do.register
def _(deed: Followed, uow: UnitOfWork, openid: str, _at: datetime) -> None:
    uow.followers.due_for_erasure(openid, None)
    if deed.scene:
        uow.followers.came_by(openid, deed.scene)


@_do.register
def _(_deed: Unfollowed, uow: UnitOfWork, openid: str, at: datetime) -> None:
    uow.followers.due_for_erasure(openid, at + ERASE_AFTER)
    uow.deliveries.suppress_for(openid, at=at, reason="unfollowed")
    uow.photos.suppress_for(openid, at=at)
    subscribing.rest(uow, openid)
    uow.attachments.suppress_for(openid)


@_do.register
def _(deed: SaveDraft, uow: UnitOfWork, openid: str, at: datetime) -> None:
    uow.drafts.save(openid, deed.draft, at=at)
    if deed.draft.flow == Flow.DECLARE:
        keep_certificate(uow, openid, deed.draft.answers, at=at)


@_do.register
def _(deed: DropDraft, uow: UnitOfWork, openid: str, _at: datetime) -> None:
    uow.drafts.drop(openid, deed.flow, deed.subject)


@_do.register
def _(deed: ReadPhoto, uow: UnitOfWork, openid: str, at: datetime) -> None:
    uow.photos.add(openid=openid, key=deed.key, media_id=deed.media_id, flow=deed.flow, at=at)


@_do.register
def _(deed: TakeProposal, uow: UnitOfWork, openid: str, _at: datetime) -> None:
    uow.photos.take(openid, deed.photo_id)


@_do.register
def _(deed: KeepPicture, uow: UnitOfWork, openid: str, at: datetime) -> None:
    with suppress(TooManyFiles):  # the turn has looked; only two pictures in the same moment come here
        room_for_one(uow, openid, deed.number)
        uow.attachments.add(
            key=deed.key, openid=openid, number=deed.number, kind=deed.kind, at=at, media_id=deed.media_id
        )


@_do.register
def _(deed: KeepFavourite, uow: UnitOfWork, openid: str, at: datetime) -> None:
    held = uow.listings.of([deed.number]).get(deed.number)
    if held is not None and uow.favourites.count(openid) < MOST_FAVOURITES:
        uow.favourites.keep(openid, held.listing, at=at)
        uow.institutions.agree(openid, deed.consent, at=at)


@_do.register
def _(deed: DropFavourite, uow: UnitOfWork, openid: str, _at: datetime) -> None:
    uow.favourites.drop(openid, deed.number)


@_do.register
def _(deed: JudgePatents, uow: UnitOfWork, openid: str, at: datetime) -> None:
    for number in deed.numbers:
        uow.verdicts.judge(openid, number, deed.verdict, at=at)
    if deed.verdict is Verdict.INTERESTED:
        responses.interested(uow, openid, deed.numbers, at=at)


@_do.register
def _(deed: ShownMatches, uow: UnitOfWork, openid: str, at: datetime) -> None:
    uow.verdicts.show(openid, deed.numbers, at=at)


@_do.register
def _(deed: Agree, uow: UnitOfWork, openid: str, at: datetime) -> None:
    uow.institutions.agree(openid, Consent(deed.purpose, deed.version), at=at)


@_do.register
def _(deed: SaveQuery, uow: UnitOfWork, openid: str, at: datetime) -> None:
    subscribing.save(uow, openid, deed.query, deed.cadence, replaces=deed.replaces, at=at)


@_do.register
def _(deed: SetQueries, uow: UnitOfWork, openid: str, at: datetime) -> None:
    subscribing.set_queries(uow, openid, deed.ids, cadence=deed.cadence, paused=deed.paused, at=at)


@_do.register
def _(deed: DeleteQueries, uow: UnitOfWork, openid: str, _at: datetime) -> None:
    uow.saved_queries.delete(openid, deed.ids)


@_do.register
def _(_deed: LeaveAlerts, uow: UnitOfWork, openid: str, at: datetime) -> None:
    subscribing.leave(uow, openid, at=at)
    notices.leave(uow, openid, at=at)


@_do.register
def _(_deed: LeaveRecommendations, uow: UnitOfWork, openid: str, at: datetime) -> None:
    notices.leave(uow, openid, at=at, kinds=(DeliveryKind.RECOMMENDATION,))


@_do.register
def _(deed: ChangeNeed, uow: UnitOfWork, openid: str, _at: datetime) -> None:
    posting.change_need(uow, openid=openid, need_id=deed.need_id, changes=deed.changes)


@_do.register
def _(deed: CloseNeed, uow: UnitOfWork, openid: str, at: datetime) -> None:
    posting.close_need(uow, openid=openid, need_id=deed.need_id, end=deed.end, at=at)


@_do.register
def _(deed: AgreeToContact, uow: UnitOfWork, openid: str, at: datetime) -> None:
    introducing.agree(uow, openid, deed.match_id, at=at)


@_do.register
def _(deed: ReadNeeds, uow: UnitOfWork, openid: str, at: datetime) -> None:
    if deed.on:
        uow.needs.read(openid, at=at)
    else:
        uow.needs.read_no_more(openid)


@_do.register
def _(deed: AnswerSurvey, uow: UnitOfWork, openid: str, at: datetime) -> None:
    answer_survey(uow, openid, deed, at=at)


@_do.register
def _(deed: Prefer, uow: UnitOfWork, openid: str, at: datetime) -> None:
    uow.preferences.put(openid, deed.chosen, at=at)


@_do.register
def _(deed: AgreedToNotice, uow: UnitOfWork, openid: str, at: datetime) -> None:
    if deed.agreed:
        uow.preferences.credit(openid, deed.template_id, at=at)
    else:
        uow.preferences.no_credit(openid, deed.template_id)


@_do.register
def _(deed: NoticeEnded, uow: UnitOfWork, openid: str, at: datetime) -> None:
    notices.ended(uow, openid, deed, at=at)
    if not uow.inbox.follower(openid).following:
        uow.followers.due_for_erasure(openid, at + ERASE_AFTER)  # a report about somebody who is gone keeps nobody here


@_do.register
def _(deed: BindColleague, uow: UnitOfWork, openid: str, at: datetime) -> None:
    colleagues.bind(uow, openid, deed.code, at=at)
