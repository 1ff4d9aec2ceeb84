"""Places of Hubei by every name people use, and never inside a longer word."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.hubei import places as units
from bot.nlu.gazetteer import PlaceName, place_names
from bot.nlu.grammar.places import HIDING, Places
from bot.policy_lines import NLU_DATA

NAMES = place_names(NLU_DATA / "gazetteer")
PLACES = Places(NAMES)
said_names = st.sampled_from(NAMES)


def read(text: str) -> list[tuple[str, str]]:
    return [(found.said, found.code) for found in PLACES.find(text)]


@pytest.mark.parametrize(
    ("text", "said", "code"),
    [
        ("十堰市", "十堰市", "420300"), ("东湖高新区", "东湖高新区", "420100"), ("汉口", "汉口", "420100"),
        ("江城", "江城", "420100"),
        ("武汉光谷有没有", "武汉光谷", "420100"), ("光谷的激光专利", "光谷", "420100"), ("恩施的茶叶", "恩施", "422800"),
        ("神农架林区", "神农架林区", "429021"), ("换成宜昌", "宜昌", "420500"), ("襄阳市高新区", "襄阳市", "420600"),
        ("沙市的专利", "沙市", "421000"), ("仙桃无纺布", "仙桃", "429004"), ("潜江小龙虾", "潜江", "429005"),
        ("葛店", "葛店", "420700"),
        ("武汉经开区的", "武汉经开区", "420100"),
    ],
)  # fmt: skip
def test_a_place_is_found_by_the_name_people_use(text: str, said: str, code: str) -> None:
    assert read(text) == [(said, code)]


@pytest.mark.parametrize(
    "text",
    ["长沙市", "长江城市群", "推广水稻", "永远安全", "适宜城镇", "集团风险", "适应城市", "每当阳光", "大彻大悟", "社团风采",
     "五粮液", "三家公司", "一种方法", "北京", "湖南", "公安机关", "青山绿水", "温泉酒店", ""],
)  # fmt: skip
def test_a_name_inside_a_longer_word_is_no_place(text: str) -> None:
    assert read(text) == []


def test_the_same_letters_alone_are_the_place() -> None:
    hidden = {short for short in HIDING if read(short)}
    assert hidden >= {"沙市", "江城", "广水", "远安", "宜城", "团风", "应城", "当阳", "汉川", "大悟"}


@given(name=said_names)
def test_every_name_of_the_gazetteer_is_found_whole(name: PlaceName) -> None:
    assert (name.said, name.code) in read(name.said)
    assert read(f"，{name.said}。") == read(name.said)
    assert len(read(name.said)) == 1


@given(one=said_names, other=said_names)
def test_two_places_are_two_and_in_order(one: PlaceName, other: PlaceName) -> None:
    assert read(f"{one.said}，{other.said}") == [*read(one.said), *read(other.said)]


def test_every_name_lies_in_one_of_the_seventeen_units() -> None:
    assert {name.code for name in NAMES} == set(units())
    said = [name.said for name in NAMES]
    assert sorted({word for word in said if said.count(word) > 1}) == []
    assert [len(word) for word in said] == sorted(map(len, said), reverse=True)


@pytest.mark.parametrize("code", sorted(units()))
def test_every_unit_is_found_by_its_official_names(code: str) -> None:
    assert read(units()[code].name) == [(units()[code].name, code)]
    assert read(units()[code].short) == [(units()[code].short, code)]


@given(
    text=st.lists(
        st.sampled_from([*(name.said for name in NAMES[::7]), "市", "长", "区", "，", "的", "沙市"]), max_size=12
    ).map("".join)
)
def test_finds_lie_inside_the_text_and_never_overlap(text: str) -> None:
    text += "，武汉"
    found = list(PLACES.find(text))
    assert found
    assert all(text[hit.span.start : hit.span.end] == hit.said for hit in found)
    assert all(one.span.end <= two.span.start for one, two in pairwise(found))
