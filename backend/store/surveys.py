"""Answers to surveys: one set per follower and version."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import JSON as JSON_
from sqlalchemy import Connection, bindparam, select, text, update

from backend.store.tables import SurveyAnswerRow
from backend.store.tables.base import Instant

_PUT = text(
    """
    INSERT INTO survey_answer (openid, survey, side, answers, at) VALUES (:openid, :survey, :side, :answers, :at)
    ON CONFLICT (openid, survey) DO UPDATE SET side = excluded.side, answers = excluded.answers, at = excluded.at
    """
).bindparams(bindparam("answers", type_=JSON_), bindparam("at", type_=Instant))


class Surveys:
    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def put(self, openid: str, survey: str, side: str, answers: dict[str, Any], *, at: datetime) -> None:
        """In place of what they answered before."""
        values = {"openid": openid, "survey": survey, "side": side, "answers": answers, "at": at}
        self.connection.execute(_PUT, values)

    def answered(self, openid: str, survey: str) -> dict[str, Any] | None:
        row = select(SurveyAnswerRow.answers).where(SurveyAnswerRow.openid == openid, SurveyAnswerRow.survey == survey)
        return self.connection.execute(row).scalar_one_or_none()

    def sets(self, survey: str, side: str) -> Iterator[dict[str, Any]]:
        """Every answer set of one side, without whose it is."""
        rows = self.connection.execute(
            select(SurveyAnswerRow.answers).where(SurveyAnswerRow.survey == survey, SurveyAnswerRow.side == side)
        )
        yield from rows.scalars()

    def unname(self, openid: str, kept: frozenset[str]) -> None:
        """The follower is erased: their choices stay as counts under a name that is nobody's, their own words go."""
        rows = self.connection.execute(
            select(SurveyAnswerRow.survey, SurveyAnswerRow.answers).where(SurveyAnswerRow.openid == openid)
        ).all()
        for row in rows:
            choices = {name: value for name, value in row.answers.items() if name in kept}
            self.connection.execute(
                update(SurveyAnswerRow)
                .where(SurveyAnswerRow.openid == openid, SurveyAnswerRow.survey == row.survey)
                .values(openid=f"gone-{secrets.token_hex(16)}", answers=choices)
            )
