"""Technical needs, unmet ones first, and what the demand survey comes to."""

from __future__ import annotations

from starlette.responses import Response

from backend.console.visit import Visit
from backend.domain.hubei import places
from backend.services.surveys import as_csv, survey_in_force, tallied

TABS = ("unmet", "open", "closed")


def show_needs(visit: Visit) -> Response:
    """Open needs that no patent fits; with ?only=open or ?only=closed the others. Nobody is shown whom to call."""
    only = visit.asked("only") if visit.asked("only") in TABS else TABS[0]
    with visit.database.read() as uow:
        found = uow.needs.listed(only=only, page=visit.page)
    return visit.show("needs.html", found=found, only=only, tabs=TABS, places=places())


def show_survey(visit: Visit) -> Response:
    """Counts of both sides; a count below five is hidden."""
    survey = survey_in_force()
    return visit.show("survey.html", survey=survey, sides=tallied(visit.database, survey))


def export_survey(visit: Visit) -> Response:
    """The same counts as csv."""
    survey = survey_in_force()
    text = as_csv(tallied(visit.database, survey), visit.look.labels["survey"])
    headers = {"Content-Disposition": f'attachment; filename="{survey.id}.csv"'}
    return Response(text, media_type="text/csv; charset=utf-8", headers=headers)
