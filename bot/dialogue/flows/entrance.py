"""The ways into a flow: begin, go on with a draft, pick one of several, and the list of what is one's own."""

from __future__ import annotations

import re
from collections.abc import Generator
from dataclasses import replace
from typing import Any

from backend.domain.companies import Company, answers_of_company
from backend.domain.declarations import DeclarationView, State
from backend.domain.deeds import DropDraft
from backend.domain.drafts import Draft, Flow
from backend.domain.events import EventView
from backend.domain.questions import MyCompany, MyDeclarations, MyDrafts, Question
from bot.dialogue.flows import attending, plain_wishes
from bot.dialogue.flows.catalogue import BY_INTENT, FORMS
from bot.dialogue.flows.certificate import carried
from bot.dialogue.flows.declared import Reason, official
from bot.dialogue.flows.engine import Answers
from bot.dialogue.flows.heard import AnswerError, Heard, tidied
from bot.dialogue.flows.opened import Mode, Opened
from bot.dialogue.flows.sitting import Sitting, frame_of, sit_down
from bot.dialogue.flows.speaking import item, told
from bot.dialogue.flows.taking import read, taken
from bot.dialogue.incoming import Kind
from bot.dialogue.meaning import Intent
from bot.dialogue.say import Say, Value, say
from bot.dialogue.topics import matters
from bot.dialogue.turn import Play, Scene, Turn

MOST_LISTED = 9
HAS_PAPERS = frozenset({State.READY, State.FILED, State.WITHDRAWING})  # to be filed with the national office, or kept
_CHANGES = re.compile(r"改|换|变|更新|更正|加一|补|写错|填错|重填|搬到|删掉")
KNOWN_FLOWS = frozenset(str(flow) for flow in FORMS)


def begin(scene: Scene, flow: Flow) -> Play:
    """Open a flow; where drafts of it wait, offer them first."""
    if flow in attending.FLOWS:
        return (yield from attend(scene, flow))
    drafts = yield from _drafts()
    held = tuple(draft for draft in drafts if draft.flow == flow)
    named = {said.number for said in scene.meaning.facts.numbers if said.number}
    same = next((draft for draft in held if draft.answers.get("number") in named), None)
    if same is not None:
        return (yield from resume(scene, same.flow, same.subject))
    if held and not (named and all(draft.subject for draft in held)):  # an officer's drafts stand beside each other
        return _offer(scene, held, flow)
    if flow is Flow.PROFILE:
        company: Company | None = yield MyCompany()
        if company is not None:
            return (yield from _kept(scene, company, change=bool(_CHANGES.search(scene.words))))
    return (yield from fresh(scene, flow))


def attend(scene: Scene, flow: Flow) -> Play:
    """Of an event: the one that is meant, if only one can be. Who signed up is told so; a draft is gone on with."""
    frame = yield from frame_of(scene, flow)
    opened = int((scene.state.event or {}).get("open", 0))
    said = scene.words if scene.incoming.kind is Kind.TEXT else ""
    event_id = attending.meant(flow, frame, opened, said, scene.house.words.get("EventKind", {}))
    view = next((view for view in frame.events if view.event.id == event_id), None)
    if flow is Flow.SIGN_UP and view is not None and view.standing is not None:
        state = replace(_cleared(scene).state, event={"open": event_id})
        said_again = say("event.already", title=view.event.title, state=view.standing)
        return Turn(state, (said_again,))
    draft = yield from waiting(flow, str(event_id))
    if draft is not None:
        return (yield from resume(scene, flow, draft.subject))
    return (yield from fresh(scene, flow, attending.first_answers(flow, frame, event_id)))


def change_sign_up(scene: Scene, view: EventView) -> Play:
    """What was said at signing up, open at the review."""
    frame = yield from frame_of(scene, Flow.SIGN_UP)
    sitting = Sitting(
        scene=_cleared(scene),
        form=FORMS[Flow.SIGN_UP],
        frame=frame,
        opened=Opened(flow=str(Flow.SIGN_UP)),
        answers=attending.said_before(view),
    )
    return sitting.go_on(say("flow_sign_up.changing", title=view.event.title))


def waiting(flow: Flow, subject: str) -> Generator[Question, Any, Draft | None]:
    """The draft of this flow and subject, if there is one."""
    drafts = yield from _drafts()
    return next((draft for draft in drafts if (draft.flow, draft.subject) == (flow, subject)), None)


