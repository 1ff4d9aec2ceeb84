"""A person: handed over to the platform's staff chat where there is one, else written down for the office."""

from __future__ import annotations

from dataclasses import replace

from backend.domain.deeds import OpenHandoff
from bot.dialogue.say import say
from bot.dialogue.turn import Play, Scene, Turn


def hand_over(scene: Scene) -> Play:
    yield from ()
    state = replace(scene.state, misses=0, choices=(), with_person=True)
    if scene.house.has_staff_chat:
        return Turn(state, to_staff=True)
    key = "person.noted_open" if scene.house.open_now else "person.noted_closed"
    return Turn(state, (say(key, hours=scene.house.opening_hours),), (OpenHandoff(scene.incoming.text),))
