"""The understanding process: python -m bot.nlu.rasa_process.serve MODEL.tar.gz --port 5005

POST /model/parse?token=… {"text": "…"} answers as Rasa's own server does. The difference is inside: messages that wait
at the same moment go through the pipeline together, because most of a parse is per call, not per message.

Rasa 3.6.21 traps this file guards against, each with a test: a missing model path silently loads another archive of the
folder; empty text raises inside logistic regression; a leading “/” is taken as an intent with full confidence; user text
is printed unless structlog is configured first.
"""

from __future__ import annotations

import argparse
import asyncio
import hmac
import json
import logging
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("TF_INTER_OP_PARALLELISM_THREADS", "1")
os.environ.setdefault("TF_INTRA_OP_PARALLELISM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")

from aiohttp import web

from bot.nlu.rasa_process.lean import make_lean

MOST_TOGETHER = 32
MOST_WAITING = 512
MOST_TEXT = 2000
ROUNDS_TO_LISTEN = 3  # of the event loop: answers go out, sockets are read, requests are queued
NOTHING: dict[str, Any] = {"intent": {"name": None, "confidence": 0.0}, "entities": [], "intent_ranking": []}


class Model:
    """A loaded archive. `parse` takes many texts and gives one reading each, in order."""

    def __init__(self, path: Path) -> None:
        if not path.is_file():
            raise SystemExit(f"no model at {path}")  # Rasa's own loader takes the newest archive beside it instead
        import jieba
        from rasa.core.channels.channel import UserMessage
        from rasa.engine.loader import load_predict_graph_runner
        from rasa.engine.runner.dask import DaskGraphRunner
        from rasa.engine.storage.local_model_storage import LocalModelStorage
        from rasa.shared.core.trackers import DialogueStateTracker
        from rasa.utils.log_utils import configure_structlog

        configure_structlog(logging.WARNING)
        jieba.setLogLevel(logging.WARNING)
        self._unpacked = tempfile.TemporaryDirectory()
        metadata, self._graph = load_predict_graph_runner(
            Path(self._unpacked.name), path, LocalModelStorage, DaskGraphRunner
        )
        self.id = metadata.model_id
        self.path = path
        self._target = metadata.nlu_target
        self._order = _order(self._graph, self._target)
        make_lean([node for _, node, _ in self._order])
        self._message = UserMessage
        self._tracker = DialogueStateTracker.from_events("nobody", [])

    def parse(self, texts: list[str]) -> list[dict[str, Any]]:
        prepared = [self._guard(text) for text in texts]
        filled = [text for text in prepared if text]
        try:
            readings = self._run(filled)
        except Exception:
            if len(filled) == 1:
                raise
            readings = [reading for text in filled for reading in self._run([text])]
        found = iter(readings)
        return [{"text": text, **(next(found) if text else NOTHING)} for text in prepared]

    @staticmethod
    def _guard(text: str) -> str:
        collapsed = " ".join(text.split())[:MOST_TEXT]
        return "／" + collapsed[1:] if collapsed.startswith("/") else collapsed

    def _run(self, texts: list[str]) -> list[dict[str, Any]]:
        if not texts:
            return []
        messages = [self._message(text=text) for text in texts]
        done: dict[str, Any] = {
            "__message__": ("__message__", messages),
            "__tracker__": ("__tracker__", self._tracker),
        }
        for name, node, needs in self._order:
            done[name] = node(*(done[need] for need in needs))
        parsed = done[self._target][1]
        readings = []
        for message in parsed:
            reading = dict(NOTHING)
            reading.update(message.as_dict(only_output_properties=True))
            reading.pop("text_tokens", None)
            reading.pop("text", None)
            readings.append(reading)
        return readings


