"""Followers: the customer-service window, what is kept for them, and forgetting them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from backend.store.tables import (
    AlertRow,
    CompanyRow,
    ConsentRow,
    DraftRow,
    FavouriteRow,
    FollowerRow,
    HandoffLineRow,
    HandoffRow,
    InboxRow,
    MatchShownRow,
    MatchVerdictRow,
    MissRow,
    NeedMatchRow,
    NeedReaderRow,
    NeedRow,
    OfficerRow,
    PhotoRow,
    SavedQueryKeyRow,
    SavedQueryRow,
    SurveyAnswerRow,
    TableUploadRow,
    VerdictRow,
)


class Followers:
    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def answered_sequence(self, openid: str) -> int:
        return self.connection.execute(
            select(FollowerRow.answered_sequence).where(FollowerRow.openid == openid)
        ).scalar_one()

    def count_kept(self, openid: str, by: int) -> None:
        self.connection.execute(
            update(FollowerRow).where(FollowerRow.openid == openid).values(kept=FollowerRow.kept + by)
        )

    def is_following(self, openid: str) -> bool:
        row = select(FollowerRow.openid).where(FollowerRow.openid == openid, FollowerRow.following.is_(True))
        return self.connection.execute(row).first() is not None

    def came_by(self, openid: str, scene: str) -> None:
        self.connection.execute(update(FollowerRow).where(FollowerRow.openid == openid).values(scene=scene[:200]))

    def due_for_erasure(self, openid: str, at: datetime | None) -> None:
        """Set by unfollowing, lifted by following again in time."""
        self.connection.execute(update(FollowerRow).where(FollowerRow.openid == openid).values(erase_due_at=at))

    def to_erase(self, *, at: datetime, limit: int = 100) -> Sequence[str]:
        rows = self.connection.execute(select(FollowerRow.openid).where(FollowerRow.erase_due_at <= at).limit(limit))
        return rows.scalars().all()

    def is_due(self, openid: str, *, at: datetime) -> bool:
        """Asked again in the transaction that erases, for they may have come back."""
        found = self.connection.execute(
            select(FollowerRow.openid).where(FollowerRow.openid == openid, FollowerRow.erase_due_at <= at)
        )
        return found.first() is not None

    def erase(self, openid: str) -> None:
        """Everything kept about the follower, but deliveries, which `Deliveries.unname` takes care of. Messages still
        outstanding are answered as gone."""
        theirs = select(HandoffRow.id).where(HandoffRow.openid == openid)
        self.connection.execute(delete(HandoffLineRow).where(HandoffLineRow.handoff_id.in_(theirs)))
        saved = select(SavedQueryRow.id).where(SavedQueryRow.openid == openid)
        needs = select(NeedRow.id).where(NeedRow.openid == openid)
        self.connection.execute(delete(NeedMatchRow).where(NeedMatchRow.need_id.in_(needs)))
        self.connection.execute(delete(SavedQueryKeyRow).where(SavedQueryKeyRow.saved_query_id.in_(saved)))
        for row in (
            AlertRow,
            SavedQueryRow,
            NeedRow,
            NeedReaderRow,
            SurveyAnswerRow,
            CompanyRow,
            MatchVerdictRow,
            MatchShownRow,
            DraftRow,
            FavouriteRow,
            PhotoRow,
            TableUploadRow,
            OfficerRow,
            ConsentRow,
            HandoffRow,
            MissRow,
            VerdictRow,
            InboxRow,
            FollowerRow,
        ):
            self.connection.execute(delete(row).where(row.openid == openid))
