"""What the editors learn from: questions without an answer, choices that taught a phrasing, whether answers were of use."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, func, insert, select

from backend.store.tables import MissRow, VerdictRow


class Misses:
    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def add(self, *, openid: str, question: str, offered: Sequence[str], chosen: str, at: datetime) -> None:
        self.connection.execute(
            insert(MissRow).values(openid=openid, question=question[:1000], offered=list(offered), chosen=chosen, at=at)
        )

    def judge(self, *, openid: str, entry: str, question: str, useful: bool, at: datetime) -> None:
        """Keep whether an answer was of use."""
        self.connection.execute(
            insert(VerdictRow).values(openid=openid, entry=entry, question=question[:1000], useful=useful, at=at)
        )

    def verdicts(self) -> dict[str, tuple[int, int]]:
        """Entry → how often it was (of use, of no use)."""
        rows = self.connection.execute(
            select(VerdictRow.entry, VerdictRow.useful, func.count().label("times")).group_by(
                VerdictRow.entry, VerdictRow.useful
            )
        )
        counted: dict[str, tuple[int, int]] = {}
        for row in rows:
            useful, useless = counted.get(row.entry, (0, 0))
            counted[row.entry] = (useful + row.times, useless) if row.useful else (useful, useless + row.times)
        return counted

    def most_asked(self, limit: int = 50) -> list[tuple[str, int]]:
        """Unanswered questions with how often they were asked, most first."""
        rows = self.connection.execute(
            select(MissRow.question, func.count().label("times"))
            .where(MissRow.chosen == "")
            .group_by(MissRow.question)
            .order_by(func.count().desc(), MissRow.question)
            .limit(limit)
        )
        return [(row.question, row.times) for row in rows]
