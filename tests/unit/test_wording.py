"""The ((占位符)) engine: templates can be filled and do nothing else; a value never acts as a template."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.wording import WordingError, fill, placeholders

plain_texts = st.text(st.characters(exclude_characters="(（)）?？", codec="utf-8"), max_size=30)
names = st.text(st.characters(categories=("Lu", "Ll", "Lo", "Nd")), min_size=1, max_size=6)
holes = ["((", "))", "（（", "））", "??", "？？", "((名称))", "((名称??甲))", "（（名称））"]
look_alikes = [*holes, "{0}", "%s", "\\g<0>", "\\1", "$name", "甲", " ", "\n"]
wild_values = st.lists(st.sampled_from(look_alikes) | st.characters(codec="utf-8"), max_size=8).map("".join)


def filled(template: str) -> str | None:
    """With a one-letter value for every name; None where the template is refused."""
    try:
        return fill(template, dict.fromkeys(placeholders(template), "值"))
    except WordingError:
        return None


@pytest.mark.parametrize(
    ("template", "values", "said"),
    [
        ("您好", {}, "您好"),
        ("您好((称呼))", {"称呼": "王工"}, "您好王工"),
        ("您好（（称呼））", {"称呼": "王工"}, "您好王工"),
        ("您好（（称呼))", {"称呼": "王工"}, "您好王工"),
        ("(( 称呼 ))好", {"称呼": "王工"}, "王工好"),
        ("((甲))((乙))((甲))", {"甲": "1", "乙": "2"}, "121"),
        ("费用((备注??（((备注))）))", {"备注": "一次付清"}, "费用（一次付清）"),
        ("费用((备注??（((备注))）))", {"备注": ""}, "费用"),
        ("费用（（备注？？，((备注))））", {"备注": "面谈"}, "费用，面谈"),
        ("((甲??A((乙??B((丙))))))", {"甲": "x", "乙": "y", "丙": "z"}, "ABz"),
        ("((甲??A((乙??B((丙))))))", {"甲": "x", "乙": "", "丙": "z"}, "A"),
        ("((甲??A((乙))))", {"甲": "", "乙": "y"}, ""),
        ("((甲??一行\n))尾", {"甲": "1"}, "一行\n尾"),
        ("真的吗？？(一)", {}, "真的吗？？(一)"),
        ("好(一)((甲))", {"甲": "1"}, "好(一)1"),
        ("真的吗？？((甲))", {"甲": "1"}, "真的吗？？1"),
        ("（见（注））((甲))", {"甲": "1"}, "（见（注））1"),
        ("((甲??要吗？？))", {"甲": "1"}, "要吗？？"),
    ],
)
def test_a_template_is_filled(template: str, values: dict[str, str], said: str) -> None:
    assert fill(template, values) == said


@pytest.mark.parametrize(
    "template", ["((号码))", "（（号码））", "x((号码??有))", "((甲??((号码))))", "((甲))((号码))"]
)
def test_a_missing_value_is_an_error_and_not_a_hole(template: str) -> None:
    with pytest.raises(WordingError, match="号码"):
        fill(template, {"甲": "1"})


@pytest.mark.parametrize("template", ["((号码", "好((甲))((号码??甲", "（（号码", "((甲??((乙))"])
def test_an_unclosed_placeholder_is_an_error(template: str) -> None:
    with pytest.raises(WordingError, match="unclosed"):
        fill(template, {"甲": "1", "乙": "2", "号码": "3"})
    with pytest.raises(WordingError):
        placeholders(template)


@given(value=wild_values, before=plain_texts, after=plain_texts)
def test_a_value_that_looks_like_a_template_stays_as_it_is(value: str, before: str, after: str) -> None:
    assert fill(f"{before}((甲)){after}", {"甲": value, "名称": "漏"}) == before + value + after
    assert (
        fill(f"{before}((甲??【((甲))】)){after}", {"甲": value, "名称": "漏"})
        == before + (f"【{value}】" if value else "") + after
    )


@given(first=wild_values, second=wild_values)
def test_two_values_never_meet(first: str, second: str) -> None:
    assert fill("((甲))-((乙))", {"甲": first, "乙": second, "名称": "漏"}) == f"{first}-{second}"


@given(text=plain_texts)
def test_words_without_placeholders_are_themselves(text: str) -> None:
    assert fill(text, {}) == text
    assert placeholders(text) == frozenset()


@given(parts=st.lists(st.tuples(plain_texts, names, st.booleans(), st.booleans()), max_size=6))
def test_the_named_placeholders_are_exactly_what_filling_needs(parts: list[tuple[str, str, bool, bool]]) -> None:
    template, said = "", ""
    for before, name, optional, wide in parts:
        hole = f"(({name}??<(({name}))>))" if optional else f"(({name}))"
        template += before + (hole.replace("((", "（（").replace("))", "））").replace("??", "？？") if wide else hole)
        said += before + (f"<值{name}>" if optional else f"值{name}")
    asked = placeholders(template)
    assert asked == {name for _, name, _, _ in parts}
    assert fill(template, {name: f"值{name}" for name in asked}) == said
    for name in asked:
        with pytest.raises(WordingError):
            fill(template, {other: "1" for other in asked if other != name})


@given(template=st.text(st.sampled_from("((()）（?？甲乙 \n"), max_size=30))
def test_any_template_is_filled_or_refused(template: str) -> None:
    said = filled(template)
    holds_a_hole = "((" in template.replace("（（", "((")
    assert said == template if not holds_a_hole else said is None or len(said) <= len(template)
