"""The peer: a WeRoBot echo with its default session storage and its default server. Run as a script: PORT FOLDER"""

from __future__ import annotations

import hashlib
import itertools
import os
import sys
import time

from bench.load import request

TOKEN = "peertoken"
_numbers = itertools.count(1)


def requests(port: int, count: int) -> list[bytes]:
    """Signed plain menu taps."""
    prepared = []
    for _ in range(count):
        number, stamp = next(_numbers), str(int(time.time()))
        proof = hashlib.sha1("".join(sorted([TOKEN, stamp, "n"])).encode()).hexdigest()
        body = (
            f"<xml><ToUserName>gh</ToUserName><FromUserName>peer{number % 3000}</FromUserName><CreateTime>{stamp}</CreateTime>"
            "<MsgType>event</MsgType><Event>CLICK</Event><EventKey>help</EventKey></xml>"
        )
        prepared.append(request(port, f"/?signature={proof}&timestamp={stamp}&nonce=n", body.encode()))
    return prepared


def serve(port: int, folder: str) -> None:
    import werobot

    os.chdir(folder)
    robot = werobot.WeRoBot(token=TOKEN)

    def echo(message: object, session: dict[str, int]) -> str:  # noqa: ARG001 WeRoBot's own convention
        session["count"] = session.get("count", 0) + 1
        return "echo"

    robot.add_handler(echo)

    robot.run(host="127.0.0.1", port=port, enable_pretty_logging=False)


if __name__ == "__main__":
    serve(int(sys.argv[1]), sys.argv[2])
