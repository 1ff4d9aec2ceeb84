"""A picture that arrives: a certificate to read, a paper to keep, or nothing that helps here, told plainly.

Which paper it is follows from the question it answers, or from what is still called for.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from typing import Any

from backend.domain.attachments import MOST_FILES, Attachment, AttachmentKind
from backend.domain.deeds import KeepPicture, ReadPhoto
from backend.domain.drafts import Flow
from backend.domain.questions import MyFiles, Question
from bot.dialogue.flows.attachments import ATTACHMENTS
from bot.dialogue.flows.certificate import wants_a_photo
from bot.dialogue.flows.opened import Mode
from bot.dialogue.flows.sitting import Sitting
from bot.dialogue.incoming import Incoming
from bot.dialogue.say import say
from bot.dialogue.turn import Scene, Turn

LONGEST_ID = 200
AT_STEP = {  # questions that a picture can answer better than words
    "evaluation_report": AttachmentKind.EVALUATION_REPORT,
    "co_holders_agree": AttachmentKind.CO_HOLDERS,
    "pledge": AttachmentKind.PLEDGEE,
}


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


def inside(sitting: Sitting) -> Generator[Question, Any, Turn]:
    """In the middle of a flow: kept where a paper is asked for, read where a certificate helps."""
    media = media_id(sitting.scene.incoming)
    if media and _is_a_paper(sitting):
        return (yield from _kept(sitting, media))
    if not media or sitting.form.flow is not Flow.DECLARE:
        return sitting.go_on(say("media.image"), again=True)
    if not wants_a_photo(sitting.answers):
        return sitting.go_on(say("media.image_not_needed"), again=True)
    deed = ReadPhoto(sitting.scene.incoming.key, media, str(sitting.form.flow))
    return sitting.stay(say("media.reading"), deeds=(deed,))


def _is_a_paper(sitting: Sitting) -> bool:
    """The draft is stored, and a paper is asked for or can be added."""
    if not sitting.may_store or not sitting.answers:
        return False
    if sitting.form.flow is Flow.BIND:
        return True
    current = sitting.path.current
    return sitting.form.flow is Flow.DECLARE and (current is None or _filling(sitting) or current.step.id in AT_STEP)


def _filling(sitting: Sitting) -> bool:
    return sitting.opened.mode is Mode.FILL and sitting.opened.then.get("fill") == ATTACHMENTS.id


def _kept(sitting: Sitting, media: str) -> Generator[Question, Any, Turn]:
    """The picture becomes part of the draft; what was asked stands."""
    number = "" if sitting.form.flow is Flow.BIND else str(sitting.answers["number"])
    held: tuple[Attachment, ...] = (yield MyFiles(number)) or ()
    if len(held) >= MOST_FILES:
        return sitting.stay(say("attachment.too_many", limit=MOST_FILES))
    kind = _kind(sitting, {each.kind for each in held})
    deed = KeepPicture(sitting.scene.incoming.key, media, number, kind)
    if kind is AttachmentKind.INSTITUTION:
        told = say("attachment.kept_institution", count=len(held) + 1)
    else:
        told = say("attachment.kept", kind=kind, count=len(held) + 1)
    if _filling(sitting):
        return sitting.stay(told, say("flow_declare.attachments.more"), deeds=(deed,))
    if sitting.path.current is None:
        return sitting.stay(told, say("attachment.then_submit"), deeds=(deed,))
    turn = sitting.go_on(told, again=True)
    return replace(turn, deeds=(*turn.deeds, deed))


def _kind(sitting: Sitting, held: set[AttachmentKind]) -> AttachmentKind:
    if sitting.form.flow is Flow.BIND:
        return AttachmentKind.INSTITUTION
    current = sitting.path.current
    if current is not None:
        return AT_STEP.get(current.step.id, AttachmentKind.OTHER)
    missing = [kind for kind in sitting.form.papers(sitting.path.known) if kind not in held]
    return missing[0] if len(missing) == 1 else AttachmentKind.OTHER
