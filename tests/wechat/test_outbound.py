"""What goes out: one well-formed message in the request's format, whatever the words are."""

from __future__ import annotations

import json
import re
import unicodedata
from typing import Any

import pytest
import xmltodict
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import etree
from wechatpy import parse_message
from wechatpy.crypto import WeChatCrypto

from backend.domain.reply import Reply, ReplyKind
from bot.simulator.phone import from_body, item_of
from bot.wechat.crypto import MessageCrypt
from bot.wechat.outbound import Envelope, Format, respond
from tests.support.door import ACCOUNT, APP_ID, KEY, NONCE, NOW, OPENID, SEAL, TOKEN

CRYPT = MessageCrypt(TOKEN, KEY, APP_ID)
INJECTION = "a]]></Content><Injected>1</Injected><Content><![CDATA[b"
LINK = re.compile(r"weixin\s*:\s*//", re.IGNORECASE)
HEAD = {"ToUserName", "FromUserName", "CreateTime", "MsgType"}
EVIL = [
    "]]>", "]]", ">", "]]]]>>", "<![CDATA[", INJECTION, "</xml>", "&amp;", "&#0;", "<!DOCTYPE x>", "weixin", "WeiXin",
    "://", ":", "//", "weixin://bizmsgmenu?msgmenucontent=x", "weixin\x00://", "wei\u202exin://", "\x00", "\x0b", "\x1b",
    "\x85", "\r\n", "\r", "\n", "\t", " ", "\u202a", "\u202e", "\u2066", "\u2069", "\u200f", "\ufeff", "\ufffe",
    "\uffff", "\ud800", "\udfff", "开放许可", "😀", "👩\u200d🔬", '"', "\\", "\\u0000", "}", "\u2028",
]  # fmt: skip
WORDS = st.lists(st.sampled_from(EVIL) | st.text(st.characters(), max_size=8), max_size=12).map("".join)


def sent(reply: Reply, form: Format, *, sealed: bool = False, to: str = OPENID) -> bytes:
    return respond(reply, to=to, account=ACCOUNT, envelope=Envelope(form, NONCE, str(NOW), CRYPT if sealed else None))


def is_harmless(text: str) -> bool:
    """By Unicode's own tables, not by ours."""
    overrides = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
    return not LINK.search(text) and all(
        letter in "\n\t"
        or (
            unicodedata.category(letter) not in {"Cc", "Cs"}
            and unicodedata.bidirectional(letter) not in overrides
            and letter not in "\u200e\u200f\ufeff\ufffe\uffff"
        )
        for letter in text
    )


def one_message(body: bytes, names: set[str]) -> dict[str, str]:
    """The XML's fields: each of these elements once, in one root, and nothing else."""
    root = etree.fromstring(body)
    assert root.tag == "xml"
    assert sorted(child.tag for child in root) == sorted(names)
    assert not [leaf for child in root if child.tag != "Articles" for leaf in child]
    return {child.tag: child.text or "" for child in root}


@given(WORDS)
@example(INJECTION)
@example("weixin://bizmsgmenu?msgmenucontent=同意&msgmenuid=1")
def test_a_text_is_one_content_in_xml(text: str) -> None:
    body = sent(Reply(ReplyKind.TEXT, text), Format.XML)
    content = one_message(body, HEAD | {"Content"})["Content"]
    assert is_harmless(content)
    peer = xmltodict.parse(body)["xml"]
    assert set(peer) == HEAD | {"Content"}
    assert (peer["Content"] or "").strip() == content.strip()
    assert (parse_message(body).content or "").strip() == content.strip()
    if is_harmless(text):
        assert content == text


@given(WORDS)
@example(INJECTION)
def test_a_text_is_one_content_in_json(text: str) -> None:
    message = json.loads(sent(Reply(ReplyKind.TEXT, text), Format.JSON))
    assert set(message) == HEAD | {"Content"}
    assert is_harmless(message["Content"])
    assert (
        message["Content"] == one_message(sent(Reply(ReplyKind.TEXT, text), Format.XML), HEAD | {"Content"})["Content"]
    )


