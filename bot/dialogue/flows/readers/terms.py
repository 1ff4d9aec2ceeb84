"""What a message answers of a license fee, by step: whoever is asked one part may name another, or all of them."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from backend.domain.fees import PaymentMethod, RoyaltyBasis
from bot.dialogue.flows.engine import UNSAID
from bot.dialogue.flows.heard import AnswerError, Heard
from bot.dialogue.flows.readers.amounts import exact_rate, exact_sum
from bot.dialogue.flows.readers.fees import Fee, fee_of, trouble
from bot.dialogue.flows.readers.sums import Said
from bot.dialogue.flows.readers.words import cleaned
from bot.dialogue.say import say

METHOD, LUMP, ENTRY, PERCENT, UNIT = "method", "lump_sum_yuan", "entry_fee_yuan", "royalty_percent", "unit_yuan"
SMALLEST_BARE = 100  # “一次总付5” may mean 50,000
LEAST_PLAN, MOST_PLAN = 4, 200  # characters of what is paid when
_PARTS = re.compile(r"分成?[一二两三四五六七八九十几\d]+(?:期|次|批|年)(?:付|支付|付款|付清)?|首付|首期")
_TOTAL = re.compile(r"(?:总共|一共|合计|共计|统共|总计|总额|总价|总金额|共)(?:是|为|[:：\s])*([^，,。；;、\s]+)")
_SPREAD = re.compile(r"[元块万千][，, ]*分[一二两三四五六七八九十几\d]+(?:期|次|批|年)(?:付清|付完|支付|付)?[了吧。]*$")
_INSTALMENTS_ONLY = re.compile(r"^(?:分期付款|分期支付|分期付|分期)?[\s:：,，。;；]*")


def terms(heard: Heard, asked: str) -> dict[str, Any]:
    """Answers by step id, empty where there are none. Raises AnswerError where a figure cannot be taken surely."""
    fee = fee_of(heard)
    if PaymentMethod.INSTALMENTS in fee.methods or _PARTS.search(heard.plain):
        return _instalments(heard, fee)
    problem = trouble(heard, fee)
    if problem:
        raise problem
    if fee.left:
        return {}
    fee = _of_the_question(fee, asked)
    _one_of_each(fee)
    return {name: value for name, value in _named(fee, asked).items() if value is not None}


def _of_the_question(fee: Fee, asked: str) -> Fee:
    """A figure without a name answers what was asked."""
    if not fee.plain:
        return fee
    rest: dict[str, Any] = {name: getattr(fee, name) for name in ("methods", "bases", "names_entry")}
    if asked == PERCENT and not fee.rates and all(said.bare for said in fee.plain):
        if 0 < fee.plain[0].value < 1:  # “0.03” is said for 3% as well
            raise AnswerError("flow_common.error.bare_rate", given=fee.plain[0].value)
        return Fee(**rest, entry=fee.entry, unit=fee.unit, rates=tuple(said.value for said in fee.plain))
    if asked == UNIT and not fee.unit and not fee.methods:
        return Fee(**rest, entry=fee.entry, unit=fee.plain, rates=fee.rates)
    if not fee.entry and (
        PaymentMethod.ENTRY_FEE_AND_ROYALTY in fee.methods or (asked == ENTRY and not _for_good(fee.methods))
    ):
        return Fee(**rest, entry=fee.plain, unit=fee.unit, rates=fee.rates)
    return fee


def _for_good(methods: frozenset[PaymentMethod]) -> frozenset[PaymentMethod]:
    return methods & {PaymentMethod.FREE, PaymentMethod.LUMP_SUM}


def _one_of_each(fee: Fee) -> None:
    """Raises AnswerError where a message says two things that exclude each other."""
    if any(len(said) > 1 for said in (fee.plain, fee.entry, fee.unit)):
        raise AnswerError("flow_common.error.two_sums")
    if len(fee.rates) > 1:
        raise AnswerError("flow_common.error.one_rate")
    if len(fee.bases) > 1 or (RoyaltyBasis.UNIT in fee.bases and fee.rates):
        raise AnswerError("flow_payment.error.two_bases")
    share = fee.royalty or fee.names_entry or PaymentMethod.RUNNING_ROYALTY in fee.methods
    share = share or bool(fee.entry) or PaymentMethod.ENTRY_FEE_AND_ROYALTY in fee.methods
    settled = _for_good(fee.methods)
    free = PaymentMethod.FREE in settled and (fee.figures or len(settled) > 1)
    if free or (settled and share):
        raise AnswerError("flow_payment.error.two_methods")


def _named(fee: Fee, asked: str) -> dict[str, Any]:
    method = _method(fee, asked)
    sum_of = {
        ENTRY: _sum(fee.entry),
        UNIT: _sum(fee.unit, least=0),
        LUMP: _sum(fee.plain) if method is PaymentMethod.LUMP_SUM or (asked == LUMP and method is None) else None,
    }
    if fee.plain and sum_of[LUMP] is None:
        raise _unplaced(fee, asked)
    return {
        METHOD: method,
        **sum_of,
        "royalty_basis": next(iter(fee.bases), None),
        PERCENT: exact_rate(fee.rates[0]) if fee.rates else None,
    }


def _method(fee: Fee, asked: str) -> PaymentMethod | None:
    """The method, where it is said; at the questions about a royalty “提成” says nothing new."""
    if settled := _for_good(fee.methods):
        return next(iter(settled))
    if fee.entry or fee.names_entry or PaymentMethod.ENTRY_FEE_AND_ROYALTY in fee.methods:
        alone = asked == ENTRY or (asked != METHOD and not fee.entry and not fee.royalty)
        return PaymentMethod.ENTRY_FEE_AND_ROYALTY if not alone or asked == LUMP else None
    share = fee.royalty or PaymentMethod.RUNNING_ROYALTY in fee.methods
    return PaymentMethod.RUNNING_ROYALTY if share and asked in {METHOD, LUMP} else None


def _unplaced(fee: Fee, asked: str) -> AnswerError:
    amount = say("yuan", amount=fee.plain[0].value)
    if fee.royalty or asked not in {METHOD, PERCENT}:
        return AnswerError("flow_payment.error.for_what", amount=amount)
    if asked == PERCENT:
        return AnswerError("flow_payment.error.no_rate", amount=amount)
    return AnswerError("flow_payment.error.which_method", amount=amount)


def _sum(said: tuple[Said, ...], least: int = SMALLEST_BARE) -> Decimal | None:
    if not said:
        return None
    if said[0].bare and 0 < said[0].value < least:
        raise AnswerError("flow_common.error.no_unit", given=said[0].value)
    return exact_sum(said[0].value)


def _instalments(heard: Heard, fee: Fee) -> dict[str, Any]:
    """“分期付款，共15万，签约付10万，一年后付5万”: the plan is kept as it was said, and no total is added up from it."""
    problem = trouble(heard, Fee(plain=fee.plain))
    if problem:
        raise problem
    if fee.left and not fee.figures:
        return {}
    if fee.royalty or fee.entry or len(fee.methods) > 1:
        raise AnswerError("flow_payment.error.two_methods")
    answers: dict[str, Any] = {METHOD: PaymentMethod.INSTALMENTS}
    plan = _INSTALMENTS_ONLY.sub("", cleaned(heard.text))
    totals = [fee_of(heard.saying(match[1])) for match in _TOTAL.finditer(heard.plain)]
    if not fee.left and len(fee.plain) == 1:
        return answers | {LUMP: _sum(fee.plain)}
    if len(totals) == 1 and len(totals[0].plain) == 1 and not totals[0].left and not totals[0].unread:
        answers[LUMP] = _sum(totals[0].plain)
    if fee.left and LEAST_PLAN <= len(plan) <= MOST_PLAN:
        answers["instalments"] = plan
        one = len(fee.plain) == 1 and _SPREAD.search(heard.plain)
        answers.setdefault(LUMP, _sum(fee.plain) if one else UNSAID)  # the total of an earlier plan is not this one's
    return answers
