"""One turn, pure: (state, incoming, meaning) → what is said, what is done, the state after it.

The order of the router is fixed and written once: command → numbered choice → a code that was typed → what is meant →
honest help. Bands for the model's confidence come from the held-out curve (docs/decisions/0003).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator
from dataclasses import replace
from functools import partial
from typing import Any

from backend.domain.deeds import NoteMiss
from backend.domain.drafts import Flow
from backend.domain.policy import Band, PolicyAnswer
from backend.domain.queries import Results
from backend.domain.questions import FindPatents, Question
from bot.dialogue.asking import holds_a_question
from bot.dialogue.flows import entrance, plain_wishes, router
from bot.dialogue.incoming import Kind
from bot.dialogue.meaning import Intent
from bot.dialogue.say import raw, say
from bot.dialogue.state import State
from bot.dialogue.topics import (
    arrivals,
    calm,
    colleague,
    counting,
    events,
    favourites,
    match,
    matters,
    person,
    policy,
    price,
    search,
    small,
    subscription_orders,
    subscriptions,
    waiting,
)
from bot.dialogue.topics.asked import looks_on_a_track, names_conditions, query_from
from bot.dialogue.topics.plays import OPENERS, PLAYS
from bot.dialogue.turn import Play, Scene, Turn

_ASKS_FOR_ONE = re.compile(
    "(?:有没有|有冇得|有没得|有木有|找|求|想要|需要|搞).{2,}(?:技术|专利|机器|设备|装置|方法|工艺|法子|产品|东西)"
)
ACT = 0.40  # from here on the model's intent is acted on
MAYBE = 0.22  # below it the model knows nothing
SURE = 0.90  # from here on the model's intent stands against retrieval
OURS = 0.50  # from here on retrieval takes a message for a question about the rules
SHORTEST_TOPIC = 3
SHORTEST_WORD, LONGEST_WORD = 2, 4
HARDLY_A_RULE = 0.2  # no entry is anywhere near
LONG_TOPIC = 4
ABOUT_WHAT_A_HOLDER_HAS = frozenset(
    {Intent.SEARCH_PATENT, Intent.REFINE_SEARCH, Intent.SHOW_PATENT, Intent.OUT_OF_SCOPE, Intent.CONTACT_HOLDER}
)
SOCIAL = frozenset(
    {
        Intent.GREET,
        Intent.THANKS,
        Intent.GOODBYE,
        Intent.BOT_IDENTITY,
        Intent.HELP,
        Intent.COMPLAIN,
        Intent.ASK_PERSON,
        Intent.WRONG_ANSWER,
        Intent.PLAIN_WORDS,
        Intent.MORE_DETAIL,
        Intent.FEEDBACK,
        Intent.UNSUBSCRIBE,
    }
)
# Short replies that the cards suggest; they count only while a patent is open.
ON_A_PATENT = {
    "contact": Intent.CONTACT_HOLDER,
    "license": Intent.APPLY_LICENSE,
    "similar": Intent.SIMILAR_PATENTS,
    "fee": Intent.SHOW_PATENT,
}


def converse(scene: Scene) -> Play:
    """The play for one arrival. Ends in a Turn; asks for what it needs on the way."""
    turn = yield from _for_what_is_open(scene)
    if turn is not None:
        return turn
    scene = waiting.put_aside(router.outside(scene))
    if scene.incoming.kind is not Kind.TEXT:
        return (yield from arrivals.receive(scene))
    words = scene.words
    if not any(letter.isalnum() for letter in words):
        return Turn(scene.state, (say("small.no_words"),))
    command = scene.house.commands.get(words.rstrip("。.!！~～ "))
    if command and (command not in ON_A_PATENT or scene.state.card or scene.state.shown):
        return (yield from _command(scene, command))
    wish = person.called_off(scene) or favourites.wished(scene) or match.refused(scene) or events.with_others(scene)
    if wish is not None:
        return (yield from wish(scene))
    position = scene.meaning.facts.ordinal
    if position is not None and (scene.state.choices or scene.state.shown) and _is_pick(scene):
        return (yield from _picked(scene, position))
    if position is not None and words.isalnum() and len(words) <= 2:  # noqa: PLR2004 a bare number and nothing to choose from
        return Turn(scene.state, (say("small.no_list"),))
    if scene.meaning.facts.numbers:
        return (yield from _number(scene))
    if scene.meaning.facts.publications:
        said = scene.meaning.facts.publications[0].symbol
        return Turn(scene.state, (say("patent_number.publication", number=said),))
    return (yield from _meant(scene))


def _for_what_is_open(scene: Scene) -> Generator[Question, Any, Turn | None]:
    """A colleague's code and “退订” go before all; then a place that was offered, an open flow, a question of ours, events."""
    if code := colleague.code_of(scene):
        return (yield from colleague.bind(scene, code))
    if subscriptions.is_command(scene):
        return (yield from subscriptions.leave(scene))
    told = None if scene.state.flow else (yield from subscription_orders.ordered(scene))
    if told is not None:
        return told
    taken = yield from events.take_offered(scene)
    if taken is not None:
        return taken
    if scene.state.flow is None:
        turn = (yield from waiting.settle(scene)) or (yield from router.receive(scene))
    else:
        turn = (yield from router.receive(scene)) or (yield from waiting.settle(router.outside(scene)))
    return turn or (yield from events.goes_on(scene))


