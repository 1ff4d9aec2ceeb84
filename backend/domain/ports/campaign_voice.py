"""How campaigns get the words that are made of data: a patent in a list, why it fits, a price, a page's address."""

from __future__ import annotations

from typing import Protocol

from backend.domain.fees import Fee
from backend.domain.listings import Listing
from backend.domain.matching import Reason


class CampaignVoice(Protocol):
    """Implemented by the bot's texts."""

    def item(self, position: int, listing: Listing, why: str) -> str:
        """One patent of a list, on two or three lines."""

    def why(self, reasons: tuple[Reason, ...]) -> str:
        """One sentence from the reasons."""

    def fee(self, fee: Fee) -> str:
        """A price in words."""

    def number(self, number: str) -> str:
        """A patent number as printed on a certificate."""

    def reason_of_all(self) -> str:
        """Why somebody gets what is the same for all: at most twenty characters, for a subscription notice."""

    def invented(self, words: str) -> str:
        """The same, marked as naming patents of the demonstration; ((占位符)) stay."""

    def trial(self, words: str) -> str:
        """A colleague's trial message, marked as one."""

    def page(self, openid: str, campaign_id: int) -> str:
        """The address at which this follower sees the campaign's page."""
