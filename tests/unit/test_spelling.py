"""What was typed is read as it is usually written, and what needs no repair stays as it is."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.demonstration.load import demonstration_listings
from backend.domain.clock import day_of
from bot.nlu.spelling import Spelling, fuzzy, load_readings
from bot.policy_lines import how_people_write
from tests.support.arrivals import NOON
from tests.support.shelf import tokenizer


@cache
def spelling() -> Spelling:
    return Spelling(how_people_write(), tokenizer().cut, load_readings())


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("請問專利開放許可收費嗎", "请问专利开放许可收费吗"),
        ("這筆資訊在哪裡", "这笔信息在哪里"),
        ("zhuanli kaifang xuke shi shenme", "专利开放许可是什么"),
        ("nianfei怎么交", "年费怎么交"),
        ("zenmeshengming", "怎么声明"),
        ("tuiding", "退订"),
        ("ZHUANLI zhiya", "专利质押"),
        ("普通徐可", "普通许可"),
        ("备安要几天", "备案要几天"),
    ],
)
def test_it_is_read_as_it_is_usually_written(typed: str, meant: str) -> None:
    assert spelling().repaired(spelling().plain(typed)) == meant


@pytest.mark.parametrize(
    "typed",
    [
        "ZL 2021 1 0123456.7",
        "H01M10/0525",
        "LED灯",
        "5G",
        "WiFi模块",
        "hello world",
        "ok",
        "PCB板",
        "AI",
        "😀",
        "",
        "BC",
        "x" * 3000,
    ],
)
def test_codes_and_foreign_words_stay(typed: str) -> None:
    assert spelling().repaired(spelling().plain(typed)) == typed


def test_no_title_of_a_patent_is_changed() -> None:
    titles = [listing.title for listing in demonstration_listings(day_of(NOON))]
    assert len(titles) > 600
    assert [title for title in titles if spelling().plain(title) != title] == []


def test_lines_in_simplified_characters_stay_but_for_slips() -> None:
    lines = [line for line in how_people_write() if not any("a" <= letter.lower() <= "z" for letter in line)]
    plain = [spelling().plain(line) for line in lines]
    assert [line for line in plain if len(spelling().repaired(line)) != len(line)] == []
    assert sum(spelling().repaired(line) != line for line in plain) < 0.03 * len(lines)


@given(st.text(max_size=80) | st.text(st.sampled_from("年费砖利许克 zhuanlinianfei'ü的"), max_size=60))
def test_any_text_comes_back_as_some_text_and_settles(typed: str) -> None:
    once = spelling().plain(typed)
    assert isinstance(once, str)
    assert len(once) <= len(typed) + 10
    assert bool(once.strip()) == bool(typed.strip())
    assert len(spelling().repaired(once)) == len(once)


def test_the_table_of_sounds_covers_the_common_characters() -> None:
    readings = load_readings()
    assert len(readings) == 6763
    assert all(sound.isascii() and sound.islower() for sounds in readings.values() for sound in sounds)


@pytest.mark.parametrize(
    ("said", "heard"), [("zhuan", "zuan"), ("li", "ni"), ("ying", "yin"), ("chang", "can"), ("fei", "fei")]
)
def test_sounds_that_hubei_does_not_tell_apart_are_one(said: str, heard: str) -> None:
    assert fuzzy(said) == heard
