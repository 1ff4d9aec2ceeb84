"""From the phone page to a declared patent: simulator, web, queue, worker and the real reader on a synthetic certificate."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import redis

from backend.domain.patents import PatentKind
from backend.domain.photos import PhotoStatus
from backend.services.mine import declarations_of
from backend.store.tables import PhotoRow
from bot.jobs import QUEUE, READ_PHOTOS
from bot.worker import Worker
from tests.support.certificate_photos import cat, certificate_photo
from tests.support.gateway import nobody
from tests.support.office import Office, Phone, open_office

PATIENCE_S = 20.0


@pytest.fixture
def office(tmp_path: Path, redis_url: str) -> Iterator[Office]:
    """Without the model: a photo needs none."""
    redis.Redis.from_url(redis_url).flushdb()
    with open_office(tmp_path, nlu_url=nobody(), redis_url=redis_url, demonstration=False) as held:
        yield held


@pytest.fixture
def worker(office: Office) -> Iterator[Worker]:
    held = Worker(office.parts.settings)
    yield held
    held.reader.close()
    held.parts.database.close()


def send(phone: Phone, picture: bytes) -> list[str]:
    """Pick a picture on the phone page; what the account answers in the reply's window."""
    before = phone.last
    answer = httpx.post(
        f"{phone.base}/personas/{phone.id}/photo",
        files={"file": ("photo.jpg", picture, "image/jpeg")},
        headers={"X-Simulator": "1"},
    )
    exchanges = answer.raise_for_status().json()["exchanges"]
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        if all(httpx.get(f"{phone.base}/exchanges/{each}").json()["verdict"] != "running" for each in exchanges):
            break
        time.sleep(0.02)
    return phone.heard(before)


def test_a_certificate_sent_from_the_phone_page_is_declared(office: Office, worker: Worker, redis_url: str) -> None:
    picture, truth = certificate_photo(3, 1200, PatentKind.INVENTION)
    phone = office.phone()
    assert "专利号" in phone.say("我要声明")
    (answer,) = send(phone, picture)
    assert "识别中" in answer
    queued = redis.Redis.from_url(redis_url).hvals(f"dramatiq:{QUEUE}.msgs")
    assert any(READ_PHOTOS.encode() in message for message in queued)
    before = phone.last
    worker.read_photos()
    (notice,) = phone.heard(before)
    assert notice.count("【识别】") == 6
    assert truth.number.official in notice
    assert truth.title in notice
    worker.read_photos()
    worker.sweep()
    assert phone.heard(before) == [notice]
    assert "您同意吗" in phone.say("对")
    phone.say("同意")
    asked = phone.say("高校")
    if len(truth.holders) > 1:
        asked = phone.say("都同意")
    assert "实施细则第八十六条" in asked
    phone.say("都没有")
    for words in ("免费", "默认", "3", "李老师 13800000000 公开"):
        phone.say(words)
    assert "已提交" in phone.say("提交")
    openid = office.simulator.world.personas[phone.id].openid
    (declared,) = declarations_of(office.parts.database, openid)
    assert declared.number == str(truth.number)
    assert declared.answers["filed_on"] == truth.filed_on.isoformat()
    assert declared.answers["holders"] == list(truth.holders)


def test_a_cat_and_a_stamp_are_told_and_the_reader_goes_with_the_worker(office: Office, worker: Worker) -> None:
    phone = office.phone()
    for picture, told in ((cat(1), "没有认出专利证书"), (certificate_photo(3, 500)[0], "占满画面"), (b"?", "打不开")):
        send(phone, picture)
        before = phone.last
        worker.read_photos()
        (notice,) = phone.heard(before)
        assert told in notice
    with office.parts.database.read() as uow:
        statuses = uow.connection.execute(PhotoRow.__table__.select().with_only_columns(PhotoRow.status)).scalars()
        assert set(statuses) == {PhotoStatus.FAILED}
    pid = worker.reader.pid
    assert pid is not None
    worker.reader.close()
    assert not Path(f"/proc/{pid}").exists()
