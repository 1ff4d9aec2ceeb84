"""What people ask next: a few words that lean on the answer before (“要多久”, “那实用新型呢”), as data.

Each file of `follow_ups/` says, for an entry, which entries people go on to and in what words. A classifier learns from them
(bot/models.py); what it counts is made here, so that learning and serving cannot differ.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from backend.domain.policy import Entry
from backend.knowledge.entries import HOME, BrokenEntry, read_yaml
from backend.knowledge.words import Words

PAIR = 2


@dataclass(frozen=True, slots=True)
class FollowUp:
    """After the entry `before`, `said` means the entry `meant`."""

    before: str
    meant: str
    said: str


def load_follow_ups(known: Collection[str], home: Path = HOME) -> tuple[FollowUp, ...]:
    """Every saying. Raises BrokenEntry where one names an entry that is not known, or means two after the same answer."""
    found: dict[tuple[str, str], FollowUp] = {}
    for path in sorted((home / "follow_ups").glob("*.yml")):
        for each in _rows(path):
            if strangers := {each.before, each.meant} - set(known):
                raise BrokenEntry(f"{path.name} leads to entries that do not exist: {sorted(strangers)}")
            before = found.setdefault((each.before, each.said), each)
            if before != each:
                raise BrokenEntry(f"{path.name}: after {each.before}, “{each.said}” means two entries")
    return tuple(found.values())


def _rows(path: Path) -> Iterator[FollowUp]:
    for before, onward in read_yaml(path).items():
        for meant, sayings in onward.items():
            for said in sayings:
                yield FollowUp(before, meant, str(said))


def features(words: Words, text: str, before: Entry) -> list[str]:
    """What the classifier counts: the words alone, and what they were said after. The place they lean on counts twice: three
    words say little by themselves.
    """
    said = words.features(words.canonical(text))
    told = words.features(words.canonical(before.title))
    around = [f"told:{run}" for run in told if run.startswith("w:") or len(run) == PAIR]
    return [*said, *around, *(f"after:{before.id}", f"matter:{before.area}") * 2]
