"""Events: the list, one with its sign-ups and waiting list, writing it down, and what became of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from starlette.responses import RedirectResponse, Response

from backend.console.visit import Refusal, Visit, whole
from backend.domain.clock import CHINA
from backend.domain.downloads import saved_as
from backend.domain.errors import AssistantError
from backend.domain.events import (
    Details,
    Event,
    EventKind,
    EventMove,
    EventProblem,
    EventState,
    MoveNotAllowed,
    NoSignUp,
    NoSuchEvent,
    QuotaTooSmall,
    SignUpState,
)
from backend.services.events.asking import read_questions, standard_feedback, written
from backend.services.events.exporting import export_sign_ups, tally
from backend.services.events.planning import NoteMissing, add_event, change_event, move_event, strike_out
from backend.store.unit_of_work import UnitOfWork

NEW = 0
WRONG = (EventProblem, QuotaTooSmall, MoveNotAllowed, NoteMissing)
WHEN = ("begins_at", "ends_at", "sign_up_from", "sign_up_until")
WORDS = ("title", "summary", "place", "link", "invited", "materials")
ORDER = (
    SignUpState.CONFIRMED,
    SignUpState.ATTENDED,
    SignUpState.OFFERED,
    SignUpState.WAITING,
    SignUpState.NO_SHOW,
    SignUpState.CANCELLED,
)


def show_events(visit: Visit) -> Response:
    state = visit.asked("state")
    state = state if state in set(EventState) else ""
    with visit.database.read() as uow:
        found = uow.events.for_staff(state=state, demonstration=visit.house.demonstration, page=visit.page)
        counts = uow.events.counts(list(found.items))
    return visit.show("events.html", found=found, counts=counts, state=state, done=visit.asked("done"))


def _add(visit: Visit) -> Response:
    try:
        with visit.database.write() as uow:
            added = add_event(uow, _details(visit), by=visit.staff.actor, at=visit.now)
    except EventProblem as error:
        return _form(visit, None, visit.form, problem=error.code)
    return visit.go(f"/events/{added}?done=event_added")


def show_event(visit: Visit, problem: str = "") -> Response:
    """One event with everybody in it."""
    with visit.database.read() as uow:
        event = held_event(uow, visit)
        counts = uow.events.counts([event])[event.id]
        everybody = uow.sign_ups.everybody(event.id)
        queue = [one.id for one in uow.sign_ups.queue(event.id)]
    everybody.sort(key=lambda one: (ORDER.index(one.state), queue.index(one.id) if one.id in queue else 0))
    return visit.show(
        "event.html",
        422 if problem else 200,
        event=event,
        counts=counts,
        everybody=everybody,
        places={sign_up_id: position for position, sign_up_id in enumerate(queue, 1)},
        told=tally(event, everybody),
        moves=[move for move in EventMove if _may(event, move)],
        open_door=event.checks_in(visit.now),
        has_code=visit.house.scene_code is not None and event.state in EventState.ahead(),
        strikes={SignUpState.CONFIRMED, SignUpState.WAITING, SignUpState.OFFERED} if event.is_ahead(visit.now) else (),
        problem=problem,
        done=visit.asked("done"),
        given=visit.form,
    )


def show_edit(visit: Visit) -> Response:
    """The form; of event 0, which there is none, for a new one."""
    if visit.id == NEW:
        return _form(visit, None, {"feedback": written(standard_feedback()), "kind": str(EventKind.MATCHING)})
    with visit.database.read() as uow:
        event = held_event(uow, visit)
    return _form(visit, event, _given(event.details))


def change_by_form(visit: Visit) -> Response:
    if visit.id == NEW:
        return _add(visit)
    with visit.database.read() as uow:
        event = held_event(uow, visit)
    try:
        with visit.database.write() as uow:
            change_event(
                uow,
                event_id=event.id,
                details=_details(visit),
                note=visit.given("note"),
                by=visit.staff.actor,
                at=visit.now,
            )
    except WRONG as error:
        return _form(visit, event, visit.form, problem=error.code)
    return visit.go(f"/events/{event.id}?done=event_changed")


def move_by_form(visit: Visit) -> Response:
    """Publish, close, reopen, call off."""
    try:
        move = EventMove(visit.given("move"))
    except ValueError:
        raise Refusal(400, "form") from None
    try:
        with visit.database.write() as uow:
            held_event(uow, visit)
            move_event(uow, event_id=visit.id, move=move, note=visit.given("note"), by=visit.staff.actor, at=visit.now)
    except WRONG as error:
        return show_event(visit, error.code)
    return visit.go(f"/events/{visit.id}?done=event_{move}")


def strike_by_form(visit: Visit) -> Response:
    """Somebody does not come after all, and told a colleague."""
    try:
        with visit.database.write() as uow:
            held_event(uow, visit)
            strike_out(
                uow,
                event_id=visit.id,
                sign_up_id=whole(visit.given("sign_up")) or 0,
                by=visit.staff.actor,
                at=visit.now,
            )
    except NoSignUp:
        return show_event(visit, "moved_on")
    return visit.go(f"/events/{visit.id}?done=struck_out")


def show_code(visit: Visit) -> Response:
    """To the platform's picture of the event's QR code."""
    with visit.database.read() as uow:
        event = held_event(uow, visit)
    address = visit.house.scene_code(event.scene) if visit.house.scene_code else ""
    if not address:
        raise Refusal(404, "no_code")
    return RedirectResponse(address, 303)


def export(visit: Visit) -> Response:
    """Everybody as a csv; who took it stands in the audit."""
    with visit.database.write() as uow:
        event = held_event(uow, visit)
        everybody = uow.sign_ups.everybody(event.id)
        uow.audit.add(visit.staff.actor, "event.export", f"event:{event.id}", at=visit.now)
    words = visit.look.labels["event_column"]
    headers = tuple(words[name] for name in ("name", "phone", "state", "walk_in", "signed_up", "checked_in"))
    content = export_sign_ups(event, everybody, headers=headers, label=visit.look.label, yes=words["yes"])
    return Response(content, headers=saved_as(f"event-{event.id}.csv"), media_type="text/csv")


def held_event(uow: UnitOfWork, visit: Visit) -> Event:
    """Raises Refusal for an event that is not shown here."""
    try:
        event = uow.events.get(visit.id)
    except NoSuchEvent:
        raise Refusal(404, "not_found") from None
    if event.demonstration and not visit.house.demonstration:
        raise Refusal(404, "not_found")
    return event


def _may(event: Event, move: EventMove) -> bool:
    try:
        event.moved(move)
    except AssistantError:
        return False
    return True


def _form(visit: Visit, event: Event | None, given: dict[str, Any], *, problem: str = "") -> Response:
    return visit.show(
        "event_form.html", 422 if problem else 200, event=event, given=given, kinds=list(EventKind), problem=problem
    )


def _details(visit: Visit) -> Details:
    """Raises EventProblem, with the field that cannot be read."""
    said = {name: " ".join(visit.given(name).split()) for name in WORDS}
    try:
        kind = EventKind(visit.given("kind"))
    except ValueError:
        raise EventProblem("kind") from None
    quota = visit.given("quota").strip()
    places = whole(quota)
    if quota and not places:
        raise EventProblem("quota")
    when = {name: _moment(visit.given(name), name) for name in WHEN}
    return Details(
        kind=kind,
        quota=places,
        questions=read_questions(visit.given("questions")),
        feedback=read_questions(visit.given("feedback")),
        begins_at=when["begins_at"],
        ends_at=when["ends_at"],
        sign_up_from=when["sign_up_from"],
        sign_up_until=when["sign_up_until"],
        title=said["title"],
        summary=said["summary"],
        place=said["place"],
        link=said["link"],
        invited=said["invited"],
        materials=said["materials"],
    )


def _moment(text: str, field: str) -> datetime:
    try:
        return datetime.fromisoformat(text.strip()).replace(tzinfo=CHINA)
    except ValueError:
        raise EventProblem("sign_up_times" if field.startswith("sign_up") else "times") from None


def _given(details: Details) -> dict[str, Any]:
    """An event as its form is filled in."""
    when = {name: f"{getattr(details, name).astimezone(CHINA):%Y-%m-%dT%H:%M}" for name in WHEN}
    return {
        **{name: getattr(details, name) for name in WORDS},
        **when,
        "kind": str(details.kind),
        "quota": str(details.quota or ""),
        "questions": written(details.questions),
        "feedback": written(details.feedback),
    }
