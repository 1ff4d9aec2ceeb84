"""The preference centre on a page: what is chosen holds at once, for who chose it, and nothing else gets in."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from backend.domain.deeds import Agree
from backend.domain.deliveries import ALERTS, RECOMMENDATIONS, DeliveryKind, DeliveryStatus
from backend.domain.preferences import VERSION, Chosen, Frequency, Preference
from backend.services.deeds import carry_out
from backend.services.mine import chosen_by
from backend.store.database import Database
from bot.h5.forms.preferences import HERE
from tests.support.arrivals import ledger, plan
from tests.support.visitors import PageOffice, open_pages


@pytest.fixture
def small(shelf: Database, tmp_path: Path) -> PageOffice:
    return open_pages(shelf, tmp_path)


def test_what_is_chosen_holds_for_who_chose_it(small: PageOffice, shelf: Database) -> None:
    ming = small.enter("ming", HERE)
    page = ming.post(
        HERE, do="save", wanted="yes", frequency="monthly", quiet_from="19", quiet_until="10", place="420100"
    )
    assert "已保存" in page.text
    chosen = Preference(places=("420100",), frequency=Frequency.MONTHLY, quiet_from=19, quiet_until=10)
    assert chosen_by(shelf, "ming") == Chosen(chosen, wanted=True)
    assert chosen_by(shelf, "hua") == Chosen()
    with shelf.read() as uow:
        assert [(held.purpose, held.version) for held in uow.institutions.consents("ming")] == [
            (RECOMMENDATIONS, VERSION)
        ]


def test_unticking_it_is_leaving(small: PageOffice, shelf: Database) -> None:
    ming = small.enter("ming", HERE)
    ming.post(HERE, do="save", wanted="yes", frequency="daily")
    ming.post(HERE, do="save", frequency="daily")
    assert not chosen_by(shelf, "ming").wanted


def test_leaving_on_the_page_stops_what_is_planned(small: PageOffice, shelf: Database) -> None:
    with shelf.write() as uow:
        carry_out(uow, "ming", Agree(ALERTS, "1"), at=small.clock.now())
    plan(shelf, notice_key="digest:1", kind=DeliveryKind.DIGEST)
    plan(shelf, notice_key="answer")
    small.enter("ming", HERE).post(HERE, do="leave")
    states = {key: held.status for key, held in ledger(shelf).items()}
    assert states == {"digest:1": DeliveryStatus.SUPPRESSED, "answer": DeliveryStatus.PLANNED}
    with shelf.read() as uow:
        assert uow.standings.purposes(["ming"]) == {}


def test_a_pause_and_its_end(small: PageOffice, shelf: Database) -> None:
    ming = small.enter("ming", HERE)
    assert "现在暂停中" in ming.post(HERE, do="pause").text
    assert chosen_by(shelf, "ming").preference.paused_until == small.clock.now() + timedelta(days=30)
    assert "现在暂停中" not in ming.post(HERE, do="resume").text


@pytest.mark.parametrize(
    "form",
    [
        {"frequency": "hourly"},
        {"quiet_from": "3", "quiet_until": "23"},
        {"quiet_from": "٢١", "quiet_until": "-8"},
        {"place": "999999", "topic": "'; DROP TABLE preference; --"},
        {"quiet_from": "9" * 5000},
    ],
)
def test_what_the_page_does_not_offer_changes_nothing(small: PageOffice, shelf: Database, form: dict[str, str]) -> None:
    assert small.enter("ming", HERE).post(HERE, do="save", **form).status_code == 200
    assert chosen_by(shelf, "ming") == Chosen()


def test_a_post_without_the_token_is_refused(small: PageOffice, shelf: Database) -> None:
    ming = small.enter("ming", HERE)
    assert ming.client.post(HERE, data={"do": "save", "wanted": "yes"}).status_code == 403
    assert small.browser().client.post(HERE, data={"do": "leave"}).status_code == 401
    assert not chosen_by(shelf, "ming").wanted


def test_scripts_come_from_us_and_from_the_platform_only(small: PageOffice) -> None:
    page = small.enter("ming", HERE).client.get(HERE)
    policy = page.headers["content-security-policy"]
    assert "script-src 'self' https://res.wx.qq.com;" in policy
    assert "default-src 'none'" in policy
