"""The client of the understanding process against a small real server that can hang, refuse, break and lie."""

from __future__ import annotations

import asyncio
import json
import threading
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations
from typing import Any

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.meaning import Intent, Span
from bot.nlu.client import (
    CANARY,
    FAILURES_TO_OPEN,
    PROBE_S,
    Breaker,
    NluUnavailable,
    RasaClient,
    Reading,
    guard,
    read_reading,
)
from bot.nlu.grammar import Grammar
from bot.nlu.grammar.places import Places
from bot.nlu.keywords import Keywords
from bot.nlu.spelling import Spelling
from bot.nlu.understander import RasaUnderstander
from bot.policy_lines import NLU_DATA
from tests.support.servers import free_port

TOKEN = "s3cret-token-of-the-test"
TODAY = date(2026, 11, 22)


def answer(name: str = "search_patent", confidence: float = 0.8, **more: Any) -> dict[str, Any]:
    intent = {"name": name, "confidence": confidence}
    return {"text": "x", "intent": intent, "entities": [], "intent_ranking": [intent], **more}


def entity(start: int, end: int, *, name: str = "topic", by: str = "CRFEntityExtractor") -> dict[str, Any]:
    return {"start": start, "end": end, "entity": name, "value": f"{start}-{end}", "extractor": by}


@dataclass
class FakeNlu:
    """Says `body` with `status` to whoever has the token; hangs when told to. Remembers what it was asked."""

    port: int = field(default_factory=free_port)
    body: bytes = json.dumps(answer()).encode()
    status: int = 200
    hangs: bool = False
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.url = f"http://127.0.0.1:{self.port}"

    async def parse(self, request: web.Request) -> web.Response:
        if request.query.get("token") != TOKEN:
            return web.Response(status=401)
        self.asked.append(json.loads(await request.read())["text"])
        await asyncio.sleep(0.3 if self.hangs else 0)
        return web.Response(status=self.status, body=self.body)

    def run(self, ready: threading.Event, loop: asyncio.AbstractEventLoop) -> None:
        app = web.Application()
        app.router.add_post("/model/parse", self.parse)
        app.router.add_get("/status", self.known)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        asyncio.set_event_loop(loop)
        loop.run_until_complete(runner.setup())
        loop.run_until_complete(web.TCPSite(runner, "127.0.0.1", self.port).start())
        ready.set()
        loop.run_forever()
        loop.run_until_complete(runner.cleanup())
        loop.close()

    async def known(self, _request: web.Request) -> web.Response:
        return web.json_response({"model_id": "m1"})


@pytest.fixture(scope="module")
def server() -> Iterator[FakeNlu]:
    fake, ready, loop = FakeNlu(), threading.Event(), asyncio.new_event_loop()
    thread = threading.Thread(target=fake.run, args=(ready, loop), daemon=True)
    thread.start()
    assert ready.wait(10)
    yield fake
    loop.call_soon_threadsafe(loop.stop)
    thread.join(10)


@pytest.fixture
def nlu(server: FakeNlu) -> FakeNlu:
    """The server as new."""
    server.body, server.status, server.hangs = json.dumps(answer()).encode(), 200, False
    server.asked.clear()
    return server


def ask(url: str, *texts: str, token: str = TOKEN, breaker: Breaker | None = None, limit_s: float = 5.0) -> list[Any]:
    """What the client makes of each text: a Reading, or the NluUnavailable it raised."""

    async def run() -> list[Any]:
        client = RasaClient(url, token, limit_s=limit_s, breaker=breaker)
        said: list[Any] = []
        for text in texts:
            try:
                said.append(await client.parse(text))
            except NluUnavailable as error:
                said.append(error)
        await client.close()
        return said

    return asyncio.run(run())


def refusal(error: Any) -> str:
    """The short reason of an error that tells nobody the token."""
    assert isinstance(error, NluUnavailable)
    assert error.__cause__ is None
    assert error.__suppress_context__ or error.__context__ is None
    chain: BaseException | None = error
    while chain is not None:
        assert TOKEN not in str(chain) + repr(chain)
        chain = chain.__context__
    assert TOKEN not in "".join(traceback.format_exception(error))
    return str(error)


