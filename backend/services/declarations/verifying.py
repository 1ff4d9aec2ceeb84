"""The first verification, and keeping watch over what is on show. The register is asked outside any transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import structlog

from backend.domain.clock import Clock, day_of
from backend.domain.declarations import Declaration, Move, State
from backend.domain.errors import AssistantError
from backend.domain.first_verification import first_verification
from backend.domain.listings import Listing, Track
from backend.domain.moving import moved
from backend.domain.ports.wording import Wording
from backend.domain.registry import PatentRecord, Registry, RegistryDown
from backend.domain.roles import SYSTEM
from backend.domain.verification import (
    Article,
    Check,
    CheckId,
    Circumstances,
    Other,
    Outcome,
    failures,
    open_checks,
    steps_to_mend,
)
from backend.services.declarations.answers import listing_of, obstacles_of
from backend.services.declarations.moving import carry, subject_of, tell
from backend.services.declarations.reviewing import VERIFIED_FOR, return_with_reason
from backend.services.declarations.shelving import source_of, take_off_shelf
from backend.services.pacing import leaving_air
from backend.store.database import Database
from backend.store.declarations import MovedElsewhere
from backend.store.unit_of_work import UnitOfWork

PATIENCE = timedelta(hours=24)  # so long a register that is down is waited for; then a person decides
LEAD = timedelta(days=7)  # verified again so many days before the last verification stops counting
WARN_BEFORE_DAYS = (60, 30, 7)
BATCH = 200
STAGE = 4  # first verifications a transaction: one commit for all, and still short
REASON_LONGEST = 400
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Office:
    """What the timed work needs: where records come from, how people are told, what time it is."""

    database: Database
    registry: Registry
    wording: Wording
    clock: Clock
    verified_for: timedelta = VERIFIED_FOR


@dataclass(frozen=True, slots=True)
class Looked:
    """A declaration as it was read, with what was found; writing it down is refused where it moved meanwhile."""

    held: Declaration
    checks: tuple[Check, ...]


def verify_waiting(office: Office) -> int:
    """Everything submitted that was not verified yet; how many moved on. Looking is done outside the write transaction."""
    with office.database.read() as uow:
        waiting = uow.declarations.in_states({State.SUBMITTED}, limit=BATCH)
    moved_on = 0
    for start in range(0, len(waiting), STAGE):
        seen = [found for held in waiting[start : start + STAGE] if (found := _looked_at(office, held)) is not None]
        if seen:
            with leaving_air(office.database) as uow:
                moved_on += sum(_settled(uow, office, found) for found in seen)
    return moved_on


def _settled(uow: UnitOfWork, office: Office, found: Looked) -> bool:
    """One of several in a transaction: what cannot be settled is left as it is, and does not stop the others."""
    try:
        with uow.or_nothing():
            return _first(uow, office, found) is not State.SUBMITTED
    except AssistantError as error:
        log.warning("verification.failed", declaration=found.held.id, reason=error.code)
        return False


def run_first_verification(office: Office, declaration_id: int) -> State:
    """Where it stands afterwards: SUBMITTED still, where the register is down and there is time to wait.

    A failed check returns it with the reason (or suspends what the national office has); an open one goes to a person
    with the second verification. Raises DeclarationNotFound.
    """
    with office.database.read() as uow:
        held = uow.declarations.get(declaration_id)
    if held.state is not State.SUBMITTED:
        return held.state
    found = _looked_at(office, held)
    if found is None:
        return State.SUBMITTED
    with office.database.write() as uow:
        return _first(uow, office, found)


def _looked_at(office: Office, held: Declaration) -> Looked | None:
    """The register and the office's own rows on this declaration; None where the register is down and can be waited for."""
    at = office.clock.now()
    try:
        record = office.registry.look_up(held.number)
    except RegistryDown:
        if at - held.since < PATIENCE:
            return None
        record = None
    with office.database.read() as uow:
        return Looked(held, _checks(uow, held, record, at))


def _first(uow: UnitOfWork, office: Office, found: Looked) -> State:
    """Raises MovedElsewhere."""
    at = office.clock.now()
    uow.checks.add(found.held.id, found.checks)
    return _after_first(uow, found.held, found.checks, office.wording, at).state


