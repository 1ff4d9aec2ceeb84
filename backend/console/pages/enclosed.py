"""What goes with a declaration: its papers, drawn when a colleague asks for them, and the files that were handed in."""

from __future__ import annotations

from starlette.responses import Response

from backend.console.pages.declarations import theirs
from backend.console.visit import Refusal, Visit
from backend.domain.attachments import Attachment
from backend.domain.clock import day_of
from backend.domain.downloads import saved_as
from backend.services.attachments import FileGone
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


def show_file(visit: Visit) -> Response:
    """A file that came with a declaration which this colleague may see. A page may show it as a picture, nothing runs it."""
    with visit.database.read() as uow:
        held = uow.attachments.of_declaration(theirs(uow, visit).id)
    return _saved(visit, held)


def show_proof(visit: Visit) -> Response:
    """A file that came with an institution's request."""
    with visit.database.read() as uow:
        held = uow.attachments.of_institutions([visit.id])
    return _saved(visit, held)


def _saved(visit: Visit, held: tuple[Attachment, ...]) -> Response:
    """Raises Refusal."""
    found = next((each for each in held if str(each.id) == visit.params["file"] and each.digest), None)
    if found is None or visit.house.cabinet is None:
        raise Refusal(404, "not_found")
    try:
        content = visit.house.cabinet.open(found)
    except FileGone:
        raise Refusal(404, "file_gone") from None
    name = f"{visit.look.label(found.kind)}-{found.id}.{found.suffix}"
    return Response(content, headers=saved_as(name), media_type=found.media_type)
