"""docx by docxtpl: templates are files that staff edit in WPS or Word; what a person wrote is never template code."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, Template, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from backend.documents.archives import timeless
from backend.documents.contents import Contents
from backend.documents.pdf import TEMPLATES, TemplateBroken

# As character references, which only the XML reader resolves, after every template engine has had its turn: docxtpl
# rewrites {_{ to {{ in what it has filled in.
_REFERENCES = {ord(letter): f"&#{ord(letter)};" for letter in "&<>\"'{}%#_"}


class _Sandbox(ImmutableSandboxedEnvironment):
    """Compiles each part of each template once."""

    def __init__(self) -> None:
        super().__init__(autoescape=True, undefined=StrictUndefined)
        self._compiled: dict[str, Template] = {}

    def from_string(self, source: Any, *_: Any, **__: Any) -> Template:
        if source not in self._compiled:
            self._compiled[source] = super().from_string(source)
        return self._compiled[source]


class DocxPress:
    """Draws contents with `<document>.docx` of the folder."""

    def __init__(self, templates: Path = TEMPLATES) -> None:
        self._templates = templates
        self._environment = _Sandbox()
        self._sources: dict[Path, bytes] = {}

    def draw(self, contents: Contents) -> bytes:
        """The docx, equal for equal contents. Raises TemplateBroken."""
        try:
            template = DocxTemplate(io.BytesIO(self._source(f"{contents.document}.docx")))
            template.render(_inert(contents.plain()), self._environment, autoescape=True)
            held = io.BytesIO()
            template.save(held)
        except (TemplateError, OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
            raise TemplateBroken(document=contents.document, reason=str(error)) from error
        return timeless(held.getvalue())

    def _source(self, name: str) -> bytes:
        path = self._templates / name
        if path not in self._sources:
            self._sources[path] = path.read_bytes()
        return self._sources[path]


def _inert(value: Any) -> Any:
    """Every text as XML that no template engine takes for its own."""
    if isinstance(value, str):
        return Markup(value.translate(_REFERENCES))  # noqa: S704 escaped in the same breath
    if isinstance(value, list):
        return [_inert(item) for item in value]
    return {name: _inert(item) for name, item in value.items()}
