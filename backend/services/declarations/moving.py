"""What every move of a declaration does: the row, the audit log, the pool, the notice. One transaction."""

from __future__ import annotations

from datetime import datetime

from backend.domain.clock import CHINA
from backend.domain.declarations import Declaration, Move, State
from backend.domain.deliveries import DeliveryKind, Notice
from backend.domain.patent_number import parse_patent_number
from backend.domain.ports.wording import Wording
from backend.domain.reply import Reply
from backend.domain.roles import Actor, Role
from backend.services.declarations.shelving import reshelve
from backend.store.unit_of_work import UnitOfWork

Told = str | int


def subject_of(declaration_id: int) -> str:
    """How the audit log names a declaration."""
    return f"declaration:{declaration_id}"


def carry(
    uow: UnitOfWork,
    before: Declaration,
    after: Declaration,
    move: Move,
    by: Actor,
    *,
    wording: Wording | None,
    demonstration: bool = False,
) -> Declaration:
    """Write the move. The patentee is told by a delivery, unless it was their own. Raises MovedElsewhere."""
    at = after.since
    uow.declarations.move(before, after, move, by)
    uow.audit.add(
        by, f"declaration.{move}", subject_of(after.id), before=str(before.state), after=str(after.state), at=at
    )
    reshelve(uow, before, after, demonstration=demonstration, at=at)
    if wording is not None and by.role is not Role.PATENTEE:
        text = wording.words(
            notice_of(move, after),
            title=str(after.answers.get("title", "")),
            number=after.number,
            **_values(move, after),
        )
        state = wording.words(f"declaration_notice.short.{after.state}")
        tell(uow, after, f"{move}:{at.isoformat()}", text, state=state, at=at)
    return after


def notice_of(move: Move, after: Declaration) -> str:
    """The text key of the notice of this move: a publication says different things of different standings."""
    if move is Move.PUBLISH:
        state = f"{after.state}_{after.track}" if after.state is State.LISTED else str(after.state)
        return f"declaration_notice.{move}.{state}"
    if move is Move.WITHDRAW:
        return f"declaration_notice.{move}.{after.state}"
    return f"declaration_notice.{move}"


def _values(move: Move, after: Declaration) -> dict[str, str]:
    values = {"reason": after.reason}
    if move is Move.ANNOUNCE or (move is Move.PUBLISH and after.announced):
        values["announcement"] = after.announcement_number
    return values


def tell(uow: UnitOfWork, held: Declaration, what: str, text: str, *, state: str = "", at: datetime) -> int:
    """Plan the notice for the follower, or for every officer of the institution; how many. With `state`, in a word of at
    most five characters, it may also go as the platform's notice."""
    if held.institution_id is not None:
        to = [officer.openid for officer in uow.institutions.officers(held.institution_id)]
    else:
        to = [held.openid] if held.openid else []
    planned = [
        uow.deliveries.plan(
            openid=openid,
            notice_key=f"declaration:{held.id}:{what}",
            kind=DeliveryKind.SERVICE_NOTICE,
            reply=Reply.of(text),
            notice=_notice(held, state, at) if state else None,
            at=at,
        )
        for openid in to
    ]
    return sum(planned)


def _notice(held: Declaration, state: str, at: datetime) -> Notice:
    number = parse_patent_number(held.number).official
    moment = at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")
    return Notice(
        "declaration", {"title": str(held.answers.get("title", "")), "number": number, "state": state, "at": moment}
    )
