"""How a cell is read and written: every reader takes what a spreadsheet holds and returns a value or raises CellError."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from backend.domain.errors import AssistantError
from backend.domain.hubei import clusters, place_named, places
from backend.domain.ipc import is_locarno, normal_ipc
from backend.domain.patent_number import parse_patent_number
from backend.services.pool.problems import CellError
from backend.services.pool.workbook import NoResult

Reader = Callable[[Any, dict[str, Any]], Any]
_FORMULA = re.compile(r"'*[=+\-@\t\r]")  # with the guards that stood before it already
_NO_CHARACTERS = re.compile("[\ud800-\udfff\ufffe\uffff]")  # cannot stand in a spreadsheet's XML
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]00:00(?::00)?)?")
_YUAN = re.compile(r"[￥¥]?(-?\d+(?:\.\d+)?)元?")
_PERCENT = re.compile(r"(-?\d+(?:\.\d+)?)%?")
_SPLIT = re.compile(r"[;；\n]+")
MOST_YUAN = Decimal(10) ** 12


def plain(value: Any) -> str:
    """A cell as text: 5.0 is “5”, blanks go, control characters go, a guard against formulas is taken off again."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = "".join(
        letter for letter in str(value) if letter in "\n\t" or unicodedata.category(letter) not in {"Cc", "Cf"}
    )
    text = _NO_CHARACTERS.sub("", text).strip()
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


def safe_text(value: str) -> str:
    """Text that no spreadsheet will run as a formula."""
    return f"'{value}" if _FORMULA.match(value) else value


def _text(value: Any, column: dict[str, Any]) -> str:
    return _within(plain(value), column)


def _within(text: str, column: dict[str, Any]) -> str:
    limit = column.get("limit", 200)
    if len(text) > limit:
        raise CellError("too_long", limit=limit, length=len(text))
    return text


def _code(value: Any, column: dict[str, Any]) -> str:
    return _within(unicodedata.normalize("NFKC", plain(value)).strip(), column)


def _patent_number(value: Any, _column: dict[str, Any]) -> str:
    return str(parse_patent_number(plain(value)))


def _day(value: Any, _column: dict[str, Any]) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    match = _DAY.fullmatch(unicodedata.normalize("NFKC", plain(value)))
    if not match:
        raise CellError("day_shape", given=plain(value)[:20])
    try:
        return date(*(int(part) for part in match.groups()))
    except ValueError as error:
        raise CellError("day_does_not_exist", given=plain(value)[:20]) from error


def _decimal(value: Any, shape: re.Pattern[str], code: str) -> Decimal:
    compact = unicodedata.normalize("NFKC", plain(value)).replace(",", "").replace(" ", "")
    match = shape.fullmatch(compact)
    if not match:
        raise CellError(code, given=plain(value)[:20])
    try:
        number = Decimal(match[1])
    except InvalidOperation as error:
        raise CellError(code, given=plain(value)[:20]) from error
    if number < 0 or number >= MOST_YUAN or number != number.quantize(Decimal("0.01")):
        raise CellError(code, given=plain(value)[:20])
    return number


def _yuan(value: Any, _column: dict[str, Any]) -> Decimal:
    return _decimal(value, _YUAN, "yuan_shape")


def _percent(value: Any, _column: dict[str, Any]) -> Decimal:
    percent = _decimal(value, _PERCENT, "percent_shape")
    if percent > 100:  # noqa: PLR2004 a rate of more than the whole
        raise CellError("percent_shape", given=plain(value)[:20])
    return percent


def _whole(value: Any, column: dict[str, Any]) -> int:
    text = unicodedata.normalize("NFKC", plain(value)).removesuffix("年").removesuffix("级")
    if not text.isascii() or not text.isdigit() or not column["from"] <= int(text) <= column["to"]:
        raise CellError("whole_range", given=text[:20], low=column["from"], high=column["to"])
    return int(text)


def _yes_no(value: Any, _column: dict[str, Any]) -> bool:
    if isinstance(value, bool):
        return value
    text = plain(value)
    if text in {"是", "有", "Y", "y"}:
        return True
    if text in {"否", "无", "N", "n"}:
        return False
    raise CellError("yes_no", given=text[:20])


def _choice(value: Any, column: dict[str, Any]) -> str:
    meaning = column["choices"].get(plain(value))
    if meaning is None:
        raise CellError("choice", given=plain(value)[:20], choices="、".join(column["choices"]))
    return str(meaning)


def _names(value: Any, _column: dict[str, Any]) -> tuple[str, ...]:
    names = tuple(name.strip()[:200] for name in _SPLIT.split(plain(value)) if name.strip())
    if not names:
        raise CellError("required")
    return names


def _ipc(value: Any, _column: dict[str, Any]) -> str:
    text = plain(value)
    if is_locarno(text):
        return text
    symbol = normal_ipc(text)
    if not symbol:
        raise CellError("ipc_shape", given=text[:20])
    return symbol


def _ipcs(value: Any, column: dict[str, Any]) -> tuple[str, ...]:
    return tuple(_ipc(part, column) for part in re.split(r"[;；,，、\n]+", plain(value)) if part.strip())


def _cluster(value: Any, _column: dict[str, Any]) -> str:
    text = plain(value)
    if text not in clusters().values():
        raise CellError("cluster_unknown", given=text[:20])
    return text


def _place(value: Any, _column: dict[str, Any]) -> str:
    text = plain(value)
    place = places().get(text) or place_named(text)
    if not place:
        raise CellError("place_unknown", given=text[:20])
    return place.code


READERS: dict[str, Reader] = {
    "text": _text,
    "code": _code,
    "patent_number": _patent_number,
    "day": _day,
    "yuan": _yuan,
    "percent": _percent,
    "whole": _whole,
    "yes_no": _yes_no,
    "choice": _choice,
    "names": _names,
    "ipc": _ipc,
    "ipcs": _ipcs,
    "cluster": _cluster,
    "place": _place,
}


def read_cell(value: Any, column: dict[str, Any]) -> Any:
    """The value of a filled cell. Raises CellError; a wrong patent number keeps its own code."""
    if isinstance(value, NoResult):
        raise CellError("no_result")
    try:
        return READERS[column["read"]](value, column)
    except CellError:
        raise
    except AssistantError as error:
        raise CellError(error.code, **error.values) from error


def write_cell(value: Any, column: dict[str, Any]) -> Any:
    """The cell for a value, such that `read_cell` gives the value back."""
    if value is None:
        return ""
    match column["read"]:
        case "yes_no":
            return "是" if value else "否"
        case "choice":
            return next(label for label, meaning in column["choices"].items() if meaning == str(value))
        case "names" | "ipcs":
            return safe_text("；".join(value))
        case "place":
            return places()[value].name if value in places() else ""
        case "day":
            return value.isoformat()
        case "yuan" | "percent":
            return str(value.normalize() if value != value.to_integral_value() else int(value))
        case "patent_number":
            return f"ZL{value}"
        case _:
            return safe_text(str(value))
