"""Questions about the rules: answered with source and date, offered as choices, or honestly not known."""

from __future__ import annotations

import re
from collections.abc import Generator
from dataclasses import replace
from typing import Any

from backend.domain.deeds import NoteMiss, NoteVerdict
from backend.domain.policy import Band, Confidence, Entry, PolicyAnswer
from backend.domain.questions import AskFollowUp, AskPolicy, Question, ShowEntry
from bot.dialogue.asking import holds_a_question
from bot.dialogue.say import Say, say
from bot.dialogue.topics import matters
from bot.dialogue.turn import Play, Scene, Turn

MOST_AT_ONCE = 2
# A part of a message is a question of its own from here on (a story before a question seldom is), or when it is so clear.
SURELY_OURS, CLEAR = 0.8, 0.9
PLAINLY_OURS = 0.95
FAIR, LIKELY = (
    0.3,
    0.6,
)  # what a part may be offered as, beside a sure answer to the other; where it has no question's form
MOST_REMEMBERED = 60  # characters of a question that a follow-up may lean on
SHORTEST_QUESTION = 4
LONGEST_FOLLOW_UP = 14
_ENDS = re.compile(r"[？?。！!；;，,\s]+|另外|还有就是|还有|顺便问|以及")


def question_of(scene: Scene) -> AskPolicy | AskFollowUp:
    """What is asked: the words alone, or a few words that lean on what is being talked about."""
    return _leaning(scene.words, what_about(scene), scene.state.asked)


def _leaning(words: str, before: str, asked: str) -> AskPolicy | AskFollowUp:
    short = len(words) <= LONGEST_FOLLOW_UP
    return AskFollowUp(words, before, asked) if before and short else AskPolicy(words)


def what_about(scene: Scene) -> str:
    """The entry that was told last, or that the wish or the open flow is about, or the likeliest of those just offered."""
    state = scene.state
    return state.entry or matters.of_flow(state.flow) or state.about or next(iter(state.choices), "")


def ask(scene: Scene, answer: PolicyAnswer) -> Play:
    """One question, or two in one message; `answer` is what the whole message means."""
    both = yield from _two_questions(scene, answer)
    return both if both is not None else found(scene, answer)


def _two_questions(scene: Scene, whole: PolicyAnswer) -> Generator[Question, Any, Turn | None]:
    """Both answers, where the parts of a message are surely two questions; or one, and what the other may be."""
    parts = [part for part in _ENDS.split(scene.words) if len(part) >= SHORTEST_QUESTION]
    if len(parts) < MOST_AT_ONCE:
        return None
    sure: dict[str, Entry] = {}
    open_: PolicyAnswer | None = None
    for part in parts:
        answer = yield from _part(part, next(reversed(sure), ""), scene.words)
        if _is_sure(answer):
            sure[answer.hits[0].entry.id] = answer.hits[0].entry
        elif answer.ours >= SURELY_OURS and _best(answer) >= (FAIR if holds_a_question(part) else LIKELY):
            open_ = answer
    if whole.band is Band.ANSWER and whole.hits[0].entry.id not in sure:
        return None
    told = list(sure.values())[:MOST_AT_ONCE]
    if len(told) == MOST_AT_ONCE:
        state = replace(scene.state, entry=told[-1].id, asked=scene.words[:MOST_REMEMBERED], choices=(), misses=0)
        return Turn(state, tuple(speak(entry) for entry in told))
    if not told or open_ is None:
        return None
    offered = found(scene, PolicyAnswer(Band.CHOICES, tuple(hit for hit in open_.hits if hit.entry.id not in sure)))
    state = replace(offered.state, entry=told[0].id)
    return Turn(state, (speak(told[0]), say("policy.other_question"), *offered.says))


def _part(words: str, before: str, whole: str) -> Generator[Question, Any, PolicyAnswer]:
    """What a part of a message means: by itself where that is clear, else after the part before it."""
    alone: PolicyAnswer = yield AskPolicy(words)
    question = _leaning(words, before, whole)
    if _is_sure(alone) or not isinstance(question, AskFollowUp):
        return alone
    leaning: PolicyAnswer = yield question
    again = bool(leaning.hits) and leaning.hits[0].entry.id == before  # nobody asks one thing twice in a message
    return alone if again else leaning


