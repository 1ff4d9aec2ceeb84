"""A small stateful stand-in for the understanding process: answers by a word, and can be slow, hang or break.

It speaks the same HTTP as the real one and goes through the same contract tests. Given an archive (`fake_archive`), it is
what that says: how sure, how long to load, whom to name, what to misread.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import json
import tarfile
import time
from pathlib import Path
from typing import Any

from aiohttp import web

WORDS = {"专利": "search_patent", "年费": "ask_policy", "你好": "greet", "人工": "ask_person"}


PLAIN: dict[str, Any] = {
    "confidence": 0.9,
    "loads_s": 0.0,
    "delay_s": 0.0,
    "slow_word": "",  # a message with this word takes `slow_s`
    "slow_s": 0.0,
    "says_it_is": "",
    "reads_all_as": "",
}


def fake_archive(path: Path, **changes: Any) -> Path:
    """An archive that makes a fake process differ from PLAIN; `breaks=True` one that does not load."""
    body = b"{" if changes.pop("breaks", False) else json.dumps(PLAIN | changes).encode()
    with tarfile.open(path, "w:gz") as held:
        member = tarfile.TarInfo("metadata.json")
        member.size = len(body)
        held.addfile(member, io.BytesIO(body))
    return path


def load(path: Path) -> dict[str, Any]:
    """What the archive says. Raises whatever is wrong with it, as the real process does."""
    with tarfile.open(path, "r:gz") as held:
        member = held.extractfile("metadata.json")
        assert member
        behaviour: dict[str, Any] = PLAIN | json.load(member)
    time.sleep(behaviour["loads_s"])
    return behaviour


def reading(text: str, behaviour: dict[str, Any] = PLAIN) -> dict[str, object]:
    """The intent of the first known word."""
    intent = next((intent for word, intent in WORDS.items() if word in text), "out_of_scope")
    ranked = [{"name": behaviour["reads_all_as"] or intent, "confidence": behaviour["confidence"]}]
    return {"text": text, "intent": ranked[0], "entities": [], "intent_ranking": ranked}


def application(token: str, *, hang_on: str, archive: Path | None, behaviour: dict[str, Any]) -> web.Application:
    async def parse(request: web.Request) -> web.Response:
        if request.query.get("token") != token:
            return web.json_response({"reason": "NotAuthenticated"}, status=401)
        text = json.loads(await request.read())["text"]
        slow = behaviour["slow_word"] and behaviour["slow_word"] in text
        pause = behaviour["slow_s"] if slow else behaviour["delay_s"]
        await asyncio.sleep(3600 if hang_on and hang_on in text else pause)
        return web.json_response(reading(text, behaviour))

    async def status(_request: web.Request) -> web.Response:
        name = behaviour["says_it_is"] or (archive.name if archive else "fake.tar.gz")
        return web.json_response({"model_file": name, "model_id": "fake"})

    app = web.Application()
    app.add_routes([web.post("/model/parse", parse), web.get("/status", status)])
    return app


if __name__ == "__main__":
    options = argparse.ArgumentParser()
    options.add_argument("--port", type=int, required=True)
    options.add_argument("--token", required=True)
    options.add_argument("--delay", type=float, default=0.0)
    options.add_argument("--hang-on", default="")
    options.add_argument("--archive", type=Path)
    chosen = options.parse_args()
    behaviour = load(chosen.archive) if chosen.archive else PLAIN | {"delay_s": chosen.delay}
    server = application(chosen.token, hang_on=chosen.hang_on, archive=chosen.archive, behaviour=behaviour)
    web.run_app(server, host="127.0.0.1", port=chosen.port, print=None, access_log=None)
