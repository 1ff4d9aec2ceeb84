"""Reading with a limit: one reader process, started when first needed, ended when it hangs, replaced when it died."""

from __future__ import annotations

import math
import os
import socket
import subprocess
import sys
import threading
from types import TracebackType
from typing import Self

from backend.domain.certificates import Certificate, ReaderFailed, ReadingTimedOut, TooLarge
from backend.ocr.picture import MOST_BYTES
from backend.ocr.protocol import MOST_ANSWER_BYTES, READY, Gone, Hung, receive, send, unpack

LIMIT_SECONDS = 10.0
START_SECONDS = 60.0  # loading the networks on a machine that is busy with something else
MEMORY_MB = 900  # of private memory; a picture at the limits needs half of it
ENDING_SECONDS = 5
PICTURES_A_PROCESS = 500  # then a fresh one, against whatever native libraries leak


class ReaderProcess:
    """Implements CertificateReader. Safe to call from several threads; they wait for each other."""

    def __init__(self, *, limit_seconds: float = LIMIT_SECONDS, memory_mb: int = MEMORY_MB, threads: int = 2) -> None:
        self._limit_seconds = limit_seconds
        self._memory_mb = memory_mb
        self._threads = threads
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._line: socket.socket | None = None
        self._pictures = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def pid(self) -> int | None:
        """Of the process that is running now, for the doctor and for tests."""
        return self._process.pid if self._process else None

    def read_certificate(self, image: bytes) -> Certificate:
        """Raises the kinds of CertificateUnread, within the limit once the reader runs. A process that has read many pictures
        may run out of the memory it may have: what fails in such a one is read once more by a fresh one.
        """
        if len(image) > MOST_BYTES:
            raise TooLarge(bytes=len(image), most=MOST_BYTES)  # not even copied to the reader
        answer, worn = self._asked(image)
        try:
            return unpack(answer)
        except ReaderFailed:
            self.close()
            if not worn:
                raise
        return unpack(self._asked(image)[0])

    def _asked(self, image: bytes) -> tuple[bytes, bool]:
        """The reader's answer, and whether it had read other pictures before."""
        with self._lock:
            if self._pictures >= PICTURES_A_PROCESS:
                self._end()
            line = self._running()
            self._pictures += 1
            try:
                send(line, image, seconds=self._limit_seconds)
                answer = receive(line, most=MOST_ANSWER_BYTES, seconds=self._limit_seconds)
            except Hung:
                self._end()
                raise ReadingTimedOut from None
            except Gone:
                self._end()
                raise ReaderFailed from None
            except BaseException:
                self._end()  # an answer that nobody waited for must not be taken for the next picture's
                raise
            return answer, self._pictures > 1

    def close(self) -> None:
        """End the process; the next call starts a new one."""
        with self._lock:
            self._end()

    def _running(self) -> socket.socket:
        """The line to a process that has loaded its networks. One that died while idle is replaced without a word."""
        if self._line and self._process and self._process.poll() is None:
            return self._line
        self._end()
        ours, theirs = socket.socketpair()
        limits = [str(self._memory_mb), str(math.ceil(self._limit_seconds) + ENDING_SECONDS), str(self._threads)]
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 our own module
                [sys.executable, "-m", "backend.ocr.process", str(theirs.fileno()), *limits],
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                env={"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "LC_ALL": "C.UTF-8"},  # and no secrets
            )
        self._line = ours
        try:
            if receive(ours, most=len(READY), seconds=START_SECONDS) == READY:
                return ours
        except (Hung, Gone):
            pass
        except BaseException:
            self._end()
            raise
        self._end()
        raise ReaderFailed

    def _end(self) -> None:
        if self._line:
            self._line.close()
        if self._process:
            self._process.kill()
            self._process.wait()
        self._process, self._line, self._pictures = None, None, 0
