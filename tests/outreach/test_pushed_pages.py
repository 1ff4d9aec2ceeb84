"""What a recipient makes of a campaign: the page behind the link, “感兴趣”, and what staff and the holder hear of it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from backend.domain.deliveries import DeliveryKind, Recipient
from backend.domain.listings import ListingStatus
from backend.domain.matching import Verdict
from backend.domain.reply import Reply
from backend.services.pool.importing import take_in
from backend.services.responses import tell_holders
from backend.store.database import Database
from bot.texts import Texts
from bot.texts.notices import Notices
from tests.support.arrivals import NOON, ledger, noon
from tests.support.builders import make_listing, make_number
from tests.support.declared import Desks
from tests.support.ledger import tell_all
from tests.support.visitors import PageOffice, open_pages


@pytest.fixture
def pages(database: Database, tmp_path: Path) -> PageOffice:
    return open_pages(database, tmp_path)


def _shelve(database: Database, *serials: int) -> None:
    listings = [make_listing(serial) for serial in serials]
    take_in(database, listings, clock=noon(), source="x", vouched_by="王", status=ListingStatus.PUBLISHED)


def _path(pages: PageOffice, openid: str, campaign: int) -> str:
    return pages.forms.links.campaign(openid, campaign).removeprefix(pages.forms.place.public_url)


def test_opening_and_interest_are_counted_once(pages: PageOffice, database: Database) -> None:
    campaign = tell_all(database, "ming", "hua", numbers="")
    path = _path(pages, "ming", campaign)
    ming = pages.enter("ming", path)
    ming.get(path)
    assert "给您的话" in ming.words
    for _ in range(2):
        ming.post(path, do="interested", number="")
    assert "工作人员会与您联系" in ming.words
    with database.read() as uow:
        assert uow.responses.openings(campaign) == 1
        assert uow.responses.interests(campaign)[0] == 1


def test_a_link_passed_on_opens_nothing(pages: PageOffice, database: Database) -> None:
    campaign = tell_all(database, "ming")
    path = _path(pages, "ming", campaign)
    hua = pages.enter("hua", "/h5/preferences")
    for wrong in (
        path,
        path.replace(f"{campaign}-", f"{campaign + 1}-"),
        "/h5/push/1-x",
        "/h5/push/9999999999-x",
        "/h5/push/0",
    ):
        assert "给您的话" not in hua.get(wrong).text
        hua.client.post(wrong, data={"token": "x", "do": "interested"})
    with database.read() as uow:
        assert uow.responses.openings(campaign) == 0


def test_nobody_opens_what_was_not_sent(pages: PageOffice, database: Database) -> None:
    campaign = tell_all(database, "ming")
    with database.write() as uow:
        later = uow.campaigns.create(
            kind=DeliveryKind.RECOMMENDATION, name="x", text=Reply.of("以后的话"), starts_at=NOON + timedelta(days=1),
            expires_at=NOON + timedelta(days=7), by="", at=NOON,
        )  # fmt: skip
        uow.campaigns.stage(later, [Recipient("ming")], at=NOON)
    ming = pages.enter("ming", "/h5/preferences")
    assert "没有找到" in ming.get(_path(pages, "ming", later)).text
    assert campaign != later


def test_the_page_shows_patents_as_they_stand_and_the_holder_hears_that_somebody_asked(
    pages: PageOffice, database: Database
) -> None:
    _shelve(database, 1)
    campaign = tell_all(database, "ming")
    path = _path(pages, "ming", campaign)
    ming = pages.enter("ming", path)
    ming.get(path)
    assert "测试用散热装置1" in ming.words
    assert "现在不在架上" in ming.words
    ming.post(path, do="interested", number=make_number(7))
    ming.post(path, do="interested", number=make_number(1))
    assert "您已表示感兴趣" in ming.words
    ming.post(path, do="not_relevant", number=make_number(2))
    with database.read() as uow:
        assert uow.verdicts.of("ming") == {
            make_number(1): Verdict.INTERESTED,
            make_number(2): Verdict.NOT_RELEVANT,
        }
        assert [held.number for held in uow.responses.interests(campaign)[1]] == [make_number(1)]
    assert tell_holders(database, Notices(Texts()), pages.clock) == 0, "nobody has declared it here"
    with database.read() as uow:
        assert uow.responses.untold(limit=9) == []


def test_the_holder_is_told_once_a_day_and_not_by_whom(pages: PageOffice, database: Database) -> None:
    desks = Desks(database)
    number = desks.get(desks.listed(openid="holder")).number
    for openid in ("ming", "hua"):
        campaign = tell_all(database, openid, numbers=number)
        path = _path(pages, openid, campaign)
        visitor = pages.enter(openid, path)
        visitor.get(path)
        visitor.post(path, do="interested", number=number)
        tell_holders(database, Notices(Texts()), pages.clock)
    told = [held for key, held in ledger(database).items() if key.startswith("interest:")]
    assert [held.openid for held in told] == ["holder"]
    assert "表示感兴趣" in told[0].reply.text
    assert "ming" not in told[0].reply.text
