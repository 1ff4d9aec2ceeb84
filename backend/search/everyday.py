"""What a workshop says and what patents write: the table of everyday words, and the words that are no technique at all."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from backend.search.tokens import Tokenizer

DATA = Path(__file__).parent / "data"
SHORTEST_TERM = 2
ANY = "~"  # of a line whose wish any technique may serve


@dataclass(frozen=True, slots=True)
class Everyday:
    """`official` holds for each everyday word the words looked for beside it; `silent` are not looked for, `soft` are not
    insisted on, `things` end like the name of a machine and are none that is named for its work. `version` changes
    with the files."""

    official: dict[str, tuple[str, ...]]
    silent: frozenset[str]
    soft: frozenset[str]
    things: frozenset[str]
    longest: int
    version: str

    def terms(self) -> set[str]:
        """Both sides of the table and what is silent, which the dictionary of the pool has to know: 太热 is cut out of
        太热菜苗, and 洗不掉 is no word to be found."""
        official = {word for words in self.official.values() for word in words}
        return {word for word in official.union(self.official, self.silent) if len(word) >= SHORTEST_TERM}


@cache
def everyday() -> Everyday:
    contents = [(DATA / name).read_bytes() for name in ("everyday.tsv", "soft.yml")]
    rows = [line for line in contents[0].decode("utf-8").splitlines() if line and line[0] != "#"]
    official = dict(_pairs(row.removeprefix(ANY) for row in rows))
    wishes = {said for row in rows if row.startswith(ANY) for said in row.removeprefix(ANY).split("\t")[0].split()}
    soft = yaml.load(contents[1].decode("utf-8"), Loader=yaml.CSafeLoader)
    return Everyday(
        official,
        frozenset(soft["silent"].split()),
        frozenset(soft["soft"].split()) | wishes,
        frozenset(soft["things"].split()),
        max(map(len, official), default=0),
        hashlib.sha256(b"\0".join(contents)).hexdigest()[:8],
    )


def office_tokenizer(dictionary: Path) -> Tokenizer:
    """The words of the office, one dictionary for patents and rules: a second one in a process costs 33 MB. The
    understanding process's and the official words of the table.
    """
    return Tokenizer(dictionary, everyday().terms())


def _pairs(rows: Iterable[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for row in rows:
        said, official = row.split("\t")
        for word in said.split():
            yield word, tuple(official.split())
