"""One model takes over from another while followers write: nobody waits, nobody is turned away, and a bad one never does."""

from __future__ import annotations

import asyncio
import contextlib
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.children import Child, free_port
from bot.keeper import DRAIN_S, Keeper
from bot.nlu.client import Address, RasaClient
from bot.processes import Supervisor
from bot.promotion import Promotion, PromotionRefused, ask, homes, remember, remembered, shelve
from bot.settings import Settings, port_file
from tests.support.fake_nlu import fake_archive
from tests.support.servers import ROOT, TOKEN, wait_for

OLD, NEW = 0.6, 0.8  # how sure each is: tells who answered
SLOW = "慢慢说"
CONTENT = "c" * 16
SWITCHED_AT_MOST_S = 1.0


def fake_child(archive: Path, port: int) -> Child:
    command = [sys.executable, "-m", "tests.support.fake_nlu", "--port", str(port), "--token", TOKEN]
    return Child("nlu", [*command, "--archive", str(archive)], dict(os.environ))


class Made:
    """Makes fake children and remembers them."""

    def __init__(self) -> None:
        self.children: list[Child] = []

    def __call__(self, archive: Path, port: int) -> Child:
        self.children.append(fake_child(archive, port))
        return self.children[-1]

    def alive(self) -> list[bool]:
        return [child.process is not None and child.process.poll() is None for child in self.children]


@dataclass
class House:
    """An understanding process, its keeper, and the folder between them and everybody else."""

    folder: Path
    keeper: Keeper

    @property
    def home(self) -> int:
        return self.keeper.home

    @property
    def process(self) -> subprocess.Popen[bytes]:
        assert self.keeper.child.process
        return self.keeper.child.process

    def client(self, limit_s: float = 4.0) -> RasaClient:
        """As every web has it."""
        url = f"http://127.0.0.1:{self.home}"
        return RasaClient(url, TOKEN, moved=port_file(self.folder, self.home), limit_s=limit_s)

    def promote(self, archive: Path, seen: Callable[[str], None] = lambda _stage: None) -> list[str]:
        stages = []
        for stage in ask(self.folder, self.home, shelve(self.folder, archive, CONTENT)):
            stages.append(stage)
            seen(stage)
        return stages

    def confidence(self) -> float:
        """Of whoever answers now."""

        async def one() -> float:
            client = self.client()
            _, confidence, _, _ = await client.parse("找专利")
            await client.close()
            return confidence

        return asyncio.run(one())


@contextlib.contextmanager
def running(
    folder: Path,
    archive: Path,
    *,
    child_for: Callable[[Path, int], Child] = fake_child,
    patience_s: float = 30.0,
    drain_s: float = 0.3,
) -> Iterator[House]:
    keeper = Keeper(
        folder,
        archive,
        home=free_port(),
        token=TOKEN,
        child_for=child_for,
        patience_s=patience_s,
        drain_s=drain_s,
    )
    supervisor = Supervisor([], keeper)
    thread = threading.Thread(target=supervisor.run)
    thread.start()
    try:
        wait_for(f"http://127.0.0.1:{keeper.home}/status", 30)
        yield House(folder, keeper)
    finally:
        supervisor.stopping.set()
        thread.join(10)
        supervisor.stop()


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with running(tmp_path / "nlu", fake_archive(tmp_path / "old.tar.gz", confidence=OLD)) as held:
        yield held


@dataclass
class Followers:
    """Several who write without a pause; for each message when it was asked, when answered, and by whom."""

    house: House
    said: list[tuple[float, float, float]] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    enough: bool = False

    async def write(self, client: RasaClient, text: str) -> None:
        began = time.monotonic()
        try:
            _, confidence, _, _ = await client.parse(text)
        except Exception as error:  # noqa: BLE001 every failure counts, whatever it is
            self.failures.append(repr(error))
        else:
            self.said.append((began, time.monotonic(), confidence))

    async def follow(self, client: RasaClient) -> None:
        while not self.enough:
            await self.write(client, "有没有锂电池专利")
            await asyncio.sleep(0.005)

    async def through(self, archive: Path) -> tuple[list[str], float, float]:
        """The stages of a promotion, when it switched, and when the slow message asked just before that was answered."""
        webs = [self.house.client() for _ in range(2)]
        loop, slow, switched = asyncio.get_running_loop(), [], [0.0]

        def note(stage: str) -> None:
            if stage == "switched":
                switched[0] = time.monotonic()

        async def ask_slowly_until_it_switches() -> None:
            while not switched[0]:
                slow.append(asyncio.create_task(self.write(webs[0], SLOW)))
                await asyncio.sleep(0.1)

        following = [asyncio.create_task(self.follow(web)) for web in webs for _ in range(6)]
        slowly = asyncio.create_task(ask_slowly_until_it_switches())
        stages = await loop.run_in_executor(None, self.house.promote, archive, note)
        await slowly
        await asyncio.gather(*slow)
        answered = max(end for _, end, confidence in self.said if confidence == OLD)
        await asyncio.sleep(0.3)
        self.enough = True
        await asyncio.gather(*following)
        for web in webs:
            await web.close()
        return stages, switched[0], answered


