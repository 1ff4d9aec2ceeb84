"""A small stateful stand-in for the understanding process: answers by a word, and can be slow, hang or break.

It speaks the same HTTP as the real one and goes through the same contract tests.
"""

from __future__ import annotations

import argparse
import asyncio
import json

from aiohttp import web

WORDS = {"专利": "search_patent", "年费": "ask_policy", "你好": "greet", "人工": "ask_person"}


def reading(text: str) -> dict[str, object]:
    """The intent of the first known word."""
    intent = next((intent for word, intent in WORDS.items() if word in text), "out_of_scope")
    ranked = [{"name": intent, "confidence": 0.9}]
    return {"text": text, "intent": ranked[0], "entities": [], "intent_ranking": ranked}


def application(token: str, *, delay_s: float, hang_on: str) -> web.Application:
    async def parse(request: web.Request) -> web.Response:
        if request.query.get("token") != token:
            return web.json_response({"reason": "NotAuthenticated"}, status=401)
        text = json.loads(await request.read())["text"]
        await asyncio.sleep(3600 if hang_on and hang_on in text else delay_s)
        return web.json_response(reading(text))

    async def status(_request: web.Request) -> web.Response:
        return web.json_response({"model_file": "fake.tar.gz", "model_id": "fake"})

    app = web.Application()
    app.add_routes([web.post("/model/parse", parse), web.get("/status", status)])
    return app


if __name__ == "__main__":
    options = argparse.ArgumentParser()
    options.add_argument("--port", type=int, required=True)
    options.add_argument("--token", required=True)
    options.add_argument("--delay", type=float, default=0.0)
    options.add_argument("--hang-on", default="")
    chosen = options.parse_args()
    server = application(chosen.token, delay_s=chosen.delay, hang_on=chosen.hang_on)
    web.run_app(server, host="127.0.0.1", port=chosen.port, print=None, access_log=None)
