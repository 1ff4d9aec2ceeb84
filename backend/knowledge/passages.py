"""Source texts taken apart: 第五十条 of a statute, 第三部分（三） of a plan, a headed part of anything else.

The texts themselves are not part of the project; their fingerprints are (fingerprints.yml).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path

from backend.knowledge.numbers import plain

_NUMERAL = "[零一二三四五六七八九十百千]+"
_ARTICLE = re.compile(rf"(第{_NUMERAL}条(?:之{_NUMERAL})?)[ \u3000]+(.*)")
_HEADING = re.compile(r"\s*#+\s*(.*)")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_PART = re.compile(rf"({_NUMERAL})、.*")
_SUBPART = re.compile(rf"[(\uff08]({_NUMERAL})[)\uff09].*")
_PARAGRAPH = re.compile(
    rf"(第{_NUMERAL}条(?:之{_NUMERAL})?)(?:第({_NUMERAL})款)?(?:第[(\uff08]({_NUMERAL})[)\uff09]项)?"
)
WHOLE = "正文"
OPENING = "前言"
ORDER = "一二三四五六七八九十"


def articles(text: str) -> dict[str, tuple[str, ...]]:
    """Article (第五十条) → its paragraphs and items, in a statute written with 第X条 at the start of a line."""
    found: dict[str, list[str]] = {}
    current: list[str] | None = None
    for line in _lines(text):
        if _HEADING.fullmatch(line):
            current = None
            continue
        opened = _ARTICLE.fullmatch(line)
        if opened:
            current = found.setdefault(opened[1], [])
            current.append(opened[2].strip())
        elif current is not None:
            current.append(line)
    return {name: tuple(lines) for name, lines in found.items()}


def parts(text: str) -> dict[str, tuple[str, ...]]:
    """第三部分 and 第三部分（三） → their lines, in a plan written with 三、 and （三） at the start of lines; 前言 before them."""
    found: dict[str, list[str]] = {OPENING: []}
    part = subpart = OPENING
    for line in _lines(text):
        if opened := _PART.fullmatch(line):
            part = subpart = f"第{opened[1]}部分"
        elif part != OPENING and (opened := _SUBPART.fullmatch(line)):
            subpart = f"{part}\uff08{opened[1]}\uff09"
        for name in dict.fromkeys((part, subpart)):
            found.setdefault(name, []).append(line)
    return {name: tuple(lines) for name, lines in found.items()}


def headed(text: str) -> dict[str, tuple[str, ...]]:
    """Heading (# 第25问) → the lines under it, for texts that are neither statute nor plan."""
    found: dict[str, list[str]] = {}
    current: list[str] = []
    for line in _lines(text):
        heading = _HEADING.fullmatch(line)
        if heading:
            current = found.setdefault(heading[1].strip(), [])
        else:
            current.append(line)
    return {name: tuple(lines) for name, lines in found.items()}


def _lines(text: str) -> Iterable[str]:
    return (line.strip() for line in _COMMENT.sub("", text).splitlines() if line.strip())


class SourceText:
    """One document at hand."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def _named(self) -> dict[str, tuple[str, ...]]:
        return headed(self.text) | parts(self.text) | articles(self.text)

    def passage(self, label: str) -> str | None:
        """The text of a cited place, None where the document has no such place. 正文 is the whole."""
        if label == WHOLE:
            return self.text
        if label in self._named:
            return "\n".join(self._named[label])
        inner = _PARAGRAPH.fullmatch(label)
        if inner is None or inner[1] not in self._named:
            return None
        lines = self._named[inner[1]]
        if inner[2]:
            lines = _paragraph(lines, ORDER.find(inner[2]))
        if inner[3]:
            lines = tuple(line for line in lines if plain(line).startswith(f"({inner[3]})"))
        return "\n".join(lines) or None


def _paragraph(lines: tuple[str, ...], position: int) -> tuple[str, ...]:
    """The paragraph at a position, its items (一)(二) with it."""
    paragraphs: list[list[str]] = []
    for line in lines:
        if paragraphs and _SUBPART.fullmatch(line):
            paragraphs[-1].append(line)
        else:
            paragraphs.append([line])
    return tuple(paragraphs[position]) if 0 <= position < len(paragraphs) else ()


class Library:
    """A folder of source texts, one plain-text file for each source id (patent_law.txt, patent_law.md)."""

    def __init__(self, folder: Path) -> None:
        self.texts = {
            path.stem: SourceText(path.read_text("utf-8"))
            for path in sorted(folder.iterdir())
            if path.suffix in {".txt", ".md"}
        }

    def holds(self, source_id: str) -> bool:
        return source_id in self.texts

    def passage(self, source_id: str, label: str) -> str | None:
        return self.texts[source_id].passage(label) if source_id in self.texts else None


def fingerprint(passage: str) -> str:
    """Sha256 of a passage; typesetting (spaces, line ends, full-width digits) does not change it."""
    return hashlib.sha256(plain(passage).encode()).hexdigest()
