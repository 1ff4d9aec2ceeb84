"""What belongs into a package, before anything is drawn: contents by document, and the names of the files."""

from __future__ import annotations

from backend.documents import forms
from backend.documents.contents import Contents
from backend.documents.subject import Declaration, Withdrawal
from backend.documents.wording import words
from backend.domain.patent_number import parse_patent_number


def filing_contents(declaration: Declaration) -> dict[str, Contents]:
    """What the filing package says, by document, the cover sheet first. Raises DocumentRefused."""
    declaration.ready()
    forms.only_statutory(declaration)
    drawn = {"declaration": forms.declaration_form(declaration)}
    if declaration.is_joint:
        drawn["consent"] = forms.consent_letter(declaration)
    enclosed = sorted([*_names(drawn), file_name("table", "xlsx")])  # their numbers keep the order
    return {"cover": forms.cover_sheet(declaration, enclosed), **drawn}


def withdrawal_contents(withdrawal: Withdrawal) -> dict[str, Contents]:
    """The same for a withdrawal."""
    forms.only_statutory(withdrawal)
    drawn = {"withdrawal": forms.withdrawal_form(withdrawal)}
    if withdrawal.is_joint:
        drawn["withdrawal_consent"] = forms.withdrawal_consent(withdrawal)
    return {"withdrawal_cover": forms.withdrawal_cover(withdrawal, _names(drawn)), **drawn}


def file_name(document: str, suffix: str) -> str:
    """As a person sees it."""
    return f"{words()['files'][document]}.{suffix}"


def package_name(kind: str, subject: Declaration | Withdrawal) -> str:
    """The name of a whole package, “package” or “withdrawal_package”."""
    number = parse_patent_number(subject.listing.number).official.replace(" ", "")
    return f"{words()['files'][kind].format(number=number)}.zip"


def _names(drawn: dict[str, Contents]) -> list[str]:
    return [file_name(name, suffix) for name in drawn for suffix in ("docx", "pdf")]
