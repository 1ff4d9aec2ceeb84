"""What a message answers when something was asked that is no flow: a consent, a list, a question of the survey."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import replace
from typing import Any

from backend.domain.questions import Question
from bot.dialogue.incoming import Kind
from bot.dialogue.topics import favourites, needs, subscriptions, survey
from bot.dialogue.turn import Scene, Turn

Maybe = Generator[Question, Any, Turn | None]
SETTLES: dict[str, Callable[[Scene], Maybe]] = {
    "save": subscriptions.settle,
    "follow": subscriptions.settle,
    "what": subscriptions.settle,
    "list": subscriptions.settle,
    "favourites": favourites.settle,
    "needs": needs.settle,
    "reader": needs.settle,
    "survey": survey.settle,
}


def settle(scene: Scene) -> Maybe:
    """The answer to what was asked last; None where the message is about something else."""
    agreed = yield from needs.agrees(scene)
    if agreed is not None:
        return agreed
    pending = scene.state.pending
    if pending is None or scene.incoming.kind is not Kind.TEXT or pending.get("do") not in SETTLES:
        return None
    return (yield from SETTLES[pending["do"]](scene))


def put_aside(scene: Scene) -> Scene:
    """The message was about something else: a later yes means something else too."""
    if scene.state.pending is None:
        return scene
    return replace(scene, state=replace(scene.state, pending=None))
