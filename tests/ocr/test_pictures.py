"""What people and attackers send instead of a photo."""

from __future__ import annotations

import io
import random
import struct
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from backend.domain.certificates import CertificateUnread, NotAnImage, TooLarge, TooSmall
from backend.ocr.engine import Engine
from backend.ocr.picture import LEAST_WIDTH, MOST_BYTES, open_picture
from tests.support.certificate_photos import cat, jpeg


def encoded(kind: str, size: tuple[int, int] = (800, 900), mode: str = "RGB") -> bytes:
    held = io.BytesIO()
    Image.new(mode, size, 128 if mode == "L" else None).save(held, kind)
    return held.getvalue()


def png_claiming(width: int, height: int) -> bytes:
    """A few hundred bytes that unpack to width × height."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack("!I", len(body)) + name + body + struct.pack("!I", zlib.crc32(name + body))

    head = chunk(b"IHDR", struct.pack("!IIBBBBB", width, height, 8, 2, 0, 0, 0))
    body = chunk(b"IDAT", zlib.compress(bytes(1 << 20)))
    return b"\x89PNG\r\n\x1a\n" + head + body + chunk(b"IEND", b"")


NOT_IMAGES = {
    "nothing": b"",
    "text renamed": "ZL202110123456.7 这是一张证书".encode(),
    "pdf": b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<<>>\n%%EOF",
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg" width="900" height="900"><rect width="9" height="9"/></svg>',
    "heic": b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(400),
    "gif": encoded("GIF"),
    "tiff": encoded("TIFF"),
    "icon": encoded("ICO", (128, 128)),
    "postscript": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 900 900\n%%EOF",
    "jpeg's first bytes": b"\xff\xd8\xff\xe0" + bytes(100),
    "zip": b"PK\x03\x04" + bytes(100),
}


@pytest.mark.parametrize("data", NOT_IMAGES.values(), ids=NOT_IMAGES)
def test_what_is_no_picture_is_named_so(data: bytes) -> None:
    with pytest.raises(NotAnImage):
        open_picture(data)


@pytest.mark.parametrize(
    "written", ["JPEG L", "JPEG CMYK", "PNG RGBA", "PNG LA", "PNG 1", "PNG I;16", "WEBP RGB", "BMP RGB"]
)
def test_every_mode_becomes_three_channels(written: str) -> None:
    kind, mode = written.split()
    assert open_picture(encoded(kind, (800, 900), mode)).shape == (900, 800, 3)


def test_what_is_transparent_lies_on_white_paper() -> None:
    held = io.BytesIO()
    Image.new("RGBA", (800, 800), (0, 0, 0, 0)).save(held, "PNG")
    assert int(open_picture(held.getvalue()).min()) == 255


@pytest.mark.parametrize("megabytes", [11, 40])
def test_forty_megabytes_are_refused_unread(megabytes: int) -> None:
    with pytest.raises(TooLarge):
        open_picture(jpeg(Image.new("RGB", (800, 800))) + bytes(megabytes << 20))


@pytest.mark.parametrize(("width", "height"), [(4033, 3024), (20_000, 20_000), (65_000, 65_000), (2**31 - 1, 1)])
def test_a_bomb_is_refused_by_its_header(width: int, height: int) -> None:
    with pytest.raises(TooLarge):
        open_picture(png_claiming(width, height))


def test_a_telephones_full_frame_is_taken() -> None:
    held = io.BytesIO()
    Image.new("RGB", (4032, 3024)).save(held, "JPEG")
    assert open_picture(held.getvalue()).shape == (3024, 4032, 3)


@pytest.mark.parametrize("size", [(1, 1), (32, 32), (LEAST_WIDTH - 1, LEAST_WIDTH - 1)])
def test_a_thumbnail_is_too_small(size: tuple[int, int]) -> None:
    with pytest.raises(TooSmall):
        open_picture(encoded("PNG", size))


@pytest.mark.parametrize("size", [(12_000_000, 1), (60_000, 200), (20_000, 40), (1, 12_000_000)])
def test_a_ribbon_of_a_picture_has_no_text(engine: Engine, size: tuple[int, int]) -> None:
    picture = open_picture(encoded("PNG", size))
    assert engine.find(picture) == []
    assert engine.upright(picture, [])[1] == []


PHOTO = cat(3, (720, 720))


@settings(max_examples=60)
@given(st.integers(0, len(PHOTO) - 3))
def test_a_picture_that_breaks_off_is_none(kept: int) -> None:
    with pytest.raises(NotAnImage):
        open_picture(PHOTO[:kept])


@settings(max_examples=80)
@given(st.integers(0, 2**32), st.integers(1, 40))
def test_flipped_bytes_open_or_are_named(seed: int, flips: int) -> None:
    dice = random.Random(seed)
    data = bytearray(PHOTO)
    for _ in range(flips):
        data[dice.randrange(len(data))] = dice.randrange(256)
    try:
        opened = open_picture(bytes(data))
    except CertificateUnread:
        return
    assert opened.dtype == np.uint8
    assert opened.ndim == 3


@given(st.binary(max_size=2000))
def test_any_bytes_are_named(data: bytes) -> None:
    with pytest.raises(CertificateUnread):
        open_picture(data)


def test_the_limit_is_the_platforms() -> None:
    assert MOST_BYTES == 10 * 1024 * 1024
