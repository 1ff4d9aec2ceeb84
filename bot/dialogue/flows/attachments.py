"""What goes along: named in the review, never asked by itself, so that nobody is kept from submitting by a missing scan."""

from __future__ import annotations

from enum import StrEnum

from backend.domain.attachments import AttachmentKind, called_for
from backend.domain.listings import Pledge, Track
from bot.dialogue.flows.engine import Known, Step
from bot.dialogue.flows.readers.choices import one_of


class Attached(StrEnum):
    SENT = "sent"
    LATER = "later"
    NONE = "none"


ATTACHMENTS = Step(id="attachments", reader=one_of(Attached), optional=True, kept=False)


def papers_of_declaration(known: Known) -> tuple[AttachmentKind, ...]:
    """What an officer will want to see, as far as the answers tell."""
    return called_for(
        track=known.get("track", Track.STATUTORY),
        kind=known["kind"],
        holders=known["holders"],
        pledge=known.get("pledge", Pledge.NONE),
        holder_type=known.get("holder_type") or known.frame.profile.holder_type,
        method=known["method"],
    )


def proof_of_institution(_known: Known) -> tuple[AttachmentKind, ...]:
    return (AttachmentKind.INSTITUTION,)
