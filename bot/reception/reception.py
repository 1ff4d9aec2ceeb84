"""The shell around a turn: record, understand, wait for the turn, converse, answer. In that order, always.

A message is a row before it is work. What it means is asked for beside that, outside any transaction. How it is answered is decided
once, in SQL, and a re-post of the platform gets the same, also while the first post is still being worked on.
"""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar

import structlog

from backend.domain.clock import Clock, day_of
from backend.domain.errors import where
from backend.domain.inbox import Arrival, FollowerState, Way
from backend.domain.questions import ShowEntry
from backend.domain.reply import Reply, ReplyKind
from backend.services.desk import Desk
from backend.services.inbox import answer_arrival, decide_without_passive, record_arrival
from backend.services.writing import (
    AnsweredElsewhere,
    DatabaseUnreachable,
    OperationalError,
    RecordedElsewhere,
    UnitOfWork,
    Writer,
)
from bot.dialogue.conversation import converse
from bot.dialogue.incoming import Incoming, Kind
from bot.dialogue.meaning import Meaning
from bot.dialogue.say import say
from bot.dialogue.state import State
from bot.dialogue.topics import person
from bot.dialogue.turn import House, Scene, Turn
from bot.nlu.understander import Understander
from bot.reception.metrics import ANSWERED, NLU_DEGRADED, TURN_SECONDS
from bot.reception.not_done import after_trouble, instead_of
from bot.reception.options import Options
from bot.reception.rendering import Renderer
from bot.reception.turns import Turns
from bot.reception.windows import window_of

T = TypeVar("T")
DEADLINE_S = 4.5  # the platform hangs up at 5 (passive reply guide)
RENEW_S = 3.0
READERS, LATE_READERS = 4, 1  # whose understanding hung come in crowds, and stand in a line of their own
TOO_MANY_OUTSTANDING = 20
PASSING = (DatabaseUnreachable, OperationalError)  # the same message may be answered a moment later
log = structlog.get_logger()


