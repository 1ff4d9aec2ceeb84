"""Signatures and encryption against Tencent's vectors, three independent peers, and whatever hypothesis thinks of."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import xmltodict
from hypothesis import given
from hypothesis import strategies as st
from wechatpy.crypto import WeChatCrypto
from werobot.crypto import MessageCrypt as Werobot

from bot.simulator.seal import Seal, signature
from bot.wechat.crypto import BLOCK, MessageCrypt, NotAuthentic, check_signature, sign
from tests.support.door import seal_bytes, unpadded

TOKEN, KEY, APP_ID = "tok", "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG", "wx5823bf96d3bd56c7"
STAMP, NONCE = "1460537339", "n1"
OURS = MessageCrypt(TOKEN, KEY, APP_ID)
VECTORS: list[dict[str, str]] = json.loads(
    (Path(__file__).parent / "vectors" / "wechat_crypto.json").read_text("utf-8")
)
SAMPLES = ["", "a", "开放许可", "😀👩‍🔬🇨🇳", "]]>\n<xml/>", "许" * 3500, *("x" * n for n in (25, 26, 27, 57, 58, 59))]

GOLDEN = MessageCrypt("AAAAA", "A" * 43, "wxba5fad812f8e6fb9")
GOLDEN_SEALED = (
    "+qdx1OKCy+5JPCBFWw70tm0fJGb2Jmeia4FCB7kao+/Q5c/ohsOzQHi8khUOb05JCpj0JB4RvQMkUyus8TPxLKJGQqcvZqzDpVzazhZv6JsXUnnR"
    "8XGT740XgXZUXQ7vJVnAG+tE8NUd4yFyjPy7GgiaviNrlCTj+l5kdfMuFUPpRSrfMZuMcp3Fn2Pede2IuQrKEYwKSqFIZoNqJ4M8EajAsjLY2km3"
    "2IIjdf8YL/P50F7mStwntrA2cPDrM1kb6mOcfBgRtWygb3VIYnSeOBrebufAlr7F9mFUPAJGj04="
)


def proof(sealed: str, crypt: MessageCrypt = OURS) -> dict[str, str]:
    """What comes in the address for this Encrypt."""
    return {"signature": crypt.sign(sealed, timestamp=STAMP, nonce=NONCE), "timestamp": STAMP, "nonce": NONCE}


# Tencent's own vectors (message push guide, “encryption”)


def test_tencents_plain_signature() -> None:
    expected = "899cf89e464efb63f54ddac96b0a0a235f53aa78"
    assert sign("AAAAA", "1714037059", "486452656") == expected
    check_signature(expected, "AAAAA", "1714037059", "486452656")


def test_tencents_sealed_message_opens() -> None:
    opened = GOLDEN.decrypt(
        GOLDEN_SEALED,
        signature="046e02f8204d34f8ba5fa3b1db94908f3df2e9b3",
        timestamp="1714112445",
        nonce="415670741",
    )
    fields = json.loads(opened)
    assert fields["ToUserName"] == "gh_97417a04a28d"
    assert fields["Event"] == "debug_demo"
    assert fields["debug_str"] == "hello world"


def test_tencents_answer_is_made_byte_for_byte() -> None:
    sealed = GOLDEN.encrypt(b'{"demo_resp":"good luck"}', random=b"707722b803182950")
    assert sealed == "ELGduP2YcVatjqIS+eZbp80MNLoAUWvzzyJxgGzxZO/5sAvd070Bs6qrLARC9nVHm48Y4hyRbtzve1L32tmxSQ=="
    assert GOLDEN.sign(sealed, timestamp="1713424427", nonce="415670741") == "1b9339964ed2e271e7c7b6ff2b0ef902fc94dea1"


# a peer in another language: its messages, kept


def test_the_kept_vectors_cover_what_they_should() -> None:
    messages = [vector["message"] for vector in VECTORS]
    rests = {(len(message.encode()) + 38) % BLOCK for message in messages}
    assert len(VECTORS) > 50
    assert {0, 1, BLOCK - 1} <= rests
    assert "" in messages
    assert max(len(message.encode()) for message in messages) > 10_000
    assert len({vector["key"] for vector in VECTORS}) == 3


@pytest.mark.parametrize("vector", VECTORS, ids=range(len(VECTORS)))
def test_a_kept_vector_opens_and_is_remade(vector: dict[str, str]) -> None:
    crypt = MessageCrypt(vector["token"], vector["key"], vector["appid"])
    address = {name: vector[name] for name in ("signature", "timestamp", "nonce")}
    assert crypt.decrypt(vector["encrypt"], **address).decode() == vector["message"]
    remade = crypt.encrypt(vector["message"].encode(), random=bytes.fromhex(vector["random"]))
    assert remade == vector["encrypt"]
    assert crypt.sign(remade, timestamp=vector["timestamp"], nonce=vector["nonce"]) == vector["signature"]


# live peers, both directions


@pytest.mark.parametrize("message", SAMPLES, ids=range(len(SAMPLES)))
def test_werobot_and_we_read_each_other(message: str) -> None:
    peer = Werobot(TOKEN, KEY, APP_ID)
    theirs = xmltodict.parse(peer.encrypt_message(message, STAMP, NONCE))["xml"]
    assert (
        OURS.decrypt(theirs["Encrypt"], signature=theirs["MsgSignature"], timestamp=STAMP, nonce=NONCE)
        == message.encode()
    )
    sealed = OURS.encrypt(message.encode())
    assert peer.decrypt_message(STAMP, NONCE, proof(sealed)["signature"], sealed) == message.encode()


@pytest.mark.parametrize("message", SAMPLES, ids=range(len(SAMPLES)))
def test_wechatpy_and_we_read_each_other(message: str) -> None:
    peer = WeChatCrypto(TOKEN, KEY, APP_ID)
    theirs = xmltodict.parse(peer.encrypt_message(message, NONCE, STAMP))["xml"]
    assert (
        OURS.decrypt(theirs["Encrypt"], signature=theirs["MsgSignature"], timestamp=STAMP, nonce=NONCE)
        == message.encode()
    )
    sealed = OURS.encrypt(message.encode())
    assert peer.decrypt_message({"Encrypt": sealed}, proof(sealed)["signature"], STAMP, NONCE) == message


@given(st.text(max_size=300))
def test_the_simulators_seal_and_we_read_each_other(message: str) -> None:
    seal = Seal(TOKEN, KEY, APP_ID)
    sealed = seal.close(message)
    address = {"signature": signature(TOKEN, STAMP, NONCE, sealed), "timestamp": STAMP, "nonce": NONCE}
    assert OURS.decrypt(sealed, **address) == message.encode()
    assert seal.open(OURS.encrypt(message.encode())) == message


# properties


@given(st.binary(max_size=400))
def test_any_message_survives(message: bytes) -> None:
    sealed = OURS.encrypt(message)
    assert OURS.decrypt(sealed, **proof(sealed)) == message


def test_the_same_message_never_looks_the_same() -> None:
    assert len({OURS.encrypt(b"hello") for _ in range(50)}) == 50


SEALED = OURS.encrypt("开放许可".encode())


@given(st.data())
def test_one_changed_letter_anywhere_is_not_authentic(data: st.DataObject) -> None:
    call: dict[str, Any] = {"encrypted": SEALED, **proof(SEALED)}
    name = data.draw(st.sampled_from(sorted(call)))
    place = data.draw(st.integers(0, len(call[name]) - 1))
    letter = data.draw(st.characters(codec="utf-8").filter(lambda letter: letter != call[name][place]))
    call[name] = call[name][:place] + letter + call[name][place + 1 :]
    with pytest.raises(NotAuthentic):
        OURS.decrypt(**call)


@given(st.integers(0, len(SEALED) * 6 - 1))
def test_one_changed_bit_of_the_message_is_not_authentic(bit: int) -> None:
    changed = bytearray(SEALED.encode())
    changed[bit // 6] ^= 1 << bit % 6
    with pytest.raises(NotAuthentic):
        OURS.decrypt(changed.decode(), **proof(SEALED))


@given(st.text("abcdefwx0123456789", min_size=1, max_size=24).filter(lambda app_id: app_id != APP_ID))
def test_another_accounts_message_is_not_authentic(app_id: str) -> None:
    sealed = MessageCrypt(TOKEN, KEY, app_id).encrypt(b"hello")
    with pytest.raises(NotAuthentic):
        OURS.decrypt(sealed, **proof(sealed))


@pytest.mark.parametrize(
    "pad", [bytes(26), b"\x21" * 26, b"\x01" * 25 + b"\x1a", b"\x1a" * 25 + b"\x00", b"\x10" * 10 + b"\x20" * 16]
)
def test_wrong_padding_is_not_authentic_though_signed(pad: bytes) -> None:
    content = unpadded("", app_id=APP_ID) + pad
    sealed = seal_bytes(content[: len(content) // 16 * 16])
    with pytest.raises(NotAuthentic):
        OURS.decrypt(sealed, **proof(sealed))


def test_the_same_message_rightly_padded_is_authentic() -> None:
    sealed = seal_bytes(unpadded("", app_id=APP_ID) + b"\x1a" * 26)
    assert OURS.decrypt(sealed, **proof(sealed)) == b""


@given(st.binary(max_size=120))
def test_noise_that_is_signed_is_not_authentic(noise: bytes) -> None:
    sealed = seal_bytes(noise[: len(noise) // 16 * 16])
    with pytest.raises(NotAuthentic):
        OURS.decrypt(sealed, **proof(sealed))


@pytest.mark.parametrize(
    "sealed", ["", "====", "not base64!", "QUJD", "开放许可", "\ud800", SEALED + "\n", SEALED[:-4]]
)
def test_what_is_no_ciphertext_is_not_authentic_though_signed(sealed: str) -> None:
    with pytest.raises(NotAuthentic):
        OURS.decrypt(sealed, **proof(sealed))


def test_a_signature_that_is_no_text_is_not_authentic() -> None:
    with pytest.raises(NotAuthentic):
        check_signature("\ud800", TOKEN, STAMP, NONCE)


@pytest.mark.parametrize("key", ["", "A" * 42, "A" * 44, "A" * 20])
def test_a_key_of_another_length_is_refused_at_start(key: str) -> None:
    with pytest.raises(ValueError, match=r"43 characters|padded|base64|padding"):
        MessageCrypt(TOKEN, key, APP_ID)
