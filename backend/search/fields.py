"""What the index holds of a listing, field by field, and how much a word counts in each."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import tantivy

from backend.domain.ipc import prefixes
from backend.search.classes import titles_of
from backend.search.tokens import Tokenizer, plain

SCHEMA_VERSION = "3"
MOST_YUAN = Decimal(10) ** 12
# What a match in a field counts, chosen on the tuning half of bench/needs; `body` is the one text of schema 2, which
# still serves while the first index of this schema is built.
WEIGHTS = {"title": 1.6, "abstract": 1.0, "scenes": 1.0, "claims": 0.6, "classes": 0.3, "body": 1.0}
FACETED = ("kind", "track", "free", "place", "cluster", "holder_name")


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexDocument:
    """What is indexed of a listing. Days become numbers like 20260131, money fen."""

    number: str
    title: str
    abstract: str
    scenes: str
    claims: str
    holders: tuple[str, ...]
    kind: str
    track: str
    free: bool
    upfront_yuan: Decimal
    ipc: tuple[str, ...]
    place_code: str
    cluster: str
    industry: str
    ends_on: date
    filed_on: date


def schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("number", stored=True, tokenizer_name="raw", index_option="basic")
    for name in ("title", "abstract", "scenes", "claims"):
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="position")
    for name in ("classes", "holder"):
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="freq")
    for name in FACETED:
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
    builder.add_text_field("ipc", tokenizer_name="raw", index_option="basic")
    for name in ("upfront", "ends", "filed"):
        builder.add_integer_field(name, indexed=True, fast=True)
    return builder.build()


@dataclass(frozen=True, slots=True)
class Held:
    """The fields of an index as it was once written: name → what is recorded of a word."""

    recorded: dict[str, str]

    @property
    def texts(self) -> tuple[str, ...]:
        """Those that words are looked for in."""
        return tuple(name for name in WEIGHTS if name in self.recorded)

    @property
    def own(self) -> tuple[str, ...]:
        """Without the titles of classes, which say what many patents are about and none of them exactly."""
        return tuple(name for name in self.texts if name != "classes")

    @property
    def counts(self) -> bool:
        """Facets can be counted."""
        return "holder_name" in self.recorded


def held_in(folder: Path) -> Held:
    """Read off the index itself: an older one is served as it was made. Raises FileNotFoundError."""
    fields = json.loads((folder / "meta.json").read_text("utf-8"))["schema"]
    return Held({field["name"]: _recorded(field["options"]) for field in fields})


def _recorded(options: dict[str, object]) -> str:
    indexing = options.get("indexing")
    return str(indexing.get("record", "basic")) if isinstance(indexing, dict) else "basic"


def day_number(day: date) -> int:
    return day.year * 10000 + day.month * 100 + day.day


def fen(yuan: Decimal) -> int:
    """Whole yuan would let an offer of 100.50 pass for one of 100. No offer is above the bound, whatever is asked for."""
    return int(min(yuan, MOST_YUAN) * 100)


def document_for(source: IndexDocument, tokenizer: Tokenizer) -> tantivy.Document:
    document = tantivy.Document()
    document.add_text("number", source.number)
    scenes = f"{source.scenes} {source.industry} {source.cluster}"
    texts = {"title": source.title, "abstract": source.abstract, "scenes": scenes, "claims": source.claims}
    for name, text in (texts | {"classes": titles_of(source.ipc)}).items():
        document.add_text(name, " ".join(tokenizer.words(plain(text))))
    document.add_text("holder", " ".join(tokenizer.words(plain(" ".join(source.holders)))))
    for holder in source.holders:
        document.add_text("holder_name", holder)
    document.add_text("kind", source.kind)
    document.add_text("track", source.track)
    document.add_text("free", "yes" if source.free else "no")
    document.add_text("place", source.place_code)
    document.add_text("cluster", source.cluster)
    for symbol in source.ipc:
        for level in prefixes(symbol):
            document.add_text("ipc", level)
    document.add_integer("upfront", fen(source.upfront_yuan))
    document.add_integer("ends", day_number(source.ends_on))
    document.add_integer("filed", day_number(source.filed_on))
    return document
