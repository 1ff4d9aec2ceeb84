"""“有新的就告诉我”: a search is saved, with consent; saved ones are listed, paused, changed, deleted, or left at one word."""

from __future__ import annotations

import re
from collections.abc import Generator
from dataclasses import replace
from typing import Any

from backend.domain.deeds import Agree, Deed, KeepFavourite, LeaveAlerts, SaveQuery
from backend.domain.favourites import MOST, Kept
from backend.domain.profiles import Profile
from backend.domain.queries import Found, PatentQuery, Sort
from backend.domain.questions import MyFavourites, MyProfile, MySubscriptions, Question, ShowPatent
from backend.domain.saved_queries import MOST_SAVED, PURPOSE, VERSION, Cadence, SavedQuery
from bot.dialogue.asking import holds_a_question
from bot.dialogue.flows.heard import tidied
from bot.dialogue.incoming import Kind
from bot.dialogue.meaning import Intent
from bot.dialogue.say import say
from bot.dialogue.topics import asked, calm, favourites, search, subscription_list
from bot.dialogue.turn import Play, Scene, Turn

ACT = 0.40
LONGEST_STOP = 30  # characters: more is a story in which the words occur
ELSE = frozenset({Intent.UNSUBSCRIBE, Intent.MANAGE_SUBSCRIPTIONS, Intent.NOTIFICATION_SETTINGS})
THIS_ONE = ("这件", "这个专利", "这条", "它", "该专利", "降价", "涨价", "改价", "调价", "撤回", "失效")
_THIS_FIELD = re.compile(r"(?:(?:这|那|这个|那个)?(?:一)?(?:块|方面|行当?|一?类|领域)|这[两几]样|的新)的?$")
_WATCH = re.compile("(?:再|还要?|也|请|麻烦|你们?)*(?:帮我|给我|替我)?(?:再|也)?(?:盯[着到住]|留意|订阅(?!的))")
AT_TIMES = ("晚上", "夜", "周末", "节假日", "睡觉", "休息", "中午", "早上", "点")  # about when, not about whether
HOW = ("怎么", "如何", "怎样", "咋", "什么", "要不要钱", "收费")
SETTINGS = ("改成", "改为", "改到", "换成", "调成", "调整为")

Maybe = Generator[Question, Any, Turn | None]


def is_command(scene: Scene) -> bool:
    """“退订”, also in the middle of something else, which goes on afterwards."""
    said = scene.words.rstrip("。.!！~～ ")
    return scene.incoming.kind is Kind.TEXT and scene.house.commands.get(said) == "unsubscribe"


def stops(scene: Scene) -> bool:
    """No more: in whatever words, and without asking back."""
    told, words = scene.meaning.facts.telling, scene.words
    return told is not None and told.stop and len(words) <= LONGEST_STOP and not holds_a_question(words)


def wants_no_more(scene: Scene) -> bool:
    """The same as the model hears it; a question about it is none, and a long story neither."""
    meaning, words = scene.meaning, scene.words
    short = len(words) <= LONGEST_STOP and not holds_a_question(words)
    return meaning.intent is Intent.UNSUBSCRIBE and meaning.confidence >= ACT and short


def wanted(scene: Scene) -> bool:
    """They want to be told of what comes."""
    told, meaning = scene.meaning.facts.telling, scene.meaning
    if (holds_a_question(scene.words) and not _asks_politely(scene)) or (
        meaning.intent in ELSE and meaning.confidence >= ACT
    ):
        return False
    if _WATCH.match(scene.words):
        return True
    if told is not None and told.new:
        return not (told.cadence and scene.words.startswith(SETTINGS))
    return meaning.intent is Intent.SUBSCRIBE and meaning.confidence >= ACT


def _asks_politely(scene: Scene) -> bool:
    """“有新的能告诉我吗” is a wish; “怎么订阅” is a question."""
    told = scene.meaning.facts.telling
    return told is not None and told.new and not any(word in scene.words for word in HOW)


def subscribe(scene: Scene) -> Play:
    """One sentence, or the search that is open; else what it is about is asked."""
    facts = scene.meaning.facts
    cadence = facts.telling.cadence if facts.telling else None
    number = _this_patent(scene)
    if number:
        return (yield from follow(scene, number))
    query = _said(scene)
    open_query = _open_query(scene)
    if query.is_empty and open_query is not None:
        query = open_query
    if query.is_empty:
        pending = {"do": "what", "cadence": str(cadence or Cadence.WEEKLY)}
        return Turn(_with(scene, pending), (say("subscription.what"),))
    return (yield from _save(scene, query, cadence or Cadence.WEEKLY))


def _said(scene: Scene) -> PatentQuery:
    """What the words name; “光通信这块” is about 光通信, and a syllable that is left over is nothing."""
    query = replace(asked.query_from(scene.meaning), sort=Sort.FIT, context="")
    words = _THIS_FIELD.sub("", query.words).strip()
    return replace(query, words=words if len(words) >= asked.SHORTEST_TOPIC else "")


def _this_patent(scene: Scene) -> str:
    """The patent that is open, where the words mean it and name nothing else to look for."""
    said = next((found.number for found in scene.meaning.facts.numbers if found.number), None)
    if said:
        return said
    return scene.state.card if any(word in scene.words for word in THIS_ONE) else ""


def _open_query(scene: Scene) -> PatentQuery | None:
    """As it was asked, not as it had to be relaxed."""
    held = scene.state.wanted if scene.state.wanted is not None else scene.state.query
    return replace(PatentQuery.load(held), sort=Sort.FIT, context="") if held else None


