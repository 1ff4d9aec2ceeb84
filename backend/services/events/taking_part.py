"""A follower takes part: sign up, change, cancel, take the place that was offered, come to the door, say how it was.

Each holds the event first, so that places are given one after another: never more than there are, and a free place goes to
whoever waits longest.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from backend.domain.events import (
    CONSENT_PURPOSE,
    CONSENT_VERSION,
    Event,
    NoSignUp,
    SignUp,
    SignUpState,
    reminder_keys,
)
from backend.domain.profiles import Consent
from backend.store.unit_of_work import UnitOfWork

LONGEST_ANSWER, LONGEST_NAME = 500, 100


def sign_up(uow: UnitOfWork, *, openid: str, event_id: int, answers: dict[str, Any], at: datetime) -> SignUp:
    """Confirmed where a place is free and nobody waits, else waiting. Who is in it already changes what they said.

    `answers` are those of the flow: contact_name, contact_phone, question_1 and so on. Raises NoSignUp, NoSuchEvent.
    """
    event = uow.events.hold(event_id)
    held = uow.sign_ups.of(event_id, openid)
    said = {
        "name": str(answers.get("contact_name", ""))[:LONGEST_NAME],
        "phone": str(answers.get("contact_phone", ""))[:LONGEST_NAME],
        "answers": own_answers(event, answers),
    }
    if held is not None and held.state in SignUpState.standing():
        if at >= event.details.ends_at:
            raise NoSignUp(id=event_id)
        uow.sign_ups.put(held.id, **said)
        return uow.sign_ups.get(held.id)
    if not event.takes_sign_ups(at):
        raise NoSignUp(id=event_id)
    state = SignUpState.CONFIRMED if has_place(uow, event) else SignUpState.WAITING
    uow.institutions.agree(openid, Consent(CONSENT_PURPOSE, CONSENT_VERSION), at=at)
    expected = SignUpState.WAITING if answers.get("waits") else SignUpState.CONFIRMED
    values = said | {
        "waiting_since": at if state is SignUpState.WAITING else None,
        "confirmed_at": at if state is SignUpState.CONFIRMED else None,
        "told": str(expected),
        "told_revision": event.revision,
    }
    if held is None:
        return uow.sign_ups.get(uow.sign_ups.add(event_id, openid, state, at=at, **values))
    uow.sign_ups.put(held.id, state=state, signed_up_at=at, offered_until=None, reminded=0, walk_in=False, **values)
    return uow.sign_ups.get(held.id)


def has_place(uow: UnitOfWork, event: Event) -> bool:
    """The event is held by this transaction."""
    quota = event.details.quota
    if quota is None:
        return True
    return uow.sign_ups.taken(event.id) < quota and not uow.sign_ups.queue(event.id, 1)


def own_answers(event: Event, answers: dict[str, Any]) -> dict[str, str]:
    """By the label of each question of the event's own."""
    said = {
        question.label: str(answers.get(f"question_{position}") or "")[:LONGEST_ANSWER]
        for position, question in enumerate(event.details.questions, 1)
    }
    return {label: words for label, words in said.items() if words}


def cancel(uow: UnitOfWork, *, openid: str, event_id: int, at: datetime) -> SignUp:
    """The place, or the one in the queue, is given up; a worker offers it on. Raises NoSignUp."""
    uow.deliveries.call_off([openid], reminder_keys(event_id), at=at, reason="cancelled_sign_up")
    event = uow.events.hold(event_id)
    held = _standing(uow, event_id, openid)
    if held.state is SignUpState.ATTENDED or at >= event.details.ends_at:
        raise NoSignUp(id=event_id)
    uow.sign_ups.put(held.id, state=SignUpState.CANCELLED, told=SignUpState.CANCELLED, offered_until=None)
    return uow.sign_ups.get(held.id)


