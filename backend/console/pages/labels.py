"""Labels of institutions and cities: who carries one is on record with its source, not written in code."""

from __future__ import annotations

from datetime import date

from starlette.responses import Response

from backend.console.pages.declarations import names_of
from backend.console.visit import Refusal, Visit
from backend.domain.clock import day_of
from backend.domain.hubei import place_named
from backend.domain.institutions import InstitutionLabel
from backend.services.matching.labelling import LabelRefused, drop_label, put_label


def show_labels(visit: Visit) -> Response:
    return _page(visit)


def add_by_form(visit: Visit) -> Response:
    try:
        ends_on = date.fromisoformat(visit.given("ends_on")) if visit.given("ends_on") else None
        with visit.database.write() as uow:
            put_label(
                uow,
                name=visit.given("name"),
                label=_label(visit),
                source=visit.given("source"),
                ends_on=ends_on,
                by=visit.staff.actor,
                at=visit.now,
            )
    except (ValueError, LabelRefused) as error:
        return _page(visit, problem=error.code if isinstance(error, LabelRefused) else "shape")
    return visit.go("/labels?done=labelled")


def drop_by_form(visit: Visit) -> Response:
    with visit.database.write() as uow:
        if not drop_label(uow, name=visit.given("name"), label=_label(visit), by=visit.staff.actor, at=visit.now):
            raise Refusal(404, "not_found")
    return visit.go("/labels?done=unlabelled")


def _label(visit: Visit) -> InstitutionLabel:
    try:
        return InstitutionLabel(visit.given("label"))
    except ValueError:
        raise Refusal(400, "form") from None


def _page(visit: Visit, *, problem: str = "") -> Response:
    with visit.database.read() as uow:
        held, names = uow.institution_labels.all(), names_of(uow)
    return visit.show(
        "labels.html",
        422 if problem else 200,
        held=held,
        names=names,
        kinds=list(InstitutionLabel),
        known_place=lambda name: place_named(name) is not None,
        today=day_of(visit.now),
        problem=problem,
        done=visit.asked("done"),
        given=visit.form,
    )
