"""A declaration: its states, and who may move it from one to another, in one table.

Statutory declarations bind once the national office announced them (Patent Law art. 50): until then they are on show at
most as “not announced”. A pilot declaration is listed inside a programme. Nothing is listed by fewer than two people.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from backend.domain.listings import Standing, Track
from backend.domain.roles import Role


class State(StrEnum):
    """Where a declaration stands."""

    SUBMITTED = "submitted"
    FIRST_VERIFIED = "first_verified"
    RETURNED = "returned"
    ASSIGNED = "assigned"
    SECOND_VERIFIED = "second_verified"
    READY = "ready"  # statutory: the filing package may go to the national office
    FILED = "filed"
    ANNOUNCED = "announced"
    LISTED = "listed"
    SUSPENDED = "suspended"
    WITHDRAWING = "withdrawing"  # statutory: until the withdrawal is announced
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    EXPIRED = "expired"

    @classmethod
    def ended(cls) -> frozenset[State]:
        return frozenset({cls.WITHDRAWN, cls.LAPSED, cls.EXPIRED})

    @classmethod
    def alive(cls) -> frozenset[State]:
        return frozenset(cls) - cls.ended()

    @classmethod
    def in_verification(cls) -> frozenset[State]:
        return frozenset({cls.SUBMITTED, cls.FIRST_VERIFIED, cls.ASSIGNED, cls.SECOND_VERIFIED})

    @classmethod
    def on_show(cls) -> frozenset[State]:
        """In the pool. All but LISTED are shown as “not announced”; a withdrawal leaves the pool when it is asked for,
        although it takes effect only by its announcement: the office no longer recommends what is being taken back."""
        return frozenset({cls.READY, cls.FILED, cls.ANNOUNCED, cls.LISTED})


class Move(StrEnum):
    SUBMIT = "submit"
    MEND = "mend"
    PASS_FIRST = "pass_first"  # noqa: S105 a move, not a secret
    RETURN = "return"
    ASSIGN = "assign"
    PASS_SECOND = "pass_second"  # noqa: S105 a move, not a secret
    PUBLISH = "publish"
    FILE = "file"
    ANNOUNCE = "announce"
    SUSPEND = "suspend"
    RESUME = "resume"
    LAPSE = "lapse"
    EXPIRE = "expire"
    WITHDRAW = "withdraw"
    ANNOUNCE_WITHDRAWAL = "announce_withdrawal"
    SUPERSEDE = "supersede"


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """One declaration of one patent. `openid` is empty where nobody of ours follows it any more, or ever did.

    `answers` are the flow's, plain JSON by field of the information table. Ids of people are staff accounts.
    `verified_until` is the last day on which what was verified still counts.
    """

    id: int
    number: str
    track: Track
    state: State
    since: datetime
    submitted_at: datetime
    answers: dict[str, Any]
    openid: str = ""
    institution_id: int | None = None
    programme_id: int | None = None
    replaces_id: int | None = None
    table_id: int | None = None
    vouched_by: str = ""
    assignee: str = ""
    second_by: str = ""
    announced_by: str = ""
    published_by: str = ""
    published_at: datetime | None = None
    receipt_number: str = ""
    filed_on: date | None = None
    announcement_number: str = ""
    announced_on: date | None = None
    withdrawal_number: str = ""
    verified_until: date | None = None
    reason: str = ""
    mend: tuple[str, ...] = ()

    @property
    def filed(self) -> bool:
        """The national office has it: terms are fixed, and a withdrawal needs an announcement of its own."""
        return bool(self.receipt_number)

    @property
    def announced(self) -> bool:
        return bool(self.announcement_number) and self.announced_on is not None

    @property
    def on_show(self) -> bool:
        return self.state in State.on_show()

    @property
    def standing(self) -> Standing:
        """What a follower may be told it is."""
        if self.track is Track.PILOT:
            return Standing.PILOT
        return Standing.ANNOUNCED if self.announced and self.state is State.LISTED else Standing.NOT_ANNOUNCED


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclarationView:
    """What a patentee is told of one declaration. `mend` are the steps to answer again where it was returned."""

    id: int
    number: str
    title: str
    track: Track
    state: State
    since: datetime
    submitted_at: datetime
    on_show: bool
    standing: Standing
    reason: str = ""
    mend: tuple[str, ...] = ()
    receipt_number: str = ""
    filed_on: date | None = None
    announcement_number: str = ""
    announced_on: date | None = None
    withdrawal_number: str = ""
    verified_until: date | None = None
    replaces_id: int | None = None
    answers: dict[str, Any] = field(default_factory=dict)


def view_of(held: Declaration) -> DeclarationView:
    return DeclarationView(
        id=held.id,
        number=held.number,
        title=str(held.answers.get("title", "")),
        track=held.track,
        state=held.state,
        since=held.since,
        submitted_at=held.submitted_at,
        on_show=held.on_show,
        standing=held.standing,
        reason=held.reason,
        mend=held.mend,
        receipt_number=held.receipt_number,
        filed_on=held.filed_on,
        announcement_number=held.announcement_number,
        announced_on=held.announced_on,
        withdrawal_number=held.withdrawal_number,
        verified_until=held.verified_until,
        replaces_id=held.replaces_id,
        answers=held.answers,
    )


@dataclass(frozen=True, slots=True)
class Rule:
    """`move` leads from any of `sources` to `target`, by any of `roles`, where `when` holds."""

    move: Move
    sources: frozenset[State]
    target: State
    roles: frozenset[Role]
    when: Callable[[Declaration], bool] = field(default=lambda _: True)


def _pilot(held: Declaration) -> bool:
    return held.track is Track.PILOT


def _filed(held: Declaration) -> bool:
    return held.filed


def _announced(held: Declaration) -> bool:
    return held.announced


def _unfiled(held: Declaration) -> bool:
    return not held.filed


_VERIFYING = Role.verifying()
_CHECKING = frozenset({Role.VERIFIER, Role.APPROVER})
_ALIVE = State.alive()

# The first row that fits decides. What the national office has is suspended, never returned: its terms are fixed there.
TABLE: tuple[Rule, ...] = (
    Rule(Move.MEND, frozenset({State.RETURNED}), State.SUBMITTED, frozenset({Role.PATENTEE})),
    Rule(Move.PASS_FIRST, frozenset({State.SUBMITTED}), State.FIRST_VERIFIED, frozenset({Role.SYSTEM})),
    Rule(Move.RETURN, frozenset({State.SUBMITTED}), State.RETURNED, frozenset({Role.SYSTEM}), _unfiled),
    Rule(Move.RETURN, frozenset({State.FIRST_VERIFIED, State.ASSIGNED}), State.RETURNED, _VERIFYING, _unfiled),
    Rule(
        Move.RETURN,
        frozenset({State.SECOND_VERIFIED, State.READY}),
        State.RETURNED,
        frozenset({Role.APPROVER}),
        _unfiled,
    ),
    Rule(
        Move.ASSIGN,
        frozenset({State.FIRST_VERIFIED, State.ASSIGNED}),
        State.ASSIGNED,
        frozenset({Role.OPERATOR, Role.VERIFIER, Role.APPROVER, Role.ADMINISTRATOR}),
    ),
    Rule(Move.PASS_SECOND, frozenset({State.ASSIGNED}), State.SECOND_VERIFIED, _VERIFYING),
    Rule(Move.PUBLISH, frozenset({State.SECOND_VERIFIED}), State.LISTED, frozenset({Role.APPROVER}), _pilot),
    Rule(Move.PUBLISH, frozenset({State.SECOND_VERIFIED}), State.LISTED, frozenset({Role.APPROVER}), _announced),
    Rule(Move.PUBLISH, frozenset({State.SECOND_VERIFIED}), State.FILED, frozenset({Role.APPROVER}), _filed),
    Rule(Move.PUBLISH, frozenset({State.SECOND_VERIFIED}), State.READY, frozenset({Role.APPROVER})),
    Rule(Move.PUBLISH, frozenset({State.ANNOUNCED}), State.LISTED, frozenset({Role.APPROVER})),
    Rule(Move.FILE, frozenset({State.READY}), State.FILED, frozenset({Role.PATENTEE, Role.OPERATOR})),
    Rule(Move.ANNOUNCE, frozenset({State.FILED}), State.ANNOUNCED, _CHECKING),
    Rule(Move.SUSPEND, State.on_show(), State.SUSPENDED, frozenset({Role.SYSTEM}) | _CHECKING),
    Rule(
        Move.SUSPEND,
        State.in_verification(),
        State.SUSPENDED,
        frozenset({Role.SYSTEM, Role.AGENCY_VERIFIER}) | _CHECKING,
        _filed,
    ),
    Rule(
        Move.RESUME,
        frozenset({State.SUSPENDED}),
        State.SUBMITTED,
        frozenset({Role.PATENTEE, Role.VERIFIER, Role.OPERATOR}),
    ),
    Rule(Move.LAPSE, _ALIVE, State.LAPSED, frozenset({Role.SYSTEM}) | _CHECKING),
    Rule(Move.EXPIRE, _ALIVE, State.EXPIRED, frozenset({Role.SYSTEM})),
    Rule(
        Move.WITHDRAW,
        _ALIVE - {State.WITHDRAWING},
        State.WITHDRAWN,
        frozenset({Role.PATENTEE, Role.OPERATOR}),
        _unfiled,
    ),
    Rule(
        Move.WITHDRAW,
        _ALIVE - {State.WITHDRAWING},
        State.WITHDRAWING,
        frozenset({Role.PATENTEE, Role.OPERATOR}),
        _filed,
    ),
    Rule(Move.ANNOUNCE_WITHDRAWAL, frozenset({State.WITHDRAWING}), State.WITHDRAWN, _CHECKING),
    Rule(Move.SUPERSEDE, frozenset({State.LISTED}), State.WITHDRAWN, frozenset({Role.SYSTEM}), _pilot),
)