def _order(graph: Any, target: str) -> list[tuple[str, Any, list[str]]]:
    """(name, node, what it needs) of every node the target rests on, those first that others need.

    Rasa hands the graph to dask for each message; the order never changes, so it is worked out once.
    """
    schema = graph._graph_schema.minimal_graph_schema([target])
    placed: dict[str, tuple[str, Any, list[str]]] = {}

    def place(name: str) -> None:
        if name in placed or name not in schema.nodes:
            return  # placed already, or an input
        needs = list(schema.nodes[name].needs.values())
        for need in needs:
            place(need)
        placed[name] = (name, graph._instantiated_nodes[name], needs)

    place(target)
    return list(placed.values())


class Batcher:
    """Collects what waits and runs it together, on the thread that also serves.

    A thread of its own would quarrel with it over Python's lock. While a group runs, what arrives waits in its socket
    and is the next group.
    """

    def __init__(self, model: Model) -> None:
        self.model = model
        self._waiting: asyncio.Queue[tuple[str, asyncio.Future[dict[str, Any]]]] = asyncio.Queue(MOST_WAITING)

    async def parse(self, text: str) -> dict[str, Any]:
        """Raises asyncio.QueueFull when too many wait: better a quick no than a late answer."""
        future: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._waiting.put_nowait((text, future))
        return await future

    async def run(self) -> None:
        while True:
            group = [await self._waiting.get()]
            while len(group) < MOST_TOGETHER and not self._waiting.empty():
                group.append(self._waiting.get_nowait())
            wanted = [(text, future) for text, future in group if not future.done()]  # callers that gave up are dropped
            try:
                readings = self.model.parse([text for text, _ in wanted])
            except Exception as error:  # noqa: BLE001 told to each caller as a 500
                for _, future in wanted:
                    future.set_exception(error)
            else:
                for (_, future), reading in zip(wanted, readings):
                    future.set_result(reading)
            for _ in range(ROUNDS_TO_LISTEN):
                await asyncio.sleep(0)


def application(model: Model, token: str) -> web.Application:
    batcher = Batcher(model)

    def allowed(request: web.Request) -> bool:
        return hmac.compare_digest(request.query.get("token", "").encode(), token.encode())

    async def parse(request: web.Request) -> web.Response:
        if not allowed(request):
            return web.json_response({"status": "failure", "reason": "NotAuthenticated"}, status=401)
        try:
            text = json.loads(await request.read())["text"]
            if not isinstance(text, str):
                raise TypeError
        except (ValueError, KeyError, TypeError):
            return web.json_response({"status": "failure", "reason": "BadRequest"}, status=400)
        try:
            reading = await batcher.parse(text)
        except asyncio.QueueFull:
            return web.json_response({"status": "failure", "reason": "Busy"}, status=503)
        except Exception:  # noqa: BLE001 the reason may quote the follower's words; it stays inside
            return web.json_response({"status": "failure", "reason": "ParsingError"}, status=500)
        return web.Response(body=json.dumps(reading, ensure_ascii=False).encode(), content_type="application/json")

    async def status(request: web.Request) -> web.Response:
        if not allowed(request):
            return web.json_response({"status": "failure", "reason": "NotAuthenticated"}, status=401)
        return web.json_response({"model_file": model.path.name, "model_id": model.id})

    async def start(app: web.Application) -> None:
        model.parse(["你好"])  # jieba reads its dictionary at the first word, which would cost a follower two seconds
        app["batches"] = asyncio.get_running_loop().create_task(batcher.run())

    app = web.Application(client_max_size=64 * 1024)
    app.add_routes([web.post("/model/parse", parse), web.get("/status", status)])
    app.on_startup.append(start)
    return app


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("model", type=Path)
    options.add_argument("--host", default="127.0.0.1")
    options.add_argument("--port", type=int, default=5005)
    chosen = options.parse_args()
    token = os.environ.get("NLU_TOKEN", "")
    if not token:
        sys.exit("NLU_TOKEN is not set: the understanding process answers nobody without it")
    web.run_app(
        application(Model(chosen.model), token), host=chosen.host, port=chosen.port, print=None, access_log=None
    )


if __name__ == "__main__":
    main()
