"""The door of an event, for a colleague's phone: find a name, tap, next. Every tap may come twice."""

from __future__ import annotations

from starlette.responses import Response

from backend.console.pages.events import held_event
from backend.console.visit import Visit, whole
from backend.domain.events import EventProblem, NoSignUp, SignUpState
from backend.services.events.planning import check_in_by_staff, enter_at_the_door, undo_check_in

LONGEST_WORDS = 20


def show_door(visit: Visit, problem: str = "") -> Response:
    words = visit.asked("words", most=LONGEST_WORDS) or visit.given("words").strip()[:LONGEST_WORDS]
    with visit.database.read() as uow:
        event = held_event(uow, visit)
        counts = uow.events.counts([event])[event.id]
        found = uow.sign_ups.find(event.id, words)
    expected = counts.of(SignUpState.CONFIRMED, SignUpState.ATTENDED, SignUpState.NO_SHOW) - counts.walk_ins
    return visit.show(
        "event_door.html",
        422 if problem else 200,
        event=event,
        counts=counts,
        expected=expected,
        here=counts.of(SignUpState.ATTENDED),
        found=found,
        words=words,
        open_door=event.checks_in(visit.now),
        problem=problem,
        done=visit.asked("done"),
        who=visit.asked("who"),
    )


def check_in_by_form(visit: Visit) -> Response:
    """One tap: the line that was found is here."""
    return _tapped(visit, undo=False)


def undo_by_form(visit: Visit) -> Response:
    return _tapped(visit, undo=True)


def _tapped(visit: Visit, *, undo: bool) -> Response:
    sign_up_id = whole(visit.given("sign_up")) or 0
    try:
        with visit.database.write() as uow:
            held_event(uow, visit)
            move = undo_check_in if undo else check_in_by_staff
            move(uow, event_id=visit.id, sign_up_id=sign_up_id, by=visit.staff.actor, at=visit.now)
    except NoSignUp:
        return show_door(visit, "moved_on")
    return visit.go(f"/events/{visit.id}/door?done={'undone' if undo else 'checked_in'}")


def enter_by_form(visit: Visit) -> Response:
    """Somebody who did not sign up and has no WeChat at hand."""
    try:
        with visit.database.write() as uow:
            held_event(uow, visit)
            enter_at_the_door(
                uow,
                event_id=visit.id,
                name=visit.given("name"),
                phone=visit.given("phone"),
                by=visit.staff.actor,
                at=visit.now,
            )
    except NoSignUp:
        return show_door(visit, "moved_on")
    except EventProblem as error:
        return show_door(visit, error.code)
    return visit.go(f"/events/{visit.id}/door?done=walked_in")
