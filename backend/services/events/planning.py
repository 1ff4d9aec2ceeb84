"""What staff do with events: write them down, publish, move, call off, and the door."""

from __future__ import annotations

from datetime import datetime

from backend.domain.errors import AssistantError
from backend.domain.events import (
    Details,
    Event,
    EventMove,
    EventProblem,
    EventState,
    NoSignUp,
    QuotaTooSmall,
    SignUp,
    SignUpState,
)
from backend.domain.roles import Actor
from backend.services.events.taking_part import arrive
from backend.store.unit_of_work import UnitOfWork

LONGEST_NAME, LONGEST_PHONE, LONGEST_NOTE = 40, 30, 100


class NoteMissing(AssistantError):
    """Whoever signed up is told why."""

    code = "note_missing"


def add_event(uow: UnitOfWork, details: Details, *, by: Actor, at: datetime, demonstration: bool = False) -> int:
    """A draft; its id. Raises EventProblem."""
    details.check()
    added = uow.events.add(details, by=by.id, at=at, demonstration=demonstration)
    uow.audit.add(by, "event.add", f"event:{added}", after=str(EventState.DRAFT), at=at)
    return added


def change_event(uow: UnitOfWork, *, event_id: int, details: Details, note: str, by: Actor, at: datetime) -> Event:
    """What is written down instead. Another time or place is told to everybody who is in it, with `note`.

    Raises EventProblem, QuotaTooSmall where more are confirmed than there would be places, MoveNotAllowed when over.
    """
    details.check()
    event = uow.events.hold(event_id)
    before = event.details
    if event.state is EventState.CANCELLED:
        raise EventProblem("move")
    if event.state is EventState.HELD and (before.begins_at, before.ends_at) != (details.begins_at, details.ends_at):
        raise EventProblem("move")
    if details.quota is not None and uow.sign_ups.taken(event_id) > details.quota:
        raise QuotaTooSmall(count=uow.sign_ups.taken(event_id))
    uow.events.change(event_id, details, at=at)
    told = (before.begins_at, before.ends_at, before.place, before.link)
    if event.state in EventState.ahead() and told != (details.begins_at, details.ends_at, details.place, details.link):
        uow.events.announce_change(event_id, event.revision + 1, note.strip()[:LONGEST_NOTE])
    if before.begins_at != details.begins_at:
        uow.sign_ups.begins_anew(event_id)
    uow.audit.add(by, "event.change", f"event:{event_id}", after=str(event.state), at=at)
    return uow.events.get(event_id)


def move_event(uow: UnitOfWork, *, event_id: int, move: EventMove, note: str, by: Actor, at: datetime) -> Event:
    """Publish, close, reopen, call off. Called off: everybody is told, with `note`. Raises MoveNotAllowed, NoteMissing,
    EventProblem for an event that would be published after its end."""
    event = uow.events.hold(event_id)
    after = event.moved(move)
    if move is EventMove.PUBLISH and at >= event.details.ends_at:
        raise EventProblem("times")
    if move is EventMove.CANCEL and event.state is not EventState.DRAFT:
        if not note.strip():
            raise NoteMissing
        uow.events.announce_change(event_id, event.revision + 1, note.strip()[:LONGEST_NOTE])
    uow.events.put_state(event_id, after, at=at)
    uow.audit.add(by, f"event.{move}", f"event:{event_id}", before=str(event.state), after=str(after), at=at)
    return uow.events.get(event_id)


def check_in_by_staff(uow: UnitOfWork, *, event_id: int, sign_up_id: int, by: Actor, at: datetime) -> SignUp:
    """A tap at the door; a second one changes nothing. Who waits or had cancelled comes in as a walk-in.

    Raises NoSignUp outside the hours of check-in and for a sign-up of another event.
    """
    event = uow.events.hold(event_id)
    held = uow.sign_ups.get(sign_up_id)
    if held.event_id != event_id or not event.checks_in(at):
        raise NoSignUp(id=event_id)
    if held.state is not SignUpState.ATTENDED:
        expected = held.state in {SignUpState.CONFIRMED, SignUpState.NO_SHOW}
        arrive(uow, held, walk_in=not expected, at=at, by=by.id)
        uow.audit.add(by, "event.check_in", f"sign_up:{sign_up_id}", before=str(held.state), at=at)
    return uow.sign_ups.get(sign_up_id)


def undo_check_in(uow: UnitOfWork, *, event_id: int, sign_up_id: int, by: Actor, at: datetime) -> None:
    """The wrong line was tapped. Who was entered at the door goes again. Raises NoSignUp."""
    event = uow.events.hold(event_id)
    held = uow.sign_ups.get(sign_up_id)
    if held.event_id != event_id or held.state is not SignUpState.ATTENDED or not event.checks_in(at):
        raise NoSignUp(id=event_id)
    if held.walk_in and not held.openid:
        uow.sign_ups.drop(sign_up_id)
    else:
        state = SignUpState.CANCELLED if held.walk_in else SignUpState.CONFIRMED
        uow.sign_ups.put(sign_up_id, state=state, told=state, walk_in=False, checked_in_at=None, checked_in_by="")
    uow.audit.add(by, "event.undo_check_in", f"sign_up:{sign_up_id}", at=at)


def enter_at_the_door(uow: UnitOfWork, *, event_id: int, name: str, phone: str, by: Actor, at: datetime) -> SignUp:
    """Somebody without WeChat. Raises NoSignUp, EventProblem without a name."""
    event = uow.events.hold(event_id)
    if not event.checks_in(at):
        raise NoSignUp(id=event_id)
    name, phone = " ".join(name.split())[:LONGEST_NAME], " ".join(phone.split())[:LONGEST_PHONE]
    if not name:
        raise EventProblem("name")
    added = uow.sign_ups.add(
        event_id,
        "",
        SignUpState.ATTENDED,
        at=at,
        name=name,
        phone=phone,
        walk_in=True,
        checked_in_at=at,
        checked_in_by=by.id,
    )
    uow.audit.add(by, "event.walk_in", f"sign_up:{added}", at=at)
    return uow.sign_ups.get(added)


def strike_out(uow: UnitOfWork, *, event_id: int, sign_up_id: int, by: Actor, at: datetime) -> SignUp:
    """Staff take somebody off the list at their wish; the follower is told. Raises NoSignUp."""
    event = uow.events.hold(event_id)
    held = uow.sign_ups.get(sign_up_id)
    if held.event_id != event_id or held.state not in SignUpState.standing() - {SignUpState.ATTENDED}:
        raise NoSignUp(id=event_id)
    if not event.is_ahead(at):
        raise NoSignUp(id=event_id)
    uow.sign_ups.put(sign_up_id, state=SignUpState.CANCELLED, offered_until=None)
    uow.audit.add(by, "event.strike_out", f"sign_up:{sign_up_id}", before=str(held.state), at=at)
    return uow.sign_ups.get(sign_up_id)
