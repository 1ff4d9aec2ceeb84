"""Held-out talk with the whole of understanding and dialogue: the real model, the real retrieval, the demonstration pool.

No web and no inbox: what is measured is whether a person would have got the right answer.
"""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from backend.demonstration.load import load_demonstration
from backend.domain.clock import SystemClock, day_of
from backend.domain.questions import ShowEntry
from backend.search.everyday import office_tokenizer
from backend.search.index import PatentIndex
from backend.search.indexer import Indexer
from backend.services.desk import Desk
from backend.store.database import Database
from backend.store.schema import upgrade
from bench.office import our_nlu
from bot.dialogue.conversation import converse
from bot.dialogue.incoming import Incoming, Kind
from bot.dialogue.state import State
from bot.dialogue.turn import House, Scene, Turn
from bot.models import trained_retrieval
from bot.nlu.client import RasaClient
from bot.nlu.gazetteer import place_names
from bot.nlu.grammar import Grammar
from bot.nlu.grammar.places import Places
from bot.nlu.keywords import Keywords
from bot.nlu.spelling import Spelling, load_readings
from bot.nlu.understander import RasaUnderstander
from bot.policy_lines import DICTIONARY, NLU_DATA, how_people_write, question_words
from bot.texts import Texts
from tests.support.servers import TOKEN

NOBODY_CARES = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass
class Talk:
    """One follower. `entries` are those answered by the last turn, `choices` those it offered."""

    office: Office
    state: State = field(default_factory=State)
    turn: Turn | None = None
    intent: str = ""
    confidence: float = 0.0
    entries: tuple[str, ...] = ()

    def say(self, text: str) -> str:
        """What is answered, rendered."""
        return asyncio.run_coroutine_threadsafe(self._say(text), self.office.loop).result()

    async def _say(self, text: str) -> str:
        meaning = await self.office.understander.understand(text, today=self.office.today)
        self.intent, self.confidence = str(meaning.intent), meaning.confidence
        incoming = Incoming(kind=Kind.TEXT, openid="held-out", account="gh", sent_at=NOBODY_CARES, key=text, text=text)
        play = converse(Scene(self.state, incoming, meaning, House(commands=self.office.commands)))
        outcome: Any = None
        shown: list[str] = []
        while True:
            try:
                question = play.send(outcome)
            except StopIteration as end:
                self.turn = end.value
                break
            outcome = self.office.desk.answer(question)
            if isinstance(question, ShowEntry):
                shown.append(question.entry_id)
        self.state = self.turn.state
        rendered = "\n".join(self.office.texts.render(part) for part in self.turn.says)
        self.entries = self.office.spoken(rendered)
        return rendered

    @property
    def choices(self) -> tuple[str, ...]:
        return self.state.choices


@dataclass
class Office:
    desk: Desk
    understander: RasaUnderstander
    texts: Texts
    commands: dict[str, str]
    today: date
    loop: asyncio.AbstractEventLoop

    def spoken(self, rendered: str) -> tuple[str, ...]:
        """The entries whose answer stands in a rendered text."""
        return tuple(entry.id for entry in self.desk.retrieval.entries if entry.answer in rendered)


@contextlib.contextmanager
def open_office() -> Iterator[Office]:
    import threading

    clock = SystemClock()
    texts = Texts()
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, daemon=True).start()
    tokenizer = office_tokenizer(DICTIONARY)
    with our_nlu() as (port, _), tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/talk.db")
        upgrade(database)
        load_demonstration(database, clock)
        index = PatentIndex(Path(folder), tokenizer)
        indexer = Indexer(database, index, clock, demonstration=True)
        indexer.sync()
        indexer.close()
        desk = Desk(
            database,
            index,
            trained_retrieval(question_words(tokenizer)),
            clock,
            demonstration=True,
        )
        understander = RasaUnderstander(
            RasaClient(f"http://127.0.0.1:{port}", TOKEN),
            Grammar(Places(place_names(NLU_DATA / "gazetteer"))),
            Keywords(NLU_DATA / "fallback.yml"),
            Spelling(how_people_write(), tokenizer.cut, load_readings()),
        )
        yield Office(desk, understander, texts, texts.commands, day_of(clock.now()), loop)
        loop.call_soon_threadsafe(loop.stop)
        database.close()
