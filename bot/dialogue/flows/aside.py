"""What is said in the middle of a flow and is no answer: a question, small talk, another wish."""

from __future__ import annotations

import re
from collections.abc import Generator
from dataclasses import replace
from typing import Any

from backend.domain.drafts import Flow
from backend.domain.policy import Band, PolicyAnswer
from backend.domain.queries import PatentQuery
from backend.domain.questions import AskPolicy, Question
from bot.dialogue.asking import asks
from bot.dialogue.flows import commands, entrance
from bot.dialogue.flows.catalogue import BY_INTENT
from bot.dialogue.flows.consent import CONSENT_ID
from bot.dialogue.flows.engine import Step
from bot.dialogue.flows.heard import AnswerError, Unread, tidied
from bot.dialogue.flows.opened import Mode
from bot.dialogue.flows.sitting import Sitting
from bot.dialogue.flows.speaking import help_of, told
from bot.dialogue.flows.taking import read, taken
from bot.dialogue.meaning import Facts, Intent
from bot.dialogue.say import Say, say
from bot.dialogue.topics import arrivals, policy, search, small, subscription_orders, subscriptions
from bot.dialogue.topics.asked import query_from
from bot.dialogue.topics.plays import OPENERS, PLAYS
from bot.dialogue.turn import Play, Scene, Turn

ACT = 0.40
NOT_SAID = frozenset({"event"})  # known from where the flow was begun
WISH = 0.60  # below it, words at a strict question are rather a miss: three of them must reach a person
SURE_OF_A_WISH = 0.80
SHORTEST_QUESTION = 6
LONGEST_CALL = 8  # “我要找人工客服”
SMALL = frozenset(
    {
        Intent.GREET, Intent.THANKS, Intent.BOT_IDENTITY, Intent.COMPLAIN, Intent.WRONG_ANSWER, Intent.PLAIN_WORDS,
        Intent.FEEDBACK, Intent.PRIVACY_REQUEST,
    }
)  # fmt: skip
LOOKS = frozenset({Intent.SEARCH_PATENT, Intent.REFINE_SEARCH, Intent.SORT_RESULTS, Intent.SIMILAR_PATENTS})
NO_WISH = SMALL | {
    Intent.AFFIRM, Intent.DENY, Intent.OUT_OF_SCOPE, Intent.HELP, Intent.ASK_PERSON, Intent.MORE_DETAIL, Intent.ASK_POLICY,
    Intent.GOODBYE, Intent.NOT_RELEVANT, Intent.INTERESTED, Intent.CONTACT_HOLDER, Intent.APPLY_LICENSE,
    Intent.PATENT_STATUS, Intent.FAVOURITE, Intent.SHOW_PATENT,
}  # fmt: skip
# What a company says of itself sounds like a search: in these flows such a wish is an answer.
# So does what somebody answers an event's own questions with.
WANTED = LOOKS | {Intent.MATCH_PATENTS, Intent.POST_NEED, Intent.ESTIMATE_PRICE}
ANSWERS_THERE = {
    Flow.PROFILE: WANTED,
    Flow.SIGN_UP: WANTED | {Intent.DECLARE, Intent.COMPANY_PROFILE, Intent.LIST_EVENTS, Intent.TAKE_SURVEY},
    Flow.FEEDBACK: WANTED | {Intent.DECLARE, Intent.LIST_EVENTS, Intent.SIGN_UP_EVENT, Intent.TAKE_SURVEY},
}
_BEGINS_A_WISH = re.compile(r"^(?:我要(?!提)|我想|帮我|幫我|给我找|有没有|有沒有|查一下|找一下|搜)")

_CALLS = re.compile(
    "人工|客服|真人|活人|找.{0,4}[人员师]|转.{0,2}人|有人|工作人员|专员|老师|打电话|叫.{0,4}[人员师]|喊.{0,4}人|联系你们"
)
_WHY = re.compile(r"为什么|为啥|凭什么|干嘛|干什么|做什么用|什么用|同意什么|同意啥|么用")