@pytest.fixture
def slow_house(tmp_path: Path) -> Iterator[House]:
    """Some messages take it long, and it is given as long to answer them as in life."""
    old = fake_archive(tmp_path / "old.tar.gz", confidence=OLD, delay_s=0.05, slow_word=SLOW, slow_s=2.5)
    with running(tmp_path / "nlu", old, drain_s=DRAIN_S) as held:
        yield held


def test_nobody_waits_and_nobody_fails_while_a_new_model_takes_over(slow_house: House, tmp_path: Path) -> None:
    house = slow_house
    new = fake_archive(tmp_path / "new.tar.gz", confidence=NEW, loads_s=1.0)
    old, gone = house.process, [0.0]

    def watch() -> None:
        old.wait()
        gone[0] = time.monotonic()

    watching = threading.Thread(target=watch)
    watching.start()
    followers = Followers(house)
    stages, switched, last_answer = asyncio.run(followers.through(new))
    watching.join(10)
    assert stages[-2:] == ["switched", "done"]
    assert followers.failures == []
    assert len(followers.said) > 200
    quick = [end - began for began, end, _ in followers.said if end - began < 2.0]
    slow = [end - began for began, end, _ in followers.said if end - began >= 2.0]
    assert max(quick) < SWITCHED_AT_MOST_S
    assert slow, "some were asked slow questions when it switched"
    assert max(slow) < 4
    by = {confidence for began, _, confidence in followers.said if began > switched}
    assert by == {NEW}
    assert last_answer > switched  # the old one still owed somebody an answer
    assert gone[0] > last_answer
    assert old.returncode is not None
    assert house.process.poll() is None
    assert house.confidence() == NEW


