"""Our own deterministic reading of everything that has a grammar. It works when the model is down, and wins over it."""

from __future__ import annotations

from datetime import date

from bot.dialogue.meaning import Facts
from bot.nlu.grammar.codes import ipc_symbols, patent_numbers, publication_numbers
from bot.nlu.grammar.dates import dates
from bot.nlu.grammar.money import money, rates
from bot.nlu.grammar.ordinals import ordinal
from bot.nlu.grammar.places import Places
from bot.nlu.grammar.telling import telling
from bot.nlu.grammar.topics import holder, topic_words
from bot.nlu.grammar.wishes import wishes

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
        places = tuple(self._places.find(text))
        taken += [*(found.span for found in said_money), *(found.span for found in places)]
        told = telling(text)
        if told:
            taken += told.spans
        named = holder(text)
        return Facts(
            numbers=numbers,
            publications=publications,
            symbols=symbols,
            rates=said_rates,
            dates=said_dates,
            money=said_money,
            places=places,
            ordinal=ordinal(text),
            telling=told,
            wishes=wishes(text),
            left_over=topic_words(text.replace(named, " " * len(named)) if named else text, taken),
            holder=named,
        )
