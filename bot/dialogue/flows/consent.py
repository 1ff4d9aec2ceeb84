"""Consent: purpose, wording and time, asked when something is to be stored and not before."""

from __future__ import annotations

from typing import Any

from bot.dialogue.flows.engine import Known, Reader, Step
from bot.dialogue.flows.heard import Frame, Heard
from bot.dialogue.flows.readers.choices import NO, YES, agreed
from bot.dialogue.say import say

PURPOSE = "declaration"
VERSION = "2026-11"  # of the wording in bot/texts/zh/flow_common.yml; a change of meaning needs a new one


def _consent(heard: Heard) -> dict[str, str]:
    agreed(heard, "flow_common.error.no_consent")
    return {"purpose": PURPOSE, "version": VERSION, "at": heard.at.isoformat()}


def _load(value: Any) -> dict[str, str]:
    return {name: str(value[name]) for name in ("purpose", "version", "at")}


def has_agreed(frame: Frame) -> bool:
    """True where the profile already holds this consent in this wording."""
    return frame.profile.agreed(PURPOSE, VERSION)


def _not_yet(known: Known) -> bool:
    return not has_agreed(known.frame)


CONSENT = Step(
    id="consent",
    reader=Reader(_consent, load=_load, show=lambda _: say("flow_common.yes"), offers=(YES, NO), closed=True),
    when=_not_yet,
    listed=False,
    texts="flow_common",
)
