"""Places of Hubei by any name people use, the longest first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from bot.dialogue.meaning import SaidPlace, Span
from bot.nlu.gazetteer import PlaceName

# Place names that are also the inside of longer words.
HIDING = {
    "沙市": ("长沙市",), "江城": ("长江城",), "广水": ("推广水",), "远安": ("永远安",), "宜城": ("适宜城",),
    "团风": ("集团风", "社团风"), "应城": ("适应城",), "当阳": ("每当阳",), "汉川": ("武汉川",), "大悟": ("大彻大悟",),
}  # fmt: skip


class Places:
    """All names, indexed by their first character."""

    def __init__(self, names: Sequence[PlaceName]) -> None:
        self._by_first: dict[str, list[PlaceName]] = defaultdict(list)
        for name in names:  # longest first already
            self._by_first[name.said[0]].append(name)

    def find(self, text: str) -> Iterator[SaidPlace]:
        """Left to right, never overlapping."""
        position = 0
        while position < len(text):
            hit = next(
                (name for name in self._by_first.get(text[position], ()) if text.startswith(name.said, position)), None
            )
            if hit and not self._hides(hit.said, text, position):
                yield SaidPlace(Span(position, position + len(hit.said)), hit.said, hit.code)
                position += len(hit.said)
            else:
                position += 1

    @staticmethod
    def _hides(said: str, text: str, position: int) -> bool:
        for short, longer_words in HIDING.items():
            for longer in longer_words if said.startswith(short) else ():  # 应城市 hides in 适应城市 as 应城 does
                start = position - longer.index(short)
                if start >= 0 and text.startswith(longer, start):
                    return True
        return False
