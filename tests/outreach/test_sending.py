"""The sender loop: which channel, what the platform's refusals lead to, and what is never done."""

from __future__ import annotations

from datetime import timedelta

import pytest

from backend.domain.deeds import LeaveAlerts, Unfollowed
from backend.domain.deliveries import Channel, DeliveryKind, DeliveryStatus
from backend.domain.inbox import TAP_WINDOW
from backend.domain.ports.sender import ApiRests, ChannelClosed, OutcomeUnknown, Refused
from backend.domain.preferences import Frequency, Preference
from backend.services.deeds import carry_out
from backend.services.followers import erase_due
from backend.store.database import Database
from backend.store.sending import LEASE
from tests.support.arrivals import NOON, SECOND, follower, ledger, plan, visit
from tests.support.fakes import RememberingSender
from tests.support.ledger import DECLARED, IDS, SECRET, Post, at_hour
from tests.support.threads import together

LEGAL, SERVICE, RECOMMENDATION = DeliveryKind.LEGAL_NOTICE, DeliveryKind.SERVICE_NOTICE, DeliveryKind.RECOMMENDATION


@pytest.fixture
def post(database: Database) -> Post:
    return Post(database)


# which channel


def test_an_open_window_is_used_first(post: Post) -> None:
    post.followers("ming")
    post.credit("ming", "declaration")
    plan(post.database, kind=SERVICE, notice=DECLARED)
    post.run()
    assert post.status("n:1") == ("sent", "customer_service", "")
    assert follower(post.database).window_left == 4


def test_without_a_window_a_consent_is_used_then_a_template_then_it_waits(post: Post) -> None:
    post.followers("ming", window=None)
    post.credit("ming", "declaration")
    for key in ("n:1", "n:2"):
        plan(post.database, notice_key=key, kind=SERVICE, notice=DECLARED)
    plan(post.database, notice_key="n:3", kind=SERVICE)  # no form of the platform fits it
    post.run()
    channels = {key: post.status(key)[:2] for key in ("n:1", "n:2", "n:3")}
    assert channels == {
        "n:1": ("sent", "subscription"),
        "n:2": ("sent", "template"),
        "n:3": ("planned", "next_visit"),
    }
    assert [held.template_id for held in post.sender.notices] == [
        IDS[Channel.SUBSCRIPTION]["declaration"],
        IDS[Channel.TEMPLATE]["declaration"],
    ]
    assert {held.platform_id for held in ledger(post.database).values()} == {"1", "2", ""}


def test_a_recommendation_is_never_a_template_message(post: Post) -> None:
    post.followers("ming", window=None)
    campaign = post.campaign(["ming"])
    post.run()
    assert post.status(f"campaign:{campaign}") == ("planned", "next_visit", "no_window")
    assert post.sender.notices == []


def test_recommendations_leave_the_window_to_answers(post: Post) -> None:
    """At most two of the five, never the last two."""
    post.followers("ming")
    with post.database.write() as uow:
        uow.preferences.put("ming", Preference(), at=NOON)
    for _ in range(4):
        plan(post.database, notice_key=f"digest:{post.clock.now():%d}", kind=DeliveryKind.DIGEST)
        plan(post.database, notice_key=f"n:{post.clock.now():%d}")
        post.run()
        post.clock.forward(hours=11)
    sent = [reply.text for _, reply in post.sender.sent]
    assert sum(text.startswith("digest") for text in sent) <= 2
    post.followers("hua", window=TAP_WINDOW)
    for number in range(3):
        plan(post.database, "hua", f"digest:{number}", kind=DeliveryKind.DIGEST, at=post.clock.now())
    post.clock.at = NOON + timedelta(days=3)
    visit(post.database, "hua", at=post.clock.now(), window=TAP_WINDOW)
    post.run()
    assert follower(post.database, "hua").window_left == 2


@pytest.mark.parametrize("kind", [RECOMMENDATION, DeliveryKind.DIGEST])
def test_nobody_is_told_unasked(post: Post, kind: DeliveryKind) -> None:
    post.followers("ming", agreed=False)
    post.credit("ming", "recommendation")
    campaign = post.campaign(["ming"], kind=kind)
    post.run()
    assert post.status(f"campaign:{campaign}") == ("suppressed", "open", "no_consent")
    assert not post.heard


# calm


def test_the_quiet_hours_are_waited_out(post: Post) -> None:
    post.clock.at = at_hour(21)
    post.followers("ming")
    post.campaign(["ming"])
    plan(post.database, notice_key="answer", at=post.clock.now())
    plan(post.database, notice_key="reminder", kind=DeliveryKind.REMINDER, at=post.clock.now())
    post.run()
    assert [reply.text for _, reply in post.sender.sent] == ["answer"]
    post.clock.at = at_hour(8) + timedelta(days=1)
    post.run()
    assert [reply.text for _, reply in post.sender.sent] == ["answer", "reminder", "您好ming"]


