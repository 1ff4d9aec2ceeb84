"""The delivery ledger, row by row."""

from __future__ import annotations

from datetime import timedelta

import pytest

from backend.domain.deliveries import Channel, DeliveryKind, DeliveryStatus, Notice
from backend.domain.reply import Reply, ReplyKind
from backend.store.database import Database
from backend.store.sending import CLAIM_LEASE, LEASE
from tests.support.arrivals import HOUR, NOON, SECOND, follower, ledger, plan, visit
from tests.support.threads import together

VISIT = Channel.NEXT_VISIT


def _claim(database: Database, *, me: str = "me", after: timedelta = timedelta(0), limit: int = 50) -> list[str]:
    with database.write() as uow:
        uow.sending.release(at=NOON + after, limit=50)
        return [held.notice_key for held in uow.sending.claim(me=me, at=NOON + after, limit=limit)]


def _ask(database: Database, *keys: str) -> None:
    held = ledger(database)
    with database.write() as uow:
        uow.sending.ask([held[key].id for key in keys], Channel.CUSTOMER_SERVICE, at=NOON)


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
@pytest.mark.parametrize("notice", [None, Notice("declaration", {"title": "一种“锅”"}, "https://example.com/h5")])
def test_a_delivery_comes_back_as_it_was_planned(database: Database, reply: Reply, notice: Notice | None) -> None:
    with database.write() as uow:
        uow.deliveries.plan(
            openid="ming",
            notice_key="n:1",
            kind=DeliveryKind.LEGAL_NOTICE,
            reply=reply,
            notice=notice,
            text_version="2026-11",
            business_number="HQ-7",
            at=NOON,
            due_at=NOON + HOUR,
            expires_at=NOON + 2 * HOUR,
        )
    held = ledger(database)["n:1"]
    assert (held.reply, held.notice, held.kind) == (reply, notice, DeliveryKind.LEGAL_NOTICE)
    assert (held.text_version, held.business_number) == ("2026-11", "HQ-7")
    assert (held.status, held.attempts, held.planned_at) == (DeliveryStatus.PLANNED, 0, NOON)
    assert (held.due_at, held.expires_at) == (NOON + HOUR, NOON + 2 * HOUR)


def test_due_come_oldest_first_and_up_to_a_limit(database: Database) -> None:
    for number in range(4):
        plan(database, notice_key=f"n:{number}", at=NOON + number * SECOND)
    assert _claim(database, after=2 * SECOND, limit=2) == ["n:0", "n:1"]
    assert _claim(database, after=2 * SECOND) == ["n:2"]
    assert _claim(database, after=3 * SECOND) == ["n:3"]


def test_what_is_urgent_goes_first(database: Database) -> None:
    kinds = [DeliveryKind.DIGEST, DeliveryKind.REMINDER, DeliveryKind.LEGAL_NOTICE, DeliveryKind.COLLEAGUE]
    for kind in kinds:
        plan(database, notice_key=f"n:{kind}", kind=kind)
    assert _claim(database) == ["n:legal_notice", "n:colleague", "n:reminder", "n:digest"]


def test_what_waits_for_a_visit_is_not_due(database: Database) -> None:
    plan(database, channel=VISIT)
    assert _claim(database, after=HOUR) == []


def test_a_claim_is_single_until_its_lease_ends(database: Database) -> None:
    for number in range(20):
        plan(database, notice_key=f"n:{number}")
    claims = together(8, lambda number: _claim(database, me=str(number), limit=5))
    assert sorted(key for keys in claims for key in keys) == sorted(f"n:{number}" for number in range(20))
    assert _claim(database, after=CLAIM_LEASE) == []
    assert len(_claim(database, after=CLAIM_LEASE + SECOND)) == 20


def test_what_was_called_off_since_is_nobodys(database: Database) -> None:
    plan(database)
    plan(database, "hua", "n:2")
    _claim(database)
    ids = {key: held.id for key, held in ledger(database).items()}
    with database.write() as uow:
        uow.deliveries.suppress_for("ming", at=NOON, reason="unsubscribed")
        mine = uow.sending.still_mine(list(ids.values()), me="me", at=NOON)
        assert mine == {ids["n:2"]}
        assert uow.sending.still_mine([ids["n:2"]], me="another", at=NOON) == set()
        assert uow.sending.still_mine([ids["n:2"]], me="me", at=NOON + CLAIM_LEASE) == set()


