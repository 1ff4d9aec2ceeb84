"""A Listing and its row, both ways. Fields that are simple carry the same name in both."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from backend.domain.fees import Fee, PaymentMethod, RoyaltyBasis
from backend.domain.listings import Contact, Guidance, HolderType, Listing, ListingStatus, Pledge, Suspension, Track
from backend.domain.patents import PatentKind

SAME = (
    "number", "title", "filed_on", "granted_on", "co_holders_agree", "credit_code", "ipc_main", "industry", "cluster",
    "place_code", "abstract", "scenes", "claims", "maturity", "announcement_number", "announced_on", "license_ends_on",
    "license_years", "region", "licensee_scope", "evaluation_report", "exclusive_license", "price_publicity", "remark",
)  # fmt: skip
ENUMS = {
    "kind": PatentKind,
    "holder_type": HolderType,
    "track": Track,
    "suspension": Suspension,
    "pledge": Pledge,
    "guidance": Guidance,
}
HUNDRED = Decimal(100)


def _hundredths(value: Decimal | None) -> int | None:
    return None if value is None else int((value * HUNDRED).to_integral_value())


def _from_hundredths(value: int | None) -> Decimal | None:
    return None if value is None else Decimal(value) / HUNDRED


def to_row(listing: Listing, *, batch_id: int, status: ListingStatus) -> dict[str, Any]:
    fee, contact = listing.fee, listing.contact
    row: dict[str, Any] = {name: getattr(listing, name) for name in SAME}
    for name in ENUMS:
        value = getattr(listing, name)
        row[name] = None if value is None else str(value)
    return row | {
        "batch_id": batch_id,
        "status": str(status),
        "holders": list(listing.holders),
        "ipc": list(listing.ipc),
        "contact_name": contact.name,
        "contact_phone": contact.phone,
        "contact_email": contact.email,
        "contact_public": contact.public,
        "method": str(fee.method),
        "lump_sum_fen": _hundredths(fee.lump_sum_yuan),
        "instalments": fee.instalments,
        "entry_fee_fen": _hundredths(fee.entry_fee_yuan),
        "royalty_basis": None if fee.royalty_basis is None else str(fee.royalty_basis),
        "royalty_hundredths": _hundredths(fee.royalty_percent),
        "unit_fen": _hundredths(fee.unit_yuan),
        "fee_note": fee.note,
    }


def from_row(row: Any) -> Listing:
    fee = Fee(
        method=PaymentMethod(row.method),
        lump_sum_yuan=_from_hundredths(row.lump_sum_fen),
        instalments=row.instalments,
        entry_fee_yuan=_from_hundredths(row.entry_fee_fen),
        royalty_basis=RoyaltyBasis(row.royalty_basis) if row.royalty_basis else None,
        royalty_percent=_from_hundredths(row.royalty_hundredths),
        unit_yuan=_from_hundredths(row.unit_fen),
        note=row.fee_note,
    )
    contact = Contact(
        name=row.contact_name, phone=row.contact_phone, email=row.contact_email, public=row.contact_public
    )
    same: dict[str, Any] = {name: getattr(row, name) for name in SAME}
    enums: dict[str, Any] = {
        name: kind(value) if (value := getattr(row, name)) else None for name, kind in ENUMS.items()
    }
    return Listing(fee=fee, contact=contact, holders=tuple(row.holders), ipc=tuple(row.ipc), **same, **enums)
