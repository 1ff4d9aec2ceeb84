"""No document says what is not so: obstacles, a missing report, a track without a filing; broken templates have a name."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest

from backend.documents import forms
from backend.documents.fonts import FILE, NoFont, find_font, font_in
from backend.documents.package import Press
from backend.documents.pdf import TEMPLATES, TemplateBroken
from backend.documents.subject import DocumentRefused, Withdrawal
from backend.domain.listings import Pledge, Suspension, Track
from backend.domain.patents import PatentKind
from tests.documents.readers import of_docx
from tests.documents.subjects import DAY, declaration, full_listing, press
from tests.support.builders import make_listing

JOINT = ("甲", "乙")


@pytest.mark.parametrize(
    "changes",
    [
        {"exclusive_license": True},
        {"suspension": Suspension.PRESERVATION},
        {"suspension": Suspension.OWNERSHIP_DISPUTE},
        {"pledge": Pledge.WITHOUT_CONSENT},
        {"holders": JOINT, "co_holders_agree": False},
    ],
    ids=str,
)
def test_an_obstacle_of_article_86_stops_every_declaration(changes: dict[str, Any]) -> None:
    barred = declaration(**changes)
    for draw in (forms.declaration_form, forms.consent_letter):
        with pytest.raises(DocumentRefused) as refused:
            draw(barred)
        assert refused.value.code == "document.barred"
    with pytest.raises(DocumentRefused):
        press().filing_package(barred, [], [])


def test_an_obstacle_that_was_answered_stops_it_too() -> None:
    with pytest.raises(DocumentRefused, match=r"document\.barred"):
        forms.declaration_form(replace(declaration(), obstacles=("annuity",)))


@pytest.mark.parametrize("kind", [PatentKind.UTILITY_MODEL, PatentKind.DESIGN])
def test_a_utility_model_or_design_needs_its_evaluation_report(kind: PatentKind) -> None:
    """Patent Law art. 50; the pilot may be without."""
    with pytest.raises(DocumentRefused, match="no_evaluation_report"):
        forms.declaration_form(declaration(kind=kind))
    assert forms.declaration_form(declaration(kind=kind, track=Track.PILOT)).lines
    assert forms.declaration_form(declaration(kind=kind, evaluation_report="W1")).lines


def test_one_holder_needs_no_letter_of_consent() -> None:
    with pytest.raises(DocumentRefused, match="one_holder"):
        forms.consent_letter(declaration())
    with pytest.raises(DocumentRefused, match="one_holder"):
        forms.withdrawal_consent(Withdrawal(listing=make_listing(), on=DAY, reason="x"))


@pytest.mark.parametrize("reason", ["", " \n ", "\u200b\x00"])
def test_a_withdrawal_needs_a_reason(reason: str) -> None:
    with pytest.raises(DocumentRefused, match="no_reason"):
        forms.withdrawal_form(Withdrawal(listing=full_listing(), on=DAY, reason=reason))


def test_a_pilot_listing_is_not_filed_with_the_national_office() -> None:
    with pytest.raises(DocumentRefused, match="not_statutory"):
        press().filing_package(declaration(track=Track.PILOT), [], [])
    with pytest.raises(DocumentRefused, match="not_statutory"):
        press().withdrawal_package(Withdrawal(listing=make_listing(), on=DAY, reason="x"))


def test_a_text_that_is_too_long_is_refused_and_not_cut() -> None:
    with pytest.raises(DocumentRefused, match="too_long"):
        forms.declaration_form(declaration(title="长" * 20_001))


def test_without_the_font_a_pdf_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(NoFont) as missing:
        font_in([tmp_path, tmp_path / "nowhere"])
    assert missing.value.values["file"] == FILE
    (tmp_path / FILE).write_bytes(b"not a font")
    with pytest.raises(NoFont):
        font_in([tmp_path])
    assert font_in([tmp_path, find_font().path.parent]).path == find_font().path


def copied(folder: Path) -> Path:
    copytree(TEMPLATES, folder / "templates")
    return folder / "templates"


def test_staff_may_put_their_own_template_in_a_folder(tmp_path: Path) -> None:
    templates = copied(tmp_path)
    (templates / "declaration.docx").write_bytes((TEMPLATES / "cover.docx").read_bytes())
    contents = forms.declaration_form(declaration())
    assert of_docx(Press(templates).docx(contents)) == of_docx(press().docx(contents))


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"no zip"])
def test_a_docx_template_that_is_none_is_named(tmp_path: Path, content: bytes) -> None:
    templates = copied(tmp_path)
    (templates / "declaration.docx").write_bytes(content)
    with pytest.raises(TemplateBroken) as broken:
        Press(templates).docx(forms.declaration_form(declaration()))
    assert broken.value.values["document"] == "declaration"


@pytest.mark.parametrize(
    "source", ["#unknown()", '#import "nothing.typ": x', '#read("../../../../etc/hostname")', "#form("]
)
def test_a_pdf_template_that_is_broken_is_named(tmp_path: Path, source: str) -> None:
    templates = copied(tmp_path)
    (templates / "declaration.typ").write_text(source, "utf-8")
    broken = Press(templates)
    with pytest.raises(TemplateBroken):
        broken.pdf(forms.declaration_form(declaration()))
    assert broken.pdf(forms.cover_sheet(declaration(), [])).startswith(b"%PDF")  # the next document is drawn


def test_a_missing_template_is_named(tmp_path: Path) -> None:
    templates = copied(tmp_path)
    (templates / "declaration.typ").unlink()
    (templates / "declaration.docx").unlink()
    for draw in (Press(templates).pdf, Press(templates).docx):
        with pytest.raises(TemplateBroken):
            draw(forms.declaration_form(declaration()))
