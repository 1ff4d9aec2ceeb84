"""Questions about the rules: answered with source and date, offered as choices, or honestly not known."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from backend.domain.deeds import NoteMiss, NoteVerdict
from backend.domain.policy import Band, Confidence, Entry, PolicyAnswer, PolicyHit
from backend.domain.questions import AskFollowUp, AskPolicy, ShowEntry
from bot.dialogue.say import Say, say
from bot.dialogue.topics import matters
from bot.dialogue.turn import Play, Scene, Turn

PLAINLY_OURS, CLEAR = 0.95, 0.9
MOST_REMEMBERED = 60  # characters of a question that a follow-up may lean on
LONGEST_FOLLOW_UP = 14
MOST_OFFERED = 3


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


def ask(scene: Scene, answer: PolicyAnswer) -> Turn:
    """One question, or two in one message; `answer` is what the whole message means. What is not sure is offered."""
    if answer.both is None:
        return found(scene, answer)
    pair = (answer.both.first, answer.both.second)
    told = answer.hits[0].entry if answer.band is Band.ANSWER else None
    if answer.both.sure and (told is None or told in pair):
        state = replace(scene.state, entry=pair[1].id, asked=scene.words[:MOST_REMEMBERED], choices=(), misses=0)
        return Turn(state, (speak(pair[0]), speak(pair[1])))
    others = tuple(entry for entry in pair if entry != told)
    if told is None:
        near = tuple(hit.entry for hit in answer.hits if hit.entry not in pair)
        hits = tuple(PolicyHit(entry, 0.0) for entry in (*others, *near)[:MOST_OFFERED])
        return found(scene, replace(answer, band=Band.CHOICES, hits=hits))
    turn = found(scene, answer)
    state = replace(turn.state, choices=tuple(entry.id for entry in others))
    return Turn(state, (*turn.says, _offered(others)))


def _offered(others: tuple[Entry, ...]) -> Say:
    if len(others) == 1:
        return say("policy.other_question", title=others[0].title)
    return say("policy.other_questions", choices=_listed(others))


def _listed(entries: Iterable[Entry]) -> tuple[Say, ...]:
    return tuple(
        say("policy.choice", position=position, title=entry.title) for position, entry in enumerate(entries, start=1)
    )


def is_plain(answer: PolicyAnswer) -> bool:
    """So clearly a question about the rules, or two, that no other reading counts."""
    if answer.both is not None and answer.both.sure:
        return True
    return answer.band is Band.ANSWER and answer.ours >= PLAINLY_OURS and answer.hits[0].score >= CLEAR


def found(scene: Scene, answer: PolicyAnswer) -> Turn:
    """What a retrieval becomes."""
    question = scene.incoming.text
    if answer.band is Band.ANSWER:
        entry = answer.hits[0].entry
        asked = scene.words[:MOST_REMEMBERED]
        return Turn(replace(scene.state, entry=entry.id, asked=asked, choices=(), misses=0), (speak(entry),))
    offered = tuple(hit.entry.id for hit in answer.hits)
    state = replace(scene.state, choices=offered, asked=question, entry="", shown=(), card="")
    choices = _listed(hit.entry for hit in answer.hits)
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