def test_one_recommendation_in_the_time_they_chose(post: Post) -> None:
    post.followers("ming")
    with post.database.write() as uow:
        uow.preferences.put("ming", Preference(frequency=Frequency.WEEKLY), at=NOON)
    first, second = post.campaign(["ming"]), post.campaign(["ming"], lasts=timedelta(days=30))
    third = post.campaign(["ming"], lasts=timedelta(days=2))
    post.run()
    assert post.status(f"campaign:{first}")[0] == "sent"
    assert post.status(f"campaign:{third}") == ("expired", "open", "frequency")
    post.clock.at = NOON + timedelta(days=6)
    post.run()
    assert post.heard["ming"] == 1
    post.clock.at = NOON + timedelta(days=7)
    visit(post.database, at=post.clock.now())
    post.run()
    assert post.status(f"campaign:{second}")[0] == "sent"


def test_a_pause_is_kept_and_what_would_come_too_late_does_not(post: Post) -> None:
    post.followers("ming")
    with post.database.write() as uow:
        uow.preferences.put("ming", Preference(paused_until=NOON + timedelta(days=30)), at=NOON)
    campaign = post.campaign(["ming"])
    later = post.campaign(["ming"], lasts=timedelta(days=60))
    post.run()
    assert post.status(f"campaign:{campaign}") == ("expired", "open", "paused")
    assert post.status(f"campaign:{later}") == ("planned", "open", "paused")


def test_unsubscribing_counts_in_the_middle_of_a_campaign(post: Post) -> None:
    everybody = [f"o{number}" for number in range(6)]
    post.followers(*everybody)
    campaign = post.campaign(everybody, per_minute=3)
    post.run()
    assert sum(post.heard.values()) == 3
    gone = next(openid for openid in everybody if openid not in post.heard)
    with post.database.write() as uow:
        carry_out(uow, gone, LeaveAlerts(), at=post.clock.now())
    again = post.campaign([gone])
    post.clock.forward(minutes=1)
    post.run()
    assert gone not in post.heard
    assert post.counts(campaign) == {DeliveryStatus.SENT: 5, DeliveryStatus.SUPPRESSED: 1}
    assert post.counts(again) == {DeliveryStatus.SUPPRESSED: 1}


def test_who_left_and_came_back_is_not_told_again(post: Post) -> None:
    post.followers("ming")
    campaign = post.campaign(["ming"])
    post.run()
    with post.database.write() as uow:
        carry_out(uow, "ming", Unfollowed(), at=post.clock.now())
    post.clock.forward(days=1)
    assert erase_due(post.database, post.clock, secret=SECRET) == 1
    held = ledger(post.database)[f"campaign:{campaign}"]
    assert (held.openid != "ming", held.reply.text, held.values) == (True, "", {})
    post.followers("ming")
    with post.database.write() as uow:
        uow.deliveries.plan(
            openid="ming", notice_key=f"campaign:{campaign}", kind=RECOMMENDATION, reply=held.reply.of("又来"), at=NOON
        )
    post.run()
    assert post.heard["ming"] == 1


# what the platform says


def test_a_day_of_calls_used_up_rests_until_midnight_and_resumes_by_itself(post: Post) -> None:
    post.clock.at = at_hour(13)
    post.followers("ming", "hua")
    post.sender.fail_next = [ApiRests("platform_45009")]
    plan(post.database, "ming", "n:1", at=post.clock.now())
    post.run()
    plan(post.database, "hua", "n:2", kind=SERVICE, notice=DECLARED, at=post.clock.now())
    post.run()
    assert post.status("n:1") == ("planned", "open", "quota")
    assert post.status("n:2")[:2] == ("sent", "template")  # another call is not concerned
    assert follower(post.database).window_left == 5
    post.clock.at = at_hour(23, 59)
    assert post.run() == 0
    post.clock.at = at_hour(0) + timedelta(days=1)
    post.run()
    assert post.status("n:1")[:2] == ("sent", "customer_service")


def test_a_clock_put_back_does_not_wake_a_call_that_rests(post: Post) -> None:
    post.followers("ming")
    post.sender.fail_next = [ApiRests("platform_45009")]
    plan(post.database)
    post.run()
    post.clock.forward(hours=-1)
    plan(post.database, notice_key="n:2", at=post.clock.now())
    post.run()
    assert not post.heard


