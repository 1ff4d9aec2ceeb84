"""Pictures by media id from the platform's API: a limit while streaming, errors by what they mean, no other address."""

from __future__ import annotations

import pytest

from backend.domain.certificates import NotAnImage, TooLarge
from backend.domain.photos import PhotoGone
from backend.domain.ports.sender import TryLater
from backend.store.database import Database
from bot.wechat.media import PlatformMedia
from tests.support.gateway import TOKEN_CALL, Gateway, hanging_up, nobody

GET = "/cgi-bin/media/get"
PICTURE = bytes(range(256)) * 400
MOST = 200_000


@pytest.fixture
def media(gateway: Gateway, shelf: Database) -> PlatformMedia:
    gateway.world.media["photo-1"] = ("image/jpeg", PICTURE)
    return PlatformMedia(gateway.platform(shelf))


def test_a_picture_comes_whole(gateway: Gateway, media: PlatformMedia) -> None:
    assert media.fetch("photo-1", most_bytes=MOST) == PICTURE
    assert media.fetch("photo-1", most_bytes=len(PICTURE)) == PICTURE
    assert gateway.calls[TOKEN_CALL] == 1


def test_more_than_allowed_is_refused_by_its_announced_size(media: PlatformMedia) -> None:
    with pytest.raises(TooLarge):
        media.fetch("photo-1", most_bytes=len(PICTURE) - 1)


def test_more_than_allowed_is_refused_while_it_streams_without_an_announcement(
    gateway: Gateway, media: PlatformMedia
) -> None:
    gateway.trouble[GET] = "endless"
    with pytest.raises(TooLarge) as refused:
        media.fetch("photo-1", most_bytes=MOST)
    assert int(str(refused.value.values["bytes"])) < 2 * MOST


def test_an_id_the_platform_does_not_know_is_gone(media: PlatformMedia) -> None:
    with pytest.raises(PhotoGone):
        media.fetch("photo-2", most_bytes=MOST)


def test_a_token_that_went_bad_is_renewed_once(gateway: Gateway, media: PlatformMedia) -> None:
    media.fetch("photo-1", most_bytes=MOST)
    gateway.world.tokens.clear()
    assert media.fetch("photo-1", most_bytes=MOST) == PICTURE
    assert gateway.calls[TOKEN_CALL] == 2


@pytest.mark.parametrize(
    "trouble", ["500", "page", "redirect", '{"errcode": 45009}', '{"errcode": -1}', '{"errcode": "x"}']
)
def test_what_may_pass_is_tried_later(gateway: Gateway, media: PlatformMedia, trouble: str) -> None:
    gateway.trouble[GET] = trouble
    with pytest.raises(TryLater):
        media.fetch("photo-1", most_bytes=MOST)
    assert "/elsewhere" not in gateway.calls


@pytest.mark.parametrize("words", ['{"video_url": "http://127.0.0.1:9/elsewhere"}', "[]", "null", "no words of ours"])
def test_an_answer_in_words_is_no_picture_and_an_address_in_it_is_not_followed(
    gateway: Gateway, media: PlatformMedia, words: str
) -> None:
    gateway.trouble[GET] = words
    with pytest.raises(NotAnImage):
        media.fetch("photo-1", most_bytes=MOST)


def test_a_platform_that_does_not_answer_is_tried_later(gateway: Gateway, shelf: Database) -> None:
    with pytest.raises(TryLater):
        PlatformMedia(gateway.platform(shelf, address=nobody())).fetch("photo-1", most_bytes=MOST)
    PlatformMedia(gateway.platform(shelf)).platform.token()
    with hanging_up() as address, pytest.raises(TryLater):
        PlatformMedia(gateway.platform(shelf, address=address)).fetch("photo-1", most_bytes=MOST)


def test_a_picture_that_trickles_is_given_up(gateway: Gateway, shelf: Database) -> None:
    gateway.trouble[GET] = "trickle"
    platform = gateway.platform(shelf)
    platform.timeout_s = (3.0, 6.0)
    with pytest.raises(TryLater):
        PlatformMedia(platform, slowest_s=0.3).fetch("photo-1", most_bytes=MOST)


def test_no_error_tells_the_token(gateway: Gateway, media: PlatformMedia) -> None:
    media.fetch("photo-1", most_bytes=MOST)
    (token,) = gateway.world.tokens
    gateway.trouble[GET] = "500"
    with pytest.raises(TryLater) as later:
        media.fetch("photo-1", most_bytes=MOST)
    assert token not in repr(later.value) + str(later.value) + repr(later.value.__context__)
