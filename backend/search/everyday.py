"""What a workshop says and what patents write: the table of everyday words, and the words that are no technique at all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from backend.search.tokens import Tokenizer

DATA = Path(__file__).parent / "data"
SHORTEST_TERM = 2


@dataclass(frozen=True, slots=True)
class Everyday:
    """`official` holds for each everyday word the words looked for beside it; `silent` are not looked for, `soft` are not
    insisted on."""

    official: dict[str, tuple[str, ...]]
    silent: frozenset[str]
    soft: frozenset[str]
    longest: int

    def terms(self) -> set[str]:
        """The official words, which the dictionary of the pool has to know."""
        return {word for words in self.official.values() for word in words if len(word) >= SHORTEST_TERM}


@cache
def everyday() -> Everyday:
    official = dict(_pairs((DATA / "everyday.tsv").read_text("utf-8")))
    soft = yaml.load((DATA / "soft.yml").read_text("utf-8"), Loader=yaml.CSafeLoader)
    return Everyday(
        official,
        frozenset(soft["silent"].split()),
        frozenset(soft["soft"].split()),
        max(map(len, official), default=0),
    )


def pool_tokenizer(dictionary: Path) -> Tokenizer:
    """The dictionary of the pool: that of the understanding process and the official words of the table."""
    return Tokenizer(dictionary, everyday().terms())


def _pairs(table: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    for line in table.splitlines():
        if line and not line.startswith("#"):
            said, official = line.split("\t")
            for word in said.split():
                yield word, tuple(official.split())
