"""Below the conversation: whatever happens to worker, platform or follower, a photo is read once and told once."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from backend.domain.certificates import (
    CertificateUnread,
    NoCertificate,
    NotAnImage,
    ReaderFailed,
    ReadingTimedOut,
    TooLarge,
    TooSmall,
)
from backend.domain.deeds import ReadPhoto
from backend.domain.deliveries import Channel, DeliveryStatus
from backend.domain.photos import KEPT, LEASE, MOST_ATTEMPTS, PhotoStatus
from backend.services.deeds import carry_out
from backend.services.followers import erase_due
from backend.services.photos import MOST_BYTES
from tests.support.arrivals import follower, leave, ledger
from tests.support.photographer import ME, Photographer, make_certificate


class Killed(BaseException):
    """The worker's process ends here."""


def test_the_result_follows_while_the_window_is_open(hong: Photographer) -> None:
    hong.photo(make_certificate())
    assert len(hong.developed()) == 1
    (delivery,) = ledger(hong.store).values()
    assert (delivery.status, delivery.notice_key) == (DeliveryStatus.SENT, f"photo:{hong.rows()[0].key}")
    assert follower(hong.store).window_left == 4


def test_the_result_waits_for_the_next_visit_where_no_window_is_open(hong: Photographer) -> None:
    hong.photo(make_certificate())
    hong.clock.forward(hours=49)
    assert hong.developed() == []
    (delivery,) = ledger(hong.store).values()
    assert (delivery.status, delivery.channel) == (DeliveryStatus.PLANNED, Channel.NEXT_VISIT)
    assert "【识别】" in delivery.reply.text
    assert follower(hong.store).kept == 1
    assert hong.statuses() == [PhotoStatus.READ]


def test_a_message_that_is_answered_twice_is_one_task(hong: Photographer) -> None:
    hong.photo(make_certificate())
    row = hong.rows()[0]
    with hong.store.write() as uow:
        carry_out(uow, ME, ReadPhoto(row.key, row.media_id), at=hong.clock.now())
    assert len(hong.developed()) == 1
    with hong.store.write() as uow:
        carry_out(uow, ME, ReadPhoto(row.key, row.media_id), at=hong.clock.now())
    assert hong.developed() == []
    assert len(hong.reader.read) == 1


def test_two_workers_at_once_read_it_once(hong: Photographer) -> None:
    inside, go_on = threading.Event(), threading.Event()

    def slow() -> None:
        inside.set()
        go_on.wait(10)

    hong.reader.meanwhile = slow
    hong.photo(make_certificate())
    first = threading.Thread(target=hong.dark_room().read_due)
    first.start()
    assert inside.wait(10)
    assert hong.dark_room().read_due() == 0
    go_on.set()
    first.join(10)
    assert len(hong.reader.read) == 1
    assert hong.statuses() == [PhotoStatus.READ]


def test_what_a_killed_worker_left_is_swept_up_after_its_lease(hong: Photographer) -> None:
    hong.photo(Killed(), make_certificate())
    with pytest.raises(Killed):
        hong.developed()
    assert hong.statuses() == [PhotoStatus.READING]
    assert hong.developed() == []
    hong.clock.at += LEASE + timedelta(seconds=1)
    (notice,) = hong.developed()
    assert "【识别】" in notice
    assert hong.statuses() == [PhotoStatus.READ]


def test_a_worker_that_comes_back_too_late_says_nothing(hong: Photographer) -> None:
    """It slept over its lease, another one read the photo; its own result is dropped."""
    other: list[int] = []

    def overtaken() -> None:
        hong.reader.meanwhile = lambda: None
        hong.clock.at += LEASE + timedelta(seconds=1)
        other.append(hong.dark_room().read_due())

    hong.reader.meanwhile = overtaken
    hong.photo(make_certificate(2), make_certificate(1))
    assert len(hong.developed()) == 1
    assert other == [1]
    assert hong.rows()[0].outcome["answers"]["title"].endswith("2")  # the one who was in time


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (TooSmall(width=500), "占满画面"),
        (NoCertificate(), "没有认出专利证书"),
        (TooLarge(bytes=1, most=1), "太大"),
        (NotAnImage(), "打不开"),
        (ReaderFailed(), "没能读出来"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, CertificateUnread) else "",
)
def test_every_error_has_its_text_and_the_number_can_always_be_typed(
    hong: Photographer, error: CertificateUnread, told: str
) -> None:
    hong.say("我要声明")
    hong.photo(error)
    (notice,) = hong.developed()
    assert told in notice
    assert "专利号打给我" in notice
    (row,) = hong.rows()
    assert (row.status, row.reason, row.outcome) == (PhotoStatus.FAILED, error.code, None)
    assert "请发专利号" in hong.say("继续")


