"""What a document says, in order, before anybody draws it.

docx, PDF and the H5 review are drawn from the same `Contents`, so they cannot differ. An outline in
templates/wording/ has a `title`, `parts` and a `foot`; a part has a `heading`, `paragraphs` (`numbered` or not) and
`lines` of `label` and `value`. A text whose ((占位符)) leave nothing is left out, a line without a value too unless it is
`blank`, to be filled by hand. `each` repeats a line for every item of a list, as ((项)) and ((序号)).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from backend.documents.wording import outline, placeholders
from backend.domain.wording import fill

Lists = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the form; `value` is empty where a person signs."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Part:
    heading: str
    paragraphs: tuple[str, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Contents:
    """`document` names its templates: “declaration” is drawn by declaration.docx and declaration.typ."""

    document: str
    title: str
    parts: tuple[Part, ...]
    foot: str

    @property
    def lines(self) -> tuple[Line, ...]:
        """Every (label, value) of the document in order: what a review page lists."""
        return tuple(line for part in self.parts for line in part.lines)

    def texts(self) -> Iterator[str]:
        """Every text in the order in which it is read."""
        yield self.title
        for part in self.parts:
            yield part.heading
            yield from part.paragraphs
            for line in part.lines:
                yield line.label
                yield line.value
        yield self.foot

    def plain(self) -> dict[str, Any]:
        """The same as plain JSON values, for the PDF engine and for pages."""
        return {
            "title": self.title,
            "parts": [
                {
                    "heading": part.heading,
                    "paragraphs": list(part.paragraphs),
                    "lines": [{"label": line.label, "value": line.value} for line in part.lines],
                }
                for part in self.parts
            ],
            "foot": self.foot,
        }


def compose(document: str, facts: Mapping[str, str], lists: Lists | None = None) -> Contents:
    """The outline of a document filled with facts. `lists` by the names that its `each` use."""
    form = outline(document)
    parts = (_part(part, facts, lists or {}) for part in form["parts"])
    return Contents(
        document,
        fill(form["title"], facts),
        tuple(part for part in parts if part.paragraphs or part.lines),
        fill(form.get("foot", ""), facts),
    )


def _part(form: dict[str, Any], facts: Mapping[str, str], lists: Lists) -> Part:
    said = [text for paragraph in form.get("paragraphs", ()) if (text := fill(paragraph, facts).strip())]
    if form.get("numbered"):
        said = [f"{number}. {text}" for number, text in enumerate(said, start=1)]
    lines = tuple(line for row in form.get("lines", ()) for line in _lines(row, facts, lists))
    return Part(fill(form.get("heading", ""), facts), tuple(said), lines)


def _lines(row: dict[str, Any], facts: Mapping[str, str], lists: Lists) -> Iterator[Line]:
    item, number = placeholders()["item"], placeholders()["item_number"]
    rounds = (
        ({**facts, item: text, number: str(count)} for count, text in enumerate(lists.get(row["each"], ()), start=1))
        if "each" in row
        else (facts,)
    )
    for known in rounds:
        label, value = fill(row["label"], known).strip(), fill(row.get("value", ""), known).strip()
        if label and (value or row.get("blank")):
            yield Line(label, value)
