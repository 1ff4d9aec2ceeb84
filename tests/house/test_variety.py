"""Training lines are written, not multiplied: many, different in wording, and none taken from the held-out files.

Counted over every intent of nlu_data and every policy entry of backend/knowledge/phrasings. The held-out files are read
here for one thing only, whether a line is the same; nothing of them is shown but a line that training already holds.
"""

from __future__ import annotations

from itertools import chain
from math import comb

import pytest

from backend.knowledge.entries import HOME
from backend.knowledge.follow_ups import load_follow_ups
from bot.policy_lines import NLU_DATA
from tests.house.variety import alike, core, dice, every_string, grams, phrasings, read, twins, utterances

INTENTS, UTTERANCES = 25, 40
ENTRIES, PHRASINGS = 120, 20
OUT_OF_SCOPE = 200
ALIKE_ABOVE = 0.7
ALIKE_SHARE = 0.10
UNAVOIDABLE = 4  # characters: one-word commands (“取消”) are said by everybody in the same way

SAID = utterances(NLU_DATA)
ASKED = phrasings(HOME / "phrasings")
EACH = pytest.mark.parametrize("lines", [*SAID.values(), *ASKED.values()], ids=[*SAID, *ASKED])


def test_every_intent_and_entry_has_enough_lines() -> None:
    assert len(SAID) >= INTENTS
    assert len(ASKED) >= ENTRIES
    assert {intent: len(lines) for intent, lines in SAID.items() if len(lines) < UTTERANCES} == {}
    assert {entry: len(lines) for entry, lines in ASKED.items() if len(lines) < PHRASINGS} == {}
    assert len(SAID["out_of_scope"]) >= OUT_OF_SCOPE


@EACH
def test_no_two_lines_are_the_same_but_for_entities_and_politeness(lines: list[str]) -> None:
    assert twins(lines) == []


@EACH
def test_few_lines_are_rewordings_of_each_other(lines: list[str]) -> None:
    found = alike(lines, ALIKE_ABOVE)
    assert len(found) <= ALIKE_SHARE * comb(len(lines), 2), found


def test_no_line_is_trained_for_two_intents() -> None:
    owners: dict[str, set[str]] = {}
    for intent, lines in SAID.items():
        for line in lines:
            owners.setdefault(core(line), set()).add(intent)
    assert {wording: sorted(intents) for wording, intents in owners.items() if len(intents) > 1} == {}


def test_no_training_line_stands_in_the_held_out_files() -> None:
    labels = SAID.keys() | ASKED.keys()
    texts = chain.from_iterable(every_string(read(path)) for path in sorted((NLU_DATA / "heldout").glob("*.yml")))
    held = {core(text) for text in texts if text not in labels}
    onward = (each.said for each in load_follow_ups(ASKED))
    trained = chain(*SAID.values(), *ASKED.values(), onward)
    assert sorted({line for line in trained if len(core(line)) > UNAVOIDABLE and core(line) in held}) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("请问[茶叶杀青](topic)的专利有吗？", "[锂电池回收](topic)专利有呢"),
        ("ZL202010366372.1 值多少", "2019 1 0328354.1值多少吧"),
        ("您好，退订一下", "退订！"),
        ("撤回聲明", "撤回声明"),
    ],
)
def test_the_measure_sees_through_entities_and_manners(one: str, other: str) -> None:
    assert twins([one, other]) == [(other, one)]


def test_the_measure_keeps_what_is_said() -> None:
    assert twins(["你好", "您好呀", "谢谢", "🙏", "👍", "撤回", "撤销"]) == []
    assert dice(grams("怎么撤回声明"), grams("怎么撤回声明书")) > ALIKE_ABOVE
    assert dice(grams("怎么撤回声明"), grams("挂着的不想留")) < 0.1
