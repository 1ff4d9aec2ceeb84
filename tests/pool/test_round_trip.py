"""What is exported can be imported again as it is, and no spreadsheet runs any of it."""

from __future__ import annotations

import csv
import unicodedata
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from backend.domain.clock import day_of
from backend.domain.fees import Fee, PaymentMethod, RoyaltyBasis
from backend.domain.hubei import clusters, places
from backend.domain.listings import Contact, Guidance, HolderType, Listing, ListingStatus, Pledge, Track
from backend.domain.patent_number import PatentNumber
from backend.domain.patents import PatentKind, expires_on
from backend.services.pool.cells import plain
from backend.services.pool.exporting import export_pool
from backend.services.pool.importing import check_file, take_in
from backend.services.pool.problems import FileRefused
from backend.store.database import Database
from backend.store.tables import BatchRow, ListingRow
from tests.support.arrivals import NOON, noon
from tests.support.builders import DIGIT, make_listing, make_number
from tests.support.tables import HEADERS

TODAY = day_of(NOON)
words = st.text(max_size=40).map(plain)
names = words.map(lambda text: plain(text.replace("；", "").replace(";", "").replace("\n", ""))).filter(bool)
codes = st.text("AZaz09+-=@'()/. 字", max_size=30).map(lambda text: plain(unicodedata.normalize("NFKC", text)))
amounts = st.decimals(Decimal("0.01"), Decimal(10) ** 11, places=2)
rates = st.decimals(Decimal("0.01"), Decimal(100), places=2)
symbols = st.sampled_from(["H01M10/0525", "G06F", "A61K8/97", "14-02", "C02F1/00"])


@st.composite
def fees(draw: st.DrawFn) -> Fee:
    method = draw(st.sampled_from(PaymentMethod))
    held: dict[str, Any] = {"method": method, "note": draw(words)}
    if method.has_lump_sum:
        held |= {"lump_sum_yuan": draw(amounts), "instalments": draw(words)}
    if method is PaymentMethod.ENTRY_FEE_AND_ROYALTY:
        held["entry_fee_yuan"] = draw(amounts)
    if method.has_royalty:
        basis = draw(st.sampled_from(RoyaltyBasis))
        held |= {"royalty_basis": basis, "royalty_percent": draw(rates)}
        held["unit_yuan"] = draw(amounts) if basis is RoyaltyBasis.UNIT else None
    return Fee(**held)


@st.composite
def listings(draw: st.DrawFn) -> Listing:
    """Any listing that the import would take."""
    kind = draw(st.sampled_from(PatentKind))
    filed_on = draw(st.dates(TODAY - timedelta(days=9 * 365), TODAY))
    digits = f"{filed_on.year}{DIGIT[kind]}{draw(st.integers(0, 9_999_999)):07d}"
    track = draw(st.sampled_from(Track))
    pilot = track is Track.PILOT
    return Listing(
        number=str(PatentNumber(digits)),
        title=draw(words.filter(bool)),
        kind=kind,
        filed_on=filed_on,
        granted_on=draw(st.none() | st.dates(filed_on, TODAY)),
        holders=tuple(draw(st.lists(names, min_size=1, max_size=3))),
        holder_type=draw(st.sampled_from(HolderType)),
        credit_code=draw(codes),
        contact=Contact(name=draw(words), phone=draw(codes), email=draw(words), public=draw(st.booleans())),
        ipc_main=draw(symbols),
        ipc=tuple(draw(st.lists(symbols, max_size=3))),
        industry=draw(words),
        cluster=draw(st.sampled_from(["", *clusters().values()])),
        place_code=draw(st.sampled_from(["", *places()])),
        abstract=draw(words),
        scenes=draw(words),
        claims=draw(words),
        maturity=draw(st.none() | st.integers(1, 9)),
        guidance=draw(st.none() | st.sampled_from(Guidance)),
        track=track,
        announcement_number=draw(codes),
        announced_on=draw(st.none() | st.dates(filed_on, TODAY)),
        fee=draw(fees()),
        license_ends_on=draw(st.dates(TODAY, expires_on(kind, filed_on))),
        license_years=draw(st.none() | st.integers(1, 20)),
        region=draw(words) if pilot else draw(st.sampled_from(["", "全国"])),
        licensee_scope=draw(words) if pilot else draw(st.sampled_from(["", "不限"])),
        evaluation_report=draw(codes.filter(bool)),
        pledge=draw(st.sampled_from([Pledge.NONE, Pledge.WITH_CONSENT])),
        price_publicity=draw(words),
        remark=draw(words),
    )


def _publish(database: Database, *held: Listing) -> None:
    """Exactly these are in the pool."""
    with database.write() as uow:
        uow.connection.execute(delete(ListingRow))
        uow.connection.execute(delete(BatchRow))
    take_in(database, list(held), clock=noon(), source="t", vouched_by="王", status=ListingStatus.PUBLISHED)


def _back(path: Path) -> dict[str, Listing]:
    read, report = check_file(path, noon())
    assert [problem for problem in report.problems if problem.fatal] == []
    assert report.unknown_headers == ()
    return {listing.number: listing for listing in read}


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
@settings(max_examples=40)
@given(held=st.lists(listings(), min_size=1, max_size=4, unique_by=lambda listing: listing.number))
def test_every_field_comes_back(database: Database, tmp_path: Path, ending: str, held: list[Listing]) -> None:
    _publish(database, *held)
    assert export_pool(database, tmp_path / f"pool.{ending}", on=TODAY) == len(held)
    assert _back(tmp_path / f"pool.{ending}") == {listing.number: listing for listing in held}


