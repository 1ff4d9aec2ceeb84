"""All benchmarks, each with its peers in the same run, as a table in bench/results.md.

Rounds are interleaved (ours, peer, ours, peer …) so that a drifting machine hits both; medians and ratios are quoted.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from bench.alerts import alerts_table
from bench.documents import documents_table
from bench.load import Figures, drive, paced
from bench.matching import matching_table
from bench.million import million_table
from bench.ocr import ocr_table
from bench.office import megabytes, our_nlu, our_web, parse_requests, process, tap_requests, texts, webhook_requests
from bench.outreach import outreach_table
from bench.rasa_peer import rasa_server, rest_requests
from bench.relevance import relevance_table
from bench.search import search_table
from bench.tables import tables_table
from bench.werobot_peer import TOKEN as PEER_TOKEN
from bench.werobot_peer import requests as peer_taps
from tests.support.servers import ROOT, free_port
from tests.support.storm import fake_nlu

ROUNDS = 3
SECONDS = 4.0
MANY = 4000  # more than can be answered in the time
Table = list[list[str]]


def median(figures: list[Figures], name: str) -> float:
    return float(statistics.median(getattr(figure, name) for figure in figures))


def row(name: str, clients: object, figures: list[Figures], versus: float | None = None) -> list[str]:
    rate = median(figures, "rate")
    ratio = f"{rate / versus:.2f}" if versus else ""
    bad = sum(figure.bad for figure in figures)
    return [
        name,
        str(clients),
        f"{rate:.0f}",
        *(f"{median(figures, part):.1f}" for part in ("p50", "p95", "p99")),
        ratio,
        str(bad),
    ]


def understanding(folder: Path) -> tuple[Table, list[str]]:
    """Webhook → NLU → reply beside bare parsing (Rasa's server and ours) and Rasa's REST channel."""
    table: Table = [["what", "clients", "msg/s", "p50 ms", "p95", "p99", "ratio to rasa /model/parse", "bad"]]
    notes: list[str] = []
    with (
        our_nlu() as (nlu_port, nlu),
        our_web(folder, nlu_url=f"http://127.0.0.1:{nlu_port}") as (port, web),
        rasa_server() as rasa_port,
    ):
        warm = texts(200)
        drive(port, webhook_requests(port, warm), clients=4, seconds=3)
        drive(rasa_port, parse_requests(rasa_port, warm), clients=4, seconds=3)
        drive(rasa_port, rest_requests(rasa_port, warm), clients=4, seconds=3)
        for clients in (1, 8, 32):
            shapes: dict[str, tuple[int, Callable[[], list[bytes]]]] = {
                "rasa run /model/parse": (rasa_port, lambda: parse_requests(rasa_port, texts(MANY))),
                "rasa run REST channel": (rasa_port, lambda: rest_requests(rasa_port, texts(MANY))),
                "our NLU /model/parse": (nlu_port, lambda: parse_requests(nlu_port, texts(MANY))),
                "webhook, safe mode → NLU → reply": (port, lambda: webhook_requests(port, texts(MANY))),
            }
            measured: dict[str, list[Figures]] = {name: [] for name in shapes}
            for _ in range(ROUNDS):
                for name, (where, prepare) in shapes.items():
                    measured[name].append(drive(where, prepare(), clients=clients, seconds=SECONDS))
            base = median(measured["rasa run /model/parse"], "rate")
            table += [row(name, clients, figures, base) for name, figures in measured.items()]
            ours = median(measured["webhook, safe mode → NLU → reply"], "rate")
            rest = median(measured["rasa run REST channel"], "rate")
            notes.append(
                f"{clients} clients: webhook {ours / base:.2f} × /model/parse (goal 0.9), {ours / rest:.2f} × REST channel (goal 1.7)"
            )
        steady = paced(port, webhook_requests(port, texts(1000)), rate=50)
        table.append(row("webhook at 50 msg/s, open loop", "–", [steady]))
        notes.append(f"50 msg/s: p95 {steady.p95} ms (goal < 100), p99 {steady.p99} ms, longest {steady.longest} ms")
        notes.append(
            f"memory after the load: web {megabytes(web)} MB (goal < 300), NLU {megabytes(nlu)} MB (goal < 800)"
        )
    return table, notes


def taps(folder: Path) -> tuple[Table, list[str]]:
    """Menu taps, signed and encrypted, with a durable inbox row each, beside a WeRoBot echo in plain mode."""
    table: Table = [["what", "clients", "msg/s", "p50 ms", "p95", "p99", "ratio to WeRoBot", "bad"]]
    notes: list[str] = []
    peer_port = free_port()
    stamp = str(int(time.time()))
    proof = hashlib.sha1("".join(sorted([PEER_TOKEN, stamp, "n"])).encode()).hexdigest()
    ready = f"http://127.0.0.1:{peer_port}/?signature={proof}&timestamp={stamp}&nonce=n&echostr=x"
    command = [sys.executable, "-m", "bench.werobot_peer", str(peer_port), str(folder)]
    environment = {"PYTHONPATH": str(ROOT)}
    with fake_nlu() as nlu_url, our_web(folder, nlu_url=nlu_url) as (port, _), process(command, environment, ready):
        drive(port, tap_requests(port, 500), clients=4, seconds=2)
        for clients in (1, 8, 32):
            ours: list[Figures] = []
            peer: list[Figures] = []
            for _ in range(ROUNDS):
                ours.append(drive(port, tap_requests(port, 9000), clients=clients, seconds=SECONDS))
                peer.append(
                    drive(peer_port, peer_taps(peer_port, 9000), clients=clients, seconds=SECONDS, must=b"echo")
                )
            base = median(peer, "rate")
            table.append(row("WeRoBot echo, default session storage, plain", clients, peer, base))
            table.append(row("our menu tap, safe mode, durable inbox row", clients, ours, base))
            notes.append(f"{clients} clients: {median(ours, 'rate') / base:.2f} × WeRoBot (goal 1.0)")
    return table, notes


def hanging(folder: Path) -> tuple[Table, list[str]]:
    """8 healthy clients alone and beside 48 clients whose understanding hangs."""
    table: Table = [["what", "clients", "msg/s", "p50 ms", "p95", "p99", "ratio", "bad"]]
    with (
        fake_nlu(delay_s=0.005, hang_on="挂起") as nlu_url,
        our_web(folder, nlu_url=nlu_url) as (port, _),
        ProcessPoolExecutor(1) as another,  # the hung clients must not slow the one who measures
    ):
        drive(port, webhook_requests(port, texts(300)), clients=8, seconds=2)
        alone: list[Figures] = []
        beside: list[Figures] = []
        for _ in range(ROUNDS):
            alone.append(drive(port, webhook_requests(port, texts(5000)), clients=8, seconds=SECONDS))
            stuck = webhook_requests(
                port, texts(3000, mark="挂起"), who="stuck"
            )  # a follower waits for its own message before
            other = another.submit(drive, port, stuck, clients=48, seconds=SECONDS + 2)
            time.sleep(0.5)
            beside.append(drive(port, webhook_requests(port, texts(5000)), clients=8, seconds=SECONDS))
            other.result()
        table.append(row("8 healthy clients alone", 8, alone))
        table.append(row("8 healthy clients beside 48 whose NLU hangs", 8, beside, median(alone, "rate")))
        ratio = median(beside, "p99") / median(alone, "p99")
    return table, [f"healthy p99 {ratio:.2f} × alone (goal 2)"]


PARTS = {
    "understanding": understanding,
    "taps": taps,
    "hanging": hanging,
    "search": search_table,
    "relevance": relevance_table,
    "million": million_table,
    "ocr": ocr_table,
    "documents": documents_table,
    "matching": matching_table,
    "tables": tables_table,
    "alerts": alerts_table,
    "outreach": outreach_table,
}


def write(name: str, table: Table, notes: list[str], file: Path) -> None:
    """The part's section put in the place of its last one; the other parts keep theirs, with the day they were run."""
    day = f"Run on {time.strftime('%Y-%m-%d')}, Python {platform.python_version()}, {os.cpu_count()} processors."
    rows = ["| " + " | ".join(cells) + " |" for cells in table]
    rows.insert(1, "|" + "---|" * len(table[0]))
    section = "\n".join([day, "", *rows, "", *(f"- {note}" for note in notes)])
    _, *held = file.read_text("utf-8").split("\n## ") if file.exists() else [""]
    sections = dict(part.split("\n", 1) for part in held) | {name: f"\n{section}\n"}
    written = [f"## {part}\n{sections[part]}" for part in PARTS if part in sections]
    title = f"# Benchmarks\n\nMedians of {ROUNDS} interleaved rounds; the peers ran in the same run as ours."
    file.write_text("\n\n".join(text.rstrip("\n") for text in (title, *written)) + "\n", "utf-8")


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("parts", nargs="*", choices=[*PARTS, []], default=[])
    for name in options.parse_args().parts or PARTS:
        with tempfile.TemporaryDirectory(dir=ROOT / "models") as folder:
            table, notes = PARTS[name](Path(folder))
        for note in notes:
            print(f"{name}: {note}", flush=True)
        write(name, table, notes, ROOT / "bench" / "results.md")


if __name__ == "__main__":
    main()
