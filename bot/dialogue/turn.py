"""The shape of a turn: pure generators that ask for what they need and end in what is said.

`outcome = yield FindPatents(query, page)` pauses the turn; the shell runs the call and sends its outcome back. So a turn
never does I/O, a slow search holds no lock, and every conversation can be replayed in a test without a database.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from typing import Any

from backend.domain.deeds import Deed
from backend.domain.questions import Question
from bot.dialogue.incoming import Incoming
from bot.dialogue.meaning import Meaning
from bot.dialogue.say import Say
from bot.dialogue.state import State


@dataclass(frozen=True, slots=True)
class Turn:
    """How a turn ends: the state it leaves, what is said, what is done in the same transaction as the answer."""

    state: State
    says: tuple[Say, ...] = ()
    deeds: tuple[Deed, ...] = ()
    to_staff: bool = False


@dataclass(frozen=True, slots=True)
class House:
    """What a turn may know of the office: settings, not services."""

    has_staff_chat: bool = False
    opening_hours: str = ""
    open_now: bool = False
    commands: dict[str, str] = field(default_factory=dict)
    words: dict[str, dict[str, str]] = field(default_factory=dict)  # what answers mean inside a flow, by kind
    page: Callable[[str, str], str] | None = None  # (flow, subject) → the address of this follower's draft
    tables: str = ""  # where an officer uploads an information table
    declared: Callable[[int], str] | None = None  # id → the address of this follower's declaration
    subscriptions: str = ""  # where a follower changes saved queries
    survey: str = ""  # where the demand survey is answered on a page
    purposes: Mapping[str, str] = field(default_factory=dict)  # of subscription notices, by template id
    calm_page: str = ""  # where followers choose what they want to hear of
    events_page: str = ""  # what is on


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything a turn is made from."""

    state: State
    incoming: Incoming
    meaning: Meaning
    house: House

    @property
    def words(self) -> str:
        """What was typed, as it is usually written."""
        return (self.meaning.text or self.incoming.text).strip()


Play = Generator[Question, Any, Turn]
