"""PDF by typst: a template file and the contents as JSON. What a person wrote never becomes markup."""

from __future__ import annotations

import json
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
    """Holds no state but the place of the templates; safe to share between threads.

    What costs is reading the fonts, which `find_font` keeps; a kept compiler was measured and gains nothing (bench).
    """

    def __init__(self, templates: Path = TEMPLATES) -> None:
        self._templates = templates

    def draw(self, contents: Contents) -> bytes:
        """The PDF: text can be taken out, the font is embedded, no time of making. Raises NoFont, TemplateBroken."""
        try:
            return typst.compile(
                self._templates / f"{contents.document}.typ",
                root=self._templates,
                font_paths=find_font().faces,
                ignore_system_fonts=True,
                sys_inputs={"contents": json.dumps(contents.plain(), ensure_ascii=False), "font": FAMILY},
                format="pdf",
                timestamp=0,
            )
        except RuntimeError as error:  # typst.TypstError is one; a missing template another
            raise TemplateBroken(document=contents.document, reason=str(error)) from error
