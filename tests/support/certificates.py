"""Patent certificates that were never given out, drawn as the national office prints them: the truth and the sheet.

Three kinds, three layouts, four typefaces, guilloche ground, seal, bar code. Holders and titles are the demonstration
pool's; a number's serial is random, because its digits are what the reader has to tell apart.
"""

from __future__ import annotations

import functools
import math
import random
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from backend.demonstration.load import demonstration_listings
from backend.domain.patent_number import PatentNumber
from backend.domain.patents import PatentKind

SHEET = (1240, 1754)  # A4 at 150 dots an inch
SIMPLIFIED = 2  # the face for China inside Noto's collections
WORDS = {PatentKind.INVENTION: "发明", PatentKind.UTILITY_MODEL: "实用新型", PatentKind.DESIGN: "外观设计"}
YEARS = {PatentKind.INVENTION: "二十年", PatentKind.UTILITY_MODEL: "十年", PatentKind.DESIGN: "十五年"}
DIGITS = {PatentKind.INVENTION: "18", PatentKind.UTILITY_MODEL: "29", PatentKind.DESIGN: "3"}
LETTERS = {PatentKind.INVENTION: "B", PatentKind.UTILITY_MODEL: "U", PatentKind.DESIGN: "S"}
PEOPLE = ("覃江晚", "沈砚之", "周望舒", "欧阳一诺", "李禾", "万嘉树", "吴楚帆", "鲁知远")
STREETS = (
    "湖北省武汉市洪山区珞喻路",
    "湖北省宜昌市西陵区大学路",
    "湖北省襄阳市高新区邓城大道",
    "湖北省荆州市荆州区南环路",
)
Face = ImageFont.FreeTypeFont


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """What stands on the sheet."""

    number: PatentNumber
    kind: PatentKind
    title: str
    holders: tuple[str, ...]
    inventors: tuple[str, ...]
    address: str
    filed_on: date
    granted_on: date
    announcement: str
    serial: str


@functools.cache
def chinese_fonts() -> tuple[Path, ...]:
    """Noto's serif and sans faces for Chinese, whatever is installed of them; says what to do where none is."""
    found: set[str] = set()
    if shutil.which("fc-list"):
        listed = subprocess.run(["fc-list", ":lang=zh-cn", "file"], capture_output=True, text=True, check=False).stdout
        found = {line.split(":")[0].strip() for line in listed.splitlines()}
    found |= {str(path) for path in Path("/usr/share/fonts").rglob("Noto*CJK*.tt[cf]")}
    usable = sorted(Path(name) for name in found if "CJK" in name and "Mono" not in name)
    if not usable:
        message = "no Chinese font for drawing certificates: run tests/prepare.sh (fonts-noto-cjk)"
        raise RuntimeError(message)
    return tuple(usable)


@functools.cache
def face(path: Path, size: int) -> Face:
    return ImageFont.truetype(str(path), size, index=SIMPLIFIED if path.suffix == ".ttc" else 0)


@functools.cache
def _pool() -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((listing.title, listing.holders) for listing in demonstration_listings(date(2026, 1, 1)))


def make_truth(dice: random.Random, kind: PatentKind | None = None) -> Truth:
    """A certificate's facts that fit each other: the number's year is the filing year, the grant one to four years on."""
    kind = kind or dice.choice(list(PatentKind))
    filed = date(2004, 1, 5) + timedelta(days=dice.randrange(365 * 20))
    number = PatentNumber(f"{filed.year}{dice.choice(DIGITS[kind])}{dice.randrange(10**7):07d}")
    title, holders = dice.choice(_pool())
    if dice.random() < 0.25:
        title = f"{title}及{dice.choice(_pool())[0]}"  # long enough to need a second line
    if dice.random() < 0.25:
        holders = tuple(dict.fromkeys((*holders, *dice.choice(_pool())[1])))
    return Truth(
        number=number,
        kind=kind,
        title=title,
        holders=holders,
        inventors=tuple(dice.sample(PEOPLE, dice.randint(1, 6))),
        address=f"430{dice.randrange(1000):03d} {dice.choice(STREETS)}{dice.randint(1, 1999)}号",
        filed_on=filed,
        granted_on=filed + timedelta(days=dice.randint(200, 1500)),
        announcement=f"CN {dice.randrange(10**8, 10**9)} {LETTERS[kind]}",
        serial=str(dice.randrange(10**6, 10**8)),
    )