def _picked(scene: Scene, position: int) -> Play:
    """A number means the choices where there are some, else the list."""
    if counting.offered(scene.state):
        return (yield from counting.narrow(scene, position))
    if scene.state.choices:
        return (yield from policy.choose(scene, position))
    return (yield from search.pick(scene, position))


def _number(scene: Scene) -> Play:
    """A number alone opens the patent; with the wish to declare or to price it, that."""
    surely = scene.meaning.intent is Intent.DECLARE and scene.meaning.confidence >= ACT
    if surely or plain_wishes.declares(scene):
        return (yield from entrance.begin(scene, Flow.DECLARE))
    if scene.meaning.confidence >= ACT and any(said.number for said in scene.meaning.facts.numbers):
        if scene.meaning.intent is Intent.ESTIMATE_PRICE:
            return (yield from price.estimate(scene))
        if scene.meaning.intent is Intent.NOT_RELEVANT:
            return (yield from match.not_relevant(scene))
    if subscriptions.wanted(scene):
        return (yield from subscriptions.subscribe(scene))
    return (yield from search.said_number(scene))


def _is_pick(scene: Scene) -> bool:
    """“第二个”, “2”: short, and not a new question that happens to count something."""
    if scene.meaning.intent in {Intent.ASK_POLICY, Intent.ASK_PERSON} and scene.meaning.confidence >= ACT:
        return len(scene.words) <= 4  # noqa: PLR2004 “第二条”
    on_shown = {
        Intent.CONTACT_HOLDER, Intent.APPLY_LICENSE, Intent.PATENT_STATUS, Intent.FAVOURITE, Intent.INTERESTED,
        Intent.NOT_RELEVANT, Intent.ESTIMATE_PRICE,
    }  # fmt: skip
    return not (scene.meaning.intent in on_shown and scene.meaning.confidence >= ACT and scene.state.shown)


def _command(scene: Scene, command: str) -> Play:
    if command in ON_A_PATENT:
        return (yield from search.about_card(scene, ON_A_PATENT[command]))
    return (yield from COMMANDS.get(command, small.help_me)(scene))


def _more(scene: Scene) -> Play:
    yield from ()
    rest = scene.state.rest
    return Turn(replace(scene.state, rest=""), (raw(rest) if rest else say("small.no_more"),))


def _restart(scene: Scene) -> Play:
    yield from ()
    kept = State(rest=scene.state.rest, with_person=scene.state.with_person, flow=scene.state.flow)
    return Turn(kept, (say("small.restarted"),))


def _none_of_these(scene: Scene) -> Play:
    if counting.offered(scene.state) and scene.state.search is not None:
        return (yield from search.look(scene, scene.state.search))
    if scene.state.choices:
        missed = NoteMiss(scene.state.asked, scene.state.choices)
        return Turn(replace(scene.state, choices=()), (say("policy.none_of_these"),), (missed,))
    return (yield from small.not_understood(scene))


def _next_page(scene: Scene) -> Play:
    turn = match.next_page if scene.state.matching is not None else search.next_page
    return (yield from turn(scene))


