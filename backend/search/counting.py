"""Facets: how the hits of a query fall into places, kinds, prices …, counted by the index in one pass."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Any

from backend.domain.queries import PRICE_STEPS, Facet
from backend.search.fields import fen

MOST_VALUES = 40
FIELDS = {
    Facet.PLACE: "place",
    Facet.KIND: "kind",
    Facet.CLUSTER: "cluster",
    Facet.TRACK: "track",
    Facet.HOLDER: "holder_name",
}


def aggregations(facets: Iterable[Facet]) -> dict[str, Any]:
    wanted: dict[str, Any] = {}
    for facet in facets:
        if facet is Facet.PRICE:
            wanted["free"] = {"terms": {"field": "free"}}
            bounds = [0, *(fen(step) + 1 for step in PRICE_STEPS)]
            ranges: list[dict[str, int]] = [{"from": low, "to": high} for low, high in pairwise(bounds)]
            wanted["price"] = {"range": {"field": "upfront", "ranges": ranges}}
        else:
            wanted[str(facet)] = {"terms": {"field": FIELDS[facet], "size": MOST_VALUES}}
    return wanted


def read_counts(answer: dict[str, Any], facets: Iterable[Facet]) -> dict[Facet, dict[str, int]]:
    """Facet → value → hits, the most frequent first. Prices are “free” and “up to” each step, the cheaper ones included."""
    counts: dict[Facet, dict[str, int]] = {}
    for facet in facets:
        if facet is Facet.PRICE:
            counts[facet] = _prices(answer)
        else:
            buckets = answer[str(facet)]["buckets"]
            counts[facet] = {str(bucket["key"]): int(bucket["doc_count"]) for bucket in buckets if bucket["key"]}
    return counts


def _prices(answer: dict[str, Any]) -> dict[str, int]:
    free = sum(int(bucket["doc_count"]) for bucket in answer["free"]["buckets"] if bucket["key"] == "yes")
    by_start = {
        int(bucket.get("from") or 0): int(bucket["doc_count"])
        for bucket in answer["price"]["buckets"]
        if "to" in bucket
    }
    held, so_far, low = ({"free": free} if free else {}), 0, 0
    for step in PRICE_STEPS:
        so_far += by_start.get(low, 0)
        held[str(step)] = so_far
        low = fen(step) + 1
    return held
