"""Understanding does not get worse unnoticed: today's figures beside the last report, within noise."""

from __future__ import annotations

import json

import pytest

from bench.nlu_report import FIGURES, Figures, entities, intents, noise, retrieval
from tests.support.shelf import retrieval as trained_retrieval

LAST: Figures = {name: (share, count) for name, (share, count) in json.loads(FIGURES.read_text("utf-8")).items()}


@pytest.fixture(scope="module")
def today(nlu_url: str) -> Figures:
    by_intent, *_ = intents(nlu_url)
    by_question, _ = retrieval(trained_retrieval())
    return {**by_intent, **entities(nlu_url), **by_question}


@pytest.mark.parametrize("name", sorted(name for name in LAST if not name.startswith("talk ")))
def test_a_figure_has_not_fallen(name: str, today: Figures) -> None:
    share, count = LAST[name]
    assert today[name][0] >= share - noise(share, count), name
