"""Price advice from what is at hand: listed prices that compare, figures that staff imported, the follower's own expectation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from backend.domain.classes import Classes, classify
from backend.domain.companies import Company
from backend.domain.fees import Fee
from backend.domain.listings import Listing
from backend.domain.patents import expires_on
from backend.domain.pricing import (
    Advice,
    Alike,
    Comparables,
    IndustryRate,
    calculate,
    comparables_of,
    years_left,
)
from backend.domain.questions import AdvisePrice
from backend.domain.registry import PatentRecord
from backend.matching.pool import SURE_CLUSTER, Offer, Pool
from backend.matching.scores import best, scored

SURE_INDUSTRY = 60  # percent from which the figures of an industry are shown
LIKE_WORDS = 10  # listings looked at to tell which classes some words mean


@dataclass(frozen=True, slots=True, kw_only=True)
class _Subject:
    """What a price is asked for, as far as it is known."""

    title: str = ""
    number: str = ""
    fee: Fee | None = None
    left: int | None = None
    subclass: str = ""
    classes: Classes = field(default_factory=Classes)


def advise(
    pool: Pool, question: AdvisePrice, record: PatentRecord | None, rates: Sequence[IndustryRate], today: date
) -> Advice:
    """Of a patent in the pool, one that only the register knows, a technique in words, or prices in general."""
    subject = _subject(pool, question, record, today)
    known = subject.subclass or subject.classes.clusters
    return Advice(
        title=subject.title,
        number=subject.number,
        fee=subject.fee,
        years_left=subject.left,
        comparables=comparable_to(pool, subject.subclass, subject.classes, besides=subject.number, today=today)
        if known
        else None,
        references=references(rates, subject.classes),
        inputs=question.inputs,
        calculation=calculate(question.inputs, years_left=subject.left),
    )


def _subject(pool: Pool, question: AdvisePrice, record: PatentRecord | None, today: date) -> _Subject:
    at = pool.at.get(question.number)
    if at is not None:
        listing = pool.offers[at].listing
        return _Subject(
            title=listing.title,
            number=listing.number,
            fee=listing.fee,
            left=years_left(listing.expires_on, today),
            subclass=listing.ipc_main[:4],
            classes=pool.classes[at],
        )
    if record is not None:
        return _Subject(
            title=record.title,
            number=record.number,
            left=years_left(expires_on(record.kind, record.filed_on), today) if record.filed_on else None,
            subclass=record.ipc_main[:4],
            classes=classify([record.ipc_main] if record.ipc_main else []),
        )
    meant = _meant_by(pool, question.words)
    if meant is None:
        return _Subject()
    return _Subject(title=question.words, subclass=meant.ipc_main[:4], classes=pool.classes[pool.at[meant.number]])


def _meant_by(pool: Pool, words: str) -> Listing | None:
    """The listing that the words fit best: its classes stand for theirs. None where nothing fits."""
    if not words:
        return None
    held = scored(Company(products=words), pool)
    found = best(held, LIKE_WORDS)
    return pool.offers[found[0]].listing if found else None


def comparable_to(pool: Pool, subclass: str, classes: Classes, *, besides: str, today: date) -> Comparables | None:
    """The same IPC subclass where that gives a range, else the surest cluster. None where neither is known."""
    same = _compared(Alike.SUBCLASS, subclass, _others(pool, pool.by_subclass.get(subclass, []), besides), today)
    cluster = next((held for held in classes.clusters if held.confidence >= SURE_CLUSTER), None)
    if same.has_range or cluster is None:
        return same if subclass else None
    return _compared(Alike.CLUSTER, cluster.code, _others(pool, pool.by_cluster.get(cluster.code, []), besides), today)


def comparables_at(pool: Pool, at: int, today: date) -> Comparables | None:
    """What compares with one patent of the pool."""
    listing = pool.offers[at].listing
    return comparable_to(pool, listing.ipc_main[:4], pool.classes[at], besides=listing.number, today=today)


def _others(pool: Pool, positions: Sequence[int], besides: str) -> list[Offer]:
    return [pool.offers[at] for at in positions if pool.offers[at].listing.number != besides]


def _compared(alike: Alike, code: str, offers: Sequence[Offer], today: date) -> Comparables:
    fees = [offer.listing.fee for offer in offers]
    return comparables_of(alike, code, fees, as_of=today, demonstration=any(offer.demonstration for offer in offers))


def references(rates: Sequence[IndustryRate], classes: Classes) -> tuple[IndustryRate, ...]:
    """Imported figures of the likely industries, their sections, and the whole, the nearest and newest first."""
    likely = [held.code for held in classes.divisions if held.confidence >= SURE_INDUSTRY]
    wanted = list(dict.fromkeys([*likely, *(code[:1] for code in likely), "all"]))
    found = [rate for rate in rates if rate.industry in wanted and not rate.is_empty]
    found.sort(key=lambda rate: (wanted.index(rate.industry), -_year(rate.year)))
    return tuple(found[:2])


def _year(text: str) -> int:
    digits = "".join(letter for letter in text if letter.isdigit())
    return int(digits[-4:]) if digits else 0
