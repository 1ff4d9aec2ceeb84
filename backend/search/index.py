"""The patent index: derived, per machine, always rebuildable; never the truth.

One folder per dictionary and schema version. One indexer holds tantivy's writer lock; readers look at the commit file
before each search and reload when it changed, so a new patent is visible a moment after its commit.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import tantivy

from backend.domain.ipc import prefixes
from backend.domain.queries import PatentQuery, Sort
from backend.search.tokens import Tokenizer

SCHEMA_VERSION = "2"
TITLE_BOOST = 2.0
HEAP_BYTES = 64_000_000
MOST_YUAN = Decimal(10) ** 12
ORDER = {
    Sort.PRICE: ("upfront", tantivy.Order.Asc),
    Sort.NEWEST: ("filed", tantivy.Order.Desc),
    Sort.TERM_LEFT: ("ends", tantivy.Order.Desc),
}


class IndexNotReady(Exception):
    """No index of this version has been built on this machine yet."""


class IndexerBusy(Exception):
    """Another process on this machine holds the writer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexDocument:
    """What is indexed of a listing. Days become numbers like 20260131, money fen."""

    number: str
    title: str
    text: str
    holders: tuple[str, ...]
    kind: str
    track: str
    free: bool
    upfront_yuan: Decimal
    ipc: tuple[str, ...]
    place_code: str
    cluster: str
    ends_on: date
    filed_on: date


