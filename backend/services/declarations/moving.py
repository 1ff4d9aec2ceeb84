"""What every move of a declaration does: the row, the audit log, the pool, the notice. One transaction."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from backend.domain.clock import CHINA, day_of
from backend.domain.declarations import Declaration, Move, State
from backend.domain.deliveries import DeliveryKind, Notice
from backend.domain.drafts import Flow
from backend.domain.patent_number import parse_patent_number
from backend.domain.ports.wording import Wording
from backend.domain.reply import Reply
from backend.domain.roles import Actor, Role
from backend.services.declarations.shelving import reshelve
from backend.store.unit_of_work import UnitOfWork

Told = str | int
_AT_FIRST = frozenset({Move.PASS_FIRST, Move.RETURN})  # of a whole table: told in one notice, when all are through


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
    reopened: str | None = None,
) -> Declaration:
    """Write the move. The patentee is told by a delivery, unless it was their own. Raises MovedElsewhere.

    `reopened` is the subject of the draft in which they mend it.
    """
    at = after.since
    uow.declarations.move(before, after, move, by)
    uow.audit.add(
        by, f"declaration.{move}", subject_of(after.id), before=str(before.state), after=str(after.state), at=at
    )
    reshelve(uow, before, after, demonstration=demonstration, at=at)
    if wording is not None and by.role is not Role.PATENTEE:
        said = wording

        def text(openid: str) -> str:
            return said.words(
                notice_of(move, after),
                title=str(after.answers.get("title", "")),
                number=after.number,
                link=_page(said, after, openid, reopened),
                **_values(move, after),
            )

        if after.table_id is None or (move is Move.RETURN and by.role is not Role.SYSTEM):
            state = wording.words(f"declaration_notice.short.{after.state}")
            tell(uow, after, f"{move}:{at.isoformat()}", text, state=state, at=at)
        elif by.role is not Role.SYSTEM or move not in _AT_FIRST:
            _tell_of_table(uow, after, after.table_id, wording, at=at)
    return after


def _tell_of_table(uow: UnitOfWork, after: Declaration, table_id: int, wording: Wording, *, at: datetime) -> None:
    """Hundreds of declarations came in one table: at most one notice a day says that there is news of some."""

    def text(openid: str) -> str:
        return wording.words("declaration_notice.table.news", link=wording.table_page(openid, table_id))

    tell(uow, after, f"{day_of(at).isoformat()}", text, at=at, about=f"table:{table_id}")


def notice_of(move: Move, after: Declaration) -> str:
    """The text key of the notice of this move: a publication says different things of different standings."""
    if move is Move.PUBLISH:
        state = f"{after.state}_{after.track}" if after.state is State.LISTED else str(after.state)
        return f"declaration_notice.{move}.{state}"
    if move is Move.WITHDRAW:
        return f"declaration_notice.{move}.{after.state}"
    return f"declaration_notice.{move}"


def _page(wording: Wording, after: Declaration, openid: str, reopened: str | None) -> str:
    """Where this reader goes on: the step to mend, for whom the draft is; the papers, once there are some to file."""
    if reopened is not None:
        return wording.draft_page(openid, str(Flow.DECLARE), reopened) if openid == after.openid else ""
    if after.state in {State.READY, State.WITHDRAWING}:
        return wording.declaration_page(openid, after.id)
    return ""


def _values(move: Move, after: Declaration) -> dict[str, str]:
    values = {"reason": after.reason}
    if move is Move.ANNOUNCE or (move is Move.PUBLISH and after.announced):
        values["announcement"] = after.announcement_number
    return values


def tell(
    uow: UnitOfWork,
    held: Declaration,
    what: str,
    text: Callable[[str], str],
    *,
    state: str = "",
    at: datetime,
    about: str = "",
) -> int:
    """Plan the notice for the follower, or for every officer of the institution; how many. `text` by openid.

    The same `what` about the same thing (the declaration, unless told otherwise) is told once. With `state`, in a word
    of at most five characters, it may also go as the platform's notice.
    """
    if held.institution_id is not None:
        to = [officer.openid for officer in uow.institutions.officers(held.institution_id)]
    else:
        to = [held.openid] if held.openid else []
    planned = [
        uow.deliveries.plan(
            openid=openid,
            notice_key=f"{about or subject_of(held.id)}:{what}",
            kind=DeliveryKind.SERVICE_NOTICE,
            reply=Reply.of(text(openid)),
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
