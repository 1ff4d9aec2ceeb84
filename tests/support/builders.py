"""Builders make a valid object; a test names only what matters to it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from backend.domain.fees import Fee, PaymentMethod
from backend.domain.listings import Contact, Listing, Track
from backend.domain.patent_number import PatentNumber
from backend.domain.patents import PatentKind

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
