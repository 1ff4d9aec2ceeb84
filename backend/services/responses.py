"""What a recipient makes of a campaign: opens its page, says “感兴趣”. Staff see it with the campaign; the holder is told
that somebody asked, not who.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from backend.domain.briefs import numbers_of
from backend.domain.clock import CHINA, Clock, day_of
from backend.domain.deliveries import DeliveryStatus, Notice
from backend.domain.matching import Verdict
from backend.domain.patent_number import parse_patent_number
from backend.domain.ports.wording import Wording
from backend.domain.questions import Pushed as LastPush
from backend.domain.reply import Reply
from backend.domain.wording import fill
from backend.store.database import Database
from backend.store.unit_of_work import UnitOfWork

AT_ONCE = 50
REMEMBERED = timedelta(days=30)  # so long after a message its patents are what “感兴趣” means


@dataclass(frozen=True, slots=True)
class Pushed:
    """What a follower was told in a campaign: its words, the patents in it, and those they said yes to (“” is the whole)."""

    campaign_id: int
    words: str
    numbers: tuple[str, ...]
    interests: frozenset[str]


def pushed(database: Database, openid: str, campaign_id: int, *, at: datetime) -> Pushed | None:
    """Their message, and that they opened its page; None where it was never theirs or was not told them."""
    with database.read() as uow:
        held = uow.responses.told(openid, campaign_id)
        if held is None or held.status not in {DeliveryStatus.SENT, DeliveryStatus.UNKNOWN, DeliveryStatus.ASKING}:
            return None
        text = uow.campaigns.get(campaign_id).text.text
        interests = uow.responses.interests_of(openid, campaign_id)
    with database.write() as uow:
        uow.responses.open(openid, campaign_id, at=at)
    return Pushed(campaign_id, fill(text, held.values), numbers_of(held.values), interests)


def last_pushed(uow: UnitOfWork, openid: str, *, at: datetime) -> LastPush:
    """The patents of the last message that showed some."""
    for held in uow.responses.last_told(openid, since=at - REMEMBERED):
        if numbers := numbers_of(held.values):
            return LastPush(numbers, newest=not uow.responses.wrote_after(openid, held.id))
    return LastPush()


def interested(uow: UnitOfWork, openid: str, numbers: Sequence[str], *, at: datetime) -> None:
    """They said yes to these patents: beside the campaign that told them, if one did."""
    told = uow.responses.last_told(openid, since=at - REMEMBERED)
    for number in numbers:
        campaign = next((held.campaign_id for held in told if number in numbers_of(held.values)), 0)
        if campaign:
            uow.responses.interested(openid, campaign, number, at=at)


def say_interested(database: Database, openid: str, seen: Pushed, number: str, *, at: datetime) -> bool:
    """By the page's button; `number` is empty for a message without patents. False where it is none of the message's."""
    if number not in (seen.numbers or ("",)):
        return False
    with database.write() as uow:
        uow.responses.interested(openid, seen.campaign_id, number, at=at)
        if number:
            uow.verdicts.judge(openid, number, Verdict.INTERESTED, at=at)
    return True


def not_relevant(database: Database, openid: str, seen: Pushed, number: str, *, at: datetime) -> bool:
    """It is never matched to this follower again."""
    if number not in seen.numbers:
        return False
    with database.write() as uow:
        uow.verdicts.judge(openid, number, Verdict.NOT_RELEVANT, at=at)
    return True


def tell_holders(database: Database, wording: Wording, clock: Clock) -> int:
    """Of every new interest the followers behind the declaration hear, once a day for each patent; how many were planned.

    Who it is stays with the office until both sides want to meet.
    """
    at, planned = clock.now(), 0
    while True:
        with database.write() as uow:
            numbers = uow.responses.untold(limit=AT_ONCE)
            for number in numbers:
                planned += _tell_holders(uow, number, wording, at)
            uow.responses.holders_told(numbers, at=at)
        if len(numbers) < AT_ONCE:
            return planned


def _tell_holders(uow: UnitOfWork, number: str, wording: Wording, at: datetime) -> int:
    shelved = uow.listings.of([number]).get(number)
    if shelved is None:
        return 0
    title, official = shelved.listing.title, parse_patent_number(number).official
    moment = at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")
    state = wording.words("campaign.to_holder_state")
    notice = Notice("declaration", {"title": title, "number": official, "state": state, "at": moment})
    reply = Reply.of(wording.words("campaign.to_holder", title=title, number=official))
    return sum(
        uow.deliveries.plan(
            openid=held.openid, notice_key=f"interest:{number}:{day_of(at)}", reply=reply, notice=notice, at=at
        )
        for held in uow.declarations.alive_for(number)
        if held.on_show and held.openid
    )