def _back(scene: Scene) -> Play:
    turn = match.previous_page if scene.state.matching is not None else search.previous_page
    return (yield from turn(scene))


COMMANDS: dict[str, Callable[[Scene], Play]] = {
    **OPENERS,
    "more": _more,
    "next_page": _next_page,
    "back": _back,
    "person": person.hand_over,
    "none_of_these": _none_of_these,
    "restart": _restart,
    "useful": partial(policy.judge, useful=True),
    "useless": partial(policy.judge, useful=False),
    "detail": policy.more,
    "similar": search.similar,
    "none_fits": partial(match.not_relevant, all_of_them=True),
    "unsubscribe": subscriptions.leave,
    "preferences": calm.settings,
}


def _said_plainly(scene: Scene) -> Callable[[Scene], Play] | None:
    """What our own grammar settles, before any reading is weighed."""
    meaning, facet = scene.meaning, scene.meaning.facts.wishes.facet
    if subscriptions.stops(scene):
        return subscriptions.leave
    if subscriptions.wanted(scene):
        return subscriptions.subscribe
    if plain_wishes.declares(scene):
        return partial(entrance.begin, flow=Flow.DECLARE)
    if price.goes_on(scene):
        return price.estimate
    if match.is_told(scene) and not (meaning.intent in SOCIAL and meaning.confidence >= ACT):
        return match.told
    if facet is not None and (scene.state.query is not None or not holds_a_question(scene.words)):
        return partial(counting.count, facet=facet)
    if _narrows(scene):
        return search.refine
    of_a_holder = meaning.facts.holder and meaning.intent in ABOUT_WHAT_A_HOLDER_HAS
    by_class = meaning.facts.symbols and meaning.intent is not Intent.ASK_POLICY
    return search.search if of_a_holder or by_class else None


def _meant(scene: Scene) -> Play:
    meaning = scene.meaning
    plain = _said_plainly(scene)
    if plain is not None:
        return (yield from plain(scene))
    if _names_a_search(scene) and (yield from _finds_exactly(scene)):
        return (yield from search.search(scene))
    answer: PolicyAnswer = yield policy.question_of(scene)
    if _is_about_the_rules(scene, answer):
        if (
            answer.band is Band.NOTHING
            and len(meaning.topic) >= LONG_TOPIC
            and (yield from _finds_exactly(scene, words=2))
        ):
            return (yield from search.search(scene))  # “电动车电池怎么回收”: the rules do not say, the pool does
        return policy.ask(scene, answer)
    if meaning.confidence >= (MAYBE if meaning.intent is Intent.SEARCH_PATENT else ACT):
        return (yield from _act(scene, meaning.intent, answer))  # a search that was not meant does no harm
    if names_conditions(meaning.facts) and (meaning.topic or meaning.facts.symbols):
        return (yield from search.search(scene))
    return (yield from _unsure(scene, answer))


def _names_a_search(scene: Scene) -> bool:
    """Said so plainly that nothing else is weighed where it finds something: a track with a technique, a phrase, a word
    of the title, a place left out, a holder and nothing besides."""
    facts = scene.meaning.facts
    only_a_holder = bool(facts.holder) and not facts.left_over and not holds_a_question(scene.words)
    return looks_on_a_track(scene.meaning) or bool(facts.title or facts.phrase or facts.without_places) or only_a_holder


def _finds_exactly(scene: Scene, *, words: int = 0, slips: bool = False) -> Generator[Question, Any, bool]:
    """Whether the pool holds all that was said, of the first hit at least so many words; with `slips` put right, too."""
    results: Results | None = yield FindPatents(query_from(scene.meaning), 0)
    if not results or not results.items or results.any_word or results.given_up:
        return False
    if results.suggested and not slips:
        return False
    matched = len(results.items[0].matched)
    return matched >= words and (not words or len(results.unheard) < matched)


def _is_about_the_rules(scene: Scene, answer: PolicyAnswer) -> bool:
    """Two readings weighed: retrieval knows what every entry is asked like, the model what every other wish is like."""
    meaning = scene.meaning
    likest = answer.hits[0].score if answer.hits else 0.0
    if likest < HARDLY_A_RULE and meaning.intent is Intent.SEARCH_PATENT and _ASKS_FOR_ONE.search(scene.words):
        return False
    if meaning.intent is Intent.ASK_POLICY:
        return meaning.confidence >= ACT or answer.ours >= OURS
    if meaning.confidence < SURE:
        return answer.ours >= OURS
    return meaning.intent not in SOCIAL and (
        policy.is_plain(answer) or (holds_a_question(scene.words) and answer.ours >= OURS)
    )


