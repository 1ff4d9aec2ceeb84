"""What every flow promises: unique steps, no look ahead, a text for everything, a label for every choice."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.drafts import Flow
from bot.dialogue.flows.catalogue import BY_INTENT, FORMS
from bot.dialogue.flows.engine import SURE, Form, Known, Mark, Step
from bot.dialogue.flows.heard import AnswerError, Frame, tidied
from tests.support.declarant import TEXTS
from tests.support.flow_values import ANSWERS, FRAMES

STEPS = [(form, step) for form in FORMS.values() for step in form.steps]
IDS = [f"{form.flow}-{step.id}" for form, step in STEPS]
WORKING = {"found", "read"}


class Recording(Known):
    """Notes what is read."""

    def __init__(self, values: Any, frame: Frame) -> None:
        super().__init__(values, frame)
        self.read: set[str] = set()

    def __getitem__(self, name: str) -> Any:
        self.read.add(name)
        return super().__getitem__(name)


def read_by(form: Form, step: Step, answers: dict[str, Any], frame: Frame) -> set[str]:
    """What the functions of a step look at, with these answers before it."""
    before: dict[str, Any] = {}
    for stop in form.path(answers, frame).stops:
        if stop.step.id == step.id:
            known = Recording(before | {name: answers[name] for name in WORKING if name in answers}, frame)
            step.when(known)
            step.asks(known)
            if stop.mark is not Mark.OPEN and step.id in answers:
                value = step.reader.load(answers[step.id])
                try:
                    step.check(value, known)
                    step.doubt(value, known)
                except AnswerError:
                    return known.read
                step.settles(value, known)
            return known.read
        if stop.mark is Mark.DONE:
            before[stop.step.id] = stop.value
    return set()


@pytest.mark.parametrize("form", FORMS.values(), ids=lambda form: str(form.flow))
def test_steps_have_names_of_their_own(form: Form) -> None:
    ids = [step.id for step in form.steps]
    assert len(ids) == len(set(ids))
    assert not {*WORKING, SURE} & set(ids)
    assert {name for step in form.steps for name in step.forgets} <= set(ids) | WORKING


@given(data=st.data())
def test_no_step_looks_ahead(data: st.DataObject) -> None:
    form = data.draw(st.sampled_from(list(FORMS.values())))
    answers, frame = data.draw(ANSWERS[form.flow]), data.draw(FRAMES)
    ids = [step.id for step in form.steps]
    for position, step in enumerate(form.steps):
        assert read_by(form, step, answers, frame) <= {*ids[:position], *WORKING, "track"}


@given(data=st.data())
def test_a_path_ends_at_the_first_open_step_and_what_is_final_is_on_it(data: st.DataObject) -> None:
    form = data.draw(st.sampled_from(list(FORMS.values())))
    answers, frame = data.draw(ANSWERS[form.flow]), data.draw(FRAMES)
    path = form.path(answers, frame)
    done = [stop for stop in path.stops[:-1] if stop.mark in {Mark.DONE, Mark.PASSED}]
    assert len(done) == len(path.stops) - 1
    assert path.current is None or path.current is path.stops[-1]
    if path.current is not None:
        return
    offpath = {step.id for step in form.steps} - {stop.step.id for stop in path.stops}
    settled = {"track", "pledge", "holder_type", "license_ends_on", "reason"}
    assert not (set(form.final(answers, frame)) & offpath) - settled


@pytest.mark.parametrize(("form", "step"), STEPS, ids=IDS)
def test_every_step_has_its_texts(form: Form, step: Step) -> None:
    prefix = form.texts(step)
    wanted = [f"{prefix}.ask", f"{prefix}.help", *([f"{prefix}.name"] if step.listed else [])]
    assert [key for key in wanted if key not in TEXTS.templates] == []
    assert "例如" in TEXTS.templates[f"{prefix}.help"] or "回复" in TEXTS.templates[f"{prefix}.help"] or step.optional


@pytest.mark.parametrize("flow", list(Flow))
def test_every_flow_exists_with_its_frame_of_texts(flow: Flow) -> None:
    assert FORMS[flow].flow is flow
    assert {f"flow_{flow}.{part}" for part in ("begin", "review", "submitted")} <= TEXTS.templates.keys()
    assert str(flow) in BY_INTENT.values() or str(flow) in TEXTS.commands.values()


@pytest.mark.parametrize(("form", "step"), STEPS, ids=IDS)
def test_every_choice_has_a_label_and_words(form: Form, step: Step) -> None:
    for option in step.reader.options:
        kind = type(option).__name__
        assert TEXTS.names[f"{kind}.{option}"]
        assert str(option) in TEXTS.answers[kind].values()
        label = tidied(TEXTS.names[f"{kind}.{option}"])
        assert TEXTS.answers[kind].get(label, str(option)) == str(option)
    assert form.step(step.id) is step


def sentences() -> Iterator[str]:
    yield from (key for key in TEXTS.templates if key.startswith("flow_") and ".error." in key)


def test_no_word_of_an_answer_means_two_things() -> None:
    for kind, words in TEXTS.answers.items():
        assert words, kind
        assert set(words.values())
    assert not set(TEXTS.answers["command"]) & set(TEXTS.answers["PaymentMethod"])
    assert not set(TEXTS.answers["command"]) & set(TEXTS.answers["none_of_all"])
    assert not set(TEXTS.answers["command"]) & set(TEXTS.answers["skip"])


def test_refusals_on_legal_grounds_name_their_article() -> None:
    legal = [key for key in TEXTS.templates if key.startswith(("flow_status.", "flow_way_out."))]
    legal += [
        key
        for key in sentences()
        if key.endswith((".needed", ".missing", ".beyond", ".pending", ".puffery", ".negotiable"))
    ]
    named = [key for key in legal if not any(mark in TEXTS.templates[key] for mark in ("条", "款", "项"))]
    assert len(legal) > 15
    assert named == ["flow_bind.credit_code.error.missing"]
