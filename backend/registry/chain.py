"""Several registers, asked in turn until one is sure and fresh."""

from __future__ import annotations

from collections.abc import Sequence

from backend.domain.clock import Clock
from backend.domain.first_verification import stale
from backend.domain.registry import LegalStatus, PatentRecord, Registry, RegistryDown


class ChainedRegistry:
    """The first record whose status is known and fresh; else the newest there is; None only where all were asked."""

    def __init__(self, sources: Sequence[Registry], clock: Clock) -> None:
        self.sources, self.clock = sources, clock

    def look_up(self, number: str) -> PatentRecord | None:
        held: PatentRecord | None = None
        down: RegistryDown | None = None
        for source in self.sources:
            try:
                found = source.look_up(number)
            except RegistryDown as error:
                down = error
                continue
            if found is None:
                continue
            if found.status is not LegalStatus.UNKNOWN and not stale(found, self.clock.now()):
                return found
            held = _newer(held, found)
        if held is None and down is not None:
            raise down
        return held


def _newer(one: PatentRecord | None, other: PatentRecord) -> PatentRecord:
    if one is None or one.as_of is None:
        return other
    return other if other.as_of is not None and other.as_of > one.as_of else one
