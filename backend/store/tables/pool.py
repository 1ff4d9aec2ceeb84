"""The patent pool: listings are versions, never edited; a batch makes many visible by one flip."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from backend.domain.fees import PaymentMethod, RoyaltyBasis
from backend.domain.listings import Guidance, HolderType, ListingStatus, Pledge, Suspension, Track
from backend.domain.patents import PatentKind
from backend.store.tables.base import NAME, SHORT, Base, Instant, one_of


class BatchStatus(StrEnum):
    STAGING = "staging"
    VISIBLE = "visible"
    ABANDONED = "abandoned"


class BatchRow(Base):
    """One import. Its rows count only once it is VISIBLE: the flip is this one row."""

    __tablename__ = "batch"
    __table_args__ = (one_of("status", BatchStatus),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    status: Mapped[str] = mapped_column(SHORT)
    source: Mapped[str] = mapped_column(NAME)
    vouched_by: Mapped[str] = mapped_column(NAME, default="")
    demonstration: Mapped[bool] = mapped_column(default=False)
    started_at: Mapped[datetime] = mapped_column(Instant)
    visible_at: Mapped[datetime | None] = mapped_column(Instant)
    noted_up_to: Mapped[int] = mapped_column(default=0)  # listings whose search tasks are written
    noted: Mapped[bool] = mapped_column(default=False)


class ListingRow(Base):
    """One version of one patent's terms. The current one is the newest whose batch is visible.

    Money is fen, royalty is hundredths of a percent: SQLite has no decimals.
    """

    __tablename__ = "listing"
    __table_args__ = (
        one_of("status", ListingStatus),
        one_of("kind", PatentKind),
        one_of("track", Track),
        one_of("method", PaymentMethod),
        one_of("royalty_basis", RoyaltyBasis),
        one_of("holder_type", HolderType),
        one_of("suspension", Suspension),
        one_of("pledge", Pledge),
        one_of("guidance", Guidance),
        Index("ix_listing_number_id", "number", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("batch.id"), index=True)
    status: Mapped[str] = mapped_column(SHORT)
    number: Mapped[str] = mapped_column(SHORT)
    title: Mapped[str] = mapped_column(NAME)
    kind: Mapped[str] = mapped_column(SHORT)
    filed_on: Mapped[date]
    granted_on: Mapped[date | None]
    holders: Mapped[list[Any]] = mapped_column(JSON)
    co_holders_agree: Mapped[bool]
    holder_type: Mapped[str] = mapped_column(SHORT)
    credit_code: Mapped[str] = mapped_column(SHORT)
    contact_name: Mapped[str] = mapped_column(NAME)
    contact_phone: Mapped[str] = mapped_column(NAME)
    contact_email: Mapped[str] = mapped_column(NAME)
    contact_public: Mapped[bool]
    ipc_main: Mapped[str] = mapped_column(SHORT)
    ipc: Mapped[list[Any]] = mapped_column(JSON)
    industry: Mapped[str] = mapped_column(NAME)
    cluster: Mapped[str] = mapped_column(SHORT)
    place_code: Mapped[str] = mapped_column(SHORT)
    abstract: Mapped[str] = mapped_column(Text)
    scenes: Mapped[str] = mapped_column(Text)
    claims: Mapped[str] = mapped_column(Text, server_default="")  # the release before knows no claims
    maturity: Mapped[int | None]
    guidance: Mapped[str | None] = mapped_column(SHORT)
    track: Mapped[str] = mapped_column(SHORT)
    announcement_number: Mapped[str] = mapped_column(NAME)
    announced_on: Mapped[date | None]
    method: Mapped[str] = mapped_column(SHORT)
    lump_sum_fen: Mapped[int | None] = mapped_column(BigInteger)
    instalments: Mapped[str] = mapped_column(Text)
    entry_fee_fen: Mapped[int | None] = mapped_column(BigInteger)
    royalty_basis: Mapped[str | None] = mapped_column(SHORT)
    royalty_hundredths: Mapped[int | None]
    unit_fen: Mapped[int | None] = mapped_column(BigInteger)
    fee_note: Mapped[str] = mapped_column(Text)
    license_ends_on: Mapped[date]
    license_years: Mapped[int | None]
    region: Mapped[str] = mapped_column(NAME)
    licensee_scope: Mapped[str] = mapped_column(NAME)
    evaluation_report: Mapped[str] = mapped_column(NAME)
    exclusive_license: Mapped[bool]
    suspension: Mapped[str] = mapped_column(SHORT)
    pledge: Mapped[str] = mapped_column(SHORT)
    price_publicity: Mapped[str] = mapped_column(String(500))
    remark: Mapped[str] = mapped_column(Text)


class ReplicaRow(Base):
    """One derived search index, on one machine."""

    __tablename__ = "search_replica"

    name: Mapped[str] = mapped_column(NAME, primary_key=True)
    seen_at: Mapped[datetime] = mapped_column(Instant)


class SearchTaskRow(Base):
    """A patent number an index has yet to read again: inserted with the change, deleted when the index has it."""

    __tablename__ = "search_task"

    replica: Mapped[str] = mapped_column(NAME, primary_key=True)
    number: Mapped[str] = mapped_column(SHORT, primary_key=True)
