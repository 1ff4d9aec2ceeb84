"""The delivery ledger, row by row."""

from __future__ import annotations

from datetime import timedelta

import pytest

from backend.domain.deliveries import Channel, DeliveryStatus
from backend.domain.reply import Reply, ReplyKind
from backend.store.database import Database
from backend.store.deliveries import LEASE
from tests.support.arrivals import HOUR, NOON, SECOND, ledger, plan
from tests.support.threads import together

SERVICE, VISIT = Channel.CUSTOMER_SERVICE, Channel.NEXT_VISIT


def _due(
    database: Database, *, channel: Channel = SERVICE, after: timedelta = timedelta(0), limit: int = 50
) -> list[str]:
    with database.read() as uow:
        ids = uow.deliveries.due(channel, at=NOON + after, limit=limit)
        return [uow.deliveries.get(delivery_id).notice_key for delivery_id in ids]


def _claim(database: Database, notice_key: str = "n:1", *, after: timedelta = timedelta(0)) -> bool:
    delivery_id = ledger(database)[notice_key].id
    with database.write() as uow:
        return uow.deliveries.claim(delivery_id, at=NOON + after)


def test_one_notice_is_planned_once_for_a_follower(database: Database) -> None:
    outcomes = [plan(database), plan(database, text="another wording"), plan(database, "hua")]
    assert outcomes == [True, False, True]


def test_many_threads_plan_one_notice(database: Database) -> None:
    assert sorted(together(6, lambda _: plan(database))) == [False] * 5 + [True]
    assert len(ledger(database)) == 1


@pytest.mark.parametrize(
    "reply",
    [
        Reply.of("您好 😀\n“引号”"),
        Reply(ReplyKind.ARTICLE, "说明", "标题", "https://example.com/h5?a=1&b=2", "https://example.com/p.png"),
    ],
)
def test_a_reply_comes_back_as_it_was_planned(database: Database, reply: Reply) -> None:
    with database.write() as uow:
        uow.deliveries.plan(openid="ming", notice_key="n:1", channel=SERVICE, reply=reply, at=NOON)
    held = ledger(database)["n:1"]
    assert held.reply == reply
    assert (held.status, held.attempts, held.planned_at) == (DeliveryStatus.PLANNED, 0, NOON)


def test_due_come_oldest_first_and_up_to_a_limit(database: Database) -> None:
    for number in range(4):
        plan(database, notice_key=f"n:{number}", at=NOON + number * SECOND)
    assert _due(database, after=2 * SECOND) == ["n:0", "n:1", "n:2"]
    assert _due(database, after=HOUR, limit=2) == ["n:0", "n:1"]


def test_what_waits_for_a_visit_is_not_due(database: Database) -> None:
    plan(database, channel=VISIT)
    assert _due(database, after=HOUR) == []
    assert not _claim(database, after=HOUR)


def test_a_claim_is_single_until_its_lease_ends(database: Database) -> None:
    plan(database)
    assert sorted(together(8, lambda _: _claim(database))) == [False] * 7 + [True]
    assert not _claim(database, after=LEASE)
    assert _due(database, after=LEASE) == []
    assert _due(database, after=LEASE + SECOND) == ["n:1"]
    assert _claim(database, after=LEASE + SECOND)


def test_what_is_postponed_cannot_be_claimed_before(database: Database) -> None:
    """A second worker may still hold it in its list of due rows."""
    plan(database)
    with database.write() as uow:
        uow.deliveries.postpone(ledger(database)["n:1"].id, until=NOON + HOUR, reason="busy")
    assert not _claim(database)
    assert _claim(database, after=HOUR)


def test_what_is_kept_cannot_be_claimed(database: Database) -> None:
    plan(database)
    with database.write() as uow:
        uow.deliveries.keep(ledger(database)["n:1"].id, reason="no_window")
    assert not _claim(database, after=HOUR)
    with database.read() as uow:
        assert [delivery.notice_key for delivery in uow.deliveries.kept_for("ming")] == ["n:1"]


def test_asking_needs_the_claim(database: Database) -> None:
    plan(database)
    delivery_id = ledger(database)["n:1"].id
    with database.write() as uow:
        assert not uow.deliveries.ask(delivery_id, at=NOON)
        assert uow.deliveries.claim(delivery_id, at=NOON)
        assert uow.deliveries.ask(delivery_id, at=NOON)
        assert not uow.deliveries.ask(delivery_id, at=NOON)
        assert not uow.deliveries.claim(delivery_id, at=NOON + HOUR)
    assert ledger(database)["n:1"].attempts == 1


def test_unanswered_asks_become_unknown_after_their_lease(database: Database) -> None:
    for key in ("n:1", "n:2"):
        plan(database, notice_key=key)
    delivery_id = ledger(database)["n:1"].id
    with database.write() as uow:
        uow.deliveries.claim(delivery_id, at=NOON)
        uow.deliveries.ask(delivery_id, at=NOON)
    with database.write() as uow:
        counts = [uow.deliveries.unanswered_asks(at=NOON + after) for after in (LEASE, LEASE + SECOND, HOUR)]
    assert counts == [0, 1, 0]
    statuses = {key: delivery.status for key, delivery in ledger(database).items()}
    assert statuses == {"n:1": DeliveryStatus.UNKNOWN, "n:2": DeliveryStatus.PLANNED}


def test_suppressing_stops_what_is_not_out_yet(database: Database) -> None:
    for key in ("planned", "claimed", "asking", "sent"):
        plan(database, notice_key=key)
    plan(database, notice_key="kept", channel=VISIT)
    plan(database, "hua", "of another")
    held = ledger(database)
    with database.write() as uow:
        for key in ("claimed", "asking", "sent"):
            uow.deliveries.claim(held[key].id, at=NOON)
        uow.deliveries.ask(held["asking"].id, at=NOON)
        uow.deliveries.settle(held["sent"].id, DeliveryStatus.SENT, at=NOON)
        uow.deliveries.suppress_for("ming", at=NOON, reason="unfollowed")
    statuses = {key: str(delivery.status) for key, delivery in ledger(database).items()}
    assert statuses == {
        "planned": "suppressed",
        "claimed": "suppressed",
        "kept": "suppressed",
        "asking": "asking",
        "sent": "sent",
        "of another": "planned",
    }


def test_a_long_reason_fits(database: Database) -> None:
    plan(database)
    with database.write() as uow:
        uow.deliveries.settle(ledger(database)["n:1"].id, DeliveryStatus.REFUSED, at=NOON, reason="长" * 5000)
    assert ledger(database)["n:1"].status is DeliveryStatus.REFUSED
