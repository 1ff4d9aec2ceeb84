"""What a license costs: payment methods, amounts, and the general caps.

Money is Decimal yuan, rates are Decimal percent. The caps are “一般不高于” (notice 国知发运字〔2024〕19号): a lump sum of
20 million yuan, 20 % of net sales or 40 % of profit. They warn; they never refuse.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

LUMP_SUM_CAP_YUAN = Decimal(20_000_000)
NET_SALES_CAP_PERCENT = Decimal(20)
PROFIT_CAP_PERCENT = Decimal(40)


class PaymentMethod(StrEnum):
    FREE = "free"
    LUMP_SUM = "lump_sum"
    INSTALMENTS = "instalments"
    RUNNING_ROYALTY = "running_royalty"
    ENTRY_FEE_AND_ROYALTY = "entry_fee_and_royalty"

    @property
    def has_lump_sum(self) -> bool:
        return self in {PaymentMethod.LUMP_SUM, PaymentMethod.INSTALMENTS}

    @property
    def has_royalty(self) -> bool:
        return self in {PaymentMethod.RUNNING_ROYALTY, PaymentMethod.ENTRY_FEE_AND_ROYALTY}


class RoyaltyBasis(StrEnum):
    NET_SALES = "net_sales"
    PROFIT = "profit"
    UNIT = "unit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fee:
    """The price of a license as declared. Only the fields of its method are set; the rest are None."""

    method: PaymentMethod
    lump_sum_yuan: Decimal | None = None
    instalments: str = ""
    entry_fee_yuan: Decimal | None = None
    royalty_basis: RoyaltyBasis | None = None
    royalty_percent: Decimal | None = None
    unit_yuan: Decimal | None = None
    note: str = ""

    @property
    def upfront_yuan(self) -> Decimal:
        """What must be paid before the first use: the figure by which offers are compared and filtered."""
        if self.method.has_lump_sum:
            return self.lump_sum_yuan or Decimal(0)
        return self.entry_fee_yuan or Decimal(0)

    def above_cap(self) -> bool:
        """True where the fee lies above what the notice calls the general upper bound."""
        if self.lump_sum_yuan is not None and self.lump_sum_yuan > LUMP_SUM_CAP_YUAN:
            return True
        if self.royalty_percent is None:
            return False
        cap = PROFIT_CAP_PERCENT if self.royalty_basis is RoyaltyBasis.PROFIT else NET_SALES_CAP_PERCENT
        return self.royalty_percent > cap
