"""A brief's words as the ledger sends them: what is the same for all filled in once, the rest as each recipient's values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

import yaml

from backend.domain import campaign_words as names
from backend.domain.briefs import NUMBERS, Brief, BriefKind
from backend.domain.campaign_words import LONGEST_BYTES, harmless
from backend.domain.clock import CHINA
from backend.domain.deliveries import Notice, Recipient
from backend.domain.errors import AssistantError
from backend.domain.listings import Listing
from backend.domain.ports.campaign_voice import CampaignVoice
from backend.domain.reply import Reply
from backend.domain.wording import fill, fill_some
from backend.matching.pool import Pool
from backend.outreach.audience import Chosen

BUILT_IN = "built-in"
TEMPLATE = "recommendation"  # the subscription notice of backend/outreach/templates.yml
FILE = Path(__file__).parent / "first_words.yml"


class PatentGone(AssistantError):
    """The one patent of the brief is not on show any more."""

    code = "brief.patent_gone"


@cache
def first_words() -> dict[BriefKind, str]:
    """Words to begin with, for every kind."""
    content: dict[str, str] = yaml.load(FILE.read_text("utf-8"), Loader=yaml.CSafeLoader)
    return {BriefKind(kind): words for kind, words in content.items()}


@dataclass(frozen=True, slots=True)
class Sheet:
    """The campaign's text and notice, with the recipients' own ((占位符)) left in."""

    text: Reply
    notice: Notice


class Composer:
    """`pool` is needed by the kinds that show patents. Raises PatentGone."""

    def __init__(self, brief: Brief, voice: CampaignVoice, pool: Pool | None) -> None:
        self.brief, self.voice = brief, voice
        self.listing = self._listing(pool)
        self.invented = (
            brief.kind in BriefKind.matched() and pool is not None and any(offer.demonstration for offer in pool.offers)
        )

    def _listing(self, pool: Pool | None) -> Listing | None:
        if self.brief.kind is not BriefKind.ONE_PATENT:
            return None
        at = pool.at.get(self.brief.content.number) if pool else None
        if pool is None or at is None:
            raise PatentGone(number=self.brief.content.number)
        return pool.offers[at].listing

    def sheet(self, at: datetime) -> Sheet:
        common = self._common()
        own = names.OWN[self.brief.kind]
        title = f"(({names.TITLE}))" if names.TITLE in own else common[names.TITLE]
        reason = f"(({names.REASON}))" if names.REASON in own else harmless(self.voice.reason_of_all())
        day = f"{self.brief.begins(at).astimezone(CHINA):%Y-%m-%d}"
        notice = Notice(TEMPLATE, {"title": title, "reason": reason, "day": day}, f"(({names.LINK}))")
        words = fill_some(self.brief.words, common)
        return Sheet(Reply.of(self.voice.invented(words) if self.invented else words), notice)

    def _common(self) -> dict[str, str]:
        content = self.brief.content
        if self.listing is not None:
            values = {
                names.TITLE: self.listing.title,
                names.PATENT: self.listing.title,
                names.NUMBER: self.voice.number(self.listing.number),
                names.HOLDER: self.listing.holders[0],
                names.FEE: self.voice.fee(self.listing.fee),
            }
        elif self.brief.kind is BriefKind.MATCHES:
            values = {}
        else:
            values = {
                names.TITLE: content.title,
                names.BODY: content.body,
                names.SOURCE: content.source,
                names.ADDRESS: content.address,
            }
        return {name: harmless(value) for name, value in values.items()}

    def recipient(self, sheet: Sheet, chosen: Chosen, campaign_id: int) -> Recipient:
        """With as many of the patents as one message holds."""
        openid, company = chosen.reached.openid, chosen.reached.company
        values = {names.LINK: self.voice.page(openid, campaign_id)}
        if self.brief.kind is BriefKind.MOBILISATION:
            values[names.INSTITUTION] = chosen.reached.institution
        if self.brief.kind not in BriefKind.matched():
            return Recipient(openid, values)
        values[names.COMPANY] = company.name if company else ""
        reasons = [self.voice.why(match.reasons) for match in chosen.matches]
        values[names.REASON] = reasons[0]
        values[NUMBERS] = " ".join(match.listing.number for match in chosen.matches)
        if self.brief.kind is BriefKind.ONE_PATENT:
            return Recipient(openid, values)
        items = [
            self.voice.item(position, match.listing, why)
            for position, (match, why) in enumerate(zip(chosen.matches, reasons, strict=True), start=1)
        ]
        values[names.TITLE] = chosen.matches[0].listing.title
        return Recipient(openid, self._listed(sheet, values, items))

    @staticmethod
    def _listed(sheet: Sheet, values: dict[str, str], items: list[str]) -> dict[str, str]:
        while True:
            values[names.LIST] = "\n".join(items)
            values[names.COUNT] = str(len(items))
            if len(items) == 1 or len(fill(sheet.text.text, values).encode()) <= LONGEST_BYTES:
                numbers = values[NUMBERS].split()[: len(items)]
                return values | {NUMBERS: " ".join(numbers)}
            items = items[:-1]


def preview(composer: Composer, chosen: Chosen, campaign_id: int, at: datetime) -> str:
    """The message as this recipient would get it."""
    sheet = composer.sheet(at)
    return fill(sheet.text.text, composer.recipient(sheet, chosen, campaign_id).values)
