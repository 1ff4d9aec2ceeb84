"""What a turn does besides answering; `backend.services.deeds` carries each out in the transaction of the answer."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OpenHandoff:
    """The follower wants a person; what they said last goes along."""

    text: str


@dataclass(frozen=True, slots=True)
class NoteMiss:
    """A question the material did not answer, or (with `chosen`) a phrasing to learn."""

    question: str
    offered: tuple[str, ...]
    chosen: str = ""


@dataclass(frozen=True, slots=True)
class Followed:
    scene: str


@dataclass(frozen=True, slots=True)
class Unfollowed:
    pass


@dataclass(frozen=True, slots=True)
class SaidToPerson:
    """Said while a colleague reads along; goes into the open handoff."""

    text: str


Deed = OpenHandoff | SaidToPerson | NoteMiss | Followed | Unfollowed
