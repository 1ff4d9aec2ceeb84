"""The window for machines: csv that can be imported again, sitemap, robots, and answers that are not sent twice."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from email.utils import format_datetime, parsedate_to_datetime
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from backend.domain.clock import CHINA, day_of
from backend.domain.fees import Fee, PaymentMethod
from backend.domain.listings import Contact, Guidance, HolderType, Listing, Track
from backend.domain.patents import PatentKind
from backend.services.pool.importing import check_file
from bot.h5.feeds import NAMESPACE, sitemap
from tests.support.arrivals import NOON, noon
from tests.support.builders import make_listing, make_number
from tests.support.passer_by import PUBLIC, PasserBy
from tests.support.tables import HEADERS

TODAY = day_of(NOON)
ONE = make_number(1)
OURS = ("公示状态", "数据来源说明", "数据截至", "网址")
KEPT = ["/pool", "/pool?kind=invention", "/pool?words=散热", f"/pool/{ONE}", "/pool.csv", "/sitemap.xml", "/robots.txt"]
RICH = [
    make_listing(1, title="=cmd|'/c calc'!A1", abstract='+1\n第二行,"引号"', remark="@SUM(A1)", scenes="-2"),
    make_listing(2, holders=("甲大学", "=乙公司"), contact=Contact(name="李", email="li@example.cn", public=True)),
    make_listing(
        3, kind=PatentKind.DESIGN, track=Track.STATUTORY, announcement_number="2026-7", announced_on=date(2026, 1, 8),
        ipc_main="14-02", evaluation_report="R1", cluster="集成电路", maturity=3, guidance=Guidance.PAID_EXTRA,
        fee=Fee(method=PaymentMethod.INSTALMENTS, lump_sum_yuan=Decimal("0.01"), instalments="一次", note="\t制表"),
        contact=Contact(name="私人", phone="13900001111", email="x@example.cn"), holder_type=HolderType.UNIVERSITY,
        credit_code="91350200MA2YJ1XR9G", granted_on=date(2022, 2, 2), license_years=3, place_code="420500",
    ),
]  # fmt: skip


def _rows(text: str) -> list[dict[str, str]]:
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def _without_private(listing: Listing) -> Listing:
    return listing if listing.contact.public else replace(listing, contact=Contact())


def test_the_table_can_be_imported_again(street: PasserBy, tmp_path: Path) -> None:
    street.shelf.publish(*RICH)
    answer = street.get("/pool.csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="pool-2026-03-02.csv"'
    path = tmp_path / "pool.csv"
    path.write_bytes(answer.content)
    read, report = check_file(path, noon())
    assert [problem for problem in report.problems if problem.fatal] == []
    assert report.unknown_headers == OURS
    assert read == [_without_private(listing) for listing in RICH]


def test_the_table_says_what_each_row_is_and_runs_nothing(demo_street: PasserBy) -> None:
    demo_street.shelf.publish(*RICH)
    demo_street.shelf.publish(make_listing(9, remark="备注原文"), demonstration=True)
    rows = _rows(demo_street.read("/pool.csv"))
    assert list(rows[0]) == [*HEADERS, *OURS]
    said = {row["专利号"].removeprefix("ZL"): row for row in rows}
    assert len(said) == len(rows) == len(RICH) + 1
    assert said[ONE]["公示状态"] == "试点许可"
    assert said[RICH[2].number]["公示状态"] == "法定开放许可"
    assert said[ONE]["数据来源说明"] == "由王老师担保导入，尚待核验"
    assert said[make_number(9)]["备注"] == "演示数据，非真实要约 备注原文"
    assert said[ONE]["网址"] == f"{PUBLIC}/pool/{ONE}"
    assert said[ONE]["数据截至"] == "2026-03-02"
    for row in rows:
        assert not [cell for cell in row.values() if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


def test_a_table_of_many_steps_is_whole(street: PasserBy) -> None:
    street.shelf.publish(*(make_listing(serial) for serial in range(1, 2102)))
    numbers = [row["专利号"] for row in _rows(street.read("/pool.csv"))]
    assert len(numbers) == len(set(numbers)) == 2101
    assert street.read("/sitemap.xml").count("<url>") == 2102


def test_the_sitemap_names_every_page_on_show_and_each_can_be_read(street: PasserBy) -> None:
    street.shelf.publish(make_listing(1), make_listing(2))
    street.shelf.withdraw(make_listing(2))
    root = ET.fromstring(street.read("/sitemap.xml"))
    addresses = [str(found.text) for found in root.iter(f"{{{NAMESPACE}}}loc")]
    assert addresses == [f"{PUBLIC}/pool", f"{PUBLIC}/pool/{ONE}"]
    assert all(street.get(address.removeprefix(PUBLIC)).status_code == 200 for address in addresses)
    assert [found.text for found in root.iter(f"{{{NAMESPACE}}}lastmod")] == ["2026-03-02T12:00:00+08:00"]
    assert street.get("/sitemap.xml?part=2").status_code == 404
    assert street.get("/sitemap.xml?part=x").status_code == 404


def test_a_long_sitemap_comes_in_parts() -> None:
    addresses = [(make_number(serial), NOON) for serial in range(1, 10)]
    index = ET.fromstring(sitemap(addresses, PUBLIC, most=4) or "")
    parts = [str(found.text) for found in index.iter(f"{{{NAMESPACE}}}loc")]
    assert parts == [f"{PUBLIC}/sitemap.xml?part={part}" for part in (1, 2, 3)]
    held = [sitemap(addresses, PUBLIC, part, most=4) or "" for part in (1, 2, 3)]
    assert [text.count("<url>") for text in held] == [4, 4, 2]
    assert all("".join(held).count(f"/pool/{number}<") == 1 for number, _ in addresses)
    assert sitemap(addresses, PUBLIC, 4, most=4) is None


def test_robots_may_read_the_window_and_nothing_behind_doors(street: PasserBy) -> None:
    from urllib.robotparser import RobotFileParser

    rules = RobotFileParser()
    rules.parse(street.read("/robots.txt").splitlines())
    for path, may in [
        ("/pool", True), (f"/pool/{ONE}", True), ("/pool.csv", True), ("/h5/static/window.css", True),
        ("/console/", False), ("/wechat", False), ("/simulator", False), ("/h5/draft", False),
    ]:  # fmt: skip
        assert rules.can_fetch("AnyBot", f"{PUBLIC}{path}") is may, path
    assert rules.site_maps() == [f"{PUBLIC}/sitemap.xml"]


@pytest.mark.parametrize("path", KEPT)
def test_what_the_other_side_has_is_not_sent_again(street: PasserBy, path: str) -> None:
    street.shelf.publish(make_listing(1))
    street.shelf.sync()
    first = street.get(path)
    tag = first.headers["etag"]
    for held in (tag, f"W/{tag}", f'"other", {tag}'):
        again = street.get(path, If_None_Match=held)
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
        assert again.headers["cache-control"].startswith("public, max-age=")
    assert street.get(path, If_None_Match='"other"').status_code == 200
    head = street.client.head(path)
    assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", tag)
    if path == "/robots.txt":
        return
    street.shelf.clock.forward(seconds=1)
    street.shelf.publish(make_listing(1, title="散热新名"), make_listing(2))
    street.shelf.sync()
    fresh = street.get(path, If_None_Match=tag)
    assert fresh.status_code == 200
    assert fresh.headers["etag"] != tag
    assert fresh.content != first.content


@pytest.mark.parametrize("path", ["/pool", f"/pool/{ONE}", "/pool.csv", "/sitemap.xml"])
def test_the_date_of_the_last_change_counts_where_no_tag_is_given(street: PasserBy, path: str) -> None:
    street.shelf.publish(make_listing(1))
    changed = street.get(path).headers["last-modified"]
    assert parsedate_to_datetime(changed) == NOON
    assert street.get(path, If_Modified_Since=changed).status_code == 304
    before = format_datetime(NOON - timedelta(seconds=1))
    for since in (before, "yesterday", "Mon, 99 Foo 2026 99:99:99 GMT"):
        assert street.get(path, If_Modified_Since=since).status_code == 200
    assert street.get(path, If_Modified_Since=changed, If_None_Match='"other"').status_code == 200
    street.shelf.clock.forward(seconds=5)
    street.shelf.publish(make_listing(2))
    assert street.get(path, If_Modified_Since=changed).status_code == 200
    held = street.get(path).headers["last-modified"]
    street.shelf.clock.forward(days=1)
    assert street.get(path, If_Modified_Since=held).status_code == 200, "offers end with the day"


def test_nothing_is_kept_past_midnight(street: PasserBy) -> None:
    street.shelf.publish(make_listing(1))
    assert street.get("/pool").headers["cache-control"] == "public, max-age=60, must-revalidate"
    street.shelf.clock.at = datetime.combine(TODAY, time(23, 59, 50), CHINA)
    assert street.get("/pool").headers["cache-control"] == "public, max-age=10, must-revalidate"