@given(title=WORDS, text=WORDS, url=WORDS, picture=WORDS, form=st.sampled_from(list(Format)))
def test_an_article_is_one_item_whatever_is_in_it(title: str, text: str, url: str, picture: str, form: Format) -> None:
    body = sent(Reply(ReplyKind.ARTICLE, text, title, url, picture), form)
    if form is Format.XML:
        fields = one_message(body, HEAD | {"ArticleCount", "Articles"})
        items = etree.fromstring(body).findall("Articles/item")
        assert fields["ArticleCount"] == "1"
        assert [[leaf.tag for leaf in item] for item in items] == [["Title", "Description", "PicUrl", "Url"]]
        values = [leaf.text or "" for leaf in items[0]]
    else:
        message = json.loads(body)
        assert set(message) == HEAD | {"ArticleCount", "Articles"}
        assert [set(item) for item in message["Articles"]] == [{"Title", "Description", "PicUrl", "Url"}]
        values = list(message["Articles"][0].values())
    assert all(map(is_harmless, values))


@given(WORDS)
def test_an_openid_out_of_order_cannot_break_out(openid: str) -> None:
    """Only what came in is sent back, but a plain door's body is not signed."""
    cleaned = openid.encode("utf-8", "ignore").decode()
    if is_harmless(cleaned):
        fields = one_message(sent(Reply.of("x"), Format.XML, to=cleaned), HEAD | {"Content"})
        assert fields["ToUserName"] == cleaned


@pytest.mark.parametrize("form", list(Format))
@pytest.mark.parametrize(
    "written", ["weixin://a", "WEIXIN://a", "weixin : // a", "wei\x00xin:\u202e//a", "weixin:\n//a"]
)
def test_a_link_that_speaks_for_its_reader_is_no_link(form: Format, written: str) -> None:
    shown = item_of(from_body(sent(Reply.of(f'<a href="{written}">点我</a>'), form).decode()))
    assert shown
    assert not LINK.search(shown["text"])
    assert "点我" in shown["text"]


@pytest.mark.parametrize("form", list(Format))
def test_honest_links_and_words_stay_as_they_are(form: Format) -> None:
    words = '<a href="https://www.cnipa.gov.cn/x?a=1&b=2">国家知识产权局</a>\n价格<5万 ✓ 微信：weixin'
    assert item_of(from_body(sent(Reply.of(words), form).decode())) == {"kind": "text", "text": words}


ARTICLE = Reply(ReplyKind.ARTICLE, "说明", "标题", "https://a.cn/b?c=1&d=2", "https://a.cn/p.jpg")
SHOWN: list[tuple[Reply, dict[str, Any]]] = [
    (Reply.of("好的"), {"kind": "text", "text": "好的"}),
    (
        ARTICLE,
        {"kind": "news", "title": "标题", "description": "说明", "url": ARTICLE.url, "picture": ARTICLE.picture_url},
    ),
    (Reply(ReplyKind.TO_STAFF), {"kind": "event", "text": "transfer_customer_service"}),
]


@pytest.mark.parametrize("form", list(Format))
@pytest.mark.parametrize(("reply", "shown"), SHOWN, ids=["text", "article", "to staff"])
def test_the_phone_shows_what_was_meant(reply: Reply, shown: dict[str, Any], form: Format) -> None:
    assert item_of(from_body(sent(reply, form).decode())) == shown


@pytest.mark.parametrize("form", list(Format))
@pytest.mark.parametrize("reply", [reply for reply, _ in SHOWN], ids=["text", "article", "to staff"])
def test_a_sealed_answer_opens_at_two_peers_to_the_same(reply: Reply, form: Format) -> None:
    body = sent(reply, form, sealed=True).decode()
    outer = json.loads(body) if form is Format.JSON else xmltodict.parse(body)["xml"]
    opened = SEAL.open(outer["Encrypt"])
    peer = WeChatCrypto(TOKEN, KEY, APP_ID)
    assert peer.decrypt_message(outer, outer["MsgSignature"], str(outer["TimeStamp"]), outer["Nonce"]) == opened
    assert outer["Nonce"] == NONCE
    assert item_of(from_body(opened)) == item_of(from_body(sent(reply, form).decode()))


def test_handing_over_to_staff_names_nobody() -> None:
    fields = one_message(sent(Reply(ReplyKind.TO_STAFF), Format.XML), HEAD)
    assert fields["MsgType"] == "transfer_customer_service"
    assert (fields["ToUserName"], fields["FromUserName"]) == (OPENID, ACCOUNT)


@pytest.mark.parametrize("form", list(Format))
@pytest.mark.parametrize("sealed", [False, True])
def test_nothing_is_the_word_success(form: Format, sealed: bool) -> None:
    assert sent(Reply.of(""), form, sealed=sealed) == b"success"
