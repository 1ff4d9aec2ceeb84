"""Arrivals: recorded once, answered once, in the order of each follower's sequence."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Boolean, Connection, Integer, Row, String, bindparam, select, text, update
from sqlalchemy.exc import IntegrityError

from backend.domain.inbox import LEASE, Arrival, FollowerState, Way, Window
from backend.domain.reply import Reply
from backend.store.tables import FollowerRow, InboxRow
from backend.store.tables.base import Instant

_COLUMNS = (
    InboxRow.id,
    InboxRow.key,
    InboxRow.openid,
    InboxRow.sequence,
    InboxRow.arrived_at,
    InboxRow.incoming,
    InboxRow.way,
    InboxRow.reply,
)
_BY_KEY = select(*_COLUMNS).where(InboxRow.key == bindparam("key"))
_BY_ID = select(*_COLUMNS).where(InboxRow.id == bindparam("id"))
_STATE = (
    FollowerRow.following,
    FollowerRow.answered_sequence,
    FollowerRow.state,
    FollowerRow.kept,
    FollowerRow.window_left,
    FollowerRow.window_until,
)

# One statement numbers the arrival and opens the customer-service window it brings. A short window (tap, follow,
# scan: three messages, one minute) never shortens a long one that is still open.
_NUMBER = (
    text(
        """
        INSERT INTO follower (openid, following, first_seen_at, last_seen_at, scene, last_sequence, answered_sequence,
                              state, kept, window_until, window_left, window_pushed)
        VALUES (:openid, COALESCE(:following, false), :at, :at, '', 1, 0, :state, 0, :window_until, :window_left, 0)
        ON CONFLICT (openid) DO UPDATE SET
            last_sequence = follower.last_sequence + 1,
            last_seen_at = CASE WHEN :following IS NULL THEN follower.last_seen_at ELSE excluded.last_seen_at END,
            following = COALESCE(:following, follower.following),
            window_pushed = CASE WHEN :opens AND (:long OR follower.window_until IS NULL OR follower.window_until <= :at
                                 OR follower.window_left = 0) THEN 0 ELSE follower.window_pushed END,
            window_left = CASE WHEN :opens AND (:long OR follower.window_until IS NULL OR follower.window_until <= :at
                               OR follower.window_left = 0) THEN excluded.window_left ELSE follower.window_left END,
            window_until = CASE WHEN :opens AND (:long OR follower.window_until IS NULL OR follower.window_until <= :at
                                OR follower.window_left = 0) THEN excluded.window_until ELSE follower.window_until END
        RETURNING last_sequence, following, answered_sequence, state, kept, window_left, window_until
        """
    )
    .bindparams(
        bindparam("openid", type_=String),
        bindparam("following", type_=Boolean),
        bindparam("at", type_=Instant),
        bindparam("state", type_=JSON),
        bindparam("window_until", type_=Instant),
        bindparam("window_left", type_=Integer),
        bindparam("opens", type_=Boolean),
        bindparam("long", type_=Boolean),
    )
    .columns(FollowerRow.last_sequence, *_STATE)
)
# The sequence is the follower's next one. Where two messages of a follower arrive in two processes at once, the unique
# (openid, sequence) lets one of them in and the other looks again.
_INSERT = (
    text(
        """
        INSERT INTO inbox (key, openid, sequence, arrived_at, incoming, lease_by, lease_until)
        SELECT :key, :openid, COALESCE(MAX(last_sequence), 0) + 1, :at, :incoming, :by, :until
        FROM follower WHERE openid = :openid
        ON CONFLICT (key) DO NOTHING RETURNING id, sequence
        """
    )
    .bindparams(
        bindparam("key", type_=String),
        bindparam("openid", type_=String),
        bindparam("at", type_=Instant),
        bindparam("incoming", type_=JSON),
        bindparam("by", type_=String),
        bindparam("until", type_=Instant),
    )
    .columns(InboxRow.id, InboxRow.sequence)
)
_LEAVE = text("UPDATE follower SET answered_sequence = :sequence, state = :state WHERE openid = :openid").bindparams(
    bindparam("state", type_=JSON)
)
_ANSWER = (
    text(
        """
        UPDATE inbox SET reply = :reply, way = COALESCE(way, 'passive'), answered_at = :at, lease_until = NULL
        WHERE id = :id AND reply IS NULL RETURNING way
        """
    )
    .bindparams(bindparam("reply", type_=JSON), bindparam("at", type_=Instant))
    .columns(InboxRow.way)
)


class RecordedElsewhere(Exception):
    """Another process wrote the same key between our look and our insert: look again."""


class AnsweredElsewhere(Exception):
    """Another process answered this message first: its answer stands, ours is dropped."""


def _arrival(row: Row[Any], *, new: bool) -> Arrival:
    return Arrival(
        id=row.id,
        key=row.key,
        openid=row.openid,
        sequence=row.sequence,
        arrived_at=row.arrived_at,
        incoming=row.incoming,
        new=new,
        way=Way(row.way) if row.way else None,
        reply=Reply.load(row.reply) if row.reply is not None else None,
    )


def _follower(openid: str, row: Row[Any]) -> FollowerState:
    return FollowerState(
        openid=openid,
        following=row.following,
        answered_sequence=row.answered_sequence,
        state=row.state,
        kept=row.kept,
        window_left=row.window_left,
        window_until=row.window_until,
    )


class Inbox:
    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def by_key(self, key: str) -> Arrival | None:
        row = self.connection.execute(_BY_KEY, {"key": key}).one_or_none()
        return _arrival(row, new=False) if row else None

    def get(self, arrival_id: int) -> Arrival:
        return _arrival(self.connection.execute(_BY_ID, {"id": arrival_id}).one(), new=False)

    def record(
        self,
        *,
        key: str,
        openid: str,
        incoming: dict[str, Any],
        following: bool | None,
        window: Window | None,
        at: datetime,
        by: str,
    ) -> tuple[Arrival, FollowerState | None]:
        """The arrival under this key, written now if it is new; then also the follower as the turn will need it.

        Raises RecordedElsewhere where another process won the race for the key (PostgreSQL only).
        """
        try:
            inserted = self.connection.execute(
                _INSERT,
                {"key": key, "openid": openid, "at": at, "incoming": incoming, "by": by, "until": at + LEASE},
            ).one_or_none()
        except IntegrityError as error:
            raise RecordedElsewhere(key) from error
        if inserted is None:
            known = self.by_key(key)
            if known is None:
                raise RecordedElsewhere(key)
            return known, None
        numbered = self.connection.execute(
            _NUMBER,
            {
                "openid": openid,
                "following": following,
                "at": at,
                "state": {},
                "opens": window is not None,
                "long": window is not None and window.lasts.days > 0,
                "window_until": at + window.lasts if window else None,
                "window_left": window.messages if window else 0,
            },
        ).one()
        arrival = Arrival(
            id=inserted.id,
            key=key,
            openid=openid,
            sequence=inserted.sequence,
            arrived_at=at,
            incoming=incoming,
            new=True,
            way=None,
            reply=None,
        )
        return arrival, _follower(openid, numbered)

    def follower(self, openid: str) -> FollowerState:
        row = self.connection.execute(select(*_STATE).where(FollowerRow.openid == openid)).one()
        return _follower(openid, row)

    def decide(self, arrival_id: int, way: Way) -> Arrival:
        """Decide how the message is answered unless that was decided before; the row as it now stands."""
        self.connection.execute(
            update(InboxRow).where(InboxRow.id == arrival_id, InboxRow.way.is_(None)).values(way=str(way))
        )
        return self.get(arrival_id)

    def answer(self, arrival: Arrival, reply: Reply, state: dict[str, Any], *, at: datetime) -> Way:
        """Write the answer and the conversation it leaves. Raises AnsweredElsewhere where one stands already.

        The follower comes first, as in `record`: two transactions that take the two rows in different order would
        wait for each other on PostgreSQL.
        """
        self.connection.execute(_LEAVE, {"sequence": arrival.sequence, "state": state, "openid": arrival.openid})
        row = self.connection.execute(_ANSWER, {"id": arrival.id, "reply": reply.dump(), "at": at}).one_or_none()
        if row is None:
            raise AnsweredElsewhere(arrival.key)
        return Way(row.way)

    def renew(self, arrival_id: int, *, by: str, at: datetime) -> None:
        """Keep the lease while waiting for one's turn."""
        self.connection.execute(
            update(InboxRow)
            .where(InboxRow.id == arrival_id, InboxRow.lease_by == by, InboxRow.reply.is_(None))
            .values(lease_until=at + LEASE)
        )

    def claim(self, arrival_id: int, *, by: str, at: datetime) -> bool:
        """Take over a message whose worker's lease ran out."""
        claimed = self.connection.execute(
            update(InboxRow)
            .where(InboxRow.id == arrival_id, InboxRow.reply.is_(None), InboxRow.lease_until < at)
            .values(lease_by=by, lease_until=at + LEASE)
        )
        return claimed.rowcount == 1

    def abandoned(self, *, at: datetime, limit: int) -> list[int]:
        """Messages whose worker's lease ran out, oldest first."""
        rows = self.connection.execute(
            select(InboxRow.id).where(InboxRow.lease_until < at).order_by(InboxRow.id).limit(limit)
        )
        return list(rows.scalars())

    def written_since(self, openid: str, at: datetime) -> int:
        """How many messages and taps of the follower came since; what the platform reports is none."""
        rows = self.connection.execute(
            select(InboxRow.incoming).where(InboxRow.openid == openid, InboxRow.arrived_at > at).limit(20)
        )
        return sum(row.incoming.get("kind") not in {"report", "view", "reported_location"} for row in rows)

    def forget_before(self, at: datetime) -> int:
        """Drop keys older than they need be kept. Answers still outstanding stay."""
        gone = self.connection.execute(
            InboxRow.__table__.delete().where(InboxRow.arrived_at < at, InboxRow.reply.is_not(None))  # type: ignore[attr-defined] # the mapped table
        )
        return gone.rowcount
