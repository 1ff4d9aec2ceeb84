"""What is typed into a search box: words, and among them quotes, the title, a holder, exclusions and a track."""

from __future__ import annotations

from backend.domain.hubei import place_named
from backend.domain.queries import PatentQuery
from bot.nlu.grammar import narrowing
from bot.nlu.grammar.wishes import wishes


def read_words(text: str) -> PatentQuery:
    """Everything else stays as it was typed: whoever fills in a form says what they look for and tells no story."""
    title, named = narrowing.title(text), narrowing.holder(text)
    quoted = None if title or named else narrowing.phrase(text)
    excluded = list(narrowing.without_words(text, ()))
    without_kind = wishes(text).without_kind
    if not any((title, named, quoted, excluded, without_kind)):
        return PatentQuery(words=text)
    places = {found.value: place.code for found in excluded if (place := place_named(found.value))}
    left = list(text)
    kinds = narrowing.excluded_kinds(text) if without_kind else ()
    for span in (*(found.span for found in (title, named, quoted, *excluded) if found), *kinds):
        left[span.start : span.end] = " " * (span.end - span.start)
    return PatentQuery(
        words=" ".join("".join(left).replace("，", " ").replace(",", " ").split()),
        phrase=quoted.value if quoted else "",
        title=title.value if title else "",
        holder=named.value if named else "",
        without_words=" ".join(found.value for found in excluded if found.value not in places),
        without_places=tuple(places.values()),
        without_kind=without_kind,
    )
