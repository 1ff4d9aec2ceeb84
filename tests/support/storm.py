"""A storm of webhooks: many followers, every message posted several times in shuffled order over several processes."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import secrets
import signal
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

import aiohttp

from bot.simulator.phone import from_body, to_xml
from bot.simulator.seal import Seal, signature
from tests.support.servers import ROOT, TOKEN, free_port, wait_for

KEY = "StormKeyStormKeyStormKeyStormKeyStormKeySto"
APP_ID = "wxstorm0000000001"
WORDS = ("你好", "年费减多少", "有没有锂电池专利", "下一页", "2", "谢谢", "人工", "只看免费的", "更多")


@dataclass
class Web:
    """One web process that can be killed and comes back on the same port."""

    port: int
    environment: dict[str, str]
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        environment = os.environ | self.environment | {"HUIQIAO_PORT": str(self.port)}
        self.process = subprocess.Popen([sys.executable, "-m", "bot.cli", "web"], cwd=ROOT, env=environment)

    def ready(self) -> None:
        wait_for(f"http://127.0.0.1:{self.port}/healthz", 60)

    def kill(self) -> None:
        assert self.process
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(20)


def web_environment(*, database_url: str, redis_url: str, nlu_url: str, data: str) -> dict[str, str]:
    return {
        "WECHAT_TOKEN": TOKEN,
        "WECHAT_APP_ID": APP_ID,
        "WECHAT_AES_KEY": KEY,
        "WECHAT_APP_SECRET": "storm",
        "WECHAT_API_URL": "http://127.0.0.1:9",
        "HUIQIAO_SECRET_KEY": "storm-secret",
        "HUIQIAO_DATA": data,
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "NLU_URL": nlu_url,
        "NLU_TOKEN": TOKEN,
    }


@contextlib.contextmanager
def fake_nlu(*, delay_s: float = 0.0, hang_on: str = "") -> Iterator[str]:
    port = free_port()
    command = [sys.executable, "-m", "tests.support.fake_nlu", "--port", str(port), "--token", TOKEN]
    command += ["--delay", str(delay_s), "--hang-on", hang_on]
    process = subprocess.Popen(command, cwd=ROOT)
    try:
        wait_for(f"http://127.0.0.1:{port}/status", 30)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


@dataclass
class Storm:
    """Posts everything; remembers each answer by message."""

    ports: list[int]
    seal: Seal = field(default_factory=lambda: Seal(TOKEN, KEY, APP_ID))
    answers: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    failures: int = 0

    def message(self, openid: str, text: str, number: int) -> str:
        head = {"ToUserName": "gh_storm", "FromUserName": openid, "CreateTime": int(time.time())}
        return to_xml({**head, "MsgType": "text", "Content": text, "MsgId": str(10**18 + number)})

    def dressed(self, plain: str) -> tuple[str, str]:
        stamp, nonce = str(int(time.time())), str(secrets.randbelow(10**9))
        sealed = self.seal.close(plain)
        proof = signature(TOKEN, stamp, nonce, sealed)
        query = f"timestamp={stamp}&nonce={nonce}&encrypt_type=aes&msg_signature={proof}&signature=x"
        return query, f"<xml><ToUserName>gh</ToUserName><Encrypt><![CDATA[{sealed}]]></Encrypt></xml>"

    async def post(
        self, session: aiohttp.ClientSession, key: str, query: str, body: str, dice: random.Random, tries: int = 60
    ) -> None:
        """One post of the platform: to any process, again where the connection breaks."""
        for _ in range(tries):
            port = dice.choice(self.ports)
            try:
                async with session.post(f"http://127.0.0.1:{port}/wechat?{query}", data=body.encode()) as answer:
                    content = await answer.text()
                    assert answer.status == 200, answer.status
            except aiohttp.ClientError:
                self.failures += 1
                await asyncio.sleep(0.2)
                continue
            self.answers[key].add(self.read(content))
            return
        raise AssertionError(f"{key} was never taken")

    def read(self, content: str) -> str:
        if content == "success":
            return content
        return str(from_body(self.seal.open(from_body(content)["Encrypt"])).get("Content", "?"))

    async def run(self, *, messages: int, followers: int, clients: int, seed: int) -> None:
        dice = random.Random(seed)
        posts = []
        for number in range(messages):
            openid = f"storm{number % followers:05d}"
            plain = self.message(openid, dice.choice(WORDS), number)
            query, body = self.dressed(plain)
            posts.extend([(f"m:{openid}:{10**18 + number}", query, body)] * dice.randint(1, 4))
        window = 400  # shuffled as a network shuffles: near each other, not across the whole day
        for start in range(0, len(posts), window):
            part = posts[start : start + window]
            dice.shuffle(part)
            posts[start : start + window] = part
        waiting = iter(posts)
        connector = aiohttp.TCPConnector(limit=clients)
        async with aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout(total=30)) as session:

            async def client() -> None:
                for key, query, body in waiting:
                    await self.post(session, key, query, body, dice)

            await asyncio.gather(*(client() for _ in range(clients)))
