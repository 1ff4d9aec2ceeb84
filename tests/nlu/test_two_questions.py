"""Two questions in one message, and one that looks like two, as the trained retrieval takes them apart."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from backend.domain.policy import TwoQuestions
from backend.knowledge.retrieval import Retrieval
from backend.search.everyday import office_tokenizer
from bot.models import trained_retrieval
from bot.policy_lines import DICTIONARY, question_words

WRITTEN = Path(__file__).with_name("two_questions.yml")
MOST_TORN_APART = 5  # of forty that ask one thing


@pytest.fixture(scope="module")
def retrieval() -> Retrieval:
    return trained_retrieval(question_words(office_tokenizer(DICTIONARY)))


@pytest.fixture(scope="module")
def written() -> dict[str, list[Any]]:
    return dict(yaml.safe_load(WRITTEN.read_text("utf-8")))


def _sure(retrieval: Retrieval, text: str) -> TwoQuestions | None:
    both = retrieval.ask(text).both
    return both if both is not None and both.sure else None


def test_most_pairs_are_told_in_the_order_asked(retrieval: Retrieval, written: dict[str, list[Any]]) -> None:
    found = [(_sure(retrieval, row["text"]), row["entries"]) for row in written["two"]]
    right = sum(both is not None and [both.first.id, both.second.id] == entries for both, entries in found)
    assert right >= 0.8 * len(found)


def test_one_question_is_seldom_torn_apart(retrieval: Retrieval, written: dict[str, list[Any]]) -> None:
    torn = [row["text"] for row in written["one"] if _sure(retrieval, row["text"])]
    assert len(torn) <= MOST_TORN_APART, torn


@pytest.mark.parametrize(
    "text",
    ["", "？", "，，，，，，，，，，，，", "年费" * 5000, "a b c d e f g h i j k", "\U0001f600" * 3000, "多久？" * 300],
)
def test_odd_texts_are_taken_as_they_come(retrieval: Retrieval, text: str) -> None:
    both = retrieval.ask(text).both
    assert both is None or both.first != both.second
