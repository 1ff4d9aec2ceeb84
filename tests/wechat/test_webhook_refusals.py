"""The platform's door through HTTP: what is let in in each mode and format, and that everything else looks the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import httpx
import pytest

from backend.domain.reply import Reply, ReplyKind
from bot.simulator.seal import Seal, signature
from bot.wechat.webhook import Mode
from tests.support.door import (
    ANSWER,
    KEY,
    NONCE,
    NOW,
    OPENID,
    SEAL,
    TOKEN,
    WORDS,
    Door,
    body_of,
    letter,
    open_door,
    opened,
    seal_bytes,
    text_fields,
    unpadded,
    xml_of,
)

FORMS = ["xml", "json"]
SEALING = [Mode.COMPATIBLE, Mode.SAFE]


@pytest.fixture(params=list(Mode))
def mode(request: pytest.FixtureRequest) -> Mode:
    return Mode(request.param)


@pytest.fixture(params=FORMS)
def form(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def door(mode: Mode) -> Iterator[Door]:
    with open_door(mode) as held:
        yield held


def assert_refused(response: httpx.Response, door: Door, status: int = 403) -> None:
    """`Door.send` has already looked that the answer tells nothing."""
    assert response.status_code == status
    assert door.heard == []


# let in


def test_a_good_post_is_heard_and_answered_as_it_came(door: Door, mode: Mode, form: str) -> None:
    response = door.send(letter(mode, form))
    answer = opened(response, form, sealed=mode is not Mode.PLAIN)
    assert [incoming.text for incoming in door.heard] == [WORDS]
    assert (answer["Content"], answer["ToUserName"]) == (ANSWER.text, OPENID)
    assert response.headers["content-type"].startswith("text/xml" if form == "xml" else "application/json")


def test_nothing_to_say_is_the_word_success_in_the_clear(mode: Mode, form: str) -> None:
    with open_door(mode, Reply(ReplyKind.NOTHING)) as door:
        assert door.send(letter(mode, form)).content == b"success"


def test_a_repeated_post_is_no_replay_attack(door: Door, mode: Mode) -> None:
    post = letter(mode)
    assert [door.send(post).status_code for _ in range(3)] == [200] * 3
    assert len({incoming.key for incoming in door.heard}) == 1


def test_compatible_mode_believes_only_what_is_sealed(form: str) -> None:
    forged = text_fields("把所有的钱转给我", FromUserName="oSomebodyElse", MsgId=1)
    with open_door(Mode.COMPATIBLE) as door:
        door.send(letter(Mode.COMPATIBLE, form, beside=forged))
        assert [(heard.openid, heard.text) for heard in door.heard] == [(OPENID, WORDS)]


@pytest.mark.parametrize("late", [-600, 0, 600])
def test_ten_minutes_are_let_pass(door: Door, mode: Mode, late: int) -> None:
    assert door.send(letter(mode, at=NOW + late)).status_code == 200


# the sealed modes


@pytest.mark.parametrize("mode", SEALING)
def test_a_plain_body_does_not_get_through_a_sealed_door(door: Door, form: str) -> None:
    plain = letter(Mode.PLAIN, form)
    proof = signature(TOKEN, str(NOW), NONCE, "")
    for post in (
        plain,
        plain.asking(encrypt_type="aes"),
        plain.asking(encrypt_type="aes", msg_signature=plain.query["signature"]),
        plain.asking(encrypt_type="aes", msg_signature=proof),
        replace(plain.asking(encrypt_type="aes", msg_signature=proof), body=body_of({"Encrypt": ""}, form).encode()),
        replace(
            plain.asking(encrypt_type="aes", msg_signature=proof), body=body_of({"Encrypt": {"a": "b"}}, form).encode()
        ),
    ):
        assert_refused(door.send(post), door)


@pytest.mark.parametrize("mode", SEALING)
def test_each_part_of_the_address_is_needed(door: Door, mode: Mode, form: str) -> None:
    good = letter(mode, form)
    plain_signature = good.query["signature"]
    for wrong in (
        {"encrypt_type": ""},
        {"encrypt_type": "raw"},
        {"encrypt_type": "AES"},
        {"msg_signature": ""},
        {"msg_signature": plain_signature},
        {"msg_signature": "", "signature": good.query["msg_signature"]},
        {"msg_signature": good.query["msg_signature"].upper()},
        {"msg_signature": "0" * 40},
        {"timestamp": str(NOW - 1)},
        {"nonce": NONCE + "1"},
    ):
        assert_refused(door.send(good.asking(**wrong)), door)


@pytest.mark.parametrize("mode", SEALING)
@pytest.mark.parametrize(
    "sealed",
    [
        Seal(TOKEN, KEY, "wxanotheraccount00").close(xml_of(text_fields())),
        Seal(TOKEN, KEY[::-1], SEAL.app_id).close(xml_of(text_fields())),
        seal_bytes(unpadded("") + bytes(26)),
        seal_bytes(unpadded("") + b"\x21" * 26),
        seal_bytes(unpadded("") + b"\x01" * 25 + b"\x1a"),
        seal_bytes(unpadded("", length=2**32 - 1) + b"\x1a" * 26),
        seal_bytes(b"\x20" * 32),
        "QUJD",
        "不是密文",
    ],
    ids=["account", "key", "pad 0", "pad 33", "mixed pad", "length", "only pad", "no block", "no base64"],
)
def test_a_signed_but_wrongly_sealed_message_is_refused(door: Door, mode: Mode, form: str, sealed: str) -> None:
    assert_refused(door.send(letter(mode, form, sealed=sealed)), door)


@pytest.mark.parametrize("mode", SEALING)
def test_an_envelope_that_is_no_text_is_refused(door: Door) -> None:
    post = letter(Mode.SAFE, "json")
    assert_refused(door.send(replace(post, body=b'{"Encrypt": "\\ud800"}')), door)


def test_a_sealed_post_does_not_get_through_the_plain_door() -> None:
    with open_door(Mode.PLAIN) as door:
        assert_refused(door.send(letter(Mode.SAFE)), door)


# every mode: bodies nobody honest sends

# good messages but for their head
LAUGHS = '<!DOCTYPE a [<!ENTITY l "lol"><!ENTITY m "&l;&l;&l;">]>' + xml_of(text_fields()).replace(
    "<Content>", "<Content>&m;"
)
OUTSIDE = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY m SYSTEM "file:///etc/passwd">]>' + LAUGHS[LAUGHS.index("<xml>") :]
)
BARE = "<!DOCTYPE xml>" + xml_of(text_fields())
BODIES = {
    "laughs": LAUGHS.encode(),
    "outside": OUTSIDE.encode(),
    "no entity": BARE.encode(),
    "declared": b'<?xml version="1.0" encoding="UTF-8"?>\n' + BARE.encode(),
    "behind a mark": b"\xef\xbb\xbf" + BARE.encode(),
    "split by NUL": BARE.replace("DOCTYPE", "DOC\x00TYPE").encode(),
    "behind a comment": f"<!-- <![CDATA[ -->{BARE}<!-- ]]> -->".encode(),
    "behind an instruction": b"<?php echo 1 ?>" + BARE.encode(),
    "utf-7": b'<?xml version="1.0" encoding="UTF-7"?>' + BARE.encode("utf-7").replace(b"<!", b"+ADwAIQ-", 1),
    "utf-16": LAUGHS.encode("utf-16"),
    "not utf-8": xml_of(text_fields("许可")).encode("gbk"),
    "empty": b"",
    "no markup": b"hello",
    "broken": b"<xml><Content>",
    "a list": b'[{"MsgType": "text"}]',
    "broken json": b'{"MsgType": ',
    "deep json": b'{"a":' + b"[" * 30_000,
    "deep xml": b"<xml>" + b"<a>" * 9000,
    "bare xml": b"<xml>hello</xml>",
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())
def test_a_body_nobody_honest_sends_is_refused(door: Door, mode: Mode, body: bytes) -> None:
    post = replace(letter(mode), body=body)
    assert_refused(door.send(post), door, 400 if mode is Mode.PLAIN else 403)


@pytest.mark.parametrize("mode", SEALING)
@pytest.mark.parametrize("inner", [LAUGHS, OUTSIDE, BARE, "", "hello", "<xml><Content>", "[]"])
def test_an_authentic_message_that_is_broken_inside_is_malformed(door: Door, mode: Mode, inner: str) -> None:
    post = letter(mode, "xml", inner, sealed=SEAL.close(inner))
    assert_refused(door.send(post), door, 400)


@pytest.mark.parametrize(
    "wrong",
    [
        {"FromUserName": ""},
        {"FromUserName": "o" * 65},
        {"MsgType": ""},
        {"CreateTime": "yesterday"},
        {"CreateTime": ""},
        {"CreateTime": "9" * 30},
        {"CreateTime": {"a": "b"}},
    ],
    ids=str,
)
def test_an_authentic_message_without_its_head_is_malformed(
    door: Door, mode: Mode, form: str, wrong: dict[str, str]
) -> None:
    assert_refused(door.send(letter(mode, form, text_fields(**wrong))), door, 400)


@pytest.mark.parametrize("head", [b"hello", b"\xb2", b"-1", b"65537", b"9" * 5000])
def test_a_length_that_is_none_or_too_much_is_refused(door: Door, mode: Mode, head: bytes) -> None:
    post = letter(mode)
    assert_refused(door.send(post, headers=[(b"content-length", head)]), door)


def test_more_than_64_kib_is_refused_said_or_not(door: Door, mode: Mode) -> None:
    post = letter(mode, fields=text_fields("x" * 66_000))
    assert_refused(door.send(post), door)
    assert_refused(door.send(post, content=iter([post.body[:40_000], post.body[40_000:]])), door)
    assert_refused(door.send(post, headers={"content-length": "10"}), door)


def test_64_kib_are_let_in_without_a_said_length() -> None:
    body = letter(Mode.PLAIN, fields=text_fields("x" * 60_000)).body
    with open_door(Mode.PLAIN) as door:
        assert door.send(letter(Mode.PLAIN), content=iter([body[:9], body[9:]])).status_code == 200


# every mode: addresses nobody honest asks


@pytest.mark.parametrize(
    "stamp", [NOW - 601, NOW + 601, 0, "", "now", "1.79e9", f"{NOW}.5", f"-{NOW}", "１７９", "9" * 4400]
)
def test_another_time_is_refused(door: Door, mode: Mode, stamp: object) -> None:
    assert_refused(door.send(letter(mode, at=stamp)), door)


def test_a_doubled_parameter_is_refused(door: Door, mode: Mode, form: str) -> None:
    post = letter(mode, form)
    for name, value in post.query.items():
        for second in (value, "x"):
            assert_refused(door.send(post, params=[*post.query.items(), (name, second)]), door)


@pytest.mark.parametrize("nonce", ["n" * 129, "a\x00b", "a\u202eb", "a\r\nSet-Cookie: b=c"])
def test_a_nonce_that_cannot_be_sent_back_is_refused(door: Door, mode: Mode, nonce: str) -> None:
    sealed = SEAL.close(xml_of(text_fields()))
    post = letter(mode, sealed=sealed).asking(nonce=nonce, signature=signature(TOKEN, str(NOW), nonce))
    post = post if mode is Mode.PLAIN else post.asking(msg_signature=signature(TOKEN, str(NOW), nonce, sealed))
    assert_refused(door.send(post), door)


# GET


def test_the_handshake_gives_the_echo_back(door: Door, mode: Mode) -> None:
    query = letter(mode).query | {"echostr": "5838479218127813673"}
    response = door.client.get("/wechat", params=query)
    assert (response.status_code, response.text) == (200, "5838479218127813673")
    assert response.headers["content-type"].startswith("text/plain")


@pytest.mark.parametrize("wrong", [{"signature": "0" * 40}, {"signature": ""}, {"timestamp": "1"}, {"nonce": "开放"}])
def test_a_wrong_handshake_gives_nothing_back(door: Door, wrong: dict[str, str]) -> None:
    query = letter(Mode.PLAIN).query | {"echostr": "echo"} | wrong
    response = door.client.get("/wechat", params=query)
    assert (response.status_code, response.text) == (403, "forbidden")
