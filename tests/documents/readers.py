"""What a person reads in a drawn document, without the blanks that layout adds."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

from docx import Document
from docx.table import Table
from pypdf import PdfReader

from backend.documents.contents import Contents

PAGE_OF = re.compile(r"\n\d+ / \d+\s*$")


def squeezed(text: str) -> str:
    return re.sub(r"[\s\u200b]+", "", text)


def of_contents(contents: Contents) -> str:
    return squeezed("".join(contents.texts()))


def of_docx(content: bytes) -> str:
    return squeezed("".join(_pieces(content)))


def _pieces(content: bytes) -> Iterator[str]:
    for item in Document(io.BytesIO(content)).iter_inner_content():
        if isinstance(item, Table):
            yield from (cell.text for row in item.rows for cell in row.cells)
        else:
            yield item.text


def of_pdf(content: bytes) -> str:
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]
    assert all(PAGE_OF.search(page) for page in pages), "every page has its number"
    return squeezed("".join(PAGE_OF.sub("", page) for page in pages))
