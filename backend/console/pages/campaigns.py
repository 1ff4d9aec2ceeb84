"""Campaigns: the list, a new one, and the page on which one is written, counted and tried."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from starlette.responses import Response

from backend.console.pages.campaign_forms import choices_of, filled_in, number_of
from backend.console.pages.campaign_progress import progress_of
from backend.console.pages.declarations import names_of
from backend.console.permissions import allowed
from backend.console.visit import Refusal, Visit, whole
from backend.domain.briefs import (
    Brief,
    BriefElsewhere,
    BriefKind,
    BriefNotFound,
    BriefState,
    Content,
)
from backend.domain.errors import AssistantError
from backend.domain.ports.campaign_voice import CampaignVoice
from backend.knowledge.entries import load_entries
from backend.matching.pool import Pool
from backend.outreach import briefs
from backend.outreach.audience import Chosen, Headcount, count, needs_matching
from backend.outreach.composing import BUILT_IN, Composer, PatentGone, first_words, preview
from backend.outreach.lists import ListUnreadable, read_list, resolve
from backend.store.audiences import Reached

TABS = {
    "open": (BriefState.DRAFT, BriefState.APPROVED, BriefState.PLANNING),
    "waiting": (BriefState.WAITING,),
    "planned": (BriefState.PLANNED,),
    "dropped": (BriefState.DROPPED,),
}


def show_campaigns(visit: Visit) -> Response:
    tab = asked if (asked := visit.asked("tab")) in TABS else "open"
    with visit.database.read() as uow:
        found = uow.briefs.listed(*TABS[tab], page=visit.page)
        campaigns = uow.campaigns.some({brief.campaign_id for brief in found.items if brief.campaign_id})
        counts = {number: uow.campaigns.counts(number) for number in campaigns}
        names = names_of(uow)
    return visit.show(
        "campaigns.html",
        found=found,
        tab=tab,
        tabs=list(TABS),
        campaigns=campaigns,
        counts=counts,
        names=names,
        kinds=list(BriefKind),
        done=visit.asked("done"),
    )


def make_by_form(visit: Visit) -> Response:
    kind, name = visit.given("kind"), visit.given("name").strip()[:100]
    if kind not in set(BriefKind) or not name:
        raise Refusal(400, "form")
    with visit.database.write() as uow:
        made = briefs.make_brief(uow, kind=BriefKind(kind), name=name, by=visit.staff.actor, at=visit.now)
    return visit.go(f"/campaigns/{made}")


def show_campaign(visit: Visit) -> Response:
    return page_of(visit, brief_of(visit))


def page_of(visit: Visit, brief: Brief, *, problem: str = "", **more: Any) -> Response:
    """The page of one campaign, whatever its state. `problem` is a code of the labels' family `brief`."""
    if brief.state is BriefState.DRAFT and allowed(visit.staff.role, "POST", "/campaigns/{id}/save"):
        return _desk(visit, brief, problem=problem, **more)
    with visit.database.read() as uow:
        names = names_of(uow)
        progress = progress_of(uow, brief, visit.now)
        titles = {} if progress is None else titles_of(visit, [held.number for held in progress.interests])
    headcount, shown = (None, None)
    if brief.campaign_id == 0:
        headcount, shown = headcount_of(visit, brief)
    return visit.show(
        "campaign.html",
        422 if problem else 200,
        brief=brief,
        names=names,
        progress=progress,
        titles=titles,
        headcount=headcount,
        shown=shown,
        who=0,
        segment=choices_of(brief),
        mine=str(visit.staff.id) in {brief.made_by, brief.changed_by},
        problem=problem,
        done=visit.asked("done"),
    )


def titles_of(visit: Visit, numbers: list[str]) -> dict[str, str]:
    with visit.database.read() as uow:
        return {number: held.listing.title for number, held in uow.listings.of(numbers).items()}


def _desk(visit: Visit, brief: Brief, *, problem: str = "", refused: str = "", unknown: int = 0) -> Response:
    headcount, shown = headcount_of(visit, brief)
    with visit.database.read() as uow:
        templates = uow.briefs.templates(brief.kind)
        members = uow.briefs.members(brief.id)
        phone = uow.staff_phones.of(visit.staff.id)
        names = names_of(uow)
    return visit.show(
        "campaign_desk.html",
        422 if problem or refused else 200,
        brief=brief,
        segment=choices_of(brief),
        headcount=headcount,
        shown=shown,
        who=whole(visit.query.get("who", "")) or 0,
        problems=briefs.problems_of(brief),
        templates=templates,
        entries=load_entries() if brief.kind is BriefKind.NEWS else (),
        members=members,
        unknown=unknown,
        has_phone=bool(phone),
        names=names,
        problem=problem,
        refused=refused,
        done=visit.asked("done"),
    )


def brief_of(visit: Visit) -> Brief:
    try:
        with visit.database.read() as uow:
            return uow.briefs.get(visit.id)
    except BriefNotFound:
        raise Refusal(404, "not_found") from None


def voice_of(visit: Visit) -> CampaignVoice:
    assert visit.house.voice is not None, "the roof gives the console its voice"
    return visit.house.voice


