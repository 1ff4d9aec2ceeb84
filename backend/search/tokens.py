"""Words of a text, the same for indexing and asking: jieba's dictionary cut, without its guessing of unknown words.

rjieba is jieba in Rust, some twenty times faster; a test holds the two equal. The dictionary is the generated one that
the understanding process learns with, for the pool with the words of the everyday table added; the hash of both is part
of the version of every index built with it.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import opencc
import rjieba

# rjieba loads a dictionary for itself when imported, 25 MB that nobody uses: ours are instances of their own
rjieba.clear()  # type: ignore[no-untyped-call]
_WORD = re.compile(r"[a-z0-9]+(?:[./\-][a-z0-9]+)*|[\u3400-\u9fff]+")
STOP_WORDS = """
的 了 和 与 及 或 在 是 有 对 将 把 被 为 以 于 其 该 所述 一种 一 种 中 上 下 等 并 由 从 到 用 可 能 使
"""
STOP = frozenset(STOP_WORDS.split())
TERM_FREQUENCY = 100_000


@cache
def _simplifier() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def plain(text: str) -> str:
    """As it is compared: full-width forms folded, small letters, simplified characters."""
    folded = unicodedata.normalize("NFKC", text).lower()
    return str(_simplifier().convert(folded))


class Tokenizer:
    """One dictionary, loaded once. `version` changes when the dictionary or the added words do."""

    def __init__(self, dictionary: Path | None = None, words: Iterable[str] = ()) -> None:
        self._jieba = rjieba.Jieba()
        content = dictionary.read_bytes() if dictionary and dictionary.is_file() else b""
        listed = [line.split(" ")[0].strip() for line in content.decode("utf-8").splitlines()]
        added = sorted(set(words) - set(listed))
        self.words_added = [word for word in (*listed, *added) if word]
        held = content + "\n".join(added).encode() if added else content
        self.version = hashlib.sha256(held).hexdigest()[:12]
        for word in self.words_added:
            self._jieba.add_word(word, TERM_FREQUENCY, "n")

    def cut(self, text: str) -> list[str]:
        """The whole text in pieces, nothing left out."""
        return [str(piece) for piece in self._jieba.cut(text, False)]

    def words(self, text: str) -> list[str]:
        """For search: long words also as their parts, stop words left out, in order."""
        out: list[str] = []
        for piece in pieces(text):
            if piece[0] > "\u3000":
                out.extend(word for word in self._jieba.cut_for_search(piece, False) if word not in STOP)
            else:
                out.append(piece)
        return out

    def terms(self, text: str) -> list[str]:
        """For a query: one way through the text, so that parts of a long word are not asked for twice."""
        out: list[str] = []
        for piece in pieces(text):
            if piece[0] > "\u3000":
                out.extend(word for word in self._jieba.cut(piece, False) if word not in STOP)
            else:
                out.append(piece)
        return list(dict.fromkeys(out))


def pieces(text: str) -> list[str]:
    """Runs of Chinese characters, and words and numbers of other letters, folded."""
    return _WORD.findall(unicodedata.normalize("NFKC", text).lower())
