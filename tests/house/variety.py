"""What is left of a line when entities, fillers, politeness and punctuation are taken out, and how alike two lines are."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

import yaml
from opencc import OpenCC

HERE = Path(__file__).parent
ANNOTATED = re.compile(r"\[[^\[\]]+\]\((\w+)\)")
NUMBER = re.compile(r"(?:zl\s?)?(?:19|20)\d{2}\s?[12389]\s?\d{7}\s?[.．]?\s?[\dx]?|cn\s?\d{9}\s?[a-z]?")
PLACES = {"topic": "Ⓣ", "holder": "Ⓗ"}
OTHER_ENTITY = "Ⓔ"
PATENT_NUMBER = "Ⓝ"
KEPT = re.compile(r"[^\w" + "".join(PLACES.values()) + OTHER_ENTITY + PATENT_NUMBER + "]|_")


def read(path: Path) -> Any:
    return yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)


def _fillers() -> re.Pattern[str]:
    words = sorted((str(word) for word in read(HERE / "variety.yml")["fillers"]), key=lambda word: (-len(word), word))
    return re.compile("|".join(map(re.escape, words)))


FILLERS = _fillers()
SIMPLIFIED = OpenCC("t2s")  # 撤回聲明 is 撤回声明 typed on another keyboard, not another wording


def core(line: str) -> str:
    """The line without what may not make a difference: "请问[茶叶](topic)的呢？" → "Ⓣ".

    A line that is nothing but fillers or signs keeps them, so that “你好” and “🙏” still have a text of their own.
    """
    marked = ANNOTATED.sub(lambda found: PLACES.get(found[1], OTHER_ENTITY), line)
    plain = NUMBER.sub(PATENT_NUMBER, unicodedata.normalize("NFKC", SIMPLIFIED.convert(marked)).casefold())
    wording = KEPT.sub("", plain)
    return FILLERS.sub("", wording) or wording or line.strip()


def grams(text: str) -> frozenset[str]:
    """The character pairs of a text; a single character stands for itself."""
    return frozenset(text[at : at + 2] for at in range(len(text) - 1)) or frozenset({text})


def dice(one: frozenset[str], other: frozenset[str]) -> float:
    """Twice the shared pairs over all pairs, 0 to 1. It is never below Jaccard, so it is the harder measure here."""
    return 2 * len(one & other) / (len(one) + len(other))


def twins(lines: Sequence[str]) -> list[tuple[str, str]]:
    """(line, earlier line) for every line whose core was there before."""
    seen: dict[str, str] = {}
    found = []
    for line in lines:
        earlier = seen.setdefault(core(line), line)
        if earlier is not line:
            found.append((line, earlier))
    return found


def alike(lines: Sequence[str], above: float) -> list[tuple[str, str]]:
    """Pairs of lines whose cores overlap more than `above`."""
    pairs = [(line, grams(core(line))) for line in lines]
    return [(one[0], other[0]) for one, other in combinations(pairs, 2) if dice(one[1], other[1]) > above]


def utterances(folder: Path) -> dict[str, list[str]]:
    """Intent → its training lines, from every Rasa file of the folder."""
    gathered: dict[str, list[str]] = {}
    for path in sorted(folder.glob("*.yml")):
        if path.name == "fallback.yml":
            continue  # keywords for the hour without a model, not examples
        for row in read(path)["nlu"]:
            lines = [line.strip().removeprefix("- ") for line in row["examples"].splitlines() if line.strip()]
            gathered.setdefault(row["intent"], []).extend(lines)
    return gathered


def phrasings(folder: Path) -> dict[str, list[str]]:
    """Entry id → ways people ask it, from every phrasings file of the folder."""
    gathered: dict[str, list[str]] = {}
    for path in sorted(folder.glob("*.yml")):
        for name, lines in read(path).items():
            gathered.setdefault(name, []).extend(str(line) for line in lines)
    return gathered


def every_string(found: Any) -> Iterator[str]:
    """All texts of a YAML document, however deep, keys excluded."""
    if isinstance(found, str):
        yield found
    elif isinstance(found, dict):
        for value in found.values():
            yield from every_string(value)
    elif isinstance(found, list):
        for value in found:
            yield from every_string(value)
