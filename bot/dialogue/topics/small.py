"""The rest of a conversation: greeting, thanks, anger, help."""

from __future__ import annotations

from dataclasses import replace

from bot.dialogue.meaning import Intent
from bot.dialogue.say import say
from bot.dialogue.turn import Play, Scene, Turn

SAID = {
    Intent.GREET: "small.greet",
    Intent.THANKS: "small.thanks",
    Intent.GOODBYE: "small.goodbye",
    Intent.BOT_IDENTITY: "small.bot_identity",
    Intent.HELP: "small.help",
    Intent.COMPLAIN: "small.complain",
    Intent.WRONG_ANSWER: "small.wrong_answer",
    Intent.PLAIN_WORDS: "small.plain_words",
    Intent.FEEDBACK: "small.feedback",
    Intent.PRIVACY_REQUEST: "small.privacy",
    Intent.DENY: "small.deny",
    Intent.AFFIRM: "small.affirm",
}
MISSES_TO_EXAMPLES, MISSES_TO_PERSON = 2, 3


def answer(scene: Scene, intent: Intent) -> Play:
    yield from ()
    return Turn(replace(scene.state, misses=0, choices=()), (say(SAID[intent]),))


def help_me(scene: Scene) -> Play:
    return (yield from answer(scene, Intent.HELP))


def not_understood(scene: Scene) -> Play:
    """First an example, then more of them, then a person."""
    yield from ()
    misses = scene.state.misses + 1
    state = replace(scene.state, misses=misses)
    if misses >= MISSES_TO_PERSON:
        return Turn(state, (say("small.offer_person"),))
    if misses >= MISSES_TO_EXAMPLES:
        return Turn(state, (say("small.examples"),))
    return Turn(state, (say("small.not_understood"),))


def outside(scene: Scene) -> Play:
    """Not what this office is for: say so, and what it is for."""
    yield from ()
    misses = scene.state.misses + 1
    key = "small.offer_person" if misses >= MISSES_TO_PERSON else "small.outside"
    return Turn(replace(scene.state, misses=misses, choices=()), (say(key),))
