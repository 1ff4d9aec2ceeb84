"""Synthetic photos through the real reader: numbers exact or absent, whatever way the sheet lies."""

from __future__ import annotations

import random

import pytest

from backend.domain.certificates import Certificate, NoCertificate, TooSmall
from backend.domain.patent_number import PatentNumber
from backend.domain.patents import PatentKind
from backend.ocr.reader import ReaderProcess
from tests.support.certificate_photos import (
    SMALL_WIDTHS,
    WIDTHS,
    cat,
    certificate_photo,
    jpeg,
    photograph,
    turned,
    turned_by_exif,
)
from tests.support.certificates import Truth, draw, draw_notice, make_truth

pytestmark = pytest.mark.timeout(600)  # forty seconds on a free machine; the first test waits for all its photos

PHOTOS = 24
LEAST_EXACT = 0.95
Read = list[tuple[Truth, Certificate]]


@pytest.fixture(scope="module")
def read(reader: ReaderProcess) -> Read:
    """Twenty-four photos, three of each width, the kinds in turn."""
    kinds = list(PatentKind)
    found = []
    for seed in range(PHOTOS):
        photo, truth = certificate_photo(seed, WIDTHS[seed % len(WIDTHS)], kinds[seed % len(kinds)])
        found.append((truth, reader.read_certificate(photo)))
    return found


def test_numbers_are_exact_and_none_is_wrong(read: Read) -> None:
    numbers = [(truth.number, seen.number.value) for truth, seen in read if seen.number]
    assert [(said, got) for said, got in numbers if said != got] == []
    assert len(numbers) >= LEAST_EXACT * PHOTOS


@pytest.mark.parametrize(
    ("name", "least"), [("kind", 24), ("filed_on", 22), ("granted_on", 22), ("title", 18), ("holders", 16)]
)
def test_the_other_fields_are_mostly_right(read: Read, name: str, least: int) -> None:
    """Names hold rare characters and have no check digit: they are proposals, and this is how good they are."""
    right = sum(1 for truth, seen in read if (field := getattr(seen, name)) and field.value == getattr(truth, name))
    assert right >= least


def test_every_field_says_how_sure_it_is(read: Read) -> None:
    for _, seen in read:
        sure = seen.confidences()
        assert sure.keys() == seen.answers().keys()
        assert all(0 < value <= 1 for value in sure.values())


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_sheet_lying_on_its_side_or_head_is_read(reader: ReaderProcess, quarters: int) -> None:
    photo, truth = certificate_photo(900 + quarters, 1000)
    seen = reader.read_certificate(turned(photo, quarters))
    assert seen.number
    assert seen.number.value == truth.number
    assert seen.filed_on
    assert seen.filed_on.value == truth.filed_on


@pytest.mark.parametrize("quarters", [1, 2])
def test_the_telephones_note_about_its_position_is_obeyed(reader: ReaderProcess, quarters: int) -> None:
    photo, truth = certificate_photo(950, 1000)
    seen = reader.read_certificate(turned_by_exif(photo, quarters))
    assert seen.number
    assert seen.number.value == truth.number


def test_a_telephones_full_frame_fits_into_the_readers_memory(reader: ReaderProcess) -> None:
    photo, truth = certificate_photo(960, 2900)
    seen = reader.read_certificate(photo)
    assert seen.number
    assert seen.number.value == truth.number


@pytest.mark.parametrize("width", SMALL_WIDTHS)
def test_too_narrow_a_photo_asks_for_a_better_one(reader: ReaderProcess, width: int) -> None:
    photo, _ = certificate_photo(40 + width, width)
    with pytest.raises(TooSmall) as refused:
        reader.read_certificate(photo)
    assert refused.value.values == {"width": width, "least": 700}


def sheet_saying(printed_number: str, seed: int) -> tuple[bytes, Truth]:
    dice = random.Random(seed)
    truth = make_truth(dice, PatentKind.INVENTION)
    return photograph(draw(truth, dice, 1, printed_number), dice, 1200), truth


@pytest.mark.parametrize("seed", range(2))
def test_a_number_whose_check_digit_is_wrong_is_never_given(reader: ReaderProcess, seed: int) -> None:
    truth = sheet_saying("", seed)[1]
    last = truth.number.official[-1]
    wrong = truth.number.official[:-1] + ("0123456789X".replace(last, ""))[seed * 3 % 10]
    seen = reader.read_certificate(sheet_saying(wrong, seed)[0])
    assert seen.number is None
    assert seen.title, "the rest is still worth confirming"


def test_a_number_of_another_kind_than_the_heading_is_not_given(reader: ReaderProcess) -> None:
    truth = sheet_saying("", 21)[1]
    digits = truth.number.digits[:4] + "2" + truth.number.digits[5:]
    seen = reader.read_certificate(sheet_saying(PatentNumber(digits).official, 21)[0])
    assert seen.kind
    assert seen.kind.value is PatentKind.INVENTION
    assert seen.number is None


def test_the_announcements_number_is_not_taken_for_the_patents(reader: ReaderProcess) -> None:
    photo, truth = sheet_saying("", 22)
    seen = reader.read_certificate(photo)
    assert seen.number is None
    assert seen.granted_on
    assert seen.granted_on.value == truth.granted_on


@pytest.mark.parametrize("seed", range(2))
def test_photos_of_cats(reader: ReaderProcess, seed: int) -> None:
    with pytest.raises(NoCertificate):
        reader.read_certificate(cat(seed))


def test_a_notice_of_acceptance_is_no_certificate(reader: ReaderProcess) -> None:
    """Its application number is right and no patent has been granted on it."""
    with pytest.raises(NoCertificate):
        reader.read_certificate(jpeg(draw_notice(make_truth(random.Random(5)))))
