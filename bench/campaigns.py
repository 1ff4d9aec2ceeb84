"""Planning a campaign for a million companies, each with patents of its own, while followers ask questions at a steady pace.

`python -m bench.campaigns fill FOLDER [COMPANIES]` makes the office once; `… run FOLDER` plans with a worker of its own
process and measures the chat beside it. Companies are those of bench/matching.py, written from the demonstration's patents.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import threading
import time
from itertools import islice
from pathlib import Path

from sqlalchemy import insert

from backend.demonstration.load import demonstration_listings, load_demonstration
from backend.domain.briefs import BriefKind, BriefState
from backend.domain.clock import SystemClock, day_of
from backend.domain.deliveries import RECOMMENDATIONS
from backend.domain.roles import Actor, Role
from backend.outreach.briefs import make_brief
from backend.outreach.carrying import Carrier
from backend.search.everyday import office_tokenizer
from backend.services.matching.matcher import Matcher
from backend.store.companies import values_of
from backend.store.database import Database
from backend.store.schema import upgrade
from backend.store.tables import CompanyRow, ConsentRow, FollowerRow
from bench.load import Figures, drive, paced
from bench.matching import companies
from bench.office import our_nlu, our_web, texts, webhook_requests
from bot.h5.links import Links
from bot.policy_lines import DICTIONARY
from bot.texts import Texts
from bot.texts.campaigns import Campaigns
from tests.support.servers import ROOT

COMPANIES, STEP, RATE, CHAT_S = 1_000_000, 5000, 20, 60
BY = Actor(Role.OPERATOR, "1")


def fill(folder: Path, count: int) -> None:
    """Followers with companies who agreed, and an approved brief."""
    clock = SystemClock()
    at = clock.now()
    database = Database(f"sqlite:///{folder / 'bench.db'}")
    upgrade(database)
    load_demonstration(database, clock)
    words = office_tokenizer(DICTIONARY).words
    some = [asked.company for asked in companies(list(demonstration_listings(day_of(at))), words, min(count, 50_000))]
    rows = (
        {"openid": f"o{number:027d}"} | values_of(some[number % len(some)], at) | {"openid": f"o{number:027d}"}
        for number in range(count)
    )
    while batch := list(islice(rows, STEP)):
        with database.write() as uow:
            uow.connection.execute(insert(CompanyRow), batch)
            who = [{"openid": row["openid"]} for row in batch]
            consent = {"purpose": RECOMMENDATIONS, "version": "1", "at": at}
            uow.connection.execute(insert(ConsentRow), [one | consent for one in who])
            seen = {"following": True, "first_seen_at": at, "last_seen_at": at, "state": {}}
            uow.connection.execute(insert(FollowerRow), [one | seen for one in who])
    with database.write() as uow:
        made = make_brief(uow, kind=BriefKind.MATCHES, name="bench", by=BY, at=at)
        brief = uow.briefs.hold(made)
        uow.briefs.move(brief, BriefState.APPROVED, at=at, counted=count, approved_by="2")
    database.close()


def plan(folder: Path) -> None:
    """As the worker does; seconds, peak megabytes and how many."""
    database, clock = Database(f"sqlite:///{folder / 'bench.db'}"), SystemClock()
    matcher = Matcher(database, office_tokenizer(DICTIONARY).words, clock, demonstration=True)
    voice = Campaigns(Texts(), Links("https://example.cn", "secret").campaign)
    began = time.perf_counter()
    Carrier(database, matcher.pool, voice, clock).carry_due()
    took = time.perf_counter() - began
    with database.read() as uow:
        brief = uow.briefs.get(1)
        planned = uow.campaigns.get(brief.campaign_id).planned
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": round(took), "megabytes": round(memory), "planned": planned}))


def run(folder: Path) -> None:
    with our_nlu() as (nlu_port, _), our_web(folder, nlu_url=f"http://127.0.0.1:{nlu_port}") as (port, _):
        drive(port, webhook_requests(port, texts(300)), clients=4, seconds=3)
        alone = paced(port, webhook_requests(port, texts(RATE * 10)), rate=RATE)
        chatting: list[Figures] = []
        requests = webhook_requests(port, texts(RATE * CHAT_S))
        chat = threading.Thread(target=lambda: chatting.append(paced(port, requests, rate=RATE)))
        command = [sys.executable, "-m", "bench.campaigns", "plan", str(folder)]
        planner = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        time.sleep(5)  # until the pool is made and recipients are written down
        chat.start()
        chat.join()
        told = planner.communicate()[0].strip()
    for name, figures in (("alone", alone), ("beside planning", chatting[0])):
        shown = " · ".join(f"{value:.0f}" for value in (figures.p50, figures.p95, figures.p99, figures.longest))
        print(f"{RATE} messages a second {name}: p50, p95, p99, longest {shown} ms, bad {figures.bad}", flush=True)
    print(f"planning with matches of their own: {told} (goals 300 s, 500 MB, p95 150 ms)", flush=True)


def main() -> None:
    what, folder = sys.argv[1], Path(sys.argv[2])
    if what == "fill":
        fill(folder, int(sys.argv[3]) if len(sys.argv) > 3 else COMPANIES)
    elif what == "plan":
        plan(folder)
    else:
        run(folder)


if __name__ == "__main__":
    main()