def fresh(scene: Scene, flow: Flow, known: Answers | None = None) -> Play:
    """A flow from its first question, with what is `known` before. A number that came along is its first answer."""
    form = FORMS[flow]
    frame = yield from frame_of(scene, flow)
    barred = form.bars(frame)
    if barred:
        about = matters.OF_FLOW.get(flow, "")  # “要交什么” after it still means this
        return Turn(replace(scene.state, flow=None, misses=0, entry="", about=about), (Say(barred),))
    first = form.begun(Heard.of(scene, frame), scene.meaning) if known is None else known
    answers, took = yield from carried(flow, first, scene)
    opened = Opened(flow=str(flow))
    sitting = Sitting(scene=_cleared(scene), form=form, frame=frame, opened=opened, answers=answers, took=took)
    named = {"title": str(answers.get("title", ""))} if flow in attending.FLOWS else {}
    lead: tuple[Say, ...] = (say(f"flow_{flow}.begin", **named),)
    if flow is Flow.DECLARE and frame.profile.bound and scene.house.tables:
        lead = (*lead, say("table.many", link=scene.house.tables))
    step = sitting.path.stops[-1].step
    if not (scene.meaning.facts.numbers or scene.meaning.facts.publications) or step.id not in {
        "number",
        "declaration",
    }:
        return sitting.go_on(*lead)
    try:
        filled = read(step, Heard.of(scene, frame))
        answered = yield from taken(form, {}, step, filled, sitting.path.known)
    except AnswerError as error:
        return sitting.go_on(told(error))
    return sitting.with_answers(answered).go_on(*lead)


def _kept(scene: Scene, company: Company, *, change: bool = False) -> Play:
    """The profile as it stands; with `change` open at its review, where every item can be named."""
    frame = yield from frame_of(scene, Flow.PROFILE)
    form, answers = FORMS[Flow.PROFILE], answers_of_company(company)
    if change:
        sitting = Sitting(scene=_cleared(scene), form=form, frame=frame, opened=Opened(flow="profile"), answers=answers)
        return sitting.go_on(say("flow_profile.changing"))
    items = tuple(item(form, stop, position) for position, stop in enumerate(form.path(answers, frame).listed, 1))
    return Turn(_cleared(scene).state, (say("flow_profile.card", items=items),))


def change_company(scene: Scene) -> Play:
    """“修改企业资料”."""
    company: Company | None = yield MyCompany()
    if company is None:
        return (yield from begin(scene, Flow.PROFILE))
    return (yield from _kept(scene, company, change=True))


def resume(scene: Scene, flow: str, subject: str) -> Play:
    """A draft from where it stands, with a word on what it is."""
    sitting = yield from sit_down(_cleared(scene), Opened(flow=flow, subject=subject, saved=True))
    if sitting.stored is None:
        return (yield from fresh(scene, Flow(flow)))
    barred = sitting.form.bars(sitting.frame)
    if barred:
        return sitting.leave(Say(barred))
    return sitting.go_on(say("flow_common.resumed", name=_named(sitting.stored)))


def mine(scene: Scene) -> Play:
    """Drafts to go on with, and what has been declared, each with where it stands."""
    drafts = yield from _drafts()
    views: tuple[DeclarationView, ...] | None = yield MyDeclarations()
    declared = tuple(_declared(scene, view) for view in (views or ())[:MOST_LISTED])
    if not drafts and not declared:
        return Turn(replace(scene.state, flow=None, misses=0, choices=()), (say("flow_mine.nothing"),))
    listed = drafts[:MOST_LISTED]
    opened = Opened(mode=Mode.PICK, listed=[[draft.flow, draft.subject] for draft in listed])
    said = say("flow_mine.list", items=_lines(listed), answers=declared)
    return Turn(
        replace(scene.state, flow=opened.dump() if listed else None, shown=(), card="", choices=(), misses=0),
        (said, say("flow_mine.pick" if listed else "flow_mine.what_else")),
    )


WISHES = frozenset({*BY_INTENT, Intent.MY_DECLARATIONS})


def wish(scene: Scene, intent: Intent) -> Play:
    """What somebody wants that a flow, or the list of what is theirs, answers."""
    if intent is Intent.MY_DECLARATIONS:
        return (yield from mine(scene))
    return (yield from begin(scene, BY_INTENT[intent]))


