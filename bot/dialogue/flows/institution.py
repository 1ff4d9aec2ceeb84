"""Speaking for an institution: bind it, leave it. Staff approve; submitting goes on meanwhile, publication waits."""

from __future__ import annotations

import re
import unicodedata

from backend.domain.credit_code import LENGTH, credit_code_holds
from backend.domain.drafts import Flow
from backend.domain.listings import HolderType
from bot.dialogue.flows.attachments import proof_of_institution
from bot.dialogue.flows.consent import CONSENT
from bot.dialogue.flows.engine import Form, Known, Reader, Step
from bot.dialogue.flows.heard import AnswerError, Frame, Heard, Unread
from bot.dialogue.flows.readers.choices import must, one_of
from bot.dialogue.flows.readers.people import email, person, phone
from bot.dialogue.flows.readers.words import text

INSTITUTIONS = tuple(kind for kind in HolderType if kind is not HolderType.PERSON)


def _credit_code(heard: Heard) -> str:
    said = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", heard.text)).upper()
    if heard.meaning("not_yet"):
        raise AnswerError("flow_bind.credit_code.error.missing")
    if not re.fullmatch(r"[0-9A-Z]{8,24}", said):
        raise Unread("flow_bind.credit_code.error.shape", given=heard.text[:24])
    if len(said) != LENGTH:
        raise AnswerError("flow_bind.credit_code.error.length", count=len(said), limit=LENGTH)
    return said


def _does_not_hold(value: str, _known: Known) -> AnswerError | None:
    """Some codes in real use fail the check, so a person looks; it never refuses (GB 32100-2015)."""
    return None if credit_code_holds(value) else AnswerError("flow_bind.credit_code.warning.check", number=value)


def _already(frame: Frame) -> str:
    return "flow_bind.already" if frame.profile.bound else ""


def _not_bound(frame: Frame) -> str:
    return "" if frame.profile.bound else "flow_leave.nothing"


BINDING = Form(
    flow=Flow.BIND,
    bars=_already,
    papers=proof_of_institution,
    steps=(
        Step(id="institution", reader=text(least=4, most=100, sober=False)),
        CONSENT,
        Step(id="holder_type", reader=one_of(INSTITUTIONS), texts="flow_bind"),
        Step(id="credit_code", reader=Reader(_credit_code), doubt=_does_not_hold),
        Step(id="contact_name", reader=person()),
        Step(id="contact_phone", reader=phone(), texts="flow_contact"),
        Step(id="contact_email", reader=email(), optional=True, texts="flow_contact"),
    ),
)

LEAVING = Form(
    flow=Flow.LEAVE,
    bars=_not_bound,
    steps=(
        Step(
            id="leave",
            reader=must("flow_leave.leave.error.stay"),
            asks=lambda known: {"name": known.frame.profile.institution},
            listed=False,
            kept=False,
        ),
    ),
)
