"""What the public sees of the pool: what is on show and nothing else, all of it, as words, and without private data."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from starlette.testclient import TestClient

from backend.demonstration.load import load_demonstration
from backend.domain.clock import CHINA, day_of
from backend.domain.fees import Fee, PaymentMethod
from backend.domain.listings import Contact, HolderType, Listing, ListingStatus, Pledge, Suspension, Track
from backend.domain.patents import PatentKind
from backend.store.database import Database
from backend.store.listings import Shelved
from bot.main import create_app
from bot.settings import Settings
from tests.support.arrivals import NOON, noon
from tests.support.builders import make_listing, make_number
from tests.support.busy_office import EVIL
from tests.support.passer_by import PUBLIC, PasserBy, data_of, open_window, words_of

TODAY = day_of(NOON)
ONE = make_number(1)
SECRET = Contact(name="周不公开", phone="13900001111", email="bugongkai@example.cn", public=False)
PAGES = ["/pool", f"/pool/{ONE}", "/pool?words=散热", "/nowhere", "/pool.csv", "/sitemap.xml", "/robots.txt"]
ANNOUNCED: dict[str, Any] = {"announcement_number": "2026-0001", "announced_on": date(2026, 1, 8)}
NOT_ON_OFFER = [
    {"license_ends_on": TODAY - timedelta(days=1)},
    {"filed_on": date(2006, 3, 2), "license_ends_on": date(2040, 1, 1)},
    {"exclusive_license": True},
    {"suspension": Suspension.PRESERVATION},
    {"pledge": Pledge.WITHOUT_CONSENT},
    {"co_holders_agree": False},
]


def _statutory(serial: int = 1, **changes: Any) -> Listing:
    return make_listing(serial, track=Track.STATUTORY, **changes)


@pytest.mark.parametrize("changes", NOT_ON_OFFER, ids=str)
def test_what_is_barred_or_over_is_nowhere(street: PasserBy, changes: dict[str, object]) -> None:
    street.shelf.publish(make_listing(1, **changes), make_listing(2))
    street.shelf.sync()
    assert street.everywhere(ONE) == (404, False, False, False)
    assert street.everywhere(make_number(2)) == (200, True, True, True)


def test_what_is_withdrawn_submitted_or_invented_is_nowhere(street: PasserBy) -> None:
    shelf = street.shelf
    shelf.publish(make_listing(1), make_listing(4))
    shelf.publish(make_listing(2), status=ListingStatus.SUBMITTED)
    shelf.publish(make_listing(3), demonstration=True)
    shelf.sync()
    assert street.everywhere(ONE) == (200, True, True, True)
    shelf.withdraw(make_listing(1))
    for serial in (1, 2, 3):  # the index has not heard of it yet, then it has
        assert street.everywhere(make_number(serial)) == (404, False, False, False)
    assert street.leaf_through("/pool?words=散热") == (1, [make_number(4)])
    shelf.sync()
    assert street.leaf_through("/pool?words=散热") == (1, [make_number(4)])


def test_an_offer_is_gone_at_midnight_though_nobody_did_anything(street: PasserBy) -> None:
    street.shelf.publish(make_listing(1, license_ends_on=TODAY), make_listing(2))
    before = street.get(f"/pool/{ONE}")
    street.shelf.clock.at = datetime.combine(TODAY + timedelta(days=1), time(), CHINA)
    assert street.everywhere(ONE) == (404, False, False, False)
    assert street.get(f"/pool/{ONE}", If_None_Match=before.headers["etag"]).status_code == 404


def test_nothing_tells_what_was_here_from_what_never_was(street: PasserBy) -> None:
    street.shelf.publish(make_listing(1))
    street.shelf.withdraw(make_listing(1))
    gone, unknown, nonsense = (street.get(f"/pool/{number}") for number in (ONE, make_number(77), "202110123456.0"))
    assert gone.status_code == 404
    assert gone.text == unknown.text == nonsense.text
    assert gone.headers == unknown.headers == nonsense.headers
    assert ONE not in gone.text


def test_any_way_to_write_a_number_leads_to_its_one_page(street: PasserBy) -> None:
    street.shelf.publish(make_listing(1))
    for written in (f"ZL{ONE}", ONE.replace(".", ""), ONE.lower()):
        answer = street.get(f"/pool/{written}")
        assert (answer.status_code, answer.headers.get("location", f"/pool/{ONE}")) in {
            (308, f"/pool/{ONE}"),
            (200, f"/pool/{ONE}"),
        }
    street.shelf.sync()
    assert street.leaf_through(f"/pool?words=zl {ONE}") == (1, [ONE])


@pytest.mark.parametrize(
    ("listing", "said", "unsaid"),
    [
        (make_listing(1), "试点许可", "法定开放许可，已"),
        (_statutory(), "拟开放许可，尚未公告", "已由国家知识产权局公告"),
        (_statutory(announcement_number="2026-0001"), "拟开放许可，尚未公告", "已由国家知识产权局公告"),
        (_statutory(**ANNOUNCED), "法定开放许可，已由国家知识产权局公告：公告号 2026-0001，公告日 2026-01-08", "尚未公告"),
    ],
    ids=["pilot", "not announced", "number without a day", "announced"],
)  # fmt: skip
def test_a_page_says_what_the_law_makes_of_the_listing(
    street: PasserBy, listing: Listing, said: str, unsaid: str
) -> None:
    street.shelf.publish(listing)
    page = street.read(f"/pool/{ONE}")
    words = words_of(page)
    assert said in words
    assert unsaid not in words
    assert "由 王老师 担保导入，尚待核验" in words
    assert "数据截至 2026-03-02" in words
    assert f'<link rel="canonical" href="{PUBLIC}/pool/{ONE}">' in page
    status = data_of(page)["mainEntity"]["creativeWorkStatus"]
    assert status[0] in {"试点许可", "拟开放许可，尚未公告", "法定开放许可"}
    assert said.startswith(status[0])


def test_invented_rows_say_so_on_every_page(demo_street: PasserBy) -> None:
    demo_street.shelf.publish(make_listing(1), demonstration=True)
    page = demo_street.read(f"/pool/{ONE}")
    assert "演示数据，非真实要约" in words_of(page)
    assert "演示数据，非真实要约" in data_of(page)["mainEntity"]["creativeWorkStatus"]
    assert 'name="robots" content="noindex' in page
    assert "演示数据，非真实要约" in words_of(demo_street.read("/pool"))
    assert "演示数据，非真实要约" in demo_street.read("/pool.csv")


def test_every_term_stands_on_the_page(street: PasserBy) -> None:
    fee = Fee(
        method=PaymentMethod.INSTALMENTS, lump_sum_yuan=Decimal("123456.5"), instalments="签约付一半", note="含税"
    )
    listing = make_listing(
        1, fee=fee, region="湖北省", licensee_scope="中小微企业", license_years=3, ipc_main="H05K7/20", remark="另议",
        ipc=("H05K7/20", "G06F1/20"), cluster="集成电路", industry="电子设备", evaluation_report="R-1", scenes="机房",
        granted_on=date(2023, 5, 6), maturity=7, pledge=Pledge.WITH_CONSENT, price_publicity="javascript:alert(1)",
        credit_code="91350200MA2YJ1XR9G",
    )  # fmt: skip
    street.shelf.publish(listing)
    page = street.read(f"/pool/{ONE}")
    words = words_of(page)
    for term in (
        "分期付款，共 123,456.5 元（签约付一半）", "含税", "2030-12-31", "3 年", "湖北省", "中小微企业", "H05K7/20；G06F1/20",
        "集成电路", "电子设备", "R-1", "机房", "2023-05-06", "7 级", "质权人同意", "2041-03-15", "2021-03-15", "武汉市",
        "江城测试大学", "ZL 2021 1 9900001", "另议", "91350200MA2YJ1XR9G", "027-00000000",
    ):  # fmt: skip
        assert term in words, term
    assert 'href="javascript' not in page


def test_what_outsiders_write_stays_words(street: PasserBy) -> None:
    holders = (EVIL, "</script><script>alert(2)</script>")
    street.shelf.publish(
        make_listing(1, title=EVIL, holders=holders, abstract=EVIL, scenes=EVIL, remark=EVIL, price_publicity=EVIL,
                     region=EVIL, contact=Contact(name=EVIL, phone=EVIL, email=EVIL, public=True),
                     fee=Fee(method=PaymentMethod.INSTALMENTS, instalments=f"((amount)) {EVIL}", note=EVIL))
    )  # fmt: skip
    street.shelf.sync()
    for path in ("/pool", f"/pool/{ONE}", f"/pool?words={EVIL}&holder={EVIL}&price={EVIL}&sort={EVIL}&cluster={EVIL}"):
        page = street.read(path)
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert len(re.findall(r"<script\b", page)) == 1
        assert "8641969" not in page
    data = data_of(street.read(f"/pool/{ONE}"))["mainEntity"]
    assert data["name"] == EVIL
    assert [holder["name"] for holder in data["provider"]] == list(holders)
    assert "((amount))" in data["conditionsOfAccess"]


def test_pages_ask_nobody_else_for_anything_and_run_nothing(street: PasserBy) -> None:
    street.shelf.publish(make_listing(1))
    street.shelf.sync()
    for path in PAGES:
        answer = street.get(path if path != "/nowhere" else "/pool/nowhere")
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "script-src" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        if answer.headers["content-type"].startswith("text/html"):
            assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:|<iframe|@import", answer.text), path
            loaded = re.findall(
                r'<(?:link rel="(?:stylesheet|icon)"|img|script)[^>]*?(?:href|src)="([^"]+)"', answer.text
            )
            assert loaded
            for address in loaded:
                assert street.get(address).status_code == 200, address
                assert address.startswith("/h5/static/")
    style = street.read("/h5/static/window.css")
    assert "url(" not in style
    assert "@import" not in style
    assert "@media print" in style


def test_private_contact_data_is_nowhere(street: PasserBy) -> None:
    note = f"电话{SECRET.phone}，邮箱{SECRET.email}"
    street.shelf.publish(
        make_listing(1, contact=SECRET, remark=note, abstract=note, fee=Fee(method=PaymentMethod.FREE, note=note))
    )
    street.shelf.sync()
    for path in ("/pool", f"/pool/{ONE}", "/pool.csv", "/pool?words=电话", "/sitemap.xml"):
        page = street.read(path)
        for private in (SECRET.name, SECRET.phone, SECRET.email):
            assert private not in page, (path, private)
    assert "没有公开联系方式" in street.read(f"/pool/{ONE}")


def test_public_contact_data_is_for_people_and_not_for_harvesters(street: PasserBy) -> None:
    contact = Contact(name="李公开", phone="027-87654321", email="li@example.cn", public=True)
    street.shelf.publish(make_listing(1, contact=contact))
    page = street.read(f"/pool/{ONE}")
    assert '<a href="tel:02787654321">027-87654321</a>' in page
    assert "li@example.cn" in words_of(page)
    assert "027-87654321" in street.read("/pool.csv")
    assert "87654321" not in str(data_of(page))


def test_the_code_of_a_person_is_private(street: PasserBy) -> None:
    street.shelf.publish(make_listing(1, holder_type=HolderType.PERSON, credit_code="420106199001011234"))
    assert "420106199001011234" not in street.read(f"/pool/{ONE}") + street.read("/pool.csv")


def test_nothing_reads_as_an_offer_for_sale_or_a_recommendation(street: PasserBy) -> None:
    street.shelf.publish(make_listing(1), _statutory(2, kind=PatentKind.DESIGN))
    for path in ("/pool", f"/pool/{ONE}", f"/pool/{make_number(2, kind=PatentKind.DESIGN)}"):
        page = street.read(path)
        data = data_of(page)
        assert data["@context"] == "https://schema.org"
        assert not re.search(r'"@type": ?"(Product|Offer|AggregateOffer|Review|Rating)"', page)
        assert "不是对任何专利或产品的推荐" in words_of(page)
        assert data["url"] == f"{PUBLIC}{path}"


@pytest.mark.parametrize("live", [True, False], ids=["real account", "demonstration"])
def test_with_a_real_account_no_invented_row_is_shown(database: Database, tmp_path: Path, live: bool) -> None:
    loaded = load_demonstration(database, noon())
    account: dict[str, Any] = {
        "wechat_app_id": "wx1234567890abcdef", "wechat_token": "token", "wechat_aes_key": SecretStr("a" * 43),
        "huiqiao_secret_key": SecretStr("long and random"),
    } if live else {}  # fmt: skip
    settings = Settings(
        _env_file=None,  # type: ignore[call-arg] # pydantic's own
        database_url=database.url.render_as_string(hide_password=False),
        huiqiao_data=tmp_path,
        **account,
    )
    client = TestClient(create_app(settings), follow_redirects=False)
    with database.read() as uow:
        some: Shelved = next(iter(uow.listings.all()))
    assert client.get(f"/pool/{some.listing.number}").status_code == (404 if live else 200)
    assert client.get("/sitemap.xml").text.count("<url>") == (1 if live else loaded + 1)
    assert ("演示数据" in client.get("/pool").text) is not live
    assert ("演示数据" in client.get("/pool.csv").text) is not live
    assert client.get("/").headers["location"] == ("/pool" if live else "/simulator")


def test_without_the_database_the_page_says_so(shelf: Database, tmp_path: Path) -> None:
    with open_window(shelf, tmp_path / "index") as street:
        with shelf.write() as uow:
            uow.connection.exec_driver_sql("ALTER TABLE batch RENAME TO gone")
        for path in ("/pool", f"/pool/{ONE}", "/pool.csv", "/sitemap.xml"):
            answer = street.get(path)
            assert (answer.status_code, answer.headers["retry-after"]) == (503, "30")
            assert "gone" not in answer.text
