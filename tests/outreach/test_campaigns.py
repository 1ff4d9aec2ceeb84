"""A campaign's rows: staged unseen, flipped at once, paused, cancelled and cleared in steps, counted as they end."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from backend.domain.deliveries import CampaignState, DeliveryStatus, Recipient
from backend.outreach.planning import BATCH, stage_all
from backend.outreach.sending import settle_lost
from backend.store.campaigns import CampaignElsewhere, CampaignNotFound
from backend.store.database import Database
from tests.support.arrivals import NOON, follower, visit
from tests.support.ledger import Post


@pytest.fixture
def post(database: Database) -> Post:
    return Post(database)


def _state(post: Post, campaign: int) -> CampaignState:
    with post.database.read() as uow:
        return uow.campaigns.get(campaign).state


def test_nobody_sees_what_is_staged_until_it_is_started(post: Post) -> None:
    post.followers("ming", "hua")
    campaign = post.campaign(["ming"], start=False)
    more = [Recipient("hua", {"称呼": "“花” & <b>", "标题": "x"}), Recipient("ming")]
    assert stage_all(post.database, campaign, more, post.clock) == 1
    assert post.run() == 0
    assert post.counts(campaign) == {DeliveryStatus.PLANNED: 2}
    with post.database.write() as uow:
        uow.campaigns.start(campaign)
        with pytest.raises(CampaignElsewhere):
            uow.campaigns.stage(campaign, [Recipient("li")], at=NOON)
    post.run()
    assert {reply.text for _, reply in post.sender.sent} == {"您好ming", "您好“花” & <b>"}
    settle_lost(post.database, post.clock)
    assert _state(post, campaign) is CampaignState.DONE


def test_a_pause_holds_and_a_resumption_goes_on(post: Post) -> None:
    everybody = [f"o{number}" for number in range(4)]
    post.followers(*everybody)
    campaign = post.campaign(everybody, per_minute=1)
    post.run()
    with post.database.write() as uow:
        uow.campaigns.pause(campaign)
    post.clock.forward(minutes=1)
    assert post.run() == 0
    with post.database.write() as uow:
        uow.campaigns.resume(campaign)
        uow.campaigns.throttle(campaign, 0)
    post.run()
    assert post.counts(campaign) == {DeliveryStatus.SENT: 4}


def test_a_throttle_counts_minutes_also_when_the_clock_is_put_back(post: Post) -> None:
    everybody = [f"o{number:02}" for number in range(10)]
    post.followers(*everybody)
    campaign = post.campaign(everybody, per_minute=2)
    for forward in (timedelta(0), timedelta(seconds=30), timedelta(minutes=-5), timedelta(minutes=5)):
        post.clock.at = NOON + forward
        post.run()
    assert post.counts(campaign)[DeliveryStatus.SENT] == 4


def test_a_cancelled_one_reaches_nobody_else_and_says_so(post: Post) -> None:
    post.followers("ming")
    post.followers("hua", window=None)
    everybody = ["ming", "hua", "li"]
    post.followers("li")
    campaign = post.campaign(everybody, per_minute=2)
    post.run()  # to the first, and the second waits for a visit
    with post.database.write() as uow:
        uow.campaigns.cancel(campaign)
        with pytest.raises(CampaignElsewhere):
            uow.campaigns.resume(campaign)
        assert uow.deliveries.kept_for("hua") == []
    settle_lost(post.database, post.clock)
    counts = post.counts(campaign)
    assert counts[DeliveryStatus.SUPPRESSED] + counts[DeliveryStatus.SENT] == 3
    assert follower(post.database, "hua").kept == 0
    visit(post.database, "hua", at=NOON + timedelta(minutes=1))
    post.clock.forward(minutes=2)
    post.run()
    assert post.counts(campaign) == counts


def test_one_past_its_time_expires(post: Post) -> None:
    post.followers("ming")
    campaign = post.campaign(["ming"], lasts=timedelta(hours=1))
    post.clock.forward(hours=1)
    post.run()
    assert _state(post, campaign) is CampaignState.EXPIRED
    assert post.counts(campaign) == {DeliveryStatus.EXPIRED: 1}
    assert not post.heard


def test_one_that_nobody_made_is_not_found(database: Database) -> None:
    with database.read() as uow, pytest.raises(CampaignNotFound):
        uow.campaigns.get(4711)


def test_postgresql_knows_of_a_campaigns_rows_as_soon_as_they_are_there(post: Post) -> None:
    """Its planner would else read the whole ledger for every wave, until it looks again by itself."""
    if post.database.is_sqlite:
        pytest.skip("SQLite goes by the indexes alone")
    campaign = post.campaign([], start=False)
    many = (Recipient(f"o{number}", {}) for number in range(BATCH))
    stage_all(post.database, campaign, many, post.clock)
    with post.database.read() as uow:
        known = uow.connection.execute(text("SELECT reltuples FROM pg_class WHERE relname = 'delivery'")).scalar_one()
    assert known == BATCH