@dataclass(frozen=True, slots=True)
class Page:
    """`numbers` of one page, best first; `total` counts every hit. `unheard` are words of the query no document holds."""

    total: int
    numbers: tuple[str, ...]
    unheard: tuple[str, ...] = ()


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("number", stored=True, tokenizer_name="raw", index_option="basic")
    for name in ("title", "body", "holder"):
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="freq")
    for name in ("kind", "track", "free", "ipc", "place", "cluster"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in ("upfront", "ends", "filed"):
        builder.add_integer_field(name, indexed=True, fast=True)
    return builder.build()


def day_number(day: date) -> int:
    return day.year * 10000 + day.month * 100 + day.day


def fen(yuan: Decimal) -> int:
    """Whole yuan would let an offer of 100.50 pass for one of 100. No offer is above the bound, whatever is asked for."""
    return int(min(yuan, MOST_YUAN) * 100)


class PatentIndex:
    """Reads and, for the one that holds the writer, writes."""

    def __init__(self, folder: Path, tokenizer: Tokenizer) -> None:
        self.tokenizer = tokenizer
        self.folder = folder / f"{SCHEMA_VERSION}-{tokenizer.version}"
        self._schema = _schema()
        self._index: tantivy.Index | None = None
        self._seen = 0
        self._writer: tantivy.IndexWriter | None = None

    @property
    def replica(self) -> str:
        """The name under which this index asks to be told of changes."""
        marker = self.folder / "replica"
        if not marker.exists():
            self.folder.mkdir(parents=True, exist_ok=True)
            marker.write_text(uuid.uuid4().hex, "ascii")
        return marker.read_text("ascii").strip()

    @property
    def built_from(self) -> str:
        """What `mark_built` was told; empty while no build was ever finished here."""
        try:
            return (self.folder / "built").read_text("utf-8")
        except FileNotFoundError:
            return ""

    def mark_built(self, what: str) -> None:
        """The index is whole. A build that died half-way is none, and is begun again."""
        (self.folder / "built").write_text(what, "utf-8")

    # writing

    def open_writer(self) -> None:
        """Become the one indexer of this machine. Raises IndexerBusy."""
        self.folder.mkdir(parents=True, exist_ok=True)
        index = tantivy.Index(self._schema, path=str(self.folder), reuse=True)
        try:
            self._writer = index.writer(HEAP_BYTES, 1)
        except ValueError as error:
            raise IndexerBusy from error

    def put(self, documents: Iterable[IndexDocument], *, gone: Iterable[str] = (), fresh: bool = False) -> int:
        """Replace the documents of these numbers, remove those of `gone`, commit. `fresh` starts from nothing."""
        assert self._writer is not None, "open_writer first"
        if fresh:
            self._writer.delete_all_documents()
        for number in gone:
            self._writer.delete_documents_by_term("number", number)
        count = 0
        for document in documents:
            if not fresh:
                self._writer.delete_documents_by_term("number", document.number)
            self._writer.add_document(self._document(document))
            count += 1
        self._writer.commit()
        return count

    def close_writer(self) -> None:
        if self._writer is not None:
            self._writer.wait_merging_threads()
            self._writer = None

    def _document(self, source: IndexDocument) -> tantivy.Document:
        words = self.tokenizer.words
        document = tantivy.Document()
        document.add_text("number", source.number)
        document.add_text("title", " ".join(words(source.title)))
        document.add_text("body", " ".join(words(source.text)))
        document.add_text("holder", " ".join(words(" ".join(source.holders))))
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

    # reading

    def _searcher(self) -> tantivy.Searcher:
        try:
            seen = (self.folder / "meta.json").stat().st_mtime_ns
        except FileNotFoundError as error:
            raise IndexNotReady from error
        if self._index is None:
            if not self.built_from:
                raise IndexNotReady
            self._index = tantivy.Index.open(str(self.folder))
            self._index.config_reader("manual", 0)
            self._index.reload()
        elif seen != self._seen:
            self._index.reload()
        self._seen = seen
        return self._index.searcher()

    def search(self, query: PatentQuery, *, on: date, limit: int, offset: int = 0, any_word: bool = False) -> Page:
        """One page of what fits the query and is still on offer on the day. Raises IndexNotReady."""
        searcher = self._searcher()
        terms = self.tokenizer.terms(query.words)
        known = [term for term in terms if searcher.doc_freq("title", term) or searcher.doc_freq("body", term)]
        compiled = self._compile(query, on, known or terms, any_word=any_word)
        field, order = ORDER.get(query.sort, (None, tantivy.Order.Desc))
        result = searcher.search(compiled, limit, True, field, offset, order)
        numbers = tuple(str(searcher.doc(address).get_first("number")) for _, address in result.hits)
        unheard = _runs([term for term in terms if term not in known], query.words) if known else ()
        return Page(result.count or 0, numbers, unheard)  # type: ignore[attr-defined] # missing from tantivy's stubs

    def size(self) -> int:
        """How many documents the index holds."""
        return self._searcher().num_docs

    def frequency(self, field: str, value: str) -> int:
        """How many documents hold this very value in the field. Raises IndexNotReady."""
        return self._searcher().doc_freq(field, value)

    def _compile(self, query: PatentQuery, on: date, terms: list[str], *, any_word: bool) -> tantivy.Query:
        must, must_not, should = tantivy.Occur.Must, tantivy.Occur.MustNot, tantivy.Occur.Should
        parts: list[tuple[Any, tantivy.Query]] = [(must, self._filter(self._range("ends", lower=day_number(on))))]
        if terms:
            words = [(should if any_word else must, self._word(term)) for term in terms]
            parts.append((must, tantivy.Query.boolean_query(words)))
        for field, value in (
            ("place", query.place_code),
            ("kind", query.kind or ""),
            ("free", "yes" if query.free else ""),
            ("ipc", query.ipc),
        ):
            if value:
                parts.append((must, self._filter(self._term(field, str(value)))))
        parts.extend((must, self._filter(self._term("holder", word))) for word in self.tokenizer.terms(query.holder))
        if query.without_kind:
            parts.append((must_not, self._term("kind", str(query.without_kind))))
        if query.min_upfront_yuan is not None or query.max_upfront_yuan is not None:
            low = None if query.min_upfront_yuan is None else fen(query.min_upfront_yuan)
            high = None if query.max_upfront_yuan is None else fen(query.max_upfront_yuan)
            parts.append((must, self._filter(self._range("upfront", lower=low, upper=high))))
        return tantivy.Query.boolean_query(parts)

    def _word(self, term: str) -> tantivy.Query:
        return tantivy.Query.disjunction_max_query(
            [tantivy.Query.boost_query(self._term("title", term), TITLE_BOOST), self._term("body", term)], 0.3
        )

    def _term(self, field: str, value: str) -> tantivy.Query:
        option = "freq" if field in {"title", "body", "holder"} else "basic"
        return tantivy.Query.term_query(self._schema, field, value, option)

    def _range(self, field: str, *, lower: int | None = None, upper: int | None = None) -> tantivy.Query:
        return tantivy.Query.range_query(self._schema, field, tantivy.FieldType.Integer, lower, upper)

    @staticmethod
    def _filter(query: tantivy.Query) -> tantivy.Query:
        """A condition that selects and does not count for the order."""
        return tantivy.Query.const_score_query(query, 0.0)


def _runs(terms: list[str], text: str) -> tuple[str, ...]:
    """Words as they were said: neighbours in the text joined, single characters left out."""
    text = text.lower()
    runs: list[str] = []
    for term in terms:
        if runs and runs[-1] + term in text:
            runs[-1] += term
        else:
            runs.append(term)
    return tuple(run for run in runs if len(run) > 1)
