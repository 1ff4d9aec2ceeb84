"""The answers of the declaration flow (plain JSON by field of the information table) and the Listing they describe."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from backend.domain.declarations import Declaration
from backend.domain.drafts import Obstacle
from backend.domain.errors import AssistantError
from backend.domain.listings import Listing, Pledge, Suspension
from backend.services.pool.rows import build_listing
from backend.services.pool.table_file import columns

ORDINARY_LIMIT = 200


class AnswersUnreadable(AssistantError):
    """The answers are not those of a finished declaration; `field` says which."""

    code = "declaration.answers_unreadable"


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError(value)
    return value


def _decimal(value: Any) -> Decimal:
    found = Decimal(str(value))
    if not found.is_finite() or found < 0 or found != found.quantize(Decimal("0.01")):
        raise ValueError(value)
    return found


def _words(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _list(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not value:
        raise TypeError(value)
    return tuple(_words(item) for item in value)


def _day(value: Any) -> date:
    return date.fromisoformat(_words(value))


def _whole(value: Any) -> int:
    return int(value)


_LOAD: dict[str, Callable[[Any], Any]] = {
    "day": _day,
    "yuan": _decimal,
    "percent": _decimal,
    "whole": _whole,
    "yes_no": _flag,
    "names": _list,
    "ipcs": _list,
}


def listing_of(answers: Mapping[str, Any]) -> Listing:
    """Raises AnswersUnreadable."""
    values: dict[str, Any] = {}
    for column in columns():
        field, value = column["field"], answers.get(column["field"])
        if value is None or value == "":
            continue
        try:
            load: Callable[[Any], Any] = _LOAD.get(str(column["read"]), _words)
            loaded = load(value)
        except (TypeError, ValueError, ArithmeticError) as error:
            raise AnswersUnreadable(field=field) from error
        if isinstance(loaded, str) and len(loaded) > column.get("limit", ORDINARY_LIMIT):
            raise AnswersUnreadable(field=field)
        values[field] = loaded
    missing = next(
        (column["field"] for column in columns() if column.get("required") and column["field"] not in values), ""
    )
    if missing:
        raise AnswersUnreadable(field=missing)
    try:
        return build_listing(_with_obstacles(values, obstacles_of(answers)))
    except ValueError as error:
        raise AnswersUnreadable(field="choice") from error


def obstacles_of(answers: Mapping[str, Any]) -> tuple[Obstacle, ...]:
    """Raises AnswersUnreadable."""
    try:
        return tuple(Obstacle(named) for named in answers.get("obstacles") or ())
    except (TypeError, ValueError) as error:
        raise AnswersUnreadable(field="obstacles") from error


def _with_obstacles(values: dict[str, Any], named: tuple[Obstacle, ...]) -> dict[str, Any]:
    if Obstacle.EXCLUSIVE_LICENSE in named:
        values["exclusive_license"] = True
    if Obstacle.SUSPENSION in named and "suspension" not in values:
        values["suspension"] = str(Suspension.OWNERSHIP_DISPUTE)
    if Obstacle.PLEDGE in named and values.get("pledge") != Pledge.WITH_CONSENT:
        values["pledge"] = str(Pledge.WITHOUT_CONSENT)
    return values


def answers_of(listing: Listing) -> dict[str, Any]:
    """The other way: what an imported row would have been answered as."""
    fee, contact = listing.fee, listing.contact
    nested = {
        "contact_name": contact.name,
        "contact_phone": contact.phone,
        "contact_email": contact.email,
        "contact_public": contact.public,
        "method": fee.method,
        "lump_sum_yuan": fee.lump_sum_yuan,
        "instalments": fee.instalments,
        "entry_fee_yuan": fee.entry_fee_yuan,
        "royalty_basis": fee.royalty_basis,
        "royalty_percent": fee.royalty_percent,
        "unit_yuan": fee.unit_yuan,
        "fee_note": fee.note,
    }
    answers: dict[str, Any] = {"obstacles": []}
    for column in columns():
        field = column["field"]
        value = nested[field] if field in nested else getattr(listing, field)
        if value not in {None, ""} and value != ():
            answers[field] = _plain(value)
    return answers


def _plain(value: Any) -> Any:
    match value:
        case StrEnum() | Decimal():
            return str(value)
        case date():
            return value.isoformat()
        case tuple():
            return list(value)
        case _:
            return value


PRICE = ("method", "lump_sum_yuan", "instalments", "entry_fee_yuan", "royalty_basis", "royalty_percent", "unit_yuan",
         "fee_note")  # fmt: skip
PILOT_ONLY = ("region", "licensee_scope")


def repriced(held: Declaration, changes: Mapping[str, Any]) -> dict[str, Any]:
    """The old answers with the new price. Raises AnswersUnreadable where no price is given."""
    if "method" not in changes:
        raise AnswersUnreadable(field="method")
    kept = {name: value for name, value in held.answers.items() if name not in PRICE}
    return kept | {name: changes[name] for name in PRICE if name in changes}
