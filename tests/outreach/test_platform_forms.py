"""The platform's templates: our values fit them, and what does not is found before a call is made."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.deliveries import Channel, Notice
from backend.domain.notice_fields import TAKES, THING, FieldUnfit, fit
from backend.outreach.forms import Forms, demonstration_ids, load_templates
from bot.simulator.notices import TAKES as PLATFORM_TAKES

FORMS = Forms(demonstration_ids())
# What each value looks like at its longest; a template that asks for another one fails here.
VALUES = {
    "title": "一种用于新能源汽车动力电池热管理系统的高效散热装置及其控制方法",
    "number": "ZL202110000001.X",
    "state": "审核通过",
    "at": "2026-12-31 23:59",
    "matter": "开放许可声明撤回公告及其对在先许可的影响",
    "note": "在先给予的许可不受影响，详情请回复“人工”",
    "starts": "2026年12月31日 14:30",
    "place": "武汉市洪山区珞喻路 1037 号国际学术交流中心三楼报告厅",
    "topic": "激光切割、五万以内、武汉",
    "count": "12",
    "day": "2026-12-31",
    "news": "时间或地点有变动，请到公众号看新的安排",
    "reason": "与您填写的主营产品“钣金加工”相符",
}


@pytest.mark.parametrize("key", sorted(load_templates()))
def test_our_longest_values_fit_every_template(key: str) -> None:
    template = load_templates()[key]
    filled = FORMS.fitting(Notice(key, VALUES), {})
    assert set(filled) == template.channels
    for form in filled.values():
        for name, value in form.fields.items():
            assert PLATFORM_TAKES[name.rstrip("0123456789")](value), name


def test_only_service_notices_are_template_messages() -> None:
    assert not [held for held in load_templates().values() if held.purpose and Channel.TEMPLATE in held.channels]


@given(st.text(max_size=80))
def test_a_thing_always_fits_or_is_empty(text: str) -> None:
    try:
        said = fit("thing1", text, cut=True)
    except FieldUnfit:
        assert not text.split()
    else:
        assert 0 < len(said) <= THING
        assert "\n" not in said


@given(st.sampled_from(sorted(TAKES)), st.text(max_size=40))
def test_what_we_let_through_the_platform_takes(kind: str, text: str) -> None:
    try:
        said = fit(f"{kind}1", text)
    except FieldUnfit:
        return
    if kind in PLATFORM_TAKES:
        assert PLATFORM_TAKES[kind](said)


@pytest.mark.parametrize("field", ["first", "thing", "keyword1", "remark", "1"])
def test_fields_that_the_platform_no_longer_has_are_refused(field: str) -> None:
    with pytest.raises(FieldUnfit):
        fit(field, "x")


@pytest.mark.parametrize("notice", [Notice("unknown", VALUES), Notice("declaration", {"title": "x"}), None])
def test_a_notice_without_a_fitting_form_has_none(notice: Notice | None) -> None:
    assert FORMS.fitting(notice, {}) == {}
    assert Forms().fitting(Notice("declaration", VALUES), {}) == {}
