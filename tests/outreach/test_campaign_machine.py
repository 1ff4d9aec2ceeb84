"""Campaigns in any order of planning, pausing, leaving, quotas, doubts and reports: nobody twice, nobody unasked, nobody lost."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import delete

from backend.domain.deeds import Deed, Followed, LeaveAlerts, NoticeEnded, Unfollowed
from backend.domain.deliveries import Channel, DeliveryStatus
from backend.domain.inbox import MESSAGE_WINDOW, TAP_WINDOW, Window
from backend.domain.ports.sender import ApiRests, Message, OutcomeUnknown, Refused, TryLater, WindowClosed
from backend.services.deeds import carry_out
from backend.store.campaigns import CampaignElsewhere
from backend.store.database import Database
from backend.store.tables import (
    ApiDayRow,
    CampaignRow,
    CampaignTallyRow,
    ConsentRow,
    DeliveryRow,
    FollowerRow,
    InboxRow,
    SubscriptionCreditRow,
)
from tests.support.arrivals import answer, arrive, follower
from tests.support.fakes import RememberingSender
from tests.support.ledger import Post

WHO = ("ming", "hua", "li")
people = st.sampled_from(WHO)


class Killed(Exception):
    """The worker's process ends in the middle of a call."""


FAILURES: dict[str, Callable[[], Exception]] = {
    "refused": lambda: Refused("platform_43019"),
    "closed": lambda: WindowClosed("platform_45015"),
    "later": lambda: TryLater("platform_-1", timedelta(minutes=1)),
    "unknown": lambda: OutcomeUnknown("platform_-1"),
    "spent": lambda: ApiRests("platform_45009"),
    "killed": Killed,
}


@dataclass
class Listening(RememberingSender):
    """Knows what is in doubt, and that nobody may be asked for it again."""

    doubtful: set[str] = field(default_factory=set)

    def take(self, message: Message) -> str:
        text = text_of(message)
        assert text not in self.doubtful, "nobody knows whether they have it already"
        try:
            return super().take(message)
        except (Killed, OutcomeUnknown):
            self.doubtful.add(text)
            raise


def text_of(message: Message) -> str:
    return message.reply.text if message.reply else message.fields["thing1"]


