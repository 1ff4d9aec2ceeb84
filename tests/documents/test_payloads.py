"""What a person typed stands on paper as it was typed, or cleaned; it never acts and never stops a document."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.documents import forms
from backend.documents.characters import GETA, clean, is_drawn
from backend.documents.contents import Contents
from backend.documents.subject import Declaration, Withdrawal
from backend.domain.listings import Contact, Listing
from tests.documents.payloads import payloads
from tests.documents.readers import of_contents, of_docx, of_pdf
from tests.documents.subjects import DAY, full_listing, press

FULL = full_listing()
PAYLOADS = payloads()


def with_texts(texts: list[str]) -> Listing:
    """Ten texts of a person in the ten places that take one."""
    title, first, second, name, phone, email, note, report, publicity, code = texts
    return replace(
        FULL,
        title=title,
        holders=(first, second),
        contact=Contact(name=name, phone=phone, email=email),
        fee=replace(FULL.fee, note=note),
        evaluation_report=report or "W1",
        price_publicity=publicity,
        credit_code=code,
    )


def drawn_alike(contents: Contents) -> None:
    said = of_contents(contents)
    assert of_docx(press().docx(contents)) == said
    assert of_pdf(press().pdf(contents)) == said


def test_there_are_enough_of_them() -> None:
    assert len(PAYLOADS) > 250


@pytest.mark.parametrize("at", range(0, len(PAYLOADS), 5))
def test_a_payload_in_any_place_is_text(at: int) -> None:
    texts = [PAYLOADS[(at + step) % len(PAYLOADS)] for step in range(10)]
    contents = forms.declaration_form(Declaration(listing=with_texts(texts), on=DAY))
    said = {line.label: line.value for line in contents.lines}
    for label, text in zip(
        ("发明创造名称", "计算依据和方式", "统一社会信用代码"), (texts[0], texts[6], texts[9]), strict=True
    ):
        assert said.get(label, "") == clean(text)
    drawn_alike(contents)


def test_a_payload_in_a_letter_and_in_a_reason_is_text() -> None:
    for at in range(0, len(PAYLOADS), 25):
        texts = [PAYLOADS[(at + step) % len(PAYLOADS)] for step in range(10)]
        drawn_alike(forms.consent_letter(Declaration(listing=with_texts(texts), on=DAY)))
        drawn_alike(
            forms.withdrawal_form(Withdrawal(listing=with_texts(texts), on=DAY, reason="因 " + "\n".join(texts)))
        )


@pytest.mark.parametrize(
    "code", ["{{7*7}}", "{% if 1 %}y{% endif %}", '#eval("1+1")', "$x^2$", "((专利号))", "{_{7*7}_}", "\\u{41}"]
)
def test_code_is_printed_to_the_letter(code: str) -> None:
    contents = forms.declaration_form(Declaration(listing=replace(FULL, title=code), on=DAY))
    assert code.replace(" ", "") in of_docx(press().docx(contents))
    assert code.replace(" ", "") in of_pdf(press().pdf(contents))


@settings(max_examples=60)
@given(st.lists(st.text(max_size=60), min_size=10, max_size=10))
def test_any_text_at_all_is_drawn_alike(texts: list[str]) -> None:
    drawn_alike(forms.declaration_form(Declaration(listing=with_texts(texts), on=DAY)))


@given(st.text(max_size=80))
def test_clean_text_is_drawn_and_stays_clean(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert all(letter == "\n" or is_drawn(letter) for letter in once)


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("机器😀人", f"机器{GETA}人"),
        ("👨\u200d👩\u200d👧", GETA),
        ("一行\r\n二行\r三行", "一行\n二行\n三行"),
        ("\u202e倒着\u202c", "倒着"),
        ("a\x00\x07b", "ab"),
        ("⼀种⼿机", "一种手机"),
        ("e\u0301", "é"),
        ("a\n\n\n\nb", "a\n\nb"),
        ("①㎡Ⅳ｜𠮷", "①㎡Ⅳ｜𠮷"),
        (" \u00a0x\t y ", "x  y"),
    ],
)
def test_what_cannot_stand_on_paper_is_mended(typed: str, printed: str) -> None:
    assert clean(typed) == printed