Maybe = Generator[Question, Any, Turn | None]


def before_strict(sitting: Sitting) -> Maybe:
    """“5万是不是太高？” holds a sum and is none the less a question, where the rules surely answer it."""
    words = sitting.scene.words
    if not asks(words) or len(words) < SHORTEST_QUESTION or sitting.scene.meaning.facts.numbers:
        return None
    answer: PolicyAnswer | None = yield AskPolicy(words)
    if answer is None or answer.band is not Band.ANSWER:
        return None
    return _repeated(sitting, policy.found(sitting.scene, answer))


def before_words(sitting: Sitting) -> Maybe:
    """A step takes any words: only what is plainly a question or a wish goes aside."""
    text, meaning = sitting.scene.words, sitting.scene.meaning
    stop = sitting.path.current
    if stop is not None and stop.step.reader.anything:
        return (yield from before_strict(sitting))
    if stop is not None and _answers_and_more(sitting, stop.step):
        return None
    if asks(text):
        return (yield from _question(sitting, may_be_an_answer=True))
    if subscriptions.stops(sitting.scene):
        return _repeated(sitting, (yield from subscriptions.leave(sitting.scene)))
    begins = _BEGINS_A_WISH.search(text.strip())
    if meaning.intent in WANTED and not begins:  # “参考同类成交价”, “签约付2万，半年后2万”
        return None
    likely = ACT if begins else SURE_OF_A_WISH
    if meaning.confidence >= likely:
        if meaning.intent is Intent.ASK_PERSON and not _tells_of_labour(sitting):
            return (yield from commands.to_person(sitting))
        return _wish(sitting)
    return None


def _answers_and_more(sitting: Sitting, step: Step) -> bool:
    """“我是李明，电话138…，你们公开吧”: what answers several questions at once is no other wish."""
    try:
        return bool(read(step, sitting.heard).also)
    except AnswerError:
        return False


def _tells_of_labour(sitting: Sitting) -> bool:
    """“剥虾人工多”: of a workshop, where 人工 is a cost and no colleague."""
    return sitting.form.flow in ANSWERS_THERE and len(sitting.scene.words) > LONGEST_CALL


def instead(sitting: Sitting) -> Maybe:
    """The words are no answer to the step: what else may they be?"""
    meaning = sitting.scene.meaning
    sure = meaning.confidence >= ACT
    told = yield from subscription_orders.ordered(sitting.scene)
    if told is not None:
        return _repeated(sitting, told)
    if subscriptions.stops(sitting.scene) or subscriptions.wants_no_more(sitting.scene):
        return _repeated(sitting, (yield from subscriptions.unsubscribe(sitting.scene)))
    if sure and meaning.intent is Intent.ASK_PERSON and _CALLS.search(sitting.scene.words):
        return (yield from commands.to_person(sitting))
    stop = sitting.path.current
    if stop is not None and stop.step.id == CONSENT_ID and _WHY.search(sitting.scene.words):
        return sitting.stay(help_of(sitting.form, stop.step))
    if sure and meaning.intent is Intent.HELP:
        return commands.helped(sitting)
    if asks(sitting.scene.words) or (sure and meaning.intent is Intent.ASK_POLICY):
        return (yield from _question(sitting, may_be_an_answer=not asks(sitting.scene.words)))
    if sure and meaning.intent is Intent.MORE_DETAIL and sitting.scene.state.entry:
        return _repeated(sitting, (yield from policy.more(sitting.scene)))
    if sure and meaning.intent in SMALL:
        return _repeated(sitting, (yield from small.answer(sitting.scene, meaning.intent)))
    if meaning.confidence < WISH:
        return None
    return commands.save(sitting) if meaning.intent is Intent.GOODBYE else _wish(sitting)