class Campaigns(RuleBasedStateMachine):
    def __init__(self, database: Database) -> None:
        super().__init__()
        self.sender = Listening()
        self.post = Post(database, sender=self.sender)
        self.serial = 0
        self.planned: dict[int, set[str]] = {}
        self.shown: list[str] = []
        self.agreed = dict.fromkeys(WHO, True)
        self.following = dict.fromkeys(WHO, True)
        self.stands: dict[int, str] = {}

    @initialize()
    def empty(self) -> None:
        with self.post.database.write() as uow:
            for row in (
                DeliveryRow, CampaignRow, CampaignTallyRow, ApiDayRow, ConsentRow, SubscriptionCreditRow, InboxRow, FollowerRow,
            ):  # fmt: skip
                uow.connection.execute(delete(row))
        for openid in WHO:
            self.visit(openid, MESSAGE_WINDOW)
            self.post.agree(openid)
        self.plan(list(WHO), 0, start=True)
        self.plan(["ming", "hua"], 1, start=True)

    def _come(self, openid: str, window: Window | None, deed: Deed, *, following: bool) -> None:
        self.serial += 1
        self.following[openid] = following
        at = self.post.clock.now()
        with self.post.database.write() as uow:
            arrival, state = arrive(uow, f"m:{self.serial}", openid, at=at, window=window, following=following)
            assert state is not None
            said = "本次" if following else ""
            _, reply = answer(uow, arrival, said, deed, at=at, kept=state.kept)
        self.shown.extend(text for text in reply.text.split("|") if text and text != said)

    @rule(openid=people, window=st.sampled_from([MESSAGE_WINDOW, TAP_WINDOW, None]))
    def visit(self, openid: str, window: Window | None) -> None:
        self._come(openid, window, Followed(""), following=True)

    @rule(openid=people)
    def unfollow(self, openid: str) -> None:
        self._come(openid, None, Unfollowed(), following=False)

    @rule(openid=people)
    def unsubscribe(self, openid: str) -> None:
        self.agreed[openid] = False
        with self.post.database.write() as uow:
            carry_out(uow, openid, LeaveAlerts(), at=self.post.clock.now())

    @rule(openid=people)
    def agree_again(self, openid: str) -> None:
        self.agreed[openid] = True
        self.post.agree(openid)

    @rule(openid=people)
    def agree_to_a_notice(self, openid: str) -> None:
        self.post.credit(openid, "recommendation")

    @rule(who=st.lists(people, min_size=1, max_size=4), per_minute=st.sampled_from([0, 1]), start=st.booleans())
    def plan(self, who: list[str], per_minute: int, start: bool) -> None:
        self.serial += 1
        campaign = self.post.campaign(
            who, mark=str(self.serial), per_minute=per_minute, lasts=timedelta(days=3), start=start
        )
        self.planned[campaign] = {f"{self.serial}#{openid}" for openid in who}
        self.stands[campaign] = "running" if start else "staging"

    @rule(what=st.sampled_from(["start", "pause", "resume", "cancel"]), which=st.integers(0, 3))
    def move(self, what: str, which: int) -> None:
        ids = sorted(self.planned)
        if not ids:
            return
        campaign = ids[which % len(ids)]
        with contextlib.suppress(CampaignElsewhere), self.post.database.write() as uow:
            getattr(uow.campaigns, what)(campaign)
            after = {"start": "running", "pause": "paused", "resume": "running", "cancel": "cancelled"}
            self.stands[campaign] = after[what]

    @rule(failures=st.lists(st.sampled_from(sorted(FAILURES)), max_size=3))
    def run(self, failures: list[str]) -> None:
        self.sender.fail_next = [FAILURES[name]() for name in failures]
        sent, notices = len(self.sender.sent), len(self.sender.notices)
        with contextlib.suppress(Killed):
            self.post.run()
        self.sender.fail_next = []
        new = [(openid, reply.text) for openid, reply in self.sender.sent[sent:]]
        new += [(held.openid, text_of(held)) for held in self.sender.notices[notices:]]
        for openid, text in new:
            campaign = next(number for number, texts in self.planned.items() if text in texts)
            assert self.agreed[openid], "unasked"
            assert self.following[openid], "left"
            assert self.stands[campaign] == "running", self.stands[campaign]

    @rule(
        who=st.lists(people, max_size=3, unique=True),
        failures=st.lists(st.sampled_from(sorted(FAILURES)), max_size=3),
        planned=st.lists(people, max_size=3),
    )
    def a_day_goes_by(self, who: list[str], failures: list[str], planned: list[str]) -> None:
        """The next noon: some write, something new is planned, and the worker runs."""
        now = self.post.clock.now()
        self.post.clock.at = now.replace(hour=12, minute=0) + timedelta(days=1)
        for openid in who:
            if self.following[openid]:
                self.visit(openid, MESSAGE_WINDOW)
        if planned:
            self.plan(planned, 0, start=True)
        self.run(failures)

    @rule(arrived=st.booleans(), openid=people)
    def a_report_comes(self, arrived: bool, openid: str) -> None:
        self.serial += 1
        with self.post.database.write() as uow:
            told = NoticeEnded(Channel.SUBSCRIPTION, f"r{self.serial}", arrived, "failed")
            carry_out(uow, openid, told, at=self.post.clock.now())

    @rule(hours=st.sampled_from([0.02, 1, 10, 24, 60]))
    def time_passes(self, hours: float) -> None:
        self.post.clock.forward(hours=hours)

    @rule()
    def the_clock_is_put_back(self) -> None:
        self.post.clock.forward(hours=-1)

    @invariant()
    def nobody_hears_twice_or_what_was_not_planned(self) -> None:
        heard = Counter(self.shown)
        heard.update(reply.text for _, reply in self.sender.sent)
        heard.update(text_of(held) for held in self.sender.notices)
        assert all(times == 1 for times in heard.values())
        assert set(heard) <= set().union(*self.planned.values()) if self.planned else not heard

    @invariant()
    def the_counts_are_right(self) -> None:
        if not self.serial:
            return
        rows = list(ledger_rows(self.post.database))
        for campaign in self.planned:
            stands = Counter(status for number, status in rows if number == campaign)
            final = {status: times for status, times in stands.items() if status in DeliveryStatus.final()}
            counts = {status: times for status, times in self.post.counts(campaign).items() if times}
            assert {str(status): times for status, times in counts.items() if status != "planned"} == final
            assert sum(counts.values()) == len(self.planned[campaign])

    def teardown(self) -> None:
        """After everything has come to rest: sent is planned, less those of whom the ledger says why not."""
        if not self.serial:
            return
        for _ in range(12):
            self.post.clock.forward(hours=13)
            self.post.run()
        held = {(row.campaign_id, row.openid): row for row in all_rows(self.post.database)}
        heard = {reply.text for _, reply in self.sender.sent} | {text_of(one) for one in self.sender.notices}
        for (_, openid), row in held.items():
            text = next(text for text in self.planned[row.campaign_id] if text.endswith(f"#{openid}"))
            if text in heard | set(self.shown):
                assert row.status in {"sent", "refused", "unknown"}, row.status
            elif row.status == "sent":
                assert text in self.sender.doubtful, "a report settled it"
            elif row.status == "planned":
                assert self.stands[row.campaign_id] == "staging" or row.channel == "next_visit", row
        assert {len(texts) for texts in self.planned.values()} == {
            sum(number == campaign for number, _ in held) for campaign in self.planned
        } or not self.planned
        assert all(follower(self.post.database, openid).kept >= 0 for openid in WHO)


def all_rows(database: Database) -> list[DeliveryRow]:
    with database.read() as uow:
        return list(uow.connection.execute(DeliveryRow.__table__.select()).all())  # type: ignore[arg-type] # rows of the table


def ledger_rows(database: Database) -> list[tuple[int, str]]:
    return [(row.campaign_id, row.status) for row in all_rows(database)]


def test_campaigns_in_any_order(database: Database) -> None:
    machines: list[Campaigns] = []

    def machine() -> Campaigns:
        machines.append(Campaigns(database))
        return machines[-1]

    steps = settings(max_examples=60, stateful_step_count=30, deadline=None)
    run_state_machine_as_test(machine, settings=steps)  # type: ignore[arg-type] # any maker of machines will do
    assert any(held.post.heard for held in machines)
