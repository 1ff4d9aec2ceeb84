"""A query of the pool as a query of tantivy: conditions select, words score.

Of a phrase the index knows the words, not that they stand side by side: whoever shows hits looks at their text.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from typing import Any

import tantivy

from backend.domain.queries import PatentQuery
from backend.search.fields import WEIGHTS, Held, day_number, fen
from backend.search.tokens import Tokenizer, plain
from backend.search.wanted import Group, Way

FIRST_DAY = 1
TIE = 0.5  # what the other fields add to the best one
SECOND_WAY = 0.1  # what the other ways of a group add to the best one
UNASKED = 0.6  # what a word of no technique counts that was typed by itself
Clause = tuple[Any, tantivy.Query]
MUST, MUST_NOT, SHOULD = tantivy.Occur.Must, tantivy.Occur.MustNot, tantivy.Occur.Should


@dataclass(frozen=True, slots=True)
class Compiler:
    """For one index, whose fields may be those of an earlier release."""

    schema: tantivy.Schema
    held: Held
    tokenizer: Tokenizer

    def strict(
        self, query: PatentQuery, groups: tuple[Group, ...], on: date, unasked: tuple[str, ...] = ()
    ) -> tantivy.Query:
        """All that is needed stands in the patent's own words, and every condition holds."""
        clauses = [(MUST if group.needed else SHOULD, self._group(group, self.held.own)) for group in groups]
        return self._whole(query, [*clauses, *self._unasked(unasked)], on)

    def partial(
        self, query: PatentQuery, groups: tuple[Group, ...], on: date, unasked: tuple[str, ...] = ()
    ) -> tantivy.Query:
        """Any of what is needed, also in the titles of its classes, and every condition; the more of it the better."""
        loose = [(group.needed, self._group(group, self.held.texts, all_of=SHOULD)) for group in groups]
        needed = [(SHOULD, compiled) for is_needed, compiled in loose if is_needed]
        clauses: list[Clause] = [(MUST, tantivy.Query.boolean_query(needed))] if needed else []
        clauses += [(SHOULD, compiled) for is_needed, compiled in loose if not is_needed]
        return self._whole(query, [*clauses, *self._unasked(unasked)], on)

    def like(self, terms: list[tuple[str, float]], subclass: str, on: date, boost: float) -> tantivy.Query:
        """Any of the weighted terms; what lies in the same subclass counts `boost` times."""
        words = [(SHOULD, tantivy.Query.boost_query(self._word(term, self.held.own), weight)) for term, weight in terms]
        some = tantivy.Query.boolean_query(words)
        clauses: list[Clause] = [(MUST, some)]
        if subclass and boost > 1:
            both = tantivy.Query.boolean_query([(MUST, some), (MUST, _filter(self._term("ipc", subclass)))])
            clauses.append((SHOULD, tantivy.Query.boost_query(both, boost - 1)))
        return self._whole(PatentQuery(), clauses, on)

    def side_by_side(self, terms: tuple[str, ...]) -> tantivy.Query:
        """The terms in this order, in one of a patent's own texts."""
        return self._side_by_side(terms, self.held.own)

    def _whole(self, query: PatentQuery, clauses: list[Clause], on: date) -> tantivy.Query:
        """Nearly everything indexed is on offer: what has ended is taken out, which is quicker than to select the rest."""
        ended = self._range("ends", lower=FIRST_DAY, upper=day_number(on) - 1)
        parts: list[Clause] = [*clauses, *self._conditions(query), (MUST_NOT, ended)]
        if not any(occur == MUST for occur, _ in parts):
            parts.append((MUST, _filter(tantivy.Query.all_query())))
        return tantivy.Query.boolean_query(parts)

    # words

    def _unasked(self, words: tuple[str, ...]) -> list[Clause]:
        """Words of no technique decide between patents that hold all the others."""
        found = [self._word(word, self.held.own) for word in words]
        return [(SHOULD, tantivy.Query.boost_query(query, UNASKED)) for query in found]

    def _group(self, group: Group, fields: tuple[str, ...], all_of: Any = MUST) -> tantivy.Query:
        """`all_of` says whether a way of several words needs them all."""
        ways = [
            tantivy.Query.boost_query(self._way(way, fields, all_of), way.weight * group.weight) for way in group.ways
        ]
        return ways[0] if len(ways) == 1 else tantivy.Query.disjunction_max_query(ways, SECOND_WAY)

    def _way(self, way: Way, fields: tuple[str, ...], all_of: Any = MUST) -> tantivy.Query:
        if way.phrase:
            return self._side_by_side(way.terms, fields)
        words = [self._word(term, fields) for term in (way.terms if all_of == MUST else way.telling)]
        if len(words) == 1:
            return words[0]
        return tantivy.Query.boolean_query(
            [(all_of, tantivy.Query.boost_query(word, 1 / math.sqrt(len(words)))) for word in words]
        )

    def _word(self, term: str, fields: tuple[str, ...]) -> tantivy.Query:
        found = [tantivy.Query.boost_query(self._term(field, term), WEIGHTS[field]) for field in fields]
        return tantivy.Query.disjunction_max_query(found, TIE)

    def _side_by_side(self, terms: tuple[str, ...], fields: tuple[str, ...]) -> tantivy.Query:
        """In one of the texts that keep positions; in an older index without any, all of the terms."""
        found = [
            tantivy.Query.boost_query(tantivy.Query.phrase_query(self.schema, field, list(terms)), WEIGHTS[field])
            for field in fields
            if self.held.recorded[field] == "position"
        ]
        if not found:
            return tantivy.Query.boolean_query([(MUST, self._word(term, fields)) for term in terms])
        return tantivy.Query.disjunction_max_query(found, TIE)

    # conditions

    def _conditions(self, query: PatentQuery) -> list[Clause]:
        """What has to hold, and what must not."""
        own = self.held.own
        parts: list[Clause] = [
            (MUST, _filter(self._term(field, str(value))))
            for field, value in (
                ("place", query.place_code),
                ("kind", query.kind or ""),
                ("track", query.track or ""),
                ("cluster", query.cluster),
                ("free", "yes" if query.free else ""),
                ("ipc", query.ipc),
            )
            if value
        ]
        parts += [(MUST, _filter(self._term("holder", word))) for word in self._terms(query.holder)]
        parts += [(MUST, _filter(self._term("title", word))) for word in self._terms(query.title)]
        parts += [(MUST, _filter(self._word(word, own))) for word in self._terms(query.phrase)]
        if query.min_upfront_yuan is not None or query.max_upfront_yuan is not None:
            low = None if query.min_upfront_yuan is None else fen(query.min_upfront_yuan)
            high = None if query.max_upfront_yuan is None else fen(query.max_upfront_yuan)
            parts.append((MUST, _filter(self._range("upfront", lower=low, upper=high))))
        if query.without_kind:
            parts.append((MUST_NOT, self._term("kind", str(query.without_kind))))
        parts += [(MUST_NOT, self._term("place", code)) for code in query.without_places]
        for word in query.without_words.split():
            parts.append((MUST_NOT, self._way(Way(tuple(self._terms(word)) or (word,)), own)))
        return parts

    def _terms(self, text: str) -> list[str]:
        return self.tokenizer.terms(plain(text))

    def _term(self, field: str, value: str) -> tantivy.Query:
        """Nothing, where the index was made before there was such a field."""
        if field not in self.held.recorded:
            return tantivy.Query.empty_query()
        return tantivy.Query.term_query(self.schema, field, value, self.held.recorded[field])

    def _range(self, field: str, *, lower: int | None = None, upper: int | None = None) -> tantivy.Query:
        return tantivy.Query.range_query(self.schema, field, tantivy.FieldType.Integer, lower, upper)


def _filter(query: tantivy.Query) -> tantivy.Query:
    """A condition that selects and does not count for the order."""
    return tantivy.Query.const_score_query(query, 0.0)
