"""Days: as the grammar reads them, and eight digits in a row."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from bot.dialogue.flows.engine import Reader
from bot.dialogue.flows.heard import AnswerError, Heard, Unread

_COMPACT = re.compile(r"(?<!\d)((?:19|20)\d{2})(\d{2})(\d{2})(?!\d)")
_LIKE_A_DAY = re.compile(r"\d{4}\s*[-/.年]\s*\d{1,2}")


def days_in(heard: Heard) -> list[date]:
    """Every exact day of the message, in order."""
    found = [(said.span.start, said.first) for said in heard.facts.dates if said.first and said.first == said.last]
    for match in _COMPACT.finditer(unicodedata.normalize("NFKC", heard.plain)):
        try:
            found.append((match.start(), date(int(match[1]), int(match[2]), int(match[3]))))
        except ValueError as error:
            raise AnswerError("flow_common.error.no_such_day", given=match[0]) from error
    return [day for _, day in sorted(found)]


def one_day(heard: Heard) -> date:
    found = days_in(heard)
    if len(found) > 1:
        raise AnswerError("flow_common.error.one_day")
    if not found:
        if _LIKE_A_DAY.search(heard.plain):
            raise AnswerError("flow_common.error.no_such_day", given=heard.plain[:20])
        raise Unread("flow_common.error.day", given=heard.plain[:20])
    return found[0]


def day() -> Reader:
    return Reader(one_day, dump=date.isoformat, load=date.fromisoformat)
