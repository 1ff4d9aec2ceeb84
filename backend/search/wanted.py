"""What the words of a request look for: groups, each of which a patent can satisfy in one of several ways.

“电动车电池怎么拆” is two groups: one that holds 电动车 and 电池, or 动力电池, or 锂离子电池 …; and 拆, which is not insisted on.
A follower's own words count in full, the ways of the everyday table and the parts of a long word a little less.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from backend.search.everyday import SHORTEST_TERM, Everyday
from backend.search.tokens import STOP, Tokenizer, pieces, plain

OFFICIAL_WEIGHT = 0.8
PARTS_WEIGHT = 0.6
CHARACTER_WEIGHT = 0.5  # of a single one, which is a part of many words: 桥 is 母线桥 too
SOFT_WEIGHT = 0.4
WISH_WEIGHT = 0.7  # of what is not insisted on and yet says what shall be done: 晒, 省电
LONG_WORD = 4
MACHINES = "机器"
LONGEST_LISTED = 6  # characters of a word that is typed by itself
MOST_GROUPS = 24
MOST_READ = 400  # characters of a request


@dataclass(frozen=True, slots=True)
class Way:
    """All of `terms`; side by side and in this order where it is a `phrase`."""

    terms: tuple[str, ...]
    weight: float = 1.0
    phrase: bool = False

    @property
    def telling(self) -> tuple[str, ...]:
        """The terms that say something alone: 光伏 of 光伏 and 板. All of them where none is longer than a character."""
        return tuple(term for term in self.terms if len(term) >= SHORTEST_TERM) or self.terms


@dataclass(frozen=True, slots=True)
class Group:
    """`said` is how the request put it. What is not `needed` adds to the fit of a patent and rules none out.

    A `wish` of the everyday table adds more than a word of every other patent; what is `around` was told before the wish."""

    said: str
    ways: tuple[Way, ...]
    needed: bool = True
    wish: bool = False
    around: bool = False

    @property
    def weight(self) -> float:
        if self.needed:
            return 1.0
        return WISH_WEIGHT if self.wish else SOFT_WEIGHT


def covered(text: str, group: Group) -> float:
    """How much of the group the text holds, which is `plain`: of the way that it holds most of, the share of its words."""
    return max((share(text, way) for way in group.ways), default=0.0)


def share(text: str, way: Way) -> float:
    """All of a way side by side or none; else how many of its telling words."""
    if way.phrase:
        return float("".join(way.terms) in text)
    if all(term in text for term in way.terms):
        return 1.0
    return sum(term in text for term in way.telling) / len(way.terms)


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads requests as the index of this tokenizer was written."""

    tokenizer: Tokenizer
    everyday: Everyday

    def read(self, words: str, context: str = "") -> tuple[Group, ...]:
        """The groups in the order in which they were said; those of the `context` last and not insisted on.

        Where nothing but words of no technique was said, these are looked for after all.
        """
        groups = _told_once(self._groups(words)) or tuple(self._plainly(words))
        if groups and not any(group.needed for group in groups):
            groups = tuple(Group(group.said, group.ways) for group in groups)
        if self.listed(words):
            groups = tuple(replace(group, wish=True) for group in groups)
        said = {group.said for group in groups}
        around = (
            [group for group in self._groups(context) if group.said not in said and group.needed] if context else []
        )
        return (*groups, *(Group(group.said, group.ways, needed=False, around=True) for group in around))[:MOST_GROUPS]

    def unasked(self, words: str) -> tuple[str, ...]:
        """Of words typed one by one those of no technique: in a sentence they say nothing, by themselves they are meant."""
        terms = [term for word in self.listed(words) for term in self.tokenizer.terms(word)]
        return tuple(
            dict.fromkeys(term for term in terms if term in self.everyday.silent and len(term) >= SHORTEST_TERM)
        )

    def listed(self, words: str) -> tuple[str, ...]:
        """Words typed one by one, with blanks between them: each is meant as it stands, however the dictionary cuts it."""
        typed = plain(words[:MOST_READ]).split()
        one_by_one = len(typed) > 1 and all(len(word) <= LONGEST_LISTED for word in typed)
        return tuple(dict.fromkeys(typed)) if one_by_one else ()

    def _groups(self, text: str) -> tuple[Group, ...]:
        found: dict[str, Group] = {}
        for piece in pieces(plain(text[:MOST_READ])):
            for group in self._of_run(piece) if piece[0] > "\u3000" else (self._of_term(piece),):
                found.setdefault(group.said, group)
        return tuple(found.values())

    def _plainly(self, text: str) -> Iterator[Group]:
        for term in self.tokenizer.terms(plain(text[:MOST_READ])):
            yield Group(term, (Way((term,)),))

    def _of_run(self, run: str) -> Iterator[Group]:
        """One run of Chinese characters: everyday words first, the longest from the left, then what lies between."""
        cut = self.tokenizer.cut(run)
        ends, at = {0}, 0
        for word in cut:
            at += len(word)
            ends.add(at)
        rest, at = 0, 0
        while at < len(run):
            said = self._everyday_at(run, at, ends)
            if said:
                yield from self._between(run[rest:at])
                yield self._of_everyday(said)
                at = rest = at + len(said)
            else:
                at += 1
        yield from self._between(run[rest:])

    def _everyday_at(self, run: str, at: int, ends: set[int]) -> str:
        """The longest that begins here and ends where a word ends: 激光焊 is not meant in 激光焊枪."""
        lengths = range(min(self.everyday.longest, len(run) - at), 0, -1) if at in ends else ()
        found = (run[at : at + length] for length in lengths if at + length in ends)
        return next((said for said in found if said in self.everyday.official), "")

    def _of_everyday(self, said: str) -> Group:
        own = tuple(term for term in self.tokenizer.terms(said) if term not in self.everyday.silent)
        ways = [Way(own, CHARACTER_WEIGHT if len(said) == 1 else 1.0, phrase=_single(own))] if own else []
        for word in self.everyday.official[said]:
            terms = tuple(self.tokenizer.terms(word))
            if terms and terms != own:
                ways.append(Way(terms, OFFICIAL_WEIGHT, phrase=_single(terms)))
        ways += self._at_work(said)
        return Group(said, tuple(ways) or (Way((said,)),), said not in self.everyday.soft, wish=True)

    def _at_work(self, name: str) -> list[Way]:
        """What a machine does by which it is named, as one word: 切割机 is 切割装置 in a patent."""
        work = name[:-1]
        named = name[-1:] in MACHINES and len(work) == SHORTEST_TERM and name not in self.everyday.things
        if not named or self.tokenizer.cut(work) != [work] or work in self.everyday.soft:
            return []
        return [Way((work,), PARTS_WEIGHT)]

    def _between(self, text: str) -> Iterator[Group]:
        """The dictionary's cut; single characters side by side are one word that the dictionary does not know."""
        run: list[str] = []
        for word in self.tokenizer.cut(text) if text else ():
            if len(word) == 1 and word not in STOP and word not in self.everyday.silent:
                run.append(word)
                continue
            yield from self._of_characters(run)
            run = []
            if word not in STOP and word not in self.everyday.silent:
                yield self._of_term(word)
        yield from self._of_characters(run)

    def _of_characters(self, run: list[str]) -> Iterator[Group]:
        if len(run) >= SHORTEST_TERM:
            yield Group("".join(run), (Way(tuple(run), phrase=True),))
        elif run:
            yield Group(run[0], (Way((run[0],)),), needed=False)

    def parts(self, group: Group) -> tuple[Group, ...]:
        """Of a word that nobody writes, the parts that somebody may: everyday words in it, else words of the dictionary;
        of characters that are no word, the runs in it, 极耳 of 极耳焊, and each by itself, not insisted on."""
        said = group.said
        if group.ways[0].phrase and said not in self.everyday.official:
            return (*_shorter(said), *(Group(letter, (Way((letter,)),), needed=False) for letter in said))
        if len(said) <= SHORTEST_TERM or said[0] <= "\u3000":
            return ()
        inside = [
            said[at : at + length]
            for length in range(len(said) - 1, 1, -1)
            for at in range(len(said) - length + 1)
            if said[at : at + length] in self.everyday.official
        ]
        if inside:
            return (self._of_everyday(inside[0]),)
        words = [word for word in self.tokenizer.words(said) if word != said and len(word) >= SHORTEST_TERM]
        return tuple(self._of_term(word) for word in words if word not in self.everyday.silent)

    def _of_term(self, term: str) -> Group:
        ways = [Way((term,))]
        if len(term) >= LONG_WORD and term[0] > "\u3000":
            parts = {word for word in self.tokenizer.words(term) if word != term and len(word) >= SHORTEST_TERM}
            if row := _row(term, parts):
                ways.append(Way(row, PARTS_WEIGHT))
        ways += self._at_work(term)
        return Group(term, tuple(ways), needed=term not in self.everyday.soft)