def test_a_reading_comes_back(nlu: FakeNlu) -> None:
    nlu.body = json.dumps(answer(entities=[entity(2, 5)])).encode()
    ((intent, confidence, ranking, entities),) = ask(nlu.url, "找锂电池😀")
    assert (intent, confidence, ranking) == (Intent.SEARCH_PATENT, 0.8, ((Intent.SEARCH_PATENT, 0.8),))
    assert [(found.name, found.value, found.span) for found in entities] == [("topic", "2-5", Span(2, 5))]
    assert nlu.asked == ["找锂电池😀"]


BROKEN = [b"", b"no json", b"[]", b"{}", b"null", b"\xff\xfe", b'"x"', b"[" * 100_000]
LIES = [
    answer(intent=None), answer(intent={"name": "greet"}), answer(intent_ranking=None), answer(entities=[{"start": 1}]),
    answer(entities=[entity(1, 2) | {"start": "x"}]), answer(intent={"name": ["greet"], "confidence": 1}),
    answer(intent={"name": "greet", "confidence": 10**400}), answer(entities="abc"), answer(entities=[3]),
]  # fmt: skip


@pytest.mark.parametrize(
    "body", [*BROKEN, *(json.dumps(lie).encode() for lie in LIES)], ids=lambda body: repr(body)[:30]
)
def test_an_answer_of_the_wrong_shape_is_no_answer(nlu: FakeNlu, body: bytes) -> None:
    nlu.body = body
    assert [refusal(error) for error in ask(nlu.url, "你好")] == ["wrong_json"]


@pytest.mark.parametrize("status", [400, 500, 503])
def test_a_failing_process_is_named_by_its_status(nlu: FakeNlu, status: int) -> None:
    nlu.status = status
    assert [refusal(error) for error in ask(nlu.url, "你好")] == [f"status_{status}"]


def test_a_wrong_token_a_dead_port_and_a_hanging_process_are_told_apart(nlu: FakeNlu) -> None:
    assert [refusal(error) for error in ask(nlu.url, "你好", token="other")] == ["status_401"]
    assert [refusal(error) for error in ask(f"http://127.0.0.1:{free_port()}", "你好")] == ["connection"]
    assert [refusal(error) for error in ask("http://[bad", "你好")] == ["connection"]
    nlu.hangs = True
    assert [refusal(error) for error in ask(nlu.url, "你好", limit_s=0.05)] == ["timeout"]


def test_no_text_whatever_makes_the_client_raise_something_else(nlu: FakeNlu) -> None:
    texts = ["\ud800", "\x00", "/restart", "{", '"', "字" * 3000]
    assert [type(reading) for reading in ask(nlu.url, *texts)] == [tuple] * 6
    assert nlu.asked == ["\ud800", "\x00", "／restart", "{", '"', "字" * 3000]


async def opens_again(client: RasaClient, *, within_s: float) -> bool:
    for _ in range(int(within_s / 0.01)):
        if not client.breaker.is_open:
            return True
        await asyncio.sleep(0.01)
    return False


def test_after_failures_in_a_row_nobody_waits_and_a_sentence_of_ours_finds_out_when_it_is_back(nlu: FakeNlu) -> None:
    async def run() -> None:
        client = RasaClient(nlu.url, TOKEN)
        nlu.status = 500
        said: list[Any] = []
        for _ in range(FAILURES_TO_OPEN + 3):
            try:
                said.append(await client.parse("你好"))
            except NluUnavailable as error:
                said.append(refusal(error))
        assert said == ["status_500"] * FAILURES_TO_OPEN + ["breaker_open"] * 3
        await asyncio.sleep(PROBE_S / 4)
        assert nlu.asked == ["你好"] * FAILURES_TO_OPEN + [CANARY]  # one trial, none of it a follower's
        nlu.status = 200
        assert await opens_again(client, within_s=PROBE_S * 3)
        assert nlu.asked.count("你好") == FAILURES_TO_OPEN
        assert isinstance(await client.parse("你好"), tuple)
        await client.close()

    asyncio.run(run())


