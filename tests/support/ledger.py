"""Followers by the dozen, campaigns and a worker, for tests of what is sent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from backend.domain.clock import SetClock
from backend.domain.deliveries import ALERTS, RECOMMENDATIONS, Channel, DeliveryKind, DeliveryStatus, Notice, Recipient
from backend.domain.inbox import MESSAGE_WINDOW, Window
from backend.domain.profiles import Consent
from backend.domain.reply import Reply
from backend.outreach.forms import Forms, demonstration_ids
from backend.outreach.sending import Dispatcher, settle_lost
from backend.store.database import Database
from tests.support.arrivals import NOON, ledger, visit
from tests.support.builders import make_number
from tests.support.fakes import RememberingSender

IDS = demonstration_ids()
RECOMMENDED = Notice("recommendation", {"title": "((标题))", "reason": "与您的行业相符", "day": "2026-03-02"}, "")
DECLARED = Notice(
    "declaration", {"title": "一种锅", "number": "ZL202110000001.X", "state": "已上架", "at": "2026-03-02 12:00"}
)
SECRET = "a secret of the tests"


@dataclass
class Post:
    """A worker with its platform. Everybody agreed to everything unless the test says otherwise."""

    database: Database
    clock: SetClock = field(default_factory=lambda: SetClock(NOON))
    sender: RememberingSender = field(default_factory=RememberingSender)

    def worker(self) -> Dispatcher:
        return Dispatcher(self.database, self.sender, self.clock, Forms(IDS), SECRET)

    def run(self) -> int:
        settle_lost(self.database, self.clock)
        return self.worker().drain()

    def followers(self, *openids: str, window: Window | None = MESSAGE_WINDOW, agreed: bool = True) -> None:
        for openid in openids:
            visit(self.database, openid, at=self.clock.now(), window=window)
            if agreed:
                self.agree(openid)

    def agree(self, openid: str) -> None:
        with self.database.write() as uow:
            for purpose in (ALERTS, RECOMMENDATIONS):
                uow.institutions.agree(openid, Consent(purpose, "1"), at=self.clock.now())

    def credit(self, openid: str, template: str, times: int = 1) -> None:
        template_id = IDS[Channel.SUBSCRIPTION][template]
        self.sender.agreed[openid, template_id] = times
        with self.database.write() as uow:
            for _ in range(times):
                uow.preferences.credit(openid, template_id, at=self.clock.now())

    def campaign(
        self,
        openids: Sequence[str],
        *,
        text: str = "您好((称呼))",
        mark: str = "",
        kind: DeliveryKind = DeliveryKind.RECOMMENDATION,
        lasts: timedelta = timedelta(days=7),
        per_minute: int = 0,
        start: bool = True,
    ) -> int:
        at = self.clock.now()
        with self.database.write() as uow:
            campaign_id = uow.campaigns.create(
                kind=kind,
                name="测试",
                text=Reply.of(f"{mark}#((称呼))" if mark else text),
                notice=RECOMMENDED if kind is DeliveryKind.RECOMMENDATION else None,
                starts_at=at,
                expires_at=at + lasts,
                per_minute=per_minute,
                by="王老师",
                at=at,
            )
            some = [Recipient(openid, {"称呼": openid, "标题": f"{mark}#{openid}"}) for openid in openids]
            uow.campaigns.stage(campaign_id, some, at=at)
            if start:
                uow.campaigns.start(campaign_id)
        return campaign_id

    def status(self, key: str) -> tuple[str, str, str]:
        """(status, channel, reason)"""
        held = ledger(self.database)[key]
        return str(held.status), str(held.channel), held.reason

    def counts(self, campaign_id: int) -> dict[DeliveryStatus, int]:
        with self.database.read() as uow:
            return {status: times for status, times in uow.campaigns.counts(campaign_id).items() if times}

    @property
    def heard(self) -> Counter[str]:
        """How many messages each follower got, in whatever channel."""
        return Counter([*(openid for openid, _ in self.sender.sent), *(held.openid for held in self.sender.notices)])


def at_hour(hour: int, minute: int = 0, *, day: datetime = NOON) -> datetime:
    return day.replace(hour=hour, minute=minute)


def tell_all(database: Database, *openids: str, numbers: str = f"{make_number(1)} {make_number(2)}") -> int:
    """A campaign that was told these followers, with the patents it showed. → its id"""
    post = Post(database)
    post.followers(*openids)
    with database.write() as uow:
        campaign = uow.campaigns.create(
            kind=DeliveryKind.RECOMMENDATION,
            name="x",
            text=Reply.of("给您的话"),
            starts_at=NOON,
            expires_at=NOON + timedelta(days=7),
            by="",
            at=NOON,
        )
        values = {"号码": numbers} if numbers else {}
        uow.campaigns.stage(campaign, [Recipient(openid, values) for openid in openids], at=NOON)
        uow.campaigns.start(campaign)
    post.run()
    return campaign
