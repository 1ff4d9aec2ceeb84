"""The backend's port for what campaigns are made of (backend/domain/ports/campaign_voice.py), kept with the texts."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from backend.domain.fees import Fee
from backend.domain.listings import Listing
from backend.domain.matching import Reason
from backend.domain.patent_number import PatentNumber
from bot.dialogue.say import say
from bot.dialogue.topics import cards
from bot.dialogue.topics.match import why
from bot.texts.render import Texts

MOST_REMEMBERED = 20_000  # words of prices and reasons: a million recipients share far fewer


class Campaigns:
    """`page` makes the address of a follower's page of a campaign."""

    def __init__(self, texts: Texts, page: Callable[[str, int], str]) -> None:
        self.texts, self._page = texts, page
        self.why = lru_cache(MOST_REMEMBERED)(self._why)
        self.fee = lru_cache(MOST_REMEMBERED)(self._fee)

    def item(self, position: int, listing: Listing, why: str) -> str:
        return self.texts.render(
            say(
                "campaign.item",
                position=position,
                title=listing.title,
                holder=listing.holders[0],
                fee=self.fee(listing.fee),
                standing=listing.standing,
                why=why,
            )
        )

    def _why(self, reasons: tuple[Reason, ...]) -> str:
        return self.texts.render(why(reasons))

    def _fee(self, fee: Fee) -> str:
        return self.texts.render(cards.fee(fee))

    def number(self, number: str) -> str:
        return PatentNumber(number.split(".", maxsplit=1)[0]).official

    def reason_of_all(self) -> str:
        return self.texts.render(say("campaign.reason_of_all"))

    def invented(self, words: str) -> str:
        return self.texts.render(say("campaign.invented", text=words))

    def trial(self, words: str) -> str:
        return self.texts.render(say("campaign.trial", text=words))

    def page(self, openid: str, campaign_id: int) -> str:
        return self._page(openid, campaign_id)
