"""Addresses of a follower's pages, for whoever tells them of one: the chat, and the notices of a worker."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from bot.h5.identity import Key, Names


@dataclass(frozen=True)
class Links:
    """`public_url` is without a slash at the end. What an address names opens for its follower and for nobody else."""

    public_url: str
    secret: str

    @cached_property
    def names(self) -> Names:
        return Names(Key(self.secret))

    def draft(self, openid: str, flow: str, subject: str) -> str:
        """Where this follower goes on with the draft."""
        return f"{self.public_url}/h5/draft/{self.names.draft(openid, flow, subject)}"

    def declaration(self, openid: str, declaration_id: int) -> str:
        """Where this follower sees how far the declaration is, with its papers."""
        return f"{self.public_url}/h5/declaration/{self.names.declaration(openid, declaration_id)}"

    def table(self, openid: str, table_id: int) -> str:
        """What was wrong in an uploaded information table, and what became of its rows."""
        return f"{self.public_url}/h5/table/{self.names.table(openid, table_id)}"

    def campaign(self, openid: str, campaign_id: int) -> str:
        """What a campaign told this follower, to say “感兴趣” to."""
        return f"{self.public_url}/h5/push/{self.names.campaign(openid, campaign_id)}"

    @property
    def subscriptions(self) -> str:
        """Where a follower changes saved queries; whose is known from the session."""
        return f"{self.public_url}/h5/subscriptions"

    @property
    def survey(self) -> str:
        return f"{self.public_url}/h5/survey"

    @property
    def tables(self) -> str:
        """Where an officer uploads one; the same for all, because who asks is known from the session."""
        return f"{self.public_url}/h5/table"

    @property
    def preferences(self) -> str:
        """Where a follower chooses what to hear of; the same address for everybody."""
        return f"{self.public_url}/h5/preferences"

    @property
    def events(self) -> str:
        """What is on; the same address for everybody."""
        return f"{self.public_url}/h5/events"

    def event(self, event_id: int) -> str:
        """One event; what is shown of the visitor's own place depends on who it is."""
        return f"{self.events}/{event_id}"
