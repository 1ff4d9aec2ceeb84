"""What was typed, as it is usually written: simplified characters, pinyin turned into words, homophones of our own words.

Everything after this reads the repaired text. It is careful: pinyin that cannot be read whole stays as it is, and what is
written gives way to what it sounds like only where people write that far more often, and beside the same words.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import opencc

Cut = Callable[[str], list[str]]
_LATIN = re.compile(r"[A-Za-zü'’]+(?:[ ]+[A-Za-zü'’]+)*")
_CHINESE_WORD = re.compile(r"[\u4e00-\u9fff]+")
_CHINESE = re.compile(r"[\u4e00-\u9fff]{2,}")
_FUZZY = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ing", "in"), ("eng", "en"), ("ang", "an"), ("l", "n"))
LONGEST_SOUND = 24  # letters of one word
SHORTEST_SOUND = 4  # letters in all; less is more likely a unit or an English word
MOST_READINGS = 4  # of one word, because of characters with several sounds
MOST_ALIKE = 8  # words kept for one sound
CORE = 12  # an own word that often is worth repairing
SLIP_RATIO = 20  # so many times as often as what stands there a word of ours must be written
UNSEEN_WORD, UNSEEN_PAIR = 12, 0.5  # how often a word nobody wrote to us yet may stand in as many lines
WORD = 2
FUNCTION_WORDS = frozenset(
    "的了是不有在我你他她它这那就也都用要会能吗呢吧啊个一二三四五六七八九十没和与及或把被给跟到去来又还哪谁对"
)
HOME = Path(__file__).parent
SMOOTHING = 0.4  # share of the plain frequency beside that after the word before


def load_readings(path: Path = HOME / "pinyin.tsv") -> dict[str, tuple[str, ...]]:
    """Character → its toneless sounds, the usual one first; ü is v."""
    rows = (line.split("\t") for line in path.read_text("utf-8").splitlines() if not line.startswith("#"))
    return {character: tuple(sounds.split()) for character, sounds in rows}


def fuzzy(sound: str) -> str:
    """One syllable as it is heard in Hubei: zh like z, l like n, -ing like -in."""
    for said, heard in _FUZZY:
        if said in {"zh", "ch", "sh", "l"}:
            sound = heard + sound[len(said) :] if sound.startswith(said) else sound
        elif sound.endswith(said):
            sound = sound[: -len(said)] + heard
    return sound


def heard_as(readings: Mapping[str, tuple[str, ...]]) -> Callable[[str], tuple[str, ...]]:
    """How a word is heard, character by character; what has no reading is itself."""
    heard = {character: fuzzy(sounds[0]) for character, sounds in readings.items()}
    return lambda word: tuple(heard.get(character, character) for character in word)


@dataclass(frozen=True, slots=True)
class _Path:
    """The best way to read the letters up to a point; `cost` is a negative log likelihood."""

    cost: float
    words: tuple[str, ...]


class Spelling:
    """`lines` are how people write to us; `readings` gives each character's toneless sounds, the usual one first."""

    def __init__(self, lines: Iterable[str], cut: Cut, readings: Mapping[str, tuple[str, ...]]) -> None:
        self._cut, self._readings = cut, readings
        self._simplify = opencc.OpenCC("t2s")
        self._simplify_words = opencc.OpenCC("tw2sp")
        self._count: Counter[str] = Counter()
        self._after: dict[str, Counter[str]] = defaultdict(Counter)
        for line in lines:
            before = ""
            for word in filter(_CHINESE_WORD.fullmatch, self._cut(line)):
                self._count[word] += 1
                self._after[before][word] += 1
                if len(before) == len(word) == 1:
                    self._count[before + word] += 1  # 年费 is no word of the dictionary and one of ours
                before = word
            self._after[before][""] += 1
        self._total = sum(self._count.values()) or 1

    def plain(self, text: str) -> str:
        """Simplified characters, and pinyin as words; unchanged where nothing needs it."""
        return self._from_pinyin(self._simplified(text))

    def repaired(self, plain: str) -> str:
        """Slips that sound like a word of ours put right; of the same length. Not for the words of a technique, of which
        many sound so too.
        """
        return _CHINESE.sub(lambda found: self._repair(found[0]), plain)

    def _simplified(self, text: str) -> str:
        """Words of Taiwan and Hong Kong too (資訊 → 信息), but only where traditional characters show the writer's way."""
        return text if self._simplify.convert(text) == text else str(self._simplify_words.convert(text))

    # pinyin

    @cached_property
    def _by_letters(self) -> dict[str, list[str]]:
        """Letters of a whole word → the words that sound so, the usual ones first."""
        found: dict[str, list[str]] = defaultdict(list)
        for word, _ in self._count.most_common():
            for sounds in self._sounds(word):
                letters = "".join(sounds)
                if len(found[letters]) < MOST_ALIKE:
                    found[letters].append(word)
        return dict(found)

    def _sounds(self, word: str) -> list[tuple[str, ...]]:
        ways: list[tuple[str, ...]] = [()]
        for character in word:
            options = self._readings.get(character, ())
            ways = [(*way, option) for way in ways for option in options][:MOST_READINGS]
        return ways

    def _from_pinyin(self, text: str) -> str:
        return _LATIN.sub(lambda found: self._read_letters(found[0]), text)

    def _read_letters(self, run: str) -> str:
        letters = re.sub(r"[ '’]", "", run).lower().replace("ü", "v")
        if len(letters) < SHORTEST_SOUND:
            return run
        best: list[_Path | None] = [_Path(0.0, ())] + [None] * len(letters)
        for start in range(len(letters)):
            here = best[start]
            if here is None:
                continue
            for end in range(start + 1, min(start + LONGEST_SOUND, len(letters)) + 1):
                for word in self._by_letters.get(letters[start:end], ()):
                    cost = here.cost + self._cost(here.words[-1] if here.words else "", word)
                    there = best[end]
                    if there is None or cost < there.cost:
                        best[end] = _Path(cost, (*here.words, word))
        whole = best[-1]
        if whole is None:
            return run
        read = "".join(whole.words)
        known = (
            any(read[at : at + WORD] in self._count for at in range(len(read) - 1)) or max(map(len, whole.words)) > WORD
        )
        return read if known else run

    def _cost(self, before: str, word: str) -> float:
        plain = self._count[word] / self._total
        followers = self._after.get(before)
        after = followers[word] / sum(followers.values()) if followers else 0.0
        return -math.log(SMOOTHING * plain + (1 - SMOOTHING) * after)

    # homophones

    @cached_property
    def _own(self) -> dict[tuple[str, ...], str]:
        """How an often used word of ours is heard → the word."""
        heard: dict[tuple[str, ...], str] = {}
        for word, count in self._count.most_common():
            if count < CORE:
                break
            if len(word) >= WORD and not FUNCTION_WORDS & set(word):
                heard.setdefault(self._heard(word), word)
        return heard

    def _heard(self, word: str) -> tuple[str, ...]:
        return tuple(fuzzy(self._readings.get(character, (character,))[0]) for character in word)

    def _repair(self, run: str) -> str:
        words = self._cut(run)
        if "".join(words) != run:
            return run  # the cutter left something out; offsets would be wrong
        at = 0
        out: list[str] = []
        while at < len(words):
            size, repaired = self._repaired_at(words, at)
            out.append(repaired)
            at += size
        return "".join(out)

    def _repaired_at(self, words: list[str], at: int) -> tuple[int, str]:
        """How many words from here are taken, and what they become: one word, or neighbouring single characters, heard as a
        word of ours.
        """
        for size in range(4, 0, -1):
            group = words[at : at + size]
            written = "".join(group)
            if len(group) < size or (size > 1 and len(written) > size) or FUNCTION_WORDS & set(written):
                continue
            meant = self._own.get(self._heard(written))
            around = (words[at - 1] if at else "", words[at + size] if at + size < len(words) else "")
            if meant and self._is_a_slip(group, meant) and self._fits(meant, around):
                return size, meant
        return 1, words[at]

    def _is_a_slip(self, group: list[str], meant: str) -> bool:
        """Whether what is written is seldom enough beside what it sounds like. Training lines hold slips on purpose, so that
        being written to us is no proof by itself.
        """
        chance = (
            UNSEEN_WORD
            if len(group) == 1
            else UNSEEN_PAIR + math.prod(map(self._count.__getitem__, group)) / (self._total ** (len(group) - 1))
        )
        return self._count[meant] >= SLIP_RATIO * (self._count["".join(group)] + chance)

    def _fits(self, meant: str, around: tuple[str, str]) -> bool:
        """Whether people write it after what stands before, or before what stands after; the ends of a run count too."""
        before, after = around
        parts = self._cut(meant)
        return self._after[before][parts[0]] > 0 or self._after[parts[-1]][after] > 0
