"""Whether words ask something: the whole message, or anything in it."""

from __future__ import annotations

import re

_WHOLE = re.compile(
    r"[?？]\s*$|(?:吗|嘛|么|呢|多少|多久|什么|什麼|嗎|怎么办|怎麼辦|咋办|是啥|啥意思|什么意思|如何|行不行|能不能|可不可以|要不要|是不是|有没有)[。.!！~～\s]*$|"
    r"^(?:什么是|什麼是|怎么|怎麼|为什么|為什麼|为啥|如何|请问|請問|能不能|可不可以|要不要|哪些|哪种|多少|谁)"
)
QUESTION_ENDS = ("?", "？", "吗", "嘛", "么", "呢", "不", "没", "没有", "多少", "多久", "什么", "怎么办", "咋办")
_ANYWHERE = re.compile(
    r"干嘛|是啥|啥意思|怎么|咋|为什么|凭什么|能不能|可不可以|行不行|算不算|要不要|该不该|几天|几年|多久|多少"
)


def asks(text: str) -> bool:
    """A question mark or a question word where questions have them."""
    return _WHOLE.search(text.strip()) is not None


def holds_a_question(text: str) -> bool:
    """Looser, for free talk: a question mark or word at the end, or words that ask about a rule anywhere. “有没有” before
    words does not count: so a technique is looked for.
    """
    words = text.rstrip("。.!！~～ ")
    return words.endswith(QUESTION_ENDS) or bool(_ANYWHERE.search(words))
