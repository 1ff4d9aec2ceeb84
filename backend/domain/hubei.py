"""The province: its seventeen prefecture-level units and the 51020 clusters (five pillars, ten strong, twenty special)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class Place:
    """`code` is the administrative division code of the prefecture-level unit."""

    code: str
    name: str
    short: str


def _rows(name: str) -> list[list[str]]:
    lines = (DATA / name).read_text("utf-8").splitlines()
    return [line.split("\t") for line in lines if line]


@cache
def places() -> dict[str, Place]:
    """By division code, in official order."""
    return {code: Place(code, name, short) for code, name, short in _rows("places.tsv")}


@cache
def clusters() -> dict[str, str]:
    """Cluster name by two-digit number, in the order of the provincial plan."""
    return {number: name for number, _, name in _rows("clusters.tsv")}


def place_named(name: str) -> Place | None:
    """By full or short name: 武汉市, 武汉."""
    return next((place for place in places().values() if name in {place.name, place.short}), None)