def test_messages_that_hang_alone_close_the_way_for_a_moment_only(nlu: FakeNlu) -> None:
    """The process answers our own sentence at once: what hung were those messages."""

    async def run() -> None:
        client = RasaClient(nlu.url, TOKEN, limit_s=0.05)
        nlu.hangs = True
        for _ in range(FAILURES_TO_OPEN):
            with pytest.raises(NluUnavailable):
                await client.parse("你好")
        assert client.breaker.is_open
        nlu.hangs = False
        with pytest.raises(NluUnavailable, match="breaker_open"):
            await client.parse("你好")
        assert await opens_again(client, within_s=PROBE_S / 2)
        await client.close()

    asyncio.run(run())


def test_a_success_between_failures_keeps_the_way_open(nlu: FakeNlu) -> None:
    breaker = Breaker(lambda: 0.0)
    for _ in range(3):
        nlu.status = 500
        assert len(ask(nlu.url, *["你好"] * (FAILURES_TO_OPEN - 1), breaker=breaker)) == FAILURES_TO_OPEN - 1
        nlu.status = 200
        assert isinstance(ask(nlu.url, "你好", breaker=breaker)[0], tuple)


def test_the_understander_falls_back_to_keywords_and_asks_nothing_about_nothing(nlu: FakeNlu) -> None:
    async def understand(text: str) -> Any:
        client = RasaClient(nlu.url, TOKEN)
        whole = RasaUnderstander(
            client, Grammar(Places([])), Keywords(NLU_DATA / "fallback.yml"), Spelling([], list, {})
        )
        meaning, healthy, model = await whole.understand(text, today=TODAY), await whole.healthy(), await client.model()
        await client.close()
        return meaning, healthy, model

    meaning, healthy, model = asyncio.run(understand("五万以内"))
    assert (meaning.intent, meaning.degraded, healthy, model) == (Intent.SEARCH_PATENT, False, True, "m1")
    nlu.status = 500
    meaning, healthy, _ = asyncio.run(understand("转人工，五万以内"))
    assert (meaning.intent, meaning.degraded, healthy, len(meaning.facts.money)) == (Intent.ASK_PERSON, True, False, 1)
    nlu.asked.clear()
    meaning, _, _ = asyncio.run(understand(" \n　"))
    assert (meaning.intent, meaning.confidence, meaning.degraded) == (Intent.OUT_OF_SCOPE, 0.0, False)
    assert " " not in nlu.asked


@given(text=st.text(st.sampled_from("/／ \n\t　a字\u200b{}@")) | st.text())
def test_rasa_never_gets_a_command_or_loose_white_space(text: str) -> None:
    said = guard(text)
    assert not said.startswith("/")
    assert said == " ".join(said.split())
    assert said[1:] == " ".join(text.split())[1:]
    assert bool(said) is bool(text.strip())


def test_unknown_intents_are_dropped_and_an_unknown_winner_means_nothing() -> None:
    rows = [{"name": "hack", "confidence": 0.9}, {"name": "greet", "confidence": 0.1}]
    reading: Reading = read_reading(answer("hack", 0.9, intent_ranking=rows))
    assert reading == (Intent.OUT_OF_SCOPE, 0.0, ((Intent.GREET, 0.1),), ())


extractors = st.sampled_from(["CRFEntityExtractor", "RegexEntityExtractor", "DIETClassifier"])
rows = st.builds(lambda at, size, by: entity(at, at + size, by=by), st.integers(0, 30), st.integers(1, 8), extractors)


@given(found=st.lists(rows, max_size=8))
def test_overlapping_entities_become_one_the_lookup_before_the_model_and_the_longer_first(
    found: list[dict[str, Any]],
) -> None:
    kept = [(one.span.start, one.span.end) for one in read_reading(answer(entities=found))[3]]
    assert kept == sorted(kept)
    assert all(one[1] <= two[0] for one, two in combinations(kept, 2))
    looked_up = {(row["start"], row["end"]) for row in found if row["extractor"] == "RegexEntityExtractor"}
    for row in found:
        over = [(start, end) for start, end in kept if start < row["end"] and row["start"] < end]
        assert over
        if row["extractor"] == "RegexEntityExtractor":
            assert any(span in looked_up and span[1] - span[0] >= row["end"] - row["start"] for span in over)
        else:
            assert any(span in looked_up or span[1] - span[0] >= row["end"] - row["start"] for span in over)
