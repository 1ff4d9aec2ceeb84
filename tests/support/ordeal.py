"""The whole office under load, its processes killed at random moments, beside a platform that writes down what it took.

Real processes: `huiqiao worker`, `huiqiao web`, redis-server, PostgreSQL where that is the database. A moment is a number of
messages that the platform has taken, so that every kill falls into the sending, however fast the machine is.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import TextClause, make_url, text
from sqlalchemy.exc import OperationalError

from backend.outreach.sending import IN_AIR, WAVE, settle_lost
from backend.store.database import Database, DatabaseUnreachable
from backend.store.sending import LEASE
from bot.processes import redis_binary
from tests.support.chatter import Chatter
from tests.support.kills import day_ahead, fast_platform, legal_notices, many_followers, stage
from tests.support.sending_worker import Ahead, worker
from tests.support.servers import ROOT, free_port, wait_for
from tests.support.storm import fake_nlu, web_environment

LIKELY = 0.5  # that one of a kind is among those who are killed at a moment
ANSWER_S = 0.02
LOOK_S = 0.02
IN_THE_AIR = text("SELECT id FROM delivery WHERE status = 'asking'")
DUE = text("SELECT 1 FROM delivery WHERE status = 'planned' AND channel != 'next_visit' LIMIT 1")
HELD = text("SELECT 1 FROM delivery WHERE status IN ('claimed', 'asking') LIMIT 1")


@dataclass
class Mortal:
    """A process that is killed and comes back."""

    command: list[str]
    environment: Mapping[str, str]
    log: Path
    deaths: int = 0
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command, cwd=ROOT, env=os.environ | self.environment, stdout=log, stderr=log
            )

    def kill(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
            self.process = None
            self.deaths += 1


@dataclass
class Took:
    """What the platform wrote down, read as it grows: texts by how often, and the longest silence between two looks."""

    record: Path
    texts: Counter[tuple[str, str]] = field(default_factory=Counter)
    silence_s: float = 0.0
    _read: int = 0
    _heard_at: float = field(default_factory=time.monotonic)

    def look(self) -> int:
        """How many so far."""
        with self.record.open("rb") as file:
            file.seek(self._read)
            whole, newline, _ = file.read().rpartition(b"\n")
        if newline:
            self._read += len(whole) + 1
            for line in whole.split(b"\n"):
                _, openid, said = json.loads(line)
                self.texts[openid, said] += 1
            now = time.monotonic()
            self.silence_s, self._heard_at = max(self.silence_s, now - self._heard_at), now
        return self.texts.total()


@dataclass
class Verdict:
    """Recommendations and legal notices by (kind, status), and what the platform has to say to that."""

    seed: int
    stands: Counter[tuple[str, str]] = field(default_factory=Counter)
    doubled: dict[str, int] = field(default_factory=dict)
    unknown: set[int] = field(default_factory=set)
    in_the_air: set[int] = field(default_factory=set)  # when a worker was killed or the database restarted
    differs: list[str] = field(default_factory=list)  # where the ledger says something else than the platform
    deaths: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    silence_s: float = 0.0
    settled_s: float = 0.0  # after the last message, until nothing was held by the dead any more
    chatted: int = 0
    unanswered: int = 0
    chat_p95_ms: float = 0.0


def most_in_the_air(deaths: int) -> int:
    return deaths * IN_AIR * WAVE


@dataclass
class Ordeal:
    """`moments` kills while `recommended` and `legal` go out; with `patient` the leases of the dead are waited for."""

    url: str
    folder: Path
    recommended: int
    legal: int
    moments: int
    workers: int
    seed: int
    webs: int = 2
    restart_database: bool = False
    patient: bool = False
    limit_s: float = 120.0

    def run(self) -> Verdict:
        self.dice, self.verdict = random.Random(self.seed), Verdict(self.seed)
        self.database = Database(self.url)
        self.clock = Ahead(day_ahead())
        record = self.folder / "took.jsonl"
        record.touch()
        with contextlib.ExitStack() as stack:
            stack.callback(self.database.close)
            at = self.clock.now()
            openids = many_followers(self.database, max(self.recommended, self.legal), at)
            self.campaign_id = stage(self.database, openids[: self.recommended], at)
            self.portions = [openids[: self.legal][number :: self.moments + 1] for number in range(self.moments + 1)]
            self.address = stack.enter_context(fast_platform(record, takes_s=ANSWER_S))
            nlu = stack.enter_context(fake_nlu())
            kinds = stack.enter_context(self._processes(nlu))
            chatter = Chatter([int(web.environment["HUIQIAO_PORT"]) for web in kinds["web"]], openids[::50])
            took = Took(record)
            with chatter:
                self._kill_now_and_then(kinds, took)
            self._end(took)
            self.verdict.chatted, self.verdict.chat_p95_ms = chatter.said, chatter.p95_ms()
            self.verdict.deaths = {name: sum(one.deaths for one in mortals) for name, mortals in kinds.items()}
            self._finish(kinds)
            took.look()
            self._judge(took)
        return self.verdict

    @contextlib.contextmanager
    def _processes(self, nlu: str) -> Iterator[dict[str, list[Mortal]]]:
        short = Path(tempfile.mkdtemp(prefix="hqo-", dir="/tmp"))  # a socket's path is short
        socket, binary = short / "r.sock", redis_binary()
        assert binary, "no redis-server: run make setup"
        environment = web_environment(
            database_url=self.url, redis_url=f"unix://{socket}", nlu_url=nlu, data=str(self.folder / "data")
        ) | {"WECHAT_API_URL": self.address}
        by = self.clock.by.total_seconds()
        huiqiao = [sys.executable, "-m", *(["tests.support.ahead", str(by)] if by else ["bot.cli"])]
        redis = [binary, "--port", "0", "--unixsocket", str(socket), "--save", "", "--dir", str(short)]
        kinds = {
            "worker": [
                Mortal([*huiqiao, "worker"], environment, self.folder / "worker.log") for _ in range(self.workers)
            ],
            "web": [
                Mortal([*huiqiao, "web"], environment | {"HUIQIAO_PORT": str(free_port())}, self.folder / "web.log")
                for _ in range(self.webs)
            ],
            "redis": [Mortal(redis, {}, self.folder / "redis.log")],
        }
        try:
            for one in [*kinds["redis"], *kinds["web"]]:
                one.start()
            for web in kinds["web"]:
                wait_for(f"http://127.0.0.1:{web.environment['HUIQIAO_PORT']}/healthz")
            for one in kinds["worker"]:
                one.start()
            yield kinds
        finally:
            for one in [one for mortals in kinds.values() for one in mortals]:
                one.kill()
            shutil.rmtree(short, ignore_errors=True)

    def _kill_now_and_then(self, kinds: Mapping[str, list[Mortal]], took: Took) -> None:
        self.began, total = time.monotonic(), self.recommended + self.legal
        legal_notices(self.database, self.portions[0], self.clock.now())
        moments = sorted(self.dice.randrange(total // 100, total * 95 // 100) for _ in range(self.moments))
        for number, moment in enumerate(moments):
            while took.look() < moment and self._time_left():
                time.sleep(LOOK_S)
            if number == self.moments // 2 and self.restart_database:
                restart_postgres(self.url)
                self.database.close()  # our own connections went with it
                self._note_the_air()
            victims = [self.dice.choice(mortals) for mortals in kinds.values() if self.dice.random() < LIKELY]
            victims = victims or [self.dice.choice(kinds["worker"])]
            for one in victims:
                one.kill()
            if not {id(one) for one in victims}.isdisjoint(id(one) for one in kinds["worker"]):
                self._note_the_air()
            legal_notices(self.database, self.portions[number + 1], self.clock.now())
            for one in victims:
                one.start()

    def _note_the_air(self) -> None:
        with self.database.read() as uow:
            self.verdict.in_the_air |= set(uow.connection.execute(IN_THE_AIR).scalars())

    def _end(self, took: Took) -> None:
        """Everything that is due has gone; with `patient` also what the dead held is free, or listed."""
        while self._any(DUE) and self._time_left():
            took.look()
            time.sleep(LOOK_S * 5)
        self.verdict.seconds, self.verdict.silence_s = time.monotonic() - self.began, took.silence_s
        if self.patient:
            while (self._any(HELD) or self._any(DUE)) and self._time_left():
                time.sleep(LOOK_S * 5)
            self.verdict.settled_s = time.monotonic() - self.began - self.verdict.seconds
        end = time.monotonic() + 20
        while (left := self._unanswered()) and time.monotonic() < end:
            time.sleep(LOOK_S * 5)
        self.verdict.unanswered = left

    def _finish(self, kinds: Mapping[str, list[Mortal]]) -> None:
        """What the last killed workers held: their leases end, and one more worker does the rest."""
        for one in kinds["worker"]:
            if one.process is not None:
                one.process.terminate()
                one.process.wait()
                one.process = None
        later = Ahead(self.clock.by.total_seconds() + LEASE.total_seconds() + 1)
        while settle_lost(self.database, later):
            pass
        worker(self.database, self.address, later).drain()

    def _time_left(self) -> bool:
        return time.monotonic() - self.began < self.limit_s

    def _any(self, question: TextClause) -> bool:
        try:
            with self.database.read() as uow:
                return uow.connection.execute(question).first() is not None
        except (DatabaseUnreachable, OperationalError):
            return True  # it is being restarted

    def _unanswered(self) -> int:
        with self.database.read() as uow:
            return int(uow.connection.execute(text("SELECT count(*) FROM inbox WHERE reply IS NULL")).scalar_one())

    def _judge(self, took: Took) -> None:
        verdict, marks = self.verdict, {"recommendation": "荐", "legal_notice": "法"}
        with self.database.read() as uow:
            rows = uow.connection.execute(text("SELECT id, openid, kind, status, channel FROM delivery")).all()
            counts = uow.campaigns.counts(self.campaign_id)
        others: Counter[str] = Counter()
        may: Counter[str] = Counter()
        for row in rows:
            verdict.stands[row.kind, row.status] += 1
            if row.status == "unknown":
                verdict.unknown.add(row.id)
            if row.kind not in marks:
                others[row.openid] += row.status == "sent" and row.channel == "customer_service"
                may[row.openid] += row.status in {"sent", "unknown"} and row.channel == "customer_service"
                continue
            times = took.texts.pop((row.openid, marks[row.kind] + row.openid), 0)
            verdict.doubled[row.kind] = verdict.doubled.get(row.kind, 0) + (times > 1)
            if (times > 0) != (row.status == "sent") and row.status != "unknown":
                verdict.differs.append(f"{row.kind} {row.id}: {row.status}, taken {times} times")
        heard: Counter[str] = Counter()
        for (openid, _), times in took.texts.items():
            heard[openid] += times
        verdict.differs += [f"answers to {who}" for who in heard | may if not others[who] <= heard[who] <= may[who]]
        for status, times in counts.items():
            if times != verdict.stands["recommendation", str(status)]:
                verdict.differs.append(f"tally of {status}: {times}")


def restart_postgres(url: str) -> None:
    """At once, without a farewell to anybody."""
    folder = make_url(url).query["host"]
    server = Path(str(folder), "postmaster.opts").read_text("utf-8").split()[0]
    command = Path(server).parent / "pg_ctl"
    options = ["-D", str(folder), "-m", "immediate", "-w", "-l", f"{folder}/restarted.log", "restart"]
    owner = Path(str(folder)).stat().st_uid if os.geteuid() == 0 else None  # the server does not run as root
    subprocess.run([command, *options], check=True, stdout=subprocess.DEVNULL, user=owner)
