"""One company against the whole pool: the parts of its score as arrays, and the lists and reasons made from them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from backend.domain.companies import Company, CompanySize
from backend.domain.matching import LEAST, LEAST_FIT, WEIGHTS, Match, Part, Verdict
from backend.matching.pool import CLUSTERS, DIVISIONS, PLACES, Pool
from backend.matching.reasons import SURE_ENOUGH, reasons_of
from backend.matching.terms import Flags, Floats, pairs, telling

BUDGET_UNKNOWN = 0.3  # of a fee that is not free
BY_LABEL, BY_MATURITY = 0.6, 0.2
BOTH_CLASSES = 0.15  # how much the weaker of cluster and industry adds
SAME_KIND = 1 / 3  # what one verdict on a patent counts for the others of its IPC subclass
OUTRIGHT, LIKELY = 0.8, SURE_ENOUGH / 100
NEVER = -1.0
SHARED = (Part.CLASS, Part.FEE, Part.PLACE, Part.CAPACITY, Part.HOLDER)  # what companies of one kind have in common


@dataclass(frozen=True, slots=True)
class Scored:
    """`total` is NEVER where a patent is out of the question. `words` are the company's telling words."""

    company: Company
    words: list[str]
    parts: Mapping[Part, Floats]
    total: Floats


def words_of(company: Company, pool: Pool) -> list[str]:
    return telling(pool.cut(company.products))


def scored(company: Company, pool: Pool, verdicts: Mapping[str, Verdict] | None = None) -> Scored:
    """`verdicts` are the follower's by patent number: a patent said to be of no use is never shown again."""
    words = words_of(company, pool)
    classed = (company.clusters, company.division)
    parts = {
        Part.WORDS: pool.terms.score(words, pairs(company.products)),
        Part.CLASS: pool.remembered(("class", *classed), lambda: _class(company, pool)),
        Part.FEE: pool.remembered(("fee", company.budget_yuan), lambda: _fee(company, pool)),
        Part.PLACE: pool.remembered(("place", company.place_code), lambda: _place(company, pool)),
        Part.CAPACITY: pool.remembered(("capacity", bool(company.labels)), lambda: _capacity(company, pool)),
        Part.HOLDER: pool.remembered("holder", lambda: pool.labelled.astype(np.float32)),
        Part.FEEDBACK: _feedback(pool, verdicts) if verdicts else pool.remembered("none", lambda: _feedback(pool, {})),
    }
    shared = (company.budget_yuan, company.place_code, bool(company.labels))
    rest = pool.remembered(("rest", *classed, *shared), lambda: _weighed(parts, pool, SHARED))
    total: Floats = rest + WEIGHTS[Part.WORDS] * parts[Part.WORDS]
    if verdicts:
        total += WEIGHTS[Part.FEEDBACK] * parts[Part.FEEDBACK]
    fit = WEIGHTS[Part.WORDS] * parts[Part.WORDS] + WEIGHTS[Part.CLASS] * parts[Part.CLASS]
    surely = pool.remembered(("surely", *classed), lambda: _surely(_cluster(company, pool), _division(company, pool)))
    may = pool.remembered(("may", company.place_code, company.size), lambda: _may_take(company, pool))
    grounds = pool.terms.hold(words) | surely
    out = (fit < LEAST_FIT) | (total < LEAST) | ~grounds | ~may
    for number, verdict in (verdicts or {}).items():
        if verdict is Verdict.NOT_RELEVANT and number in pool.at:
            out[pool.at[number]] = True
    total[out] = NEVER
    return Scored(company, words, parts, total)


def _weighed(parts: Mapping[Part, Floats], pool: Pool, which: Sequence[Part]) -> Floats:
    weighed: Floats = sum((WEIGHTS[part] * parts[part] for part in which), np.zeros(len(pool), dtype=np.float32))
    return weighed


def _class(company: Company, pool: Pool) -> Floats:
    return _both(_cluster(company, pool), _division(company, pool))


def _cluster(company: Company, pool: Pool) -> Floats:
    columns = [CLUSTERS[number] for number in company.clusters if number in CLUSTERS]
    confidence: Floats = np.zeros(len(pool), dtype=np.float32)
    for column in columns:
        confidence = np.maximum(confidence, pool.cluster[:, column])
    return confidence


def _division(company: Company, pool: Pool) -> Floats:
    if company.division not in DIVISIONS:
        return np.zeros(len(pool), dtype=np.float32)
    confidence: Floats = pool.division[:, DIVISIONS[company.division]]
    return confidence


