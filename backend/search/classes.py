"""Titles of IPC classes and subclasses (and of Locarno classes, for designs), indexed beside a patent's own words."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path

from backend.domain.ipc import is_locarno

TABLE = Path(__file__).parent / "data" / "classes.tsv"


@cache
def class_titles() -> dict[str, str]:
    """Symbol of a class (H01), a subclass (H01M) or a Locarno class (14) → its title, words parted by blanks."""
    lines = (line.split("\t") for line in TABLE.read_text("utf-8").splitlines() if not line.startswith("#"))
    return {line[0]: line[1] for line in lines}


def titles_of(symbols: Iterable[str]) -> str:
    """The titles of the classes and subclasses that the symbols lie in, each once."""
    titles = class_titles()
    keys = (key for symbol in symbols for key in _levels(symbol))
    return " ".join(titles[key] for key in dict.fromkeys(keys) if key in titles)


def _levels(symbol: str) -> tuple[str, ...]:
    return (symbol[:2],) if is_locarno(symbol) else (symbol[:3], symbol[:4])
