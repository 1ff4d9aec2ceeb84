"""The reader's process: limits that hold, and a new one after every end."""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
from pathlib import Path

import psutil
import pytest

from backend.domain.certificates import (
    NoCertificate,
    NotAnImage,
    ReaderFailed,
    ReadingTimedOut,
    TooLarge,
)
from backend.ocr.protocol import Gone, Hung, receive, send, unpack
from backend.ocr.reader import ReaderProcess
from tests.support.certificate_photos import cat, certificate_photo

CAT = cat(1)


def test_forty_megabytes_never_reach_the_reader() -> None:
    with ReaderProcess() as reader:
        with pytest.raises(TooLarge):
            reader.read_certificate(bytes(40 << 20))
        assert reader.pid is None


def test_a_reader_killed_between_pictures_is_replaced_unnoticed(reader: ReaderProcess) -> None:
    with pytest.raises(NotAnImage):
        reader.read_certificate(b"text")
    first = reader.pid
    assert first
    os.kill(first, signal.SIGKILL)
    psutil.wait_procs([psutil.Process(first)] if psutil.pid_exists(first) else [], timeout=5)
    with pytest.raises(NotAnImage):
        reader.read_certificate(b"text")
    assert reader.pid != first


def test_a_reader_killed_in_the_middle_is_named_and_the_next_picture_is_read(reader: ReaderProcess) -> None:
    with pytest.raises(NotAnImage):
        reader.read_certificate(b"text")
    stopped = reader.pid
    assert stopped
    os.kill(stopped, signal.SIGSTOP)  # it takes the picture and does not get on
    killer = threading.Timer(0.3, os.kill, (stopped, signal.SIGKILL))
    killer.start()
    with pytest.raises(ReaderFailed):
        reader.read_certificate(CAT)
    killer.join()
    photo, truth = certificate_photo(31, 1000)
    seen = reader.read_certificate(photo)
    assert seen.number
    assert seen.number.value == truth.number


def test_a_reader_that_hangs_is_ended_at_the_limit() -> None:
    with ReaderProcess(limit_seconds=0.5) as reader:
        with pytest.raises(NotAnImage):
            reader.read_certificate(b"text")
        hung = reader.pid
        assert hung
        os.kill(hung, signal.SIGSTOP)
        began = time.monotonic()
        with pytest.raises(ReadingTimedOut):
            reader.read_certificate(CAT)
        assert time.monotonic() - began < 5
        assert not psutil.pid_exists(hung)
        with pytest.raises(NotAnImage):
            reader.read_certificate(b"text")


def test_a_real_photo_under_a_tiny_limit_times_out() -> None:
    photo, _ = certificate_photo(32, 2400)
    with ReaderProcess(limit_seconds=0.05) as reader, pytest.raises(ReadingTimedOut):
        reader.read_certificate(photo)


def test_a_reader_without_memory_fails_by_name() -> None:
    """Thirty megabytes do not hold the networks: it cannot start, and says so."""
    with ReaderProcess(memory_mb=30) as reader:
        with pytest.raises(ReaderFailed):
            reader.read_certificate(CAT)
        assert reader.pid is None


def test_an_orphan_ends_itself() -> None:
    """The worker's end closes the line, and with it the reader."""
    reader = ReaderProcess()
    with pytest.raises(NotAnImage):
        reader.read_certificate(b"text")
    process = psutil.Process(reader.pid)
    assert reader._line
    reader._line.close()
    process.wait(timeout=10)
    reader.close()


def test_the_reader_knows_no_secrets(reader: ReaderProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WECHAT_APP_SECRET", "canary")
    reader.close()
    with pytest.raises(NotAnImage):
        reader.read_certificate(b"text")
    assert reader.pid
    assert b"canary" not in Path(f"/proc/{reader.pid}/environ").read_bytes()


def test_threads_take_turns_and_get_their_own_answers(reader: ReaderProcess) -> None:
    told: dict[int, str] = {}

    def ask(at: int, data: bytes) -> None:
        try:
            reader.read_certificate(data)
        except (NotAnImage, NoCertificate) as unread:
            told[at] = unread.code

    threads = [threading.Thread(target=ask, args=(at, CAT if at % 2 else b"text")) for at in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert told == {at: "certificate.none" if at % 2 else "certificate.not_an_image" for at in range(6)}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        b"\xff",
        b'{"reason": "error", "values": {}}',
        b'{"answers": {"number": "202110123456.1"}, "confidences": {"number": 1}}',
        b'{"answers": {"kind": "trade mark"}, "confidences": {"kind": 1}}',
        b'{"answers": {"title": "x"}, "confidences": {}}',
    ],
)
def test_a_reader_that_was_taken_over_is_not_believed(body: bytes) -> None:
    """A number's check digit is looked at again on this side."""
    with pytest.raises(ReaderFailed):
        unpack(body)


def test_a_frame_longer_than_agreed_is_refused() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        send(theirs, bytes(2000))
        with pytest.raises(Gone):
            receive(ours, most=1000, seconds=1)


def test_half_a_frame_is_waited_for_only_so_long() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(b"\0\0\0\x09abc")
        with pytest.raises(Hung):
            receive(ours, most=1000, seconds=0.1)
