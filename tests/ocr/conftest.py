"""One reader for the whole room: loading the networks takes seconds."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from backend.ocr.engine import Engine
from backend.ocr.reader import ReaderProcess

PATIENT = 60.0  # seconds; what is measured elsewhere must not fail here on a busy machine


@pytest.fixture(scope="session")
def reader() -> Iterator[ReaderProcess]:
    with ReaderProcess(limit_seconds=PATIENT) as process:
        yield process


@pytest.fixture(scope="session")
def engine() -> Engine:
    return Engine()
