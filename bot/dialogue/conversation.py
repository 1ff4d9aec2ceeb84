"""One turn, pure: (state, incoming, meaning) → what is said, what is done, the state after it.

The order of the router is fixed and written once: command → numbered choice → a code that was typed → what is meant →
honest help. Bands for the model's confidence come from the held-out curve (docs/decisions/0003).
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import replace
from functools import partial
from typing import Any

from backend.domain.drafts import Flow
from backend.domain.policy import Band, PolicyAnswer
from backend.domain.queries import Results
from backend.domain.questions import AskPolicy, FindPatents, Question
from bot.dialogue.asking import holds_a_question
from bot.dialogue.flows import entrance, router
from bot.dialogue.incoming import Kind
from bot.dialogue.meaning import Intent
from bot.dialogue.say import raw, say
from bot.dialogue.topics import arrivals, calm, person, policy, search, small
from bot.dialogue.turn import Play, Scene, Turn

ACT = 0.40  # from here on the model's intent is acted on
MAYBE = 0.22  # below it the model knows nothing
SURE = 0.90  # from here on the model's intent stands against retrieval
OURS = 0.50  # from here on retrieval takes a message for a question about the rules
SHORTEST_TOPIC = 3
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
ON_A_PATENT = {"contact": Intent.CONTACT_HOLDER, "license": Intent.APPLY_LICENSE, "similar": Intent.SIMILAR_PATENTS}


def converse(scene: Scene) -> Play:
    """The play for one arrival. Ends in a Turn; asks for what it needs on the way."""
    turn = yield from _for_what_is_open(scene)
    if turn is not None:
        return turn
    scene = router.outside(scene)
    if scene.incoming.kind is not Kind.TEXT:
        return (yield from arrivals.receive(scene))
    words = scene.words
    if not any(letter.isalnum() for letter in words):
        return Turn(scene.state, (say("small.no_words"),))
    command = scene.house.commands.get(words.rstrip("。.!！~～ "))
    if command and (command not in ON_A_PATENT or scene.state.card or scene.state.shown):
        return (yield from _command(scene, command))
    position = scene.meaning.facts.ordinal
    if position is not None and (scene.state.choices or scene.state.shown) and _is_pick(scene):
        if scene.state.choices:
            return (yield from policy.choose(scene, position))
        return (yield from search.pick(scene, position))
    if position is not None and words.isalnum() and len(words) <= 2:  # noqa: PLR2004 a bare number and nothing to choose from
        return Turn(scene.state, (say("small.no_list"),))
    if scene.meaning.facts.numbers:
        return (yield from _number(scene))
    if scene.meaning.facts.publications:
        said = scene.meaning.facts.publications[0].symbol
        return Turn(scene.state, (say("patent_number.publication", number=said),))
    return (yield from _meant(scene))


def _for_what_is_open(scene: Scene) -> Generator[Question, Any, Turn | None]:
    """An open flow. “退订” goes before all of it, and leaves it open."""
    if calm.is_farewell(scene):
        return (yield from calm.leave(scene))
    return (yield from router.receive(scene))


def _number(scene: Scene) -> Play:
    """A number alone opens the patent; with the wish to declare it begins the declaration."""
    if scene.meaning.intent is Intent.DECLARE and scene.meaning.confidence >= ACT:
        return (yield from entrance.begin(scene, Flow.DECLARE))
    return (yield from search.said_number(scene))


def _is_pick(scene: Scene) -> bool:
    """“第二个”, “2”: short, and not a new question that happens to count something."""
    if scene.meaning.intent in {Intent.ASK_POLICY, Intent.ASK_PERSON} and scene.meaning.confidence >= ACT:
        return len(scene.words) <= 4  # noqa: PLR2004 “第二条”
    on_shown = {Intent.CONTACT_HOLDER, Intent.APPLY_LICENSE, Intent.PATENT_STATUS, Intent.FAVOURITE, Intent.INTERESTED}
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
    state = replace(scene.state, query=None, shown=(), card="", choices=(), entry="", asked="", misses=0)
    return Turn(state, (say("small.restarted"),))


def _none_of_these(scene: Scene) -> Play:
    if scene.state.choices:
        return Turn(replace(scene.state, choices=()), (say("policy.none_of_these"),))
    return (yield from small.not_understood(scene))


COMMANDS: dict[str, Callable[[Scene], Play]] = {
    "more": _more,
    "next_page": search.next_page,
    "back": search.previous_page,
    "person": person.hand_over,
    "none_of_these": _none_of_these,
    "restart": _restart,
    "useful": partial(policy.judge, useful=True),
    "useless": partial(policy.judge, useful=False),
    "detail": policy.more,
    "similar": search.similar,
    "unsubscribe": calm.leave,
    "preferences": calm.settings,
}


def _meant(scene: Scene) -> Play:
    meaning = scene.meaning
    if _narrows(scene):
        return (yield from search.refine(scene))
    if meaning.facts.holder and meaning.intent in ABOUT_WHAT_A_HOLDER_HAS:
        return (yield from search.search(scene))
    if meaning.facts.symbols and meaning.intent is not Intent.ASK_POLICY:
        return (yield from search.search(scene))
    answer: PolicyAnswer = yield AskPolicy(scene.words)
    if _is_about_the_rules(scene, answer):
        return (yield from policy.ask(scene, answer))
    if meaning.confidence >= (MAYBE if meaning.intent is Intent.SEARCH_PATENT else ACT):
        return (yield from _act(scene, meaning.intent, answer))  # a search that was not meant does no harm
    if search.names_conditions(meaning.facts) and (meaning.topic or meaning.facts.symbols):
        return (yield from search.search(scene))
    return (yield from _unsure(scene, answer))


def _is_about_the_rules(scene: Scene, answer: PolicyAnswer) -> bool:
    """Two readings weighed: retrieval knows what every entry is asked like, the model what every other wish is like."""
    meaning = scene.meaning
    if meaning.intent is Intent.ASK_POLICY:
        return meaning.confidence >= ACT or answer.ours >= OURS
    if meaning.confidence >= SURE and (meaning.intent in SOCIAL or not holds_a_question(scene.words)):
        return False
    looks = meaning.intent is Intent.SEARCH_PATENT and meaning.confidence >= MAYBE
    social = meaning.intent in SOCIAL and meaning.confidence >= ACT
    if policy.leans_on_the_last(scene) and not looks and not social:
        return True
    return answer.ours >= OURS


def _narrows(scene: Scene) -> bool:
    """A search is open and the message names a condition and hardly anything else."""
    facts = scene.meaning.facts
    if scene.state.query is None or facts.symbols or not search.names_conditions(facts):
        return False
    if scene.meaning.intent in {Intent.REFINE_SEARCH, Intent.SORT_RESULTS}:
        return True
    asks = scene.meaning.confidence >= ACT and scene.meaning.intent is Intent.ASK_POLICY
    return not facts.left_over and not asks


def _act(scene: Scene, intent: Intent, answer: PolicyAnswer) -> Play:
    match intent:
        case Intent.ASK_POLICY:
            return (yield from policy.ask(scene, answer))
        case Intent.SEARCH_PATENT:
            return (yield from search.search(scene))
        case Intent.REFINE_SEARCH | Intent.SORT_RESULTS:
            return (yield from search.refine(scene))
        case Intent.SIMILAR_PATENTS:
            return (yield from search.similar(scene))
        case (
            Intent.SHOW_PATENT | Intent.PATENT_STATUS | Intent.CONTACT_HOLDER | Intent.APPLY_LICENSE | Intent.INTERESTED
        ):
            return (yield from search.about_card(scene, intent))
        case Intent.ASK_PERSON:
            return (yield from person.hand_over(scene))
        case Intent.MORE_DETAIL:
            return (yield from policy.more(scene))
        case Intent.OUT_OF_SCOPE:
            return (yield from small.outside(scene))
        case _ if intent in entrance.WISHES:
            return (yield from entrance.wish(scene, intent))
        case _:
            return (yield from _by_hand(scene, intent))


def _by_hand(scene: Scene, intent: Intent) -> Play:
    if intent in calm.WISHES:
        return (yield from calm.WISHES[intent](scene))
    if intent in small.BY_HAND:
        return (yield from small.by_hand(scene, intent))
    return (yield from small.answer(scene, intent))


def _unsure(scene: Scene, answer: PolicyAnswer) -> Play:
    """The model is unsure: the rules may know, else the likeliest wish is taken."""
    meaning = scene.meaning
    rules_likelier = meaning.intent is Intent.ASK_POLICY and answer.band is not Band.NOTHING
    if not rules_likelier and len(meaning.topic) >= SHORTEST_TOPIC and not holds_a_question(scene.words):
        results: Results | None = yield FindPatents(search.query_from(meaning), 0)
        if results and results.items and not (results.any_word or results.given_up):
            return (yield from search.search(scene))
    if answer.band is not Band.NOTHING:
        return policy.found(scene, answer)
    if meaning.confidence >= MAYBE and meaning.intent is not Intent.OUT_OF_SCOPE:
        return (yield from _act(scene, meaning.intent, answer))
    if scene.meaning.intent is Intent.ASK_POLICY:
        return policy.found(scene, answer)
    return (yield from small.not_understood(scene))
