"""Bytes from outside become pixels, or a named refusal, before anything large is decoded."""

from __future__ import annotations

import io
import warnings

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from backend.domain.certificates import NotAnImage, TooLarge, TooSmall

Pixels = NDArray[np.uint8]  # height × width × 3, blue first, as the engine wants it

MOST_BYTES = 10 * 1024 * 1024  # the platform's own limit for pictures
MOST_PIXELS = 4032 * 3024  # the commonest telephone's full frame, 12.2 million
LEAST_WIDTH = 700  # below it digits of the usual sheet are under twelve pixels high
FORMATS = ("JPEG", "PNG", "WEBP", "BMP")  # what phones and the platform send; no animations, no documents


def open_picture(data: bytes) -> Pixels:
    """Upright by its EXIF note, without transparency. Raises NotAnImage, TooLarge or TooSmall.

    The header alone decides about size, so a bomb is refused before it is unpacked.
    """
    if len(data) > MOST_BYTES:
        raise TooLarge(bytes=len(data), most=MOST_BYTES)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # our own limit is lower and comes next
            picture = Image.open(io.BytesIO(data), formats=FORMATS)
            width, height = picture.size
            if width * height > MOST_PIXELS:
                raise TooLarge(pixels=width * height, most=MOST_PIXELS)
            if max(width, height) < LEAST_WIDTH:
                raise TooSmall(width=min(width, height), least=LEAST_WIDTH)
            picture.load()
            upright = ImageOps.exif_transpose(picture)
    except Image.DecompressionBombError:
        raise TooLarge(most=MOST_PIXELS) from None
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, KeyError, IndexError, ArithmeticError):
        # Pillow's decoders answer broken files with all of these; none of them says more than “broken”.
        raise NotAnImage from None
    return _flat(upright)


def _flat(picture: Image.Image) -> Pixels:
    if "A" in picture.getbands() or "transparency" in picture.info:
        paper = Image.new("RGBA", picture.size, (255, 255, 255, 255))
        picture = Image.alpha_composite(paper, picture.convert("RGBA"))
    return np.asarray(cv2.cvtColor(np.asarray(picture.convert("RGB")), cv2.COLOR_RGB2BGR), dtype=np.uint8)
