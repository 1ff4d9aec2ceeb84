"""The indexer is killed at random moments while others read: nobody reads a wrong hit, and afterwards none is missing."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from backend.domain.clock import day_of
from backend.domain.listings import Listing
from backend.domain.queries import PatentQuery
from backend.search.index import IndexNotReady
from backend.store.database import Database
from backend.store.schema import upgrade
from bot.settings import ROOT
from tests.support.arrivals import NOON
from tests.support.builders import make_listing, make_number
from tests.support.shelf import Shelf, indexer_on, open_shelf

TODAY = day_of(NOON)
WORDS = ("叶轮", "轴承", "齿轮", "阀门", "电缆", "滤芯")
PATENTS, KILLS = 24, 6
INDEXER = """
import sys, time
from pathlib import Path
from backend.store.database import Database
from tests.support.shelf import indexer_on
indexer = indexer_on(Database(sys.argv[1]), Path(sys.argv[2]))
print("ready", flush=True)
while True:
    indexer.sync()
    time.sleep(0.002)
"""


def _titled(serial: int, word: str) -> Listing:
    return make_listing(serial, title=f"{word}装配夹具", abstract="")


@pytest.mark.timeout(100)
def test_a_killed_indexer_leaves_no_wrong_and_no_missing_hit(tmp_path: Path) -> None:
    url, folder = f"sqlite:///{tmp_path / 'pool.db'}", tmp_path / "index"
    database = Database(url)
    upgrade(database)
    with open_shelf(database, folder) as shelf:
        shelf.publish(*(_titled(serial, WORDS[serial % len(WORDS)]) for serial in range(1, PATENTS + 1)))
        shelf.sync()
    dice = random.Random(5)
    stop = threading.Event()
    wrong: list[str] = []
    readers = [threading.Thread(target=_read, args=(shelf, stop, wrong)) for _ in range(2)]
    for reader in readers:
        reader.start()
    try:
        for _ in range(KILLS):
            process = subprocess.Popen(
                [sys.executable, "-c", INDEXER, url, str(folder)], cwd=ROOT, stdout=subprocess.PIPE
            )
            assert process.stdout is not None
            assert process.stdout.readline().strip() == b"ready"
            for _ in range(dice.randint(1, 6)):
                serial = dice.randint(1, PATENTS)
                change = _titled(serial, dice.choice(WORDS))
                (shelf.withdraw if dice.random() < 0.3 else shelf.publish)(change)
                time.sleep(dice.random() * 0.02)
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
    finally:
        stop.set()
        for reader in readers:
            reader.join()
    assert wrong == []
    indexer = indexer_on(database, folder)  # the lock of the dead one is gone with it
    indexer.sync()
    indexer.close()
    with database.read() as uow:
        held = uow.listings.of([make_number(serial) for serial in range(1, PATENTS + 1)])
    for word in WORDS:
        wanted = {number for number, one in held.items() if one.on_show(TODAY) and word in one.listing.title}
        assert set(shelf.reader().search(PatentQuery(words=word), on=TODAY, limit=100).numbers) == wanted
    database.close()


def _read(shelf: Shelf, stop: threading.Event, wrong: list[str]) -> None:
    """A web process: what it shows holds the word, whatever the index believes just then."""
    desk = shelf.desk()
    dice = random.Random(threading.get_ident())
    while not stop.is_set():
        word = dice.choice(WORDS)
        try:
            results = desk.find_patents(PatentQuery(words=word), 0)
        except IndexNotReady:
            wrong.append("not ready")
            return
        assert results is not None
        shown = [item.listing.title for item in results.items[: len(results.items) - results.near]]
        if not results.any_word:
            wrong += [f"{word}: {title}" for title in shown if word not in title]