def test_a_certificate_without_a_sure_number_asks_to_type_it(hong: Photographer) -> None:
    hong.photo(make_certificate(number=None))
    assert "校验位" in hong.developed()[0]
    assert "【识别】" not in hong.say("我要声明")


def test_a_reading_that_times_out_is_tried_once_more(hong: Photographer) -> None:
    hong.photo(ReadingTimedOut(), make_certificate())
    assert "【识别】" in hong.developed()[0]
    hong.photo(ReadingTimedOut())
    assert "识别太久" in hong.developed()[0]
    assert len(hong.reader.read) == 4


def test_forty_megabytes_are_not_read(hong: Photographer) -> None:
    hong.photo(image=bytes(MOST_BYTES + 1))
    assert "太大" in hong.developed()[0]
    assert hong.reader.read == []


def test_a_platform_that_is_down_is_asked_again_later(hong: Photographer) -> None:
    hong.media.down = 2
    hong.photo(make_certificate())
    assert hong.developed() == []
    hong.clock.forward(seconds=31)
    assert hong.developed() == []
    hong.clock.forward(seconds=31)
    assert hong.developed() == []
    assert len(hong.media.asked) == 2
    hong.clock.forward(seconds=100)
    assert "【识别】" in hong.developed()[0]


def test_a_platform_that_stays_down_is_told_in_the_end(hong: Photographer) -> None:
    hong.media.down = 99
    hong.photo(make_certificate())
    heard: list[str] = []
    for _ in range(9):
        heard += hong.developed()
        hong.clock.forward(hours=2.5)
    assert len(heard) == 1
    assert "没能读出来" in heard[0]
    assert len(hong.media.asked) == MOST_ATTEMPTS


def test_a_picture_the_platform_no_longer_has(hong: Photographer) -> None:
    hong.photo(make_certificate())
    hong.media.held.clear()
    assert "重新发一次" in hong.developed()[0]
    hong.photo(make_certificate())
    hong.clock.forward(days=3, seconds=1)
    asked = len(hong.media.asked)
    hong.developed()
    assert len(hong.media.asked) == asked
    assert "重新发一次" in [*ledger(hong.store).values()][-1].reply.text


def test_a_photo_while_another_is_being_read_is_read_next(hong: Photographer) -> None:
    def another() -> None:
        hong.reader.meanwhile = lambda: None
        assert "识别中" in hong.photo(make_certificate(2))

    hong.reader.meanwhile = another
    hong.photo(make_certificate(1))
    first, second = hong.developed()
    assert "散热装置1" in first
    assert "散热装置2" in second


def test_whoever_unfollows_meanwhile_hears_nothing_and_nothing_stays(hong: Photographer) -> None:
    hong.reader.meanwhile = lambda: leave(hong.store, ME, at=hong.clock.now())
    hong.photo(make_certificate())
    hong.photo(make_certificate(2))
    assert hong.developed() == []
    assert ledger(hong.store) == {}
    assert hong.statuses() == [PhotoStatus.SUPPRESSED] * 2
    assert [row.outcome for row in hong.rows()] == [None, None]
    assert len(hong.reader.read) == 1
    hong.clock.forward(hours=13)
    assert erase_due(hong.store, hong.clock, secret="s") == 1
    assert hong.rows() == []


def test_what_was_read_is_gone_with_an_unfollowing(hong: Photographer) -> None:
    hong.photo(make_certificate())
    hong.developed()
    leave(hong.store, ME, at=hong.clock.now())
    assert hong.statuses() == [PhotoStatus.SUPPRESSED]
    assert "【识别】" not in hong.say("我要声明")


def test_a_worker_that_stops_leaves_the_rest_to_others(hong: Photographer) -> None:
    for serial in (1, 2, 3):
        hong.photo(make_certificate(serial))
    told: list[int] = []
    handled = hong.dark_room().read_due(lambda: len(told) == 2, lambda: told.append(1))
    assert handled == 2
    assert hong.statuses() == [PhotoStatus.READ, PhotoStatus.READ, PhotoStatus.WAITING]
    assert hong.dark_room().read_due() == 1


def test_tasks_that_are_over_are_forgotten_and_waiting_ones_are_not(hong: Photographer) -> None:
    hong.photo(make_certificate())
    hong.developed()
    hong.photo(make_certificate(2))
    assert hong.dark_room().forget_old(KEPT) == 0
    hong.clock.at += KEPT + timedelta(days=1)
    assert hong.dark_room().forget_old(KEPT) == 1
    assert hong.statuses() == [PhotoStatus.WAITING]
