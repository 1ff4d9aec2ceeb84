"""What passes between `huiqiao nlu promote` and the keeper of an understanding process: small files, each written whole.

Of a process whose own address is port 5005, its home: `5005.kept` is locked as long as its keeper lives, `5005.wanted` is
a request, `5005.said` what became of it, and after a promotion `5005.port` is the port to ask in place of 5005. Besides
them the archives promoted, under names that hold their SHA-256, and `promoted.json`: the one to start with next time.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import secrets
import tarfile
import tempfile
import time
import zlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

LOOK_S = 0.1
STARTED, SWITCHED, DONE, REFUSED = "started", "switched", "done", "refused:"
READABLE = 0o644  # keeper and web may run as different users; who may enter the folder decides


class PromotionRefused(Exception):
    """The process in use stays; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Promotion:
    """`archive` is a file of the folder; `content` the hash of what models are made from on the day of the promotion."""

    id: str
    archive: str
    sha256: str
    content: str

    def path(self, folder: Path) -> Path | None:
        """The archive, if it still is the one that was promoted: Rasa must never load anything else."""
        path = folder / Path(self.archive).name
        return path if path.is_file() and _sha256(path) == self.sha256 else None


def write_whole(path: Path, text: str) -> None:
    """Nobody ever reads half of it. Raises OSError."""
    _put(path, text.encode())


def read_promotion(path: Path) -> Promotion | None:
    """What the file asks for; None where there is none or it is not one of ours."""
    try:
        return Promotion(**json.loads(path.read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def remember(folder: Path, promotion: Promotion) -> None:
    """This is the model to start with from now on. Raises OSError."""
    write_whole(folder / "promoted.json", json.dumps(asdict(promotion)))


def remembered(folder: Path, content: str) -> Path | None:
    """The archive promoted last; None once models are made from other content, or when it is gone or changed."""
    promotion = read_promotion(folder / "promoted.json")
    return promotion.path(folder) if promotion and promotion.content == content else None


def shelve(folder: Path, archive: Path, content: str) -> Promotion:
    """A copy that nobody overwrites while it is loaded or in use. Raises PromotionRefused or OSError."""
    if not _is_archive(archive):
        raise PromotionRefused("no_archive")
    folder.mkdir(parents=True, exist_ok=True)
    whole = archive.read_bytes()
    sha256 = hashlib.sha256(whole).hexdigest()
    copy = folder / f"nlu-{sha256[:16]}.tar.gz"
    if not copy.is_file() or _sha256(copy) != sha256:
        _put(copy, whole)
    copy.touch()  # keepers drop the oldest
    return Promotion(secrets.token_hex(8), copy.name, sha256, content)


def keep(folder: Path, home: int) -> IO[bytes]:
    """Whoever holds the file, and has not closed it, keeps the process of that port. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{home}.kept"
    held = path.open("wb")
    path.chmod(READABLE)
    fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return held


def homes(folder: Path) -> list[int]:
    """The own ports of the processes that somebody keeps now."""
    return sorted(int(path.stem) for path in folder.glob("*.kept") if path.stem.isdigit() and _is_kept(path))


def ask(folder: Path, home: int, promotion: Promotion) -> Iterator[str]:
    """Asks the keeper and gives each stage it reports, `done` last. Raises PromotionRefused or OSError."""
    write_whole(folder / f"{home}.wanted", json.dumps(asdict(promotion)))
    stage = ""
    while stage != DONE:
        time.sleep(LOOK_S)
        kept = _is_kept(folder / f"{home}.kept")
        said = _said(folder / f"{home}.said", promotion.id)
        if said.startswith(REFUSED):
            raise PromotionRefused(said.removeprefix(REFUSED))
        if said and said != stage:
            stage = said
            yield stage
        elif not kept:
            raise PromotionRefused("stopped")


def _is_kept(path: Path) -> bool:
    try:
        with path.open("rb") as held:
            fcntl.flock(held, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except FileNotFoundError:
        return False
    return False


def _said(path: Path, number: str) -> str:
    with contextlib.suppress(OSError, ValueError):
        which, _, what = path.read_text("utf-8").partition(" ")
        return what if which == number else ""
    return ""


def _is_archive(path: Path) -> bool:
    try:
        with tarfile.open(path, "r:gz") as held:
            return any(Path(name).name == "metadata.json" for name in held.getnames())
    except (tarfile.TarError, OSError, EOFError, zlib.error):
        return False


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _put(path: Path, content: bytes) -> None:
    number, part = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}")
    try:
        with os.fdopen(number, "wb") as file:
            file.write(content)
        Path(part).chmod(READABLE)
        Path(part).replace(path)
    except OSError:
        Path(part).unlink(missing_ok=True)
        raise
