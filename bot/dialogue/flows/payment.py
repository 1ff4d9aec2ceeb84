"""What a license costs, step by step: shared by the declaration and the change of price.

The caps are “一般不高于” (国知发运字〔2024〕19号): above them the figure is asked for once more and then taken.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from backend.domain.fees import (
    LUMP_SUM_CAP_YUAN,
    NET_SALES_CAP_PERCENT,
    PROFIT_CAP_PERCENT,
    PaymentMethod,
    RoyaltyBasis,
)
from bot.dialogue.flows.engine import Filled, Known, Reader, Step
from bot.dialogue.flows.heard import AnswerError, Heard
from bot.dialogue.flows.readers.amounts import percent, rate_in, sum_in, yuan
from bot.dialogue.flows.readers.choices import one_of, pick
from bot.dialogue.flows.readers.words import text
from bot.dialogue.say import Value, say

METHODS = tuple(PaymentMethod)
BASES = tuple(RoyaltyBasis)
_AMOUNT_OF = {
    PaymentMethod.LUMP_SUM: "lump_sum_yuan",
    PaymentMethod.INSTALMENTS: "lump_sum_yuan",
    PaymentMethod.ENTRY_FEE_AND_ROYALTY: "entry_fee_yuan",
}


def _method(heard: Heard) -> Any:
    """“一次总付5万元”, “净销售额提成3%”: the method, with what stands beside it."""
    found = [said.span for said in heard.facts.money] + [said.span for said in heard.facts.rates]
    spans = [(span.start, span.end) for span in found]
    if not spans:
        sum_in(heard, bare=False)  # “面议” is told why there must be a price
    if not spans or heard.facts.ordinal:
        return pick(heard, heard.plain, METHODS, "PaymentMethod")
    amount, rate = sum_in(heard, bare=False), rate_in(heard)
    left = heard.without(*spans)
    basis = next((RoyaltyBasis(kind) for word, kind in _longest(heard, "RoyaltyBasis") if word in left), None)
    for word, _ in _longest(heard, "RoyaltyBasis"):
        left = left.replace(word, "", 1)
    method = pick(heard, left, METHODS, "PaymentMethod")
    also: dict[str, Any] = {}
    if amount and method in _AMOUNT_OF:
        also[_AMOUNT_OF[method]] = amount
    if basis and method.has_royalty:
        also["royalty_basis"] = basis
    if rate and method.has_royalty and basis is not RoyaltyBasis.UNIT:
        also["royalty_percent"] = rate
    return Filled(method, also)


def _longest(heard: Heard, kind: str) -> list[tuple[str, str]]:
    return sorted(heard.words.get(kind, {}).items(), key=lambda pair: -len(pair[0]))


def _has(*methods: PaymentMethod) -> Callable[[Known], bool]:
    return lambda known: known["method"] in methods


def _high_sum(value: Decimal, _known: Known) -> AnswerError | None:
    if value <= LUMP_SUM_CAP_YUAN:
        return None
    return AnswerError("flow_payment.warning.sum", amount=say("yuan", amount=value))


def _high_rate(value: Decimal, known: Known) -> AnswerError | None:
    profit = known["royalty_basis"] is RoyaltyBasis.PROFIT
    if value <= (PROFIT_CAP_PERCENT if profit else NET_SALES_CAP_PERCENT):
        return None
    return AnswerError("flow_payment.warning.profit" if profit else "flow_payment.warning.net_sales", rate=value)


def _royalty_on(known: Known, *bases: RoyaltyBasis) -> bool:
    return bool(known["method"].has_royalty) and known["royalty_basis"] in bases


def _basis(known: Known) -> dict[str, Value]:
    return {"basis": known["royalty_basis"]}


PAYMENT: tuple[Step, ...] = (
    Step(
        id="method",
        reader=Reader(_method, dump=str, load=PaymentMethod, options=METHODS),
        texts="flow_payment",
    ),
    Step(
        id="lump_sum_yuan",
        reader=yuan(),
        when=_has(PaymentMethod.LUMP_SUM, PaymentMethod.INSTALMENTS),
        doubt=_high_sum,
        texts="flow_payment",
    ),
    Step(
        id="instalments",
        reader=text(least=4, most=200),
        when=_has(PaymentMethod.INSTALMENTS),
        texts="flow_payment",
    ),
    Step(
        id="entry_fee_yuan",
        reader=yuan(),
        when=_has(PaymentMethod.ENTRY_FEE_AND_ROYALTY),
        doubt=_high_sum,
        texts="flow_payment",
    ),
    Step(
        id="royalty_basis",
        reader=one_of(RoyaltyBasis),
        when=lambda known: known["method"].has_royalty,
        texts="flow_payment",
    ),
    Step(
        id="royalty_percent",
        reader=percent(),
        when=lambda known: _royalty_on(known, RoyaltyBasis.NET_SALES, RoyaltyBasis.PROFIT),
        doubt=_high_rate,
        asks=_basis,
        texts="flow_payment",
    ),
    Step(
        id="unit_yuan",
        reader=yuan(),
        when=lambda known: _royalty_on(known, RoyaltyBasis.UNIT),
        doubt=_high_sum,
        texts="flow_payment",
    ),
    Step(
        id="fee_note",
        reader=text(least=4, may_skip=True),
        when=lambda known: known["method"] is not PaymentMethod.FREE,
        texts="flow_payment",
    ),
)
