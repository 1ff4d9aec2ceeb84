"""PDF by typst: a template file and the contents as JSON. What a person wrote never becomes markup."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import typst

from backend.documents.contents import Contents
from backend.documents.fonts import FAMILY, find_font
from backend.documents.subject import DocumentRefused

TEMPLATES = Path(__file__).parent / "templates"


class TemplateBroken(DocumentRefused):
    """A template that staff edited cannot be drawn; `reason` is the engine's own words."""

    code = "document.template"


class PdfPress:
    """Keeps one compiler, so that a second document costs a fifth of the first. Safe to share between threads."""

    def __init__(self, templates: Path = TEMPLATES) -> None:
        self._templates = templates
        self._lock = threading.Lock()
        self._compiler: typst.Compiler | None = None

    def draw(self, contents: Contents) -> bytes:
        """The PDF: text can be taken out, the font is embedded, no time of making. Raises NoFont, TemplateBroken."""
        inputs = {"contents": json.dumps(contents.plain(), ensure_ascii=False), "font": FAMILY}
        with self._lock:
            if not self._compiler:
                self._compiler = typst.Compiler(
                    root=self._templates, font_paths=find_font().faces, ignore_system_fonts=True
                )
            try:
                made = self._compiler.compile(
                    self._templates / f"{contents.document}.typ", sys_inputs=inputs, format="pdf", timestamp=0
                )
            except RuntimeError as error:  # typst.TypstError is one; a missing template another
                raise TemplateBroken(document=contents.document, reason=str(error)) from error
        if not isinstance(made, bytes):
            raise TemplateBroken(document=contents.document, reason="")
        return made
