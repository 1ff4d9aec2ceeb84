"""What a conversation remembers of an open flow: which one, and what the last message of ours asked besides its question.

Answers stand in the draft. Only before consent, when nothing may be stored for later, do the first ones travel along here.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, Self


class Mode(StrEnum):
    """What the next message may answer before it is read as an answer to the step."""

    STEP = "step"
    CANCEL = "cancel"  # keep the draft or throw it away
    REFILL = "refill"  # sure to begin again
    SWITCH = "switch"  # save and go to something else
    SIDE = "side"  # which of several questions was meant
    FILL = "fill"  # an optional answer, named by the follower
    PICK = "pick"  # which of the drafts


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """`then` is what a switch leads to, or the optional step to fill.

    `listed` are (flow, subject) pairs to pick from. `token` belongs to the review
    whose answers had `digest`. `about` is the patent, or the id of the declaration, that the draft is about, for the
    day on which it was finished somewhere else. `was` are answers before they were taken back, as JSON by step id.
    `said` is a mark of the message that answered last, `said_at` when (ISO): a tap that comes twice is one."""

    flow: str = ""
    subject: str = ""
    saved: bool = False
    answers: dict[str, Any] = field(default_factory=dict)
    mode: Mode = Mode.STEP
    then: dict[str, Any] = field(default_factory=dict)
    listed: list[list[str]] = field(default_factory=list)
    was: dict[str, Any] = field(default_factory=dict)
    misses: int = 0
    said: str = ""
    said_at: str = ""
    token: str = ""
    digest: str = ""
    about: str = ""

    def dump(self) -> dict[str, Any]:
        default = Opened()
        return {name: value for name, value in asdict(self).items() if value != getattr(default, name)}

    @classmethod
    def load(cls, values: dict[str, Any]) -> Self:
        """Unknown names are of another release."""
        known = {name: value for name, value in values.items() if name in cls.__dataclass_fields__}
        return cls(**(known | {"mode": Mode(known.get("mode", Mode.STEP))}))