def _checks(uow: UnitOfWork, held: Declaration, record: PatentRecord | None, at: datetime) -> tuple[Check, ...]:
    """Raises AnswersUnreadable: what was submitted has been read once already."""
    listing = listing_of(held.answers)
    around = Circumstances(
        others=tuple(
            Other(other.id, other.state, other.track)
            for other in uow.declarations.alive_for(held.number)
            if other.id < held.id or (other.id != held.id and other.on_show)
        ),
        replaces_id=held.replaces_id,
        listed=_listed_by_others(uow, held, day_of(at)),
        programme_open=bool(uow.programmes.open_on(day_of(at))),
        obstacles=obstacles_of(held.answers),
    )
    return first_verification(listing, record, around, at=at)


def _listed_by_others(uow: UnitOfWork, held: Declaration, today: date) -> Listing | None:
    current = uow.listings.of([held.number]).get(held.number)
    if current is None or not current.on_show(today) or held.vouched_by:
        return None
    ours = {source_of(held.id), source_of(held.replaces_id or 0)}
    return None if uow.listings.source_of(held.number) in ours else current.listing


def _after_first(
    uow: UnitOfWork, held: Declaration, checks: Sequence[Check], wording: Wording, at: datetime
) -> Declaration:
    bad = failures(checks)
    if bad and held.filed:
        after = moved(held, Move.SUSPEND, SYSTEM, at=at, reason=reason_of(bad, wording))
        return carry(uow, held, after, Move.SUSPEND, SYSTEM, wording=wording)
    if bad:
        return return_with_reason(
            uow,
            declaration_id=held.id,
            reason=reason_of(bad, wording),
            mend=steps_to_mend(checks),
            by=SYSTEM,
            at=at,
            wording=wording,
        )
    after = moved(held, Move.PASS_FIRST, SYSTEM, at=at)
    return carry(uow, held, after, Move.PASS_FIRST, SYSTEM, wording=wording)


def reason_of(checks: Sequence[Check], wording: Wording) -> str:
    """What is in the way, each with its article, one a line."""
    said = [wording.words(f"declaration_notice.check.{check.code}") for check in checks]
    return "\n".join(dict.fromkeys(said))[:REASON_LONGEST]


def reverify_due(office: Office) -> int:
    """What was verified long ago is verified again before that stops counting; how many were looked at.

    All good: it counts for another term. Open questions: a person, until the term is over; then it leaves the pool.
    """
    today = day_of(office.clock.now())
    with office.database.read() as uow:
        due = uow.declarations.due_for_verification(before=today + LEAD, limit=BATCH)
    for held in due:
        look_again(office, held.id, thorough=True)
    return len(due)


def lapse_due(office: Office) -> int:
    """Every day over everything on show: what ended, lapsed or is owed leaves the pool now; holders are warned before.

    `office.registry` should be the loaded tables here: a question over the network for each is `reverify_due`'s.
    """
    left = 0
    with office.database.read() as uow:
        shown = [held.id for held in uow.declarations.in_states(State.on_show(), limit=100_000)]
        vouched = uow.declarations.vouched()
    for declaration_id in shown:
        left += look_again(office, declaration_id, thorough=False) is not None
    for held in vouched:
        left += _watch_voucher(office, held)
    return left


def look_again(office: Office, declaration_id: int, *, thorough: bool) -> Move | None:
    """One declaration on show against the register of today; the move that took it off, if one did.

    `thorough` stores every check and, where all hold, lets them count for another term.
    """
    with office.database.read() as uow:
        number = uow.declarations.get(declaration_id).number
    try:
        record = office.registry.look_up(number)
    except RegistryDown:
        record = None
    at = office.clock.now()
    try:
        with office.database.write() as uow:
            return _look_again(uow, office, uow.declarations.get(declaration_id), record, thorough=thorough, at=at)
    except MovedElsewhere:
        return None  # somebody is at it this very moment; the next round sees what became of it


