"""Institutions that want to declare, and the programmes in which pilot listings exist."""

from __future__ import annotations

from datetime import date

from starlette.responses import Response

from backend.console.pages.declarations import names_of
from backend.console.visit import Refusal, Visit
from backend.domain.clock import day_of
from backend.domain.errors import AssistantError
from backend.domain.institutions import AlreadyDecided, InstitutionNotFound, ProgrammeDates, ProgrammeNotFound
from backend.domain.listings import ListingStatus, Track
from backend.services.declarations.office import close_programme, decide_institution, open_programme


class ReasonMissing(AssistantError):
    code = "reason_missing"


def show_institutions(visit: Visit) -> Response:
    return _institutions(visit)


def decide_by_form(visit: Visit) -> Response:
    """Approve or refuse; who is refused learns why."""
    approve, reason = visit.given("decision") == "approve", visit.given("reason").strip()[:500]
    try:
        if not approve and not reason:
            raise ReasonMissing
        with visit.database.write() as uow:
            decide_institution(
                uow,
                institution_id=visit.id,
                approve=approve,
                reason=reason,
                by=visit.staff.actor,
                at=visit.now,
                wording=visit.house.wording,
            )
    except InstitutionNotFound:
        raise Refusal(404, "not_found") from None
    except (AlreadyDecided, ReasonMissing) as error:
        return _institutions(visit, problem=error.code.removeprefix("institution."))
    return visit.go("/institutions?done=decided")


def show_programmes(visit: Visit) -> Response:
    return _programmes(visit)


def open_by_form(visit: Visit) -> Response:
    """A pilot with its first and last day."""
    try:
        days = [date.fromisoformat(visit.given(name)) for name in ("opens_on", "closes_on")]
        with visit.database.write() as uow:
            open_programme(
                uow,
                name=visit.given("name")[:200],
                opens_on=days[0],
                closes_on=days[1],
                by=visit.staff.actor,
                at=visit.now,
            )
    except (ValueError, ProgrammeDates):
        return _programmes(visit, problem="dates")
    return visit.go("/programmes?done=opened")


def close_by_form(visit: Visit) -> Response:
    try:
        with visit.database.write() as uow:
            close_programme(uow, programme_id=visit.id, by=visit.staff.actor, at=visit.now)
    except ProgrammeNotFound:
        raise Refusal(404, "not_found") from None
    return visit.go("/programmes?done=closed_programme")


def _institutions(visit: Visit, *, problem: str = "") -> Response:
    with visit.database.read() as uow:
        waiting = uow.institutions.waiting()
        found = uow.lists.institutions(page=visit.page)
        proofs = uow.attachments.of_institutions([one.id for one in waiting])
        names = names_of(uow)
    return visit.show(
        "institutions.html",
        422 if problem else 200,
        waiting=waiting,
        proofs=proofs,
        found=found,
        names=names,
        problem=problem,
        done=visit.asked("done"),
    )


def _programmes(visit: Visit, *, problem: str = "") -> Response:
    with visit.database.read() as uow:
        held, names = uow.programmes.all(), names_of(uow)
        pilots = uow.lists.pool(track=Track.PILOT, status=ListingStatus.PUBLISHED).total
    return visit.show(
        "programmes.html",
        422 if problem else 200,
        held=held,
        names=names,
        pilots=pilots,
        today=day_of(visit.now),
        problem=problem,
        done=visit.asked("done"),
        given=visit.form,
    )
