"""Colleagues at work on campaigns: followers with companies, briefs by the forms of the console, a worker that plans them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape

from backend.domain.companies import Company
from backend.domain.deliveries import DeliveryStatus
from backend.domain.listings import Listing
from backend.domain.roles import Role
from backend.outreach.carrying import Carrier
from backend.services.matching.matcher import Matcher
from bot.h5.links import Links
from bot.texts import Texts
from bot.texts.campaigns import Campaigns
from tests.support.builders import make_listing
from tests.support.busy_office import publish
from tests.support.desk_of_staff import BASE, SECRET, Colleague, StaffDesk
from tests.support.ledger import Post
from tests.support.shelf import tokenizer

COOLING = "机房散热装置"
TEA = "茶叶杀青"


@dataclass
class Campaigners:
    """The clock stands at noon on a working day; `writer` may write, `other` may approve."""

    desk: StaffDesk
    post: Post = field(init=False)
    writer: Colleague = field(init=False)
    other: Colleague = field(init=False)

    def __post_init__(self) -> None:
        self.post = Post(self.desk.database, self.desk.clock)
        self.writer = self.desk.enter(Role.OPERATOR, "经办")
        self.other = self.desk.enter(Role.APPROVER, "审批")

    @property
    def links(self) -> Links:
        return Links(BASE, SECRET)

    def pool(self) -> None:
        """One patent for cooling, one for tea."""
        publish(self.desk, cooling(1), tea(2))

    def companies(self, products: str, *openids: str, agreed: bool = True, **more: object) -> None:
        self.post.followers(*openids, agreed=agreed)
        with self.desk.database.write() as uow:
            for openid in openids:
                company = Company(openid=openid, products=products, name=f"{openid}厂", **more)  # type: ignore[arg-type] # fields of the builder
                uow.companies.keep(company, at=self.desk.clock.now())

    def write(self, kind: str = "notice", **form: str) -> int:
        """A brief, saved with the form's fields; its number."""
        made = self.writer.post("/campaigns", kind=kind, name=form.pop("name", "一批"))
        assert made.status_code == 303, self.writer.words
        number = int(made.headers["location"].rsplit("/", 1)[1])
        self.save(number, **form)
        return number

    def save(self, brief: int, **form: str) -> None:
        """What the form holds, with these fields changed."""
        self.writer.get(f"/campaigns/{brief}")
        words = re.search(r'<textarea name="words"[^>]*>(.*?)</textarea>', self.writer.page, re.DOTALL)
        version = re.search(r'name="version" value="(\d+)"', self.writer.page)
        assert words
        assert version
        saved = self.writer.post(
            f"/campaigns/{brief}/save", **{"words": unescape(words[1]), "version": version[1]} | form
        )
        assert saved.status_code == 303, self.writer.words
        self.writer.get(f"/campaigns/{brief}")

    def hand_in(self, number: int) -> str:
        """What the page says afterwards."""
        if self.writer.post(f"/campaigns/{number}/hand-in").status_code == 303:
            self.writer.get(f"/campaigns/{number}")
        return self.writer.words

    def carrier(self) -> Carrier:
        matcher = Matcher(self.desk.database, tokenizer().words, self.desk.clock, demonstration=False)
        return Carrier(self.desk.database, matcher.pool, Campaigns(Texts(), self.links.campaign), self.desk.clock)

    def carry(self) -> int:
        return self.carrier().carry_due()

    def send(self) -> None:
        self.carry()
        self.post.run()
        self.post.run()

    def campaign(self, number: int) -> int:
        with self.desk.database.read() as uow:
            return uow.briefs.get(number).campaign_id

    def counts(self, number: int) -> dict[DeliveryStatus, int]:
        return self.post.counts(self.campaign(number))

    def texts_to(self, openid: str) -> list[str]:
        return [reply.text for to, reply in self.post.sender.sent if to == openid]

    def later(self, **by: float) -> None:
        """Time goes by, and sessions with it."""
        self.desk.clock.forward(**by)
        for person, name in ((self.writer, "经办"), (self.other, "审批")):
            assert person.log_in(name).status_code == 303
            person.get("/")


def cooling(serial: int, **more: object) -> Listing:
    return make_listing(serial, title="一种机房散热装置", abstract="机房散热装置的风道", **more)


def tea(serial: int, **more: object) -> Listing:
    return make_listing(serial, title="一种茶叶杀青机", abstract="茶叶杀青滚筒", cluster="", **more)


NOTICE = {"title": "窗口搬家", "body": "下周一起在新址办公。"}
