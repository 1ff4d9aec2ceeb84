"""Consent: purpose, wording and time, asked when something is to be stored and not before."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from backend.domain import needs
from bot.dialogue.flows.engine import Reader, Step
from bot.dialogue.flows.heard import Frame, Heard
from bot.dialogue.flows.readers.choices import NO, YES, agreed
from bot.dialogue.say import say

PURPOSE = "declaration"
VERSION = "2026-11"  # of the wording in bot/texts/zh/flow_common.yml; a change of meaning needs a new one


VERSIONS = {PURPOSE: VERSION, needs.PURPOSE: needs.VERSION}


def _consent(purpose: str, code: str) -> Callable[[Heard], dict[str, str]]:
    def read(heard: Heard) -> dict[str, str]:
        agreed(heard, code)
        return {"purpose": purpose, "version": VERSIONS[purpose], "at": heard.at.isoformat()}

    return read


def _load(value: Any) -> dict[str, str]:
    return {name: str(value[name]) for name in ("purpose", "version", "at")}


def has_agreed(frame: Frame, purpose: str = PURPOSE) -> bool:
    """True where the profile already holds this consent in this wording."""
    return frame.profile.agreed(purpose, VERSIONS[purpose])


def consent_to(purpose: str, texts: str, code: str) -> Step:
    """The question for a purpose, worded in `texts`; `code` says what a no means."""
    return Step(
        id="consent",
        reader=Reader(
            _consent(purpose, code),
            load=_load,
            show=lambda _: say("flow_common.yes"),
            offers=(YES, NO),
            closed=True,
        ),
        when=lambda known: not has_agreed(known.frame, purpose),
        listed=False,
        texts=texts,
    )


CONSENT = consent_to(PURPOSE, "flow_common", "flow_common.error.no_consent")