def test_a_call_beyond_our_own_count_is_not_made(post: Post) -> None:
    post.followers("ming")
    with post.database.write() as uow:
        uow.quotas.use("customer_service", 500_000, at=NOON)
    plan(post.database)
    post.run()
    assert post.status("n:1") == ("planned", "open", "quota")


def test_what_one_channel_does_not_take_goes_by_another(post: Post) -> None:
    post.followers("ming", window=None)
    post.credit("ming", "declaration")
    post.sender.agreed.clear()  # they took it back, and we do not know yet
    plan(post.database, kind=SERVICE, notice=DECLARED)
    post.run()
    assert post.status("n:1")[:2] == ("sent", "template")
    post.sender.fail_next = [ChannelClosed("platform_47003")]
    plan(post.database, notice_key="n:2", kind=SERVICE, notice=DECLARED)
    post.run()
    assert post.status("n:2") == ("planned", "next_visit", "platform_47003")


def test_a_legal_notice_in_doubt_is_asked_again_under_the_same_number_and_arrives(post: Post) -> None:
    post.followers("ming", window=None)
    plan(post.database, kind=LEGAL, notice=DECLARED)
    plan(post.database, "hua", "n:2", kind=SERVICE, notice=DECLARED)
    post.followers("hua", window=None)
    post.sender.fail_next = [OutcomeUnknown("platform_-1")] * 2
    post.run()
    assert post.status("n:1")[0] == "planned"
    assert post.status("n:2")[0] == "unknown"
    post.clock.forward(minutes=1)
    post.run()
    assert post.status("n:1")[0] == "sent"
    assert ledger(post.database)["n:1"].attempts == 2
    post.clock.forward(days=1)
    post.run()
    assert post.heard == {"ming": 1}


def test_a_legal_notice_that_stays_in_doubt_waits_for_the_visit(post: Post) -> None:
    post.followers("ming", window=None)
    plan(post.database, kind=LEGAL, notice=DECLARED)
    post.sender.fail_next = [OutcomeUnknown("platform_-1")] * 5
    for _ in range(5):
        post.run()
        post.clock.forward(minutes=2)
    assert post.status("n:1") == ("planned", "next_visit", "platform_-1")
    assert (ledger(post.database)["n:1"].attempts, follower(post.database).kept) == (3, 1)


def test_a_refusal_is_final(post: Post) -> None:
    post.followers("ming")
    post.sender.fail_next = [Refused("platform_43019")]
    plan(post.database, kind=LEGAL, notice=DECLARED)
    for _ in range(3):
        post.run()
    assert post.status("n:1") == ("refused", "customer_service", "platform_43019")


def test_a_reminder_that_comes_too_late_does_not_come(post: Post) -> None:
    post.followers("ming")
    plan(post.database, kind=DeliveryKind.REMINDER, expires_at=NOON + timedelta(hours=1))
    post.clock.forward(days=1)
    post.run()
    assert post.status("n:1")[0] == "expired"
    assert not post.heard


# many workers


def test_many_workers_ask_for_each_once_and_spend_each_window_once(post: Post) -> None:
    everybody = [f"o{number:03}" for number in range(80)]
    post.followers(*everybody)
    campaign = post.campaign(everybody)
    for openid in everybody[:20]:
        plan(post.database, openid, f"n:{openid}", kind=SERVICE)
    senders = [RememberingSender() for _ in range(4)]
    together(4, lambda number: Post(post.database, post.clock, senders[number]).worker().drain())
    heard = [(openid, reply.text) for sender in senders for openid, reply in sender.sent]
    assert len(heard) == len(set(heard)) == 100
    assert post.counts(campaign) == {DeliveryStatus.SENT: 80}
    assert {follower(post.database, openid).window_left for openid in everybody[:20]} == {3}
    with post.database.read() as uow:
        assert uow.quotas.today(at=NOON)["customer_service"].used == 100


def test_a_worker_killed_in_mid_air_leaves_its_calls_in_doubt_and_nothing_else(post: Post) -> None:
    class Killed(BaseException):
        pass

    everybody = [f"o{number:03}" for number in range(200)]
    post.followers(*everybody)
    campaign = post.campaign(everybody)
    post.sender.fail_next = [Killed()]  # type: ignore[list-item] # the end of the process, not an error
    worker = post.worker()
    with pytest.raises(Killed):
        worker.drain()
    post.clock.at = NOON + LEASE + SECOND
    post.run()
    counts = post.counts(campaign)
    assert set(counts) == {DeliveryStatus.SENT, DeliveryStatus.UNKNOWN}
    assert counts[DeliveryStatus.UNKNOWN] <= 2 * worker.wave
    assert set(post.heard.values()) == {1}
