"""A subject as named texts: what the wording files may put into a document, under the names of placeholders.yml."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from backend.documents.characters import clean
from backend.documents.subject import Declaration, DocumentRefused, Withdrawal
from backend.documents.wording import placeholders, words
from backend.domain.fees import Fee
from backend.domain.listings import Listing, Pledge, Track
from backend.domain.patent_number import parse_patent_number
from backend.domain.patents import requires_evaluation_report
from backend.domain.wording import fill

Facts = dict[str, str]
LONGEST = 20_000  # characters of one value; the longest column of the information table holds 4,000


def facts_of(subject: Declaration | Withdrawal) -> Facts:
    """Placeholder name → text; “” where there is nothing to say. Every text is clean. Raises DocumentRefused."""
    listing, contact = subject.listing, subject.listing.contact
    values: dict[str, Any] = {
        "number": parse_patent_number(listing.number).official,
        "title": listing.title,
        "kind": _named("kind", listing.kind),
        "filed_on": _day(listing.filed_on),
        "granted_on": _day(listing.granted_on),
        "expires_on": _day(listing.expires_on),
        "holders": words()["between_names"].join(listing.holders),
        "holder_count": str(len(listing.holders)),
        "holder_type": _named("holder_type", listing.holder_type),
        "credit_code": listing.credit_code,
        "contact_name": contact.name,
        "contact_phone": contact.phone,
        "contact_email": contact.email,
        "contact_public": _named("contact_public", "yes" if contact.public else "no"),
        "guidance": _named("guidance", listing.guidance),
        "evaluation_report": listing.evaluation_report,
        "license_ends_on": _day(listing.license_ends_on),
        "license_years": str(listing.license_years or ""),
        "region": listing.region,
        "licensee_scope": listing.licensee_scope,
        "announcement_number": listing.announcement_number,
        "announced_on": _day(listing.announced_on),
        "price_publicity": listing.price_publicity,
        "on": _day(subject.on),
        "reason": subject.reason if isinstance(subject, Withdrawal) else "",
        "consent_version": _consent(subject)[0],
        "consent_on": _consent(subject)[1],
        **_flags(listing, joint=subject.is_joint),
    }
    return {placeholders()[name]: _text(name, str(value)) for name, value in values.items()} | _fee(listing.fee)


def _text(name: str, value: str) -> str:
    """A legal text is never cut short silently."""
    if len(value) > LONGEST:
        raise DocumentRefused("document.too_long", field=name, limit=LONGEST)
    return clean(value)


def _flags(listing: Listing, *, joint: bool) -> dict[str, str]:
    """Non-empty where true, so that wording can depend on them."""
    true = {
        "is_statutory": listing.track is Track.STATUTORY,
        "is_pilot": listing.track is Track.PILOT,
        "is_joint": joint,
        "is_sole": not joint,
        "needs_report": requires_evaluation_report(listing.kind),
        "is_pledged": listing.pledge is not Pledge.NONE,
    }
    return {name: "1" if held else "" for name, held in true.items()}


def _fee(fee: Fee) -> Facts:
    """The payment method and its standard in words (Implementing Regulations art. 85 (3))."""
    values = {
        "lump_sum_yuan": _amount(fee.lump_sum_yuan),
        "entry_fee_yuan": _amount(fee.entry_fee_yuan),
        "royalty_percent": _amount(fee.royalty_percent),
        "unit_yuan": _amount(fee.unit_yuan),
        "instalments": _text("instalments", fee.instalments),
        "fee_note": _text("fee_note", fee.note),
        "method": _named("method", fee.method),
    }
    facts = {placeholders()[name]: value for name, value in values.items()}
    royalty = fill(words()["royalty"][fee.royalty_basis], facts) if fee.royalty_basis else ""
    facts[placeholders()["royalty"]] = royalty
    facts[placeholders()["fee_standard"]] = fill(words()["fee_standard"][fee.method], facts)
    return facts


def _consent(subject: Declaration | Withdrawal) -> tuple[str, str]:
    consent = subject.consent if isinstance(subject, Declaration) else None
    return (consent.version, _day(consent.given_on)) if consent else ("", "")


def _named(group: str, value: str | None) -> str:
    return str(words()[group][value]) if value else ""


def _day(day: date | None) -> str:
    if day is None:
        return ""
    return str(words()["day"]).format(year=day.year, month=day.month, day=day.day)


def _amount(value: Decimal | None) -> str:
    """1234567.50 → 1,234,567.5; yuan and percent alike."""
    if value is None:
        return ""
    whole = value == value.to_integral_value()
    return f"{int(value):,}" if whole else f"{value.normalize():,f}"