class Reception:
    def __init__(
        self,
        *,
        desk: Desk,
        writer: Writer,
        understander: Understander,
        renderer: Renderer,
        clock: Clock,
        options: Options,
        nudge: Callable[[], None],
        nudge_photos: Callable[[], None] = lambda: None,
        deadline_s: float = DEADLINE_S,
    ) -> None:
        self.desk, self.writer, self.understander, self.renderer = desk, writer, understander, renderer
        self.clock, self.options, self.nudge, self.deadline_s = clock, options, nudge, deadline_s
        self.nudge_photos = nudge_photos
        self._house = House(
            has_staff_chat=options.has_staff_chat,
            opening_hours=str(options.hours),
            commands=options.commands,
            words=options.words,
            tables=options.links.tables if options.links else "",
            subscriptions=options.links.subscriptions if options.links else "",
            survey=options.links.survey if options.links else "",
            purposes=options.purposes,
            calm_page=options.links.preferences if options.links else "",
            events_page=options.links.events if options.links else "",
        )
        self.me = uuid.uuid4().hex
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="reader")
        self._late_readers = ThreadPoolExecutor(LATE_READERS, thread_name_prefix="late-reader")
        self._turns = Turns()
        self._working: dict[int, asyncio.Task[Reply | None]] = {}

    async def receive(self, incoming: Incoming) -> Reply:
        """What goes back in the HTTP response: the answer, or nothing when it comes later. Never raises for content."""
        began = time.monotonic()
        reading = self._begin_reading(incoming)  # while the row is being written
        try:
            arrival, follower, reply = await self._record(incoming)
        except PASSING as error:
            _give_up(reading)
            log.warning("message.not_recorded", error=type(error).__name__)
            return self.renderer.fit(self.renderer.texts.render(say("common.down")))[0]
        if follower is not None and reply is None:
            self._start(arrival, incoming, follower, reading)
        else:
            _give_up(reading)
        if reply is not None:
            self._nudge_for(incoming)
            return reply
        if arrival.way in {Way.LATE, Way.KEPT}:
            return Reply(ReplyKind.NOTHING)
        if arrival.reply is not None:
            return arrival.reply
        try:
            return await self._awaited(arrival, self.deadline_s - (time.monotonic() - began))
        except PASSING as error:  # it is recorded: the sweep finishes it, out of this request
            log.warning("answer.not_read", inbox=arrival.id, error=type(error).__name__)
            return Reply(ReplyKind.NOTHING)

    async def _awaited(self, arrival: Arrival, seconds: float) -> Reply:
        try:
            return await asyncio.wait_for(self._outcome(arrival), seconds)
        except TimeoutError:
            return await self._give_up_waiting(arrival)

    async def sweep(self) -> int:
        """Finish what a dead process left behind; how many messages were taken over."""
        now = self.clock.now()
        taken = 0
        for arrival_id in await self._write(lambda uow: uow.inbox.abandoned(at=now, limit=20)):
            if arrival_id not in self._working and await self._claim(arrival_id):
                await self._resume(await self._decide_without_passive(arrival_id))
                taken += 1
        return taken

    async def close(self) -> None:
        """Let what is being answered finish."""
        if self._working:
            await asyncio.wait(list(self._working.values()), timeout=self.deadline_s)
        for readers in (self._readers, self._late_readers):
            readers.shutdown(wait=False)

    # recording

    async def _record(self, incoming: Incoming) -> tuple[Arrival, FollowerState | None, Reply | None]:
        """The arrival; the follower where it is new; the answer where one could be given in the same transaction."""
        at_once = self._needs_no_model(incoming)

        def work(uow: UnitOfWork) -> tuple[Arrival, FollowerState | None, Reply | None]:
            arrival, follower = record_arrival(
                uow,
                key=incoming.key,
                openid=incoming.openid,
                incoming=incoming.dump(),
                following=None if incoming.kind is Kind.REPORT else incoming.kind is not Kind.UNFOLLOW,
                window=window_of(incoming.kind),
                at=self.clock.now(),
                by=self.me,
            )
            if not at_once or follower is None or follower.answered_sequence < arrival.sequence - 1:
                return arrival, follower, None
            return arrival, follower, self._answer_at_once(uow, arrival, incoming, follower)

        while True:
            try:
                return await self._write(work)
            except RecordedElsewhere:
                continue
            except PASSING:
                raise
            except Exception as error:
                if not at_once:
                    raise
                at_once = False  # recorded first; what is wrong with it is told in the ordinary way
                log.warning("at_once.failed", error=type(error).__name__, where=where(error))

    def _needs_no_model(self, incoming: Incoming) -> bool:
        if incoming.kind is Kind.TEXT:
            return incoming.text.strip() in self.options.commands
        return incoming.kind is not Kind.LOCATION

    def _answer_at_once(
        self, uow: UnitOfWork, arrival: Arrival, incoming: Incoming, follower: FollowerState
    ) -> Reply | None:
        """A menu tap whose answer needs neither the model nor a search: recorded and answered by one commit.

        None where the turn wants more than memory holds; then it is played again in the ordinary way, which is safe
        because a turn changes nothing by itself.
        """
        play = converse(self._scene(arrival, incoming, Meaning(), follower))
        outcome: Any = None
        while True:
            try:
                question = play.send(outcome)
            except StopIteration as end:
                turn: Turn = end.value
                break
            if not isinstance(question, ShowEntry):
                return None
            outcome = self.desk.answer(question, incoming.openid)
        reply, rest = self.renderer.reply(turn)
        _, standing = self._put_answer(uow, arrival, incoming, follower, turn, reply, replace(turn.state, rest=rest))
        ANSWERED.labels(str(Way.PASSIVE)).inc()
        return standing

    # waiting for an answer

    async def _outcome(self, arrival: Arrival) -> Reply:
        """The answer to a post, whoever is working on it."""
        task = self._working.get(arrival.id)
        if task is not None:
            reply = await asyncio.shield(task)
            if reply is not None:
                return reply
        while True:
            now = await self._read(lambda uow: uow.inbox.get(arrival.id))
            if now.way in {Way.LATE, Way.KEPT}:
                return Reply(ReplyKind.NOTHING)
            if now.reply is not None:
                return now.reply
            if await self._claim(arrival.id):
                await self._resume(now)
            await self._turns.wait(arrival.openid)

    async def _give_up_waiting(self, arrival: Arrival) -> Reply:
        decided = await self._decide_without_passive(arrival.id)
        if decided.way is Way.PASSIVE and decided.reply is not None:
            return decided.reply
        return Reply(ReplyKind.NOTHING)

    async def _decide_without_passive(self, arrival_id: int) -> Arrival:
        at = self.clock.now()
        return await self._write(lambda uow: decide_without_passive(uow, uow.inbox.get(arrival_id), at=at))

    async def _claim(self, arrival_id: int) -> bool:
        at = self.clock.now()
        return await self._write(lambda uow: uow.inbox.claim(arrival_id, by=self.me, at=at))

    async def _resume(self, arrival: Arrival) -> None:
        follower = await self._read(lambda uow: uow.inbox.follower(arrival.openid))
        incoming = Incoming.load(arrival.incoming)
        self._start(arrival, incoming, follower, self._begin_reading(incoming))

    # working on it

    def _start(
        self, arrival: Arrival, incoming: Incoming, follower: FollowerState, reading: asyncio.Task[Meaning] | None
    ) -> None:
        task = asyncio.get_running_loop().create_task(self._work(arrival, incoming, follower, reading))
        self._working[arrival.id] = task
        task.add_done_callback(lambda done: self._finished(arrival, done))

    def _finished(self, arrival: Arrival, task: asyncio.Task[Reply | None]) -> None:
        self._working.pop(arrival.id, None)
        self._turns.answered(arrival.openid)
        if not task.cancelled() and task.exception() is not None:
            log.error("message.failed", inbox=arrival.id, error=type(task.exception()).__name__)

    async def _work(
        self, arrival: Arrival, incoming: Incoming, follower: FollowerState, reading: asyncio.Task[Meaning] | None
    ) -> Reply | None:
        began = time.monotonic()
        too_many = arrival.sequence - follower.answered_sequence > TOO_MANY_OUTSTANDING
        meaning = Meaning() if too_many or reading is None else await reading
        follower = await self._my_turn(arrival, follower)
        if too_many:
            _give_up(reading)
            too_fast = Turn(State.load(follower.state), (say("common.too_fast"),))
            answered = await self._answer(arrival, incoming, follower, too_fast)
        else:
            answered = await self._answered(arrival, incoming, meaning, follower)
        TURN_SECONDS.observe(time.monotonic() - began)
        return answered

    def _begin_reading(self, incoming: Incoming) -> asyncio.Task[Meaning] | None:
        """What it means, asked for at once; None where a message needs no model."""
        if self._needs_no_model(incoming):
            return None
        return asyncio.get_running_loop().create_task(self._understand(incoming))

    async def _understand(self, incoming: Incoming) -> Meaning:
        meaning = await self.understander.understand(incoming.text, today=day_of(self.clock.now()))
        if meaning.degraded:
            NLU_DEGRADED.inc()
        return meaning

    async def _my_turn(self, arrival: Arrival, follower: FollowerState) -> FollowerState:
        """The follower as the message before left them."""
        if follower.answered_sequence >= arrival.sequence - 1:
            return follower
        renewed = time.monotonic()
        while True:
            await self._turns.wait(arrival.openid)
            follower = await self._read(lambda uow: uow.inbox.follower(arrival.openid))
            if follower.answered_sequence >= arrival.sequence - 1:
                return follower
            if time.monotonic() - renewed > RENEW_S:
                renewed, at = time.monotonic(), self.clock.now()
                await self._write(lambda uow: uow.inbox.renew(arrival.id, by=self.me, at=at))  # noqa: B023 run at once

    def _scene(self, arrival: Arrival, incoming: Incoming, meaning: Meaning, follower: FollowerState) -> Scene:
        if incoming.kind is Kind.FOLLOW:
            incoming = replace(incoming, detail={**incoming.detail, "again": arrival.sequence > 1})
        links = self.options.links
        house = replace(
            self._house,
            open_now=self.options.hours.open_at(self.clock.now()),
            page=partial(links.draft, incoming.openid) if links else None,
            declared=partial(links.declaration, incoming.openid) if links else None,
        )
        return Scene(State.load(follower.state), incoming, meaning, house)

    async def _answered(
        self, arrival: Arrival, incoming: Incoming, meaning: Meaning, follower: FollowerState
    ) -> Reply | None:
        """Whatever is wrong with a message, it is answered: unsettled, it would hold back all that its follower says later."""
        turn: Turn | None = None
        try:
            turn = await self._play(self._scene(arrival, incoming, meaning, follower))
            return await self._answer(arrival, incoming, follower, turn)
        except Exception as error:
            if turn is not None and isinstance(error, PASSING):
                raise
            log.warning("turn.failed", inbox=arrival.id, error=type(error).__name__, where=where(error))
            return await self._answer(arrival, incoming, follower, after_trouble(State.load(follower.state)))

    async def _play(self, scene: Scene) -> Turn:
        play = converse(scene)
        readers = self._late_readers if scene.meaning.degraded else self._readers
        outcome: Any = None
        while True:
            try:
                question = play.send(outcome)
            except StopIteration as end:
                return end.value  # type: ignore[no-any-return] # a Play returns a Turn
            outcome = await asyncio.get_running_loop().run_in_executor(
                readers, self.desk.answer, question, scene.incoming.openid
            )

    async def _answer(self, arrival: Arrival, incoming: Incoming, follower: FollowerState, turn: Turn) -> Reply | None:
        """The reply that stands; None where it goes out another way or another process answered first."""
        reply, rest = self.renderer.reply(turn)
        state = replace(turn.state, rest=rest)
        try:
            way, standing = await self._write(
                lambda uow: self._put_answer(uow, arrival, incoming, follower, turn, reply, state)
            )
        except AnsweredElsewhere:
            return None
        ANSWERED.labels(str(way)).inc()
        self._nudge_for(incoming)
        if way is Way.PASSIVE:
            return standing
        if way is Way.LATE:
            self.nudge()
        return None

    def _nudge_for(self, incoming: Incoming) -> None:
        """What the answer, now committed, left for a worker to do; a nudge too many is one look into a table."""
        if incoming.kind is Kind.IMAGE:
            self.nudge_photos()

    def _put_answer(  # noqa: PLR0917 the parts of one answer
        self,
        uow: UnitOfWork,
        arrival: Arrival,
        incoming: Incoming,
        follower: FollowerState,
        turn: Turn,
        reply: Reply,
        state: State,
    ) -> tuple[Way, Reply]:
        return answer_arrival(
            uow,
            arrival,
            reply,
            state.dump(),
            person.heard_along(turn, incoming),
            at=self.clock.now(),
            kept=follower.kept,
            with_kept=self.renderer.with_kept,
            otherwise=instead_of(turn, state, self.renderer),
        )

    async def _write(self, work: Callable[[UnitOfWork], T]) -> T:
        return await asyncio.wrap_future(self.writer.submit(work))

    async def _read(self, work: Callable[[UnitOfWork], T]) -> T:
        def run() -> T:
            with self.desk.database.read() as uow:
                return work(uow)

        return await asyncio.get_running_loop().run_in_executor(self._readers, run)


def _give_up(reading: asyncio.Task[Meaning] | None) -> None:
    if reading is not None:
        reading.cancel()