def rows_of(truth: Truth, layout: int, printed_number: str) -> list[list[tuple[str, str]]]:
    """Rows of (label, value) in the order of the office's print of 2010, 2019 and 2023."""
    word = WORDS[truth.kind]
    makers = "设 计 人" if truth.kind is PatentKind.DESIGN else "发 明 人"
    title = (f"{word}名称", truth.title)
    number = ("专 利 号", printed_number)
    filed = ("专利申请日", f"{truth.filed_on:%Y年%m月%d日}")
    granted = ("授权公告日", f"{truth.granted_on:%Y年%m月%d日}")
    announced = ("授权公告号", truth.announcement)
    holders = ("专 利 权 人", ";".join(truth.holders))
    people = (makers, ";".join(truth.inventors))
    address = ("地    址", truth.address)
    if layout == 0:
        return [[title], [people], [number], [filed], [holders], [granted]]
    if layout == 1:
        return [[title], [people], [number], [filed], [holders], [address], [granted, announced]]
    at_filing = ("申请日时发明人", ";".join(truth.inventors)), ("申请日时申请人", ";".join(truth.holders))
    return [
        [title],
        [holders],
        [address],
        [people],
        [number, announced],
        [filed, granted],
        [at_filing[1]],
        [at_filing[0]],
    ]


def body_of(truth: Truth) -> list[str]:
    """The printed paragraphs, whose words look like labels and are not."""
    word = WORDS[truth.kind]
    granted = (
        f"国家知识产权局依照中华人民共和国专利法进行审查，决定授予专利权，颁发{word}专利证书并在专利登记簿上予以登记。"
        f"专利权自授权公告之日起生效。专利权期限为{YEARS[truth.kind]}，自申请日起算。"
    )
    recorded = (
        "专利证书记载专利权登记时的法律状况。专利权的转移、质押、无效、终止、恢复和专利权人的姓名或名称、国籍、地址变更等事项"
        "记载在专利登记簿上。"
    )
    return [granted, recorded]


def _wrapped(text: str, font: Face, width: int) -> list[str]:
    lines = [""]
    for letter in text:
        if font.getlength(lines[-1] + letter) > width:
            lines.append("")
        lines[-1] += letter
    return lines


def _guilloche(ink: ImageDraw.ImageDraw, dice: random.Random) -> None:
    colour = dice.choice([(244, 222, 214), (222, 236, 222), (238, 230, 208), (220, 228, 240)])
    for family in range(3):
        phase, swing, period = dice.random() * 6, dice.uniform(20, 60), dice.uniform(90, 260)
        for start in range(-60, SHEET[1] + 60, 22):
            points = [(x, start + swing * math.sin(x / period + phase + family)) for x in range(0, SHEET[0] + 20, 20)]
            ink.line(points, fill=colour, width=2)
    ink.rectangle((40, 40, SHEET[0] - 40, SHEET[1] - 40), outline=(170, 120, 60), width=6)
    ink.rectangle((54, 54, SHEET[0] - 54, SHEET[1] - 54), outline=(200, 160, 110), width=2)


def _seal(sheet: Image.Image, dice: random.Random, font: Face) -> Image.Image:
    """The red seal, half transparent, over the foot of the sheet."""
    layer = Image.new("RGBA", sheet.size, (0, 0, 0, 0))
    ink = ImageDraw.Draw(layer)
    red = (200, 20, 30, dice.randint(110, 190))
    x, y, radius = dice.randint(700, 960), dice.randint(1330, 1500), 130
    ink.ellipse((x - radius, y - radius, x + radius, y + radius), outline=red, width=8)
    reach = [50, 20] * 5
    star = [(x + r * math.sin(at * math.pi / 5), y - r * math.cos(at * math.pi / 5)) for at, r in enumerate(reach)]
    ink.polygon(star, fill=red)
    ink.text((x, y + 80), "国家知识产权局", font=font, fill=red, anchor="mm")
    return Image.alpha_composite(sheet.convert("RGBA"), layer).convert("RGB")


