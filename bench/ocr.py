"""Synthetic certificate photos through our reader's process beside the bare RapidOCR call, also in a process of its own."""

from __future__ import annotations

import os
import re
import statistics
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from backend.domain.certificates import CertificateUnread
from backend.ocr.reader import ReaderProcess
from tests.support.certificate_photos import WIDTHS, certificate_photo

PHOTOS = 40
FIRST_SEED = 5000
LOOKS_LIKE_A_NUMBER = re.compile(r"ZL\s?(\d{4})\s?(\d)\s?(\d{7})\.?([\dX])")

_bare: dict[str, Any] = {}


def load_bare() -> None:
    from rapidocr_onnxruntime import RapidOCR

    _bare["engine"] = RapidOCR()


def bare(photo: bytes) -> tuple[str, float]:
    """All text as one line and the seconds it took, with the settings the package comes with."""
    began = time.perf_counter()
    lines, _ = _bare["engine"](photo)
    return " ".join(text for _, text, _ in lines or []), time.perf_counter() - began


def memory_mb(pid: int, what: str) -> int:
    """VmRSS or VmHWM of a process."""
    found = re.search(rf"{what}:\s+(\d+)", Path(f"/proc/{pid}/status").read_text("utf-8"))
    return int(found.group(1)) // 1024 if found else 0


def ocr_table(_: Path) -> tuple[list[list[str]], list[str]]:
    photos = [certificate_photo(FIRST_SEED + at, WIDTHS[at % len(WIDTHS)]) for at in range(PHOTOS)]
    ours: list[float] = []
    theirs: list[float] = []
    exact = wrong = peer_exact = peer_wrong = 0
    with ReaderProcess(limit_seconds=60) as reader, ProcessPoolExecutor(1, initializer=load_bare) as pool:
        peer_pid = pool.submit(os.getpid).result()
        reader.read_certificate(photos[0][0])
        pool.submit(bare, photos[0][0]).result()
        assert reader.pid
        loaded, peer_loaded = memory_mb(reader.pid, "VmRSS"), memory_mb(peer_pid, "VmRSS")
        for photo, truth in photos:  # interleaved, so that a drifting machine hits both
            began = time.perf_counter()
            try:
                number = reader.read_certificate(photo).number
            except CertificateUnread:
                number = None
            ours.append((time.perf_counter() - began) * 1000)
            exact += bool(number and number.value == truth.number)
            wrong += bool(number and number.value != truth.number)
            text, seconds = pool.submit(bare, photo).result()
            theirs.append(seconds * 1000)
            seen = LOOKS_LIKE_A_NUMBER.search(text)
            peer_exact += bool(seen and "".join(seen.groups()[:3]) == truth.number.digits)
            peer_wrong += bool(seen and "".join(seen.groups()[:3]) != truth.number.digits)
        assert reader.pid
        peak, peer_peak = memory_mb(reader.pid, "VmHWM"), memory_mb(peer_pid, "VmHWM")
    table = [
        ["what", "photos", "median ms", "p95 ms", "loaded MB", "peak MB", "a photo adds MB", "number exact", "wrong"]
    ]
    for name, times, base, most, right, false in (
        ("ours: certificate with fields, own process", ours, loaded, peak, exact, wrong),
        ("bare RapidOCR call: lines of text", theirs, peer_loaded, peer_peak, peer_exact, peer_wrong),
    ):
        p95 = sorted(times)[int(len(times) * 0.95)]
        row = [name, PHOTOS, round(statistics.median(times)), round(p95), base, most, most - base, right, false]
        table.append([str(cell) for cell in row])
    notes = [
        f"OCR {statistics.median(ours):.0f} ms median, {statistics.median(theirs) / statistics.median(ours):.2f} × faster than the bare call",
        f"number exact in {exact} of {PHOTOS} at 700 px and wider (goal 95 %), wrong numbers accepted: {wrong} (goal 0)",
    ]
    return table, notes
