"""The pool as numbers: one row a patent, made once for a state of the pool and used for every company."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from backend.domain.classes import Classes, Override, classes_of
from backend.domain.fees import PaymentMethod
from backend.domain.hubei import clusters, places
from backend.domain.industries import divisions
from backend.domain.listings import Listing
from backend.domain.matching import HolderLabels, for_small_only, is_guided, is_mature, region_codes
from backend.matching.terms import Cut, Flags, Floats, Terms, plain

CLUSTERS = {number: at for at, number in enumerate(clusters())}
DIVISIONS = {code: at for at, code in enumerate(divisions())}
PLACES = {code: at for at, code in enumerate(places())}
NOWHERE = -1
MOST_PARTS = 4000  # 10 MB for a thousand patents
A = TypeVar("A", Floats, Flags)
SURE_CLUSTER = 60  # percent from which two patents of a cluster compare


@dataclass(frozen=True, slots=True)
class Offer:
    """A listing on show and what the office may say of where it comes from."""

    listing: Listing
    demonstration: bool = False
    vouched_by: str = ""


class Pool:
    """`offers` by position; every array has their length."""

    def __init__(
        self, offers: Sequence[Offer], cut: Cut, *, labels: HolderLabels, overrides: Mapping[str, Override]
    ) -> None:
        self.offers, self.cut, self.labels = offers, cut, labels
        listings = [offer.listing for offer in offers]
        size = len(listings)
        self.at = {listing.number: position for position, listing in enumerate(listings)}
        self.terms = Terms(listings, cut)
        self.classes: list[Classes] = [classes_of(listing, overrides.get(listing.number)) for listing in listings]
        self.cluster: Floats = np.zeros((size, len(CLUSTERS)), dtype=np.float32)
        self.division: Floats = np.zeros((size, len(DIVISIONS)), dtype=np.float32)
        self.allowed: Flags = np.ones((size, len(PLACES)), dtype=np.bool_)
        for position, (listing, classes) in enumerate(zip(listings, self.classes, strict=True)):
            for held in classes.clusters:
                self.cluster[position, CLUSTERS[held.code]] = held.confidence / 100
            for held in classes.divisions:
                self.division[position, DIVISIONS[held.code]] = held.confidence / 100
            if limited := region_codes(listing):
                self.allowed[position] = [code in limited for code in PLACES]
        self.place = np.array([PLACES.get(listing.place_code, NOWHERE) for listing in listings], dtype=np.int16)
        self.free: Flags = _flags(listing.fee.method is PaymentMethod.FREE for listing in listings)
        self.upfront = np.array([float(listing.fee.upfront_yuan) for listing in listings], dtype=np.float64)
        self.small_only: Flags = _flags(for_small_only(listing) for listing in listings)
        self.mature: Flags = _flags(is_mature(listing) for listing in listings)
        self.guided: Flags = _flags(is_guided(listing) for listing in listings)
        self.labelled: Flags = _flags(bool(labels.of(listing)) for listing in listings)
        self.by_subclass: dict[str, list[int]] = {}
        self.by_cluster: dict[str, list[int]] = {}
        for position, (listing, classes) in enumerate(zip(listings, self.classes, strict=True)):
            self.by_subclass.setdefault(listing.ipc_main[:4], []).append(position)
            for held in classes.clusters:
                if held.confidence >= SURE_CLUSTER:
                    self.by_cluster.setdefault(held.code, []).append(position)
        self.subclass = np.array([listing.ipc_main[:4] for listing in listings], dtype="<U4")

        self._texts: dict[int, str] = {}
        self._parts: dict[Hashable, Floats | Flags] = {}

    def __len__(self) -> int:
        return len(self.offers)

    def text(self, at: int) -> str:
        """All that a patent says, as the tokenizer sees it; made when first asked for."""
        if at not in self._texts:
            listing = self.offers[at].listing
            self._texts[at] = plain(f"{listing.title}\n{listing.abstract}\n{listing.scenes}")
        return self._texts[at]

    def remembered(self, key: Hashable, make: Callable[[], A]) -> A:
        """A part of a score that many companies share: made once for the same place, budget or cluster. Nobody may change
        what is handed out."""
        held = self._parts.get(key)
        if held is None:
            if len(self._parts) >= MOST_PARTS:
                self._parts.clear()
            held = self._parts[key] = make()
        return held  # type: ignore[return-value] # a key is made by one function only


def _flags(values: object) -> Flags:
    return np.array(list(values), dtype=np.bool_)  # type: ignore[call-overload] # any iterable of booleans
