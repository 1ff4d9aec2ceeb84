"""What of a person's text goes onto paper: the characters that the open font can draw, and nothing that acts.

Applied once, when a content is composed, so that docx, PDF and H5 hold the same characters.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from functools import cache
from pathlib import Path

GETA = "〓"  # the printers' mark for a type that is not in the case
DRAWN = Path(__file__).parent / "drawn.txt"  # made by backend/documents/make_drawn.py from the font
_DROPPED = {"Cc", "Cf", "Cs", "Co", "Cn", "Mn", "Me", "Mc"}
_LOOKALIKES = re.compile(  # radicals pasted out of a PDF, twice encoded characters, half-width kana
    "[\u2e80-\u2fdf\uf900-\ufaff\uff61-\uff9f\U0002f800-\U0002fa1f]+"
)


@cache
def _ranges() -> tuple[tuple[int, ...], tuple[int, ...]]:
    """First and last code points of the ranges that the font draws, in order."""
    pairs = [line.partition("-") for line in DRAWN.read_text("ascii").split()]
    return tuple(int(first, 16) for first, _, _ in pairs), tuple(int(last or first, 16) for first, _, last in pairs)


def is_drawn(letter: str) -> bool:
    """True where the font has a glyph for the character."""
    firsts, lasts = _ranges()
    at = bisect_right(firsts, ord(letter)) - 1
    return at >= 0 and ord(letter) <= lasts[at]


def _letter(letter: str) -> str:
    category = unicodedata.category(letter)
    if letter == "\n" or (is_drawn(letter) and letter.isprintable() and category not in _DROPPED):
        return letter
    if category[0] == "Z" or letter == "\t":
        return " "
    return "" if category in _DROPPED else GETA


def clean(text: str) -> str:
    """The text as it can be printed. Control, direction and joining characters go, what cannot be drawn becomes 〓.

    Line ends stay, at most one blank line between two; accents that stand alone go with what they were piled on.
    """
    text = re.sub("\r\n?|[\u2028\u2029\v\f]", "\n", text)
    text = unicodedata.normalize("NFC", _LOOKALIKES.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text))
    text = "".join(map(_letter, text))
    text = re.sub(f"{GETA}+", GETA, text)
    return re.sub(r"\n[ \n]*\n", "\n\n", text).strip()
