"""The filing package: what is signed, the information table, and directions for the national online system, as one zip."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from backend.documents.archives import packed
from backend.documents.contents import Contents
from backend.documents.docx import DocxPress
from backend.documents.enclosures import file_name, filing_contents, package_name, withdrawal_contents
from backend.documents.pdf import TEMPLATES, PdfPress
from backend.documents.subject import Declaration, Withdrawal
from backend.documents.table import information_table


@dataclass(frozen=True, slots=True)
class Package:
    """`name` and `enclosures` are file names as a person sees them; the first enclosure is the cover sheet."""

    name: str
    enclosures: tuple[str, ...]
    content: bytes


class Press:
    """Everything that draws, made once per process and shared between threads."""

    def __init__(self, templates: Path = TEMPLATES) -> None:
        self._docx = DocxPress(templates)
        self._pdf = PdfPress(templates)

    def docx(self, contents: Contents) -> bytes:
        """For editing. Raises TemplateBroken."""
        return self._docx.draw(contents)

    def pdf(self, contents: Contents) -> bytes:
        """For printing and signing. Raises NoFont, TemplateBroken."""
        return self._pdf.draw(contents)

    def filing_package(self, declaration: Declaration, headers: Sequence[str], row: Sequence[Any]) -> Package:
        """For a statutory declaration: form, table of one row, co-holders' consent where there are several, cover.

        `headers` and `row` are the information table's (backend.services.pool). Raises DocumentRefused, NoFont, TemplateBroken.
        """
        drawn = filing_contents(declaration)
        files = self._both({name: contents for name, contents in drawn.items() if name != "cover"})
        files[file_name("table", "xlsx")] = information_table(headers, [row])
        cover = self._both({"cover": drawn["cover"]})
        return _package("package", declaration, cover, dict(sorted(files.items())))

    def withdrawal_package(self, withdrawal: Withdrawal) -> Package:
        """For a statutory declaration's withdrawal: form, co-holders' consent, cover. Raises as `filing_package`."""
        drawn = withdrawal_contents(withdrawal)
        files = self._both({name: contents for name, contents in drawn.items() if name != "withdrawal_cover"})
        cover = self._both({"withdrawal_cover": drawn["withdrawal_cover"]})
        return _package("withdrawal_package", withdrawal, cover, files)

    def _both(self, drawn: dict[str, Contents]) -> dict[str, bytes]:
        """Each as docx and as PDF, under the names that people see."""
        files: dict[str, bytes] = {}
        for name, contents in drawn.items():
            files[file_name(name, "docx")] = self.docx(contents)
            files[file_name(name, "pdf")] = self.pdf(contents)
        return files


def _package(kind: str, subject: Declaration | Withdrawal, cover: dict[str, bytes], files: dict[str, bytes]) -> Package:
    held = {**cover, **files}
    return Package(package_name(kind, subject), tuple(held), packed(held))
