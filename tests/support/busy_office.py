"""An office in which every table has rows, some of them written by somebody who means harm."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from backend.domain.briefs import BriefKind
from backend.domain.classes import Override
from backend.domain.companies import Company
from backend.domain.declarations import State
from backend.domain.deeds import OpenHandoff
from backend.domain.institutions import InstitutionLabel
from backend.domain.listings import Contact, Listing, ListingStatus
from backend.domain.pricing import IndustryRate
from backend.domain.registry import PatentRecord
from backend.domain.roles import Actor, Role
from backend.outreach.briefs import make_brief
from backend.services.declarations.answers import answers_of
from backend.services.declarations.office import bind_institution, open_programme
from backend.services.declarations.submitting import submit
from backend.services.declarations.verifying import Office, run_first_verification
from backend.services.pool.importing import take_in
from bot.texts import Texts
from bot.texts.notices import Notices
from tests.support.arrivals import answer, arrive, plan
from tests.support.builders import make_listing
from tests.support.desk_of_staff import StaffDesk
from tests.support.events import SIZE, Venue, details

EVIL = "<script>alert('x')</script><img src=x onerror=alert(1)>\"'`{{1234567*7}}${1234567*7}"
SHORT_EVIL = "<img src=x onerror=alert(1)>\"'"
NOTICES = Notices(Texts())


class SilentRegister:
    """A register that knows nothing of any patent: a person has to look."""

    name = "silent"

    def look_up(self, number: str) -> PatentRecord | None:  # noqa: ARG002 the port asks for it
        return None


def ask_for_a_person(desk: StaffDesk, openid: str, *lines: str) -> int:
    """The follower's open request."""
    with desk.database.write() as uow:
        for count, line in enumerate(lines):
            arrival, _ = arrive(uow, f"m:{openid}:{count}", openid, at=desk.clock.now())
            answer(uow, arrival, "好", OpenHandoff(line), at=desk.clock.now())
        found = uow.handoffs.open_for(openid)
    assert found is not None
    return found


def publish(
    desk: StaffDesk, *listings: Listing, status: ListingStatus = ListingStatus.PUBLISHED, by: str = "王老师"
) -> int:
    return take_in(
        desk.database, list(listings), clock=desk.clock, source="湖北高校一批.xlsx", vouched_by=by, status=status
    )


def declare(desk: StaffDesk, serial: int = 1, *, openid: str = "patentee", **changes: Any) -> int:
    """A submitted declaration that the first verification left to a person; a pilot is open."""
    with desk.database.read() as uow:
        opened = bool(uow.programmes.all())
    if not opened:
        open_pilot(desk)
    listing = make_listing(
        serial, **({"granted_on": date(2023, 5, 6), "license_ends_on": date(2030, 12, 31)} | changes)
    )
    answers = answers_of(listing) | {"obstacles": []}
    with desk.database.write() as uow:
        held = submit(uow, openid=openid, answers=answers, token=f"t{serial}", at=desk.clock.now())
    office = Office(desk.database, SilentRegister(), NOTICES, desk.clock)
    assert run_first_verification(office, held.id) is State.FIRST_VERIFIED
    return held.id


def open_pilot(desk: StaffDesk) -> None:
    with desk.database.write() as uow:
        open_programme(
            uow,
            name="2026年试点",
            opens_on=date(2026, 1, 1),
            closes_on=date(2026, 12, 31),
            by=Actor(Role.ADMINISTRATOR, "1"),
            at=desk.clock.now(),
        )


def fill(desk: StaffDesk, words: str = "测试") -> int:
    """Rows everywhere, `words` wherever somebody outside may write; the declaration's id."""
    open_pilot(desk)
    ask_for_a_person(desk, "ming", f"人工 {words}", f"我想问年费 {words}")
    with desk.database.write() as uow:
        uow.misses.add(openid="ming", question=words, offered=["annuity", words], chosen="", at=desk.clock.now())
        uow.misses.add(openid="hua", question=words, offered=["annuity"], chosen="annuity", at=desk.clock.now())
        uow.misses.add(openid="hua", question=words, offered=[], chosen="", at=desk.clock.now())
    plan(desk.database, "ming", f"handoff:{words}:1", text=words)
    contact = Contact(name=words, phone=words, email=words)
    listing = make_listing(7, title=words[:100], holders=(words,), abstract=words, scenes=words, contact=contact)
    publish(desk, listing, make_listing(8), by=words)
    publish(desk, make_listing(9), status=ListingStatus.SUBMITTED, by="")
    held = details(title=words[:60], place=words[:100], invited=words[:100], summary=words[:500], questions=(SIZE,))
    venue = Venue(desk.database, desk.clock)
    venue.enter(venue.announce(held), "guest", contact_name=words, contact_phone=words, question_1=words)
    with desk.database.write() as uow:
        bind_institution(
            uow,
            openid="officer",
            answers={"institution": words, "credit_code": words[:60], "contact_name": words, "proof": words},
            at=desk.clock.now(),
        )
        uow.companies.keep(Company(openid="ming", products=words, name=words, clusters=("05",)), at=desk.clock.now())
        uow.companies.import_one(Company(products=words, name=words, source=words), at=desk.clock.now())
        uow.institution_labels.put(
            name=words[:60],
            label=InstitutionLabel.MODEL_UNIVERSITY,
            source=words,
            ends_on=None,
            by="1",
            at=desk.clock.now(),
        )
        uow.class_overrides.put(Override(listing.number, "05", "", words, "1"), at=desk.clock.now())
        rate = IndustryRate(industry="all", year=words[:40], contracts=9, mean_yuan=Decimal(9000), source=words)
        uow.industry_rates.put(rate, by="1", at=desk.clock.now())
        make_brief(uow, kind=BriefKind.NOTICE, name=words, by=Actor(Role.OPERATOR, "1"), at=desk.clock.now())
        uow.audit.add(Actor(Role.OPERATOR, "1"), words[:60], words[:60], before=words, after=words, at=desk.clock.now())
    return declare(desk, 11, title=words[:100], holders=(words,), abstract=words)
