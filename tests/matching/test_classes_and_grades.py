"""Classes with their ground, and grades that say what is missing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.classes import Class, Ground, Override, classes_of, classify, table
from backend.domain.fees import Fee, PaymentMethod
from backend.domain.grades import LEAST_KNOWN, NONE, Around, Grade, GradeItem, GradePart, GradeSource, Scored, grade
from backend.domain.hubei import clusters
from backend.domain.industries import division_coded, division_named, divisions, divisions_in, sections
from backend.domain.ipc import normal_ipc
from backend.domain.listings import Guidance
from backend.domain.patents import PatentKind
from backend.domain.pricing import Alike, comparables_of
from backend.domain.registry import LegalStatus
from backend.matching.pool import Pool
from tests.support.builders import make_listing, make_record

TODAY = date(2026, 3, 2)


def test_the_standard_has_twenty_sections_and_ninety_seven_divisions() -> None:
    assert len(sections()) == 20
    assert len(divisions()) == 97
    assert [code[1:] for code in divisions()] == [f"{number:02d}" for number in range(1, 98)]
    assert {division.section for division in divisions().values()} == set(sections())


def test_the_table_of_classes_names_only_what_exists() -> None:
    assert len(table()) > 250
    for prefix, (named, industries) in table().items():
        assert len(prefix) == 3 or normal_ipc(prefix) == prefix, prefix
        assert {code for code, _ in named} <= set(clusters())
        assert {code for code, _ in industries} <= set(divisions())
        assert all(0 < percent < 100 for _, percent in (*named, *industries))


def test_every_cluster_that_makes_things_can_be_reached() -> None:
    reached = {code for named, _ in table().values() for code, percent in named if percent >= 40}
    assert set(clusters()) - reached <= {"14", "15"}  # services of design and commerce have no symbols of their own


@pytest.mark.parametrize(
    ("symbol", "cluster"),
    [("H01L21/67", "27"), ("G02F1/13", "28"), ("H04B10/25", "26"), ("G01S19/42", "18"), ("B64D27/24", "19"),
     ("A61K36/28", "04"), ("C02F1/58", "08"), ("B25J9/16", "23"), ("H01M10/54", "16"), ("D06F37/20", "24")],
)  # fmt: skip
def test_the_longest_beginning_of_a_symbol_decides(symbol: str, cluster: str) -> None:
    assert classify([symbol]).clusters[0].code == cluster


def test_a_colleague_goes_before_the_holder_and_the_holder_before_the_table() -> None:
    listing = make_listing(1, ipc_main="H01L21/67", cluster="现代纺织", industry="纺织业")
    assert classes_of(listing).clusters[:2] == (
        Class("09", 90, Ground.DECLARED),
        Class("27", 90, Ground.IPC, "H01L"),
    )
    said = classes_of(listing, Override(listing.number, cluster="05"))
    assert said.clusters[0] == Class("05", 100, Ground.STAFF)
    assert said.divisions[0].ground is Ground.DECLARED
    assert classes_of(make_listing(2)).clusters == ()
    assert classes_of(make_listing(3, kind=PatentKind.DESIGN, ipc_main="14-02")).divisions == ()


def test_most_of_the_demonstration_is_classed_as_its_makers_did(pool: Pool) -> None:
    """The table alone, without what the information table says."""
    numbers = {name: number for number, name in clusters().items()}
    known = [classify([offer.listing.ipc_main]) for offer in pool.offers if "-" not in offer.listing.ipc_main]
    wanted = [numbers[offer.listing.cluster] for offer in pool.offers if "-" not in offer.listing.ipc_main]
    hits = [want in {one.code for one in found.clusters} for found, want in zip(known, wanted, strict=True)]
    assert sum(hits) / len(hits) > 0.4


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("做豆制品的", "C13"),
        ("食品机械", "C35"),
        ("注塑", "C29"),
        ("电动车锂电池", "C38"),
        ("什么都做", ""),
        ("C 14", ""),
    ],
)
def test_industries_are_heard_in_everyday_words(words: str, code: str) -> None:
    found = divisions_in(words)
    assert (found[0].code if found else "") == code


def test_industries_by_code_and_name() -> None:
    assert division_coded(" c14 ") == division_coded("14") == divisions()["C14"]
    assert division_coded("99") is None
    assert division_named("食品制造业") == divisions()["C14"]


def spread() -> Around:
    fees = [Fee(method=PaymentMethod.LUMP_SUM, lump_sum_yuan=Decimal(n * 10_000)) for n in range(1, 8)]
    return Around(comparables=comparables_of(Alike.SUBCLASS, "H01M", fees, as_of=TODAY))


def test_what_is_missing_is_shown_as_missing_and_counts_neither_way() -> None:
    bare = make_listing(1, abstract="", scenes="", ipc_main="", guidance=None, maturity=None)
    held = grade(bare, Around(), on=TODAY)
    missing = {item.item for item in held.items if item.points is None}
    assert missing == {GradeItem.STATUS, GradeItem.MATURITY, GradeItem.BREADTH, GradeItem.GUIDANCE, GradeItem.DEMAND,
                       GradeItem.INTEREST, GradeItem.PRICE}  # fmt: skip
    assert held.known < LEAST_KNOWN
    assert held.letter == NONE
    assert sum(item.of for item in held.items) == 100


def test_a_patent_in_force_that_can_be_used_at_once_is_graded_high() -> None:
    best_known = make_listing(
        2,
        maturity=9,
        ipc_main="H01M10/54",
        ipc=("C22B7/00", "B09B3/00"),
        abstract="散热" * 60,
        scenes="机房",
        guidance=Guidance.INCLUDED,
        fee=Fee(method=PaymentMethod.FREE),
        announcement_number="A1",
        announced_on=date(2026, 1, 1),
    )
    held = grade(best_known, Around(record=make_record(2), companies=30, demand=25, interested=4), on=TODAY)
    assert held.letter == "A"
    assert all(item.points is not None for item in held.items)
    lapsed = replace(make_record(2), status=LegalStatus.LAPSED)
    worse = grade(best_known, Around(record=lapsed, companies=30, demand=25, interested=4), on=TODAY)
    assert worse.points == held.points - 10


@given(
    price=st.integers(1, 400_000), interested=st.integers(0, 9), against=st.integers(0, 9), demand=st.integers(0, 40)
)
def test_points_stay_within_what_a_part_can_give(price: int, interested: int, against: int, demand: int) -> None:
    listing = make_listing(1, fee=Fee(method=PaymentMethod.LUMP_SUM, lump_sum_yuan=Decimal(price)))
    around = replace(spread(), companies=40, demand=demand, interested=interested, not_relevant=against)
    held = grade(listing, around, on=TODAY)
    assert all(item.points is None or 0 <= item.points <= item.of for item in held.items)
    assert sum(held.of_part(part)[0] for part in GradePart) == held.points
    assert held.known <= 100


@given(points=st.lists(st.integers(0, 10), min_size=10, max_size=10))
def test_the_letter_follows_from_the_share_of_what_is_known(points: list[int]) -> None:
    items = tuple(
        Scored(item, value, 10, GradeSource.TABLE) for item, value in zip(list(GradeItem)[:10], points, strict=True)
    )
    share = sum(points)
    wanted = "A" if share >= 75 else "B" if share >= 60 else "C" if share >= 45 else "D"
    assert Grade(items).letter == wanted