def _is_sure(answer: PolicyAnswer) -> bool:
    return answer.band is Band.ANSWER and (answer.ours >= SURELY_OURS or _best(answer) >= CLEAR)


def is_plain(answer: PolicyAnswer) -> bool:
    """So clearly a question about the rules that no other reading counts."""
    return answer.band is Band.ANSWER and answer.ours >= PLAINLY_OURS and _best(answer) >= CLEAR


def _best(answer: PolicyAnswer) -> float:
    return answer.hits[0].score if answer.hits else 0.0


def found(scene: Scene, answer: PolicyAnswer) -> Turn:
    """What a retrieval becomes."""
    question = scene.incoming.text
    if answer.band is Band.ANSWER:
        entry = answer.hits[0].entry
        asked = scene.words[:MOST_REMEMBERED]
        return Turn(replace(scene.state, entry=entry.id, asked=asked, choices=(), misses=0), (speak(entry),))
    offered = tuple(hit.entry.id for hit in answer.hits)
    state = replace(scene.state, choices=offered, asked=question, entry="", shown=(), card="")
    choices = tuple(
        say("policy.choice", position=position, title=hit.entry.title)
        for position, hit in enumerate(answer.hits, start=1)
    )
    if answer.band is Band.CHOICES:
        return Turn(replace(state, misses=0), (say("policy.choices", choices=choices),))
    said = say("policy.not_in_material", choices=choices) if choices else say("policy.nothing_near")
    return Turn(replace(state, misses=state.misses + 1), (said,), (NoteMiss(question, offered),))


def choose(scene: Scene, position: int) -> Play:
    """A numbered choice: answer it and keep the phrasing for the editors."""
    choices = scene.state.choices
    if not 1 <= position <= len(choices):
        return Turn(scene.state, (say("policy.no_such_choice", count=len(choices)),))
    chosen = choices[position - 1]
    entry: Entry | None = yield ShowEntry(chosen)
    if entry is None:
        return Turn(replace(scene.state, choices=()), (say("policy.nothing_near"),))
    learnt = NoteMiss(scene.state.asked, choices, chosen=chosen)
    return Turn(replace(scene.state, entry=chosen, choices=(), misses=0), (speak(entry),), (learnt,))


def judge(scene: Scene, *, useful: bool) -> Play:
    """“有用 / 没用” after an answer; an answer of no use is asked about once more."""
    yield from ()
    if not scene.state.entry:
        return Turn(scene.state, (say("small.feedback"),))
    verdict = NoteVerdict(scene.state.entry, scene.state.asked, useful)
    return Turn(scene.state, (say("policy.was_useful" if useful else "policy.was_useless"),), (verdict,))


def more(scene: Scene) -> Play:
    """“依据呢 / 详细点”: the fuller text of the last answer."""
    if not scene.state.entry:
        return Turn(scene.state, (say("policy.more_of_what"),))
    entry: Entry | None = yield ShowEntry(scene.state.entry)
    if entry is None:
        return Turn(scene.state, (say("policy.more_of_what"),))
    return Turn(scene.state, (say("policy.detail", title=entry.title, detail=entry.detail, basis=basis(entry)),))


def show(scene: Scene, entry_id: str, *, lead: Say | None = None) -> Play:
    """One entry by its id, with a sentence before it."""
    entry: Entry | None = yield ShowEntry(entry_id)
    if entry is None:
        return Turn(scene.state, (lead,) if lead else (say("policy.nothing_near"),))
    says = (lead, speak(entry)) if lead else (speak(entry),)
    return Turn(replace(scene.state, entry=entry_id, choices=(), misses=0), says)


def speak(entry: Entry) -> Say:
    """The answer with its track, its doubt, its next step and its basis."""
    return say(
        "policy.answer",
        track=entry.track,
        answer=entry.answer,
        doubt=entry.doubt if entry.confidence is not Confidence.HIGH else "",
        next=entry.next,
        basis=basis(entry),
    )


def basis(entry: Entry) -> Say:
    cited: dict[str, list[str]] = {}
    for citation in entry.citations:
        articles = cited.setdefault(citation.source.short, [])
        if citation.article:
            articles.append(citation.article)
    return say(
        "policy.basis",
        sources=tuple(f"{short}{'、'.join(articles)}" for short, articles in cited.items()),
        as_of=entry.as_of,
    )
