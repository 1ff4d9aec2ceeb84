"""What the worker and the reader's process say to each other: frames of four bytes of length and a body.

Down goes the picture, up comes JSON. JSON and not pickle: the process that opened a hostile picture is not to be believed.
"""

from __future__ import annotations

import json
import socket
import struct
import time
from typing import Any

from backend.domain.certificates import REASONS, Certificate, CertificateUnread, ReaderFailed
from backend.domain.errors import AssistantError

_LENGTH = struct.Struct("!I")
MOST_ANSWER_BYTES = 64 * 1024
READY = b"ready"


class Hung(Exception):
    """The other side did not answer in time."""


class Gone(Exception):
    """The other side closed, died, or sent what no reader sends."""


def send(line: socket.socket, body: bytes, *, seconds: float | None = None) -> None:
    """Raises Hung or Gone."""
    line.settimeout(seconds)
    try:
        line.sendall(_LENGTH.pack(len(body)) + body)
    except TimeoutError:
        raise Hung from None
    except OSError:
        raise Gone from None


def receive(line: socket.socket, *, most: int, seconds: float | None = None) -> bytes:
    """One whole frame of at most `most` bytes. `seconds` is for all of it. Raises Hung or Gone."""
    until = None if seconds is None else time.monotonic() + seconds
    (length,) = _LENGTH.unpack(_exactly(line, _LENGTH.size, until))
    if length > most:
        raise Gone
    return _exactly(line, length, until)


def _exactly(line: socket.socket, count: int, until: float | None) -> bytes:
    held = bytearray()
    while len(held) < count:
        left = None if until is None else until - time.monotonic()
        if left is not None and left <= 0:
            raise Hung
        line.settimeout(left)
        try:
            piece = line.recv(min(count - len(held), 1 << 20))
        except TimeoutError:
            raise Hung from None
        except OSError:
            raise Gone from None
        if not piece:
            raise Gone
        held += piece
    return bytes(held)


def pack(outcome: Certificate | CertificateUnread) -> bytes:
    """A certificate or the reason why there is none."""
    if isinstance(outcome, Certificate):
        said: dict[str, Any] = {"answers": outcome.answers(), "confidences": outcome.confidences()}
    else:
        said = {"reason": outcome.code, "values": outcome.values}
    return json.dumps(said).encode()


def unpack(body: bytes) -> Certificate:
    """Raises the CertificateUnread that was packed; ReaderFailed on anything else, a number with a wrong digit included."""
    try:
        said = json.loads(body)
        if "reason" in said:
            raise REASONS[said["reason"]](None, **{str(name): int(value) for name, value in said["values"].items()})
        return Certificate.from_answers(said["answers"], said["confidences"])
    except CertificateUnread:
        raise
    except (ValueError, KeyError, TypeError, AttributeError, AssistantError):
        raise ReaderFailed from None