def _question(sitting: Sitting, *, may_be_an_answer: bool) -> Maybe:
    """Answered with its source, or offered as choices, or honestly not known; then the step asks again."""
    meaning = sitting.scene.meaning
    if len(sitting.scene.words) < SHORTEST_QUESTION and meaning.intent in SMALL and meaning.confidence >= ACT:  # “在吗”
        return _repeated(sitting, (yield from small.answer(sitting.scene, meaning.intent)))
    answer: PolicyAnswer | None = yield policy.question_of(sitting.scene)
    if answer is None or (answer.band is Band.NOTHING and may_be_an_answer):
        return None
    turn = policy.ask(sitting.scene, answer)
    if not turn.state.choices:
        return _repeated(sitting, turn)
    aside = replace(sitting, scene=replace(sitting.scene, state=replace(turn.state, flow=None)))
    return aside.at(Mode.SIDE).stay(
        *turn.says, say("flow_common.or_continue"), deeds=turn.deeds, choices=turn.state.choices
    )


def _repeated(sitting: Sitting, turn: Turn) -> Turn:
    """What was said aside, then where we were."""
    kept = replace(sitting, scene=replace(sitting.scene, state=replace(turn.state, flow=None, misses=0)))
    misses = sitting.opened.misses
    again = kept.at(misses=misses).go_on(*turn.says, say("flow_common.back_to"), again=True)
    return replace(again, deeds=(*again.deeds, *turn.deeds))


def chosen(sitting: Sitting) -> Maybe:
    """Which of several questions was meant."""
    position = sitting.heard.facts.ordinal
    choices = sitting.scene.state.choices
    if sitting.heard.meaning("none_of_all"):
        stop = sitting.path.current  # “都没有” may answer the step as well; “0” is the line “都不是” of the choices
        answers = stop is not None and tidied(sitting.heard.plain) != "0" and _answers(sitting, stop.step)
        return None if answers else sitting.go_on(again=True)
    if position is None or not 1 <= position <= len(choices):
        return None
    return _repeated(sitting, (yield from policy.choose(sitting.scene, position)))


def goes_elsewhere(sitting: Sitting) -> bool:
    """Nothing was given yet, and the message is plainly about something else: the flow need not be held on to."""
    meaning = sitting.scene.meaning
    stop = sitting.path.current
    if set(sitting.answers) - NOT_SAID or stop is None or _answers(sitting, stop.step):
        return False
    said = sitting.scene.house.commands.get(sitting.scene.words.rstrip("。.!！~～ "), "")
    if said in OPENERS or said == "mine" or said in entrance.KNOWN_FLOWS - {str(sitting.form.flow)}:
        return True
    if subscriptions.stops(sitting.scene) or subscriptions.wants_no_more(sitting.scene):
        return True
    mine = BY_INTENT.get(meaning.intent) is sitting.form.flow or meaning.intent in WANTED
    return meaning.confidence >= ACT and meaning.intent not in NO_WISH and not mine


def _answers(sitting: Sitting, step: Step) -> bool:
    try:
        read(step, sitting.heard)
    except Unread:
        return False
    except AnswerError:  # an answer, and a wrong one
        return True
    return True


def _wish(sitting: Sitting) -> Turn | None:
    """Another wish: nothing is lost by it, and it is asked before."""
    meaning = sitting.scene.meaning
    if meaning.intent in NO_WISH or BY_INTENT.get(meaning.intent) is sitting.form.flow:
        return None
    if meaning.intent in ANSWERS_THERE.get(sitting.form.flow, ()):
        return None
    then: dict[str, Any] = {"intent": str(meaning.intent)}
    if meaning.intent in LOOKS:
        query = query_from(meaning)
        if query.is_empty:
            return None
        then["query"] = query.dump()
    stop = sitting.path.current
    if stop is not None and stop.step.reader.wordy and not _BEGINS_A_WISH.search(sitting.scene.words):
        then["said"] = sitting.scene.incoming.text  # “否” means that it was the answer
    return _ask_to_switch(sitting, then)


