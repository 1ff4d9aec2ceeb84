"""What a license costs, step by step: shared by the declaration and the change of price.

The caps are “一般不高于” (国知发运字〔2024〕19号): above them the figure is asked for once more and then taken.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from enum import StrEnum
from typing import Any

from backend.domain.fees import (
    LUMP_SUM_CAP_YUAN,
    NET_SALES_CAP_PERCENT,
    PROFIT_CAP_PERCENT,
    PaymentMethod,
    RoyaltyBasis,
)
from bot.dialogue.flows.engine import UNSAID, Filled, Known, Reader, Step
from bot.dialogue.flows.heard import AnswerError, Heard, Unread
from bot.dialogue.flows.readers.amounts import percent, yuan
from bot.dialogue.flows.readers.choices import one_of, pick
from bot.dialogue.flows.readers.terms import terms
from bot.dialogue.flows.readers.words import is_about_the_form, text
from bot.dialogue.say import Value, say

METHODS = tuple(PaymentMethod)
BASES = one_of(RoyaltyBasis)


def _asked(step: str, unread: str) -> Callable[[Heard], Filled]:
    """Reads the answer to this step with whatever else the message says of the fee, another method among it."""

    def read(heard: Heard) -> Filled:
        said = terms(heard, step)
        if not said:
            raise Unread(unread, given=heard.plain[:20], count=len(METHODS))
        return Filled(said.pop(step, UNSAID), said)

    return read


_method_and_more = _asked("method", "flow_common.error.choice")
_basis_and_more = _asked("royalty_basis", "flow_common.error.choice")


def _method(heard: Heard) -> Any:
    """“一次总付5万元”, “净销售额提成3%”: the method, with what stands beside it."""
    return _option(heard, METHODS) or _method_and_more(heard)


def _basis(heard: Heard) -> Any:
    return _option(heard, tuple(RoyaltyBasis)) or _basis_and_more(heard)


def _option(heard: Heard, members: tuple[StrEnum, ...]) -> StrEnum | None:
    """The option that the whole message names or counts; a sum beside it is not to be dropped."""
    if heard.facts.money or heard.facts.rates:
        return None
    try:
        picked: StrEnum = pick(heard, heard.plain, members, type(members[0]).__name__)
    except Unread:
        return None
    return picked


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


def _note(heard: Heard) -> Any:
    if is_about_the_form(heard):
        raise Unread("flow_payment.error.no_note", given=heard.text[:20])
    return text(may_skip=True).read(heard)


def _basis_said(known: Known) -> dict[str, Value]:
    return {"basis": known["royalty_basis"]}


PAYMENT: tuple[Step, ...] = (
    Step(
        id="method",
        reader=Reader(_method, dump=str, load=PaymentMethod, options=METHODS),
        texts="flow_payment",
    ),
    Step(
        id="lump_sum_yuan",
        reader=yuan(_asked("lump_sum_yuan", "flow_common.error.sum")),
        when=_has(PaymentMethod.LUMP_SUM, PaymentMethod.INSTALMENTS),
        doubt=_high_sum,
        forgets=("instalments",),  # a plan of another total
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
        reader=yuan(_asked("entry_fee_yuan", "flow_common.error.sum")),
        when=_has(PaymentMethod.ENTRY_FEE_AND_ROYALTY),
        doubt=_high_sum,
        texts="flow_payment",
    ),
    Step(
        id="royalty_basis",
        reader=replace(BASES, read=_basis),
        when=lambda known: known["method"].has_royalty,
        texts="flow_payment",
    ),
    Step(
        id="royalty_percent",
        reader=percent(_asked("royalty_percent", "flow_common.error.rate")),
        when=lambda known: _royalty_on(known, RoyaltyBasis.NET_SALES, RoyaltyBasis.PROFIT),
        doubt=_high_rate,
        asks=_basis_said,
        texts="flow_payment",
    ),
    Step(
        id="unit_yuan",
        reader=yuan(_asked("unit_yuan", "flow_common.error.sum")),
        when=lambda known: _royalty_on(known, RoyaltyBasis.UNIT),
        doubt=_high_sum,
        texts="flow_payment",
    ),
    Step(
        id="fee_note",
        reader=replace(text(may_skip=True), read=_note),
        when=lambda known: known["method"] is not PaymentMethod.FREE,
        texts="flow_payment",
    ),
)
