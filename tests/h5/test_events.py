"""Events on pages: the same steps as in the chat, for whoever is looking, and nothing of anybody else."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from backend.services.events.taking_part import cancel
from backend.store.database import Database
from bot.h5.forms.events import HERE
from tests.support.events import SIZE, Venue, details
from tests.support.visitors import PageOffice, open_pages

SEEN = re.compile(r'name="seen" value="([^"]+)"')


@pytest.fixture
def small(shelf: Database, tmp_path: Path) -> PageOffice:
    return open_pages(shelf, tmp_path)


def _venue(small: PageOffice) -> Venue:
    return Venue(small.database, small.clock)


def _announce(small: PageOffice, **changes: Any) -> int:
    now = small.clock.now()
    return _venue(small).announce(details(now + timedelta(days=10), sign_up_from=now - timedelta(days=1), **changes))


def test_signing_up_on_the_page_by_the_steps_of_the_chat(small: PageOffice) -> None:
    venue = _venue(small)
    event_id = _announce(small, quota=1, questions=(SIZE,), link="https://example.org/room")
    here = f"{HERE}/{event_id}"
    ming = small.enter("ming", here)
    assert "武汉专利供需对接会" in ming.page
    assert "example.org/room" not in ming.page, "the address is for those who have a place"
    draft = ming.post(here, do="sign_up")
    assert "您同意吗" in draft.text
    address = str(draft.url.path)
    assert "姓名和手机号" in ming.post(f"{address}/consent", quick="同意").text
    assert "来几位" in ming.post(f"{address}/contact_name", answer="张三 13800000000").text
    assert "一位" in ming.page
    review = ming.post(f"{address}/question_1", answer="1")
    assert "人数" in review.text
    seen = SEEN.search(ming.page)
    assert seen
    done = ming.post(f"{address}/submit", seen=seen[1], flow="sign_up", subject=str(event_id))
    assert "已报名，名额已确认" in done.text
    assert "example.org/room" in done.text
    assert venue.states(event_id) == {"ming": "confirmed"}
    hua = small.enter("hua", here)
    assert "名额已满" in hua.page
    assert "已报名" not in hua.page


def test_the_offer_is_taken_on_the_page_once_and_in_time(small: PageOffice) -> None:
    venue = _venue(small)
    event_id = _announce(small, quota=1)
    venue.come(event_id, "a")
    venue.come(event_id, "ming", waits="1")
    with small.database.write() as uow:
        cancel(uow, openid="a", event_id=event_id, at=small.clock.now())
    venue.tend()
    here = f"{HERE}/{event_id}"
    ming = small.enter("ming", here)
    assert "接受名额" in ming.page
    assert "名额归您了" in ming.post(here, do="take").text
    assert "名额归您了" in ming.post(here, do="take").text
    assert "已取消报名" in ming.post(here, do="leave").text
    assert venue.states(event_id)["ming"] == "cancelled"


def test_a_button_pressed_too_late_says_so(small: PageOffice) -> None:
    venue = _venue(small)
    event_id = _announce(small, quota=1)
    venue.come(event_id, "a")
    venue.come(event_id, "ming", waits="1")
    with small.database.write() as uow:
        cancel(uow, openid="a", event_id=event_id, at=small.clock.now())
    venue.tend()
    here = f"{HERE}/{event_id}"
    ming = small.enter("ming", here)
    small.clock.forward(hours=25)
    ming = small.enter("ming", here)
    assert "没有办成" in ming.post(here, do="take").text
    assert venue.states(event_id)["ming"] != "confirmed"


@pytest.mark.parametrize("name", ["0", "999", "x", "1%20or%201", "9" * 30])
def test_no_such_event_is_no_such_page(small: PageOffice, name: str) -> None:
    _announce(small)
    ming = small.enter("ming", HERE)
    assert ming.get(f"{HERE}/{name}").status_code == 404


def test_a_draft_of_staff_and_an_event_long_over_are_not_shown(small: PageOffice) -> None:
    venue = _venue(small)
    event_id = _announce(small)
    small.clock.forward(days=80)
    ming = small.enter("ming", HERE)
    assert "现在没有已公布的活动" in ming.page
    assert ming.get(f"{HERE}/{event_id}").status_code == 404
    assert venue.event(event_id).details.begins_at < small.clock.now() - timedelta(days=60)