def pool_of(visit: Visit, brief: Brief) -> Pool | None:
    return visit.house.matcher.pool() if needs_matching(brief) else None


def headcount_of(visit: Visit, brief: Brief) -> tuple[Headcount, str]:
    """Who would get it now, and the message as the one that `who` asks for would read it; empty where there is none."""
    pool = pool_of(visit, brief)
    headcount = count(visit.database, brief, pool, at=visit.now)
    sample = headcount.sample or (() if needs_matching(brief) else (Chosen(Reached("")),))
    if not sample or briefs.problems_of(brief):
        return headcount, ""
    who = min(whole(visit.query.get("who", "") or visit.given("who")) or 0, len(sample) - 1)
    return headcount, _worded(visit, brief, sample[who], pool, visit.now)


def _worded(visit: Visit, brief: Brief, chosen: Chosen, pool: Pool | None, at: datetime) -> str:
    try:
        return preview(Composer(brief, voice_of(visit), pool), chosen, 0, at)
    except PatentGone:
        return ""


def save_by_form(visit: Visit) -> Response:
    """Everything on the desk; with `do` an entry or a template is taken over as well."""
    brief = brief_of(visit)
    changed = replace(filled_in(brief, visit.given), version=number_of(visit.given("version"), brief.version))
    changed, done = _taken_over(visit, changed)
    try:
        with visit.database.write() as uow:
            briefs.change_brief(uow, changed, by=visit.staff.actor, at=visit.now)
    except BriefElsewhere:
        return page_of(visit, brief, problem="elsewhere")
    return visit.go(f"/campaigns/{brief.id}?done={done}")


def _taken_over(visit: Visit, brief: Brief) -> tuple[Brief, str]:
    match visit.given("do"):
        case "entry":
            entry = next((held for held in load_entries() if held.id == visit.given("entry")), None)
            if entry is None:
                return brief, "saved"
            cited = entry.citations[0]
            source = f"{cited.source.short}{cited.article}"
            return replace(brief, content=Content(title=entry.title, body=entry.answer, source=source[:60])), "taken"
        case "template":
            with visit.database.read() as uow:
                template = uow.briefs.template(number_of(visit.given("template"), 0))
            if template is None or template.kind is not brief.kind:
                words = first_words()[brief.kind]
                return replace(brief, words=words, text_version=BUILT_IN), "taken"
            return replace(brief, words=template.words, text_version=template.mark), "taken"
        case _:
            return brief, "saved"


def count_by_form(visit: Visit) -> Response:
    """The count and the message for what stands in the form now; nothing is kept."""
    brief = filled_in(brief_of(visit), visit.given)
    headcount, shown = headcount_of(visit, brief)
    return visit.show(
        "campaign_count.html",
        brief=brief,
        headcount=headcount,
        shown=shown,
        who=0,
        problems=briefs.problems_of(brief),
    )


def list_by_form(visit: Visit) -> Response:
    """A list of followers, uploaded; without a file, or with `drop`, there is none any more."""
    brief = brief_of(visit)
    upload = visit.files.get("file")
    openids: tuple[str, ...] = ()
    unknown = 0
    if upload is not None and upload.content:
        try:
            resolved = resolve(visit.database, read_list(upload.content), secret=visit.house.secret)
        except ListUnreadable:
            return page_of(visit, brief, refused="list_unreadable")
        openids, unknown = resolved.openids, resolved.unknown
    changed = replace(brief, audience=replace(brief.audience, listed=bool(upload and upload.content)))
    try:
        with visit.database.write() as uow:
            briefs.list_members(uow, changed, openids, by=visit.staff.actor, at=visit.now)
    except BriefElsewhere:
        return page_of(visit, brief, problem="elsewhere")
    return page_of(visit, brief_of(visit), unknown=unknown)


def try_by_form(visit: Visit) -> Response:
    """The message to the colleague's own phone."""
    brief = brief_of(visit)
    _, shown = headcount_of(visit, brief)
    with visit.database.read() as uow:
        openid = uow.staff_phones.of(visit.staff.id)
    if not openid:
        return page_of(visit, brief, problem="no_phone")
    if not shown:
        return page_of(visit, brief, problem="nothing_to_try")
    with visit.database.write() as uow:
        briefs.try_out(uow, brief, shown, openid=openid, voice=voice_of(visit), by=visit.staff.actor, at=visit.now)
    return visit.go(f"/campaigns/{brief.id}?done=tried")


def hand_in_by_form(visit: Visit) -> Response:
    """Counted once more, then to its hour or to the approver."""
    brief = brief_of(visit)
    brief = replace(brief, version=number_of(visit.given("version"), brief.version))
    headcount, _ = headcount_of(visit, brief)
    try:
        with visit.database.write() as uow:
            state = briefs.hand_in(uow, brief, counted=headcount.total, by=visit.staff.actor, at=visit.now)
    except AssistantError as error:
        return page_of(visit, brief_of(visit), problem=error.code.removeprefix("brief."))
    return visit.go(f"/campaigns/{brief.id}?done=handed_in_{state}")
