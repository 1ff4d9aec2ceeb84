"""Everything that is no text: follow, scan, menu taps, pictures, voice, places, links."""

from __future__ import annotations

from dataclasses import replace

from backend.domain.deeds import Followed, Unfollowed
from backend.domain.queries import PatentQuery
from bot.dialogue.flows import entrance, photo
from bot.dialogue.incoming import Kind
from bot.dialogue.meaning import Intent
from bot.dialogue.say import say
from bot.dialogue.state import State
from bot.dialogue.topics import events, person, policy, reports, search, small
from bot.dialogue.turn import Play, Scene, Turn

POLICY_TAPS = {
    "policy.what": "what_is_open_license",
    "policy.declare": "which_patents_can_declare",
    "policy.license": "how_to_get_license",
    "policy.annuity": "annuity_reduction",
}
SILENT = frozenset({Kind.VIEW, Kind.REPORTED_LOCATION, Kind.OTHER_EVENT})
SAID = {
    Kind.VOICE: "media.voice",
    Kind.VIDEO: "media.video",
    Kind.LINK: "media.link",
    Kind.OTHER_MESSAGE: "media.other",
}


def receive(scene: Scene) -> Play:
    """The play for an arrival that holds no words of the follower."""
    kind = scene.incoming.kind
    if kind is Kind.REPORT:
        return Turn(scene.state, deeds=reports.deeds_of(scene.incoming, scene.house.purposes))
    if kind in SILENT:
        yield from ()
        return Turn(scene.state)
    if kind is Kind.UNFOLLOW:
        return Turn(State(), deeds=(Unfollowed(),))
    if kind in {Kind.FOLLOW, Kind.SCAN}:
        return (yield from _came(scene))
    if kind is Kind.TAP:
        return (yield from tap(scene))
    if kind is Kind.LOCATION:
        return (yield from place(scene))
    if kind is Kind.IMAGE:
        return photo.outside(scene)
    return Turn(scene.state, (say(SAID[kind]),))


def _came(scene: Scene) -> Play:
    """They follow, or scanned a code of ours: that of an event says more than hello."""
    at_an_event = yield from events.scanned(scene)
    if at_an_event is not None:
        return at_an_event
    came = (Followed(scene.incoming.text),)
    if scene.incoming.kind is Kind.SCAN:
        return Turn(scene.state, (say("small.scanned"),), came)
    key = "small.welcome_back" if scene.incoming.detail.get("again") else "small.welcome"
    return Turn(State(), (say(key),), came)


def tap(scene: Scene) -> Play:
    key = scene.incoming.text
    if key in POLICY_TAPS:
        return (yield from policy.show(scene, POLICY_TAPS[key]))
    if key == "search.start":
        return Turn(replace(scene.state, query=None, shown=(), card="", choices=()), (say("search.what"),))
    if key == "search.free":
        return (yield from search.look(scene, PatentQuery(free=True)))
    if key == "person":
        return (yield from person.hand_over(scene))
    if key == "help":
        return (yield from small.answer(scene, Intent.HELP))
    if key == "events":
        return (yield from events.list_events(scene))
    if key == "declare":
        return (yield from entrance.wish(scene, Intent.DECLARE))
    return (yield from small.answer(scene, Intent.HELP))


def place(scene: Scene) -> Play:
    """A shared place narrows the open search, or starts one there."""
    found = scene.meaning.facts.places
    if not found:
        return Turn(scene.state, (say("media.location_elsewhere"),))
    query = scene.state.search or PatentQuery()
    return (yield from search.look(scene, replace(query, place_code=found[0].code)))
