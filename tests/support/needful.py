"""Companies with needs before a pool that can be changed, and holders whose patents stand in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from backend.domain.clock import day_of
from backend.domain.listings import Listing, Track
from backend.domain.needs import Need
from backend.services.needs.introducing import agree
from backend.services.needs.matching import NeedRound
from backend.services.needs.posting import post_need
from backend.services.pool.importing import note_for_search
from backend.store.tables import DeliveryRow
from tests.support.alerted import WORDING, Alerted
from tests.support.arrivals import NOON
from tests.support.builders import make_listing
from tests.support.declared import Desks

PROBLEM = "不锈钢薄板激光焊接以后老是变形，要人工校平，想找减少变形的办法"
WELDING = {"title": "薄板激光焊接变形的夹持装置", "abstract": "焊接不锈钢薄板时减小变形，免去校平。"}


@dataclass
class Needful:
    alerted: Alerted

    @staticmethod
    def elsewhere() -> list[Listing]:
        """A pool of other things, so that words can be rare."""
        topics = ("水泵叶轮", "茶叶烘干", "电池回收", "纸箱印刷", "轴承密封", "大棚卷帘", "除尘滤袋", "豆制品保鲜")
        return [
            make_listing(100 + number, title=f"{topic}装置", abstract=f"用于{topic}的结构，减少人工。")
            for number, topic in enumerate(topics)
        ]

    @cached_property
    def round(self) -> NeedRound:
        shelf = self.alerted.shelf
        return NeedRound(shelf.database, shelf.reader(), shelf.clock, WORDING, demonstration=False)

    @cached_property
    def desks(self) -> Desks:
        """Where holders declare, by the same clock."""
        return Desks(self.alerted.shelf.database, clock=self.alerted.shelf.clock)

    def post(self, openid: str = "firm", **changes: Any) -> int:
        self.alerted.came(openid)
        answers = {
            "problem": PROBLEM,
            "ends_on": date(2026, 6, 1).isoformat(),
            "contact_name": "张三",
            "contact_phone": "13812345678",
            "consent": {"purpose": "need", "version": "2026-11", "at": NOON.isoformat()},
        }
        with self.alerted.shelf.database.write() as uow:
            return post_need(uow, openid=openid, answers=answers | changes, at=self.alerted.shelf.clock.now())

    def publish(self, serial: int = 1, **changes: Any) -> Listing:
        listing = make_listing(serial, **(WELDING | changes))
        self.alerted.shelf.publish(listing)
        self.look()
        return listing

    def declare(self, serial: int = 2, *, openid: str = "holder", reads: bool = True) -> int:
        """A statutory listing declared by a follower who wants to hear of needs."""
        self.alerted.came(openid)
        declared = self.desks.listed(serial, openid=openid, track=Track.STATUTORY, **WELDING)
        if reads:
            with self.alerted.shelf.database.write() as uow:
                uow.needs.read(openid, at=self.alerted.shelf.clock.now())
        self.look()
        return declared

    def look(self) -> None:
        """The index is brought up to date, then the round runs."""
        self.alerted.shelf.sync()
        note_for_search(self.alerted.shelf.database)
        self.round.run()

    def agree(self, openid: str, match_id: int = 1) -> bool:
        with self.alerted.shelf.database.write() as uow:
            done = agree(uow, openid, match_id, at=self.alerted.shelf.clock.now())
        self.round.run()
        return done

    def needs(self, openid: str = "firm") -> list[Need]:
        with self.alerted.shelf.database.read() as uow:
            return uow.needs.of(openid)

    def told(self, openid: str) -> list[str]:
        """Everything that was planned for them, in order."""
        with self.alerted.shelf.database.read() as uow:
            rows = uow.connection.execute(
                DeliveryRow.__table__.select().where(DeliveryRow.openid == openid).order_by(DeliveryRow.id)
            )
            return [row.reply["text"] for row in rows]

    @property
    def today(self) -> date:
        return day_of(self.alerted.shelf.clock.now())
