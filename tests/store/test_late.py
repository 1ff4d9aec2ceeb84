"""Late answers: each goes out once, or waits for the next visit, or honestly says that nobody knows."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from backend.domain.deliveries import DeliveryStatus
from backend.domain.inbox import TAP_WINDOW
from backend.domain.ports.sender import OutcomeUnknown, Refused, TryLater, WindowClosed
from backend.domain.reply import Reply
from backend.outreach.sending import drain, settle_lost
from backend.store.database import Database
from backend.store.sending import CLAIM_LEASE, LEASE
from backend.store.switches import SENDING
from tests.support.arrivals import HOUR, NOON, SECOND, answer, arrive, follower, leave, ledger, noon, plan, visit
from tests.support.fakes import RememberingSender
from tests.support.threads import together

MINUTE = timedelta(minutes=1)


class Killed(Exception):
    """Stands for the end of a worker's process in the middle of a call."""


def _status(database: Database, notice_key: str = "n:1") -> DeliveryStatus:
    return ledger(database)[notice_key].status


def _texts(sender: RememberingSender) -> list[str]:
    return [reply.text for _, reply in sender.sent]


def test_what_is_due_goes_out_in_order(database: Database) -> None:
    visit(database)
    for number in range(3):
        plan(database, notice_key=f"n:{number}")
    sender = RememberingSender()
    drain(database, sender, noon())
    assert sender.sent == [("ming", Reply.of(f"n:{number}")) for number in range(3)]
    assert {str(delivery.status) for delivery in ledger(database).values()} == {"sent"}
    assert follower(database).window_left == 2


def test_four_threads_send_each_once(database: Database) -> None:
    keys = [f"n:{number}" for number in range(60)]
    for number, key in enumerate(keys):
        if number < 20:
            visit(database, f"o{number}")
        plan(database, f"o{number % 20}", key)
    senders = [RememberingSender() for _ in range(4)]
    together(4, lambda number: drain(database, senders[number], noon()))
    sent = Counter(text for sender in senders for text in _texts(sender))
    assert sent == Counter(keys)
    assert {str(delivery.status) for delivery in ledger(database).values()} == {"sent"}
    assert {delivery.attempts for delivery in ledger(database).values()} == {1}


def test_four_threads_keep_each_once_where_no_window_is_open(database: Database) -> None:
    visit(database, window=None)
    keys = [f"n:{number}" for number in range(20)]
    for key in keys:
        plan(database, notice_key=key)
    senders = [RememberingSender() for _ in range(4)]
    together(4, lambda number: drain(database, senders[number], noon()))
    with database.read() as uow:
        kept = [delivery.notice_key for delivery in uow.deliveries.kept_for("ming")]
    assert [sender.sent for sender in senders] == [[]] * 4
    assert kept == keys
    assert follower(database).kept == 20


def test_more_than_the_window_holds_waits_for_the_next_visit(database: Database) -> None:
    visit(database, window=TAP_WINDOW)
    for number in range(5):
        plan(database, notice_key=f"n:{number}")
    sender = RememberingSender()
    drain(database, sender, noon())
    with database.read() as uow:
        kept = [delivery.notice_key for delivery in uow.deliveries.kept_for("ming")]
    assert _texts(sender) == ["n:0", "n:1", "n:2"]
    assert kept == ["n:3", "n:4"]
    assert follower(database).kept == 2


def test_the_platform_says_the_window_is_shut(database: Database) -> None:
    visit(database)
    plan(database, notice_key="n:1")
    plan(database, notice_key="n:2")
    sender = RememberingSender(fail_next=[WindowClosed("platform_45015")])
    drain(database, sender, noon())
    assert sender.sent == []
    assert (follower(database).kept, follower(database).window_left) == (2, 0)
    drain(database, sender, noon())
    assert sender.sent == []


def test_what_was_kept_goes_with_the_next_answer(database: Database) -> None:
    visit(database, window=None)
    for key in ("n:1", "n:2"):
        plan(database, notice_key=key)
    drain(database, RememberingSender(), noon())
    with database.write() as uow:
        arrival, state = arrive(uow, "m:ming:next", at=NOON + HOUR)
        assert state is not None
        way, reply = answer(uow, arrival, "本次", at=NOON + HOUR, kept=state.kept)
    assert (str(way), reply.text) == ("passive", "n:1|n:2|本次")
    assert follower(database).kept == 0
    assert {str(delivery.status) for delivery in ledger(database).values()} == {"sent"}


