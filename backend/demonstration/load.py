"""The demonstration pool: invented patents over the 35 clusters and 17 places, marked as such wherever they are shown.

Numbers carry serials that the national office has never given out (99xxxxx), so none can be mistaken for a real patent.
Everything is derived from the row's position: two machines load the same pool.
"""

from __future__ import annotations

import csv
import hashlib
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from backend.domain.clock import Clock, day_of
from backend.domain.fees import Fee, PaymentMethod, RoyaltyBasis
from backend.domain.hubei import clusters, place_named
from backend.domain.listings import Contact, Guidance, HolderType, Listing, ListingStatus, Track
from backend.domain.patent_number import PatentNumber
from backend.domain.patents import PatentKind, expires_on, requires_evaluation_report
from backend.services.pool.importing import take_in
from backend.services.pool.table_file import columns
from backend.store.database import Database

HOME = Path(__file__).parent
SOURCE = "demonstration"
NEVER_GIVEN = 9_900_000
DIGIT = {PatentKind.INVENTION: "1", PatentKind.UTILITY_MODEL: "2", PatentKind.DESIGN: "3"}
AGES = {PatentKind.INVENTION: (2, 11), PatentKind.UTILITY_MODEL: (1, 6), PatentKind.DESIGN: (1, 4)}
SUMS = (5_000, 8_000, 12_000, 20_000, 30_000, 45_000, 60_000, 80_000, 120_000, 200_000)


def load_demonstration(database: Database, clock: Clock) -> int:
    """Load the pool once; how many listings came in."""
    with database.read() as uow:
        if uow.imports.has_demonstration():
            return 0
    listings = demonstration_listings(day_of(clock.now()))
    take_in(
        database,
        listings,
        clock=clock,
        source=SOURCE,
        vouched_by="",
        status=ListingStatus.PUBLISHED,
        demonstration=True,
    )
    return len(listings)


def demonstration_listings(today: date) -> list[Listing]:
    holders = yaml.load((HOME / "holders.yml").read_text("utf-8"), Loader=yaml.CSafeLoader)
    names = clusters()
    listings: list[Listing] = []
    for path in sorted((HOME / "patents").glob("*.tsv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
                listings.append(_listing(row, names[path.stem], len(listings), holders, today))
    return listings


class _Dice:
    """Numbers that look drawn and are the same on every machine."""

    def __init__(self, seed: str) -> None:
        self._bytes = hashlib.sha256(seed.encode()).digest()
        self._at = 0

    def below(self, bound: int) -> int:
        pair = self._bytes[self._at % 31 : self._at % 31 + 2]
        self._at += 1
        return int.from_bytes(pair, "big") % bound


def _meanings(field: str) -> dict[str, str]:
    return next(column["choices"] for column in columns() if column["field"] == field)


def _listing(row: dict[str, str], cluster: str, position: int, holders: list[dict[str, Any]], today: date) -> Listing:
    dice = _Dice(f"{position}:{row['title']}")
    kind = PatentKind(_meanings("kind")[row["kind"]])
    holder = holders[(position * 7 + dice.below(5)) % len(holders)]
    low, high = AGES[kind]
    filed_on = date(today.year - low - dice.below(high - low + 1), 1 + dice.below(12), 1 + dice.below(28))
    number = PatentNumber(f"{filed_on.year}{DIGIT[kind]}{NEVER_GIVEN + position:07d}")
    granted_on = min(filed_on + timedelta(days=300 + dice.below(400)), today - timedelta(days=30))
    last_day = expires_on(kind, filed_on) - timedelta(days=1)
    track = Track.STATUTORY if dice.below(10) < 6 else Track.PILOT  # noqa: PLR2004 six in ten
    announced = track is Track.STATUTORY and dice.below(10) < 8  # noqa: PLR2004 eight in ten
    announced_on = today - timedelta(days=20 + dice.below(300)) if announced else None
    place = place_named(holder["city"])
    return Listing(
        number=str(number),
        title=row["title"],
        kind=kind,
        filed_on=filed_on,
        granted_on=granted_on,
        holders=(holder["name"],),
        holder_type=HolderType(_meanings("holder_type")[holder["type"]]),
        track=track,
        fee=_fee(dice),
        license_ends_on=min(last_day, today + timedelta(days=400 + dice.below(2500))),
        license_years=2 + dice.below(4),
        ipc_main=row["ipc"],
        ipc=(row["ipc"],),
        industry=row["industry"],
        cluster=cluster,
        place_code=place.code if place else "",
        abstract=row["abstract"],
        scenes=row["scenes"],
        maturity=int(row["trl"]),
        guidance=tuple(Guidance)[dice.below(3)],
        announcement_number=f"演示公告{position:05d}" if announced else "",
        announced_on=announced_on,
        evaluation_report=f"演示报告{position:05d}" if requires_evaluation_report(kind) else "",
        region="湖北省" if track is Track.PILOT else "",
        licensee_scope="省内中小微企业" if track is Track.PILOT else "",
        contact=Contact(name="演示联系人", phone=f"027-0000{position:04d}", public=dice.below(10) < 7),  # noqa: PLR2004 seven in ten
    )


def _fee(dice: _Dice) -> Fee:
    share = dice.below(100)
    lump = Decimal(SUMS[dice.below(len(SUMS))])
    if share < 35:  # noqa: PLR2004 a third is free, as the pilots were
        return Fee(method=PaymentMethod.FREE)
    if share < 70:  # noqa: PLR2004
        return Fee(method=PaymentMethod.LUMP_SUM, lump_sum_yuan=lump)
    if share < 80:  # noqa: PLR2004
        return Fee(method=PaymentMethod.INSTALMENTS, lump_sum_yuan=lump, instalments="签约付一半，满一年付一半")
    rate = Decimal(2 + dice.below(8)) / 2
    if share < 90:  # noqa: PLR2004
        return Fee(method=PaymentMethod.RUNNING_ROYALTY, royalty_basis=RoyaltyBasis.NET_SALES, royalty_percent=rate)
    return Fee(
        method=PaymentMethod.ENTRY_FEE_AND_ROYALTY,
        entry_fee_yuan=lump / 4,
        royalty_basis=RoyaltyBasis.NET_SALES,
        royalty_percent=rate,
    )