def test_promoting_again_moves_on_and_a_dead_new_one_is_started_again(house: House, tmp_path: Path) -> None:
    house.promote(fake_archive(tmp_path / "new.tar.gz", confidence=NEW))
    second = house.process
    assert house.promote(fake_archive(tmp_path / "newer.tar.gz", confidence=0.95))[-1] == "done"
    assert second.poll() is not None
    assert house.confidence() == 0.95
    house.process.kill()
    end = time.monotonic() + 15
    while time.monotonic() < end:
        with contextlib.suppress(Exception):
            if house.confidence() == 0.95:
                return
        time.sleep(0.1)
    raise AssertionError("the promoted model did not come back")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"breaks": True}, "died"),
        ({"reads_all_as": "greet"}, "canary"),
        ({"says_it_is": "another.tar.gz"}, "other_archive"),
        ({"loads_s": 600.0}, "not_ready"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_bad_model_never_takes_over(changes: dict[str, object], reason: str, tmp_path: Path) -> None:
    made = Made()
    old = fake_archive(tmp_path / "old.tar.gz", confidence=OLD)
    with running(tmp_path / "nlu", old, child_for=made, patience_s=4.0) as house:
        before = house.process
        with pytest.raises(PromotionRefused) as refused:
            house.promote(fake_archive(tmp_path / "bad.tar.gz", **changes))
        assert refused.value.code == reason
        assert house.process is before
        assert before.poll() is None
        assert house.confidence() == OLD
        assert made.alive() == [True, False]
        assert remembered(house.folder, CONTENT) is None
        assert house.promote(fake_archive(tmp_path / "good.tar.gz", confidence=NEW))[-1] == "done"


def test_what_is_no_archive_is_refused_before_anything_starts(house: House, tmp_path: Path) -> None:
    text = tmp_path / "text.tar.gz"
    text.write_text("no archive")
    half = tmp_path / "half.tar.gz"
    half.write_bytes(fake_archive(tmp_path / "whole.tar.gz").read_bytes()[:40])
    for path in (tmp_path / "missing.tar.gz", text, half, tmp_path):
        with pytest.raises(PromotionRefused, match="no_archive"):
            house.promote(path)
    assert house.confidence() == OLD


def test_a_second_request_is_turned_away_while_one_is_in_hand(house: House, tmp_path: Path) -> None:
    first = fake_archive(tmp_path / "first.tar.gz", confidence=NEW, loads_s=1.0)
    outcome: list[str] = []

    def ask_again(stage: str) -> None:
        if stage == "started":
            with pytest.raises(PromotionRefused) as refused:
                house.promote(fake_archive(tmp_path / "second.tar.gz", confidence=0.95))
            outcome.append(refused.value.code)

    assert house.promote(first, ask_again)[-1] == "done"
    assert outcome == ["busy"]
    assert house.confidence() == NEW


def test_stopping_in_the_middle_leaves_no_process_behind(tmp_path: Path) -> None:
    made = Made()
    with running(tmp_path / "nlu", fake_archive(tmp_path / "old.tar.gz"), child_for=made) as house:
        promotion = shelve(house.folder, fake_archive(tmp_path / "x.tar.gz", loads_s=60), CONTENT)
        asked = ask(house.folder, house.home, promotion)
        assert next(asked) == "started"
    assert made.alive() == [False, False]
    with pytest.raises(PromotionRefused, match="stopped"):
        next(asked)
    assert homes(house.folder) == []


def test_only_a_living_keeper_is_found(house: House, tmp_path: Path) -> None:
    (house.folder / "5999.kept").touch()  # of one that was killed
    assert homes(house.folder) == [house.home]
    assert homes(tmp_path / "nowhere") == []


def test_a_promotion_is_remembered_until_models_are_made_from_something_else(tmp_path: Path) -> None:
    folder = tmp_path / "nlu"
    assert remembered(folder, CONTENT) is None
    promotion = shelve(folder, fake_archive(tmp_path / "a.tar.gz"), CONTENT)
    remember(folder, promotion)
    kept = remembered(folder, CONTENT)
    assert kept == folder / promotion.archive
    assert remembered(folder, "d" * 16) is None
    kept.write_bytes(kept.read_bytes() + b"x")
    assert remembered(folder, CONTENT) is None
    shelve(folder, tmp_path / "a.tar.gz", CONTENT)
    assert remembered(folder, CONTENT) == kept
    kept.unlink()
    assert remembered(folder, CONTENT) is None
    outside = Promotion("1", "../a.tar.gz", promotion.sha256, CONTENT)
    assert outside.path(folder) is None


def test_the_address_follows_its_file_and_falls_back_home(tmp_path: Path) -> None:
    file = port_file(tmp_path, 5005)
    address = Address("http://127.0.0.1:5005/", file)
    assert address.now() == "http://127.0.0.1:5005"
    for content, port in (("6001", 6001), ("6002", 6002), ("6002\n", 6002), ("x", 5005), ("", 5005), ("6003", 6003)):
        file.with_suffix(".part").write_text(content)
        file.with_suffix(".part").replace(file)
        assert address.now() == f"http://127.0.0.1:{port}"
    file.unlink()
    assert address.now() == "http://127.0.0.1:5005"
    assert Address("http://nlu:5005").now() == "http://nlu:5005"


@pytest.mark.parametrize(
    ("url", "moves"),
    [
        ("http://127.0.0.1:5005", True),
        ("http://localhost:5005", True),
        ("http://nlu:5005", False),
        ("http://127.0.0.1", False),
        ("http://[bad", False),
        ("http://127.0.0.1:99999", False),
    ],
)
def test_only_a_process_of_this_machine_can_have_moved(url: str, moves: bool, tmp_path: Path) -> None:
    settings = Settings(_env_file=None, huiqiao_data=tmp_path, nlu_url=url)  # type: ignore[call-arg] # pydantic's own
    assert settings.nlu_moved == (tmp_path / "nlu" / "5005.port" if moves else None)


def test_the_command_says_so_when_there_is_nothing_to_replace(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "bot.cli", "nlu", "promote", str(tmp_path / "x.tar.gz")]
    environment = os.environ | {"HUIQIAO_DATA": str(tmp_path)}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "huiqiao up" in done.stderr