def accept(uow: UnitOfWork, *, openid: str, event_id: int, at: datetime) -> SignUp:
    """The offered place is taken, once, and while it is kept. Raises NoSignUp."""
    event = uow.events.hold(event_id)
    held = _standing(uow, event_id, openid)
    if held.state is SignUpState.CONFIRMED:
        return held  # tapped twice
    in_time = held.offered_until is not None and at < held.offered_until
    if held.state is not SignUpState.OFFERED or not in_time or not event.is_ahead(at):
        raise NoSignUp(id=event_id)
    uow.sign_ups.put(
        held.id, state=SignUpState.CONFIRMED, told=SignUpState.CONFIRMED, confirmed_at=at, offered_until=None
    )
    return uow.sign_ups.get(held.id)


def _standing(uow: UnitOfWork, event_id: int, openid: str) -> SignUp:
    held = uow.sign_ups.of(event_id, openid)
    if held is None or held.state not in SignUpState.standing():
        raise NoSignUp(id=event_id)
    return held


def check_in(uow: UnitOfWork, *, openid: str, event_id: int, at: datetime, walk_in: bool = False) -> SignUp:
    """They are here: the second time changes nothing. Somebody without a place is entered only as a walk-in.

    Raises NoSignUp before and after the event, and where `walk_in` is not said and they have no place.
    """
    event = uow.events.hold(event_id)
    if not event.checks_in(at):
        raise NoSignUp(id=event_id)
    held = uow.sign_ups.of(event_id, openid)
    if held is not None and held.state is SignUpState.ATTENDED:
        return held
    expected = held is not None and held.state in {SignUpState.CONFIRMED, SignUpState.NO_SHOW}
    if not expected and not walk_in:
        raise NoSignUp(id=event_id)
    if not expected:
        uow.institutions.agree(openid, Consent(CONSENT_PURPOSE, CONSENT_VERSION), at=at)
    if held is None:
        name, phone = uow.sign_ups.last_contact(openid)
        added = uow.sign_ups.add(
            event_id, openid, SignUpState.ATTENDED, at=at, name=name, phone=phone, walk_in=True, checked_in_at=at
        )
        return uow.sign_ups.get(added)
    arrive(uow, held, walk_in=not expected, at=at)
    return uow.sign_ups.get(held.id)


def arrive(uow: UnitOfWork, held: SignUp, *, walk_in: bool, at: datetime, by: str = "") -> None:
    uow.sign_ups.put(
        held.id,
        state=SignUpState.ATTENDED,
        told=SignUpState.ATTENDED,
        walk_in=walk_in,
        checked_in_at=at,
        checked_in_by=by,
        offered_until=None,
    )


def say_how_it_was(uow: UnitOfWork, *, openid: str, event_id: int, answers: dict[str, Any], at: datetime) -> SignUp:
    """Feedback of somebody who was there; said again, it replaces what was said. Raises NoSignUp."""
    event = uow.events.get(event_id)
    held = uow.sign_ups.of(event_id, openid)
    if held is None or held.state is not SignUpState.ATTENDED:
        raise NoSignUp(id=event_id)
    said = {
        question.label: str(answers.get(f"question_{position}") or "")[:LONGEST_ANSWER]
        for position, question in enumerate(event.details.feedback, 1)
    }
    uow.sign_ups.put(held.id, feedback={label: words for label, words in said.items() if words}, feedback_at=at)
    return uow.sign_ups.get(held.id)


def forget_guest(uow: UnitOfWork, openid: str) -> None:
    """Somebody is erased: their rows go, the numbers stay. A place of an event that is ahead falls free by that."""
    for event_id in uow.sign_ups.events_of(openid):
        event = uow.events.hold(event_id)
        held = uow.sign_ups.of(event_id, openid)
        if held is not None:
            over = {SignUpState.ATTENDED, SignUpState.NO_SHOW, SignUpState.CANCELLED}
            uow.events.count_gone(event, held.state if held.state in over else SignUpState.CANCELLED)
            uow.sign_ups.drop(held.id)