def _shorter(said: str) -> tuple[Group, ...]:
    """The runs of two characters and more that are left where the run is no word, the longest first."""
    lengths = range(len(said) - 1, SHORTEST_TERM - 1, -1)
    runs = [said[at : at + length] for length in lengths for at in range(len(said) - length + 1)]
    return tuple(Group(run, (Way(tuple(run), phrase=True),)) for run in runs)


def _told_once(groups: tuple[Group, ...]) -> tuple[Group, ...]:
    """What is said as it stands is no way to satisfy another word too: “边角料回收” wants more than 回收."""
    said = {group.ways[0].terms: group.said for group in groups}
    out = []
    for group in groups:
        ways = tuple(way for way in group.ways if said.get(way.terms, group.said) == group.said)
        out.append(Group(group.said, ways or group.ways, group.needed, group.wish))
    return tuple(out)


def _row(term: str, parts: set[str]) -> tuple[str, ...]:
    """The term laid out in parts, the longest from the left where it can be; empty where it cannot."""
    if not term:
        return ()
    for length in range(len(term), 1, -1):
        rest = _row(term[length:], parts)
        if term[:length] in parts and "".join(rest) == term[length:]:
            return (term[:length], *rest)
    return ()


def _single(terms: tuple[str, ...]) -> bool:
    """Characters that the dictionary does not know as a word mean something only side by side."""
    return len(terms) > 1 and all(len(term) == 1 for term in terms)