def _narrows(scene: Scene) -> bool:
    """A search is open and the message names a condition and hardly anything else."""
    facts = scene.meaning.facts
    if scene.state.query is None or facts.symbols or not names_conditions(facts):
        return False
    if scene.meaning.intent in {Intent.REFINE_SEARCH, Intent.SORT_RESULTS}:
        return True
    asks = scene.meaning.confidence >= ACT and scene.meaning.intent is Intent.ASK_POLICY
    return not facts.left_over and not asks


def _act(scene: Scene, intent: Intent, answer: PolicyAnswer) -> Play:
    """The wish carried out; short questions after it lean on its rule."""
    turn: Turn = yield from _carry_out(scene, intent, answer)
    return replace(turn, state=replace(turn.state, about=matters.OF_WISH.get(intent, "")))


def _carry_out(scene: Scene, intent: Intent, answer: PolicyAnswer) -> Play:
    match intent:
        case Intent.ASK_POLICY:
            return policy.ask(scene, answer)
        case (
            Intent.SHOW_PATENT | Intent.PATENT_STATUS | Intent.CONTACT_HOLDER | Intent.APPLY_LICENSE | Intent.INTERESTED
        ):
            return (yield from search.about_card(scene, intent))
        case Intent.OUT_OF_SCOPE:
            return (yield from _outside(scene))
        case _ if intent in PLAYS:
            return (yield from PLAYS[intent](scene))
        case _ if intent in entrance.WISHES:
            return (yield from entrance.wish(scene, intent))
        case _:
            return (yield from small.answer(scene, intent))


def _outside(scene: Scene) -> Play:
    """The model takes it for none of our business; what the pool holds word for word is."""
    if len(scene.meaning.topic) >= LONG_TOPIC and (yield from _finds_exactly(scene, words=2)):
        return (yield from search.search(scene))
    return (yield from small.outside(scene))


def _unsure(scene: Scene, answer: PolicyAnswer) -> Play:
    """The model is unsure: the rules may know, else the likeliest wish is taken."""
    meaning = scene.meaning
    rules_likelier = meaning.intent is Intent.ASK_POLICY and answer.band is not Band.NOTHING
    looks = len(meaning.topic) >= SHORTEST_TOPIC and not holds_a_question(scene.words)
    if looks and not rules_likelier and (yield from _finds_exactly(scene, slips=True)):
        return (yield from search.search(scene))
    if answer.ours < OURS and _is_a_word(scene) and (yield from _finds_exactly(scene)):
        return (yield from search.search(scene))
    if answer.band is not Band.NOTHING:
        return policy.found(scene, answer)
    if meaning.confidence >= MAYBE and meaning.intent not in {Intent.OUT_OF_SCOPE, Intent.COMPANY_PROFILE}:
        return (yield from _act(scene, meaning.intent, answer))
    if scene.meaning.intent is Intent.ASK_POLICY:
        return policy.found(scene, answer)
    if len(meaning.topic) >= LONG_TOPIC and (yield from _finds_much(scene)):
        return (yield from search.search(scene))  # “藕切片放一会就发黑咋办”
    return (yield from small.not_understood(scene))


def _is_a_word(scene: Scene) -> bool:
    """“激光”, “武汉”: a technique or a place and nothing else."""
    facts, words = scene.meaning.facts, scene.words.rstrip("。.!！~～ ")
    only_a_place = bool(facts.places) and not facts.left_over and len(facts.places) == 1
    return only_a_place or (facts.left_over == words and SHORTEST_WORD <= len(words) <= LONGEST_WORD)


def _finds_much(scene: Scene) -> Generator[Question, Any, bool]:
    """Whether some patent holds two of the words, all conditions kept."""
    results: Results | None = yield FindPatents(query_from(scene.meaning), 0)
    return bool(results and results.items and not results.given_up and len(results.items[0].matched) > 1)
