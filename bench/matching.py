"""Matching: 10,000 companies × 5,000 patents, beside a tf-idf cosine in scikit-learn on the same tokens; no peer knows classes.

Companies are synthetic with a known answer. Each is written from one patent of the demonstration: its products are the words
of that patent's field of use, half of them, with words of a workshop around them; the field of use itself is in neither
index, so that a company's words are its own and not copied from what is searched. 4,370 more patents recombine clauses of
the same cluster: they look alike and are not the answer.
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from backend.demonstration.load import demonstration_listings
from backend.domain.clock import SystemClock, day_of
from backend.domain.companies import Company, CompanyLabel, CompanySize
from backend.domain.hubei import clusters
from backend.domain.industries import division_named, divisions
from backend.domain.listings import Listing
from backend.domain.matching import HolderLabels
from backend.domain.patent_number import PatentNumber
from backend.matching.lists import SHOWN, Lists, lists_for
from backend.matching.pool import Offer, Pool
from backend.matching.scores import match_at, scored
from backend.matching.terms import pairs, telling
from backend.search.everyday import office_tokenizer
from bot.policy_lines import DICTIONARY

COMPANIES, PATENTS, ROUNDS = 10_000, 5_000, 3
AROUND = ("我们厂做", "主要生产", "想提高", "成本高", "人工多", "客户要求", "老板想", "废品多", "能耗大", "想转型")
Ranked = list[list[int]]


@dataclass(frozen=True)
class Asked:
    """A company and the position of the patent it was written from."""

    company: Company
    answer: int


def patents(seeds: Sequence[Listing]) -> list[Listing]:
    """The seeds without their fields of use, then recombinations of their clauses within a cluster."""
    dice = random.Random(11)
    clauses: dict[str, list[str]] = {}
    for seed in seeds:
        clauses.setdefault(seed.cluster, []).extend(
            c for c in seed.abstract.replace("。", "，").split("，") if len(c) > 4
        )
    made = [replace(seed, scenes="") for seed in seeds]
    for number in range(PATENTS - len(seeds)):
        seed = seeds[number % len(seeds)]
        held = clauses[seed.cluster]
        made.append(
            replace(
                seed,
                number=str(PatentNumber(f"{2005 + number % 20}1{number:07d}")),
                title=f"{dice.choice(held)[:9]}{seed.title[-6:]}",
                abstract="，".join(dice.choices(held, k=6)),
                scenes="",
                license_ends_on=date(2030, 1, 1),
            )
        )
    return made


def companies(seeds: Sequence[Listing], cut: Callable[[str], list[str]], count: int) -> list[Asked]:
    """Nine in ten name their cluster, six in ten their industry; one in ten of either is wrong."""
    dice = random.Random(7)
    numbers = {name: number for number, name in clusters().items()}
    codes = list(divisions())
    made = []
    for position in range(count):
        answer = dice.randrange(len(seeds))
        seed = seeds[answer]
        words = telling(cut(f"{seed.scenes} {seed.title[-8:]}"))
        kept = dice.sample(words, max(len(words) // 2, min(2, len(words))))
        strange = dice.choice(telling(cut(dice.choice(seeds).scenes)) or ["设备"])
        text = f"{dice.choice(AROUND)}{'、'.join(kept)}，{dice.choice(AROUND)}{strange}"
        right = division_named(seed.industry)
        named = right.code if right and dice.random() < 0.6 else ""
        made.append(
            Asked(
                Company(
                    id=position + 1,
                    products=text,
                    clusters=(_mostly(dice, numbers[seed.cluster], list(numbers.values())),)
                    if dice.random() < 0.9
                    else (),
                    division=_mostly(dice, named, codes) if named else "",
                    place_code=seed.place_code if dice.random() < 0.3 else "420100",
                    size=dice.choice(list(CompanySize)[:3]),
                    labels=(CompanyLabel.HIGH_TECH,) if dice.random() < 0.2 else (),
                    budget_yuan=Decimal(dice.choice((20_000, 50_000, 100_000))) if dice.random() < 0.5 else None,
                ),
                answer,
            )
        )
    return made


def _mostly(dice: random.Random, right: str, others: list[str]) -> str:
    return right if dice.random() < 0.9 else dice.choice(others)


def peer(listings: Sequence[Listing], texts: Sequence[str], cut: Callable[[str], list[str]]) -> Ranked:
    """tf-idf and cosine as scikit-learn does them out of the box, on our tokens."""
    vectorizer = TfidfVectorizer(analyzer=cut, sublinear_tf=True)
    pool = vectorizer.fit_transform(f"{listing.title} {listing.abstract}" for listing in listings)
    asked = vectorizer.transform(texts)
    ranked: Ranked = []
    for start in range(0, len(texts), 500):
        close = (asked[start : start + 500] @ pool.T).toarray()
        top = np.argpartition(-close, SHOWN, axis=1)[:, :SHOWN]
        for row, columns in enumerate(top):
            ranked.append(sorted((int(at) for at in columns), key=lambda at, line=close[row]: -line[at]))  # type: ignore[misc]
    return ranked


def ours(listings: Sequence[Listing], asked: Sequence[Asked], cut: Callable[[str], list[str]]) -> tuple[Lists, Pool]:
    """Index, score, deal out, and give the reasons of everything that is shown."""
    pool = Pool([Offer(listing) for listing in listings], cut, labels=HolderLabels({}), overrides={})
    found = lists_for([one.company for one in asked], pool)
    for one, chosen in zip(asked, found.chosen, strict=True):
        held = scored(one.company, pool)
        for at, _ in chosen:
            match_at(held, pool, at)
    return found, pool


def quality(ranked: Ranked, asked: Sequence[Asked], listings: Sequence[Listing]) -> tuple[float, float]:
    """(how often the answer is in the list, mean share of the list from the company's true cluster)."""
    hits = [one.answer in shown for one, shown in zip(asked, ranked, strict=False)]
    right = [
        statistics.fmean(listings[at].cluster == listings[one.answer].cluster for at in shown) if shown else 0.0
        for one, shown in zip(asked, ranked, strict=False)
    ]
    return statistics.fmean(hits), statistics.fmean(right)


def reciprocal(ranked: Ranked, asked: Sequence[Asked]) -> float:
    ranks = [
        1 / (shown.index(one.answer) + 1) if one.answer in shown else 0.0
        for one, shown in zip(asked, ranked, strict=False)
    ]
    return statistics.fmean(ranks)


def spread(ranked: Ranked) -> tuple[int, int]:
    """(how many patents are shown to anybody, in how many lists the commonest stands)."""
    counts: dict[int, int] = {}
    for shown in ranked:
        for at in shown:
            counts[at] = counts.get(at, 0) + 1
    return len(counts), max(counts.values(), default=0)


def matching_table(_folder: Path) -> tuple[list[list[str]], list[str]]:
    cut = office_tokenizer(DICTIONARY).words
    seeds = demonstration_listings(day_of(SystemClock().now()))
    listings, asked = patents(seeds), companies(seeds, cut, COMPANIES)
    bare = [one.company.products for one in asked]
    named = [
        f"{text} {' '.join(clusters()[number] for number in one.company.clusters)}"
        for text, one in zip(bare, asked, strict=True)
    ]
    times: dict[str, list[float]] = {"ours": [], "peer": []}
    for _ in range(ROUNDS):
        began = time.perf_counter()
        found, _pool = ours(listings, asked, cut)
        times["ours"].append(time.perf_counter() - began)
        began = time.perf_counter()
        theirs = peer(listings, bare, cut)
        times["peer"].append(time.perf_counter() - began)
    mine = [[at for at, _ in chosen] for chosen in found.chosen]
    table = [
        ["what", "seconds", "answer in 5", "MRR@5", "share of true cluster", "patents shown", "commonest in lists"]
    ]
    rows: tuple[tuple[str, list[float], Ranked], ...] = (
        ("ours: parts, diversity, reasons", times["ours"], mine),
        ("scikit-learn tf-idf cosine, products", times["peer"], theirs),
        ("the same, cluster names added", [], peer(listings, named, cut)),
        ("the same, pairs of characters added", [], peer(listings, named, lambda text: [*cut(text), *pairs(text)])),
    )
    for name, seconds, ranked in rows:
        hit, right = quality(ranked, asked, listings)
        shown, commonest = spread(ranked)
        table.append(
            [name, f"{statistics.median(seconds):.1f}" if seconds else "", f"{hit:.3f}", f"{reciprocal(ranked, asked):.3f}",
             f"{right:.3f}", str(shown), str(commonest)]
        )  # fmt: skip
    notes = [
        f"{COMPANIES:,} companies × {len(listings):,} patents in {statistics.median(times['ours']):.1f} s (goal 60)",
        f"a patent has room in {found.room} lists",
        *(" | ".join(line) for line in table[1:]),
    ]
    return table, notes
