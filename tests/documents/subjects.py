"""Declarations and withdrawals of every shape, and one press for all tests, as in the office."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from backend.documents import forms
from backend.documents.contents import Contents
from backend.documents.package import Press
from backend.documents.subject import Consent, Declaration, Withdrawal
from backend.domain.fees import Fee, PaymentMethod, RoyaltyBasis
from backend.domain.listings import Contact, Guidance, HolderType, Listing, Pledge, Track
from backend.domain.patents import PatentKind
from tests.support.builders import make_listing

DAY = date(2026, 11, 22)
FEES = (
    Fee(method=PaymentMethod.FREE),
    Fee(method=PaymentMethod.LUMP_SUM, lump_sum_yuan=Decimal("1234567.50"), note="参照同类许可。\n逐项计算。"),
    Fee(method=PaymentMethod.INSTALMENTS, lump_sum_yuan=Decimal(90_000), instalments="三年，每年三万元"),
    Fee(method=PaymentMethod.RUNNING_ROYALTY, royalty_basis=RoyaltyBasis.NET_SALES, royalty_percent=Decimal("2.50")),
    Fee(method=PaymentMethod.RUNNING_ROYALTY, royalty_basis=RoyaltyBasis.UNIT, unit_yuan=Decimal("0.35")),
    Fee(
        method=PaymentMethod.ENTRY_FEE_AND_ROYALTY,
        entry_fee_yuan=Decimal(5000),
        royalty_basis=RoyaltyBasis.PROFIT,
        royalty_percent=Decimal(8),
    ),
)


@cache
def press() -> Press:
    return Press()


def declaration(**changes: Any) -> Declaration:
    listing = make_listing(**({"track": Track.STATUTORY} | changes))
    return Declaration(listing=listing, on=DAY, consent=Consent(version="2026-11", given_on=DAY))


def full_listing(**changes: Any) -> Listing:
    """Every field that a form shows is filled."""
    values: dict[str, Any] = {
        "track": Track.STATUTORY,
        "kind": PatentKind.UTILITY_MODEL,
        "holders": ("江城测试大学", "武汉测试材料有限公司"),
        "holder_type": HolderType.UNIVERSITY,
        "granted_on": date(2022, 1, 7),
        "credit_code": "124200004200000000",
        "contact": Contact(name="测试", phone="027-00000000", email="office@example.com"),
        "fee": FEES[1],
        "license_years": 3,
        "guidance": Guidance.PAID_EXTRA,
        "evaluation_report": "W20230001",
        "pledge": Pledge.WITH_CONSENT,
        "price_publicity": "https://example.com/notice/2026",
        "announcement_number": "KF2026000001",
        "announced_on": date(2026, 3, 1),
        "region": "湖北省",
        "licensee_scope": "中小微企业",
        "license_ends_on": date(2030, 12, 31),
    }
    return make_listing(**(values | changes))


def every_document(listing: Listing) -> list[Contents]:
    """All that can be drawn up about the listing."""
    declared = Declaration(listing=listing, on=DAY, consent=Consent(version="2026-11", given_on=DAY))
    withdrawn = Withdrawal(listing=listing, on=DAY, reason="拟转让专利权。")
    drawn = [forms.declaration_form(declared), forms.withdrawal_form(withdrawn)]
    if declared.is_joint:
        drawn += [forms.consent_letter(declared), forms.withdrawal_consent(withdrawn)]
    if listing.track is Track.STATUTORY:
        drawn += [forms.cover_sheet(declared, ["甲.pdf", "乙.xlsx"]), forms.withdrawal_cover(withdrawn, ["丙.pdf"])]
    return drawn


def shapes() -> list[Listing]:
    """Every payment method on both tracks, with one holder and several, filled and bare."""
    full = full_listing()
    bare = make_listing(contact=Contact())
    made = []
    for track in Track:
        for fee in FEES:
            made += [replace(full, track=track, fee=fee), replace(bare, track=track, fee=fee)]
        made += [replace(full, track=track, kind=kind, number=make_listing(kind=kind).number) for kind in PatentKind]
    return made
