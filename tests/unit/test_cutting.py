"""Cutting an answer to what the platform carries: never inside a character people see, and nothing is lost."""

from __future__ import annotations

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.reply import Reply, ReplyKind
from bot.dialogue.say import raw
from bot.dialogue.state import State
from bot.dialogue.turn import Turn
from bot.reception.rendering import MOST_BYTES, Renderer, cut
from bot.texts import Texts

RENDERER = Renderer(Texts())
SEEN = [
    "👨‍👩‍👧‍👦",
    "🏳️‍🌈",
    "🇨🇳",
    "🇨",
    "👍🏽",
    "é",
    "ậ",
    "நி",
    "각",
    "각",
    "1️⃣",
    "字",
    "a",
    " ",
    "\n",
    "\r\n",
    "\n\n",
    "。",
    "　",
    "\u200d",
    "\u0301",
    "🧑🏿‍🚀",
]
pieces = st.sampled_from(SEEN) | st.characters(codec="utf-8")
texts = st.lists(pieces, max_size=40).flatmap(
    lambda parts: st.integers(1, 120).map(lambda times: ("".join(parts) * times)[:6000])
)


def boundaries(text: str) -> set[int]:
    return {0, *(match.end() for match in regex.finditer(r"\X", text))}


def joins(text: str, first: str, rest: str, most: int) -> bool:
    """True where first and rest are the text but for white space at a joint between two seen characters.

    Only a character that is itself too large may be cut.
    """
    end, start = len(first), len(text) - len(rest)
    first_seen = text[: min(boundaries(text) - {0}, default=0)]
    if len(first_seen.encode()) > most:
        return first + rest == text
    return (
        text.startswith(first)
        and text.endswith(rest)
        and not text[end:start].strip()
        and not boundaries(text).isdisjoint(range(end, start + 1))
    )


@given(text=texts, most=st.integers(200, 2100))
def test_a_cut_keeps_within_the_bytes_and_loses_nothing(text: str, most: int) -> None:
    first, rest = cut(text, most)
    assert len(first.encode()) <= most
    assert joins(text, first, rest, most)
    assert rest or first.rstrip() == text.rstrip()


@given(text=texts)
def test_what_fits_is_left_alone(text: str) -> None:
    assert cut(text, len(text.encode())) == (text, "")
    assert cut(text, len(text.encode()) + 1) == (text, "")


@given(text=texts)
def test_reading_on_ends_and_shows_everything(text: str) -> None:
    shown, rest, turns = "", text, 0
    while rest:
        reply, rest = RENDERER.fit(rest)
        turns += 1
        assert len(reply.text.encode()) <= MOST_BYTES
        assert reply.text.endswith(RENDERER.more) is bool(rest) or reply.text.endswith(RENDERER.more) is (
            RENDERER.more in text
        )
        shown += reply.text.removesuffix(RENDERER.more if rest else "")
        assert turns <= len(text.encode()) // 900 + 2
    assert "".join(shown.split()) == "".join(text.split())


@pytest.mark.parametrize(
    ("text", "most", "first", "rest"),
    [
        ("一二三", 6, "一二", "三"), ("一二三", 7, "一二", "三"), ("一二三", 9, "一二三", ""),
        ("ab👨‍👩‍👧c", 10, "ab", "👨‍👩‍👧c"),
        ("🇨🇳🇨🇳", 12, "🇨🇳", "🇨🇳"), ("aé", 2, "a", "é"), ("第一行字很长\n二三", 22, "第一行字很长", "二三"),
        ("短\n很长很长很长很长", 20, "短\n很长很长很", "长很长"), ("", 5, "", ""),
    ],
)  # fmt: skip
def test_where_the_cut_falls(text: str, most: int, first: str, rest: str) -> None:
    assert cut(text, most) == (first, rest)


def test_endless_marks_on_one_letter_are_read_to_the_end() -> None:
    text = "a" + "\u0301" * 3000
    shown, rest, turns = "", text, 0
    while rest and turns < 20:
        reply, rest = RENDERER.fit(rest)
        assert len(reply.text.encode()) <= MOST_BYTES
        shown += reply.text.removesuffix(RENDERER.more if rest else "")
        turns += 1
    assert rest == ""
    assert shown == text


def test_a_short_answer_is_the_reply_and_leaves_nothing() -> None:
    assert RENDERER.fit("好") == (Reply(ReplyKind.TEXT, "好"), "")
    assert RENDERER.fit("") == (Reply(ReplyKind.NOTHING), "")


def test_a_turn_becomes_lines_and_silence_keeps_what_was_unread() -> None:
    assert RENDERER.reply(Turn(State(), (raw("一"), raw("二")))) == (Reply.of("一\n二"), "")
    assert RENDERER.reply(Turn(State(rest="余"))) == (Reply(ReplyKind.NOTHING), "余")
    assert RENDERER.reply(Turn(State(rest="余"), to_staff=True)) == (Reply(ReplyKind.TO_STAFF), "余")


@given(waited=st.lists(texts.filter(bool), min_size=1, max_size=3), said=texts.filter(str.strip))
def test_what_waited_comes_first_and_neither_is_lost(waited: list[str], said: str) -> None:
    now, rest = RENDERER.fit(said)
    reply, state = RENDERER.with_kept([Reply.of(text) for text in waited], now, {"page": 3, "rest": rest})
    assert len(reply.text.encode()) <= MOST_BYTES
    assert state["page"] == 3
    shown = reply.text.removesuffix(RENDERER.more if state["rest"] else "") + state["rest"]
    everything = "".join(shown.split())
    assert all("".join(text.split()) in everything for text in waited)
    assert everything.endswith("".join(said.split()))


def test_nothing_waited_changes_nothing() -> None:
    assert RENDERER.with_kept([], Reply.of("好"), {"page": 1}) == (Reply.of("好"), {"page": 1})