def test_what_is_kept_is_counted_and_not_claimed(database: Database) -> None:
    visit(database, window=None)
    plan(database)
    _claim(database)
    with database.write() as uow:
        uow.sending.keep(ledger(database)["n:1"], reason="no_window", expires_at=None)
    assert _claim(database, after=HOUR) == []
    with database.read() as uow:
        assert [delivery.notice_key for delivery in uow.deliveries.kept_for("ming")] == ["n:1"]
    assert follower(database).kept == 1


def test_unanswered_asks_become_unknown_after_their_lease_but_legal_notices_are_asked_again(database: Database) -> None:
    for key, kind in (("n:1", DeliveryKind.SERVICE_NOTICE), ("n:2", DeliveryKind.LEGAL_NOTICE)):
        plan(database, notice_key=key, kind=kind)
    plan(database, notice_key="n:3")
    _claim(database)
    _ask(database, "n:1", "n:2")
    with database.write() as uow:
        counts = [uow.sending.unanswered(at=NOON + after, limit=9) for after in (LEASE, LEASE + SECOND, HOUR)]
    assert counts == [0, 2, 0]
    statuses = {key: str(delivery.status) for key, delivery in ledger(database).items()}
    assert statuses == {"n:1": "unknown", "n:2": "planned", "n:3": "claimed"}
    assert _claim(database, after=HOUR) == ["n:2", "n:3"]
    assert {held.attempts for held in ledger(database).values()} == {1, 0}


def test_suppressing_stops_what_is_not_out_yet(database: Database) -> None:
    visit(database)
    for key in ("claimed", "asking", "sent"):
        plan(database, notice_key=key)
    _claim(database)
    _ask(database, "asking", "sent")
    plan(database, notice_key="planned")
    plan(database, notice_key="kept")
    plan(database, "hua", "of another")
    with database.write() as uow:
        held = uow.deliveries.get(uow.deliveries.id_of("ming", "kept"))
        uow.sending.keep(held, reason="no_window", expires_at=None)
        uow.deliveries.settle(uow.deliveries.id_of("ming", "sent"), DeliveryStatus.SENT, at=NOON)
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
    assert follower(database).kept == 0


def test_only_what_came_unasked_stops_where_that_is_wished(database: Database) -> None:
    for kind in DeliveryKind:
        plan(database, notice_key=kind, kind=kind)
    with database.write() as uow:
        uow.deliveries.suppress_for(
            "ming", at=NOON, reason="unsubscribed", kinds=[DeliveryKind.DIGEST, DeliveryKind.RECOMMENDATION]
        )
    left = {key for key, held in ledger(database).items() if held.status is DeliveryStatus.PLANNED}
    assert left == set(DeliveryKind) - {"digest", "recommendation"}


def test_what_has_gone_stale_expires_and_is_not_kept_for_a_visit(database: Database) -> None:
    visit(database, window=None)
    plan(database, notice_key="stale", channel=VISIT, expires_at=NOON + HOUR)
    plan(database, notice_key="fresh", channel=VISIT, expires_at=NOON + 3 * HOUR)
    with database.write() as uow:
        uow.followers.count_kept("ming", 2)
        assert [held.notice_key for held in uow.deliveries.kept_for("ming", at=NOON + HOUR)] == ["fresh"]
        assert uow.deliveries.expire(at=NOON + HOUR, limit=10) == 1
        assert uow.deliveries.expire(at=NOON + HOUR, limit=10) == 0
    assert ledger(database)["stale"].status is DeliveryStatus.EXPIRED
    assert follower(database).kept == 1


def test_a_long_reason_fits(database: Database) -> None:
    plan(database)
    with database.write() as uow:
        uow.deliveries.settle(ledger(database)["n:1"].id, DeliveryStatus.REFUSED, at=NOON, reason="长" * 5000)
    assert ledger(database)["n:1"].status is DeliveryStatus.REFUSED
