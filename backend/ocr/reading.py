"""One photo from bytes to a certificate, in the reader's process."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from backend.domain.certificates import Certificate, NoCertificate, Seen, TooSmall
from backend.domain.patent_number import PatentNumber
from backend.ocr.engine import Engine, crop, quarter_turn, variants
from backend.ocr.fields import dates_of, first, holders_of, is_certificate, kind_of, title_of
from backend.ocr.labels import Label, Value, values
from backend.ocr.lines import Line, level, spanning
from backend.ocr.numbers import Beside, Reading, elect
from backend.ocr.picture import LEAST_WIDTH, Pixels, open_picture

LINES_AT_ONCE = 6
LEAST_LINES = 3  # fewer lines are a cat before a shop sign, not a certificate
TRIES = ((0, 2), (2, 5))  # first two more readings of the number's line, then three more
WANTED = (Label.TITLE, Label.NUMBER, Label.FILED, Label.GRANTED, Label.HOLDERS)


def read_certificate(data: bytes, engine: Engine) -> Certificate:
    """Raises NotAnImage, TooLarge, TooSmall or NoCertificate; other exceptions are the reader's own failure."""
    picture = open_picture(data)
    boxes = engine.find(picture)
    sheet, lines = engine.upright(picture, boxes)
    text = _read_down(sheet, lines, engine)
    if not is_certificate(*text) and len(boxes) >= LEAST_LINES:
        sheet, lines = quarter_turn(*quarter_turn(sheet, lines))  # the vote may have been wrong
        text = _read_down(sheet, lines, engine)
    narrow = sheet.shape[1] < LEAST_WIDTH
    if not is_certificate(*text):
        raise TooSmall(width=sheet.shape[1], least=LEAST_WIDTH) if narrow else NoCertificate()
    if narrow:
        raise TooSmall(width=sheet.shape[1], least=LEAST_WIDTH)
    return _certificate(sheet, *text, engine)


def _certificate(sheet: Pixels, lines: Sequence[Line], found: Sequence[Value], engine: Engine) -> Certificate:
    kind = kind_of(lines)
    filed, granted = dates_of(found)
    beside = Beside(kind.value if kind else None, filed.value if filed else None, granted.value if granted else None)
    return Certificate(
        number=_number(sheet, found, beside, engine),
        kind=kind,
        title=title_of(found),
        holders=holders_of(found),
        filed_on=filed,
        granted_on=granted,
    )


def _read_down(sheet: Pixels, lines: Sequence[Line], engine: Engine) -> tuple[list[Line], list[Value]]:
    """Recognise from the top and stop when everything wanted is complete: the printed paragraphs cost half the time."""
    ordered = level(lines)
    read: list[Line] = []
    found: list[Value] = []
    for begin in range(0, len(ordered), LINES_AT_ONCE):
        batch = ordered[begin : begin + LINES_AT_ONCE]
        texts = engine.recognise([crop(sheet, line.quad) for line in batch])
        read += [replace(line, text=text.text, score=text.score) for line, text in zip(batch, texts, strict=True)]
        found = values(read)
        if _complete(found, read):
            break
    return read, found


def _complete(found: Sequence[Value], read: Sequence[Line]) -> bool:
    """Every wanted value is there, and a lower line shows that the last of them does not run on."""
    wanted = [first(found, label) for label in WANTED]
    lowest = [value.lines[-1].middle + value.lines[-1].height for value in wanted if value]
    return len(lowest) == len(WANTED) and any(line.middle > max(lowest) for line in read)


def _number(sheet: Pixels, found: Sequence[Value], beside: Beside, engine: Engine) -> Seen[PatentNumber] | None:
    """The number's line as read once, and again prepared differently until enough readings agree."""
    value = first(found, Label.NUMBER)
    if value is None:
        return None
    readings = [Reading(f"{value.words}:{value.text}", value.score)]
    line = spanning([line.quad for line in value.lines])
    for begin, end in TRIES:
        readings += engine.recognise(variants(sheet, line, begin, end))
        number = elect(readings, beside)
        if number:
            return number
    return None
