"""What goes back to a follower, before any channel dresses it. Stored as JSON beside the message it answers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self


class ReplyKind(StrEnum):
    NOTHING = "nothing"  # the platform is told “success” and the follower sees nothing
    TEXT = "text"
    ARTICLE = "article"
    TO_STAFF = "to_staff"  # transfer_customer_service


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer. `text` for TEXT; title, description and url for ARTICLE (the platform allows one)."""

    kind: ReplyKind
    text: str = ""
    title: str = ""
    url: str = ""
    picture_url: str = ""

    @classmethod
    def of(cls, text: str) -> Self:
        return cls(ReplyKind.TEXT, text) if text else cls(ReplyKind.NOTHING)

    def dump(self) -> dict[str, Any]:
        values = {"kind": str(self.kind), "text": self.text, "title": self.title, "url": self.url}
        values["picture_url"] = self.picture_url
        return {name: value for name, value in values.items() if value}

    @classmethod
    def load(cls, values: dict[str, Any]) -> Self:
        return cls(
            ReplyKind(values["kind"]), *(values.get(name, "") for name in ("text", "title", "url", "picture_url"))
        )
