"""What a request looks for, and the tables it is read with."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.hubei import clusters
from backend.search.classes import class_titles, titles_of
from backend.search.everyday import DATA, everyday
from backend.search.vocabulary import Suggester, Vocabulary
from backend.search.wanted import MOST_GROUPS, Reader
from bot.nlu.spelling import heard_as, load_readings
from tests.support.shelf import tokenizer

READER = Reader(tokenizer(), everyday())
ROWS = [
    line.removeprefix("~").split("\t")
    for line in (DATA / "everyday.tsv").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]


def _needed(words: str, context: str = "") -> list[str]:
    return [group.said for group in READER.read(words, context) if group.needed]


def test_each_everyday_word_stands_once_and_has_a_meaning() -> None:
    assert all(len(row) == 2 and row[0].split() and row[1].split() for row in ROWS)
    said = Counter(word for row in ROWS for word in row[0].split())
    assert [word for word, count in said.items() if count > 1] == []
    assert len(said) > 1400


def test_every_class_has_a_title() -> None:
    classes = [symbol for symbol in class_titles() if len(symbol) == 3]
    assert len(classes) >= 130
    assert {symbol[0] for symbol in classes} == set("ABCDEFGH")
    assert all(title.strip() for title in class_titles().values())
    assert titles_of(["H01M10/54", "H01M"]).startswith(class_titles()["H01"])
    assert "显示" in titles_of(["14-02"])
    assert titles_of(["", "Z99Z"]) == ""


@pytest.mark.parametrize(
    ("words", "needed"),
    [
        ("电动车电池怎么回收", ["电动车电池", "回收"]), ("藕切片放一会就发黑", ["藕", "切片", "发黑"]), ("怎么省电", ["省电"]),
        ("磨米浆省电", ["磨米浆"]), ("一种检测方法", ["检测", "方法"]), ("师傅", ["师傅"]),
        ("激光焊枪", ["激光", "焊枪"]), ("鋰電池", ["锂电池"]),
    ],
)  # fmt: skip
def test_what_is_insisted_on(words: str, needed: list[str]) -> None:
    assert _needed(words) == needed


def test_what_is_told_around_the_wish_is_never_insisted_on() -> None:
    assert _needed("除尘", "焊接车间烟太大") == ["除尘"]
    assert len(READER.read("除尘", "焊接车间烟太大")) > 1


@given(words=st.text(max_size=600), context=st.text(max_size=100))
def test_any_words_are_read_into_a_few_groups(words: str, context: str) -> None:
    groups = READER.read(words, context)
    assert len(groups) <= MOST_GROUPS
    assert all(group.ways and all(way.terms for way in group.ways) for group in groups)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("激光汗接", "激光焊接"), ("充电庄", "充电桩"), ("小龙吓", "小龙虾"), ("激光焊接", ""), ("", ""), ("abc", "")],
)
def test_a_slip_is_put_right(typed: str, meant: str) -> None:
    words = ("激光", "焊接", "充电桩", "小龙虾", "充电")
    suggester = Suggester(Vocabulary(DATA), words, heard_as(load_readings()))
    assert suggester.suggest(typed, lambda stretch: stretch not in words and stretch not in typed[:2]) == meant


def test_the_clusters_are_spoken_of() -> None:
    """The table is written over all 35 of them."""
    text = (DATA / "everyday.tsv").read_text("utf-8")
    assert sum(name in text or name[:2] in text for name in clusters().values()) >= 30


def _ways(words: str, said: str) -> set[tuple[str, ...]]:
    return {way.terms for group in READER.read(words) if group.said == said for way in group.ways}


def test_a_machine_is_found_by_the_work_it_is_named_for() -> None:
    """“切割机” is 切割装置 in a patent; a 计算机 is no 计算装置."""
    assert ("切割",) in _ways("玻璃切割机", "切割机")
    assert ("计算",) not in _ways("计算机散热", "计算机")


def test_an_everyday_word_is_cut_out_of_a_run_of_others() -> None:
    """Not 太 and 热菜."""
    assert "太热" in [group.said for group in READER.read("大棚里太热菜苗蔫了")]


def test_what_is_said_is_no_way_to_satisfy_another_word() -> None:
    """“回收” alone is not the 边角料 that is to be recovered."""
    assert ("回收",) in _ways("边角料", "边角料")
    assert ("回收",) not in _ways("边角料回收", "边角料")


def test_a_story_is_marked_as_told_around_the_wish() -> None:
    groups = READER.read("磨浆 省电", "开豆皮厂的")
    assert [group.said for group in groups if group.around] == ["豆皮"]
    assert not any(group.needed for group in groups if group.around)


def test_words_typed_one_by_one_are_known_as_such() -> None:
    assert READER.listed("上片 下片 上片") == ("上片", "下片")
    assert READER.listed("上片下片") == ()
