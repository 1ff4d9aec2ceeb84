"""Published figures on license fees by industry, as staff imported them."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, select, text

from backend.domain.fees import RoyaltyBasis
from backend.domain.pricing import IndustryRate
from backend.store.tables import IndustryRateRow
from backend.store.tables.base import Instant

_FIGURES = ("contracts", "mean_fen", "median_fen", "mean_rate_hundredths", "median_rate_hundredths", "rate_basis", "link",
            "by", "at")  # fmt: skip
_COLUMNS = ("industry", "year", "source", *_FIGURES)
_PUT = text(
    f"INSERT INTO industry_rate ({', '.join(_COLUMNS)}) VALUES ({', '.join(f':{name}' for name in _COLUMNS)}) "  # noqa: S608 names of our own columns
    "ON CONFLICT (industry, year, source) DO UPDATE SET "
    f"{', '.join(f'{name} = excluded.{name}' for name in _FIGURES)}"
).bindparams(bindparam("at", type_=Instant))


def _hundredths(value: Decimal | None) -> int | None:
    return None if value is None else int(value * 100)


def _decimal(value: int | None) -> Decimal | None:
    return None if value is None else Decimal(value) / 100


class IndustryRates:
    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def put(self, rate: IndustryRate, *, by: str, at: datetime) -> None:
        """The same industry, year and source again replaces the figures."""
        self.connection.execute(
            _PUT,
            {
                "industry": rate.industry,
                "year": rate.year,
                "source": rate.source,
                "contracts": rate.contracts,
                "mean_fen": _hundredths(rate.mean_yuan),
                "median_fen": _hundredths(rate.median_yuan),
                "mean_rate_hundredths": _hundredths(rate.mean_rate_percent),
                "median_rate_hundredths": _hundredths(rate.median_rate_percent),
                "rate_basis": str(rate.rate_basis or ""),
                "link": rate.link,
                "by": by,
                "at": at,
            },
        )

    def drop(self, rate_id: int) -> bool:
        """True where there was one."""
        return self.connection.execute(delete(IndustryRateRow).where(IndustryRateRow.id == rate_id)).rowcount == 1

    def all(self) -> list[IndustryRate]:
        rows = self.connection.execute(
            select(*IndustryRateRow.__table__.columns).order_by(IndustryRateRow.industry, IndustryRateRow.year.desc())
        )
        return [_rate(row) for row in rows]


def _rate(row: Row[*tuple[Any, ...]]) -> IndustryRate:
    return IndustryRate(
        id=row.id,
        industry=row.industry,
        year=row.year,
        contracts=row.contracts,
        source=row.source,
        mean_yuan=_decimal(row.mean_fen),
        median_yuan=_decimal(row.median_fen),
        mean_rate_percent=_decimal(row.mean_rate_hundredths),
        median_rate_percent=_decimal(row.median_rate_hundredths),
        rate_basis=RoyaltyBasis(row.rate_basis) if row.rate_basis else None,
        link=row.link,
    )