def another_command(sitting: Sitting) -> Turn | None:
    """“我的声明”, “登记回执”: the words that begin something else while no flow is open, never an answer."""
    said = sitting.scene.house.commands.get(sitting.scene.words.rstrip("。.!！~～ "), "")
    if said == "mine":
        return _ask_to_switch(sitting, {"intent": str(Intent.MY_DECLARATIONS)})
    if said == sitting.form.flow:
        return sitting.at(then={}).go_on(say("flow_common.open_already"), again=True)
    if said in entrance.KNOWN_FLOWS:
        return _ask_to_switch(sitting, {"flow": said})
    return _ask_to_switch(sitting, {"command": said}) if said in OPENERS else None


def _ask_to_switch(sitting: Sitting, then: dict[str, Any]) -> Turn:
    key = "flow_common.switch" if sitting.answers else "flow_common.switch_empty"
    return sitting.at(Mode.SWITCH, then=then).stay(say(key))


def switch_or_stay(sitting: Sitting) -> Maybe:
    meaning = sitting.heard.meaning("yes_no")
    if meaning == "no":
        return (yield from _was_the_answer(sitting))
    if meaning != "yes":
        return _ask_to_switch(sitting, sitting.opened.then) if tidied(sitting.heard.plain).isdecimal() else None
    left = sitting.leave()
    scene = replace(sitting.scene, state=left.state)
    turn = yield from _go(scene, sitting.opened.then)
    return replace(turn, deeds=(*left.deeds, *turn.deeds))


def _was_the_answer(sitting: Sitting) -> Play:
    """No other wish, then: what was said answers the step, where it takes words."""
    stop, said = sitting.path.current, sitting.opened.then.get("said", "")
    here = sitting.at(then={})
    if stop is None or not said:
        return here.go_on(again=True)
    try:
        filled = read(stop.step, replace(sitting.heard, text=said, plain=said, facts=Facts()))
        answers = yield from taken(sitting.form, sitting.answers, stop.step, filled, sitting.path.known)
    except AnswerError as error:
        return here.go_on(told(error), again=True)
    return here.with_answers(answers).go_on()


def _go(scene: Scene, then: dict[str, Any]) -> Play:
    if "flow" in then:
        return (yield from entrance.begin(scene, Flow(then["flow"])))
    if then.get("command") in OPENERS:
        return (yield from OPENERS[then["command"]](scene))
    intent = Intent(then.get("intent", Intent.HELP))
    if "query" in then:
        return (yield from search.look(scene, PatentQuery.load(then["query"])))
    if intent in entrance.WISHES:
        return (yield from entrance.wish(scene, intent))
    if intent in PLAYS:
        return (yield from PLAYS[intent](scene))
    return (yield from small.answer(scene, intent if intent in small.SAID else Intent.HELP))


def tapped(sitting: Sitting) -> Play:
    """A menu button in the middle of a flow: a rule is told, a search asked for, the flow goes on."""
    key = sitting.scene.incoming.text
    if key == "person":
        turn = yield from commands.to_person(sitting)
        assert turn is not None
        return turn
    if key == "help":
        return commands.helped(sitting)
    if key in arrivals.POLICY_TAPS:
        return _repeated(sitting, (yield from policy.show(sitting.scene, arrivals.POLICY_TAPS[key])))
    if key == "search.free":
        then: dict[str, Any] = {"intent": str(Intent.SEARCH_PATENT), "query": PatentQuery(free=True).dump()}
        return sitting.at(Mode.SWITCH, then=then).stay(say("flow_common.switch"))
    if key == "search.start":
        lead: tuple[Say, ...] = (say("flow_common.search_later"),)
        return sitting.go_on(*lead, again=True)
    return sitting.go_on(again=True)
