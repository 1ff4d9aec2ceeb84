"""Whom to call: the contact of the profile, or asked in one line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum
from typing import Any

from bot.dialogue.flows.engine import Known, Step
from bot.dialogue.flows.heard import AnswerError, Heard
from bot.dialogue.flows.readers.choices import one_of, yes_no
from bot.dialogue.flows.readers.people import email, is_like_a_name, person, phone
from bot.dialogue.say import Value, say


class UseContact(StrEnum):
    """What to do with the contact that the profile holds."""

    SHOWN = "shown"
    HIDDEN = "hidden"
    ANOTHER = "another"


def _has_one(known: Known) -> bool:
    contact = known.frame.profile.contact
    return bool(contact.name and contact.phone)


def _from_profile(value: UseContact, known: Known) -> Mapping[str, Any]:
    if value is UseContact.ANOTHER:
        return {}
    contact = known.frame.profile.contact
    settled: dict[str, Any] = {"contact_name": contact.name, "contact_phone": contact.phone}
    if contact.email:
        settled["contact_email"] = contact.email
    return settled | {"contact_public": value is UseContact.SHOWN}


def _said(known: Known) -> Mapping[str, Value]:
    contact = known.frame.profile.contact
    return {"contact": say("search.contact_line", name=contact.name, phone=contact.phone, email=contact.email)}


def _no_name(value: str, _known: Known) -> AnswerError | None:
    """Words about something else may stand where a name should."""
    return None if is_like_a_name(value) else AnswerError("flow_contact.contact_name.warning.sentence", name=value)


def _public(heard: Heard) -> bool:
    """“公开” is an answer here and nowhere else: said at the review it must submit nothing."""
    said = heard.meaning("public")
    return said == "yes" if said else bool(yes_no().read(heard))


CONTACT: tuple[Step, ...] = (
    Step(
        id="use_contact",
        reader=one_of(UseContact),
        when=_has_one,
        settles=_from_profile,
        asks=_said,
        listed=False,
        kept=False,
        forgets=("contact_name", "contact_phone", "contact_email", "contact_public"),
        spared_by=("contact_name", "contact_phone", "contact_public"),
        texts="flow_contact",
    ),
    Step(
        id="contact_name",
        reader=person(),
        doubt=_no_name,
        forgets=("contact_email",),  # the address of the one before is not theirs
        texts="flow_contact",
    ),
    Step(id="contact_phone", reader=phone(), texts="flow_contact"),
    Step(id="contact_email", reader=email(), optional=True, texts="flow_contact"),
    Step(id="contact_public", reader=replace(yes_no(), read=_public), texts="flow_contact"),
)
