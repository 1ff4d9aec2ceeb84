"""One patent for the office's own use: its classes and who said so, its grade with parts and history, companies it may fit."""

from __future__ import annotations

from starlette.responses import Response

from backend.console.pages.declarations import names_of
from backend.console.visit import Refusal, Visit
from backend.domain.classes import Override
from backend.domain.clock import day_of
from backend.domain.grades import GradePart
from backend.domain.hubei import clusters
from backend.domain.industries import divisions
from backend.services.matching.grading import Demand, graded


def show_matching(visit: Visit) -> Response:
    return _page(visit)


def override_by_form(visit: Visit) -> Response:
    """A colleague's word on cluster and industry; both empty takes it back. What changes stands in the log."""
    number = _number(visit)
    cluster, division = visit.given("cluster"), visit.given("division")
    if (cluster and cluster not in clusters()) or (division and division not in divisions()):
        raise Refusal(400, "form")
    reason = visit.given("reason").strip()[:500]
    if (cluster or division) and not reason:
        return _page(visit, problem="reason_missing")
    with visit.database.write() as uow:
        before = uow.class_overrides.get(number)
        uow.class_overrides.put(Override(number, cluster, division, reason, visit.staff.actor.id), at=visit.now)
        uow.audit.add(
            visit.staff.actor,
            "class.override",
            f"patent:{number}",
            before=f"{before.cluster}/{before.division}" if before else "",
            after=f"{cluster}/{division}",
            at=visit.now,
        )
    return visit.go(f"/pool/{number}/matching?done=classified")


def _number(visit: Visit) -> str:
    """Of a patent on show. Raises Refusal."""
    number = visit.params["number"].replace("\x00", "")
    if number not in visit.house.matcher.pool().at:
        raise Refusal(404, "not_found")
    return number


def _page(visit: Visit, *, problem: str = "") -> Response:
    number = _number(visit)
    matcher = visit.house.matcher
    pool = matcher.pool()
    at = pool.at[number]
    with visit.database.read() as uow:
        override = uow.class_overrides.get(number)
        now = graded(uow, pool, number, Demand.now(uow), day_of(visit.now))
        history = uow.grades.history(number)
        names = names_of(uow)
    return visit.show(
        "matching.html",
        422 if problem else 200,
        offer=pool.offers[at],
        classes=pool.classes[at],
        override=override,
        grade=now,
        grade_parts=list(GradePart),
        history=history,
        matches=matcher.companies_for(number),
        sentence=visit.house.reasoned,
        names=names,
        clusters=clusters(),
        divisions=divisions(),
        problem=problem,
        done=visit.asked("done"),
    )
