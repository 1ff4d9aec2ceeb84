"""The words of the titles in the pool, kept beside the index: what a mistyped word may have meant.

Derived like the index, and saved with each build; words that come later are added to it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

FILE = "vocabulary.tsv"
MOST_WORDS = 20_000
SHORTEST, LONGEST = 2, 6
OPEN_FROM = 3  # characters from which on one of them may be wrong
Heard = Callable[[str], tuple[str, ...]]


class Vocabulary:
    """Written by the indexer, read by whoever suggests."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / FILE
        self._counted: Counter[str] = Counter()
        self._saved: dict[str, int] | None = None  # what the one writer knows to be in the file

    def add(self, words: Iterable[str]) -> None:
        self._counted.update(word for word in words if SHORTEST <= len(word) <= LONGEST and word[0] > "\u3000")

    def save(self, *, fresh: bool) -> None:
        """After the commit. A build writes the most frequent words anew, a change only adds those that are new."""
        if fresh:
            held = self._counted.most_common(MOST_WORDS)
        else:
            known = self.words() if self._saved is None else self._saved
            self._saved = known
            held = [(word, count) for word, count in self._counted.items() if word not in known]
            if not held or len(known) >= MOST_WORDS:
                self._counted.clear()
                return
            held = [*known.items(), *held]
        unfinished = self.file.with_suffix(".new")
        unfinished.write_text("".join(f"{word}\t{count}\n" for word, count in held), "utf-8")
        unfinished.replace(self.file)
        self._saved = dict(held)
        self._counted.clear()

    def words(self) -> dict[str, int]:
        """Word → in how many titles."""
        try:
            lines = self.file.read_text("utf-8").splitlines()
        except FileNotFoundError:
            return {}
        return {word: int(count) for word, _, count in (line.partition("\t") for line in lines)}


class Suggester:
    """Puts right what sounds or looks like words of the pool. `heard` gives the sounds of a word's characters."""

    def __init__(self, vocabulary: Vocabulary, more: Iterable[str], heard: Heard) -> None:
        self._vocabulary, self._more, self._heard = vocabulary, frozenset(more), heard
        self._read_at = -1
        self._words: dict[str, int] = {}
        self._alike: dict[tuple[str, ...], list[str]] = {}

    def suggest(self, text: str, suspect: Callable[[str], bool]) -> str:
        """The text with its likeliest slip put right; empty where nothing is near. `suspect` says of a stretch of the
        text that it is not known as it stands."""
        self._read()
        best: tuple[int, int, str] | None = None
        for start, stretch in _stretches(text):
            if stretch in self._words or not suspect(stretch):
                continue
            for word in self._near(stretch):
                rank = (len(stretch), self._words[word], text[:start] + word + text[start + len(stretch) :])
                if best is None or rank > best:
                    best = rank
        return best[2] if best else ""

    def _read(self) -> None:
        try:
            now = self._vocabulary.file.stat().st_mtime_ns
        except FileNotFoundError:
            now = 0
        if now == self._read_at:
            return
        words = {word: 1 for word in self._more if SHORTEST <= len(word) <= LONGEST} | self._vocabulary.words()
        alike: dict[tuple[str, ...], list[str]] = defaultdict(list)
        for word in words:
            for key in self._keys(word):
                alike[key].append(word)
        self._words, self._alike, self._read_at = words, dict(alike), now

    def _keys(self, word: str) -> Iterator[tuple[str, ...]]:
        yield ("heard", *self._heard(word))
        yield ("turned", *sorted(word))
        if len(word) >= OPEN_FROM:
            for at in range(len(word)):
                yield ("open", *word[:at], "", *word[at + 1 :])

    def _near(self, stretch: str) -> set[str]:
        near = {word for key in self._keys(stretch) for word in self._alike.get(key, ())} - {stretch}
        return {word for word in near if set(word) & set(stretch) or self._heard(word) == self._heard(stretch)}


def _stretches(text: str) -> Iterator[tuple[int, str]]:
    """Every run of two to six Chinese characters of the first forty, with where it begins."""
    text = text[:40]
    for start in range(len(text)):
        for length in range(SHORTEST, LONGEST + 1):
            stretch = text[start : start + length]
            if len(stretch) < length or any(letter <= "\u3000" for letter in stretch):
                break
            yield start, stretch
