"""Keeps one understanding process, and puts another in its place while followers write.

The new one starts beside the old one and is examined there: it must name the archive it was given and read a canary
rightly. Then one file is replaced, and every web asks the new one from its next message on. The old one answers what it
was asked before that, and is stopped when nobody can be waiting for it any more. Until the file is replaced any failure
leaves everything as it was.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Generator
from pathlib import Path
from typing import IO

import structlog

from bot.children import STOP_S, Child, free_port
from bot.nlu.client import CANARY, CANARY_INTENT, NluUnavailable, RasaClient
from bot.promotion import DONE, REFUSED, STARTED, SWITCHED, Promotion, keep, read_promotion, remember, write_whole
from bot.settings import LONGEST_NLU_LIMIT_S, port_file

log = structlog.get_logger()
PATIENCE_S = 180.0  # a model loads in twenty seconds, on a busy machine in a minute
DRAIN_S = LONGEST_NLU_LIMIT_S + 0.5  # no web waits longer for an answer it asked for before the switch
EXAMINE_S = 2.0  # for each question; a supervisor that waits for it restarts the others that much later
ARCHIVES_KEPT = 3


class Unfit(Exception):
    """The candidate must not take over; the text is the code of the reason."""


class Keeper:
    """Of the process that `child_for(archive, port)` makes, whose own port is `home`.

    The supervisor starts and restarts `child`; `open` comes first, then `look` several times a second from the thread
    that started it, `close` last. None of them raises.
    """

    def __init__(
        self,
        folder: Path,
        archive: Path,
        *,
        home: int,
        token: str,
        child_for: Callable[[Path, int], Child],
        patience_s: float = PATIENCE_S,
        drain_s: float = DRAIN_S,
    ) -> None:
        self.folder, self.home, self.token = folder, home, token
        self.child = child_for(archive, home)
        self._child_for, self._patience_s, self._drain_s = child_for, patience_s, drain_s
        self._wanted, self._said = folder / f"{home}.wanted", folder / f"{home}.said"
        self._work: Generator[None, None, None] | None = None
        self._held: IO[bytes] | None = None

    def open(self) -> None:
        """Forgets what a killed predecessor left: the process starts on its own port."""
        try:
            self._held = keep(self.folder, self.home)
            for left in (self._wanted, self._said, port_file(self.folder, self.home)):
                left.unlink(missing_ok=True)
        except OSError as error:
            log.warning("promotion.impossible", folder=str(self.folder), error=type(error).__name__)

    def close(self) -> None:
        """Stops whatever is not `child`."""
        if self._work is not None:
            self._work.close()
            self._work = None
        if self._held is not None:
            self._held.close()
            with contextlib.suppress(OSError):
                Path(self._held.name).unlink(missing_ok=True)
                port_file(self.folder, self.home).unlink(missing_ok=True)

    def look(self) -> None:
        """Takes up a request, or brings the one in hand one step further."""
        if self._held and self._wanted.exists():
            promotion = read_promotion(self._wanted)
            with contextlib.suppress(OSError):
                self._wanted.unlink()
            if promotion and self._work:
                self._say(promotion, f"{REFUSED}busy")
            elif promotion:
                self._work = self._promote(promotion)
        if self._work is not None and next(self._work, DONE) == DONE:
            self._work = None

    def _promote(self, promotion: Promotion) -> Generator[None, None, None]:
        began = time.monotonic()
        archive = promotion.path(self.folder)
        if archive is None:
            self._say(promotion, f"{REFUSED}no_archive")
            return
        port, old = free_port(), self.child
        new = leaving = self._child_for(archive, port)
        outcome = DONE
        try:
            self._say(promotion, STARTED)
            new.start()
            yield from self._until_fit(new, port, archive.name)
            write_whole(port_file(self.folder, self.home), str(port))
            self.child, leaving = new, old
            self._say(promotion, SWITCHED)
            log.info("promotion.switched", archive=archive.name, after_s=round(time.monotonic() - began, 1))
            self._remember(promotion)
            yield from _wait(self._drain_s)
            if old.process:
                old.process.terminate()
            yield from _until_gone(old)
        except (Unfit, OSError) as error:
            outcome = REFUSED + (str(error) if isinstance(error, Unfit) else "failed")
            log.warning("promotion.refused", archive=archive.name, outcome=outcome, error=type(error).__name__)
        finally:
            leaving.stop()
        self._say(promotion, outcome)

    def _until_fit(self, new: Child, port: int, name: str) -> Generator[None, None, None]:
        """Raises Unfit."""
        end = time.monotonic() + self._patience_s
        while not self._fits(port, name):
            if new.process is None or new.process.poll() is not None:
                raise Unfit("died")
            if time.monotonic() > end:
                raise Unfit("not_ready")
            yield

    def _fits(self, port: int, name: str) -> bool:
        """Whether it is ready and right; raises Unfit where it is ready and wrong."""

        async def examine() -> bool:
            client = RasaClient(f"http://127.0.0.1:{port}", self.token, limit_s=EXAMINE_S)
            try:
                loaded = await client.archive()
                if loaded and loaded != name:
                    raise Unfit("other_archive")
                if not loaded:
                    return False
                intent, *_ = await client.parse(CANARY)
            except NluUnavailable:
                return False
            finally:
                await client.close()
            if intent != CANARY_INTENT:
                raise Unfit("canary")
            return True

        return asyncio.run(examine())

    def _remember(self, promotion: Promotion) -> None:
        try:
            remember(self.folder, promotion)
            archives = sorted(self.folder.glob("nlu-*.tar.gz"), key=lambda path: path.stat().st_mtime)
            for older in archives[:-ARCHIVES_KEPT]:
                older.unlink()
        except OSError as error:
            log.warning("promotion.not_remembered", error=type(error).__name__)

    def _say(self, promotion: Promotion, what: str) -> None:
        with contextlib.suppress(OSError):
            write_whole(self._said, f"{promotion.id} {what}")


def _wait(seconds: float) -> Generator[None, None, None]:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        yield


def _until_gone(child: Child) -> Generator[None, None, None]:
    end = time.monotonic() + STOP_S
    while child.process and child.process.poll() is None and time.monotonic() < end:
        yield