def _save(scene: Scene, query: PatentQuery, cadence: Cadence) -> Play:
    """At once where they agreed before; else first the consent, which names what is kept and for what."""
    profile: Profile | None = yield MyProfile()
    held: tuple[SavedQuery, ...] = (yield MySubscriptions()) or ()
    if len(held) >= MOST_SAVED:
        return Turn(_with(scene, None), (say("subscription.too_many", count=MOST_SAVED),))
    if profile is not None and profile.agreed(PURPOSE, VERSION):
        return _saved(scene, query, cadence)
    pending = {"do": "save", "query": query.dump(), "cadence": str(cadence)}
    question = say("subscription.consent", query=asked.describe(query), cadence=cadence)
    return Turn(_with(scene, pending), (question,))


def _saved(scene: Scene, query: PatentQuery, cadence: Cadence, *deeds: Deed) -> Turn:
    said = say("subscription.saved", query=asked.describe(query), cadence=cadence)
    return Turn(_with(scene, None), (said,), (*deeds, SaveQuery(query, cadence)))


def follow(scene: Scene, number: str) -> Play:
    """Of one patent: it becomes a favourite, whose price and standing are told at once."""
    found: Found | None = yield ShowPatent(number)
    if found is None:
        return (yield from search.card(scene, number))
    title = found.listing.title
    kept: tuple[Kept, ...] = (yield MyFavourites()) or ()
    if len(kept) >= MOST and all(one.number != number for one in kept):
        return Turn(_with(scene, None), (say("favourites.full", limit=MOST),))
    if (yield from favourites.told_at_once()):
        keep = KeepFavourite(number, favourites.CONSENT)
        return Turn(_with(scene, None), (say("subscription.followed", title=title),), (keep,))
    pending = {"do": "follow", "number": number, "title": title}
    return Turn(_with(scene, pending), (say("subscription.consent_one", title=title),))


def settings(scene: Scene) -> Play:
    """“改成每周发一次”: of all saved queries; a pause, an hour, or with none saved, of what comes unasked at all."""
    held: tuple[SavedQuery, ...] = (yield MySubscriptions()) or ()
    if not held or calm.names_a_setting(scene.words):
        return (yield from calm.settings(scene))
    told = scene.meaning.facts.telling
    if told is None or told.cadence is None:
        return subscription_list.show(scene, held, say("subscription.hours"))
    return subscription_list.set_all(scene, held, told.cadence)


def manage(scene: Scene) -> Play:
    held: tuple[SavedQuery, ...] = (yield MySubscriptions()) or ()
    return subscription_list.show(scene, held)


def unsubscribe(scene: Scene) -> Play:
    """The model heard that they want no more; “晚上别发” is about the hour."""
    if any(word in scene.words for word in AT_TIMES):
        return (yield from settings(scene))
    return (yield from leave(scene))


def leave(scene: Scene) -> Play:
    """All of it, at once; or the one that the words name."""
    held: tuple[SavedQuery, ...] = (yield MySubscriptions()) or ()
    named = [saved for saved in held if _names(scene, saved)]
    if named and len(named) < len(held):
        return subscription_list.delete(scene, held, named)
    key = "subscription.left" if held else "subscription.left_nothing"
    return Turn(_with(scene, None), (say(key, count=len(held)),), (LeaveAlerts(),))


def _names(scene: Scene, saved: SavedQuery) -> bool:
    """“武汉的不要再发了”, “别再发水泵的了”."""
    topic, words, places = scene.meaning.topic, saved.query.words, scene.meaning.facts.places
    if len(topic) >= asked.SHORTEST_TOPIC and words:
        return topic in words or words in topic
    return bool(places) and saved.query.place_code == places[0].code


def settle(scene: Scene) -> Maybe:
    """The answer to what was asked last; None where the message is about something else."""
    pending = scene.state.pending
    if pending is None or scene.incoming.kind is not Kind.TEXT:
        return None
    match pending.get("do"):
        case "save" | "follow":
            return _agreed_or_not(scene, pending)
        case "what":
            return (yield from _told_what(scene, Cadence(pending["cadence"])))
        case "list":
            held: tuple[SavedQuery, ...] = (yield MySubscriptions()) or ()
            return (yield from subscription_list.settle(scene, held))
        case _:
            return None


def _agreed_or_not(scene: Scene, pending: dict[str, Any]) -> Turn | None:
    answer = scene.house.words.get("yes_no", {}).get(tidied(scene.words))
    told = scene.meaning.facts.telling
    if answer == "no":
        return Turn(_with(scene, None), (say("subscription.not_agreed"),))
    agree = Agree(PURPOSE, VERSION)
    if pending["do"] == "follow":
        if answer != "yes":
            return None
        said = say("subscription.followed", title=pending["title"])
        return Turn(_with(scene, None), (said,), (agree, KeepFavourite(pending["number"], favourites.CONSENT)))
    query, cadence = PatentQuery.load(pending["query"]), Cadence(pending["cadence"])
    if answer == "yes":
        return _saved(scene, query, cadence, agree)
    if told is not None and told.cadence is not None and not scene.meaning.facts.left_over:
        question = say("subscription.consent", query=asked.describe(query), cadence=told.cadence)
        return Turn(_with(scene, {**pending, "cadence": str(told.cadence)}), (question,))
    return None


def _told_what(scene: Scene, cadence: Cadence) -> Maybe:
    told = scene.meaning.facts.telling
    query = _said(scene)
    if query.is_empty or holds_a_question(scene.words) or scene.words in scene.house.commands:
        return None
    return (yield from _save(scene, query, (told and told.cadence) or cadence))


def _with(scene: Scene, pending: dict[str, Any] | None) -> Any:
    return replace(scene.state, pending=pending, misses=0, choices=())
