"""Move a declaration: the table decides who and whence, the functions here what else the move needs."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from backend.domain.clock import day_of
from backend.domain.declarations import TABLE, Declaration, Move, State
from backend.domain.errors import AssistantError
from backend.domain.listings import Track
from backend.domain.roles import PATENTEE, Actor


class MoveNotAllowed(AssistantError):
    """The move does not lead anywhere from this state."""

    code = "declaration.move_not_allowed"


class NotYourRole(AssistantError):
    code = "declaration.not_your_role"


class NotAssignedToYou(AssistantError):
    code = "declaration.not_assigned_to_you"


class SamePerson(AssistantError):
    """Whoever checked a declaration may not publish it, and the other way round."""

    code = "declaration.same_person"


class ChecksOpen(AssistantError):
    """The register left questions that a person has not answered: `checks` names them."""

    code = "declaration.checks_open"


class ReasonMissing(AssistantError):
    code = "declaration.reason_missing"


class HoldersMustAgree(AssistantError):
    """A withdrawal needs the written consent of all holders."""

    code = "declaration.holders_must_agree"


class PapersMissing(AssistantError):
    """An official number or its day is missing or cannot be: `field` says which."""

    code = "declaration.papers_missing"


class NotApprovedYet(AssistantError):
    """The institution behind it has not been approved: submitting may go on, publishing may not."""

    code = "declaration.institution_not_approved"


class NoOpenProgramme(AssistantError):
    """A pilot listing exists only inside a programme that staff opened."""

    code = "declaration.no_open_programme"


def moved(held: Declaration, move: Move, by: Actor, *, at: datetime, **changes: Any) -> Declaration:
    """The declaration after the move. Raises MoveNotAllowed or NotYourRole."""
    fitting = [rule for rule in TABLE if rule.move is move and held.state in rule.sources and rule.when(held)]
    if not fitting:
        raise MoveNotAllowed(state=held.state, move=move)
    rule = next((rule for rule in fitting if by.role in rule.roles), None)
    if rule is None:
        raise NotYourRole(role=by.role, move=move)
    values: dict[str, Any] = {"state": rule.target, "since": at, "reason": "", "mend": ()}
    return replace(held, **(values | changes))


def mended(held: Declaration, answers: dict[str, Any], *, at: datetime) -> Declaration:
    """Answered again after it was returned; what was verified before counts no more."""
    return moved(held, Move.MEND, PATENTEE, at=at, answers=answers, assignee="", second_by="", published_by="")


def resumed(held: Declaration, by: Actor, *, at: datetime) -> Declaration:
    """After a suspension both verifications are made anew."""
    return moved(held, Move.RESUME, by, at=at, assignee="", second_by="", announced_by="", published_by="")


def returned(held: Declaration, by: Actor, *, reason: str, mend: tuple[str, ...], at: datetime) -> Declaration:
    """Raises ReasonMissing."""
    if not reason.strip():
        raise ReasonMissing
    return moved(held, Move.RETURN, by, at=at, reason=reason, mend=mend, assignee="", second_by="", published_by="")


def assigned(held: Declaration, by: Actor, *, to: str, at: datetime) -> Declaration:
    """`to` is the staff id of a verifier."""
    if not to:
        raise PapersMissing(field="assignee")
    return moved(held, Move.ASSIGN, by, at=at, assignee=to)


def second_verified(held: Declaration, by: Actor, *, open_checks: Collection[str], at: datetime) -> Declaration:
    """Raises NotAssignedToYou, or ChecksOpen where something the register left open has no finding of a person."""
    after = moved(held, Move.PASS_SECOND, by, at=at, second_by=by.id)
    if by.id != held.assignee:
        raise NotAssignedToYou
    if open_checks:
        raise ChecksOpen(checks=tuple(sorted(open_checks)))
    return after


def published(
    held: Declaration, by: Actor, *, verified_until: date, programme_id: int | None, approved: bool, at: datetime
) -> Declaration:
    """Raises SamePerson, NotApprovedYet, NoOpenProgramme. `programme_id` is the open programme's, if there is one."""
    pilot = held.track is Track.PILOT
    after = moved(
        held,
        Move.PUBLISH,
        by,
        at=at,
        published_by=by.id,
        published_at=held.published_at or at,
        verified_until=verified_until,
        programme_id=programme_id if pilot else None,
    )
    if not by.id or by.id in {held.second_by, held.announced_by}:
        raise SamePerson
    if not approved:
        raise NotApprovedYet
    if pilot and programme_id is None:
        raise NoOpenProgramme
    return after


def filed(held: Declaration, by: Actor, *, receipt_number: str, filed_on: date, at: datetime) -> Declaration:
    """The patentee has filed it with the national office. Raises PapersMissing."""
    after = moved(held, Move.FILE, by, at=at, receipt_number=receipt_number.strip(), filed_on=filed_on)
    if not receipt_number.strip():
        raise PapersMissing(field="receipt_number")
    if not day_of(held.submitted_at) <= filed_on <= day_of(at):
        raise PapersMissing(field="filed_on")
    return after


def announced(held: Declaration, by: Actor, *, number: str, announced_on: date, at: datetime) -> Declaration:
    """A person has seen the announcement in the gazette. Raises PapersMissing."""
    after = moved(
        held,
        Move.ANNOUNCE,
        by,
        at=at,
        announcement_number=number.strip(),
        announced_on=announced_on,
        announced_by=by.id,
    )
    if not number.strip():
        raise PapersMissing(field="announcement_number")
    if not (held.filed_on or announced_on) <= announced_on <= day_of(at):
        raise PapersMissing(field="announced_on")
    return after


def withdrawn(held: Declaration, by: Actor, *, reason: str, holders_agree: bool, at: datetime) -> Declaration:
    """Licenses had before stay in force (Patent Law art. 50). Raises ReasonMissing, HoldersMustAgree."""
    after = moved(held, Move.WITHDRAW, by, at=at, reason=reason.strip())
    if not reason.strip():
        raise ReasonMissing
    if not holders_agree:
        raise HoldersMustAgree
    return after


def withdrawal_announced(held: Declaration, by: Actor, *, number: str, at: datetime) -> Declaration:
    """Raises PapersMissing."""
    after = moved(held, Move.ANNOUNCE_WITHDRAWAL, by, at=at, withdrawal_number=number.strip(), reason=held.reason)
    if not number.strip():
        raise PapersMissing(field="withdrawal_number")
    return after


def never_published(held: Declaration) -> bool:
    """True where nobody outside was ever shown it, so that it may be forgotten with its follower."""
    return held.published_at is None and not held.filed and held.state is not State.LISTED
