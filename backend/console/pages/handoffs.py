"""The queue of followers who asked for a person: read, answer, close."""

from __future__ import annotations

from starlette.responses import Response

from backend.console.visit import Refusal, Visit, whole
from backend.domain.handoffs import Handoff
from backend.services.handoffs import HandoffChanged, HandoffNotFound, close_handoff, reply_to_handoff

MOST_CHARACTERS = 600


def show_queue(visit: Visit) -> Response:
    """Open requests, whose turn is ours first; with ?state=closed what is done."""
    closed = visit.asked("state") == "closed"
    with visit.database.read() as uow:
        waiting = uow.lists.handoffs(closed=closed, page=visit.page)
    return visit.show("handoffs.html", waiting=waiting, closed=closed, done=visit.asked("done"))


def show_thread(visit: Visit) -> Response:
    return _thread(visit, _request(visit))


def reply_by_form(visit: Visit) -> Response:
    """One message to the follower. Typed words are never lost: a refused form comes back with them."""
    text = visit.given("text").replace("\r\n", "\n").strip()
    request = _request(visit)
    problem = _problem(visit, text)
    if problem:
        return _thread(visit, request, text=text, problem=problem)
    close = visit.given("close") == "yes"
    try:
        with visit.database.write() as uow:
            reply_to_handoff(
                uow,
                handoff_id=request.id,
                by=visit.staff.name,
                text=text,
                worded=visit.house.worded(text),
                close=close,
                at=visit.now,
                seen=whole(visit.given("seen")),
            )
            uow.audit.add(visit.staff.actor, "handoff.reply", f"handoff:{request.id}", at=visit.now)
    except HandoffChanged:
        return _thread(visit, _request(visit), text=text, problem="changed")
    return visit.go("/handoffs?done=closed" if close else f"/handoffs/{request.id}?done=replied")


def close_by_form(visit: Visit) -> Response:
    """Done without another word."""
    try:
        with visit.database.write() as uow:
            close_handoff(uow, handoff_id=visit.id, at=visit.now, seen=whole(visit.given("seen")))
            uow.audit.add(visit.staff.actor, "handoff.close", f"handoff:{visit.id}", at=visit.now)
    except HandoffNotFound:
        raise Refusal(404, "not_found") from None
    except HandoffChanged:
        return _thread(visit, _request(visit), problem="changed")
    return visit.go("/handoffs?done=closed")


def _problem(visit: Visit, text: str) -> str:
    if not text:
        return "empty"
    if len(text) > MOST_CHARACTERS or len(visit.house.worded(text).encode()) > visit.house.reply_limit_bytes:
        return "long"
    return ""


def _request(visit: Visit) -> Handoff:
    try:
        with visit.database.read() as uow:
            return uow.handoffs.get(visit.id)
    except HandoffNotFound:
        raise Refusal(404, "not_found") from None


def _thread(visit: Visit, request: Handoff, *, text: str = "", problem: str = "") -> Response:
    return visit.show(
        "handoff.html",
        422 if problem else 200,
        request=request,
        text=text,
        problem=problem,
        most=MOST_CHARACTERS,
        done=visit.asked("done"),
    )
