"""What a phone makes of a sheet: turned, in perspective, blurred, shaded, noisy, JPEG; and pictures of something else."""

from __future__ import annotations

import io
import math
import random

import cv2
import numpy as np
from PIL import Image, ImageDraw

from backend.domain.patents import PatentKind
from tests.support.certificates import Truth, draw, make_truth

WIDTHS = (700, 760, 860, 1000, 1200, 1600, 2000, 2400)
SMALL_WIDTHS = (500, 680)
Pixels = np.ndarray[tuple[int, ...], np.dtype[np.uint8]]


def jpeg(image: Image.Image, quality: int = 85) -> bytes:
    held = io.BytesIO()
    image.save(held, "JPEG", quality=quality)
    return held.getvalue()


def photograph(sheet: Image.Image, dice: random.Random, width: int, turn_degrees: float = 5) -> bytes:
    """A JPEG `width` pixels wide: within `turn_degrees`, corners up to 3 % off, JPEG quality 50 to 90."""
    noise = np.random.default_rng(dice.randrange(2**32))
    height = round(width * 1.38)
    spare = 0.93 / (math.cos(math.radians(turn_degrees)) + math.sin(math.radians(turn_degrees)) * 0.6)
    inner = height / sheet.height * spare
    angle = math.radians(dice.uniform(-turn_degrees, turn_degrees))
    target = []
    for x, y in ((-1, -1), (1, -1), (1, 1), (-1, 1)):
        across = x * sheet.width / 2 * inner * (1 + dice.uniform(-0.03, 0.03))
        down = y * sheet.height / 2 * inner * (1 + dice.uniform(-0.03, 0.03))
        target.append(
            (
                width / 2 + across * math.cos(angle) - down * math.sin(angle),
                height / 2 + across * math.sin(angle) + down * math.cos(angle),
            )
        )
    corners = np.array([(0, 0), (sheet.width, 0), (sheet.width, sheet.height), (0, sheet.height)], np.float32)
    matrix = cv2.getPerspectiveTransform(corners, np.array(target, np.float32))
    table = tuple(dice.randint(40, 150) for _ in range(3))
    finer = max(1.0, 1 / inner)  # drawn at the sheet's own size, then shrunk by area as a sensor does
    fine = (round(width * finer), round(height * finer))
    enlarge = np.diag([fine[0] / width, fine[1] / height, 1])
    photo = cv2.warpPerspective(np.asarray(sheet), enlarge @ matrix, fine, flags=cv2.INTER_CUBIC, borderValue=table)
    photo = cv2.resize(photo, (width, height), interpolation=cv2.INTER_AREA)
    photo = cv2.GaussianBlur(photo, (0, 0), dice.uniform(0.3, 0.6 + width / 2000))
    ramp_x, ramp_y = dice.uniform(-0.25, 0.25), dice.uniform(-0.25, 0.25)
    across_ramp = np.linspace(-ramp_x, ramp_x, width)[None, :, None]
    down_ramp = np.linspace(-ramp_y, ramp_y, height)[:, None, None]
    lit = photo.astype(np.float32) * (dice.uniform(0.7, 1.0) + across_ramp + down_ramp)
    lit += noise.normal(0, dice.uniform(2, 9), lit.shape)
    return jpeg(Image.fromarray(np.clip(lit, 0, 255).astype(np.uint8)), dice.randint(50, 90))


def certificate_photo(
    seed: int, width: int, kind: PatentKind | None = None, turn_degrees: float = 5
) -> tuple[bytes, Truth]:
    """One photo and what it shows, the same for the same seed."""
    dice = random.Random(seed)
    truth = make_truth(dice, kind)
    return photograph(draw(truth, dice), dice, width, turn_degrees), truth


def turned(photo: bytes, quarters: int) -> bytes:
    """The same picture, a number of quarter turns to the left."""
    return jpeg(Image.open(io.BytesIO(photo)).rotate(90 * quarters, expand=True), 88)


def turned_by_exif(photo: bytes, quarters: int) -> bytes:
    """Pixels turned and the EXIF orientation that turns them back, as phones write them."""
    image = Image.open(io.BytesIO(photo)).rotate(90 * quarters, expand=True)
    exif = Image.Exif()
    exif[0x0112] = {0: 1, 1: 6, 2: 3, 3: 8}[quarters % 4]
    held = io.BytesIO()
    image.save(held, "JPEG", quality=88, exif=exif)
    return held.getvalue()


def cat(seed: int, size: tuple[int, int] = (1080, 1440)) -> bytes:
    """A round face with ears and whiskers before a patterned wall: no certificate."""
    dice = random.Random(seed)
    image = Image.new("RGB", size, tuple(dice.randint(120, 230) for _ in range(3)))
    ink = ImageDraw.Draw(image)
    for x in range(0, size[0], dice.randint(30, 70)):
        ink.line(
            (x, 0, x + dice.randint(-40, 40), size[1]), fill=tuple(dice.randint(90, 200) for _ in range(3)), width=6
        )
    x, y, r = size[0] // 2, size[1] // 2, min(size) // 3
    fur = tuple(dice.randint(40, 200) for _ in range(3))
    for side in (-1, 1):
        ink.polygon(
            [(x + side * r, y - r * 1.4), (x + side * r // 4, y - r * 0.9), (x + side * r, y - r // 4)], fill=fur
        )
    ink.ellipse((x - r, y - r, x + r, y + r), fill=fur)
    for side in (-1, 1):
        ink.ellipse((x + side * r // 2 - r // 6, y - r // 3, x + side * r // 2 + r // 6, y), fill=(220, 220, 60))
        ink.ellipse((x + side * r // 2 - r // 20, y - r // 3, x + side * r // 2 + r // 20, y), fill=(0, 0, 0))
        for step in range(-2, 3):
            ink.line(
                (x + side * r // 4, y + r // 4, x + side * r * 5 // 4, y + r // 4 + step * r // 8),
                fill=(250, 250, 250),
                width=4,
            )
    ink.polygon([(x - r // 10, y + r // 8), (x + r // 10, y + r // 8), (x, y + r // 4)], fill=(230, 120, 130))
    return jpeg(image)
