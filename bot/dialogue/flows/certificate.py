"""What a photo of the certificate proposes: shown as read, confirmed in one message, never taken for an answer before.

The number proves itself by its check digit and leads to the register like a typed one; where the register says the same as
the certificate, nothing is asked twice, and where it says something else, the register is shown.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import replace
from datetime import date
from enum import StrEnum
from typing import Any

from backend.domain.drafts import Flow
from backend.domain.patents import PatentKind
from backend.domain.photos import Proposal
from backend.domain.questions import MyProposal, Question
from bot.dialogue.flows.engine import Answers, Finding, Known, Step
from bot.dialogue.flows.heard import Heard
from bot.dialogue.flows.patent import NUMBER, RecordField, look_up, parsed
from bot.dialogue.flows.readers.choices import any_of
from bot.dialogue.say import Value, say
from bot.dialogue.turn import Scene


class ReadField(StrEnum):
    """In the order in which it is shown; the position is what a follower answers with."""

    NUMBER = "number"
    TITLE = "title"
    KIND = "kind"
    FILED_ON = "filed_on"
    GRANTED_ON = "granted_on"
    HOLDERS = "holders"


BY_HAND = ("title", "filed_on", "granted_on", "holders")  # the kind follows from the number
Wrong = tuple[ReadField, ...]


def _typed(read: Mapping[str, Any]) -> dict[ReadField, Any]:
    values: dict[ReadField, Any] = {
        ReadField.NUMBER: read["number"],
        ReadField.KIND: parsed(read["number"]).kind,
    }
    if read.get("title"):
        values[ReadField.TITLE] = str(read["title"])
    if read.get("holders"):
        values[ReadField.HOLDERS] = tuple(read["holders"])
    for name in (ReadField.FILED_ON, ReadField.GRANTED_ON):
        if read.get(name):
            values[name] = date.fromisoformat(read[name])
    return values


def _shown(known: Known) -> Mapping[str, Value]:
    values = _typed(known["read"])
    fields: dict[str, Value] = {str(name): values.get(name) for name in ReadField}
    fields["number"] = parsed(values[ReadField.NUMBER]).official
    holders = values.get(ReadField.HOLDERS)
    fields["holders"] = "；".join(holders) if holders else None
    return {"items": say("certificate.fields", **fields)}


def _right(wrong: Wrong, known: Known) -> dict[ReadField, Any]:
    """Nothing of a certificate whose number is wrong: it is another patent's."""
    if ReadField.NUMBER in wrong:
        return {}
    return {name: value for name, value in _typed(known["read"]).items() if name not in wrong}


def _settled(wrong: Wrong, known: Known) -> Mapping[str, Any]:
    return {str(name): value for name, value in _right(wrong, known).items()}


def _register(wrong: Wrong, known: Known) -> Finding:
    """The register on this number. It need not be confirmed where every word of it was just confirmed."""
    if ReadField.NUMBER in wrong:
        return {}
    answers = yield from look_up(known["read"]["number"], known)
    found, read = answers.get("found", {}), known["read"]
    right = {str(name) for name in _right(wrong, known)}
    said = {str(name) for name in RecordField if found.get(str(name))}
    read = {**read, "kind": str(PatentKind(parsed(read["number"]).kind))}
    if said and said <= right and all(found[name] == read[name] for name in said):
        extra = {name: found[name] for name in ("ipc_main", "abstract") if found.get(name)}
        return {**answers, **extra, "record": []}
    return answers


_fields = any_of(ReadField, nothing="all_right")


def _read(heard: Heard) -> Wrong:
    """The same number typed out says that it is right; another one never comes here (`carried`)."""
    return () if heard.facts.numbers else _fields.read(heard)


READING = Step(
    id="reading",
    reader=replace(_fields, read=_read, options=()),  # its question shows them with values
    when=lambda known: bool(known.get("read")),
    settles=_settled,
    look_up=_register,
    asks=_shown,
    listed=False,
    kept=False,
    forgets=("number", *NUMBER.forgets),
)


def wants_a_photo(answers: Answers) -> bool:
    """True while a certificate could fill something in that nobody has."""
    return not answers.get("found") and not any(name in answers for name in BY_HAND)


def carried(flow: Flow, answers: Answers, scene: Scene) -> Generator[Question, Any, tuple[Answers, int]]:
    """The answers with what a photo proposes, and the id of the photo that is used up thereby; 0 for none.

    Nothing that was answered gives way to it, and a number typed by hand goes before one that was read.
    """
    if flow is not Flow.DECLARE:
        return answers, 0
    typed = {said.number for said in scene.meaning.facts.numbers if said.number}
    if "read" in answers and "reading" not in answers and typed and answers["read"]["number"] not in typed:
        answers = {name: value for name, value in answers.items() if name != "read"}
    proposal: Proposal | None = yield MyProposal()
    if proposal is None:
        return answers, 0
    number = proposal.answers["number"]
    if not wants_a_photo(answers) or answers.get("number", number) != number or (typed and number not in typed):
        return answers, proposal.photo_id
    gone = {READING.id, *NUMBER.forgets}  # the number stays: an officer's draft is kept under it
    kept = {name: value for name, value in answers.items() if name not in gone}
    return {**kept, "read": {**proposal.answers, "photo": proposal.photo_id}}, proposal.photo_id
