"""What one message offers to a reader: its words, what our grammar found in them, and what is known besides."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from backend.domain.clock import day_of
from backend.domain.declarations import DeclarationView
from backend.domain.errors import AssistantError
from backend.domain.events import EventView
from backend.domain.profiles import Profile
from bot.dialogue.meaning import Facts
from bot.dialogue.turn import Scene

Words = Mapping[str, Mapping[str, str]]  # set of answers → what is said → what it means (bot/texts/zh/answers.yml)
_AGAIN = re.compile(r"(.{1,4}?)\1+")
_MARKS = re.compile(r"[\s,.;:!~，。；：！～、“”\"'‘’（）()\[\]【】《》<>…·-]+")
_PICTURES = frozenset({"So", "Sk", "Cf", "Cs", "Co", "Cn", "Me"})  # categories of emoji and what joins them
_VARIANTS = re.compile("[\ufe00-\ufe0f]")
_CARRIERS = re.compile(
    r"^(?:那就|那个|这个|我们是|我们|我要|我想|我选|我是|我|本|选择|选|就是|就|用|按|要|是|属于|采用)+|"
    r"(?:方式|的方式|支付|付费|收费|吧|的|滴|哒|了|啦|啊|呀|哈|哦|喔|呗|咯|嘞|呢|就行|就好|就可以|即可|谢谢)+$"
)


class AnswerError(AssistantError):
    """An answer that cannot be taken. `code` is the key of its text. It was recognised: we know what is wrong with it."""


class Unread(AnswerError):
    """The words are no answer of this kind at all: they may be a question or another wish."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What a flow knows besides its answers. `mine` are the follower's declarations, newest first; `events` those that the
    flow may be about, `event` the id of the one it is about."""

    today: date
    profile: Profile = field(default_factory=Profile)
    mine: tuple[DeclarationView, ...] = ()
    events: tuple[EventView, ...] = ()
    event: int = 0


@dataclass(frozen=True, slots=True)
class Heard:
    """One message as readers see it: `text` as it was typed, `plain` as it is usually written (simplified, repaired).

    The grammar's offsets are into `plain`; words to be kept are taken from `text`.
    """

    text: str
    plain: str
    facts: Facts
    at: datetime
    words: Words
    frame: Frame

    @classmethod
    def of(cls, scene: Scene, frame: Frame) -> Heard:
        return cls(
            scene.incoming.text.strip(),
            scene.words,
            scene.meaning.facts,
            scene.incoming.sent_at,
            scene.house.words,
            frame,
        )

    def meaning(self, kind: str, said: str | None = None) -> str:
        """What the whole text means as an answer of this kind, or the empty string."""
        known = self.words.get(kind, {})
        tried = (self.plain, self.text) if said is None else (said,)
        forms = [form for text in tried for said in (tidied(text),) for form in (said, bared(said), once(said))]
        return next((known[form] for form in forms if form in known), "")

    def part(self, start: int, end: int | None = None) -> Heard:
        """What stands between two offsets of `plain`, or after one, as a message of its own."""
        same = len(self.text) == len(self.plain)
        end = len(self.plain) if end is None else end
        said = (self.text if same else self.plain)[start:end].strip()
        plain = self.plain[start:end]
        blanks = len(plain) - len(plain.lstrip())
        return replace(self, text=said, plain=plain.strip(), facts=self.facts.within(start + blanks, end))

    def saying(self, part: str) -> Heard:
        """A piece of the message, to be read by its words alone."""
        return replace(self, text=part, plain=part)

    def without(self, *spans: tuple[int, int]) -> str:
        letters = list(self.plain)
        for start, end in spans:
            letters[start:end] = " " * (end - start)
        return "".join(letters)


def tidied(text: str) -> str:
    """Half width, lower case, without blanks, marks and emoji: the form in which short answers are compared."""
    return _MARKS.sub("", unpictured(unicodedata.normalize("NFKC", text)).lower())


def unpictured(text: str) -> str:
    """Without emoji: they stand beside an answer and are none."""
    kept = (char if unicodedata.category(char) not in _PICTURES else " " for char in _VARIANTS.sub("", text))
    return "".join(kept)


def bared(compact: str) -> str:
    """Without “我选…吧” around it."""
    return _CARRIERS.sub("", compact)


def once(compact: str) -> str:
    """“同意同意”, “对对对” are said once."""
    again = _AGAIN.fullmatch(compact)
    return again[1] if again else compact


def today_of(scene: Scene) -> date:
    return day_of(scene.incoming.sent_at)
