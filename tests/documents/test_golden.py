"""docx, PDF and contents say the same, word for word; the contents say what the law asks for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from backend.documents import forms
from backend.documents.contents import Contents
from backend.documents.wording import words
from backend.domain.listings import Listing, Track
from backend.services.pool.table_file import columns
from tests.documents.readers import of_contents, of_docx, of_pdf
from tests.documents.subjects import DAY, FEES, declaration, every_document, full_listing, press, shapes
from tests.support.builders import make_listing

STATUTORY = full_listing()
PILOT = full_listing(track=Track.PILOT)


def values(contents: Contents) -> dict[str, str]:
    return {line.label: line.value for line in contents.lines}


@pytest.mark.parametrize("listing", shapes())
def test_docx_and_pdf_say_what_the_contents_say(listing: Listing) -> None:
    for contents in every_document(listing):
        said = of_contents(contents)
        assert of_docx(press().docx(contents)) == said, contents.document
        assert of_pdf(press().pdf(contents)) == said, contents.document


def test_the_declaration_states_what_article_85_lists() -> None:
    said = values(forms.declaration_form(declaration(**_as_changes(STATUTORY))))
    assert said["专利号"].startswith("ZL 20")
    assert said["全体专利权人"] == "江城测试大学；武汉测试材料有限公司"
    assert said["支付方式"] == "一次总付"
    assert said["许可使用费标准"] == "一次总付人民币 1,234,567.5 元"
    assert said["计算依据和方式"] == "参照同类许可。\n逐项计算。"
    assert said["许可期限届满日"] == "2030年12月31日"
    assert said["单次许可年限"] == "3 年"
    assert said["专利权评价报告"] == "W20230001"
    assert said["日期"] == "2026年11月22日"


def _as_changes(listing: Listing) -> dict[str, object]:
    return {name: getattr(listing, name) for name in Listing.__dataclass_fields__}


def test_a_statutory_license_is_open_to_anybody_whatever_was_typed() -> None:
    """Patent Law art. 50: any entity or person; a pilot listing may be narrower and says that it is none."""
    statutory, pilot = (values(every_document(listing)[0]) for listing in (STATUTORY, PILOT))
    assert (statutory["被许可人"], statutory["许可地域"]) == ("任何单位或者个人", "中国境内")
    assert (pilot["被许可人"], pilot["许可地域"]) == ("中小微企业", "湖北省")
    assert any("不是" in text and "开放许可" in text for text in every_document(PILOT)[0].texts())


@pytest.mark.parametrize(
    ("fee", "standard"),
    list(
        zip(
            FEES,
            [
                "免费许可，许可使用费为 0 元",
                "一次总付人民币 1,234,567.5 元",
                "总额人民币 90,000 元，分期支付：三年，每年三万元",
                "按净销售额的 2.5% 提成",
                "每单位产品提成 0.35 元",
                "入门费人民币 5,000 元，另按利润的 8% 提成",
            ],
            strict=True,
        )
    ),
)
def test_the_standard_of_the_fee_is_spelled_out(fee: object, standard: str) -> None:
    assert values(forms.declaration_form(declaration(fee=fee)))["许可使用费标准"] == standard


def test_every_holder_has_a_place_to_sign_and_nothing_is_signed_for_them() -> None:
    for contents in every_document(STATUTORY)[:4]:
        said = values(contents)
        assert [said[f"{holder}（签章）"] for holder in STATUTORY.holders] == ["", ""]


def test_what_was_not_said_is_not_on_the_form() -> None:
    said = values(forms.declaration_form(declaration()))
    assert not {"统一社会信用代码", "专利权评价报告", "质押", "技术指导", "协议定价公示"} & set(said)
    assert "" not in {value for label, value in said.items() if "签章" not in label}


def test_the_forms_use_the_words_of_the_information_table() -> None:
    for column in columns():
        if column["field"] not in {"kind", "holder_type", "method", "guidance"}:
            continue
        for meaning, word in words()[column["field"]].items():
            assert column["choices"][word.partition("（")[0]] == meaning


def test_a_review_page_gets_the_same_lines() -> None:
    contents = forms.declaration_form(declaration())
    plain = contents.plain()
    listed = [(line["label"], line["value"]) for part in plain["parts"] for line in part["lines"]]
    assert listed == [(line.label, line.value) for line in contents.lines]
    assert listed[0] == ("专利号", values(contents)["专利号"])


def test_the_reason_of_a_withdrawal_and_its_announcement_are_stated() -> None:
    withdrawn = every_document(STATUTORY)[1]
    assert values(withdrawn)["撤回理由"] == "拟转让专利权。"
    assert values(withdrawn)["开放许可声明公告号"] == "KF2026000001"
    assert any("不影响在先给予的开放许可" in text for text in withdrawn.texts())


def test_a_consent_names_every_holder_and_the_terms_agreed_to() -> None:
    letter = forms.consent_letter(replace(declaration(), listing=STATUTORY, on=DAY))
    assert values(letter)["专利权人数"] == "2"
    assert values(letter)["许可使用费标准"] == values(every_document(STATUTORY)[0])["许可使用费标准"]
    assert make_listing().holders[0] in values(letter)["全体专利权人"]
