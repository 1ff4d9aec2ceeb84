"""The queue of both verifications, and one declaration with its evidence beside its checklist."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from backend.console.visit import Refusal, Visit
from backend.domain.attachments import Attachment, AttachmentKind, called_for_by
from backend.domain.clock import day_of
from backend.domain.declarations import TABLE, Declaration, Move, State
from backend.domain.listings import Listing
from backend.domain.roles import Role
from backend.domain.staff import Staff
from backend.domain.verification import Check, Outcome, failures, open_checks
from backend.registry.sql import SqlRegistry
from backend.services.declarations.answers import AnswersUnreadable, listing_of
from backend.services.declarations.papers import papers_of
from backend.services.pool.table_file import columns
from backend.store.declarations import DeclarationNotFound
from backend.store.unit_of_work import UnitOfWork

QUEUES: dict[str, frozenset[State]] = {
    "verify": frozenset({State.FIRST_VERIFIED, State.ASSIGNED}),
    "approve": frozenset({State.SECOND_VERIFIED, State.ANNOUNCED}),
    "filing": frozenset({State.READY, State.FILED, State.WITHDRAWING}),
    "first": frozenset({State.SUBMITTED, State.RETURNED}),
    "listed": frozenset({State.LISTED, State.SUSPENDED}),
    "ended": State.ended(),
}
READ = ("number", "title", "filed_on", "granted_on", "holders")
BY_HAND = (
    Move.ASSIGN, Move.PASS_SECOND, Move.RETURN, Move.PUBLISH, Move.FILE, Move.ANNOUNCE, Move.ANNOUNCE_WITHDRAWAL,
    Move.SUSPEND, Move.LAPSE, Move.RESUME,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Finding:
    """A check as it is shown: its words in full where something is wrong or open."""

    check: Check
    words: str
    open: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """A field as it was read off the photo; `differs` where something else is declared."""

    name: str
    text: str
    differs: bool


def show_declarations(visit: Visit) -> Response:
    """One queue, the longest waiting first. An agency's verifier sees what is assigned to them, and nothing else."""
    queue = asked if (asked := visit.asked("queue")) in QUEUES else "verify"
    with visit.database.read() as uow:
        held = uow.declarations.in_states(QUEUES[queue], assignee=only_of(visit.staff))
        names = names_of(uow)
    return visit.show("declarations.html", queue=queue, queues=list(QUEUES), held=held, names=names)


def show_declaration(visit: Visit) -> Response:
    return detail(visit)


def detail(visit: Visit, *, problem: str = "") -> Response:
    """Evidence, checklist, history, and the moves that this colleague may make now. Raises Refusal."""
    with visit.database.read() as uow:
        held = theirs(uow, visit)
        checks = uow.checks.newest(held.id)
        moves = uow.declarations.moves(held.id)
        institution = uow.institutions.get(held.institution_id) if held.institution_id else None
        record = SqlRegistry(visit.database, demonstration=visit.house.demonstration).look_up(held.number)
        files = uow.attachments.of_declaration(held.id)
        draft = uow.declarations.kept_draft(held.id) or {}
        names = names_of(uow)
        verifiers = [one for one, _ in uow.staff.everyone() if one.role in Role.verifying() and not one.disabled]
    listing = _listing(held)
    bad = open_checks(checks) | {check.id for check in failures(checks)}
    return visit.show(
        "declaration.html",
        422 if problem else 200,
        held=held,
        listing=listing,
        findings=[Finding(check, _words(visit, check), check.id in bad) for check in checks],
        moves=moves,
        institution=institution,
        record=record,
        names=names,
        verifiers=verifiers,
        can=possible(held, visit.staff),
        twice=visit.staff.role is Role.APPROVER and str(visit.staff.id) in {held.second_by, held.announced_by},
        confirm=held.on_show and bool(bad) and visit.staff.role in Role.verifying(),
        fields=[(column["field"], column["header"]) for column in columns() if column["field"] in held.answers],
        problem=problem,
        files=files,
        missing=_missing(listing, files),
        read=_read(held, draft),
        papers=papers_of(held, on=day_of(visit.now)).files,
        done=visit.asked("done"),
        given=visit.form,
    )


def possible(held: Declaration, staff: Staff) -> list[Move]:
    """The moves this colleague may make of it now, as the table of the domain says; a verifier only what is theirs."""
    fitting = {
        rule.move for rule in TABLE if held.state in rule.sources and staff.role in rule.roles and rule.when(held)
    }
    if held.assignee != str(staff.id):
        fitting.discard(Move.PASS_SECOND)
    return [move for move in BY_HAND if move in fitting]


def theirs(uow: UnitOfWork, visit: Visit) -> Declaration:
    """The declaration, if this colleague may see it. Raises Refusal: what is not theirs is not there."""
    try:
        held = uow.declarations.get(visit.id)
    except DeclarationNotFound:
        raise Refusal(404, "not_found") from None
    if only_of(visit.staff) not in {"", held.assignee}:
        raise Refusal(404, "not_found")
    return held


def names_of(uow: UnitOfWork) -> dict[str, str]:
    """Staff id → name: rows hold ids only."""
    return {str(staff.id): staff.name for staff, _ in uow.staff.everyone()}


def only_of(staff: Staff) -> str:
    """Whose declarations alone this colleague may see; empty where all."""
    return str(staff.id) if staff.role is Role.AGENCY_VERIFIER else ""


def _listing(held: Declaration) -> Listing | None:
    try:
        return listing_of(held.answers)
    except AnswersUnreadable:
        return None


def _missing(listing: Listing | None, files: Sequence[Attachment]) -> list[AttachmentKind]:
    """What is called for and was not handed in as such."""
    held = {each.kind for each in files}
    return [kind for kind in called_for_by(listing) if kind not in held] if listing else []


def _read(held: Declaration, draft: Mapping[str, Any]) -> list[Reading]:
    """What was read off the certificate, beside what is declared."""
    read = draft.get("read")
    if not isinstance(read, dict):
        return []
    pairs = [(name, _plain(read.get(name)), _plain(held.answers.get(name))) for name in READ]
    return [Reading(name, seen, seen != declared) for name, seen, declared in pairs if seen]


def _plain(value: Any) -> str:
    return "、".join(map(str, value)) if isinstance(value, list) else str(value or "")


def _words(visit: Visit, check: Check) -> str:
    if check.outcome is Outcome.PASS or not check.code:
        return ""
    return visit.house.wording.words(f"declaration_notice.check.{check.code}")
