"""What the fields of the platform's templates take. A field that does not fit is refused there with 47003, so it is checked
here, before anything is asked.

Limits: template message guide and subscription notice guide, “参数类型说明”; no line breaks in any of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from backend.domain.errors import AssistantError

THING, ASCII, SYMBOL, PHRASE, PHONE, CAR = 20, 32, 5, 5, 17, 8
NAME_CHINESE, NAME_LATIN = 10, 20
ELLIPSIS = "…"
_CHINESE = re.compile(r"[㐀-䶿一-鿿]")
_TIME = re.compile(r"(\d{4}年\d{1,2}月\d{1,2}日 ?)?\d{1,2}:\d{2}|\d{4}-\d{2}-\d{2} \d{2}:\d{2}(:\d{2})?")
_DATE = re.compile(r"\d{4}年\d{1,2}月\d{1,2}日( \d{1,2}:\d{2})?|\d{4}-\d{2}-\d{2}( \d{2}:\d{2})?")
_AMOUNT = re.compile(r"[¥￥]?\d{1,10}(\.\d{1,2})?元?")
_NUMBER = re.compile(r"-?\d{1,32}(\.\d{1,10})?")
_KIND = re.compile(r"[a-z_]+?(?=\d+$)")


class FieldUnfit(AssistantError):
    """The platform would not take this value; `field` names it, the value is not repeated."""

    code = "notice.field_unfit"


def _no_chinese(text: str) -> bool:
    return len(text) <= ASCII and not _CHINESE.search(text)


def _phrase(text: str) -> bool:
    return len(text) <= PHRASE and all(_CHINESE.match(letter) for letter in text)


def _name(text: str) -> bool:
    return len(text) <= (NAME_CHINESE if _CHINESE.search(text) else NAME_LATIN)


TAKES: dict[str, Callable[[str], bool]] = {
    "thing": lambda text: len(text) <= THING,
    "character_string": _no_chinese,
    "number": lambda text: bool(_NUMBER.fullmatch(text)),
    "letter": lambda text: len(text) <= ASCII and text.isascii() and text.isalpha(),
    "symbol": lambda text: len(text) <= SYMBOL,
    "phrase": _phrase,
    "name": _name,
    "phone_number": lambda text: len(text) <= PHONE and bool(re.fullmatch(r"[\d+\-]+", text)),
    "car_number": lambda text: len(text) <= CAR,
    "amount": lambda text: bool(_AMOUNT.fullmatch(text)),
    "time": lambda text: bool(_TIME.fullmatch(text)),
    "date": lambda text: bool(_DATE.fullmatch(text)),
}


def kind_of(field: str) -> str:
    """`thing2` is a thing. Raises FieldUnfit for a name that is none of the platform's."""
    found = _KIND.match(field)
    if found is None or found[0] not in TAKES:
        raise FieldUnfit(field=field)
    return found[0]


def fit(field: str, value: str, *, cut: bool = False) -> str:
    """The value as the field takes it: on one line; with `cut`, shortened to what a `thing` holds. Raises FieldUnfit."""
    kind, text = kind_of(field), " ".join(value.split())
    if cut and kind == "thing" and len(text) > THING:
        text = text[: THING - 1].rstrip() + ELLIPSIS
    if not text or not TAKES[kind](text):
        raise FieldUnfit(field=field)
    return text
