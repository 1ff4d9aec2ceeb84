"""Make the docx templates anew: `python -m backend.documents.make_templates [FOLDER]`.

Staff edit the files themselves in WPS or Word: fonts, widths, a letterhead. The marks {{ }} and {% %} stay; the words
stand in templates/wording/. Running this again puts back the plain layout.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

from docx import Document
from docx.document import Document as DocumentType
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docx.table import Table
from docx.text.paragraph import Paragraph

from backend.documents.archives import timeless
from backend.documents.pdf import TEMPLATES

DOCUMENTS = ("declaration", "consent", "withdrawal", "withdrawal_consent", "cover", "withdrawal_cover")
LATIN, HAN = "Times New Roman", "宋体"
BALLAST = {"thumbnail", "customXml", "stylesWithEffects", "numbering"}
STYLES = {
    "Normal",
    "Default Paragraph Font",
    "Normal Table",
    "Table Grid",
    "No List",
    "header",
    "Header",
    "footer",
    "Footer",
}
LABEL_CM, VALUE_CM = 4.4, 11.8


def make(folder: Path) -> None:
    """One template per document."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in DOCUMENTS:
        held = io.BytesIO()
        _template().save(held)
        (folder / f"{name}.docx").write_bytes(timeless(held.getvalue()))


def _template() -> DocumentType:
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.4)
    section.top_margin = section.bottom_margin = Cm(2.2)
    properties = document.core_properties
    properties.author, properties.comments, properties.title = "", "", "{{ title }}"
    style = document.styles["Normal"]
    style.font.size = Pt(10.5)
    style.font.name = LATIN
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), HAN)
    style.paragraph_format.space_after = Pt(4)
    title = _said(document, "{{ title }}", size=17, bold=True)
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    title.paragraph_format.space_after = Pt(14)
    _said(document, "{%p for part in parts %}")
    _said(document, "{%p if part.heading %}")
    heading = _said(document, "{{ part.heading }}", size=12, bold=True)
    heading.paragraph_format.space_before, heading.paragraph_format.keep_with_next = Pt(10), True
    _said(document, "{%p endif %}")
    _said(document, "{%p for paragraph in part.paragraphs %}")
    _said(document, "{{ paragraph }}")
    _said(document, "{%p endfor %}")
    _said(document, "{%p if part.lines %}")
    _lines(document.add_table(rows=3, cols=2))
    _said(document, "{%p endif %}")
    _said(document, "{%p endfor %}")
    _said(document, "{%p if foot %}")
    _said(document, "{{ foot }}", size=8.5).paragraph_format.space_before = Pt(12)
    _said(document, "{%p endif %}")
    footer = section.footer.paragraphs[0]
    footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for instruction in ("PAGE", " / ", "NUMPAGES"):
        _field(footer, instruction)
    _without_ballast(document)
    return document


def _without_ballast(document: DocumentType) -> None:
    """The library's blank brings a picture, other people's settings and 160 styles; each is read for every document."""
    for relations in (document.part.package.rels, document.part.rels):
        for name in [name for name, relation in relations.items() if relation.reltype.rpartition("/")[2] in BALLAST]:
            del relations[name]
    for style in [style for style in document.styles if style.name not in STYLES]:
        style.delete()


def _said(document: DocumentType, text: str, *, size: float | None = None, bold: bool = False) -> Paragraph:
    paragraph = document.add_paragraph()
    run = paragraph.add_run(text)
    run.bold = bold or None
    if size:
        run.font.size = Pt(size)
    return paragraph


def _lines(table: Table) -> None:
    """A row of label and value, repeated for every line of the part."""
    table.style = "Table Grid"
    table.autofit = False
    table.cell(0, 0).text = "{%tr for line in part.lines %}"
    table.cell(1, 0).text, table.cell(1, 1).text = "{{ line.label }}", "{{ line.value }}"
    table.cell(2, 0).text = "{%tr endfor %}"
    for row in table.rows:
        row.height = Cm(0.9)
        row.cells[0].width, row.cells[1].width = Cm(LABEL_CM), Cm(VALUE_CM)


def _field(paragraph: Paragraph, instruction: str) -> None:
    run = paragraph.add_run()
    run.font.size = Pt(8)
    if not instruction.isupper():
        run.text = instruction
        return
    for kind in ("begin", "", "end"):
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.text = instruction
        run._r.append(mark)  # noqa: SLF001 the library has no call for fields


if __name__ == "__main__":
    make(Path(sys.argv[1]) if len(sys.argv) > 1 else TEMPLATES)
