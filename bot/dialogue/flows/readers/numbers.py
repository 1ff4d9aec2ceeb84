"""Patent numbers: right ones, and what exactly is wrong with the others."""

from __future__ import annotations

import re
from collections.abc import Iterator

from backend.domain.errors import AssistantError
from backend.domain.patent_number import (
    WEIGHTS,
    PatentNumber,
    WrongCheckDigit,
    check_digit,
    parse_patent_number,
    tidy,
)
from bot.dialogue.flows.engine import Reader
from bot.dialogue.flows.heard import AnswerError, Heard, Unread
from bot.dialogue.say import Say, say

FIRST_YEAR = 1985  # the Patent Law took effect on 1985-04-01
MOST_GUESSES = 3
_OTHER_PAPER = re.compile(r"[A-WYZ]")  # a receipt or a report has letters of its own before its digits


def likely(said: str, *, year: int) -> Iterator[PatentNumber]:
    """Numbers one slip away from a wrong one, the likeliest first: two neighbours swapped, then the last digit.

    Any one digit could be wrong, and for nearly every place some digit would fit, so those are no help.
    """
    digits = said.split(".", maxsplit=1)[0]
    given = said[-1]
    for position in range(len(digits) - 1):
        one, other = digits[position], digits[position + 1]
        swapped = f"{digits[:position]}{other}{one}{digits[position + 2 :]}"
        if one != other and check_digit(swapped) == given and _possible(swapped, year):
            yield PatentNumber(swapped)
    if _possible(digits, year):
        yield PatentNumber(digits)


def _possible(digits: str, year: int) -> bool:
    try:
        number = parse_patent_number(f"{digits}.{check_digit(digits)}")
    except AssistantError:
        return False
    return FIRST_YEAR <= number.year <= year


def _number(heard: Heard) -> str:
    right = [said.number for said in heard.facts.numbers if said.number]
    if len(right) > 1:
        raise AnswerError("flow_common.error.one_number")
    if right:
        return _in_time(PatentNumber(str(right[0]).split(".", maxsplit=1)[0]), heard)
    if heard.facts.publications:
        raise AnswerError("flow_common.error.publication", number=heard.facts.publications[0].symbol)
    wrong = heard.facts.numbers[0] if heard.facts.numbers else None
    said = wrong.said if wrong else heard.plain
    try:
        return _in_time(parse_patent_number(said), heard)
    except WrongCheckDigit as error:
        raise AnswerError(
            "flow_common.error.check_digit",
            number=said.strip(),
            items=_guesses(str(error.values["number"]), heard.frame.today.year),
        ) from error
    except AssistantError as error:
        raise _misshapen(error, said, heard) from error


def _in_time(number: PatentNumber, heard: Heard) -> str:
    if not FIRST_YEAR <= number.year <= heard.frame.today.year:
        raise AnswerError("flow_common.error.number_year", number=number.official)
    return str(number)


def _guesses(said: str, year: int) -> tuple[Say, ...]:
    found = list(dict.fromkeys(likely(said, year=year)))[:MOST_GUESSES]
    return tuple(_guess(number, said) for number in found)


def _guess(number: PatentNumber, said: str) -> Say:
    """Which places differ from what was typed, counted from 1."""
    typed = said.replace(".", "")
    right = str(number).replace(".", "")
    places = [position for position, (one, other) in enumerate(zip(typed, right, strict=False), 1) if one != other]
    key = "flow_common.guess_swapped" if len(places) > 1 else "flow_common.guess_last"
    return say(key, number=number.official, one=places[0], position=places[-1])


def _misshapen(error: AssistantError, said: str, heard: Heard) -> AnswerError:
    if error.code == "patent_number.publication":
        return AnswerError("flow_common.error.publication", number=str(error.values["number"]))
    if error.code == "patent_number.check_digit_missing":
        return AnswerError("flow_common.error.check_digit_missing", number=said.strip(), full=str(error.values["full"]))
    bare = tidy(said).removeprefix("ZL").removeprefix("CN")
    digits = sum(letter.isdigit() or letter == "X" for letter in bare)
    meant = digits >= len(WEIGHTS) - 3 and digits * 2 > len(bare) and not _OTHER_PAPER.match(bare)
    if meant and digits != len(WEIGHTS) + 1:
        return AnswerError("flow_common.error.digits", number=said.strip()[:30], count=digits)
    if heard.meaning("not_yet"):
        return AnswerError("flow_common.error.no_number")
    return Unread("flow_common.error.shape", given=heard.text[:30])


def patent_number() -> Reader:
    return Reader(_number, show=lambda value: PatentNumber(value.split(".", maxsplit=1)[0]).official, load=_checked)


def _checked(value: str) -> str:
    parse_patent_number(value)
    return value
