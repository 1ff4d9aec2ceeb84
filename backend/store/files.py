"""The shelf of files: contents under their own SHA-256, readable by this account only, never to be run.

Rows in SQL say whose a content is. A content without a row is dropped by `sweep`; one that was just put is not.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import datetime
from pathlib import Path

_DIGEST = re.compile(r"[0-9a-f]{64}")
AT_ONCE = 500


class FileGone(Exception):
    """The row is there and the content is not: another machine’s folder, or a restored database without its files."""


class FileShelf:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, content: bytes) -> str:
        """Keep it; its digest. Whole or not at all: it is written beside its place and then moved there."""
        digest = hashlib.sha256(content).hexdigest()
        place = self._place(digest)
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=place.parent, prefix="put", delete=False) as held:
            held.write(content)
            held.flush()
            os.fsync(held.fileno())
        Path(held.name).replace(place)
        return digest

    def get(self, digest: str) -> bytes:
        """Raises FileGone."""
        try:
            return self._place(digest).read_bytes()
        except (FileNotFoundError, ValueError):
            raise FileGone(digest) from None

    def sweep(self, known: Callable[[Sequence[str]], Collection[str]], *, before: datetime) -> int:
        """Drop what no row names and what was cut off while it was written, both older; how many."""
        dropped = 0
        batch: list[Path] = []
        for path in self._old(before):
            batch.append(path)
            if len(batch) == AT_ONCE:
                dropped += _drop(batch, known)
                batch = []
        return dropped + _drop(batch, known)

    def _old(self, before: datetime) -> Iterator[Path]:
        for path in self.folder.glob("*/*"):
            try:
                old = path.stat().st_mtime < before.timestamp()
            except FileNotFoundError:
                continue
            if old:
                yield path

    def _place(self, digest: str) -> Path:
        if not _DIGEST.fullmatch(digest):
            raise ValueError(digest)
        return self.folder / digest[:2] / digest


def _drop(paths: list[Path], known: Callable[[Sequence[str]], Collection[str]]) -> int:
    kept = known([path.name for path in paths]) if paths else ()
    gone = [path for path in paths if path.name not in kept]
    for path in gone:
        path.unlink(missing_ok=True)
    return len(gone)