DANGEROUS = [
    '=HYPERLINK("http://example.com","领奖")',
    "=1+1",
    "+86 27 0000",
    "-5 度以下",
    "@SUM(A1:A9)",
    "'=1+1",
    "''+1",
    "'引号'",
    "#N/A",
    "#REF!",
    "参数_x0041_与_x000D_",
    "第一行\n=第二行",
    "1E5",
    "00123",
    "TRUE",
    "2021-03-15",
    "5%",
]


def _with_words(text: str) -> Listing:
    contact = Contact(
        name=text, phone="'+86 27" if text.startswith("'") else text.split("\n", maxsplit=1)[0], email=text
    )
    fee = Fee(method=PaymentMethod.INSTALMENTS, instalments=text, note=text)
    listing = make_listing(title=text, holders=(text.replace("\n", ""), "乙"), contact=contact, fee=fee)
    return replace(
        listing, abstract=text, scenes=text, claims=text, industry=text, region=text, licensee_scope=text, remark=text
    )


@pytest.mark.parametrize("text", DANGEROUS)
def test_text_stays_text_in_a_workbook(database: Database, tmp_path: Path, text: str) -> None:
    listing = _with_words(text)
    _publish(database, listing)
    export_pool(database, tmp_path / "pool.xlsx", on=TODAY)
    sheet = openpyxl.load_workbook(tmp_path / "pool.xlsx").active
    assert sheet is not None
    assert {cell.data_type for row in sheet.iter_rows(min_row=2) for cell in row} <= {"s", "inlineStr", "n"}
    assert not [cell for row in sheet.iter_rows() for cell in row if str(cell.value).startswith(("=", "+", "-", "@"))]
    assert _back(tmp_path / "pool.xlsx") == {listing.number: listing}


@pytest.mark.parametrize("text", DANGEROUS)
def test_text_stays_text_in_csv(database: Database, tmp_path: Path, text: str) -> None:
    listing = _with_words(text)
    _publish(database, listing)
    export_pool(database, tmp_path / "pool.csv", on=TODAY)
    with (tmp_path / "pool.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert _back(tmp_path / "pool.csv") == {listing.number: listing}


def test_an_export_opens_in_chinese_spreadsheets(database: Database, tmp_path: Path) -> None:
    """Without the mark at the beginning they take UTF-8 for GBK."""
    _publish(database, make_listing())
    export_pool(database, tmp_path / "pool.csv", on=TODAY)
    content = (tmp_path / "pool.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.decode("utf-8-sig").splitlines()[0] == ",".join(HEADERS)


def test_only_what_is_published_and_current_is_exported(database: Database, tmp_path: Path) -> None:
    _publish(database, make_listing(1), make_listing(2, title="旧名"), make_listing(3))
    for listing, status in (
        (make_listing(2, title="新名"), ListingStatus.PUBLISHED),
        (make_listing(3), ListingStatus.WITHDRAWN),
        (make_listing(4), ListingStatus.SUBMITTED),
    ):
        take_in(database, [listing], clock=noon(), source="t", vouched_by="王", status=status)
    assert export_pool(database, tmp_path / "pool.xlsx", on=TODAY) == 2
    titles = {number: listing.title for number, listing in _back(tmp_path / "pool.xlsx").items()}
    assert titles == {make_number(1): "测试用散热装置1", make_number(2): "新名"}


def test_what_has_ended_is_not_exported_so_the_file_can_be_imported_again(database: Database, tmp_path: Path) -> None:
    _publish(database, make_listing(1), make_listing(2, license_ends_on=TODAY - timedelta(days=1)))
    assert export_pool(database, tmp_path / "pool.xlsx", on=TODAY) == 1
    assert set(_back(tmp_path / "pool.xlsx")) == {make_number(1)}


def test_invented_patents_are_exported_only_on_request(database: Database, tmp_path: Path) -> None:
    _publish(database, make_listing(1))
    take_in(
        database,
        [make_listing(2)],
        clock=noon(),
        source="t",
        vouched_by="",
        status=ListingStatus.PUBLISHED,
        demonstration=True,
    )
    counts = [export_pool(database, tmp_path / f"{wish}.csv", on=TODAY, demonstration=wish) for wish in (False, True)]
    assert counts == [1, 2]
    assert set(_back(tmp_path / "False.csv")) == {make_number(1)}


def test_an_empty_pool_is_a_table_without_rows(database: Database, tmp_path: Path) -> None:
    for ending in ("xlsx", "csv"):
        assert export_pool(database, tmp_path / "new" / f"pool.{ending}", on=TODAY) == 0
        assert _back(tmp_path / "new" / f"pool.{ending}") == {}


def test_another_ending_is_refused(database: Database, tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="not_a_table"):
        export_pool(database, tmp_path / "pool.pdf", on=TODAY)
    assert list(tmp_path.glob("pool.*")) == []


def test_days_are_written_so_that_nobody_misreads_them(database: Database, tmp_path: Path) -> None:
    _publish(database, make_listing(filed_on=date(2021, 3, 4)))
    export_pool(database, tmp_path / "pool.csv", on=TODAY)
    assert "2021-03-04" in (tmp_path / "pool.csv").read_text("utf-8-sig")
