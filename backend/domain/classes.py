"""From IPC symbols to 51020 clusters and industries, with a confidence in percent. A table of ours, corrected by staff.

The office's first rough map and the reference table of IPC and national economic industries (2018) agree in outline; neither
decides a case. So a class is a proposal with its ground, and a colleague's word replaces it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from backend.domain.hubei import DATA, clusters
from backend.domain.industries import division_named
from backend.domain.ipc import prefixes
from backend.domain.listings import Listing

DECLARED = 90  # the holder named it in the information table
DECIDED = 100  # a colleague looked


class Ground(StrEnum):
    """Why a class is given, the strongest first."""

    STAFF = "staff"
    DECLARED = "declared"
    IPC = "ipc"


@dataclass(frozen=True, slots=True)
class Class:
    """`code` is a cluster's number or a division's code; `basis` the symbol that says so, empty for other grounds."""

    code: str
    confidence: int
    ground: Ground
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Override:
    """A colleague's word on one patent. An empty part leaves the proposal as it is."""

    number: str
    cluster: str = ""
    division: str = ""
    reason: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class Classes:
    """Both lists the surest first; empty where nothing is known, which is shown as such."""

    clusters: tuple[Class, ...] = ()
    divisions: tuple[Class, ...] = ()

    def cluster_confidence(self, number: str) -> int:
        return next((held.confidence for held in self.clusters if held.code == number), 0)

    def division_confidence(self, code: str) -> int:
        return next((held.confidence for held in self.divisions if held.code == code), 0)


Weights = tuple[tuple[str, int], ...]


@cache
def table() -> dict[str, tuple[Weights, Weights]]:
    """(clusters, divisions) with confidence, by IPC prefix from class level on."""
    rows = [line.split("\t") for line in (DATA / "ipc_classes.tsv").read_text("utf-8").splitlines() if line]
    return {prefix: (_weights(said), _weights(divisions)) for prefix, said, divisions in rows}


def _weights(cell: str) -> Weights:
    return tuple((code, int(percent)) for code, _, percent in (part.partition(":") for part in cell.split()))


def classify(
    symbols: Iterable[str], *, cluster: str = "", industry: str = "", staff: Override | None = None
) -> Classes:
    """The classes of a patent. `cluster` and `industry` are names from the information table.

    The main symbol counts in full, the others three quarters; of several grounds the surest stands.
    """
    found: tuple[dict[str, Class], dict[str, Class]] = ({}, {})
    for position, symbol in enumerate(dict.fromkeys(symbols)):
        entry = next(((prefix, table()[prefix]) for prefix in reversed(prefixes(symbol)) if prefix in table()), None)
        if entry is None:
            continue
        for held, weights in zip(found, entry[1], strict=True):
            for code, percent in weights:
                sure = percent if position == 0 else percent * 3 // 4
                if code not in held or held[code].confidence < sure:
                    held[code] = Class(code, sure, Ground.IPC, entry[0])
    number = next((code for code, name in clusters().items() if name == cluster), "")
    division = division_named(industry)
    if number:
        found[0][number] = Class(number, DECLARED, Ground.DECLARED)
    if division:
        found[1][division.code] = Class(division.code, DECLARED, Ground.DECLARED)
    if staff and staff.cluster:
        found[0][staff.cluster] = Class(staff.cluster, DECIDED, Ground.STAFF)
    if staff and staff.division:
        found[1][staff.division] = Class(staff.division, DECIDED, Ground.STAFF)
    return Classes(_sorted(found[0]), _sorted(found[1]))


def _sorted(held: dict[str, Class]) -> tuple[Class, ...]:
    return tuple(sorted(held.values(), key=lambda one: (-one.confidence, one.code)))


def classes_of(listing: Listing, staff: Override | None = None) -> Classes:
    """Those of a listing; a design has no IPC symbol and rests on what its holder named."""
    symbols = [symbol for symbol in (listing.ipc_main, *listing.ipc) if symbol and "-" not in symbol]
    return classify(symbols, cluster=listing.cluster, industry=listing.industry, staff=staff)
