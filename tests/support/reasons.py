"""Each reason checked against the two rows alone, by a rule written without the code that gives it."""

from __future__ import annotations

import csv
from collections.abc import Iterable

from backend.domain.companies import Company
from backend.domain.hubei import DATA, clusters
from backend.domain.listings import Listing
from backend.domain.matching import HolderLabels, Reason

_TABLE: dict[str, tuple[str, str]] = {
    row[0]: (row[1], row[2]) for row in csv.reader((DATA / "ipc_classes.tsv").open(encoding="utf-8"), delimiter="\t")
}
_DIVISIONS: dict[str, str] = {
    f"{row[0]}{row[1]}": row[2] for row in csv.reader((DATA / "industries.tsv").open(encoding="utf-8"), delimiter="\t")
}


def _by_ipc(listing: Listing, column: int) -> Iterable[str]:
    """Codes that the longest known beginning of any symbol names with forty percent or more."""
    for symbol in (listing.ipc_main, *listing.ipc):
        beginnings = [symbol[:length] for length in range(len(symbol), 0, -1)]
        known = next((begin for begin in beginnings if begin in _TABLE), None)
        if known:
            for part in _TABLE[known][column].split():
                code, percent = part.split(":")
                if int(percent) >= 40:
                    yield code


def holds(reason: Reason, company: Company, listing: Listing, labels: HolderLabels) -> bool:
    text = f"{listing.title}{listing.abstract}{listing.scenes}".lower()
    match str(reason.kind):
        case "words":
            return bool(reason.said) and all(
                len(word) > 1 and word in text and word in company.products.lower() for word in reason.said
            )
        case "cluster":
            named = [code for code, name in clusters().items() if name == listing.cluster]
            return reason.code in company.clusters and reason.code in {*named, *_by_ipc(listing, 0)}
        case "division":
            named = [code for code, name in _DIVISIONS.items() if name == listing.industry]
            return reason.code == company.division and reason.code in {*named, *_by_ipc(listing, 1)}
        case "free":
            return str(listing.fee.method) == "free"
        case "within_budget":
            due = listing.fee.lump_sum_yuan or listing.fee.entry_fee_yuan or 0
            return company.budget_yuan is not None and due <= company.budget_yuan
        case "place":
            return reason.code == company.place_code == listing.place_code
        case "label":
            return reason.code in [str(label) for label in company.labels]
        case "mature":
            return listing.maturity is not None and listing.maturity >= 7
        case "guided":
            return str(listing.guidance) == "included"
        case "holder":
            own = [str(label) for holder in listing.holders for label in labels.by_name.get(holder, ())]
            return reason.code in own or (reason.code == "key_city" and listing.place_code in labels.key_places)
        case _:
            return False
