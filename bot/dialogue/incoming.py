"""What a follower did, in words of ours: one type for every message and event of the platform, unknown kinds included."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Self


class Kind(StrEnum):
    TEXT = "text"
    IMAGE = "image"
    VOICE = "voice"
    VIDEO = "video"
    LOCATION = "location"
    LINK = "link"
    TAP = "tap"  # a menu button with a key
    VIEW = "view"  # a menu button with a link: the platform opens it, nothing is to be said
    FOLLOW = "follow"
    UNFOLLOW = "unfollow"
    SCAN = "scan"
    REPORTED_LOCATION = "reported_location"
    REPORT = "report"  # what became of a notice, or which ones they agreed to; they said nothing to us
    OTHER_EVENT = "other_event"
    OTHER_MESSAGE = "other_message"

    @property
    def is_message(self) -> bool:
        """True for what a follower sent, as against what the platform reports."""
        return self in {Kind.TEXT, Kind.IMAGE, Kind.VOICE, Kind.VIDEO, Kind.LOCATION, Kind.LINK, Kind.OTHER_MESSAGE}


@dataclass(frozen=True, slots=True)
class Incoming:
    """One arrival. `text` holds a message's words, a tap's key or a scene's; `detail` what else a kind carries."""

    kind: Kind
    openid: str
    account: str
    sent_at: datetime
    key: str
    text: str = ""
    detail: dict[str, Any] = field(default_factory=dict)

    def dump(self) -> dict[str, Any]:
        return {
            "kind": str(self.kind),
            "openid": self.openid,
            "account": self.account,
            "sent_at": self.sent_at.isoformat(),
            "key": self.key,
            "text": self.text,
            "detail": self.detail,
        }

    @classmethod
    def load(cls, values: dict[str, Any]) -> Self:
        return cls(
            Kind(values["kind"]),
            values["openid"],
            values["account"],
            datetime.fromisoformat(values["sent_at"]),
            values["key"],
            values["text"],
            values["detail"],
        )
