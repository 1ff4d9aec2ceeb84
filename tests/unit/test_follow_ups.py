"""A few words that lean on the answer before: what they mean depends on it, and a question that stands alone still does."""

from __future__ import annotations

import pytest

from backend.domain.policy import Band
from backend.knowledge.entries import BrokenEntry
from backend.knowledge.follow_ups import load_follow_ups
from tests.support.shelf import retrieval

RETRIEVAL = retrieval()
ONWARD = load_follow_ups(RETRIEVAL.by_id)


@pytest.mark.parametrize(
    ("before", "said", "meant"),
    [
        ("how_to_withdraw", "要什么材料", "withdraw_materials"),
        ("declare_channel", "要什么材料", "declare_materials"),
        ("recordal_who_and_when", "要什么材料", "recordal_materials"),
        ("evaluation_report_time", "多少钱一份", "evaluation_report_fee"),
        ("how_to_withdraw", "几时生效", "withdraw_effective"),
        ("declare_channel", "几时生效", "declaration_effective"),
    ],
)
def test_the_same_words_mean_another_thing_after_another_answer(before: str, said: str, meant: str) -> None:
    answer = RETRIEVAL.ask_after(said, before, RETRIEVAL.by_id[before].title)
    assert meant in [hit.entry.id for hit in answer.hits]


def test_most_of_what_people_go_on_to_is_found() -> None:
    found = sum(
        each.meant in {hit.entry.id for hit in RETRIEVAL.ask_after(each.said, each.before, "").hits} for each in ONWARD
    )
    assert len(ONWARD) > 3000
    assert found >= 0.97 * len(ONWARD)


def test_every_entry_of_the_first_hundred_and_forty_leads_on() -> None:
    assert len({each.before for each in ONWARD}) >= 144


def test_a_whole_question_after_another_answer_is_still_itself() -> None:
    for title in ("专利质押了还能声明吗", "实施中的后续改进归谁", "发明专利年费多少"):
        alone = RETRIEVAL.ask(title).hits[0].entry.id
        answer = RETRIEVAL.ask_after(title, "hubei_pilot_targets", "湖北试点定了什么目标")
        assert alone in [hit.entry.id for hit in answer.hits], title


def test_after_nothing_known_the_words_stand_alone() -> None:
    assert RETRIEVAL.ask_after("价格怎么定", "no_such_entry", "").hits == RETRIEVAL.ask("价格怎么定").hits
    assert RETRIEVAL.ask_after("？", "how_to_price", "").band is Band.NOTHING


def test_a_saying_that_leads_nowhere_or_to_two_places_is_refused(tmp_path: object) -> None:
    from pathlib import Path

    folder = Path(str(tmp_path)) / "follow_ups"
    folder.mkdir()
    (folder / "a.yml").write_text("one: {two: [多久]}\n", "utf-8")
    with pytest.raises(BrokenEntry, match="two"):
        load_follow_ups({"one"}, folder.parent)
    (folder / "a.yml").write_text("one: {two: [多久], three: [多久]}\n", "utf-8")
    with pytest.raises(BrokenEntry, match="means two"):
        load_follow_ups({"one", "two", "three"}, folder.parent)
