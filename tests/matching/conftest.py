"""A pool as numbers, without a database: the demonstration's patents."""

from __future__ import annotations

from datetime import date

import pytest

from backend.demonstration.load import demonstration_listings
from backend.domain.institutions import InstitutionLabel
from backend.domain.matching import HolderLabels
from backend.matching.pool import Offer, Pool
from tests.support.shelf import tokenizer

TODAY = date(2026, 3, 2)
LABELS = HolderLabels({"江汉理工学院（演示）": (InstitutionLabel.MODEL_UNIVERSITY,)}, frozenset({"420500"}))


@pytest.fixture(scope="session")
def pool() -> Pool:
    offers = [Offer(listing, demonstration=True) for listing in demonstration_listings(TODAY)]
    return Pool(offers, tokenizer().words, labels=LABELS, overrides={})
