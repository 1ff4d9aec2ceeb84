"""A picture that arrives: read where a certificate helps, told plainly where it does not."""

from __future__ import annotations

from backend.domain.deeds import ReadPhoto
from backend.domain.drafts import Flow
from bot.dialogue.flows.certificate import wants_a_photo
from bot.dialogue.flows.sitting import Sitting
from bot.dialogue.incoming import Incoming
from bot.dialogue.say import say
from bot.dialogue.turn import Scene, Turn

LONGEST_ID = 200


def media_id(incoming: Incoming) -> str:
    """The platform's id of the picture; empty where it is missing or nothing like one."""
    found = incoming.detail.get("MediaId")
    return found if isinstance(found, str) and len(found) <= LONGEST_ID else ""


def outside(scene: Scene) -> Turn:
    """No flow is open: most likely a certificate. What to do with it is asked when it is read."""
    media = media_id(scene.incoming)
    if not media:
        return Turn(scene.state, (say("media.image"),))
    return Turn(scene.state, (say("media.reading"),), (ReadPhoto(scene.incoming.key, media),))


def inside(sitting: Sitting) -> Turn:
    """In the middle of a flow. Only the declaration can use a certificate."""
    media = media_id(sitting.scene.incoming)
    if not media or sitting.form.flow is not Flow.DECLARE:
        return sitting.go_on(say("media.image"), again=True)
    if not wants_a_photo(sitting.answers):
        return sitting.go_on(say("media.image_not_needed"), again=True)
    deed = ReadPhoto(sitting.scene.incoming.key, media, str(sitting.form.flow))
    return sitting.stay(say("media.reading"), deeds=(deed,))
