"""Answers about the rules: every one has a ground and a date, and only covered questions are answered at once."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.policy import Band, Confidence, Entry
from backend.knowledge.entries import ANSWER_LIMIT, HOME, BrokenEntry, load_entries, load_sources, read_yaml
from backend.knowledge.retrieval import CHOICES
from bot.policy_lines import NLU_DATA
from bot.settings import ROOT
from tests.support.shelf import retrieval

RETRIEVAL = retrieval()
ENTRIES = RETRIEVAL.entries
PROMISES = re.compile("保证|最低价|肯定能")
SEALED = date(2026, 11, 22)  # nothing was checked after this day
EACH = pytest.mark.parametrize("entry", ENTRIES, ids=[entry.id for entry in ENTRIES])


@EACH
def test_an_entry_is_grounded_short_and_promises_nothing(entry: Entry) -> None:
    assert entry.citations
    assert all(citation.source.short and citation.source.as_of <= SEALED for citation in entry.citations)
    assert entry.as_of == min(citation.source.as_of for citation in entry.citations)
    assert len(entry.answer + entry.next) <= ANSWER_LIMIT
    assert entry.answer
    assert entry.detail
    assert not PROMISES.search(entry.title + entry.answer + entry.next + entry.detail + entry.doubt)
    assert entry.confidence is Confidence.HIGH or entry.doubt
    assert entry.owner
    assert entry.review_by > SEALED


@EACH
def test_an_entry_is_found_first_by_its_title_and_by_each_way_to_ask_it(entry: Entry) -> None:
    assert RETRIEVAL.rank(entry.title)[0].entry is entry
    assert len(set(entry.phrasings)) >= 20
    for phrasing in entry.phrasings:
        answer = RETRIEVAL.ask(phrasing)
        assert (answer.band, [hit.entry.id for hit in answer.hits]) == (Band.ANSWER, [entry.id]), phrasing


def test_white_space_case_and_marks_do_not_matter() -> None:
    entry = RETRIEVAL.by_id["annuity_reduction"]
    for phrasing in entry.phrasings:
        assert RETRIEVAL.ask(f" “{phrasing}”？！\n").hits[0].entry is entry


def test_most_held_out_questions_are_found_and_few_are_answered_wrongly() -> None:
    asked = [
        (name, question)
        for name, kinds in read_yaml(NLU_DATA / "heldout" / "policy.yml").items()
        for question in kinds["ordinary"]
    ]
    answers = [(name, RETRIEVAL.ask(question)) for name, question in asked]
    wrong = [name for name, answer in answers if answer.band is Band.ANSWER and answer.hits[0].entry.id != name]
    found = [name for name, answer in answers if name in {hit.entry.id for hit in answer.hits}]
    assert len(asked) > 250
    assert len(wrong) <= 0.02 * len(asked)
    assert len(found) >= 0.90 * len(asked)


def test_few_foreign_questions_are_answered_at_once() -> None:
    questions = [row["question"] for row in read_yaml(NLU_DATA / "heldout" / "foreign.yml")]
    answered = [question for question in questions if RETRIEVAL.ask(question).band is Band.ANSWER]
    assert len(questions) >= 60
    assert len(answered) <= 0.05 * len(questions), answered


def test_no_entry_and_no_phrasing_holds_a_word_of_another_field() -> None:
    for entry in ENTRIES:
        for text in (entry.title, entry.answer, entry.detail, *entry.phrasings):
            assert not RETRIEVAL.words.names_another_field(RETRIEVAL.words.canonical(text)), text


@given(question=st.text(max_size=60) | st.text(st.sampled_from("专利开放许可年费减多少吗？ "), max_size=40))
def test_any_question_gets_an_answer_choices_or_an_honest_no(question: str) -> None:
    answer = RETRIEVAL.ask(question)
    scores = [hit.score for hit in answer.hits]
    assert len(scores) <= (1 if answer.band is Band.ANSWER else CHOICES)
    assert scores == sorted(scores, reverse=True)
    assert scores or answer.band is Band.NOTHING
    assert len({hit.entry.id for hit in answer.hits}) == len(answer.hits)


@pytest.mark.parametrize("question", ["", "   ", "？？！！", "asdfghjkl", "😀"])
def test_no_words_find_nothing(question: str) -> None:
    assert RETRIEVAL.ask(question).band is Band.NOTHING


def test_the_coverage_of_the_plan_names_only_entries_that_exist() -> None:
    named = re.findall(r"`([a-z0-9_]+)`", (ROOT / "docs" / "coverage.md").read_text("utf-8"))
    assert len(named) > 60
    assert sorted(set(named) - set(RETRIEVAL.by_id)) == []


def test_every_source_is_dated_and_named_once() -> None:
    sources = load_sources()
    rows = read_yaml(HOME / "sources.yml")
    assert len(sources) == len(rows) > 5
    assert all(source.title and source.short for source in sources.values())


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A knowledge folder with one good entry."""
    shutil.copy(HOME / "sources.yml", tmp_path / "sources.yml")
    for folder in ("entries", "phrasings"):
        (tmp_path / folder).mkdir()
    write(tmp_path, good())
    (tmp_path / "phrasings" / "test.yml").write_text("one: [怎么办, 如何办]\n", "utf-8")
    return tmp_path


def good(**changes: Any) -> dict[str, Any]:
    row = {
        "id": "one", "title": "题", "answer": "答", "next": "", "detail": "细", "track": "both", "confidence": "high",
        "doubt": "", "sources": [{"document": "patent_law", "article": "第五十条"}], "owner": "desk", "review_by": "2027-05-31",
    }  # fmt: skip
    return row | changes


def write(home: Path, *rows: dict[str, Any]) -> None:
    (home / "entries" / "test.yml").write_text(yaml.safe_dump(list(rows), allow_unicode=True), "utf-8")


def test_a_good_entry_loads_with_its_phrasings(home: Path) -> None:
    (entry,) = load_entries(home)
    assert (entry.id, entry.phrasings, entry.review_by) == ("one", ("怎么办", "如何办"), date(2027, 5, 31))
    assert entry.citations[0].article == "第五十条"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (good(sources=[]), "cites"),
        (good(sources=[{"document": "gossip"}]), "gossip"),
        (good(confidence="medium"), "uncertain"),
        (good(confidence="low", doubt="  "), "uncertain"),
        (good(answer="长" * 181), "longer"),
        (good(answer="长" * 170, next="尾" * 11), "longer"),
        *[({key: value for key, value in good().items() if key != name}, name) for name in ("sources", "answer", "track", "owner")],
    ],
)  # fmt: skip
def test_an_entry_that_breaks_a_rule_of_truth_does_not_load(home: Path, row: dict[str, Any], said: str) -> None:
    write(home, row)
    with pytest.raises(BrokenEntry, match=said) as caught:
        load_entries(home)
    assert "test.yml: one" in str(caught.value)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda home: write(home, good(), good()), "twice"),
        (lambda home: (home / "phrasings" / "more.yml").write_text("two: [x]\n", "utf-8"), "two"),
    ],
)
def test_two_of_one_name_and_phrasings_of_none_do_not_load(home: Path, spoil: Callable[[Path], Any], said: str) -> None:
    spoil(home)
    with pytest.raises(BrokenEntry, match=said):
        load_entries(home)


def test_an_answer_of_just_the_limit_loads(home: Path) -> None:
    write(home, good(answer="长" * (ANSWER_LIMIT - 2), next="好的"))
    assert len(load_entries(home)[0].answer) == ANSWER_LIMIT - 2
