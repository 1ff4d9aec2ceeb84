"""What a colleague does with a declaration: each form is one service in one transaction, refused with its reason."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from starlette.responses import Response

from backend.console.pages.declarations import detail, theirs
from backend.console.visit import Visit
from backend.domain.declarations import Declaration, Move
from backend.domain.errors import AssistantError
from backend.domain.moving import PapersMissing, filed
from backend.domain.roles import Role
from backend.domain.verification import CheckId, Outcome
from backend.services.declarations import reviewing
from backend.services.declarations.moving import carry
from backend.services.declarations.reviewing import Finding
from backend.store.unit_of_work import UnitOfWork

Work = Callable[[UnitOfWork, Visit, Declaration], object]
MOST_REASON = 500


class NoVerifier(AssistantError):
    code = "declaration.no_verifier"


def _move(work: Work, done: str) -> Callable[[Visit], Response]:
    """A page that does the work and goes back to the declaration, or shows it again with what stood in the way."""

    def page(visit: Visit) -> Response:
        try:
            with visit.database.write() as uow:
                work(uow, visit, theirs(uow, visit))
        except AssistantError as error:
            return detail(visit, problem=error.code.removeprefix("declaration."))
        return visit.go(f"/declarations/{visit.id}?done={done}")

    return page


def _assign(uow: UnitOfWork, visit: Visit, held: Declaration) -> None:
    to = visit.given("to")
    verifiers = {str(one.id) for one, _ in uow.staff.everyone() if one.role in Role.verifying() and not one.disabled}
    if to not in verifiers:
        raise NoVerifier
    reviewing.assign(
        uow, declaration_id=held.id, to=to, by=visit.staff.actor, at=visit.now, wording=visit.house.wording
    )


def _verify(uow: UnitOfWork, visit: Visit, held: Declaration) -> None:
    reviewing.second_verify(
        uow,
        declaration_id=held.id,
        findings=_findings(visit),
        by=visit.staff.actor,
        at=visit.now,
        wording=visit.house.wording,
    )


def _confirm(uow: UnitOfWork, visit: Visit, held: Declaration) -> None:
    reviewing.confirm(uow, declaration_id=held.id, findings=_findings(visit), by=visit.staff.actor, at=visit.now)


def _return(uow: UnitOfWork, visit: Visit, held: Declaration) -> None:
    mend = [name for name in held.answers if visit.given(f"mend.{name}")]
    reviewing.return_with_reason(
        uow,
        declaration_id=held.id,
        reason=visit.given("reason").strip()[:MOST_REASON],
        mend=mend,
        by=visit.staff.actor,
        at=visit.now,
        wording=visit.house.wording,
    )


def _publish(uow: UnitOfWork, visit: Visit, held: Declaration) -> None:
    reviewing.publish(
        uow,
        declaration_id=held.id,
        by=visit.staff.actor,
        at=visit.now,
        wording=visit.house.wording,
        demonstration=visit.staff.demonstration,
    )


def _file(uow: UnitOfWork, visit: Visit, held: Declaration) -> None:
    by = visit.staff.actor
    after = filed(held, by, receipt_number=visit.given("number")[:100], filed_on=_day(visit, "filed_on"), at=visit.now)
    carry(uow, held, after, Move.FILE, by, wording=visit.house.wording)


def _announce(uow: UnitOfWork, visit: Visit, held: Declaration) -> None:
    reviewing.announce(
        uow,
        declaration_id=held.id,
        number=visit.given("number")[:100],
        announced_on=_day(visit, "announced_on"),
        by=visit.staff.actor,
        at=visit.now,
        wording=visit.house.wording,
    )


def _announce_withdrawal(uow: UnitOfWork, visit: Visit, held: Declaration) -> None:
    reviewing.announce_withdrawal(
        uow,
        declaration_id=held.id,
        number=visit.given("number")[:100],
        by=visit.staff.actor,
        at=visit.now,
        wording=visit.house.wording,
    )


def _stop(move: Move) -> Work:
    def work(uow: UnitOfWork, visit: Visit, held: Declaration) -> None:
        reviewing.stop(
            uow,
            declaration_id=held.id,
            move=move,
            reason=visit.given("reason"),
            by=visit.staff.actor,
            at=visit.now,
            wording=visit.house.wording,
        )

    return work


def _resume(uow: UnitOfWork, visit: Visit, held: Declaration) -> None:
    reviewing.resume_by_staff(
        uow, declaration_id=held.id, by=visit.staff.actor, at=visit.now, wording=visit.house.wording
    )


def _findings(visit: Visit) -> dict[CheckId, Finding]:
    """What the checklist says: `check.ID` is pass or fail, `seen.ID` the document it rests on."""
    outcomes = {"pass": Outcome.PASS, "fail": Outcome.FAIL}
    return {
        check: Finding(outcomes[given], {"document": visit.given(f"seen.{check}").strip()[:200]})
        for check in CheckId
        if (given := visit.given(f"check.{check}")) in outcomes
    }


def _day(visit: Visit, field: str) -> date:
    try:
        return date.fromisoformat(visit.given("day"))
    except ValueError:
        raise PapersMissing(field=field) from None


FORMS: dict[str, Callable[[Visit], Response]] = {
    "assign": _move(_assign, "assigned"),
    "verify": _move(_verify, "verified"),
    "confirm": _move(_confirm, "confirmed"),
    "return": _move(_return, "returned"),
    "publish": _move(_publish, "published"),
    "file": _move(_file, "filed"),
    "announce": _move(_announce, "announced"),
    "announce-withdrawal": _move(_announce_withdrawal, "withdrawal_announced"),
    "suspend": _move(_stop(Move.SUSPEND), "suspended"),
    "lapse": _move(_stop(Move.LAPSE), "lapsed"),
    "resume": _move(_resume, "resumed"),
}
