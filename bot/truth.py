"""`huiqiao knowledge check`: what the truth linter found, in words."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Protocol

from backend.knowledge.entries import HOME, load_entries, load_sources
from backend.knowledge.fingerprints import load_fingerprints, write_fingerprints
from backend.knowledge.passages import Library
from backend.knowledge.truth import Fault, examine, record_places

RECORDABLE = frozenset({Fault.CHANGED, Fault.UNRECORDED})


class Tell(Protocol):
    def __call__(self, key: str, **values: object) -> None: ...


def check(library: Library | None, *, record: bool, today: date, tell: Tell, home: Path = HOME) -> bool:
    """Tell everything found; True where nothing stands in the way. What is only due, or rests on texts not at hand, does not."""
    entries, recorded = load_entries(home), load_fingerprints(home)
    report = examine(entries, recorded, library, today)
    owners = {entry.id: entry.owner for entry in entries}
    for problem in report.problems:
        tell(f"office_knowledge.{problem.fault}", number=problem.entry, by=owners[problem.entry], text=problem.about)
    for entry in report.overdue:
        tell("office_knowledge.overdue", number=entry.id, by=entry.owner, as_of=entry.review_by)
    for name, count in Counter(entry for entry, _ in report.unread).items():
        numbers = tuple(number for entry, number in report.unread if entry == name)
        tell("office_knowledge.unread", number=name, count=count, items=numbers)
    if library is not None:
        for stranger in sorted(library.texts.keys() - load_sources(home).keys()):
            tell("office_knowledge.stranger", number=stranger)
    if record and library is not None:
        fresh = record_places(entries, recorded, library)
        write_fingerprints(fresh, home)
        tell("office_knowledge.recorded", total=sum(len(places) for places in fresh.values()))
    tell("office_knowledge.checked", total=len(entries), count=len(report.problems))
    return all(record and problem.fault in RECORDABLE for problem in report.problems)
