"""Companies, what they said of patents, labels of institutions, classes decided by staff, grades, reference figures."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.domain.companies import CompanySize
from backend.domain.institutions import InstitutionLabel
from backend.domain.matching import Verdict
from backend.store.tables.base import NAME, SHORT, Base, Instant, one_of


class CompanyRow(Base):
    """A follower's own company (one each, by openid) or one of a staff import (openid NULL). Money is fen."""

    __tablename__ = "company"
    __table_args__ = (one_of("size", CompanySize),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    openid: Mapped[str | None] = mapped_column(SHORT, unique=True)
    name: Mapped[str] = mapped_column(NAME, index=True)
    credit_code: Mapped[str] = mapped_column(SHORT)
    products: Mapped[str] = mapped_column(Text)
    division: Mapped[str] = mapped_column(SHORT)
    clusters: Mapped[list[Any]] = mapped_column(JSON)
    place_code: Mapped[str] = mapped_column(SHORT)
    size: Mapped[str | None] = mapped_column(SHORT)
    labels: Mapped[list[Any]] = mapped_column(JSON)
    budget_fen: Mapped[int | None] = mapped_column(BigInteger)
    source: Mapped[str] = mapped_column(NAME)
    updated_at: Mapped[datetime] = mapped_column(Instant)


class MatchVerdictRow(Base):
    """What a follower said of a patent last."""

    __tablename__ = "match_verdict"
    __table_args__ = (one_of("verdict", Verdict),)

    openid: Mapped[str] = mapped_column(SHORT, primary_key=True)
    number: Mapped[str] = mapped_column(SHORT, primary_key=True)
    verdict: Mapped[str] = mapped_column(SHORT)
    at: Mapped[datetime] = mapped_column(Instant)


class MatchShownRow(Base):
    """That a patent stood in a follower's list, and when last: what diversity counts."""

    __tablename__ = "match_shown"
    __table_args__ = (Index("ix_match_shown_at_number", "at", "number"),)

    openid: Mapped[str] = mapped_column(SHORT, primary_key=True)
    number: Mapped[str] = mapped_column(SHORT, primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)


class InstitutionLabelRow(Base):
    """`name` is the holder's full name as in the pool, or a prefecture-level unit for a key city."""

    __tablename__ = "institution_label"
    __table_args__ = (one_of("label", InstitutionLabel),)

    name: Mapped[str] = mapped_column(NAME, primary_key=True)
    label: Mapped[str] = mapped_column(SHORT, primary_key=True)
    source: Mapped[str] = mapped_column(String(500))
    ends_on: Mapped[date | None]
    by: Mapped[str] = mapped_column(NAME)
    at: Mapped[datetime] = mapped_column(Instant)


class ClassOverrideRow(Base):
    """A colleague's word on the classes of a patent; empty parts leave the proposal."""

    __tablename__ = "class_override"

    number: Mapped[str] = mapped_column(SHORT, primary_key=True)
    cluster: Mapped[str] = mapped_column(SHORT)
    division: Mapped[str] = mapped_column(SHORT)
    reason: Mapped[str] = mapped_column(String(500))
    by: Mapped[str] = mapped_column(NAME)
    at: Mapped[datetime] = mapped_column(Instant)


class GradeRow(Base):
    """One grading. A new row where anything came out differently: the history is the table."""

    __tablename__ = "grade"
    __table_args__ = (Index("ix_grade_number_id", "number", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    number: Mapped[str] = mapped_column(SHORT)
    rules: Mapped[str] = mapped_column(SHORT)
    letter: Mapped[str] = mapped_column(SHORT, index=True)
    points: Mapped[int]
    known: Mapped[int]
    items: Mapped[list[Any]] = mapped_column(JSON)
    at: Mapped[datetime] = mapped_column(Instant)


class IndustryRateRow(Base):
    """A published figure on license fees of an industry. Money is fen, rates are hundredths of a percent."""

    __tablename__ = "industry_rate"
    __table_args__ = (UniqueConstraint("industry", "year", "source"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    industry: Mapped[str] = mapped_column(SHORT)
    year: Mapped[str] = mapped_column(SHORT)
    contracts: Mapped[int]
    mean_fen: Mapped[int | None] = mapped_column(BigInteger)
    median_fen: Mapped[int | None] = mapped_column(BigInteger)
    mean_rate_hundredths: Mapped[int | None]
    median_rate_hundredths: Mapped[int | None]
    rate_basis: Mapped[str] = mapped_column(SHORT)
    source: Mapped[str] = mapped_column(String(300))
    link: Mapped[str] = mapped_column(String(500))
    by: Mapped[str] = mapped_column(NAME)
    at: Mapped[datetime] = mapped_column(Instant)


class PriceReviewRow(Base):
    """A colleague looked at a price that seemed to need it: nothing is said of it again until the day."""

    __tablename__ = "price_review"

    number: Mapped[str] = mapped_column(SHORT, primary_key=True)
    outcome: Mapped[str] = mapped_column(SHORT)
    quiet_until: Mapped[date]
    by: Mapped[str] = mapped_column(NAME)
    at: Mapped[datetime] = mapped_column(Instant)
