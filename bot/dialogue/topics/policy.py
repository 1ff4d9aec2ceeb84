"""Questions about the rules: answered with source and date, offered as choices, or honestly not known."""

from __future__ import annotations

import re
from collections.abc import Generator
from dataclasses import replace
from itertools import zip_longest
from typing import Any

from backend.domain.deeds import NoteMiss, NoteVerdict
from backend.domain.policy import Band, Confidence, Entry, PolicyAnswer, PolicyHit
from backend.domain.questions import AskPolicy, Question, ShowEntry
from bot.dialogue.say import Say, say
from bot.dialogue.turn import Play, Scene, Turn

MOST_AT_ONCE = 2
MOST_OFFERED = 3
LIKELY_OURS, LEADS, FAIR = 0.7, 1.2, 0.3  # for the second of two questions, beside a sure first
MOST_REMEMBERED = 60  # characters of a question that a follow-up may lean on
_LEANS = re.compile(r"^(那|要是|如果|万一)|呢[？?。]*$")
SHORTEST_QUESTION = 4
LONGEST_FOLLOW_UP = 14
_ENDS = re.compile(r"[？?。！!；;，,\s]+|另外|还有就是|还有|顺便问|以及")


def ask(scene: Scene, answer: PolicyAnswer) -> Play:
    """One question, two in one message, or one that leans on the answer before it; `answer` is what it means alone."""
    both = yield from _two_questions(scene, answer)
    if both is not None:
        return both
    if leans_on_the_last(scene) and (answer.band is not Band.ANSWER or _LEANS.search(scene.words)):
        answer = yield from _in_context(scene, answer)
    return found(scene, answer)


def leans_on_the_last(scene: Scene) -> bool:
    """“那实用新型呢”, “多久”: short, with a question before it."""
    return bool(scene.state.asked) and len(scene.words) <= LONGEST_FOLLOW_UP


def _in_context(scene: Scene, alone: PolicyAnswer) -> Generator[Question, Any, PolicyAnswer]:
    """The question together with the one before it, or with the title that answered that; not the same answer again."""
    last: Entry | None = yield ShowEntry(scene.state.entry)
    asked: PolicyAnswer = yield AskPolicy(f"{scene.state.asked}{scene.words}", besides=scene.state.entry)
    if last is None:
        return asked if asked.band is Band.ANSWER or alone.band is Band.NOTHING else _offered(asked, alone)
    titled: PolicyAnswer = yield AskPolicy(f"{last.title}{scene.words}", besides=last.id)
    sure = max(asked, titled, key=_how_sure)
    if sure.band is Band.ANSWER:
        return sure
    if sure.hits and asked.hits[:1] and titled.hits[:1] and asked.hits[0].entry.id == titled.hits[0].entry.id:
        return PolicyAnswer(Band.ANSWER, sure.hits[:1])  # whichever way it is put
    return _offered(asked, titled, PolicyAnswer(Band.CHOICES, (PolicyHit(last, 0.0),)), alone)


def _offered(*answers: PolicyAnswer) -> PolicyAnswer:
    """The first of each, then the second of each, without repeats."""
    mixed = {hit.entry.id: hit for hits in zip_longest(*(answer.hits for answer in answers)) for hit in hits if hit}
    hits = tuple(mixed.values())[:MOST_OFFERED]
    return PolicyAnswer(Band.CHOICES if hits else Band.NOTHING, hits)


def _beside(scene: Scene, alone: PolicyAnswer, before: Entry) -> Generator[Question, Any, PolicyAnswer]:
    """“多少钱？要等多久”: a part that names no matter of its own is read with the whole message, the first part's answer
    left out.
    """
    whole: PolicyAnswer = yield AskPolicy(scene.words, besides=before.id)
    if whole.band is Band.ANSWER:
        return whole
    first, *others = alone.hits or (None,)
    if first is not None and (not others or others[0] is None or first.score >= LEADS * others[0].score):
        return PolicyAnswer(Band.ANSWER, (first,))
    return PolicyAnswer(Band.ANSWER, whole.hits[:1]) if whole.hits and whole.hits[0].score >= FAIR else alone


def _how_sure(answer: PolicyAnswer) -> tuple[bool, float]:
    return answer.band is Band.ANSWER, answer.hits[0].score if answer.hits else 0.0


def _two_questions(scene: Scene, whole: PolicyAnswer) -> Generator[Question, Any, Turn | None]:
    """Both answers, where the parts of a message are surely two different questions."""
    parts = [part for part in _ENDS.split(scene.words) if len(part) >= SHORTEST_QUESTION]
    if len(parts) < MOST_AT_ONCE:
        return None
    sure: dict[str, Entry] = {}
    for part in parts:
        answer: PolicyAnswer = yield AskPolicy(part)
        if answer.band is not Band.ANSWER and sure and answer.ours >= LIKELY_OURS:
            answer = yield from _beside(scene, answer, list(sure.values())[-1])
        if answer.band is Band.ANSWER:
            sure[answer.hits[0].entry.id] = answer.hits[0].entry
    if len(sure) < MOST_AT_ONCE or (whole.band is Band.ANSWER and whole.hits[0].entry.id not in sure):
        return None
    told = list(sure.values())[:MOST_AT_ONCE]
    state = replace(scene.state, entry=told[-1].id, asked=scene.words[:MOST_REMEMBERED], choices=(), misses=0)
    return Turn(state, tuple(speak(entry) for entry in told))


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
