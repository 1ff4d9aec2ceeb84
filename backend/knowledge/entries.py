"""Policy entries from their files. A file that breaks a rule of truth does not load."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from backend.domain.policy import Citation, Confidence, Entry, EntryTrack, Source

HOME = Path(__file__).parent
ANSWER_LIMIT = 180


class BrokenEntry(Exception):
    """An entry without source, date, track or doubt, or too long to be read on a phone."""


def read_yaml(path: Path) -> Any:
    return yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)


def load_sources(home: Path = HOME) -> dict[str, Source]:
    return {
        row["id"]: Source(row["id"], row["title"], row["short"], str(row.get("number") or ""), _day(row["as_of"]))
        for row in read_yaml(home / "sources.yml")
    }


def _day(value: date | str) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)


def load_entries(home: Path = HOME) -> tuple[Entry, ...]:
    """Every entry with its phrasings. Raises BrokenEntry, naming file and entry."""
    sources = load_sources(home)
    phrasings = _phrasings(home)
    entries = [
        _entry(row, sources, phrasings.get(row["id"], ()), path.name)
        for path in sorted((home / "entries").glob("*.yml"))
        for row in read_yaml(path)
    ]
    ids = [entry.id for entry in entries]
    twice = {name for name in ids if ids.count(name) > 1}
    if twice:
        raise BrokenEntry(f"ids used twice: {sorted(twice)}")
    strangers = phrasings.keys() - set(ids)
    if strangers:
        raise BrokenEntry(f"phrasings for entries that do not exist: {sorted(strangers)}")
    return tuple(entries)


def _phrasings(home: Path) -> dict[str, tuple[str, ...]]:
    """Entry id → ways people ask it, from phrasings/*.yml."""
    gathered: dict[str, tuple[str, ...]] = {}
    for path in sorted((home / "phrasings").glob("*.yml")):
        for name, lines in read_yaml(path).items():
            gathered[name] = gathered.get(name, ()) + tuple(str(line) for line in lines)
    return gathered


def _entry(row: dict[str, Any], sources: dict[str, Source], phrasings: Iterable[str], file: str) -> Entry:
    name = f"{file}: {row.get('id')}"
    missing = {
        "id",
        "title",
        "answer",
        "next",
        "detail",
        "track",
        "confidence",
        "sources",
        "owner",
        "review_by",
    } - row.keys()
    if missing:
        raise BrokenEntry(f"{name} lacks {sorted(missing)}")
    unknown = [cited["document"] for cited in row["sources"] if cited["document"] not in sources]
    if unknown or not row["sources"]:
        raise BrokenEntry(f"{name} cites unknown documents {unknown}")
    entry = Entry(
        id=row["id"],
        title=row["title"],
        answer=row["answer"].strip(),
        next=(row["next"] or "").strip(),
        detail=row["detail"].strip(),
        track=EntryTrack(row["track"]),
        confidence=Confidence(row["confidence"]),
        doubt=(row.get("doubt") or "").strip(),
        citations=tuple(
            Citation(sources[cited["document"]], str(cited.get("article") or "")) for cited in row["sources"]
        ),
        phrasings=tuple(phrasings),
        owner=row["owner"],
        review_by=_day(row["review_by"]),
    )
    if len(entry.answer) + len(entry.next) > ANSWER_LIMIT:
        raise BrokenEntry(f"{name} is longer than {ANSWER_LIMIT} characters")
    if entry.confidence is not Confidence.HIGH and not entry.doubt:
        raise BrokenEntry(f"{name} is uncertain and does not say so")
    return entry
