"""Which arrivals open a customer-service window, and for how long (platform guide, customer-service messages)."""

from __future__ import annotations

from backend.domain.inbox import MESSAGE_WINDOW, TAP_WINDOW, Window
from bot.dialogue.incoming import Kind

OPENS_LONG = frozenset({Kind.TEXT, Kind.IMAGE, Kind.VOICE, Kind.VIDEO, Kind.LOCATION, Kind.LINK, Kind.OTHER_MESSAGE})
OPENS_SHORT = frozenset({Kind.TAP, Kind.FOLLOW, Kind.SCAN})


def window_of(kind: Kind) -> Window | None:
    """The window an arrival opens; link taps open none."""
    if kind in OPENS_LONG:
        return MESSAGE_WINDOW
    return TAP_WINDOW if kind in OPENS_SHORT else None
