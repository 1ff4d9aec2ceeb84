"""docs/coverage.md says which entry answers which passage; the entries have to hold what the passage counts."""

from __future__ import annotations

import re

import pytest

from backend.knowledge.entries import load_entries
from bot.settings import ROOT

ENTRIES = {entry.id: entry for entry in load_entries()}
CELLS = [
    [cell.strip() for cell in line.strip("| \n").split("|")]
    for line in (ROOT / "docs" / "coverage.md").read_text("utf-8").splitlines()
    if line.startswith("| ") and "`" in line
]
ROWS = [cells for cells in CELLS if len(cells) == 3]
FIGURE = re.compile(r"\d+(?:\.\d+)?")
ARTICLE = re.compile(r"第\d+条")


def text_of(names: list[str]) -> str:
    """Everything the entries say, digits half width."""
    told = []
    for name in names:
        entry = ENTRIES[name]
        told += [entry.title, entry.answer, entry.next, entry.detail, entry.doubt]
    return " ".join(told)


@pytest.mark.parametrize("cells", CELLS, ids=[" ".join(cells[:2])[:40] for cells in CELLS])
def test_a_passage_names_entries_that_exist(cells: list[str]) -> None:
    named = re.findall(r"`([^`]+)`", cells[-1])
    assert named
    assert [name for name in named if name not in ENTRIES] == []


@pytest.mark.parametrize("cells", ROWS, ids=[" ".join(cells[:2])[:40] for cells in ROWS])
def test_the_figures_of_a_passage_stand_in_its_entries(cells: list[str]) -> None:
    """Targets, dates and ceilings: a number of the passage is in one of the entries that answer it."""
    told = set(FIGURE.findall(text_of(re.findall(r"`([^`]+)`", cells[2]))))
    assert set(FIGURE.findall(ARTICLE.sub("", cells[1]))) - told == set()


def test_every_entry_answers_a_passage() -> None:
    named = {name for cells in CELLS for name in re.findall(r"`([^`]+)`", cells[-1])}
    assert sorted(ENTRIES.keys() - named) == []