def _both(cluster: Floats, division: Floats) -> Floats:
    both = np.maximum(cluster, division) + BOTH_CLASSES * np.minimum(cluster, division)
    return np.minimum(both, 1.0).astype(np.float32)


def _surely(cluster: Floats, division: Floats) -> Flags:
    """Ground enough without a word in common: one class named outright, or both likely."""
    named = (cluster >= OUTRIGHT) | (division >= OUTRIGHT)
    likely = (cluster >= LIKELY) & (division >= LIKELY)
    surely: Flags = named | likely
    return surely


def _fee(company: Company, pool: Pool) -> Floats:
    if company.budget_yuan is None:
        fee = np.full(len(pool), BUDGET_UNKNOWN)
    else:
        budget = float(company.budget_yuan)
        share = pool.upfront / budget if budget > 0 else np.zeros(len(pool))
        fee = np.where(pool.upfront <= budget, 1.0 - 0.5 * np.minimum(share, 1.0), 0.0)
    fee[pool.free] = 1.0
    return fee.astype(np.float32)


def _place(company: Company, pool: Pool) -> Floats:
    place: Floats = np.zeros(len(pool), dtype=np.float32)
    if company.place_code in PLACES:
        place[pool.place == PLACES[company.place_code]] = 1.0
    return place


def _capacity(company: Company, pool: Pool) -> Floats:
    """Who carries a label can take up what is less finished; who does not is helped by maturity and by being taught."""
    known, helped = (BY_LABEL, BY_MATURITY) if company.labels else (0.0, 0.5)
    capacity: Floats = np.full(len(pool), known, dtype=np.float32)
    capacity[pool.mature] += helped
    capacity[pool.guided] += helped
    return capacity


def _feedback(pool: Pool, verdicts: Mapping[str, Verdict]) -> Floats:
    part: Floats = np.zeros(len(pool), dtype=np.float32)
    for number, verdict in verdicts.items():
        at = pool.at.get(number)
        if at is not None and pool.subclass[at]:
            part[pool.subclass == pool.subclass[at]] += SAME_KIND if verdict is Verdict.INTERESTED else -SAME_KIND
    clipped: Floats = np.clip(part, -1.0, 1.0)
    return clipped


def _may_take(company: Company, pool: Pool) -> Flags:
    """`backend.domain.matching.may_take`, for all at once."""
    may = (
        pool.allowed[:, PLACES[company.place_code]].copy() if company.place_code in PLACES else np.ones(len(pool), bool)
    )
    if company.size is CompanySize.LARGE:
        may &= ~pool.small_only
    return may


def best(held: Scored, count: int) -> list[int]:
    """Positions of the best, best first; equal scores in the order of the pool."""
    able = int((held.total > NEVER).sum())
    count = min(count, able)
    if not count:
        return []
    top = np.argpartition(-held.total, count - 1)[:count] if count < len(held.total) else np.arange(len(held.total))
    ordered = top[np.lexsort((top, -held.total[top]))]
    return [int(at) for at in ordered if held.total[at] > NEVER]


def match_at(held: Scored, pool: Pool, at: int) -> Match:
    """The pair with its parts and reasons."""
    offer = pool.offers[at]
    parts = {part: round(float(values[at]), 4) for part, values in held.parts.items()}
    return Match(
        company=held.company,
        listing=offer.listing,
        score=round(float(held.total[at]), 4),
        parts=parts,
        reasons=reasons_of(held.company, held.words, pool, at, parts),
        demonstration=offer.demonstration,
        vouched_by=offer.vouched_by,
    )


def companies_for(
    number: str, companies: Sequence[Company], pool: Pool, verdicts: Mapping[str, Mapping[str, Verdict]], *, count: int
) -> list[Match]:
    """Patent → companies, best first. Only companies that share a word or a class with it are scored in full."""
    at = pool.at.get(number)
    if at is None:
        return []
    listing = pool.offers[at].listing
    words = set(telling(pool.cut(f"{listing.title} {listing.scenes} {listing.abstract}")))
    found = []
    for company in companies:
        if not _touches(company, pool, at, words):
            continue
        held = scored(company, pool, verdicts.get(company.openid))
        if held.total[at] > NEVER:
            found.append((float(held.total[at]), -company.id, held))
    found.sort(key=lambda one: one[:2], reverse=True)
    return [match_at(held, pool, at) for _, _, held in found[:count]]


def _touches(company: Company, pool: Pool, at: int, words: Collection[str]) -> bool:
    classes = pool.classes[at]
    if company.division and classes.division_confidence(company.division):
        return True
    if any(classes.cluster_confidence(number) for number in company.clusters):
        return True
    return any(word in words for word in words_of(company, pool))
