"""Two thousand POSTs with one thing wrong, and five hundred that are right and odd."""

from __future__ import annotations

import json
from dataclasses import replace

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.wechat.webhook import Mode
from tests.support.door import SEAL, Letter, body_of, letter, open_door, text_fields, xml_of

FORMS = ["xml", "json"]
ODD = ["a", "开", "😀", "\x00", "\x0b", "\ud800", "\udfff", "\u202e", "\ufffe", "]]>", " "]
LETTERS = st.characters(codec="utf-8", categories=("L", "N", "P", "S"))
GOOD: dict[tuple[Mode, str], Letter] = {(mode, form): letter(mode, form) for mode in Mode for form in FORMS}


def changed(draw: st.DrawFn, value: str) -> str:
    """One letter replaced, put in or taken out, the rest cut off, or something else altogether."""
    place = draw(st.integers(0, max(len(value) - 1, 0)))
    new = draw(LETTERS)
    held = draw(st.sampled_from([new + value[place + 1 :], new + value[place:], value[place + 1 :], "", None]))
    mutated = draw(st.text(LETTERS, max_size=60)) if held is None else value[:place] + held
    assume(mutated != value)
    return mutated


@st.composite
def mutations(draw: st.DrawFn) -> Letter:
    """A good POST with one thing wrong that the platform signs."""
    post = GOOD[draw(st.sampled_from(list(Mode))), draw(st.sampled_from(FORMS))]
    signed = {"timestamp", "nonce"} | ({"signature"} if post.mode is Mode.PLAIN else {"msg_signature", "encrypt_type"})
    bodily = set() if post.mode is Mode.PLAIN else {"Encrypt", "body"}
    name = draw(st.sampled_from(sorted(signed | bodily)))
    if name == "body":
        return replace(post, body=post.body[: draw(st.integers(0, len(post.body) - 1))])
    if name == "Encrypt":
        fields = {"Encrypt": changed(draw, SEAL.close(xml_of(text_fields())))}
        return replace(post, body=body_of(fields, post.form).encode())
    return replace(post, query=post.query | {name: changed(draw, post.query[name])})


def test_two_thousand_mutated_posts_are_all_refused() -> None:
    tried: list[int] = []
    with open_door(Mode.PLAIN) as plain, open_door(Mode.COMPATIBLE) as compatible, open_door(Mode.SAFE) as safe:
        doors = {Mode.PLAIN: plain, Mode.COMPATIBLE: compatible, Mode.SAFE: safe}

        @settings(max_examples=2000)
        @given(mutations())
        def attack(post: Letter) -> None:
            tried.append(doors[post.mode].send(post).status_code)
            assert tried[-1] == 403

        attack()
        assert len(tried) >= 2000
        assert [door.heard for door in doors.values()] == [[], [], []]


def test_json_bodies_that_are_signed_and_odd_never_break_the_door() -> None:
    words = st.lists(st.sampled_from(ODD), max_size=4).map("".join)
    odd = st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | words,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
        max_leaves=8,
    )
    names = st.sampled_from([*text_fields(), "Event", "EventKey", "Ticket", "MsgID", "List", "SubscribeMsgSentEvent"])
    with open_door(Mode.PLAIN) as door:

        @settings(max_examples=500)
        @given(
            st.dictionaries(names, odd, max_size=4), st.sampled_from(["text", "event", "image", "card"]), st.booleans()
        )
        def post(fields: dict[str, object], kind: str, numbered: bool) -> None:
            good = text_fields(MsgType=kind)
            if not numbered:
                del good["MsgId"]
            body = json.dumps(good | fields).encode()
            before = len(door.heard)
            status = door.send(replace(GOOD[Mode.PLAIN, "json"], body=body)).status_code
            assert len(door.heard) - before == (status == 200)
            kept = json.dumps([heard.dump() for heard in door.heard[before:]], ensure_ascii=False)
            assert "\\u0000" not in kept
            assert kept.encode()  # a database can hold it

        post()
