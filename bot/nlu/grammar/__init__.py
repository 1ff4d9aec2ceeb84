"""Our own deterministic reading of everything that has a grammar. It works when the model is down, and wins over it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot.dialogue.meaning import Facts, Span, Wishes
from bot.nlu.grammar import narrowing
from bot.nlu.grammar.codes import ipc_symbols, patent_numbers, publication_numbers
from bot.nlu.grammar.dates import dates
from bot.nlu.grammar.money import money, rates
from bot.nlu.grammar.ordinals import ordinal
from bot.nlu.grammar.places import Places
from bot.nlu.grammar.telling import telling
from bot.nlu.grammar.topics import GENERIC, holder, topic_words
from bot.nlu.grammar.wishes import ordering, wishes

MOST_READ = 2000


class Grammar:
    def __init__(self, places: Places) -> None:
        self._places = places

    def read(self, text: str, *, today: date) -> Facts:
        """Everything found in the first 2000 characters; offsets are into the raw text."""
        text = text[:MOST_READ]
        numbers = tuple(patent_numbers(text))
        publications = tuple(publication_numbers(text))
        codes = [*(found.span for found in numbers), *(found.span for found in publications)]
        symbols = tuple(ipc_symbols(text, codes))
        taken = codes + [found.span for found in symbols]
        said_rates = tuple(rates(text))
        taken += [found.span for found in said_rates]
        said_dates = tuple(dates(text, today, taken))
        taken += [found.span for found in said_dates]
        said_money = tuple(money(text, taken))
        taken += [found.span for found in said_money]
        told = telling(text)
        if told:
            taken += told.spans
        facts = Facts(
            numbers=numbers,
            publications=publications,
            symbols=symbols,
            rates=said_rates,
            dates=said_dates,
            money=said_money,
            ordinal=ordinal(text),
            telling=told,
        )
        return self._narrowed(facts, text, taken)

    def _narrowed(self, facts: Facts, text: str, taken: list[Span]) -> Facts:
        """With the places, the wishes, what is quoted and excluded, and the words that are left to be looked for."""
        everywhere = tuple(self._places.find(text))
        places, without_places = narrowing.parted(text, everywhere)
        excluded = tuple(narrowing.without_words(text, everywhere))
        title, named = narrowing.title(text), narrowing.holder(text)
        quoted = None if title or named else self._phrase(text)
        suffixed = "" if named else holder(text)
        said = [*excluded, *filter(None, (title, named, quoted))]
        wished, spans = _wishes(text)
        taken = [*taken, *spans, *(found.span for found in everywhere), *(found.span for found in said)]
        words, context = _words(text.replace(suffixed, " " * len(suffixed)) if suffixed else text, taken)
        return replace(
            facts,
            places=places,
            without_places=without_places,
            wishes=wished,
            holder=named.value if named else suffixed,
            phrase=quoted.value if quoted else "",
            title=title.value if title else "",
            without_words=" ".join(found.value for found in excluded),
            left_over=words,
            context=context,
        )

    def _phrase(self, text: str) -> narrowing.Said | None:
        """What stands in quotation marks; not our own “只看免费的”, said back as it was printed."""
        quoted = narrowing.phrase(text)
        if quoted is None or wishes(quoted.value) != Wishes() or next(self._places.find(quoted.value), None):
            return None
        return quoted


def _wishes(text: str) -> tuple[Wishes, tuple[Span, ...]]:
    track, tracks = narrowing.track(text)
    facet, facets = narrowing.facet(text)
    wished = wishes(text)
    return replace(wished, track=track, facet=facet, sort=None if facet else wished.sort), (
        *(tracks if track else ()),
        *facets,
        *(ordering(text) if wished.sort else ()),
    )


def _words(text: str, taken: list[Span]) -> tuple[str, str]:
    """(the words of the wish, what was told before it); where the wish itself names nothing, all of it is the wish."""
    begins = narrowing.wish_begins(text)
    whole = topic_words(text, taken)
    if not begins:
        return whole, ""
    wish = topic_words(text, [*taken, Span(0, begins)])
    if len(wish) < narrowing.SHORTEST_WISH or GENERIC.fullmatch(wish):
        return whole, ""
    return wish, topic_words(text, [*taken, Span(begins, len(text))])[: narrowing.LONGEST_STORY].strip()
