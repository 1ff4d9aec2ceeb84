"""Declarations, the moves they made, and what was found about them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, func, insert, select, update

from backend.domain.declarations import Declaration, Move, State
from backend.domain.errors import AssistantError
from backend.domain.listings import Track
from backend.domain.roles import Actor, Role
from backend.store.tables import (
    DeclarationMoveRow,
    DeclarationRow,
    DeclarationTokenRow,
    OfficerRow,
    VerificationCheckRow,
)

_ALL = select(*DeclarationRow.__table__.columns)
SAME = (
    "number", "since", "submitted_at", "answers", "openid", "institution_id", "programme_id", "replaces_id", "table_id",
    "vouched_by", "assignee", "second_by", "announced_by", "published_by", "published_at", "receipt_number", "filed_on",
    "announcement_number", "announced_on", "withdrawal_number", "verified_until",
)  # fmt: skip

# Statements that run for every row of a table are put together once: building them costs more than running them.
_BY_ID = _ALL.where(DeclarationRow.id == bindparam("id"))
_ALIVE_FOR = _ALL.where(
    DeclarationRow.number == bindparam("number"), DeclarationRow.state.in_([str(state) for state in State.alive()])
).order_by(DeclarationRow.id)
_ADD = insert(DeclarationRow).returning(DeclarationRow.id)
_NOTE = insert(DeclarationMoveRow)
_MOVE = update(DeclarationRow.__table__).where(  # type: ignore[arg-type] # a declarative class has a Table
    DeclarationRow.id == bindparam("was_id"),
    DeclarationRow.state == bindparam("was_state"),
    DeclarationRow.since == bindparam("was_since"),
)
_MINE = (DeclarationRow.openid == bindparam("openid")) & DeclarationRow.institution_id.is_(None)
_OURS = DeclarationRow.institution_id.in_(
    select(OfficerRow.institution_id).where(OfficerRow.openid == bindparam("openid"))
)
_RETURNED_TO = _ALL.where(
    DeclarationRow.number == bindparam("number"), DeclarationRow.state == str(State.RETURNED), _MINE | _OURS
).order_by(DeclarationRow.id)
_REMEMBER = insert(DeclarationTokenRow)
_BY_TOKEN = select(DeclarationTokenRow.declaration_id).where(
    DeclarationTokenRow.openid == bindparam("openid"), DeclarationTokenRow.token == bindparam("token")
)


class DeclarationNotFound(AssistantError):
    """Also where it belongs to somebody else: nobody learns what others have."""

    code = "declaration.not_found"


class MovedElsewhere(AssistantError):
    """Somebody else moved it in the same moment: look again."""

    code = "declaration.moved_elsewhere"


@dataclass(frozen=True, slots=True)
class Moved:
    """One move of a declaration's history."""

    at: datetime
    move: Move
    after: State
    by: Actor
    reason: str


def _declaration(row: Row[*tuple[Any, ...]]) -> Declaration:
    same = {name: getattr(row, name) for name in SAME}
    return Declaration(
        id=row.id, track=Track(row.track), state=State(row.state), reason=row.reason, mend=tuple(row.mend), **same
    )


def _values(held: Declaration) -> dict[str, Any]:
    same = {name: getattr(held, name) for name in SAME}
    return same | {
        "track": str(held.track),
        "state": str(held.state),
        "reason": held.reason[:500],
        "mend": list(held.mend),
    }


