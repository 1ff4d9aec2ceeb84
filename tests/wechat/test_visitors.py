"""Web authorization before the platform's own rules, on a real socket: codes work once, secrets stay out of errors."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from backend.domain.clock import SetClock
from backend.domain.ports.visitors import CodeRefused, PlatformSilent
from backend.services.tokens import TokenShelf
from backend.store.database import Database
from bot.simulator.authorize import Authorizations, authorization_routes
from bot.simulator.platform_api import platform_routes
from bot.simulator.world import World
from bot.wechat.client import Platform
from bot.wechat.visitors import PlatformVisitors
from tests.support.arrivals import noon
from tests.support.gateway import APP_ID, SECRET, hanging_up, nobody
from tests.support.servers import free_port, serving
from tests.support.threads import together


async def fine() -> dict[str, str]:
    return {}


class Account:
    """The simulator's account, its clock in our hand."""

    def __init__(self) -> None:
        self.clock: SetClock = noon()
        self.world = World(app_id=APP_ID, secret=SECRET, now=lambda: self.clock.now().timestamp())
        self.app = FastAPI()
        self.held = Authorizations(self.world)
        self.app.include_router(platform_routes(self.world))
        self.app.include_router(authorization_routes(self.world, self.held))
        self.app.add_api_route("/healthz", fine)
        self.address = ""

    def visitors(self, database: Database, *, address: str = "", secret: str = SECRET) -> PlatformVisitors:
        shelf = TokenShelf(database)
        base = address or self.address
        return PlatformVisitors(Platform(app_id=APP_ID, secret=secret, base_url=base, shelf=shelf, clock=self.clock))


@pytest.fixture
def account() -> Iterator[Account]:
    held = Account()
    with serving(held.app, free_port()) as held.address:
        yield held


def test_a_code_names_its_follower_once(account: Account, shelf: Database) -> None:
    visitors = account.visitors(shelf)
    code = account.held.grant("officer")
    assert visitors.identify(code).openid == account.world.personas["officer"].openid
    with pytest.raises(CodeRefused) as used:
        visitors.identify(code)
    assert used.value.values == {"platform": 40163}


def test_a_code_that_is_none_or_too_old_is_refused(account: Account, shelf: Database) -> None:
    visitors = account.visitors(shelf)
    code = account.held.grant("officer")
    account.clock.forward(minutes=6)
    for wrong in (code, "none", "", "x" * 300):
        with pytest.raises(CodeRefused):
            visitors.identify(wrong)


def test_a_snapshot_visitor_is_nobody_we_know(account: Account, shelf: Database) -> None:
    visitor = account.visitors(shelf).identify(account.held.grant("officer", snapshot=True))
    assert visitor.snapshot
    assert account.world.by_openid(visitor.openid) is None


def test_a_wrong_secret_and_a_platform_that_is_away_are_not_the_visitors_fault(
    account: Account, shelf: Database
) -> None:
    with hanging_up() as away:
        for visitors in (
            account.visitors(shelf, secret="wrong-secret-0815"),
            account.visitors(shelf, address=nobody()),
            account.visitors(shelf, address=away),
        ):
            with pytest.raises(PlatformSilent) as silent:
                visitors.identify(account.held.grant("officer"))
            chain = [silent.value, silent.value.__cause__]
            assert not any("secret" in f"{error!r}" for error in chain)
            assert silent.value.__suppress_context__
    with pytest.raises(PlatformSilent):
        account.visitors(shelf, address=nobody()).ticket()


def test_any_number_of_processes_share_one_ticket(account: Account, shelf: Database) -> None:
    first = account.visitors(shelf).ticket()
    assert first.startswith("jsapi-")
    account.world.refuse_next["ticket/getticket"] = [45009]
    assert set(together(6, lambda _: account.visitors(shelf).ticket())) == {first}
    account.clock.forward(hours=2)
    with pytest.raises(PlatformSilent):
        account.visitors(shelf).ticket()
    assert account.visitors(shelf).ticket() == first


def test_the_authorize_page_asks_who_one_is_and_sends_back_a_code(account: Account, shelf: Database) -> None:
    browser = TestClient(account.app, base_url="http://127.0.0.1:8000", follow_redirects=False)
    asked = {
        "appid": APP_ID,
        "redirect_uri": "http://127.0.0.1:8000/h5/back",
        "response_type": "code",
        "scope": "snsapi_base",
        "state": "abc123",
    }
    page = browser.get("/connect/oauth2/authorize", params=asked)
    assert "persona=officer" in page.text
    back = browser.get("/connect/oauth2/authorize", params=asked | {"persona": "officer"})
    address = back.headers["location"]
    assert address.startswith("http://127.0.0.1:8000/h5/back?code=")
    assert address.endswith("&state=abc123")
    code = address.partition("code=")[2].partition("&")[0]
    assert account.visitors(shelf).identify(code).openid == account.world.personas["officer"].openid
    for wrong in ({"redirect_uri": "http://evil.test/"}, {"appid": "wx2"}, {"state": "a" * 129}, {"scope": "x"}):
        assert (
            browser.get("/connect/oauth2/authorize", params=asked | wrong | {"persona": "officer"}).status_code == 400
        )
