"""Why a patent is shown to a company: at most three reasons, the strongest first, each true of the two rows as they stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from backend.domain.companies import Company
from backend.domain.fees import PaymentMethod
from backend.domain.matching import WEIGHTS, Part, Reason, ReasonKind, within_budget
from backend.matching.pool import Pool
from backend.matching.terms import plain

MOST, MOST_WORDS = 3, 3
SURE_ENOUGH = 40  # percent: a class below it counts a little and is not said aloud


def reasons_of(
    company: Company, words: Sequence[str], pool: Pool, at: int, parts: Mapping[Part, float]
) -> tuple[Reason, ...]:
    """By what each counted in the score. Never empty for a match: words or class stand behind every one."""
    held = [(weight, reason) for weight, reason in _reasons(company, words, pool, at, parts) if weight > 0]
    held.sort(key=lambda one: -one[0])
    return tuple(reason for _, reason in held[:MOST])


def _reasons(
    company: Company, words: Sequence[str], pool: Pool, at: int, parts: Mapping[Part, float]
) -> Iterator[tuple[float, Reason]]:
    listing = pool.offers[at].listing
    shared = shared_words(company, words, pool, at)
    if shared:
        yield WEIGHTS[Part.WORDS] * parts[Part.WORDS], Reason(ReasonKind.WORDS, shared)
    yield from _classes(company, pool, at)
    if listing.fee.method is PaymentMethod.FREE:
        yield WEIGHTS[Part.FEE] * parts[Part.FEE], Reason(ReasonKind.FREE)
    elif within_budget(company, listing):
        yield WEIGHTS[Part.FEE] * parts[Part.FEE], Reason(ReasonKind.WITHIN_BUDGET)
    if parts[Part.PLACE]:
        yield WEIGHTS[Part.PLACE], Reason(ReasonKind.PLACE, (company.place_code,))
    yield from _capacity(company, pool, at)
    labels = pool.labels.of(listing)
    if labels:
        yield WEIGHTS[Part.HOLDER], Reason(ReasonKind.HOLDER, (str(labels[0]),))


def _classes(company: Company, pool: Pool, at: int) -> Iterator[tuple[float, Reason]]:
    """The surest cluster that both name; else the industry."""
    classes = pool.classes[at]
    clusters = [held for held in classes.clusters if held.code in company.clusters]
    if clusters and clusters[0].confidence >= SURE_ENOUGH:
        yield WEIGHTS[Part.CLASS] * clusters[0].confidence / 100, Reason(ReasonKind.CLUSTER, (clusters[0].code,))
        return
    confidence = classes.division_confidence(company.division) if company.division else 0
    if confidence >= SURE_ENOUGH:
        yield WEIGHTS[Part.CLASS] * confidence / 100, Reason(ReasonKind.DIVISION, (company.division,))


def _capacity(company: Company, pool: Pool, at: int) -> Iterator[tuple[float, Reason]]:
    if company.labels:
        yield WEIGHTS[Part.CAPACITY] * 0.6, Reason(ReasonKind.LABEL, (str(company.labels[0]),))
    elif pool.mature[at]:
        yield WEIGHTS[Part.CAPACITY] * 0.5, Reason(ReasonKind.MATURE)
    elif pool.guided[at]:
        yield WEIGHTS[Part.CAPACITY] * 0.5, Reason(ReasonKind.GUIDED)


@lru_cache(64)
def _said(products: str) -> str:
    return plain(products)


def shared_words(company: Company, words: Sequence[str], pool: Pool, at: int) -> tuple[str, ...]:
    """What stands in both texts, the weightiest first; parts of a longer word are left out."""
    text = pool.text(at)
    said = _said(company.products)
    held = [(pool.terms.weight(word, at), word) for word in words if word in text and word in said]
    shared: list[str] = []
    for weight, word in sorted(held, key=lambda one: (-len(one[1]), -one[0])):
        if weight and not any(word in longer for longer in shared):
            shared.append(word)
    weights = {word: weight for weight, word in held}
    return tuple(sorted(shared, key=lambda word: -weights[word])[:MOST_WORDS])
