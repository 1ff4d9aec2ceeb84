"""What the platform's API may do wrong: nothing hangs, nothing is sent twice, and no secret is ever told."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterator

import pytest

from backend.domain.ports.sender import NotSent, OutcomeUnknown, TryLater
from backend.domain.reply import Reply
from backend.store.database import Database
from bot.wechat.client import PlatformError
from bot.wechat.sender import PlatformSender
from tests.support.fakes import send_one
from tests.support.gateway import SECRET, SEND_CALL, TOKEN_CALL, Gateway, hanging_up, nobody

TROUBLES = ["page", "500", "slow", "redirect", "null", "[]", '"ok"', "1", '{"errcode": "x"}', '{"errcode": null}', "{"]
HOLDERS = [(TOKEN_CALL, trouble) for trouble in TROUBLES] + [(SEND_CALL, trouble) for trouble in TROUBLES]


@pytest.fixture
def elsewhere(request: pytest.FixtureRequest) -> Iterator[str]:
    """An address that does not work: nobody there, no such name, or one that hangs up."""
    if request.param == "hangs up":
        with hanging_up() as address:
            yield address
    else:
        yield nobody() if request.param == "nobody" else "http://no-such-host.invalid"


def test_what_may_have_been_sent_is_unknown_and_not_repeated(gateway: Gateway, shelf: Database) -> None:
    persona = gateway.follower()
    for number, trouble in enumerate(TROUBLES, 1):
        gateway.trouble[SEND_CALL] = trouble
        with pytest.raises(OutcomeUnknown) as caught:
            send_one(PlatformSender(gateway.platform(shelf)), persona.openid, Reply.of("x"))
        assert caught.value.reason == "platform_-1"
        assert gateway.calls[SEND_CALL] == number, trouble


@pytest.mark.parametrize("trouble", [*TROUBLES, "{}", '{"access_token": "t"}', '{"expires_in": 7200}'])
def test_without_a_token_nothing_is_sent_and_it_is_tried_later(gateway: Gateway, shelf: Database, trouble: str) -> None:
    persona = gateway.follower()
    gateway.trouble[TOKEN_CALL] = trouble
    with pytest.raises(TryLater):
        send_one(PlatformSender(gateway.platform(shelf)), persona.openid, Reply.of("x"))
    assert (gateway.fetches, gateway.calls[SEND_CALL]) == (1, 0)
    gateway.trouble.clear()
    send_one(PlatformSender(gateway.platform(shelf)), persona.openid, Reply.of("y"))
    assert [item["text"] for item in persona.items] == ["y"]


@pytest.mark.parametrize(
    ("elsewhere", "meaning"),
    [("nobody", TryLater), ("no name", TryLater), ("hangs up", OutcomeUnknown)],
    indirect=["elsewhere"],
)
def test_a_call_that_never_left_is_tried_later(
    gateway: Gateway, shelf: Database, elsewhere: str, meaning: type[Exception]
) -> None:
    gateway.platform(shelf).token()
    with pytest.raises(meaning):
        send_one(PlatformSender(gateway.platform(shelf, address=elsewhere)), "o", Reply.of("x"))
    assert gateway.fetches == 1


@pytest.mark.parametrize("elsewhere", ["nobody", "no name", "hangs up"], indirect=True)
def test_a_token_that_cannot_be_fetched_is_tried_later(gateway: Gateway, shelf: Database, elsewhere: str) -> None:
    with pytest.raises(TryLater):
        send_one(PlatformSender(gateway.platform(shelf, address=elsewhere)), "o", Reply.of("x"))
    assert gateway.platform(shelf).token()  # the lease is free again


def test_a_redirect_is_not_followed(gateway: Gateway, shelf: Database) -> None:
    gateway.trouble = {TOKEN_CALL: "redirect", SEND_CALL: "redirect"}
    for _ in range(2):
        with pytest.raises((TryLater, OutcomeUnknown)):
            send_one(PlatformSender(gateway.platform(shelf)), "o", Reply.of("x"))
        del gateway.trouble[TOKEN_CALL]
        gateway.platform(shelf).token()
        gateway.trouble[TOKEN_CALL] = "redirect"
    assert gateway.calls["/elsewhere"] == 0


# secrets


def told(error: BaseException) -> str:
    """Everything an exception says: itself, its parts, and its traceback."""
    return "\n".join([str(error), repr(error), repr(error.args), *traceback.format_exception(error)])


@pytest.mark.parametrize(("path", "trouble"), HOLDERS)
def test_no_exception_and_no_log_tells_a_secret(
    gateway: Gateway, shelf: Database, caplog: pytest.LogCaptureFixture, path: str, trouble: str
) -> None:
    token = gateway.platform(shelf).token()
    if path == TOKEN_CALL:
        gateway.platform(shelf).shelf.discard(gateway.world.app_id, token)
    gateway.trouble[path] = trouble
    caplog.set_level(logging.DEBUG)
    with pytest.raises((NotSent, OutcomeUnknown)) as sent:
        send_one(PlatformSender(gateway.platform(shelf)), "o", Reply.of("x"))
    with pytest.raises(PlatformError) as called:
        gateway.platform(shelf).call(lambda client: client.message.send_text("o", "x"))
    words = caplog.text + told(sent.value) + told(called.value)
    for secret in (SECRET, token, gateway.address, "access_token=", "http://"):
        assert secret not in words


@pytest.mark.parametrize("elsewhere", ["nobody", "no name", "hangs up"], indirect=True)
@pytest.mark.parametrize("has_token", [True, False])
def test_a_broken_line_tells_no_secret(
    gateway: Gateway, shelf: Database, caplog: pytest.LogCaptureFixture, elsewhere: str, has_token: bool
) -> None:
    token = gateway.platform(shelf).token() if has_token else "no token"
    caplog.set_level(logging.DEBUG)
    platform = gateway.platform(shelf, address=elsewhere)
    with pytest.raises((TryLater, OutcomeUnknown)) as sent:
        send_one(PlatformSender(platform), "o", Reply.of("x"))
    with pytest.raises(PlatformError) as called:
        platform.call(lambda client: client.message.send_text("o", "x"))
    words = caplog.text + told(sent.value) + told(called.value)
    for secret in (SECRET, token, elsewhere, "http://", "access_token="):
        assert secret not in words


@pytest.mark.parametrize("code", [40001, 40125, 45009, 45015, 43004, -1])
def test_a_refusal_tells_no_secret(
    gateway: Gateway, shelf: Database, caplog: pytest.LogCaptureFixture, code: int
) -> None:
    platform = gateway.platform(shelf)
    token = platform.token()
    gateway.world.refuse_next["message/custom/send"] = [code] * 2
    caplog.set_level(logging.DEBUG)
    with pytest.raises(NotSent) as caught:
        send_one(PlatformSender(platform), gateway.follower().openid, Reply.of("x"))
    words = caplog.text + told(caught.value)
    assert caught.value.reason == f"platform_{code}"
    assert not [secret for secret in (SECRET, token, "http://", "access_token=") if secret in words]


def test_a_good_call_tells_no_secret_in_the_logs(
    gateway: Gateway, shelf: Database, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    persona = gateway.follower()
    platform = gateway.platform(shelf)
    send_one(PlatformSender(platform), persona.openid, Reply.of("x"))
    assert len(persona.items) == 1
    assert not [secret for secret in (SECRET, platform.token(), "access_token=") if secret in caplog.text]
