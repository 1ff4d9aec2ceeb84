"""Pages over the chat's drafts: whose they are, what a post may do, and that it is one draft whichever way it is filled."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.domain.deeds import DropDraft, SaveDraft
from backend.domain.drafts import Draft, Flow
from backend.services.deeds import carry_out
from backend.services.mine import declarations_of
from backend.store.database import Database
from backend.store.schema import upgrade
from bot.dialogue.flows.catalogue import FORMS
from bot.dialogue.flows.heard import Frame
from tests.support.busy_office import EVIL
from tests.support.declarant import NOON, TEXTS, make_entry
from tests.support.threads import together
from tests.support.visitors import AFTER_CONSENT, BASE, NUMBER, PageOffice, Visitor320, begun, open_pages


@pytest.fixture
def pages(database: Database, tmp_path: Path) -> PageOffice:
    return open_pages(database, tmp_path)


@pytest.fixture
def small(shelf: Database, tmp_path: Path) -> PageOffice:
    """On SQLite only, for what does not touch the store in a way of its own."""
    return open_pages(shelf, tmp_path)


# one draft, two ways


def test_a_declaration_is_filled_in_on_pages_and_submitted_once(pages: PageOffice) -> None:
    begun(pages)
    ming = pages.enter("ming")
    assert "接着填" in ming.words
    ming.get(pages.address())
    for step, sent in [
        ("holder_type", {"answer": "1"}),
        ("record", {"quick": "对"}),
        ("obstacles", {"quick": "都没有"}),
        ("method", {"answer": "2"}),
        ("lump_sum_yuan", {"answer": "50000"}),
        ("fee_note", {"answer": "按合同约定的账户支付。\r\n第二行"}),
        ("license_ends_on", {"answer": "2030-12-31"}),
        ("license_years", {"answer": "3年"}),
        ("guidance", {"answer": "3"}),
        ("contact_name", {"answer": "张三"}),
        ("contact_phone", {"answer": "13800000000"}),
        ("contact_public", {"quick": "是"}),
    ]:
        assert ming.asks == step, ming.words
        assert ming.post(f"{pages.address()}/{step}", **sent).status_code == 200, ming.words
    assert "请核对您填的内容" in ming.words
    review = ming.page
    sent_form = dict(re.findall(r'name="(seen|flow|subject)" value="([^"]*)"', review))
    first = ming.post(f"{pages.address()}/submit", **sent_form)
    second = ming.post(f"{pages.address()}/submit", **sent_form)
    assert "已提交" in first.text
    assert "已提交" in second.text
    (held,) = declarations_of(pages.database, "ming")
    assert (held.number, held.answers["fee_note"]) == (NUMBER, "按合同约定的账户支付。\n第二行")
    assert (held.answers["lump_sum_yuan"], held.answers["contact_public"]) == ("50000", True)
    assert not pages.drafts()
    link = re.search(r'href="(/h5/declaration/[^"]+)"', ming.page)
    assert link
    assert "等待核验" in ming.get(link[1]).text


def test_many_taps_at_once_make_one_declaration(pages: PageOffice) -> None:
    begun(pages, *AFTER_CONSENT)
    tabs = [pages.enter("ming", pages.address()) for _ in range(5)]
    seen = dict(re.findall(r'name="(seen|flow|subject)" value="([^"]*)"', tabs[0].page))
    answers = together(5, lambda number: tabs[number].post(f"{pages.address()}/submit", **seen))
    assert ["已提交" in answer.text for answer in answers] == [True] * 5
    assert len(declarations_of(pages.database, "ming")) == 1


def test_answers_sent_at_once_are_all_kept(pages: PageOffice) -> None:
    begun(pages, *AFTER_CONSENT)
    sent = {"title": "一种测试用散热装置甲", "lump_sum_yuan": "70000", "contact_phone": "13900000000", "guidance": "1"}
    tabs = {step: pages.enter("ming", f"{pages.address()}/{step}") for step in sent}
    steps = list(sent)
    together(4, lambda at: tabs[steps[at]].post(f"{pages.address()}/{steps[at]}", answer=sent[steps[at]]))
    kept = pages.drafts()[0].answers
    assert {step: kept[step] for step in sent} == sent | {"guidance": "included"}


@pytest.fixture(scope="module")
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("interleaved")


def run(folder: Path, name: str, ways: tuple[bool, ...], changed: bool, sent_by_page: bool) -> dict[str, Any]:
    """The declaration that comes of the same words, each said in the chat or written on the page."""
    database = Database(f"sqlite:///{folder / name}.db")
    upgrade(database)
    pages = open_pages(database, folder)
    chat, ming = begun(pages), pages.enter("ming")
    for on_page, words in zip(ways, AFTER_CONSENT, strict=False):
        if on_page:
            ming.get(pages.address())
            assert ming.fill(words).status_code == 200, ming.words
        else:
            chat.say(words)
    _change(pages, chat, ming, on_page=changed)
    if sent_by_page:
        ming.get(pages.address())
        ming.post(
            f"{pages.address()}/submit", **dict(re.findall(r'name="(seen|flow|subject)" value="([^"]*)"', ming.page))
        )
    else:
        chat.tell("提交")
        if pages.drafts():  # something was changed elsewhere: the review is shown once more
            chat.tell("提交")
    (held,) = declarations_of(database, "ming")
    assert not pages.drafts()
    database.close()
    return held.answers


def _change(pages: PageOffice, chat: Any, ming: Visitor320, *, on_page: bool) -> None:
    """The price is changed once more."""
    if on_page:
        ming.get(pages.address())
        ming.post(f"{pages.address()}/lump_sum_yuan", answer="8万元")
        return
    draft = pages.drafts()[0]
    listed = FORMS[Flow.DECLARE].path(draft.answers, Frame(today=NOON.date())).listed
    position = next(at for at, stop in enumerate(listed, 1) if stop.step.id == "lump_sum_yuan")
    chat.tell("继续", f"修改第{position}项", "8万元")


@settings(max_examples=8)
@given(ways=st.tuples(*[st.booleans()] * 8), changed=st.booleans(), sent=st.booleans())
def test_any_interleaving_gives_the_same_declaration(
    run_folder: Path, ways: tuple[bool, ...], changed: bool, sent: bool
) -> None:
    plain = len(list(run_folder.glob("*.db")))
    expected = run(run_folder, f"chat{plain}", (False,) * 8, changed=False, sent_by_page=False)
    assert expected["lump_sum_yuan"] == "80000"
    assert run(run_folder, f"both{plain}", ways, changed=changed, sent_by_page=sent) == expected


def test_where_much_is_to_be_written_the_chat_names_the_page(small: PageOffice) -> None:
    chat = small.chat()
    assert "/h5/" not in chat.tell("我要声明", NUMBER, "同意", "高校", "对", "都没有", "一次总付")
    link = re.search(r"(http\S+)", chat.say("5万元"))
    assert link
    assert link[1] == BASE + small.address()
    assert not any(known in link[1] for known in ("ming", NUMBER, "declare"))
    ming = small.enter("ming", link[1].removeprefix(BASE))
    assert ming.asks == "fee_note"
    ming.fill("按合同约定的账户支付。")
    assert "届满" in chat.say("继续")


def test_the_page_says_what_the_chat_says_of_a_wrong_answer(small: PageOffice) -> None:
    chat = begun(small, "高校", "对", "都没有", "一次总付")
    ming = small.enter("ming", small.address())
    answer = ming.fill("面议")
    assert answer.status_code == 422
    assert " ".join(TEXTS.templates["flow_common.error.negotiable"].split()) in ming.words
    assert 'value="面议"' in ming.page
    assert "不能“面议”" in chat.say("面议")


def test_a_doubtful_answer_is_settled_by_one_button(small: PageOffice) -> None:
    begun(small, "高校", "对", "都没有", "一次总付")
    ming = small.enter("ming", small.address())
    ming.fill("90000万元")
    assert "就按这个填" in ming.words
    ming.post(f"{small.address()}/lump_sum_yuan", sure="1")
    assert ming.asks == "fee_note"
    assert small.drafts()[0].answers["lump_sum_yuan"] == "900000000"


def test_what_changed_since_the_review_is_shown_once_more(small: PageOffice) -> None:
    chat = begun(small, *AFTER_CONSENT)
    ming = small.enter("ming", small.address())
    seen = dict(re.findall(r'name="(seen|flow|subject)" value="([^"]*)"', ming.page))
    chat.tell("改价格", "免费")
    ming.post(f"{small.address()}/submit", **seen)
    assert "请再看一遍" in ming.words
    assert not declarations_of(small.database, "ming")


def test_the_chat_says_that_the_page_has_submitted(small: PageOffice) -> None:
    chat = begun(small, *AFTER_CONSENT)
    ming = small.enter("ming", small.address())
    seen = dict(re.findall(r'name="(seen|flow|subject)" value="([^"]*)"', ming.page))
    ming.post(f"{small.address()}/submit", **seen)
    told = chat.say("提交")
    assert "已经提交过了" in told
    assert "ZL 2021 1 9900001" in told
    assert "等待核验" in told
    assert chat.flow is None
    assert len(declarations_of(small.database, "ming")) == 1
    assert "没有等待提交的内容" in chat.say("提交")


def test_a_question_after_the_page_has_submitted_is_answered(small: PageOffice) -> None:
    chat = begun(small, *AFTER_CONSENT)
    chat.entries = {"annuity": make_entry("annuity", "年费多少")}
    ming = small.enter("ming", small.address())
    seen = dict(re.findall(r'name="(seen|flow|subject)" value="([^"]*)"', ming.page))
    ming.post(f"{small.address()}/submit", **seen)
    assert "年费多少的答案" in chat.say("年费多少？")
    assert chat.flow is None


def test_a_draft_that_was_thrown_away_begins_anew(small: PageOffice) -> None:
    chat = begun(small)
    with small.database.write() as uow:
        carry_out(uow, "ming", DropDraft("declare", ""), at=NOON)
    assert "现在从头开始" in chat.say("高校")


def test_a_step_that_the_path_does_not_lead_to_is_not_answered(small: PageOffice) -> None:
    begun(small)
    ming = small.enter("ming", small.address())
    for step in ("contact_phone", "unit_yuan", "found", "sure", "nothing"):
        ming.post(f"{small.address()}/{step}", answer="13800000000")
        assert ming.asks == "holder_type"
        assert step not in small.drafts()[0].answers or step == "found"


def test_an_optional_answer_is_added_from_the_review(small: PageOffice) -> None:
    begun(small, *AFTER_CONSENT)
    ming = small.enter("ming", f"{small.address()}/scenes")
    long = "用于数据机房的散热。" * 90
    ming.fill(long)
    assert small.drafts()[0].answers["scenes"] == long
    assert long in ming.words


def test_every_question_of_every_flow_can_be_shown(small: PageOffice) -> None:
    """Whatever stands in a draft, its page opens."""
    for flow in Flow:
        with small.database.write() as uow:
            carry_out(uow, "ming", SaveDraft(Draft(flow=str(flow), answers={"number": NUMBER})), at=NOON)
        assert small.enter("ming", small.address(flow=str(flow))).get(small.address(flow=str(flow))).status_code == 200


@pytest.mark.parametrize("form", FORMS.values(), ids=lambda form: str(form.flow))
def test_every_offer_has_words(form: Any) -> None:
    for step in form.steps:
        assert all(meaning in {"", *TEXTS.answers[kind].values()} for kind, meaning in step.reader.offers)
        assert not step.reader.closed or step.reader.offers


# what people write


def test_what_people_write_is_never_markup(small: PageOffice) -> None:
    begun(small, *AFTER_CONSENT)
    ming = small.enter("ming", small.address())
    for step in ("scenes", "fee_note", "title"):
        ming.post(f"{small.address()}/{step}", answer=EVIL)
        ming.get(small.address())
        assert "alert(" in ming.words
        assert "<script" not in ming.page
        assert "<img src=x" not in ming.page
        ming.get(f"{small.address()}/{step}")
        assert "<script" not in ming.page
        assert "onerror=alert(1)&gt;&#34;" in ming.page
    wrong = ming.post(f"{small.address()}/contact_phone", answer=EVIL)
    assert wrong.status_code == 422
    assert "<script" not in wrong.text
    assert "<script" not in ming.get("/h5/declarations").text


def test_too_much_is_refused(small: PageOffice) -> None:
    begun(small)
    ming = small.enter("ming", small.address())
    assert ming.fill("字" * 40_000).status_code == 413
