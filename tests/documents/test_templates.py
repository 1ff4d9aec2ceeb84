"""The files that staff edit: every outline can be filled, every template is there, and none does more than lay out."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docxtpl import DocxTemplate

from backend.documents import forms
from backend.documents.characters import DRAWN
from backend.documents.fonts import find_font
from backend.documents.make_drawn import ranges
from backend.documents.make_templates import DOCUMENTS, make
from backend.documents.package import Press
from backend.documents.pdf import TEMPLATES
from backend.documents.wording import WORDING, outline, placeholders, words
from backend.domain.wording import placeholders as asked_for
from tests.documents.readers import of_contents, of_docx
from tests.documents.subjects import declaration


def texts(form: dict[str, Any]) -> list[str]:
    held = [form["title"], form.get("foot", "")]
    for part in form["parts"]:
        held += [part.get("heading", ""), *part.get("paragraphs", ())]
        held += [text for line in part.get("lines", ()) for text in (line["label"], line.get("value", ""))]
    return held


def test_every_document_has_its_outline_and_both_templates() -> None:
    outlines = {path.stem for path in WORDING.glob("*.yml")} - {"words", "placeholders"}
    assert outlines == set(DOCUMENTS)
    for name in DOCUMENTS:
        assert (TEMPLATES / f"{name}.docx").is_file()
        assert (TEMPLATES / f"{name}.typ").is_file()
        assert name in words()["files"]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_an_outline_knows_no_key_and_no_placeholder_of_its_own(name: str) -> None:
    form = outline(name)
    assert set(form) <= {"title", "parts", "foot"}
    for part in form["parts"]:
        assert set(part) <= {"heading", "paragraphs", "numbered", "lines"}
        for line in part.get("lines", ()):
            assert set(line) <= {"label", "value", "each", "blank"}
            assert line.get("each", "holders") in {"holders", "enclosures"}
    assert {asked for text in texts(form) for asked in asked_for(text)} <= set(placeholders().values())


def test_every_placeholder_is_used_and_has_one_name() -> None:
    used = {asked for name in DOCUMENTS for text in texts(outline(name)) for asked in asked_for(text)}
    for group in ("royalty", "fee_standard"):
        used |= {asked for text in words()[group].values() for asked in asked_for(text)}
    assert len(set(placeholders().values())) == len(placeholders())
    assert set(placeholders().values()) - used <= {"独有"}


def test_templates_lay_out_and_fetch_nothing() -> None:
    for path in TEMPLATES.glob("*.typ"):
        source = path.read_text("utf-8")
        assert "@preview" not in source
        assert set(re.findall(r'#?(?:import|include) "([^"]+)"', source)) <= {"house.typ"}
        assert not re.search(r"\b(?:read|eval|plugin|image)\(", source)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_docx_template_asks_only_for_the_contents(name: str) -> None:
    template = DocxTemplate(TEMPLATES / f"{name}.docx")
    assert template.get_undeclared_template_variables() == {"title", "parts", "foot"}
    with zipfile.ZipFile(TEMPLATES / f"{name}.docx") as archive:
        assert not [entry for entry in archive.namelist() if "vba" in entry.lower() or "embeddings" in entry]


def test_templates_made_anew_say_the_same(tmp_path: Path) -> None:
    make(tmp_path)
    contents = forms.declaration_form(declaration())
    assert of_docx(Press(tmp_path).docx(contents)) == of_contents(contents)
    again = tmp_path / "again"
    make(again)
    assert (again / "cover.docx").read_bytes() == (tmp_path / "cover.docx").read_bytes()


def test_the_characters_that_are_drawn_are_those_of_the_font() -> None:
    font = find_font()
    known = DRAWN.read_text("ascii").split()
    assert known == [
        f"{first:X}-{last:X}" if last > first else f"{first:X}" for first, last in ranges(font.path, font.index)
    ]


def test_a_drawn_docx_opens_with_every_line_in_its_row() -> None:
    contents = forms.declaration_form(declaration())
    document = Document(io.BytesIO(Press().docx(contents)))
    rows = [tuple(cell.text for cell in row.cells) for table in document.tables for row in table.rows]
    assert rows == [(line.label, line.value) for line in contents.lines]
    assert not [paragraph.text for paragraph in document.paragraphs if "{" in paragraph.text]
