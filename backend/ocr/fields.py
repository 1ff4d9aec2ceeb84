"""From values behind labels to the fields of a certificate."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from backend.domain.certificates import Seen
from backend.domain.patents import PatentKind
from backend.ocr.labels import Label, Value, compact
from backend.ocr.lines import Line

_KINDS = (
    (PatentKind.UTILITY_MODEL, re.compile(r"实用新型(?:专利证|名称)")),
    (PatentKind.DESIGN, re.compile(r"外观设计(?:专利证|名称|的产品名称)")),
    (PatentKind.INVENTION, re.compile(r"发明(?:专利证|名称)")),
)
_HEADING = re.compile(r"专利证书$")
_DATE = re.compile(r"((?:19|20)\d{2})\D{1,2}(\d{1,2})\D{1,2}(\d{1,2})(?!\d)")
_HAN = r"[\u3400-\u9fff（）“”、，。；：]"
LEAST_LABELS = 2
LEAST_SCORE = 0.6
DOUBTFUL = 0.6  # factor for dates that do not fit each other


def is_certificate(lines: Sequence[Line], found: Sequence[Value]) -> bool:
    """The heading, or the number's label with another one; a notice of acceptance or a gazette page has neither."""
    labels = {value.label for value in found if value.label is not Label.OTHER}
    heading = any(_HEADING.search(compact(line.text)) for line in lines)
    return (heading and bool(labels)) or (Label.NUMBER in labels and len(labels) >= LEAST_LABELS)


def kind_of(lines: Sequence[Line]) -> Seen[PatentKind] | None:
    """As printed in the heading or the title's label, never inferred from a number. Two kinds on one sheet are none."""
    seen: dict[PatentKind, float] = {}
    for line in lines:
        text = compact(line.text)
        for kind, words in _KINDS:
            if words.search(text):
                seen[kind] = max(seen.get(kind, 0.0), line.score)
                break
    if len(seen) != 1:
        return None
    ((kind, score),) = seen.items()
    return Seen(kind, round(score, 3))


def first(found: Sequence[Value], label: Label) -> Value | None:
    """The first value behind this label that is not empty."""
    return next((value for value in found if value.label is label and value.text), None)


def date_of(value: Value | None) -> Seen[date] | None:
    """A printed day, “2021年03月15日”; a day that no calendar has is none."""
    match = _DATE.search(value.text) if value else None
    if not value or not match or value.score < LEAST_SCORE:
        return None
    try:
        return Seen(date(*map(int, match.groups())), round(value.score, 3))
    except ValueError:
        return None


def dates_of(found: Sequence[Value]) -> tuple[Seen[date] | None, Seen[date] | None]:
    """Filed and granted; both are doubtful where the grant does not come after."""
    filed, granted = date_of(first(found, Label.FILED)), date_of(first(found, Label.GRANTED))
    if filed and granted and granted.value <= filed.value:
        return (
            Seen(filed.value, round(filed.confidence * DOUBTFUL, 3)),
            Seen(granted.value, round(granted.confidence * DOUBTFUL, 3)),
        )
    return filed, granted


def _printed(text: str) -> str:
    """As a Chinese sheet prints it: wide brackets, no stray signs at the ends."""
    tidy = text.replace("(", "（").replace(")", "）").strip(":;,.·-—_|")
    return tidy + "）" if tidy.count("（") == tidy.count("）") + 1 else tidy  # a last bracket at a line's end gets lost


def title_of(found: Sequence[Value]) -> Seen[str] | None:
    value = first(found, Label.TITLE)
    title = _printed(value.text) if value else ""
    return Seen(title, round(value.score, 3)) if value and title and value.score >= LEAST_SCORE else None


def holders_of(found: Sequence[Value]) -> Seen[tuple[str, ...]] | None:
    """Several are printed with semicolons, which readers take for colons or commas; no holder's name has those."""
    value = first(found, Label.HOLDERS)
    names = tuple(name for part in re.split(r"[;:,、，]", value.text) if (name := _printed(part))) if value else ()
    return Seen(names, round(value.score, 3)) if value and names and value.score >= LEAST_SCORE else None
