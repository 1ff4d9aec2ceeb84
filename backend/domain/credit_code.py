"""统一社会信用代码 (GB 32100-2015): eighteen characters, the last one a check character modulo 31."""

from __future__ import annotations

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
LENGTH = 18


def credit_code_holds(code: str) -> bool:
    """True where length, alphabet and check character fit.

    Some codes in real use do not fit, so a False asks a person to look; it never refuses by itself.
    """
    if len(code) != LENGTH or any(letter not in ALPHABET for letter in code):
        return False
    total = sum(ALPHABET.index(letter) * weight for letter, weight in zip(code, WEIGHTS, strict=False))
    return ALPHABET[(31 - total % 31) % 31] == code[-1]
