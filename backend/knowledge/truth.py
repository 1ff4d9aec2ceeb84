"""The truth linter: what an entry may not be, what its sources do not say, what changed under it, what is due for review."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from backend.domain.policy import Confidence, Entry, Source
from backend.knowledge.numbers import claims, facts
from backend.knowledge.passages import Library, fingerprint

ANSWER_LIMIT = 180
PROMISES = re.compile(
    "保证(?!金)|最低价|[肯一必]定能|肯定会|必定|包[过成赢下]|稳[赚赢过]|绝对|百分之百|100%|打包票|零风险|没有风险|万无一失"
)
# Patent Law art. 79: the office takes no part in recommending patented products.
RECOMMENDS = re.compile("(?<!不代表)(?<!不是)政府推荐|官方推荐|我们推荐|向您推荐|优质专利|好专利")
BARE_CAP = re.compile("(?<!一般)(?:不高于|不得高于|不能高于|最高不超过)")  # the notice says 一般不高于, and so do we
_ARTICLE = re.compile("第[零一二三四五六七八九十百千]+条")

Recorded = Mapping[str, Mapping[str, str]]  # source id → cited place → fingerprint


class Fault(StrEnum):
    TOO_LONG = "too_long"
    PROMISE = "promise"
    RECOMMENDATION = "recommendation"
    BARE_CAP = "bare_cap"
    NO_DOUBT = "no_doubt"
    UNCITED_ARTICLE = "uncited_article"
    IDLE_COMPUTED = "idle_computed"
    NO_PASSAGE = "no_passage"
    UNSUPPORTED_NUMBER = "unsupported_number"
    UNRECORDED = "unrecorded"
    CHANGED = "changed"


SAID = {
    Fault.TOO_LONG: f"is longer than {ANSWER_LIMIT} characters by",
    Fault.PROMISE: "promises",
    Fault.RECOMMENDATION: "recommends, which Patent Law art. 79 forbids:",
    Fault.BARE_CAP: "states a cap without saying that it holds in general:",
    Fault.NO_DOUBT: "is uncertain and does not say so:",
    Fault.UNCITED_ARTICLE: "names an article that it does not cite:",
    Fault.IDLE_COMPUTED: "declares a computed number that it does not say:",
}


WORDS = ((Fault.PROMISE, PROMISES), (Fault.RECOMMENDATION, RECOMMENDS), (Fault.BARE_CAP, BARE_CAP))


@dataclass(frozen=True, slots=True)
class Problem:
    """A broken rule of truth: which entry, which rule, and the words, number or place it is about."""

    entry: str
    fault: Fault
    about: str

    def __str__(self) -> str:
        return f"{self.entry} {SAID.get(self.fault, self.fault)} {self.about}"


@dataclass(frozen=True, slots=True)
class Report:
    """`unread`: numbers that rest on documents not at hand, (entry, number); `overdue`: entries past their review day."""

    problems: tuple[Problem, ...]
    unread: tuple[tuple[str, str], ...]
    overdue: tuple[Entry, ...]


def faults(entry: Entry) -> Iterator[Problem]:
    """What is wrong with an entry by itself; the loader refuses it."""
    length = len(entry.answer) + len(entry.next)
    if length > ANSWER_LIMIT:
        yield Problem(entry.id, Fault.TOO_LONG, str(length - ANSWER_LIMIT))
    said = _said(entry)
    for fault, words in WORDS:
        for found in dict.fromkeys(words.findall(f"{entry.title} {said}")):
            yield Problem(entry.id, fault, found)
    if entry.confidence is not Confidence.HIGH and not entry.doubt:
        yield Problem(entry.id, Fault.NO_DOUBT, entry.confidence)
    cited = {found for citation in entry.citations for found in _ARTICLE.findall(citation.article)}
    for named in dict.fromkeys(_ARTICLE.findall(said)):
        if named not in cited:
            yield Problem(entry.id, Fault.UNCITED_ARTICLE, named)
    claimed = claims(said)
    for computed in entry.computed:
        if computed.number not in claimed:
            yield Problem(entry.id, Fault.IDLE_COMPUTED, computed.number)


def _said(entry: Entry) -> str:
    return f"{entry.answer}\n{entry.next}\n{entry.detail}\n{entry.doubt}"


def examine(entries: Iterable[Entry], recorded: Recorded, library: Library | None, today: date) -> Report:
    """Everything the linter knows. Without a library only what can be seen without the texts."""
    entries = tuple(entries)
    problems: list[Problem] = []
    unread: list[tuple[str, str]] = []
    for entry in entries:
        problems += faults(entry)
        problems += _drift(entry, recorded, library)
        if library is not None:
            unsupported = tuple(_unsupported(entry, library))
            if all(library.holds(citation.source.id) for citation in entry.citations):
                problems += (Problem(entry.id, Fault.UNSUPPORTED_NUMBER, number) for number in unsupported)
            else:
                unread += ((entry.id, number) for number in unsupported)
    overdue = tuple(entry for entry in entries if entry.review_by < today)
    return Report(tuple(problems), tuple(unread), overdue)


def _drift(entry: Entry, recorded: Recorded, library: Library | None) -> Iterator[Problem]:
    """Cited places that do not exist, were never recorded, or read differently from what was recorded."""
    for citation in entry.citations:
        source, place = citation.source.id, citation.article
        known = recorded.get(source, {}).get(place)
        where = f"{citation.source.short}{place}"
        if library is not None and library.holds(source):
            passage = library.passage(source, place)
            if passage is None:
                yield Problem(entry.id, Fault.NO_PASSAGE, where)
            elif known is None:
                yield Problem(entry.id, Fault.UNRECORDED, where)
            elif known != fingerprint(passage):
                yield Problem(entry.id, Fault.CHANGED, where)
        elif source in recorded and known is None:
            yield Problem(entry.id, Fault.UNRECORDED, where)


def _unsupported(entry: Entry, library: Library) -> Iterator[str]:
    """Numbers that neither the cited passages at hand, nor the names and dates of the sources, nor a computation account for."""
    held = {computed.number for computed in entry.computed}
    for citation in entry.citations:
        held |= facts(library.passage(citation.source.id, citation.article) or "")
        held |= _of_the_source(citation.source) | facts(citation.article)
    yield from (claim for claim in claims(_said(entry)) if claim not in held)


def _of_the_source(source: Source) -> frozenset[str]:
    """The numbers in a document's name, and its days, months and years."""
    days = [day.isoformat() for day in (source.as_of, source.in_force_on) if day]
    return facts(f"{source.title}\n{source.short}\n{source.number}") | {day[:to] for day in days for to in (4, 7, 10)}


def record_places(entries: Iterable[Entry], recorded: Recorded, library: Library) -> dict[str, dict[str, str]]:
    """The fingerprints of every cited place: anew for texts at hand, as they were for the others; what nobody cites is dropped."""
    cited: dict[str, set[str]] = {}
    for entry in entries:
        for citation in entry.citations:
            cited.setdefault(citation.source.id, set()).add(citation.article)
    fresh: dict[str, dict[str, str]] = {}
    for source, places in sorted(cited.items()):
        for place in sorted(places):
            passage = library.passage(source, place)
            known = recorded.get(source, {}).get(place)
            mark = fingerprint(passage) if passage else None if library.holds(source) else known
            if mark:
                fresh.setdefault(source, {})[place] = mark
    return fresh
