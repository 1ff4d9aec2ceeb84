"""The reader's process: `python -m backend.ocr.process FD MEMORY_MB ALARM_SECONDS THREADS`. One picture after another.

It holds nothing worth stealing, limits its own memory, and ends itself when a picture takes far too long or when the
worker is gone, so nothing is left behind whatever happens above it.
"""

from __future__ import annotations

import os
import resource
import signal
import socket
import sys

from backend.domain.certificates import Certificate, CertificateUnread, ReaderFailed
from backend.ocr.picture import MOST_BYTES
from backend.ocr.protocol import READY, Gone, pack, receive, send

POLITENESS = 5  # followers' answers come first on a busy machine


def serve(line: socket.socket, *, alarm_seconds: int, threads: int) -> None:
    """Load the networks, say so, and answer pictures until the worker hangs up."""
    from backend.ocr.engine import Engine
    from backend.ocr.reading import read_certificate

    engine = Engine(threads)
    send(line, READY)
    while True:
        data = receive(line, most=MOST_BYTES + 1)
        signal.alarm(alarm_seconds)  # the default action ends the process, in the middle of native code too
        outcome: Certificate | CertificateUnread
        try:
            outcome = read_certificate(data, engine)
        except CertificateUnread as unread:
            outcome = unread
        except Exception:  # noqa: BLE001 whatever a hostile picture does to decoder or networks has one name outside
            outcome = ReaderFailed()
        signal.alarm(0)
        del data
        send(line, pack(outcome))


def main(arguments: list[str]) -> None:
    descriptor, memory_mb, alarm_seconds, threads = map(int, arguments)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the worker, whose end ends this
    os.nice(POLITENESS)
    resource.setrlimit(resource.RLIMIT_DATA, (memory_mb << 20, memory_mb << 20))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with socket.socket(fileno=descriptor) as line:
        try:
            serve(line, alarm_seconds=alarm_seconds, threads=threads)
        except Gone:
            return


if __name__ == "__main__":
    main(sys.argv[1:])