class Declarations:
    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def add(self, held: Declaration, by: Actor) -> Declaration:
        """A new one; its `id` is given here."""
        row = self.connection.execute(_ADD, {"holder_key": "", "draft": None, **_values(held)})
        added = self._with_id(held, row.scalar_one())
        self._note(added, Move.SUBMIT, by)
        return added

    @staticmethod
    def _with_id(held: Declaration, declaration_id: int) -> Declaration:
        return Declaration(id=declaration_id, **_fields(held))

    def move(self, before: Declaration, after: Declaration, move: Move, by: Actor) -> None:
        """Write what the move made of it. Raises MovedElsewhere where it is no longer as it was read."""
        was = {"was_id": before.id, "was_state": str(before.state), "was_since": before.since}
        moved = self.connection.execute(_MOVE, was | _values(after))
        if moved.rowcount != 1:
            raise MovedElsewhere(id=before.id)
        self._note(after, move, by)

    def extend(self, declaration_id: int, verified_until: date) -> None:
        """What was verified was found to hold until this day."""
        self.connection.execute(
            update(DeclarationRow).where(DeclarationRow.id == declaration_id).values(verified_until=verified_until)
        )

    def keep_draft(self, declaration_id: int, answers: dict[str, Any]) -> None:
        """The answers as the flow holds them, for the day it is returned."""
        self.connection.execute(update(DeclarationRow).where(DeclarationRow.id == declaration_id).values(draft=answers))

    def kept_draft(self, declaration_id: int) -> dict[str, Any] | None:
        return self.connection.execute(
            select(DeclarationRow.draft).where(DeclarationRow.id == declaration_id)
        ).scalar_one_or_none()

    def vouch(self, declaration_id: int, *, by: str, until: date) -> None:
        """An import shows the same patent on somebody's word while this declaration is being verified."""
        self.connection.execute(
            update(DeclarationRow)
            .where(DeclarationRow.id == declaration_id)
            .values(vouched_by=by[:200], verified_until=until)
        )

    def end_voucher(self, declaration_id: int) -> None:
        """The word of who vouched for it counts no longer."""
        self.connection.execute(
            update(DeclarationRow).where(DeclarationRow.id == declaration_id).values(vouched_by="", verified_until=None)
        )

    def _note(self, after: Declaration, move: Move, by: Actor) -> None:
        self.connection.execute(
            _NOTE,
            {
                "declaration_id": after.id,
                "at": after.since,
                "move": str(move),
                "after": str(after.state),
                "role": str(by.role),
                "by": by.id,
                "reason": after.reason[:500],
            },
        )

    def get(self, declaration_id: int) -> Declaration:
        """Raises DeclarationNotFound."""
        row = self.connection.execute(_BY_ID, {"id": declaration_id}).first()
        if row is None:
            raise DeclarationNotFound(id=declaration_id)
        return _declaration(row)

    def theirs(self, openid: str, declaration_id: int) -> Declaration:
        """The follower's own, or their institution's. Raises DeclarationNotFound for anybody else's too."""
        row = self.connection.execute(_ALL.where(DeclarationRow.id == declaration_id, self._belongs(openid))).first()
        if row is None or not openid:
            raise DeclarationNotFound(id=declaration_id)
        return _declaration(row)

    def of(self, openid: str, limit: int = 100) -> list[Declaration]:
        """The follower's own and their institution's, newest first."""
        if not openid:
            return []
        rows = self.connection.execute(
            _ALL.where(self._belongs(openid))
            .order_by(DeclarationRow.since.desc(), DeclarationRow.id.desc())
            .limit(limit)
        )
        return [_declaration(row) for row in rows]

    def returned_to(self, openid: str, number: str) -> list[Declaration]:
        """The follower's own or their institution's of this patent that wait to be mended, oldest first."""
        rows = self.connection.execute(_RETURNED_TO, {"number": number, "openid": openid})
        return [_declaration(row) for row in rows]

    @staticmethod
    def _belongs(openid: str) -> Any:
        institutions = select(OfficerRow.institution_id).where(OfficerRow.openid == openid)
        own = (DeclarationRow.openid == openid) & DeclarationRow.institution_id.is_(None)
        return own | DeclarationRow.institution_id.in_(institutions)

    def alive_for(self, number: str) -> list[Declaration]:
        """Every declaration of the patent that has not ended, oldest first."""
        rows = self.connection.execute(_ALIVE_FOR, {"number": number})
        return [_declaration(row) for row in rows]

    def in_states(self, states: Collection[State], *, limit: int = 500, assignee: str = "") -> list[Declaration]:
        """A work queue: the longest waiting first; only one verifier's where `assignee` is given."""
        wanted = _ALL.where(DeclarationRow.state.in_([str(state) for state in states]))
        if assignee:
            wanted = wanted.where(DeclarationRow.assignee == assignee)
        rows = self.connection.execute(wanted.order_by(DeclarationRow.since, DeclarationRow.id).limit(limit))
        return [_declaration(row) for row in rows]

    def counts(self, *, assignee: str = "") -> Counter[State]:
        """How many stand where; only one verifier's where `assignee` is given."""
        query = select(DeclarationRow.state, func.count().label("times")).group_by(DeclarationRow.state)
        if assignee:
            query = query.where(DeclarationRow.assignee == assignee)
        return Counter({State(row.state): row.times for row in self.connection.execute(query)})

    def due_for_verification(self, *, before: date, limit: int) -> list[Declaration]:
        """On show, and verified for no longer than the day."""
        rows = self.connection.execute(
            _ALL.where(
                DeclarationRow.verified_until <= before,
                DeclarationRow.state.in_([str(state) for state in State.on_show()]),
            )
            .order_by(DeclarationRow.verified_until, DeclarationRow.id)
            .limit(limit)
        )
        return [_declaration(row) for row in rows]

    def vouched(self) -> list[Declaration]:
        """Shown on a voucher's word alone so far."""
        rows = self.connection.execute(
            _ALL.where(
                DeclarationRow.vouched_by != "",
                DeclarationRow.state.in_([str(state) for state in State.alive() - State.on_show()]),
            ).order_by(DeclarationRow.id)
        )
        return [_declaration(row) for row in rows]

    def of_table(self, table_id: int) -> list[tuple[str, str, State]]:
        """(number, title, state) of what came in an uploaded information table, in the order of its rows."""
        rows = self.connection.execute(
            select(DeclarationRow.number, DeclarationRow.answers["title"].as_string(), DeclarationRow.state)
            .where(DeclarationRow.table_id == table_id)
            .order_by(DeclarationRow.id)
        )
        return [(number, title or "", State(state)) for number, title, state in rows]

    def moves(self, declaration_id: int) -> list[Moved]:
        rows = self.connection.execute(
            select(*DeclarationMoveRow.__table__.columns)
            .where(DeclarationMoveRow.declaration_id == declaration_id)
            .order_by(DeclarationMoveRow.id)
        )
        return [
            Moved(row.at, Move(row.move), State(row.after), Actor(Role(row.role), row.by), row.reason) for row in rows
        ]

    def state_as_of(self, declaration_id: int, at: datetime) -> State | None:
        """Where it stood at the moment; None before it was submitted."""
        return next(
            (moved.after for moved in reversed(self.moves(declaration_id)) if moved.at <= at),
            None,
        )

    def by_token(self, openid: str, token: str) -> int | None:
        """The declaration this confirmed review became."""
        return self.connection.execute(_BY_TOKEN, {"openid": openid, "token": token}).scalar_one_or_none()

    def remember_token(self, openid: str, token: str, declaration_id: int) -> None:
        self.connection.execute(_REMEMBER, {"openid": openid, "token": token[:64], "declaration_id": declaration_id})

    def own(self, openid: str) -> list[Declaration]:
        """Everything that names the follower, their institution's included."""
        rows = self.connection.execute(_ALL.where(DeclarationRow.openid == openid).order_by(DeclarationRow.id))
        return [_declaration(row) for row in rows]

    def forget(self, declaration_ids: Sequence[int]) -> None:
        """As if they had never been."""
        for row in (VerificationCheckRow, DeclarationMoveRow, DeclarationTokenRow):
            self.connection.execute(delete(row).where(row.declaration_id.in_(declaration_ids)))
        self.connection.execute(delete(DeclarationRow).where(DeclarationRow.id.in_(declaration_ids)))

    def unname(self, openid: str, key: str) -> None:
        """What stays on its legal basis stays under a keyed hash."""
        self.connection.execute(
            update(DeclarationRow).where(DeclarationRow.openid == openid).values(openid="", holder_key=key)
        )
        self.connection.execute(delete(DeclarationTokenRow).where(DeclarationTokenRow.openid == openid))


def _fields(held: Declaration) -> dict[str, Any]:
    same = {name: getattr(held, name) for name in SAME}
    return same | {"track": held.track, "state": held.state, "reason": held.reason, "mend": held.mend}