def command(scene: Scene) -> Generator[Question, Any, Turn | None]:
    """Words that reach a flow while none is open; None for all others."""
    if scene.incoming.kind is not Kind.TEXT:
        return None
    match scene.house.commands.get(scene.words.rstrip("。.!！~～ ")):
        case "mine":
            return (yield from mine(scene))
        case "resume":
            return (yield from go_on(scene))
        case "submit":
            return Turn(scene.state, (say("flow_common.nothing_to_submit"),))
        case "change_profile":
            return (yield from change_company(scene))
        case flow if flow in KNOWN_FLOWS:
            return (yield from begin(scene, Flow(flow)))
        case _ if plain_wishes.returns(scene):
            return (yield from go_on(scene)) if (yield from _drafts()) else None
        case _:
            return None


def go_on(scene: Scene) -> Play:
    """“继续” with no flow open: the only draft, or the list."""
    drafts = yield from _drafts()
    if len(drafts) == 1:
        return (yield from resume(scene, drafts[0].flow, drafts[0].subject))
    return (yield from mine(scene))


def pick(scene: Scene, opened: Opened) -> Generator[Question, Any, Turn | None]:
    """Which draft is meant; None where the message is about something else."""
    heard = Heard.of(scene, (yield from frame_of(scene, Flow.LEAVE)))
    said = heard.words.get("command", {}).get(tidied(heard.plain))
    meaning = heard.meaning("pick")
    position = heard.facts.ordinal
    if said == "resume" or heard.meaning("yes_no") == "yes":
        position = 1 if position is None else position
    if position is not None:
        if not 1 <= position <= len(opened.listed):
            return Turn(scene.state, (say("flow_common.error.position", count=len(opened.listed)),))
        flow, subject = opened.listed[position - 1]
        return (yield from resume(scene, flow, subject))
    by_number = [pair for said in heard.facts.numbers for pair in opened.listed if said.number == pair[1]]
    if by_number:
        return (yield from resume(scene, *by_number[0]))
    if (meaning == "new" or said == "refill") and opened.flow:
        return (yield from _anew(scene, opened))
    if said in {"cancel", "save"}:
        return Turn(replace(scene.state, flow=None), (say("flow_common.left"),))
    return None


def _anew(scene: Scene, opened: Opened) -> Play:
    """Begin again. An officer's other drafts stay, anybody else has the one, which goes."""
    turn = yield from fresh(scene, Flow(opened.flow))
    only = [pair for pair in opened.listed if pair == [opened.flow, ""]]
    return replace(turn, deeds=(*(DropDraft(flow, subject) for flow, subject in only), *turn.deeds))


def _drafts() -> Generator[Question, Any, tuple[Draft, ...]]:
    drafts: tuple[Draft, ...] | None = yield MyDrafts()
    return tuple(draft for draft in drafts or () if draft.flow in KNOWN_FLOWS)


def _offer(scene: Scene, drafts: tuple[Draft, ...], flow: Flow) -> Turn:
    listed = drafts[:MOST_LISTED]
    opened = Opened(flow=str(flow), mode=Mode.PICK, listed=[[draft.flow, draft.subject] for draft in listed])
    state = replace(_cleared(scene).state, flow=opened.dump())
    if len(listed) == 1 and not listed[0].subject:
        return Turn(state, (say("flow_common.one_draft", name=_named(listed[0])),))
    return Turn(state, (say("flow_common.several_drafts", items=_lines(listed)),))


def _lines(drafts: tuple[Draft, ...]) -> tuple[Say, ...]:
    return tuple(
        say(
            "flow_mine.draft",
            position=position,
            name=_named(draft),
            as_of=draft.saved_at.date() if draft.saved_at else None,
        )
        for position, draft in enumerate(drafts, 1)
    )


def _named(draft: Draft) -> Say:
    number = str(draft.answers.get("number", ""))
    return say(
        "flow_mine.draft_name",
        kind=Flow(draft.flow),
        title=str(draft.answers.get("title", "")),
        number=official(number) if number else "",
    )


def _declared(scene: Scene, view: DeclarationView) -> Say:
    page = scene.house.declared if view.state in HAS_PAPERS else None
    return say(
        "flow_mine.declared",
        title=view.title,
        number=official(view.number),
        standing=view.state,
        grounds=_reason(view),
        hint=say(f"flow_next.{view.state}"),
        link=page(view.id) if page else None,
    )


def _reason(view: DeclarationView) -> Value:
    """In words: a withdrawal is kept with the name of its reason."""
    return Reason(view.reason) if view.reason in set(Reason) else view.reason


def _cleared(scene: Scene) -> Scene:
    """Lists that were open do not take the numbers that now answer questions."""
    state = replace(scene.state, flow=None, shown=(), card="", choices=(), misses=0)
    return replace(scene, state=state)
