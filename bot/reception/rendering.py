"""Says become one reply: worded, joined, and cut to what the platform carries."""

from __future__ import annotations

from typing import Any

import regex

from backend.domain.reply import Reply, ReplyKind
from bot.dialogue.say import say
from bot.dialogue.turn import Turn
from bot.texts import Texts

MOST_BYTES = 1900  # the platform cuts at about 2047 bytes of UTF-8 (measured by its users, not documented)
MOST_REST = 20_000
_GRAPHEME = regex.compile(r"\X")


def cut(text: str, most_bytes: int = MOST_BYTES) -> tuple[str, str]:
    """The longest beginning within the bytes, on a line break if one is near, never inside a character people see."""
    if len(text.encode()) <= most_bytes:
        return text, ""
    size, end = 0, 0
    for match in _GRAPHEME.finditer(text):
        size += len(match[0].encode())
        if size > most_bytes:
            break
        end = match.end()
    if end == 0:  # one character with endless marks on it
        end = len(text.encode()[:most_bytes].decode(errors="ignore"))
    line = text.rfind("\n", 0, end)
    if line > end * 2 // 3:
        end = line
    return text[:end].rstrip(), text[end:].lstrip("\n")


class Renderer:
    def __init__(self, texts: Texts) -> None:
        self.texts = texts
        self.more = texts.templates["common.more"]

    def reply(self, turn: Turn) -> tuple[Reply, str]:
        """The reply, and the rest that “更多” will show."""
        if turn.to_staff:
            return Reply(ReplyKind.TO_STAFF), turn.state.rest
        if not turn.says:
            return Reply(ReplyKind.NOTHING), turn.state.rest
        return self.fit("\n".join(self.texts.render(said) for said in turn.says))

    def fit(self, text: str) -> tuple[Reply, str]:
        """Text as a reply, with what did not fit."""
        first, rest = cut(text, MOST_BYTES)
        if not rest:
            return Reply.of(first), ""
        first, rest = cut(text, MOST_BYTES - len(self.more.encode()))
        return Reply.of(first + self.more), rest[:MOST_REST]

    def with_kept(self, kept: list[Reply], now: Reply, state: dict[str, Any]) -> tuple[Reply, dict[str, Any]]:
        """What waited for this visit, then the answer to it; the state keeps what did not fit."""
        if not kept:
            return now, state
        waited = "\n".join(reply.text for reply in kept)
        answer = f"{now.text.removesuffix(self.more)}\n{state.get('rest', '')}".rstrip("\n")
        reply, rest = self.fit(self.texts.render(say("common.kept", answers=waited, now=answer)))
        return reply, {**state, "rest": rest}
