"""The office's front page: today's figures and what waits."""

from __future__ import annotations

from starlette.responses import Response

from backend.console.pages.declarations import only_of
from backend.console.visit import Visit
from backend.domain.declarations import State


def show_overview(visit: Visit) -> Response:
    """A verifier of an agency is counted only the declarations assigned to them, which are all they may see."""
    with visit.database.read() as uow:
        figures = uow.figures.of(visit.now)
        sending = uow.switches.sending()
        declarations = uow.declarations.counts(assignee=only_of(visit.staff))
        mine = uow.declarations.counts(assignee=str(visit.staff.id))[State.ASSIGNED]
    return visit.show(
        "overview.html",
        figures=figures,
        sending=sending,
        to_assign=declarations[State.FIRST_VERIFIED],
        to_verify=declarations[State.ASSIGNED],
        mine=mine,
        to_publish=declarations[State.SECOND_VERIFIED] + declarations[State.ANNOUNCED],
        to_file=declarations[State.READY],
        to_announce=declarations[State.FILED] + declarations[State.WITHDRAWING],
        done=visit.asked("done"),
    )
