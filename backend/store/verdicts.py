"""What followers said of patents for their companies, and what stood in their lists."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, func, select, text

from backend.domain.matching import Verdict
from backend.store.tables import MatchShownRow, MatchVerdictRow
from backend.store.tables.base import Instant

_JUDGE = text(
    """
    INSERT INTO match_verdict (openid, number, verdict, at) VALUES (:openid, :number, :verdict, :at)
    ON CONFLICT (openid, number) DO UPDATE SET verdict = excluded.verdict, at = excluded.at
    """
).bindparams(bindparam("at", type_=Instant))
_SHOW = text(
    """
    INSERT INTO match_shown (openid, number, at) VALUES (:openid, :number, :at)
    ON CONFLICT (openid, number) DO UPDATE SET at = excluded.at
    """
).bindparams(bindparam("at", type_=Instant))
_SOME = select(MatchVerdictRow.openid, MatchVerdictRow.number, MatchVerdictRow.verdict).where(
    MatchVerdictRow.openid.in_(bindparam("openids", expanding=True))
)


class Verdicts:
    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def judge(self, openid: str, number: str, verdict: Verdict, *, at: datetime) -> None:
        """The last word counts."""
        self.connection.execute(_JUDGE, {"openid": openid, "number": number, "verdict": str(verdict), "at": at})

    def of(self, openid: str) -> dict[str, Verdict]:
        rows = self.connection.execute(
            select(MatchVerdictRow.number, MatchVerdictRow.verdict).where(MatchVerdictRow.openid == openid)
        )
        return {row.number: Verdict(row.verdict) for row in rows}

    def some(self, openids: Sequence[str]) -> dict[str, dict[str, Verdict]]:
        """Of these, by openid, then by number."""
        held: dict[str, dict[str, Verdict]] = {}
        for row in self.connection.execute(_SOME, {"openids": openids}):
            held.setdefault(row.openid, {})[row.number] = Verdict(row.verdict)
        return held

    def all(self) -> dict[str, dict[str, Verdict]]:
        """By openid, then by number."""
        held: dict[str, dict[str, Verdict]] = {}
        rows = self.connection.execute(select(MatchVerdictRow.openid, MatchVerdictRow.number, MatchVerdictRow.verdict))
        for row in rows:
            held.setdefault(row.openid, {})[row.number] = Verdict(row.verdict)
        return held

    def counts(self, numbers: Sequence[str]) -> dict[tuple[str, Verdict], int]:
        """How many followers said what of which patent."""
        rows = self.connection.execute(
            select(MatchVerdictRow.number, MatchVerdictRow.verdict, func.count().label("times"))
            .where(MatchVerdictRow.number.in_(numbers))
            .group_by(MatchVerdictRow.number, MatchVerdictRow.verdict)
        )
        return {(row.number, Verdict(row.verdict)): row.times for row in rows}

    def show(self, openid: str, numbers: Sequence[str], *, at: datetime) -> None:
        if numbers:
            self.connection.execute(_SHOW, [{"openid": openid, "number": number, "at": at} for number in numbers])

    def stands_in(self, *, besides: str, since: datetime) -> tuple[dict[str, int], int]:
        """In how many lists of others each patent stood since, and how many others had a list."""
        others = (MatchShownRow.at >= since, MatchShownRow.openid != besides)
        rows = self.connection.execute(
            select(MatchShownRow.number, func.count().label("times")).where(*others).group_by(MatchShownRow.number)
        )
        lists = self.connection.execute(
            select(func.count(func.distinct(MatchShownRow.openid))).where(*others)
        ).scalar_one()
        return {row.number: row.times for row in rows}, lists

    def forget(self, openid: str) -> None:
        for row in (MatchVerdictRow, MatchShownRow):
            self.connection.execute(delete(row).where(row.openid == openid))
