"""The patent itself: its number, what the register says of it, and what has to be asked where it says nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from backend.domain.declarations import DeclarationView, State
from backend.domain.patent_number import PatentNumber
from backend.domain.patents import PatentKind, expires_on
from backend.domain.questions import LookUpNumber, MyDeclarations
from backend.domain.registry import LegalStatus, PatentRecord
from bot.dialogue.flows.engine import Filled, Finding, Known, Reader, Step
from bot.dialogue.flows.heard import AnswerError, Heard
from bot.dialogue.flows.readers.choices import any_of, must, one_of
from bot.dialogue.flows.readers.days import day, days_in, one_day
from bot.dialogue.flows.readers.numbers import patent_number
from bot.dialogue.flows.readers.words import names, text, title
from bot.dialogue.say import Value, say

INTERNATIONAL = frozenset("89")  # kind digits of applications that entered from abroad


class RecordField(StrEnum):
    """What is confirmed in one message, in the order in which it is shown."""

    TITLE = "title"
    KIND = "kind"
    FILED_ON = "filed_on"
    GRANTED_ON = "granted_on"
    HOLDERS = "holders"


IN_HAND = State.alive() - {State.RETURNED}  # a returned one is mended by declaring again
REFUSED = frozenset(
    {
        LegalStatus.PENDING,
        LegalStatus.LATE_PERIOD,
        LegalStatus.LAPSED,
        LegalStatus.EXPIRED,
        LegalStatus.INVALIDATED,
        LegalStatus.SUSPENDED,
    }
)


@dataclass(frozen=True, slots=True)
class Found:
    """What the register said, as the draft keeps it."""

    values: Mapping[str, Any]

    def get(self, name: str) -> Any:
        return self.values.get(name)

    @property
    def complete(self) -> bool:
        """Enough to be confirmed in one message; the day of the grant is asked where it is missing."""
        return all(self.values.get(str(name)) for name in RecordField if name is not RecordField.GRANTED_ON)


def parsed(number: str) -> PatentNumber:
    return PatentNumber(number.split(".", maxsplit=1)[0])


def look_up(number: str, _known: Known) -> Finding:
    """The register's answer as working keys. Raises AnswerError where the patent is declared by this follower already, or its
    status stands against a declaration.
    """
    mine: tuple[DeclarationView, ...] | None = yield MyDeclarations()
    held = next((view for view in mine or () if view.number == number and view.state in IN_HAND), None)
    if held is not None:
        official = parsed(number).official
        raise AnswerError("flow_declare.number.error.in_hand", title=held.title, number=official, standing=held.state)
    record: PatentRecord | None = yield LookUpNumber(number)
    if record is None:
        return {}
    if record.status in REFUSED:
        raise AnswerError(f"flow_status.{record.status}", number=parsed(number).official)
    found = {
        "title": record.title,
        "kind": str(record.kind),
        "filed_on": record.filed_on.isoformat() if record.filed_on else "",
        "granted_on": record.granted_on.isoformat() if record.granted_on else "",
        "holders": list(record.holders),
        "ipc_main": record.ipc_main,
        "abstract": record.abstract,
        "status": str(record.status),
        "source": record.source,
    }
    return {"found": {name: value for name, value in found.items() if value}}


def found_in(known: Known) -> Found:
    return Found(known.get("found") or {})


def _typed(found: Found) -> dict[RecordField, Any]:
    granted_on = found.get("granted_on")
    return {
        RecordField.TITLE: str(found.get("title")),
        RecordField.KIND: PatentKind(found.get("kind")),
        RecordField.FILED_ON: date.fromisoformat(found.get("filed_on")),
        RecordField.GRANTED_ON: date.fromisoformat(granted_on) if granted_on else None,
        RecordField.HOLDERS: tuple(found.get("holders")),
    }


def _shown(known: Known) -> Mapping[str, Value]:
    values = _typed(found_in(known))
    return {
        "number": parsed(known["number"]).official,
        **{str(name): values[name] for name in RecordField},
        "expires_on": expires_on(values[RecordField.KIND], values[RecordField.FILED_ON]),
    }


def _settled(wrong: tuple[RecordField, ...], known: Known) -> Mapping[str, Any]:
    found = found_in(known)
    right = {str(name): value for name, value in _typed(found).items() if value and name not in wrong}
    extra = {name: found.get(name) for name in ("ipc_main", "abstract") if found.get(name)}
    return right | extra


def _in_force(wrong: tuple[RecordField, ...], known: Known) -> None:
    values = _typed(found_in(known))
    ends = expires_on(values[RecordField.KIND], values[RecordField.FILED_ON])
    if RecordField.FILED_ON not in wrong and ends <= known.frame.today:
        raise AnswerError("flow_declare.filed_on.error.expired", expires_on=ends)


def _not_ours(wrong: tuple[RecordField, ...], known: Known) -> AnswerError | None:
    """An officer declares for the institution; the register names somebody else."""
    profile, holders = known.frame.profile, found_in(known).get("holders")
    if not profile.bound or RecordField.HOLDERS in wrong or profile.institution in holders:
        return None
    return AnswerError("flow_declare.record.warning.not_ours", holders=tuple(holders), name=profile.institution)


def _unknown(known: Known) -> Mapping[str, Value]:
    return {"hint": None if found_in(known).complete else say("flow_declare.title.unknown")}


def _kind_of_number(number: str, _known: Known) -> Mapping[str, Any]:
    return {"kind": parsed(number).kind}


def _kind_fits(kind: PatentKind, known: Known) -> None:
    if parsed(known["number"]).kind is not kind:
        raise AnswerError("flow_declare.kind.error.differs", kind=parsed(known["number"]).kind)


def _dates(heard: Heard) -> Any:
    """The filing date, and the day of the grant where it stands beside it."""
    if heard.meaning("not_yet"):
        raise AnswerError("flow_declare.granted_on.error.pending")
    found = days_in(heard)
    if len(found) == 2:  # noqa: PLR2004 filed, granted
        return Filled(found[0], {"granted_on": found[1]})
    return one_day(heard)


def _filed_in_time(filed_on: date, known: Known) -> None:
    if filed_on > known.frame.today:
        raise AnswerError("flow_declare.filed_on.error.future")
    if filed_on.year > parsed(known["number"]).year:
        raise AnswerError("flow_declare.filed_on.error.after_number", count=parsed(known["number"]).year)
    ends = expires_on(known["kind"], filed_on)
    if ends <= known.frame.today:
        raise AnswerError("flow_declare.filed_on.error.expired", expires_on=ends)


def _earlier_year(filed_on: date, known: Known) -> AnswerError | None:
    """Divisional applications keep the day of the first; otherwise the year in the number is that of filing."""
    number = parsed(known["number"])
    digit = number.digits[-8] if len(number.digits) == 12 else number.digits[2]  # noqa: PLR2004 digits of a number since 2003
    if filed_on.year == number.year or digit in INTERNATIONAL:
        return None
    return AnswerError("flow_declare.filed_on.warning.earlier", count=number.year, filed_on=filed_on)


def _granted(heard: Heard) -> date:
    if heard.meaning("not_yet"):
        raise AnswerError("flow_declare.granted_on.error.pending")
    return one_day(heard)


def _granted_in_time(granted_on: date, known: Known) -> None:
    if not known["filed_on"] <= granted_on <= known.frame.today:
        raise AnswerError("flow_declare.granted_on.error.impossible", filed_on=known["filed_on"])


def _may_ask_whole(known: Known) -> bool:
    return found_in(known).complete


def own_or_example(known: Known) -> Mapping[str, Value]:
    return {"name": known.frame.profile.institution}


NUMBER = Step(
    id="number",
    reader=patent_number(),
    settles=_kind_of_number,
    look_up=look_up,
    forgets=(
        "found", "record", "title", "kind", "filed_on", "granted_on", "holders", "co_holders_agree", "obstacles", "pledge",
        "evaluation_report", "ipc_main", "abstract",
    ),
)  # fmt: skip

RECORD: tuple[Step, ...] = (
    Step(
        id="record",
        reader=replace(any_of(RecordField, nothing="all_right"), options=()),  # its question shows them with values
        when=_may_ask_whole,
        check=_in_force,
        doubt=_not_ours,
        settles=_settled,
        asks=_shown,
        listed=False,
        kept=False,
        forgets=("title", "kind", "filed_on", "granted_on", "holders", "co_holders_agree", "ipc_main", "abstract"),
    ),
    Step(id="title", reader=title(), asks=_unknown),
    Step(id="kind", reader=one_of(PatentKind), check=_kind_fits),
    Step(
        id="filed_on",
        reader=Reader(_dates, dump=date.isoformat, load=date.fromisoformat),
        check=_filed_in_time,
        doubt=_earlier_year,
    ),
    Step(
        id="granted_on",
        reader=Reader(_granted, dump=day().dump, load=day().load),
        check=_granted_in_time,
    ),
    Step(id="holders", reader=names(), asks=own_or_example, forgets=("co_holders_agree",)),
    Step(
        id="co_holders_agree",
        reader=must("flow_declare.co_holders_agree.error.needed"),
        when=lambda known: len(known["holders"]) > 1,
        asks=lambda known: {"holders": known["holders"], "count": len(known["holders"])},
    ),
    Step(id="ipc_main", reader=text(most=40, sober=False), optional=True, listed=False),
    Step(id="abstract", reader=text(most=4000, sober=False), optional=True, listed=False),
)
