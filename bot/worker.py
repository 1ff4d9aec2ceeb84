"""The worker: late answers, the search index, timers. Any number on any number of machines."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cached_property

import dramatiq
import redis
import structlog
from apscheduler.schedulers.background import BackgroundScheduler

from backend.domain.clock import CHINA
from backend.domain.errors import where
from backend.domain.inbox import KEYS_KEPT
from backend.domain.photos import KEPT as PHOTOS_KEPT
from backend.ocr.reader import ReaderProcess
from backend.outreach.carrying import Carrier, note_pace
from backend.outreach.sending import Dispatcher, settle_lost
from backend.search.index import IndexerBusy
from backend.search.indexer import Indexer
from backend.services.alerts.round import ALERTS_KEPT, AlertRound, forget_told
from backend.services.attachments import Collector, sweep
from backend.services.declarations import tables
from backend.services.declarations.verifying import lapse_due, reverify_due, verify_waiting
from backend.services.events.tending import Steward, forget_over
from backend.services.followers import erase_due, forget_old
from backend.services.matching.grading import grade_pool
from backend.services.matching.price_watch import nudge_holders
from backend.services.photos import DarkRoom
from backend.services.pool.importing import note_for_search
from backend.services.responses import tell_holders
from bot.assembly import Assembly
from bot.jobs import DRAIN_LATE, QUEUE, READ_PHOTOS, broker_for
from bot.settings import Settings
from bot.wechat.media import PlatformMedia

log = structlog.get_logger()
SWEEP_S = 3
SWEEPS = 20  # steps of a sweep: what a cancelled campaign did not reach is called off in minutes, not hours
WAIT_FOR_DRAIN_S = 1.0
WORKER_LIMIT_S = 6.0
INDEX_S = 0.5
ALERTS_S = 5
PACE_S = 10
THREADS = 3  # one may be reading a photo


class Worker:
    """Wraps plain functions: as Dramatiq actors for nudges, as timers for sweeps that need no Redis."""

    def __init__(self, settings: Settings) -> None:
        self.parts = Assembly(settings)
        self.indexer: Indexer | None = None
        self.reader = ReaderProcess()
        self._draining, self._reading = threading.Lock(), threading.Lock()
        self._stopped = threading.Event()

    def drain_late(self) -> None:
        """Whoever comes while a long campaign goes out leaves it to that one, which looks for what is urgent every few
        waves: the threads are for photos too."""
        if not self._draining.acquire(timeout=WAIT_FOR_DRAIN_S):
            return
        try:
            self.dispatcher.drain(self._stopped.is_set)
        finally:
            self._draining.release()

    @cached_property
    def dispatcher(self) -> Dispatcher:
        parts = self.parts
        secret = parts.settings.huiqiao_secret_key.get_secret_value()
        return Dispatcher(parts.database, parts.sender, parts.clock, parts.forms, secret)

    @cached_property
    def dark_room(self) -> DarkRoom:
        parts = self.parts
        return DarkRoom(parts.database, PlatformMedia(parts.platform), self.reader, parts.notices, parts.clock)

    def read_photos(self) -> None:
        """One at a time in this process: there is one reader. Whoever comes meanwhile leaves it to the next sweep."""
        if not self._reading.acquire(blocking=False):
            return
        try:
            self.dark_room.read_due(self._stopped.is_set, self.drain_late)
        finally:
            self._reading.release()

    @cached_property
    def collector(self) -> Collector:
        parts = self.parts
        return Collector(parts.database, PlatformMedia(parts.platform), parts.files, parts.notices, parts.clock)

    def collect(self) -> None:
        """Pictures that were handed in, fetched from the platform."""
        self.collector.fetch_due(self._stopped.is_set)

    def carry_campaigns(self) -> None:
        """Recipients of approved campaigns, written down before their hour; with many matches that takes minutes."""
        parts = self.parts
        matcher = parts.matcher
        Carrier(parts.database, matcher.pool, parts.voice, parts.clock, self._stopped.is_set).carry_due()

    def follow_campaigns(self) -> None:
        """How fast they go, and what recipients said of them."""
        note_pace(self.parts.database, self.parts.clock)
        tell_holders(self.parts.database, self.parts.notices, self.parts.clock)

    def events(self) -> None:
        """Places that fall free, reminders, what has changed: in any number of workers, each notice once."""
        parts = self.parts
        if Steward(parts.database, parts.notices, parts.clock).tend():
            self.drain_late()

    def sweep(self) -> None:
        for _ in range(SWEEPS):
            if not settle_lost(self.parts.database, self.parts.clock):
                break
        self.drain_late()

    def index(self) -> None:
        note_for_search(self.parts.database)
        if self.indexer is None:
            try:
                self.indexer = Indexer(
                    self.parts.database, self.parts.index, self.parts.clock, demonstration=self.parts.demonstration
                )
            except IndexerBusy:
                return  # another worker of this machine has it
        self.indexer.sync()

    @cached_property
    def alert_round(self) -> AlertRound:
        parts = self.parts
        return AlertRound(parts.database, parts.index, parts.clock, parts.notices, demonstration=parts.demonstration)

    def alerts(self) -> None:
        """Hold what changed in the pool against saved queries, and plan the digests that are due."""
        self.alert_round.run()

    def verify(self) -> None:
        """Tables that were confirmed, and the first verification of everything submitted: at once, however many they are."""
        parts = self.parts
        office = parts.declarations_office(parts.registry(limit_s=WORKER_LIMIT_S))
        tables.carry_on(parts.database, parts.notices, parts.clock)
        while verify_waiting(office) and not self._stopped.is_set():
            continue
        tables.carry_on(parts.database, parts.notices, parts.clock)

    def watch(self) -> None:
        """Once a day, and once more when official data were loaded, in one process: what ended or lapsed leaves the pool,
        what was verified long ago is looked at again, the pool is graded, holders hear of prices worth another look.
        """
        parts = self.parts
        now = parts.clock.now()
        due = now.astimezone(CHINA).replace(hour=0, minute=0, second=0, microsecond=0)
        with parts.database.read() as uow:
            due = max(due, uow.switches.registry_loaded_at() or due)
        with parts.database.write() as uow:
            if not uow.timers.fire("watch_pool", due, at=now):
                return
        left = lapse_due(parts.declarations_office(parts.loaded_registry))
        looked_at = reverify_due(parts.declarations_office(parts.registry(limit_s=WORKER_LIMIT_S)))
        graded, changed = grade_pool(parts.matcher)
        nudged = nudge_holders(parts.matcher, parts.notices)
        log.info("pool.watched", left=left, looked_at=looked_at, graded=graded, changed=changed, nudged=nudged)

    def keep_house(self) -> None:
        """Once an hour in one process: erase whom we must forget, drop keys older than they are needed."""
        now = self.parts.clock.now()
        due = now.replace(minute=0, second=0, microsecond=0)
        with self.parts.database.write() as uow:
            if not uow.timers.fire("keep_house", due, at=now):
                return
        secret = self.parts.settings.huiqiao_secret_key.get_secret_value()
        erased = erase_due(self.parts.database, self.parts.clock, secret=secret)
        forgotten = forget_old(self.parts.database, before=now - KEYS_KEPT)
        photos = self.dark_room.forget_old(PHOTOS_KEPT)
        forget_told(self.parts.database, before=now - ALERTS_KEPT)
        tables.forget_old(self.parts.database, self.parts.clock)
        guests = forget_over(self.parts.database, self.parts.clock)
        files = sweep(self.parts.database, self.parts.files, self.parts.clock)
        log.info("house.kept", erased=erased, forgotten=forgotten, photos=photos, files=files, guests=guests)

    def run(self) -> None:
        """Until SIGTERM or SIGINT."""
        settings = self.parts.settings
        dramatiq_worker: dramatiq.Worker | None = None
        if settings.redis_url:
            broker = broker_for(settings.redis_url)
            for actor, name, work in (
                (DRAIN_LATE, "late", self.drain_late),
                (READ_PHOTOS, "photos", self.read_photos),
            ):
                dramatiq.actor(actor_name=actor, queue_name=QUEUE, broker=broker)(self._guarded(name, work))
            dramatiq_worker = dramatiq.Worker(broker, worker_threads=THREADS)
            with contextlib.suppress(redis.RedisError):
                dramatiq_worker.start()
        scheduler = BackgroundScheduler(timezone="Asia/Shanghai")
        self._every(scheduler, "sweep", self.sweep, SWEEP_S)
        self._every(scheduler, "photos", self.read_photos, SWEEP_S)
        self._every(scheduler, "collect", self.collect, SWEEP_S)
        self._every(scheduler, "campaigns", self.carry_campaigns, SWEEP_S)
        self._every(scheduler, "pace", self.follow_campaigns, PACE_S)
        self._every(scheduler, "events", self.events, SWEEP_S)
        self._every(scheduler, "index", self.index, INDEX_S)
        self._every(scheduler, "alerts", self.alerts, ALERTS_S)
        self._every(scheduler, "verify", self.verify, SWEEP_S)
        self._every(scheduler, "watch", self.watch, 300)
        self._every(scheduler, "house", self.keep_house, 300)
        scheduler.start()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self._stopped.set())
        log.info("worker.ready")
        self._stopped.wait()
        scheduler.shutdown(wait=True)
        if dramatiq_worker:
            dramatiq_worker.stop(timeout=3000)
        self.parts.sender.close()
        self.reader.close()
        if self.indexer:
            self.indexer.close()
        self.parts.database.close()

    def _every(self, scheduler: BackgroundScheduler, name: str, work: Callable[[], None], seconds: float) -> None:
        scheduler.add_job(
            self._guarded(name, work),
            "interval",
            seconds=seconds,
            max_instances=1,
            coalesce=True,
            misfire_grace_time=None,
            next_run_time=datetime.now(tz=scheduler.timezone) + timedelta(seconds=min(seconds, 1)),
        )

    @staticmethod
    def _guarded(name: str, work: Callable[[], None]) -> Callable[[], None]:
        """A failing job is logged by its kind and tried again at its next time."""

        def run() -> None:
            try:
                work()
            except Exception as error:  # noqa: BLE001 the next round tries again
                log.warning("job.failed", job=name, error=type(error).__name__, where=where(error))

        return run
