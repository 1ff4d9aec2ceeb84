"""Policy entries from their files. A file that breaks a rule of truth does not load.

A file is a list of entries, or `defaults:` (owner, review_by) with `entries:`; an entry's own value goes before the default.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from backend.domain.policy import Citation, Computed, Confidence, Entry, EntryTrack, Source
from backend.knowledge.truth import ANSWER_LIMIT, faults

__all__ = ["ANSWER_LIMIT", "HOME", "BrokenEntry", "load_entries", "load_sources", "read_yaml"]

HOME = Path(__file__).parent
DEFAULTS = frozenset({"owner", "review_by"})
WANTED = frozenset({"id", "title", "answer", "next", "detail", "track", "confidence", "sources", "owner", "review_by"})


class BrokenEntry(Exception):
    """An entry without source, date, track, owner or doubt, too long to be read on a phone, or promising."""


def read_yaml(path: Path) -> Any:
    return yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)


def load_sources(home: Path = HOME) -> dict[str, Source]:
    return {
        row["id"]: Source(
            row["id"],
            row["title"],
            row["short"],
            str(row.get("number") or ""),
            _day(row["as_of"]),
            _day(row["in_force_on"]) if row.get("in_force_on") else None,
        )
        for row in read_yaml(home / "sources.yml")
    }


def _day(value: date | str) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)


def load_entries(home: Path = HOME) -> tuple[Entry, ...]:
    """Every entry with its phrasings. Raises BrokenEntry, naming file and entry."""
    sources = load_sources(home)
    phrasings = _phrasings(home)
    entries = [
        _entry(row, sources, phrasings.get(row.get("id", ""), ()), path.name)
        for path in sorted((home / "entries").glob("*.yml"))
        for row in _rows(path)
    ]
    ids = [entry.id for entry in entries]
    twice = {name for name in ids if ids.count(name) > 1}
    if twice:
        raise BrokenEntry(f"ids used twice: {sorted(twice)}")
    strangers = phrasings.keys() - set(ids)
    if strangers:
        raise BrokenEntry(f"phrasings for entries that do not exist: {sorted(strangers)}")
    return tuple(entries)


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    content = read_yaml(path)
    if isinstance(content, list):
        yield from content
        return
    if not isinstance(content, dict) or content.keys() != {"defaults", "entries"}:
        raise BrokenEntry(f"{path.name} is neither a list of entries nor defaults with entries")
    if content["defaults"].keys() - DEFAULTS:
        raise BrokenEntry(f"{path.name}: only {sorted(DEFAULTS)} may stand in defaults")
    for row in content["entries"]:
        yield content["defaults"] | row


def _phrasings(home: Path) -> dict[str, tuple[str, ...]]:
    """Entry id → ways people ask it, from phrasings/*.yml."""
    gathered: dict[str, tuple[str, ...]] = {}
    for path in sorted((home / "phrasings").glob("*.yml")):
        for name, lines in read_yaml(path).items():
            gathered[name] = gathered.get(name, ()) + tuple(str(line) for line in lines)
    return gathered


def _entry(row: dict[str, Any], sources: dict[str, Source], phrasings: Iterable[str], file: str) -> Entry:
    name = f"{file}: {row.get('id')}"
    missing = {key for key in WANTED - {"next", "sources"} if not str(row.get(key) or "").strip()} | (
        WANTED - row.keys()
    )
    if missing:
        raise BrokenEntry(f"{name} lacks {sorted(missing)}")
    unknown = [cited["document"] for cited in row["sources"] if cited["document"] not in sources]
    if unknown or not row["sources"]:
        raise BrokenEntry(f"{name} cites unknown documents {unknown}")
    unplaced = [cited["document"] for cited in row["sources"] if not cited.get("article")]
    if unplaced:
        raise BrokenEntry(f"{name} cites {unplaced} without saying where")
    entry = Entry(
        id=row["id"],
        title=row["title"],
        answer=row["answer"].strip(),
        next=(row["next"] or "").strip(),
        detail=row["detail"].strip(),
        track=EntryTrack(row["track"]),
        confidence=Confidence(row["confidence"]),
        doubt=(row.get("doubt") or "").strip(),
        citations=tuple(Citation(sources[cited["document"]], str(cited["article"])) for cited in row["sources"]),
        phrasings=tuple(phrasings),
        owner=row["owner"].strip(),
        review_by=_day(row["review_by"]),
        computed=tuple(Computed(str(number), str(reason)) for number, reason in (row.get("computed") or {}).items()),
        area=file.removesuffix(".yml"),
    )
    for problem in faults(entry):
        raise BrokenEntry(f"{file}: {problem}")
    return entry
