"""The office's front page: today's figures and what waits."""

from __future__ import annotations

from starlette.responses import Response

from backend.console.visit import Visit


def show_overview(visit: Visit) -> Response:
    with visit.database.read() as uow:
        figures = uow.figures.of(visit.now)
        sending = uow.switches.sending()
    return visit.show("overview.html", figures=figures, sending=sending, done=visit.asked("done"))
