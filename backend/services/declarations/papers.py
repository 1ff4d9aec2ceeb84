"""What a declaration has on paper: the filing package with its parts, the letter of consent, the form of a withdrawal.

Which papers there are follows from where the declaration stands; each is drawn when it is asked for and kept nowhere. Who
may ask is decided before: the page looks among the follower's own, the console among what the colleague may see.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from backend.documents import forms
from backend.documents.contents import Contents
from backend.documents.enclosures import file_name, filing_contents, package_name, withdrawal_contents
from backend.documents.fonts import NoFont
from backend.documents.subject import Consent, DocumentRefused, Withdrawal
from backend.documents.subject import Declaration as Declared
from backend.documents.wording import words
from backend.domain.declarations import Declaration, DeclarationView, State
from backend.domain.listings import Listing, Track
from backend.services.declarations.answers import AnswersUnreadable, listing_of, obstacles_of
from backend.services.pool.rows import table_row
from backend.services.pool.table_file import columns

if TYPE_CHECKING:  # what draws takes most of a second to import, and most processes draw nothing
    from backend.documents.package import Press

__all__ = ["KINDS", "NoFont", "Paper", "Papers", "PressRoom", "papers_of"]

PACKAGE, TABLE = "package.zip", "table.xlsx"
KINDS = {
    "zip": "application/zip",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
FILING = frozenset({State.READY, State.FILED})
Held = Declaration | DeclarationView


@dataclass(frozen=True, slots=True)
class Paper:
    """`id` is its place in an address, `name` the file's as a person sees it."""

    id: str
    name: str

    @property
    def media_type(self) -> str:
        return KINDS[self.id.rpartition(".")[2]]


@dataclass(frozen=True, slots=True)
class Papers:
    """`files`, the whole package first; `review` are (label, value) of what the form says, for the page to show."""

    files: tuple[Paper, ...] = ()
    review: tuple[tuple[str, str], ...] = ()

    def get(self, paper_id: str) -> Paper | None:
        return next((paper for paper in self.files if paper.id == paper_id), None)


@dataclass(frozen=True, slots=True)
class _Set:
    """The papers of one state: what they say by document, whether a table and a whole package belong to them."""

    subject: Declared | Withdrawal
    contents: Mapping[str, Contents]
    package: str = ""
    table: bool = False


def papers_of(held: Held, *, on: date) -> Papers:
    """What can be had now; nothing where a form would say what is not so."""
    made = _set(held, on)
    if made is None:
        return Papers()
    whole = (Paper(PACKAGE, package_name(made.package, made.subject)),) if made.package else ()
    table = (Paper(TABLE, file_name("table", "xlsx")),) if made.table else ()
    parts = [
        Paper(f"{document}.{suffix}", file_name(document, suffix))
        for document in made.contents
        for suffix in ("pdf", "docx")
    ]
    form = next(contents for document, contents in made.contents.items() if not document.endswith("cover"))
    review = tuple((line.label, line.value) for line in form.lines if line.value)
    return Papers((*whole, *sorted([*parts, *table], key=lambda paper: paper.name)), review)


class PressRoom:
    """Draws papers. One per process; what it needs is loaded with the first."""

    @cached_property
    def press(self) -> Press:
        from backend.documents.package import Press

        return Press()

    def draw(self, held: Held, paper_id: str, *, on: date) -> tuple[Paper, bytes] | None:
        """One paper, drawn now; None where the declaration has none of this name. Raises NoFont, TemplateBroken."""
        paper, made = papers_of(held, on=on).get(paper_id), _set(held, on)
        if paper is None or made is None:
            return None
        if paper.id == TABLE:
            return paper, self._table(made)
        if paper.id == PACKAGE:
            return paper, self._package(made)
        document, _, suffix = paper.id.rpartition(".")
        contents = made.contents[document]
        return paper, self.press.pdf(contents) if suffix == "pdf" else self.press.docx(contents)

    @staticmethod
    def _table(made: _Set) -> bytes:
        from backend.documents.table import information_table

        return information_table(_headers(), [table_row(made.subject.listing)])

    @staticmethod
    def blank_table() -> bytes:
        """The information table with its headers and no row."""
        from backend.documents.table import information_table

        return information_table(_headers(), [])

    def _package(self, made: _Set) -> bytes:
        if isinstance(made.subject, Withdrawal):
            return self.press.withdrawal_package(made.subject).content
        return self.press.filing_package(made.subject, _headers(), table_row(made.subject.listing)).content


def _headers() -> list[str]:
    return [column["header"] for column in columns()]


def _set(held: Held, on: date) -> _Set | None:
    try:
        return _of_state(held, listing_of(held.answers), on)
    except (AnswersUnreadable, DocumentRefused):
        return None


def _of_state(held: Held, listing: Listing, on: date) -> _Set | None:
    """A pilot has its form, a statutory declaration its package; before that co-holders have a letter to sign."""
    if held.state is State.WITHDRAWING:
        leaving = Withdrawal(listing=listing, on=on, reason=words()["withdrawal_reason"].get(held.reason, held.reason))
        return _Set(leaving, withdrawal_contents(leaving), package="withdrawal_package")
    declared = Declared(listing=listing, on=on, obstacles=obstacles_of(held.answers), consent=_consent(held.answers))
    if held.track is Track.PILOT:
        shown = held.state in State.alive()
        return _Set(declared, {"declaration": forms.declaration_form(declared)}, table=True) if shown else None
    if held.state in FILING:
        return _Set(declared, filing_contents(declared), package="package", table=True)
    if declared.is_joint and held.state in State.in_verification() | {State.RETURNED}:
        return _Set(declared, {"consent": forms.consent_letter(declared)})
    return None


def _consent(answers: Mapping[str, Any]) -> Consent | None:
    given = answers.get("consent")
    try:
        return (
            Consent(version=str(given["version"]), given_on=datetime.fromisoformat(given["at"]).date())
            if given
            else None
        )
    except (KeyError, TypeError, ValueError):
        return None