def test_more_was_kept_than_the_turn_knew(database: Database) -> None:
    """The worker kept another one between the arrival and its answer: the count stays right."""
    visit(database, window=None)
    plan(database, notice_key="n:1")
    drain(database, RememberingSender(), noon())
    with database.write() as uow:
        arrival, state = arrive(uow, "m:ming:next", window=None)
    plan(database, notice_key="n:2")
    drain(database, RememberingSender(), noon())
    assert state is not None
    with database.write() as uow:
        _, reply = answer(uow, arrival, "本次", kept=state.kept)
    assert (state.kept, reply.text) == (1, "n:1|n:2|本次")
    assert follower(database).kept == 0


def test_later_means_later_and_does_not_count(database: Database) -> None:
    visit(database)
    plan(database)
    clock, sender = noon(), RememberingSender(fail_next=[TryLater("platform_-1", MINUTE)])
    drain(database, sender, clock)
    assert (sender.sent, _status(database)) == ([], DeliveryStatus.PLANNED)
    assert follower(database).window_left == 5
    clock.forward(seconds=59)
    assert drain(database, sender, clock) == 0
    clock.forward(seconds=1)
    drain(database, sender, clock)
    assert (_texts(sender), _status(database)) == (["n:1"], DeliveryStatus.SENT)
    assert (follower(database).window_left, ledger(database)["n:1"].attempts) == (4, 2)


@pytest.mark.parametrize(
    ("said", "status"),
    [
        (OutcomeUnknown("platform_-1"), DeliveryStatus.UNKNOWN),
        (Refused("platform_40003"), DeliveryStatus.REFUSED),
    ],
)
def test_what_is_settled_is_never_repeated(database: Database, said: Exception, status: DeliveryStatus) -> None:
    visit(database)
    plan(database)
    clock, sender = noon(), RememberingSender(fail_next=[said])
    drain(database, sender, clock)
    for _ in range(3):
        clock.forward(hours=1)
        visit(database, at=clock.now())
        settle_lost(database, clock)
        drain(database, sender, clock)
    assert (sender.sent, _status(database)) == ([], status)
    assert follower(database).kept == 0


def test_a_worker_killed_in_mid_air_leaves_an_honest_row(database: Database) -> None:
    visit(database)
    plan(database)
    clock, sender = noon(), RememberingSender(fail_next=[Killed()])
    with pytest.raises(Killed):
        drain(database, sender, clock)
    assert _status(database) is DeliveryStatus.ASKING
    clock.at = NOON + LEASE
    assert (settle_lost(database, clock), drain(database, sender, clock)) == (0, 0)
    clock.at = NOON + LEASE + SECOND
    assert (settle_lost(database, clock), settle_lost(database, clock)) == (1, 0)
    assert drain(database, sender, clock) == 0
    assert (sender.sent, _status(database)) == ([], DeliveryStatus.UNKNOWN)


def test_a_worker_killed_between_claim_and_ask_is_replaced(database: Database) -> None:
    visit(database)
    plan(database)
    with database.write() as uow:
        assert uow.sending.claim(me="dead", at=NOON, limit=1)
    clock, sender = noon(), RememberingSender()
    drain(database, sender, clock)
    assert sender.sent == []
    clock.at = NOON + CLAIM_LEASE + SECOND
    drain(database, sender, clock)
    assert _texts(sender) == ["n:1"]


def test_switched_off_nothing_is_sent(database: Database) -> None:
    visit(database)
    plan(database)
    sender = RememberingSender()
    with database.write() as uow:
        uow.switches.set(SENDING, "off", at=NOON)
    assert drain(database, sender, noon()) == 0
    assert (sender.sent, _status(database)) == ([], DeliveryStatus.PLANNED)
    with database.write() as uow:
        uow.switches.set(SENDING, "on", at=NOON)
    drain(database, sender, noon())
    assert _texts(sender) == ["n:1"]


def test_leaving_stops_everything(database: Database) -> None:
    visit(database)
    visit(database, "hua")
    for openid in ("ming", "hua"):
        plan(database, openid, f"n:{openid}")
    leave(database)
    plan(database, notice_key="n:planned after")
    clock, sender = noon(), RememberingSender()
    drain(database, sender, clock)
    assert _texts(sender) == ["n:hua"]
    assert _status(database, "n:ming") is DeliveryStatus.SUPPRESSED


def test_what_was_kept_for_someone_who_left_is_forgotten(database: Database) -> None:
    visit(database, window=None)
    plan(database)
    drain(database, RememberingSender(), noon())
    assert follower(database).kept == 1
    leave(database)
    assert follower(database).kept == 0
    assert _status(database) is DeliveryStatus.SUPPRESSED
