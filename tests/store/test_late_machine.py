"""Any order of planning, visiting, sending, failing, dying, leaving: nobody hears anything twice, nothing is lost."""

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

from backend.domain.deeds import Deed, Followed, Unfollowed
from backend.domain.deliveries import Channel, DeliveryStatus
from backend.domain.inbox import MESSAGE_WINDOW, TAP_WINDOW, Window
from backend.domain.ports.sender import Message, OutcomeUnknown, Refused, TryLater, WindowClosed
from backend.domain.reply import Reply
from backend.outreach.sending import drain, settle_lost
from backend.store.database import Database
from backend.store.switches import SENDING
from backend.store.tables import DeliveryRow, FollowerRow, InboxRow, SwitchRow
from tests.support.arrivals import answer, arrive, follower, ledger, noon, plan
from tests.support.fakes import RememberingSender

WHO = ("ming", "hua")
people = st.sampled_from(WHO)


class Killed(Exception):
    """The worker's process ends in the middle of a call."""


FAILURES: dict[str, Callable[[], Exception]] = {
    "refused": lambda: Refused("platform_40003"),
    "closed": lambda: WindowClosed("platform_45015"),
    "later": lambda: TryLater("platform_-1", timedelta(minutes=1)),
    "unknown": lambda: OutcomeUnknown("platform_-1"),
    "killed": Killed,
}


@dataclass
class Asked(RememberingSender):
    """Also remembers what it was asked and did not say what became of it."""

    doubtful: list[str] = field(default_factory=list)

    def take(self, message: Message) -> str:
        text = (message.reply or Reply.of("")).text
        assert text not in self.doubtful, "nobody knows whether the follower has it already"
        try:
            return super().take(message)
        except (Killed, OutcomeUnknown):
            self.doubtful.append(text)
            raise


class Outreach(RuleBasedStateMachine):
    """`shown` is what was kept and then went with an answer; `sender.sent` what went as a message of its own."""

    def __init__(self, database: Database) -> None:
        super().__init__()
        self.database = database
        self.clock, self.sender = noon(), Asked()
        self.planned: set[str] = set()
        self.shown: list[str] = []
        self.serial = 0
        self.open_left = dict.fromkeys(WHO, 0)  # what the platform would still take
        self.following = dict.fromkeys(WHO, True)
        self.sending = True

    @initialize()
    def empty(self) -> None:
        with self.database.write() as uow:
            for row in (DeliveryRow, InboxRow, FollowerRow, SwitchRow):
                uow.connection.execute(delete(row))
        for openid in WHO:
            self.visit(openid, MESSAGE_WINDOW)
            self.plan_some(openid, 1)
        self._drain([])

    def _come(self, openid: str, window: Window | None, deed: Deed, *, following: bool) -> None:
        self.serial += 1
        self.following[openid] = following
        with self.database.write() as uow:
            arrival, state = arrive(
                uow, f"m:{self.serial}", openid, at=self.clock.now(), window=window, following=following
            )
            assert state is not None
            said = "本次" if following else ""
            _, reply = answer(uow, arrival, said, deed, at=self.clock.now(), kept=state.kept)
        self.shown.extend(text for text in reply.text.split("|") if text and text != said)

    @rule(openid=people, window=st.sampled_from([MESSAGE_WINDOW, TAP_WINDOW, None]))
    def visit(self, openid: str, window: Window | None) -> None:
        self._come(openid, window, Followed(""), following=True)
        if window:
            self.open_left[openid] = max(window.messages, self.open_left[openid])

    @rule(openid=people)
    def leave(self, openid: str) -> None:
        self._come(openid, None, Unfollowed(), following=False)

    @rule(openid=people, count=st.integers(1, 3))
    def plan_some(self, openid: str, count: int) -> None:
        for _ in range(count):
            self.serial += 1
            key = f"{openid}:{self.serial}"
            assert plan(self.database, openid, key, at=self.clock.now())
            assert not plan(self.database, openid, key, at=self.clock.now())
            self.planned.add(key)

    @rule()
    def drain_well(self) -> None:
        self._drain([])

    @rule(failures=st.lists(st.sampled_from(sorted(FAILURES)), min_size=1, max_size=3))
    def drain_in_trouble(self, failures: list[str]) -> None:
        self._drain(failures)

    def _drain(self, failures: list[str]) -> None:
        before = len(self.sender.sent)
        self.sender.fail_next = [FAILURES[name]() for name in failures]
        with contextlib.suppress(Killed):
            drain(self.database, self.sender, self.clock)
        self.sender.fail_next = []
        new = [openid for openid, _ in self.sender.sent[before:]]
        assert self.sending or not new
        for openid in new:
            assert self.following[openid]
            self.open_left[openid] -= 1
            assert self.open_left[openid] >= 0

    @rule()
    def two_workers_with_the_same_list(self) -> None:
        """The first claims and dies; the second has to wait for the lease, and asks for none of them twice."""
        with self.database.write() as uow:
            claimed = uow.sending.claim(me="dead", at=self.clock.now(), limit=1)
        self._drain(["later", "closed"])
        with self.database.read() as uow:
            held = [uow.deliveries.get(delivery.id).status for delivery in claimed]
        assert set(held) <= {DeliveryStatus.CLAIMED}

    @rule(minutes=st.sampled_from([1, 30, 49 * 60]))
    def time_passes(self, minutes: int) -> None:
        self.clock.forward(minutes=minutes)

    @rule()
    def sweep(self) -> None:
        settle_lost(self.database, self.clock)

    @rule(state=st.sampled_from(["on", "off"]))
    def switch(self, state: str) -> None:
        self.sending = state == "on"
        with self.database.write() as uow:
            uow.switches.set(SENDING, state, at=self.clock.now())

    @invariant()
    def nobody_hears_twice(self) -> None:
        heard = Counter([*(reply.text for _, reply in self.sender.sent), *self.shown])
        assert all(count == 1 for count in heard.values())
        assert set(heard) <= self.planned

    @invariant()
    def the_count_of_what_waits_is_right(self) -> None:
        if not self.serial:
            return
        with self.database.read() as uow:
            waiting = {openid: len(uow.deliveries.kept_for(openid)) for openid in WHO}
        assert waiting == {openid: follower(self.database, openid).kept for openid in WHO}

    def teardown(self) -> None:
        """After everything has come to rest, what was heard is what was planned, less what the ledger says was not."""
        if not self.serial:
            return
        self.switch("on")
        self.clock.forward(hours=1)
        settle_lost(self.database, self.clock)
        self._drain([])
        held = ledger(self.database)
        by_status = {
            status: {key for key, row in held.items() if row.status == status and row.channel == channel}
            for status, channel in (("sent", Channel.CUSTOMER_SERVICE), ("planned", Channel.NEXT_VISIT))
        }
        settled = {key for key, row in held.items() if row.status in {"suppressed", "unknown", "refused"}}
        heard = {reply.text for _, reply in self.sender.sent}
        assert set(held) == self.planned
        assert heard == by_status["sent"]
        assert heard == self.planned - settled - by_status["planned"] - set(self.shown)


def test_outreach_in_any_order(database: Database) -> None:
    machines: list[Outreach] = []

    def machine() -> Outreach:
        machines.append(Outreach(database))
        return machines[-1]

    steps = settings(max_examples=60, stateful_step_count=25, deadline=None)
    run_state_machine_as_test(machine, settings=steps)  # type: ignore[arg-type] # any maker of machines will do
    assert all(len(held.sender.sent) >= len(WHO) for held in machines)
