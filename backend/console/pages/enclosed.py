"""What goes with a declaration: its papers, drawn when a colleague asks for them."""

from __future__ import annotations

from starlette.responses import Response

from backend.console.pages.declarations import theirs
from backend.console.visit import Refusal, Visit
from backend.domain.clock import day_of
from backend.domain.downloads import saved_as
from backend.services.declarations.papers import NoFont


def show_paper(visit: Visit) -> Response:
    """One paper of a declaration that this colleague may see. Raises Refusal."""
    with visit.database.read() as uow:
        held = theirs(uow, visit)
    try:
        drawn = visit.house.press.draw(held, str(visit.params["paper"]), on=day_of(visit.now))
    except NoFont:
        raise Refusal(503, "no_font") from None
    if drawn is None:
        raise Refusal(404, "not_found")
    paper, content = drawn
    return Response(content, headers=saved_as(paper.name), media_type=paper.media_type)
