"""Patent, publication and IPC codes inside running text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from backend.domain.ipc import normal_ipc
from backend.domain.patent_number import (
    CheckDigitMissing,
    NotAPatentNumber,
    PublicationNumber,
    WrongCheckDigit,
    parse_patent_number,
    tidy,
)
from bot.dialogue.meaning import SaidNumber, SaidSymbol, Span

_GAP = r"[\s.．·]{0,2}"
_NUMBER = re.compile(
    rf"(?<![0-9A-Za-z０-９])(?:[ZzＺｚCcＣｃ][LlＬｌNnＮｎ]{_GAP})?"
    rf"(?:(?:[1１][9９]|[2２][0０])[0-9０-９]{{2}}{_GAP}[1-389１-３８９]{_GAP}[0-9０-９]{{7}}|[0-9０-９]{{2}}[1-389１-３８９][0-9０-９]{{5}})"
    rf"(?:{_GAP}[0-9０-９XxＸｘ])?(?![0-9０-９])"
)
_PUBLICATION = re.compile(r"(?<![0-9A-Za-z])[Cc][Nn]\s?(?:\d{9}|\d{7})\s?[ABCUYSDabcuysd]\d?(?![0-9A-Za-z])")
_IPC = re.compile(r"(?<![0-9A-Za-z])[A-Ha-h]\s?\d{2}\s?[A-Za-z](?:\s?\d{1,4}(?:\s?/\s?\d{2,6})?)?(?![0-9A-Za-z])")
_BARE_EIGHT = 8


def patent_numbers(text: str) -> Iterator[SaidNumber]:
    """Right numbers, and wrong or incomplete ones with the reason.

    A bare eight-digit run with no prefix and no check digit is a date or a telephone number and is left alone.
    """
    for match in _NUMBER.finditer(text):
        span, said = Span(match.start(), match.end()), match[0]
        try:
            number = parse_patent_number(said)
        except CheckDigitMissing as error:
            if len(tidy(said)) > _BARE_EIGHT:
                yield SaidNumber(span, said, None, error.code, str(error.values["full"]))
        except WrongCheckDigit as error:
            if len(tidy(said)) > _BARE_EIGHT + 1 or not said[0].isdigit():
                yield SaidNumber(span, said, None, error.code)
        except (NotAPatentNumber, PublicationNumber):
            continue
        else:
            yield SaidNumber(span, said, str(number))


def publication_numbers(text: str) -> Iterator[SaidSymbol]:
    """CN111504366B and its like."""
    for match in _PUBLICATION.finditer(text):
        yield SaidSymbol(Span(match.start(), match.end()), tidy(match[0]))


def ipc_symbols(text: str, taken: list[Span]) -> Iterator[SaidSymbol]:
    """Symbols from subclass level on. B2B, C919 and A4 are none."""
    for match in _IPC.finditer(text):
        symbol = normal_ipc(match[0])
        if symbol and not any(match.start() < other.end and other.start < match.end() for other in taken):
            yield SaidSymbol(Span(match.start(), match.end()), symbol)
