"""The printed labels of the three kinds of certificate, and which text stands behind each.

Labels are found wherever they stand, so the prints of 2010, 2019 and 2023, with one column or two, need no templates.
Paragraphs of the sheet use the same words (“自申请日起算”, “专利权人的姓名或名称”); a label has a colon or opens its line.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from backend.ocr.lines import Line, rows

NEXT_ROW = 2.2  # heights of a line: a value runs on only so far below
MOST_ROWS = 4


class Label(StrEnum):
    """What a value is. OTHER values are read past; the announcement's number looks like a patent's and is none."""

    TITLE = "title"
    NUMBER = "number"
    FILED = "filed_on"
    GRANTED = "granted_on"
    HOLDERS = "holders"
    ANNOUNCEMENT = "announcement"
    OTHER = "other"


WRAPS = {Label.TITLE, Label.HOLDERS, Label.OTHER}
_WORDS = (
    (Label.OTHER, r"申请日时(?:的?(?:发明人|设计人|申请人|专利权人))?"),
    (Label.TITLE, r"(?:发明|实用新型|外观设计|使用外观设计的产品)名称"),
    (Label.NUMBER, r"专利号"),
    (Label.FILED, r"(?:专利)?申请日期?(?![起时])"),
    (Label.GRANTED, r"授权公告日期?"),
    (Label.ANNOUNCEMENT, r"授权公告号"),
    (Label.HOLDERS, r"专利权人(?![的应及自或为和一，、])"),
    (Label.OTHER, r"(?:共同)?(?:发明人|设计人)|地址"),
)
_EXACT = (
    (Label.TITLE, ("发明名称", "实用新型名称", "外观设计名称")),
    (Label.NUMBER, ("专利号",)),
    (Label.FILED, ("专利申请日", "申请日")),
    (Label.GRANTED, ("授权公告日",)),
    (Label.ANNOUNCEMENT, ("授权公告号",)),
    (Label.HOLDERS, ("专利权人",)),
    (Label.OTHER, ("发明人", "设计人", "申请日时发明人", "申请日时申请人", "申请日时设计人")),
)
_LABEL = re.compile("|".join(f"(?P<g{at}>{words})" for at, (_, words) in enumerate(_WORDS)))
_COLON = re.compile(r"[:;]")
_PARAGRAPH = re.compile(r"国家知识产权局|中华人民共和国|专利登记簿|专利证书|自授权公告|局长|第\d+页|证书号")


@dataclass(slots=True)
class Value:
    """The text behind a label, and the lines it was taken from (the label's own first)."""

    label: Label
    words: str
    text: str
    start: float  # where the value begins, in the level sheet's pixels
    lines: list[Line] = field(default_factory=list)

    @property
    def score(self) -> float:
        return min(line.score for line in self.lines)


def compact(text: str) -> str:
    """Without blanks, full-width signs as half-width; letters keep their case."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


def _labels(text: str) -> list[tuple[Label, str, int, int]]:
    """(label, its words, where it begins, where its value begins) in one line of compact text."""
    found = []
    for match in _LABEL.finditer(text):
        colon = _COLON.match(text, match.end())
        opens = match.start() == 0
        if colon or opens:
            label = _WORDS[next(at for at in range(len(_WORDS)) if match.group(f"g{at}"))][0]
            found.append((label, match.group(), match.start(), colon.end() if colon else match.end()))
    if not found or found[0][2] > 0:
        found[:0] = _misread(text)
    return found


def _misread(text: str) -> list[tuple[Label, str, int, int]]:
    """A label that opens its line, ends in a colon and has one wrong character, as “专利中请日：”.

    “授权公告” and another character could be the day's label or the number's: then it is neither.
    """
    colon = _COLON.search(text)
    if not colon:
        return []
    head = text[: colon.start()]
    near = [
        (label, word)
        for label, words in _EXACT
        for word in words
        if len(word) == len(head) and sum(a != b for a, b in zip(word, head, strict=True)) == 1
    ]
    return [(near[0][0], near[0][1], 0, colon.end())] if len(near) == 1 else []


def values(lines: Sequence[Line]) -> list[Value]:
    """Every label's value on level lines, in reading order."""
    found: list[Value] = []
    for row in rows(lines):
        on_row: list[Value] = []
        for line in row:
            text = compact(line.text)
            labels = _labels(text)
            if not labels:
                _append(line, text, on_row, found)
                continue
            ends = [begins for _, _, begins, _ in labels[1:]] + [len(text)]
            for (label, words, _, begins), end in zip(labels, ends, strict=True):
                start = line.left + line.width * begins / max(1, len(text))
                on_row.append(Value(label, words, text[begins:end], start, [line]))
        found += on_row
    return found


def _append(line: Line, text: str, on_row: list[Value], above: list[Value]) -> None:
    """A line without a label runs on from its left neighbour or from the row above, or belongs to nobody."""
    if on_row:
        on_row[-1].text += text
        on_row[-1].lines.append(line)
        return
    if not above or _PARAGRAPH.search(text):
        return
    last = above[-1]
    label_at, below = last.lines[0].left, line.middle - last.lines[-1].middle
    indented = line.left > label_at + (last.start - label_at) * 0.6
    if last.label in WRAPS and indented and below < NEXT_ROW * line.height and len(last.lines) < MOST_ROWS:
        last.text += text
        last.lines.append(line)
