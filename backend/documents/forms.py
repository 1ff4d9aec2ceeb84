"""The documents of a declaration and of its withdrawal, each as contents."""

from __future__ import annotations

from collections.abc import Sequence

from backend.documents.characters import clean
from backend.documents.contents import Contents, compose
from backend.documents.facts import facts_of
from backend.documents.subject import Declaration, DocumentRefused, Withdrawal
from backend.domain.listings import Track


def declaration_form(declaration: Declaration) -> Contents:
    """The declaration with the contents of Implementing Regulations art. 85. Raises DocumentRefused."""
    declaration.ready()
    return compose("declaration", facts_of(declaration), _holders(declaration))


def consent_letter(declaration: Declaration) -> Contents:
    """All co-holders agree to the declaration (Patent Law art. 14). Raises DocumentRefused where there is one holder."""
    declaration.ready()
    _only_joint(declaration)
    return compose("consent", facts_of(declaration), _holders(declaration))


def withdrawal_form(withdrawal: Withdrawal) -> Contents:
    """The withdrawal (Patent Law art. 50: in writing; licenses given before stay). Raises DocumentRefused without a reason."""
    if not clean(withdrawal.reason):
        raise DocumentRefused("document.no_reason", number=withdrawal.listing.number)
    return compose("withdrawal", facts_of(withdrawal), _holders(withdrawal))


def withdrawal_consent(withdrawal: Withdrawal) -> Contents:
    """All co-holders agree to the withdrawal. Raises DocumentRefused where there is one holder."""
    _only_joint(withdrawal)
    return compose("withdrawal_consent", facts_of(withdrawal), _holders(withdrawal))


def cover_sheet(declaration: Declaration, enclosures: Sequence[str]) -> Contents:
    """How to file the package in the national online system, and what is in it. Statutory only: raises DocumentRefused."""
    only_statutory(declaration)
    return compose("cover", facts_of(declaration), {**_holders(declaration), "enclosures": enclosures})


def withdrawal_cover(withdrawal: Withdrawal, enclosures: Sequence[str]) -> Contents:
    """The same for a withdrawal."""
    only_statutory(withdrawal)
    return compose("withdrawal_cover", facts_of(withdrawal), {**_holders(withdrawal), "enclosures": enclosures})


def only_statutory(subject: Declaration | Withdrawal) -> None:
    """A pilot listing is no open license of Patent Law art. 50: there is nothing to file with the national office."""
    if subject.listing.track is not Track.STATUTORY:
        raise DocumentRefused("document.not_statutory", number=subject.listing.number)


def _only_joint(subject: Declaration | Withdrawal) -> None:
    if not subject.is_joint:
        raise DocumentRefused("document.one_holder", number=subject.listing.number)


def _holders(subject: Declaration | Withdrawal) -> dict[str, Sequence[str]]:
    return {"holders": [clean(name) for name in subject.listing.holders]}