def _row(ink: ImageDraw.ImageDraw, row: Sequence[tuple[str, str]], y: int, font: Face, pitch: int) -> int:
    left, right = 150, SHEET[0] - 130
    lowest = y
    for position, (label, value) in enumerate(row):
        x = left + position * (right - left) * 11 // 20
        room = (right - x) if position == len(row) - 1 else (right - left) * 10 // 20
        head = f"{label}："
        ink.text((x, y), head, font=font, fill=(30, 30, 30))
        start = x + int(font.getlength(head))
        for number, line in enumerate(_wrapped(value, font, room - (start - x))):
            ink.text((start, y + number * pitch * 3 // 4), line, font=font, fill=(30, 30, 30))
            lowest = max(lowest, y + number * pitch * 3 // 4)
    return lowest + pitch


def draw(
    truth: Truth, dice: random.Random, layout: int | None = None, printed_number: str | None = None
) -> Image.Image:
    """The printed sheet, upright, 1240 by 1754; `printed_number` stands where the right one should."""
    layout = dice.randrange(3) if layout is None else layout
    path = dice.choice(chinese_fonts())
    size = dice.choice([26, 28, 30])
    text, small, large = face(path, size), face(path, 22), face(path, 64)
    sheet = Image.new("RGB", SHEET, (252, 250, dice.randint(240, 250)))
    ink = ImageDraw.Draw(sheet)
    _guilloche(ink, dice)
    ink.text((150, 110), f"证书号第{truth.serial}号", font=text, fill=(30, 30, 30))
    for bar in range(60):
        if dice.random() < 0.5:
            ink.rectangle((780 + bar * 5, 100, 782 + bar * 5, 150), fill=(20, 20, 20))
    ink.ellipse(
        (SHEET[0] // 2 - 70, 190, SHEET[0] // 2 + 70, 330), fill=(205, 50, 40), outline=(220, 170, 60), width=10
    )
    ink.text((SHEET[0] // 2, 410), f"{WORDS[truth.kind]}专利证书", font=large, fill=(160, 30, 30), anchor="mm")
    y, pitch = 510, dice.choice([64, 70, 76])
    for row in rows_of(truth, layout, truth.number.official if printed_number is None else printed_number):
        y = _row(ink, row, y, text, pitch)
    y += 30
    for paragraph in body_of(truth):
        for line in _wrapped("　　" + paragraph, small, SHEET[0] - 280):
            ink.text((150, y), line, font=small, fill=(50, 50, 50))
            y += 38
    ink.text((150, 1560), "局长", font=text, fill=(30, 30, 30))
    ink.text((150, 1610), "申长雨", font=text, fill=(30, 30, 30))
    ink.text((800, 1610), f"{truth.granted_on:%Y年%m月%d日}", font=text, fill=(30, 30, 30))
    ink.text((SHEET[0] // 2, 1680), "第 1 页 (共 2 页)", font=small, fill=(50, 50, 50), anchor="mm")
    return _seal(sheet, dice, small)


def draw_notice(truth: Truth) -> Image.Image:
    """A notice that an application was taken in: the same number, and no patent."""
    path = chinese_fonts()[0]
    text, large = face(path, 30), face(path, 60)
    sheet = Image.new("RGB", SHEET, (252, 252, 250))
    ink = ImageDraw.Draw(sheet)
    ink.text((SHEET[0] // 2, 300), "专利申请受理通知书", font=large, fill=(20, 20, 20), anchor="mm")
    rows = (
        f"申请号：{truth.number}",
        f"申请日：{truth.filed_on:%Y年%m月%d日}",
        f"申请人：{'；'.join(truth.holders)}",
        f"发明创造名称：{truth.title[:20]}",
    )
    for at, row in enumerate(rows):
        ink.text((150, 500 + 80 * at), row, font=text, fill=(20, 20, 20))
    return sheet
