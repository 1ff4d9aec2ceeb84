"""What staff do with a declaration: assign, verify, return, publish, announce, suspend. One function each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from backend.domain.clock import day_of
from backend.domain.declarations import Declaration, Move, State
from backend.domain.drafts import Draft, Flow
from backend.domain.institutions import InstitutionState
from backend.domain.listings import Track
from backend.domain.moving import (
    ChecksOpen,
    NotYourRole,
    ReasonMissing,
    announced,
    assigned,
    moved,
    published,
    resumed,
    returned,
    second_verified,
    withdrawal_announced,
)
from backend.domain.ports.wording import Wording
from backend.domain.roles import SYSTEM, Actor, Role
from backend.domain.verification import Check, CheckId, Outcome, failures, open_checks
from backend.services.declarations.moving import carry, subject_of
from backend.store.unit_of_work import UnitOfWork

VERIFIED_FOR = timedelta(days=90)
# Columns of the information table that a patentee answers in one list: the obstacles of art. 86.
ASKED_AS = {"exclusive_license": "obstacles", "suspension": "obstacles", "pledge": "obstacles"}


@dataclass(frozen=True, slots=True)
class Finding:
    """What a person found where the machine could not say. `evidence`: document seen, its number, where; no names."""

    outcome: Outcome
    evidence: dict[str, str] = field(default_factory=dict)


def assign(
    uow: UnitOfWork, *, declaration_id: int, to: str, by: Actor, at: datetime, wording: Wording | None
) -> Declaration:
    """`to` is the staff id of a verifier; assigning again is taking over. Raises as `moved` does."""
    held = uow.declarations.get(declaration_id)
    return carry(uow, held, assigned(held, by, to=to, at=at), Move.ASSIGN, by, wording=wording)


def second_verify(
    uow: UnitOfWork,
    *,
    declaration_id: int,
    findings: Mapping[CheckId, Finding],
    by: Actor,
    at: datetime,
    wording: Wording | None,
) -> Declaration:
    """The assigned verifier has gone through the checklist and found it in order.

    Raises NotAssignedToYou, ChecksOpen where a check is open or failed, MoveNotAllowed, NotYourRole.
    """
    held = uow.declarations.get(declaration_id)
    second_verified(held, by, open_checks=(), at=at)
    record_findings(uow, declaration_id=held.id, findings=findings, by=by, at=at)
    newest = uow.checks.newest(held.id)
    bad = open_checks(newest) | {check.id for check in failures(newest)}
    after = second_verified(held, by, open_checks=bad, at=at)
    return carry(uow, held, after, Move.PASS_SECOND, by, wording=wording)


def record_findings(
    uow: UnitOfWork, *, declaration_id: int, findings: Mapping[CheckId, Finding], by: Actor, at: datetime
) -> None:
    """Each finding is a check of its own, beside what the machine said."""
    said = {check.id: check for check in uow.checks.newest(declaration_id)}
    rows = [
        Check(
            id=check,
            outcome=finding.outcome,
            article=said[check].article,
            code="" if finding.outcome is Outcome.PASS else said[check].code or str(check),
            evidence=finding.evidence,
            at=at,
            by=by.id,
        )
        for check, finding in findings.items()
        if check in said
    ]
    uow.checks.add(declaration_id, rows)


def confirm(
    uow: UnitOfWork,
    *,
    declaration_id: int,
    findings: Mapping[CheckId, Finding],
    by: Actor,
    at: datetime,
    verified_for: timedelta = VERIFIED_FOR,
) -> bool:
    """What is on show and left questions when it was verified again: a person answers them. True where all is settled.

    Raises NotYourRole.
    """
    if by.role not in Role.verifying():
        raise NotYourRole(role=by.role, move="confirm")
    held = uow.declarations.get(declaration_id)
    record_findings(uow, declaration_id=held.id, findings=findings, by=by, at=at)
    newest = uow.checks.newest(held.id)
    settled = held.on_show and not open_checks(newest) and not failures(newest)
    if settled:
        uow.declarations.extend(held.id, day_of(at) + verified_for)
        uow.audit.add(by, "declaration.confirm", subject_of(held.id), after=str(held.state), at=at)
    return settled


def return_with_reason(
    uow: UnitOfWork,
    *,
    declaration_id: int,
    reason: str,
    mend: Sequence[str],
    by: Actor,
    at: datetime,
    wording: Wording | None,
) -> Declaration:
    """Back to the patentee, with the reason, and with a draft that stands at the very step to mend.

    `mend` are fields of the information table. Raises ReasonMissing, MoveNotAllowed, NotYourRole.
    """
    held = uow.declarations.get(declaration_id)
    after = returned(held, by, reason=reason, mend=tuple(mend), at=at)
    reopened = _reopen(uow, after, at=at)
    return carry(uow, held, after, Move.RETURN, by, wording=wording, reopened=reopened)


def _reopen(uow: UnitOfWork, held: Declaration, *, at: datetime) -> str | None:
    """The flow computes its place from the answers: those to mend are left out. The subject of the draft."""
    if not held.openid:
        return None
    kept = uow.declarations.kept_draft(held.id) or held.answers
    gone = {*held.mend, *(ASKED_AS[name] for name in held.mend if name in ASKED_AS)}
    answers = {name: value for name, value in kept.items() if name not in gone}
    subject = held.number if held.institution_id is not None else ""
    if uow.drafts.answers(held.openid, Flow.DECLARE, subject) is not None:
        subject = held.number  # what they are working on now is not overwritten
    uow.drafts.save(held.openid, Draft(flow=str(Flow.DECLARE), subject=subject, answers=answers), at=at)
    return subject


def publish(
    uow: UnitOfWork,
    *,
    declaration_id: int,
    by: Actor,
    at: datetime,
    wording: Wording | None,
    verified_for: timedelta = VERIFIED_FOR,
    demonstration: bool = False,
) -> Declaration:
    """Pilot: listed. Statutory: ready for filing, on show as not announced; once announced: listed as statutory.

    Raises SamePerson, NotApprovedYet, NoOpenProgramme, ChecksOpen, MoveNotAllowed, NotYourRole.
    """
    held = uow.declarations.get(declaration_id)
    today = day_of(at)
    open_now = uow.programmes.open_on(today)
    after = published(
        held,
        by,
        verified_until=today + verified_for,
        programme_id=open_now[0].id if open_now else None,
        approved=_approved(uow, held),
        at=at,
    )
    newest = uow.checks.newest(held.id)
    bad = open_checks(newest) | {check.id for check in failures(newest)}
    if bad:
        raise ChecksOpen(checks=tuple(sorted(bad)))
    if after.state is State.LISTED:
        _supersede(uow, after, at=at, wording=wording)
    return carry(uow, held, after, Move.PUBLISH, by, wording=wording, demonstration=demonstration)


def _approved(uow: UnitOfWork, held: Declaration) -> bool:
    if held.institution_id is None:
        return True
    return uow.institutions.get(held.institution_id).state is InstitutionState.APPROVED


def _supersede(uow: UnitOfWork, after: Declaration, *, at: datetime, wording: Wording | None) -> None:
    """A listed pilot makes way for the statutory declaration that was made of it."""
    if after.replaces_id is None:
        return
    old = uow.declarations.get(after.replaces_id)
    if old.state is State.LISTED and old.track is Track.PILOT:
        carry(uow, old, moved(old, Move.SUPERSEDE, SYSTEM, at=at), Move.SUPERSEDE, SYSTEM, wording=wording)


def announce(
    uow: UnitOfWork,
    *,
    declaration_id: int,
    number: str,
    announced_on: date,
    by: Actor,
    at: datetime,
    wording: Wording | None,
) -> Declaration:
    """A person has seen 公告号 and 公告日 in the gazette; another one lists it. Raises PapersMissing, MoveNotAllowed."""
    held = uow.declarations.get(declaration_id)
    after = announced(held, by, number=number, announced_on=announced_on, at=at)
    return carry(uow, held, after, Move.ANNOUNCE, by, wording=wording)


def announce_withdrawal(
    uow: UnitOfWork, *, declaration_id: int, number: str, by: Actor, at: datetime, wording: Wording | None
) -> Declaration:
    """Raises PapersMissing, MoveNotAllowed, NotYourRole."""
    held = uow.declarations.get(declaration_id)
    after = withdrawal_announced(held, by, number=number, at=at)
    return carry(uow, held, after, Move.ANNOUNCE_WITHDRAWAL, by, wording=wording)


def stop(
    uow: UnitOfWork,
    *,
    declaration_id: int,
    move: Move,
    reason: str,
    by: Actor,
    at: datetime,
    wording: Wording | None,
) -> Declaration:
    """SUSPEND or LAPSE by a person: out of the pool the same moment. Raises ReasonMissing, MoveNotAllowed."""
    assert move in {Move.SUSPEND, Move.LAPSE}, "other moves have their own function"
    if not reason.strip():
        raise ReasonMissing
    held = uow.declarations.get(declaration_id)
    after = moved(held, move, by, at=at, reason=reason.strip()[:500])
    return carry(uow, held, after, move, by, wording=wording)


def resume_by_staff(
    uow: UnitOfWork, *, declaration_id: int, by: Actor, at: datetime, wording: Wording | None
) -> Declaration:
    """Both verifications begin anew. Raises MoveNotAllowed, NotYourRole."""
    held = uow.declarations.get(declaration_id)
    return carry(uow, held, resumed(held, by, at=at), Move.RESUME, by, wording=wording)
