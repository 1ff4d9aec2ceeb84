"""Consent: purpose, wording and time, asked when something is to be stored and not before."""

from __future__ import annotations

from typing import Any

from bot.dialogue.flows.engine import Known, Reader, Step
from bot.dialogue.flows.heard import Frame, Heard
from bot.dialogue.flows.readers.choices import NO, YES, agreed
from bot.dialogue.say import say

PURPOSE = "declaration"
VERSION = "2026-11"  # of the wording in bot/texts/zh/flow_common.yml; a change of meaning needs a new one
CONSENT_ID = "consent"


def _load(value: Any) -> dict[str, str]:
    return {name: str(value[name]) for name in ("purpose", "version", "at")}


def has_agreed(frame: Frame, purpose: str = PURPOSE, version: str = VERSION) -> bool:
    """True where the profile already holds this consent in this wording."""
    return frame.profile.agreed(purpose, version)


def consent_to(purpose: str, version: str, *, texts: str) -> Step:
    """The question for one purpose, worded in one file. Not asked where it was agreed to before."""

    def read(heard: Heard) -> dict[str, str]:
        agreed(heard, f"{texts}.error.no_consent")
        return {"purpose": purpose, "version": version, "at": heard.at.isoformat()}

    def not_yet(known: Known) -> bool:
        return not has_agreed(known.frame, purpose, version)

    return Step(
        id=CONSENT_ID,
        reader=Reader(read, load=_load, show=lambda _: say("flow_common.yes"), offers=(YES, NO), closed=True),
        when=not_yet,
        listed=False,
        texts=texts,
    )


CONSENT = consent_to(PURPOSE, VERSION, texts="flow_common")
