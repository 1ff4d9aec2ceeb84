"""What the files are like: pages, fonts, equal bytes for equal contents, several threads at once."""

from __future__ import annotations

import io
import zipfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from pypdf import PdfReader
from pypdf.generic import DictionaryObject, PdfObject

from backend.documents import forms
from backend.documents.contents import Contents
from backend.documents.package import Press
from backend.documents.subject import Declaration
from tests.documents.readers import of_contents, of_docx, of_pdf
from tests.documents.subjects import DAY, full_listing, press

FULL = full_listing()
POINTS_WIDE = 595.3


def noted(note: str) -> Contents:
    return forms.declaration_form(Declaration(listing=replace(FULL, fee=replace(FULL.fee, note=note)), on=DAY))


def reader(contents: Contents) -> PdfReader:
    return PdfReader(io.BytesIO(press().pdf(contents)))


@pytest.mark.parametrize(
    "note", ["计算依据和方式。" * 250, "一行\n" * 500, "word " * 400], ids=["text", "lines", "words"]
)
def test_two_thousand_characters_of_explanation_go_over_the_page(note: str) -> None:
    assert len(note) >= 1500
    contents = noted(note)
    assert len(reader(contents).pages) > 2
    said = of_contents(contents)
    assert of_pdf(press().pdf(contents)) == said == of_docx(press().docx(contents))


@pytest.mark.parametrize(
    "word", ["A" * 2000, "x/" * 900, "—" * 300, "。" * 300, "（" * 300, "Ж" * 300, "1" * 300, "ア" * 300, "{" * 300]
)
def test_a_word_without_an_end_stays_between_the_margins(word: str) -> None:
    for page in reader(noted(word)).pages:
        ends: list[float] = []

        def note_end(text: str, _cm: object, tm: list[float], _font: object, _size: float) -> None:
            if text.strip():
                ends.append(tm[4])  # noqa: B023 called before the next page is taken

        page.extract_text(visitor_text=note_end)
        assert ends
        assert max(ends) < POINTS_WIDE
        lines = [line for line in page.extract_text().split("\n") if line]
        assert max(map(len, lines)) < 120


def test_the_open_font_is_embedded_and_no_other_is_used() -> None:
    fonts = [
        font.get_object()
        for page in reader(noted("说明 note 1")).pages
        for font in _held(_held(page["/Resources"])["/Font"]).values()
    ]
    assert fonts
    for font in fonts:
        assert "NotoSansCJK" in font["/BaseFont"]
        below = font["/DescendantFonts"][0].get_object()
        assert below["/FontDescriptor"].get_object().keys() & {"/FontFile3", "/FontFile2"}
        assert "/ToUnicode" in font


def _held(held: PdfObject) -> DictionaryObject:
    """What a reference or a direct object holds."""
    found = held.get_object()
    assert isinstance(found, DictionaryObject)
    return found


def test_equal_contents_make_equal_files() -> None:
    contents = noted("说明")
    another = Press()
    assert press().pdf(contents) == another.pdf(contents)
    assert press().docx(contents) == another.docx(contents)
    assert press().pdf(contents) != another.pdf(noted("另一说明"))


def test_no_file_tells_when_or_where_it_was_made() -> None:
    contents = noted("说明")
    with zipfile.ZipFile(io.BytesIO(press().docx(contents))) as archive:
        assert {entry.date_time[0] for entry in archive.infolist()} == {1980}
        assert b"2000-01-01T00:00:00Z" in archive.read("docProps/core.xml")
    said = dict(reader(contents).metadata or {})
    assert set(said) <= {"/Title", "/Creator"}


def test_several_threads_share_a_press() -> None:
    asked = [noted(f"第 {number} 份") for number in range(24)]
    with ThreadPoolExecutor(4) as several:
        drawn = list(several.map(press().pdf, asked))
        written = list(several.map(press().docx, asked))
    for contents, pdf, docx in zip(asked, drawn, written, strict=True):
        assert of_pdf(pdf) == of_docx(docx) == of_contents(contents)


def test_a_docx_names_its_document_and_no_author() -> None:
    with zipfile.ZipFile(io.BytesIO(press().docx(noted("说明")))) as archive:
        core = archive.read("docProps/core.xml").decode()
    assert "专利开放许可声明" in core
    assert "python-docx" not in core
