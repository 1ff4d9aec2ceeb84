"""National economic industries, GB/T 4754-2017: twenty sections, ninety-seven divisions, and what people call them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from backend.domain.hubei import DATA


@dataclass(frozen=True, slots=True)
class Division:
    """`code` is the section's letter and two digits, such as C13. `said` are everyday words for its products."""

    code: str
    name: str
    said: tuple[str, ...]

    @property
    def section(self) -> str:
        return self.code[:1]


def _lines(name: str) -> list[list[str]]:
    return [line.split("\t") for line in (DATA / name).read_text("utf-8").splitlines() if line]


@cache
def sections() -> dict[str, str]:
    """Name by letter, in the order of the standard."""
    return dict(_lines("industry_sections.tsv"))


@cache
def divisions() -> dict[str, Division]:
    """By code, in the order of the standard."""
    rows = _lines("industries.tsv")
    return {f"{letter}{two}": Division(f"{letter}{two}", name, tuple(said.split())) for letter, two, name, said in rows}


def division_named(name: str) -> Division | None:
    """By its full name as the information table holds it; None for free words."""
    return next((division for division in divisions().values() if division.name == name), None)


def division_coded(text: str) -> Division | None:
    """“C13”, “13”, “c 13”: by its code."""
    compact = text.strip().upper().replace(" ", "")
    if compact in divisions():
        return divisions()[compact]
    return next((division for code, division in divisions().items() if code[1:] == compact), None)


def divisions_in(text: str) -> tuple[Division, ...]:
    """Those whose name or everyday word stands in the text, the longest word first; a word inside a longer one is not heard."""
    found: dict[str, tuple[int, Division]] = {}
    left = text
    words = sorted(((word, division) for division in divisions().values() for word in _names(division)), key=_longest)
    for word, division in words:
        if word in left:
            found.setdefault(division.code, (len(word), division))
            left = left.replace(word, "\n")
    return tuple(division for _, division in sorted(found.values(), key=lambda pair: -pair[0]))


def _names(division: Division) -> tuple[str, ...]:
    bare = division.name.removesuffix("业").removesuffix("制造")
    return tuple(dict.fromkeys(name for name in (division.name, bare, *division.said) if len(name) > 1))


def _longest(pair: tuple[str, Division]) -> tuple[int, str]:
    return -len(pair[0]), pair[1].code
