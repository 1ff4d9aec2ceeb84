"""Patents that a follower keeps: what was offered when they kept it, beside what is offered now."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from backend.domain.fees import Fee, PaymentMethod, RoyaltyBasis
from backend.domain.listings import Standing
from backend.domain.queries import Found

MOST = 60  # of one follower; a list that nobody leafs through helps nobody


@dataclass(frozen=True, slots=True)
class Kept:
    """`fee` and `standing` are those of the day it was kept; `now` is None for what is no longer on show."""

    number: str
    title: str
    kept_at: datetime
    fee: Fee
    standing: Standing
    now: Found | None = None

    @property
    def repriced(self) -> bool:
        return self.now is not None and self.now.listing.fee != self.fee

    @property
    def moved(self) -> bool:
        """What the law makes of the listing is no longer the same."""
        return self.now is not None and self.now.listing.standing is not self.standing


def dump_fee(fee: Fee) -> dict[str, Any]:
    """Plain JSON values, what is not set left out."""
    return {name: str(value) for name, value in asdict(fee).items() if value not in {None, ""}}


def load_fee(values: dict[str, Any]) -> Fee:
    money = {
        name: Decimal(values[name])
        for name in ("lump_sum_yuan", "entry_fee_yuan", "royalty_percent", "unit_yuan")
        if name in values
    }
    return Fee(
        method=PaymentMethod(values["method"]),
        instalments=values.get("instalments", ""),
        royalty_basis=RoyaltyBasis(values["royalty_basis"]) if "royalty_basis" in values else None,
        note=values.get("note", ""),
        **money,
    )