def _look_again(
    uow: UnitOfWork, office: Office, held: Declaration, record: PatentRecord | None, *, thorough: bool, at: datetime
) -> Move | None:
    if not held.on_show:
        return None
    checks = _checks(uow, held, record, at)
    if held.track is Track.PILOT and not _programme_open(uow, held, day_of(at)):
        checks = (*(check for check in checks if check.id is not CheckId.PROGRAMME), _closed(at))
    bad = [check for check in failures(checks) if check.id is not CheckId.DUPLICATE]
    move = _verdict(bad)
    if move is None and held.verified_until is not None and held.verified_until < day_of(at):
        move = Move.SUSPEND
    if thorough or bad:
        uow.checks.add(held.id, checks if thorough else bad)
    if move is not None:
        reason = reason_of(bad, office.wording) or office.wording.words("declaration_notice.check.verification_overdue")
        carry(uow, held, moved(held, move, SYSTEM, at=at, reason=reason), move, SYSTEM, wording=office.wording)
        return move
    if thorough and not open_checks(checks):
        uow.declarations.extend(held.id, day_of(at) + office.verified_for)
        uow.audit.add(SYSTEM, "declaration.reverified", subject_of(held.id), after=str(held.state), at=at)
    _warn(uow, office, held, checks, at)
    return None


def _programme_open(uow: UnitOfWork, held: Declaration, day: date) -> bool:
    return any(programme.id == held.programme_id and programme.open_on(day) for programme in uow.programmes.all())


def _closed(at: datetime) -> Check:
    return Check(id=CheckId.PROGRAMME, outcome=Outcome.FAIL, article=Article.PILOT_PLAN, code="programme_closed", at=at)


_OF_THE_RIGHT = frozenset({CheckId.TERM, CheckId.LICENSE_TERM, CheckId.REGISTRY, CheckId.ANNUITY})
_ENDED = frozenset({"expired", "license_ended", "status.expired", "programme_closed"})
_LAPSED = frozenset({"annuity_lapsed", "status.lapsed", "status.invalidated"})


def _verdict(bad: Sequence[Check]) -> Move | None:
    codes = {check.code for check in bad}
    if codes & _LAPSED:
        return Move.LAPSE
    if codes & _ENDED:
        return Move.EXPIRE
    return Move.SUSPEND if codes else None


def _warn(uow: UnitOfWork, office: Office, held: Declaration, checks: Sequence[Check], at: datetime) -> None:
    """Before the offer or the right ends, and before an annuity is owed: once for each of the days left."""
    listing = listing_of(held.answers)
    annuity = next((check.evidence.get("due_on") for check in checks if check.id is CheckId.ANNUITY), None)
    ends_on = min(listing.license_ends_on, listing.expires_on)
    coming = [("ends", ends_on)] + ([("annuity", date.fromisoformat(annuity))] if annuity else [])
    for what, day in coming:
        left = (day - day_of(at)).days
        step = next((days for days in sorted(WARN_BEFORE_DAYS) if left <= days), None)
        if step is None or left < 0:
            continue
        title = str(held.answers.get("title", ""))
        text = office.wording.words(f"declaration_notice.warn.{what}", title=title, number=held.number, due_on=day)
        tell(uow, held, f"warn:{what}:{day.isoformat()}:{step}", lambda _, said=text: said, at=at)  # type: ignore[misc] # bound in this round


def _watch_voucher(office: Office, held: Declaration) -> bool:
    """True where the pool stopped showing it: the right has ended or is owed, or thirty days went by unverified."""
    try:
        record = office.registry.look_up(held.number)
    except RegistryDown:
        record = None
    at = office.clock.now()
    with office.database.write() as uow:
        held = uow.declarations.get(held.id)
        if not held.vouched_by or held.on_show:
            return False
        over = held.verified_until is None or held.verified_until < day_of(at)
        bad = [check for check in failures(_checks(uow, held, record, at)) if check.id in _OF_THE_RIGHT]
        if not (over or bad):
            return False
        uow.checks.add(held.id, bad)
        gone = take_off_shelf(uow, held, at=at)
        uow.declarations.end_voucher(held.id)
        uow.audit.add(SYSTEM, "declaration.voucher_ended", subject_of(held.id), before=str(held.state), at=at)
        return gone
