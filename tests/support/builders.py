"""Builders make a valid object; a test names only what matters to it."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from backend.domain.clock import CHINA
from backend.domain.fees import Fee, PaymentMethod
from backend.domain.listings import Contact, Listing, Track
from backend.domain.patent_number import PatentNumber
from backend.domain.patents import PatentKind
from backend.domain.registry import LegalStatus, PatentRecord

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=CHINA)
DIGIT = {PatentKind.INVENTION: "1", PatentKind.UTILITY_MODEL: "2", PatentKind.DESIGN: "3"}


def make_number(serial: int = 1, *, kind: PatentKind = PatentKind.INVENTION, year: int = 2021) -> str:
    """A number with a right check digit: make_number(7) → 2021 1 9900007 with its digit."""
    return str(PatentNumber(f"{year}{DIGIT[kind]}{9_900_000 + serial:07d}"))


def make_listing(serial: int = 1, **changes: Any) -> Listing:
    kind = changes.get("kind", PatentKind.INVENTION)
    values: dict[str, Any] = {
        "number": make_number(serial, kind=kind),
        "title": f"测试用散热装置{serial}",
        "kind": kind,
        "filed_on": date(2021, 3, 15),
        "holders": ("江城测试大学",),
        "track": Track.PILOT,
        "fee": Fee(method=PaymentMethod.LUMP_SUM, lump_sum_yuan=Decimal(20_000)),
        "license_ends_on": date(2030, 12, 31),
        "place_code": "420100",
        "abstract": "用于机房的散热装置，降低噪声。",
        "contact": Contact(name="测试", phone="027-00000000", public=True),
    }
    return Listing(**(values | changes))


def make_record(serial: int = 1, **changes: Any) -> PatentRecord:
    """What a register says of the patent of make_listing(serial): in force, annuities paid, true at noon."""
    listing = make_listing(serial, **{name: value for name, value in changes.items() if name == "kind"})
    values: dict[str, Any] = {
        "number": listing.number,
        "title": listing.title,
        "kind": listing.kind,
        "filed_on": listing.filed_on,
        "granted_on": date(2023, 6, 2),
        "holders": listing.holders,
        "status": LegalStatus.IN_FORCE,
        "annuity_paid_until": date(2027, 3, 15),
        "source": "法律状态汇总表",
        "as_of": NOON,
    }
    return PatentRecord(**(values | changes))
