"""The platform's API on a real socket: one token for everybody, one bounded retry, and what error codes mean."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from backend.domain.ports.sender import ApiRests, ChannelClosed, NoConsent, Refused, TryLater, WindowClosed
from backend.domain.reply import Reply
from backend.store.database import Database
from bot.wechat.client import Platform, PlatformError
from bot.wechat.codes import PICTURE, scene_picture
from bot.wechat.menu import MenuBroken, load_menu, sync_menu
from bot.wechat.sender import PlatformSender
from tests.support.fakes import send_one
from tests.support.gateway import SEND_CALL, TOKEN_CALL, Gateway
from tests.support.threads import together

MENU_CALL = "/cgi-bin/menu/create"


def typing(platform: Platform) -> Any:
    """Some harmless call."""
    return platform.call(lambda client: client.post("message/custom/typing", data={"touser": "o", "command": "Typing"}))


# one token


def test_sixteen_threads_fetch_one_token(gateway: Gateway, database: Database) -> None:
    platform = gateway.platform(database)
    tokens = together(16, lambda _: platform.token())
    assert len(set(tokens)) == 1
    assert gateway.fetches == gateway.world.token_fetches == 1


@pytest.fixture
def databases(database: Database) -> Iterator[list[Database]]:
    """One database as three processes have it open."""
    with ExitStack() as stack:
        held = [database, *(Database(database.url.render_as_string(hide_password=False)) for _ in range(2))]
        for one in held[1:]:
            stack.callback(one.close)
        yield held


def test_three_processes_fetch_one_token(gateway: Gateway, databases: list[Database]) -> None:
    platforms = [gateway.platform(database) for database in databases]
    tokens = together(9, lambda number: platforms[number % 3].token())
    assert len(set(tokens)) == 1
    assert gateway.fetches == 1


def test_a_new_process_finds_the_token_on_the_shelf(gateway: Gateway, database: Database) -> None:
    first = gateway.platform(database).token()
    assert gateway.platform(database).token() == first
    assert gateway.fetches == 1


def test_a_token_is_renewed_before_it_ends(gateway: Gateway, database: Database) -> None:
    platform = gateway.platform(database)
    first = platform.token()
    for clock in (gateway.clock, gateway.world_clock):
        clock.forward(minutes=116)
    assert platform.token() == first
    gateway.clock.forward(minutes=1, seconds=1)
    gateway.world_clock.forward(minutes=5)
    assert platform.token() != first
    assert gateway.fetches == 2


# a bad token


def forgotten(gateway: Gateway) -> None:
    gateway.world.tokens.clear()  # 40001


def expired(gateway: Gateway) -> None:
    gateway.world_clock.forward(hours=3)  # 42001


def disliked(gateway: Gateway) -> None:
    gateway.world.refuse_next["message/custom/send"] = [40014]


@pytest.mark.parametrize("spoil", [forgotten, expired, disliked])
def test_a_bad_token_costs_one_refetch_and_one_retry(
    gateway: Gateway, database: Database, spoil: Callable[[Gateway], None]
) -> None:
    sender = PlatformSender(gateway.platform(database))
    persona = gateway.follower()
    send_one(sender, persona.openid, Reply.of("一"))
    spoil(gateway)
    gateway.world.acted(persona, "text")
    send_one(sender, persona.openid, Reply.of("二"))
    assert [item["text"] for item in persona.items] == ["一", "二"]
    assert (gateway.calls[SEND_CALL], gateway.fetches) == (3, 2)


def test_sixteen_threads_with_a_bad_token_refetch_once(gateway: Gateway, database: Database) -> None:
    platform = gateway.platform(database)
    platform.token()
    gateway.world.tokens.clear()
    answers = together(16, lambda _: typing(platform))
    assert [answer["errcode"] for answer in answers] == [0] * 16
    assert gateway.fetches == 2
    assert gateway.calls["/cgi-bin/message/custom/typing"] <= 32


def test_neighbours_do_not_lend_each_other_bad_tokens(gateway: Gateway, shelf: Database) -> None:
    """Two threads on one Platform: one holds a call open with its token while the other asks with a newer one."""
    platform = gateway.platform(shelf)
    first = platform.token()
    seen: list[str] = []

    def held_open(client: Any) -> None:
        gateway.world.tokens.clear()
        platform.shelf.discard(platform.app_id, first)
        together(1, lambda _: typing(platform))
        seen.append(client.access_token)

    platform.call(held_open)
    assert seen == [first]


@pytest.mark.parametrize("code", [40001, 40014, 42001])
def test_a_token_that_stays_bad_is_given_up_at_once(gateway: Gateway, database: Database, code: int) -> None:
    gateway.world.refuse_next["message/custom/send"] = [code] * 100
    platform = gateway.platform(database)
    persona = gateway.follower()
    with pytest.raises(PlatformError) as caught:
        platform.call(lambda client: client.message.send_text(persona.openid, "x"))
    assert caught.value.code == code
    assert (gateway.calls[SEND_CALL], gateway.fetches) == (2, 2)
    assert persona.items == []


def test_sixteen_threads_whose_token_stays_bad_make_few_calls(gateway: Gateway, shelf: Database) -> None:
    gateway.world.refuse_next["message/custom/send"] = [40001] * 1000
    platform = gateway.platform(shelf)

    def ask(_: int) -> int:
        with pytest.raises(PlatformError) as caught:
            platform.call(lambda client: client.message.send_text("o", "x"))
        return caught.value.code

    assert together(16, ask) == [40001] * 16
    assert gateway.calls[SEND_CALL] == 32
    assert gateway.fetches <= 17


@pytest.mark.parametrize("code", [40125, 40164, -1])
def test_a_refused_fetch_is_asked_once_and_leaves_the_way_free(gateway: Gateway, database: Database, code: int) -> None:
    gateway.world.refuse_next["stable_token"] = [code]
    platform = gateway.platform(database)
    with pytest.raises(PlatformError) as caught:
        platform.token()
    assert (caught.value.code, gateway.fetches) == (code, 1)
    assert gateway.platform(database).token()


def test_a_wrong_secret_is_said_by_its_code(gateway: Gateway, shelf: Database) -> None:
    with pytest.raises(PlatformError) as caught:
        gateway.platform(shelf, secret="another").token()
    assert caught.value.code == 40125


def test_calls_with_a_fixed_host_go_to_the_configured_one(gateway: Gateway, shelf: Database) -> None:
    with pytest.raises(PlatformError):  # the fake does not know this one
        gateway.platform(shelf).call(lambda client: client.customservice.get_accounts())
    assert gateway.calls["/cgi-bin/customservice/getkflist"] == 1


# what error codes mean


@pytest.mark.parametrize(
    ("code", "meaning"),
    [
        *((code, WindowClosed) for code in (45015, 45047)),
        *((code, ApiRests) for code in (45009, 45011, 40164, 48001, 61004)),
        (-1, TryLater),
        (43101, NoConsent),
        *((code, ChannelClosed) for code in (47003, 40037)),
        *((code, Refused) for code in (40003, 43004, 43019, 45002, 48002)),
    ],
)
def test_an_error_code_says_what_becomes_of_the_message(
    gateway: Gateway, shelf: Database, code: int, meaning: type[Exception]
) -> None:
    gateway.world.refuse_next["message/custom/send"] = [code]
    persona = gateway.follower()
    with pytest.raises(meaning) as caught:
        send_one(PlatformSender(gateway.platform(shelf)), persona.openid, Reply.of("x"))
    assert str(caught.value) == f"platform_{code}"
    assert persona.items == []
    if isinstance(caught.value, TryLater):
        assert caught.value.after >= timedelta(minutes=1)
    if isinstance(caught.value, ApiRests):
        assert (caught.value.after is None) == (code == 45009)  # a day's calls are used up: until midnight


def test_a_message_goes_out_harmless(gateway: Gateway, shelf: Database) -> None:
    persona = gateway.follower()
    send_one(PlatformSender(gateway.platform(shelf)), persona.openid, Reply.of("a\x00\ud800\u202eb WeiXin://c"))
    assert [item["text"] for item in persona.items] == ["ab weixin：//c"]


# the menu


def test_our_menu_is_taken_by_the_platform(gateway: Gateway, shelf: Database) -> None:
    sync_menu(gateway.platform(shelf))
    assert gateway.world.menu == load_menu()
    assert gateway.calls[MENU_CALL] == 1


def test_a_menu_the_platform_refuses_is_an_error(gateway: Gateway, shelf: Database) -> None:
    with pytest.raises(PlatformError) as caught:
        gateway.platform(shelf).call(lambda client: client.menu.create({"button": []}))
    assert caught.value.code == 40016
    assert gateway.calls[TOKEN_CALL] == 1


BUTTON = {"type": "click", "name": "找专利", "key": "search.start"}
COLUMN = {"name": "办事", "sub_button": [BUTTON]}
LINK = {"type": "view", "name": "官网", "url": "https://a.cn/"}


@pytest.mark.parametrize(
    "columns",
    [
        None,
        [],
        {},
        "x",
        [COLUMN] * 4,
        ["x"],
        [{"sub_button": [BUTTON]}],
        [COLUMN | {"name": ""}],
        [COLUMN | {"name": "六个汉字太长"}],
        [COLUMN | {"name": 5}],
        [COLUMN | {"sub_button": [BUTTON] * 6}],
        [COLUMN | {"sub_button": [BUTTON | {"name": "a" * 61}]}],
        [COLUMN | {"sub_button": [BUTTON | {"name": ""}]}],
        [COLUMN | {"sub_button": [BUTTON | {"key": "k" * 129}]}],
        [COLUMN | {"sub_button": [BUTTON | {"key": ""}]}],
        [COLUMN | {"sub_button": [{"type": "click", "name": "a"}]}],
        [COLUMN | {"sub_button": [LINK | {"url": "https://a.cn/" + "x" * 1012}]}],
        [BUTTON | {"key": "k" * 129}],
    ],
    ids=range(18),
)
def test_a_menu_beyond_a_limit_is_broken(tmp_path: Path, columns: object) -> None:
    file = tmp_path / "menu.yml"
    file.write_text(yaml.safe_dump(columns, allow_unicode=True), "utf-8")
    with pytest.raises(MenuBroken):
        load_menu(file)


def test_a_menu_at_its_limits_is_fine(tmp_path: Path, gateway: Gateway, shelf: Database) -> None:
    full = {"name": "五个汉字a", "sub_button": [BUTTON | {"name": "许" * 20, "key": "k" * 128}] * 4 + [LINK]}
    columns = [full, full, LINK | {"url": "https://a.cn/" + "x" * 1011}]
    file = tmp_path / "menu.yml"
    file.write_text(yaml.safe_dump(columns, allow_unicode=True), "utf-8")
    gateway.platform(shelf).call(lambda client: client.menu.create({"button": load_menu(file)}))
    assert gateway.world.menu == columns


def test_the_code_of_an_event_has_its_picture_or_none_while_the_platform_is_away(
    gateway: Gateway, shelf: Database
) -> None:
    platform = gateway.platform(shelf)
    assert scene_picture(platform, "ev12") == f"{PICTURE}ticket-ev12"
    assert scene_picture(platform, "x" * 65) == ""
