"""Text made safe for the platform's wire and for the people who read it."""

from __future__ import annotations

import re

# Control characters break XML 1.0; bidi overrides make a sentence read as another; U+FFFE/FFFF and lone surrogates are no text.
_UNWANTED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
_WEIXIN = re.compile(r"weixin\s*:\s*//", re.IGNORECASE)


def clean(text: str) -> str:
    """What came in: without characters that no honest message needs. Line breaks become one kind."""
    return _UNWANTED.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def harmless(text: str) -> str:
    """What goes out: also without links that make a phone say something in its owner's name."""
    return _WEIXIN.sub("weixin：//", clean(text))


def cdata(text: str) -> str:
    """A CDATA section that its content cannot end."""
    return f"<![CDATA[{text.replace(']]>', ']]]]><![CDATA[>')}]]>"
