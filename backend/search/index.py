"""The patent index: derived, per machine, always rebuildable; never the truth.

One folder per dictionary and schema version. One indexer holds tantivy's writer lock; readers look at the commit file
before each search and reload when it changed, so a new patent is visible a moment after its commit. While the first
index of a new version is being built, readers go on with the newest one of an earlier version, read by its own dictionary.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import tantivy

from backend.domain.queries import Facet, PatentQuery, Sort
from backend.search.counting import aggregations, read_counts
from backend.search.fields import SCHEMA_VERSION, IndexDocument, document_for, schema
from backend.search.served import Served
from backend.search.tokens import Tokenizer
from backend.search.vocabulary import Vocabulary
from backend.search.wanted import Group
from backend.search.weighing import known, telling, weights_of

HEAP_BYTES = 64_000_000
SAME_SUBCLASS = 1.5  # what lies in the same IPC subclass counts as much more
ORDER = {
    Sort.PRICE: ("upfront", tantivy.Order.Asc),
    Sort.NEWEST: ("filed", tantivy.Order.Desc),
    Sort.TERM_LEFT: ("ends", tantivy.Order.Desc),
}
BUILT, WORDS = "built", "words.txt"


class IndexNotReady(Exception):
    """No index of any version has been built on this machine yet."""


class IndexerBusy(Exception):
    """Another process on this machine holds the writer."""


@dataclass(frozen=True, slots=True)
class Page:
    """`numbers` of one page, best first; `total` counts every hit. `groups` are what was looked for, `weights` how telling
    each is; `unheard` are words of the query no document holds, `listed` those typed one by one."""

    total: int
    numbers: tuple[str, ...]
    unheard: tuple[str, ...] = ()
    groups: tuple[Group, ...] = ()
    weights: tuple[float, ...] = ()
    scores: tuple[float, ...] = ()
    listed: tuple[str, ...] = ()


class PatentIndex:
    """Reads and, for the one that holds the writer, writes."""

    def __init__(self, folder: Path, tokenizer: Tokenizer) -> None:
        self.tokenizer = tokenizer
        self.home = folder
        self.folder = folder / f"{SCHEMA_VERSION}-{tokenizer.version}"
        self.vocabulary = Vocabulary(self.folder)
        self._served: Served | None = None
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
            return (self.folder / BUILT).read_text("utf-8")
        except FileNotFoundError:
            return ""

    def mark_built(self, what: str) -> None:
        """The index is whole. A build that died half-way is none, and is begun again."""
        (self.folder / WORDS).write_text("\n".join(self.tokenizer.words_added), "utf-8")
        (self.folder / BUILT).write_text(what, "utf-8")

    # writing

    def open_writer(self) -> None:
        """Become the one indexer of this machine. Raises IndexerBusy."""
        self.folder.mkdir(parents=True, exist_ok=True)
        index = tantivy.Index(schema(), path=str(self.folder), reuse=True)
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
            self._writer.add_document(document_for(document, self.tokenizer))
            self.vocabulary.add(self.tokenizer.words(document.title))
            count += 1
        self._writer.commit()
        self.vocabulary.save(fresh=fresh)
        return count

    def close_writer(self) -> None:
        if self._writer is not None:
            self._writer.wait_merging_threads()
            self._writer = None

    # reading

    def _reader(self) -> tuple[Served, tantivy.Searcher]:
        """Our own version as soon as it is built, else the newest that is. Raises IndexNotReady."""
        if self._served is None or (self._served.folder != self.folder and self.built_from):
            self._served = self._opened()
        return self._served, self._served.searcher()

    def _opened(self) -> Served:
        if self.built_from:
            return Served(self.folder, self.tokenizer)
        earlier = sorted(self.home.glob(f"*/{BUILT}"), key=lambda built: built.stat().st_mtime)
        if not earlier:
            raise IndexNotReady
        folder = earlier[-1].parent
        words = folder / WORDS
        added = words.read_text("utf-8").split("\n") if words.exists() else None
        return Served(folder, self.tokenizer if added is None else Tokenizer(words=added))

    def search(self, query: PatentQuery, *, on: date, limit: int, offset: int = 0, any_word: bool = False) -> Page:
        """One page of what fits the query and is still on offer on the day. Raises IndexNotReady."""
        served, searcher = self._reader()
        groups, unheard = self._heard(served, searcher, query)
        compiler = served.compiler
        unasked = served.reader.unasked(query.words)
        compiled = (compiler.partial if any_word else compiler.strict)(query, groups, on, unasked)
        field, order = ORDER.get(query.sort, (None, tantivy.Order.Desc))
        result = searcher.search(compiled, limit, True, field, offset, order)
        numbers = tuple(str(searcher.doc(address).get_first("number")) for _, address in result.hits)
        weights = weights_of(groups, searcher, served.held)
        scores = tuple(float(score) if field is None else 0.0 for score, _ in result.hits)
        return Page(result.count or 0, numbers, unheard, groups, weights, scores, served.reader.listed(query.words))  # type: ignore[attr-defined] # missing from tantivy's stubs

    def count(self, query: PatentQuery, facets: Iterable[Facet], *, on: date) -> dict[Facet, dict[str, int]]:
        """How the hits of the query fall into each facet; nothing from an index of an earlier release, which cannot count."""
        served, searcher = self._reader()
        if not served.held.counts:
            return {}
        groups, _ = self._heard(served, searcher, query)
        compiled = served.compiler.strict(query, groups, on)
        wanted = tuple(facets)
        return read_counts(searcher.aggregate(compiled, aggregations(wanted)), wanted)

    def similar(self, title: str, text: str, subclass: str, *, on: date, limit: int) -> Page:
        """More like this text: its most telling words, those of the title counting double. Raises IndexNotReady."""
        served, searcher = self._reader()
        terms = telling(served.tokenizer, searcher, served.held, title, text)
        if not terms:
            return Page(0, ())
        compiled = served.compiler.like(terms, subclass, on, SAME_SUBCLASS)
        result = searcher.search(compiled, limit, True)
        numbers = tuple(str(searcher.doc(address).get_first("number")) for _, address in result.hits)
        return Page(result.count or 0, numbers)  # type: ignore[attr-defined] # missing from tantivy's stubs

    def size(self) -> int:
        """How many documents the index holds."""
        return self._reader()[1].num_docs

    def holds(self, word: str) -> bool:
        """Any document has the word."""
        served, searcher = self._reader()
        return any(searcher.doc_freq(field, word) for field in served.held.texts)

    def frequency(self, field: str, value: str) -> int:
        """How many documents hold this very value in the field, a “word” in the text that holds it most often.

        Raises IndexNotReady.
        """
        served, searcher = self._reader()
        fields = served.held.own if field == "word" else (field,)
        return max((searcher.doc_freq(name, value) for name in fields if name in served.held.recorded), default=0)

    def _heard(
        self, served: Served, searcher: tantivy.Searcher, query: PatentQuery
    ) -> tuple[tuple[Group, ...], tuple[str, ...]]:
        """The groups that some document can satisfy, in the ways that some document does; and the words of the others.

        Where nothing is known, everything is asked for all the same, and nothing found.
        """
        groups = served.reader.read(query.words, query.context)
        heard: list[Group] = []
        unheard: list[str] = []
        for group in groups:
            if ways := known(group, searcher, served.compiler):
                heard.append(replace(group, ways=ways))
            elif group.needed:
                unheard.append(group.said)
                parts = (
                    replace(part, ways=known(part, searcher, served.compiler)) for part in served.reader.parts(group)
                )
                heard.extend(part for part in parts if part.ways)
        if unheard and not any(group.needed for group in heard):
            return groups, ()
        return tuple(heard), tuple(said for said in unheard if len(said) > 1)
