"""Chinese application and patent numbers with their check digit, and publication numbers.

An application number is eight or twelve digits and a check digit; a patent number is the same behind “ZL”.
Eight digits (before 2003-10-01): year 2, kind 1, serial 5. Twelve: year 4, kind 1, serial 7. The check digit is the
weighted sum modulo 11 with weights 2..9 then 2..5; ten is written X (standard ZC 0006-2003 of the national office).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from backend.domain.errors import AssistantError
from backend.domain.patents import PatentKind

WEIGHTS = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)
KIND_BY_DIGIT = {
    "1": PatentKind.INVENTION,
    "2": PatentKind.UTILITY_MODEL,
    "3": PatentKind.DESIGN,
    "8": PatentKind.INVENTION,  # international application entered for an invention
    "9": PatentKind.UTILITY_MODEL,  # international application entered for a utility model
}
_CORE = re.compile(r"(?:ZL|CN)?((?:19|20)\d{2}[12389]\d{7}|[089]\d[12389]\d{5})([\dX])?")
_PUBLICATION = re.compile(r"CN(\d{7}|\d{9})([ABCUYSD])\d?")


class NotAPatentNumber(AssistantError):
    """The text does not have the shape of a number."""

    code = "patent_number.shape"


class WrongCheckDigit(AssistantError):
    """The shape is right and the check digit is not: a typing error."""

    code = "patent_number.check_digit"


class CheckDigitMissing(AssistantError):
    """Digits without their check digit; `full` is what the number would be."""

    code = "patent_number.check_digit_missing"


class PublicationNumber(AssistantError):
    """A publication number was given where a patent number is asked for."""

    code = "patent_number.publication"


def check_digit(digits: str) -> str:
    """The check digit of eight or twelve digits: “0” to “9” or “X”."""
    total = sum(int(digit) * weight for digit, weight in zip(digits, WEIGHTS, strict=False))
    return "X" if total % 11 == 10 else str(total % 11)  # noqa: PLR2004 ten has no digit


@dataclass(frozen=True, slots=True, order=True)
class PatentNumber:
    """An application number whose check digit is right. `str()` prints it as “202110123456.7”."""

    digits: str

    @property
    def kind(self) -> PatentKind:
        return KIND_BY_DIGIT[self.digits[-8] if len(self.digits) == len(WEIGHTS) else self.digits[2]]

    @property
    def year(self) -> int:
        """Year of filing."""
        if len(self.digits) == len(WEIGHTS):
            return int(self.digits[:4])
        return (1900 if self.digits[0] in "89" else 2000) + int(self.digits[:2])

    @property
    def official(self) -> str:
        """As printed on a certificate: ZL 2021 1 0123456.7."""
        if len(self.digits) == len(WEIGHTS):
            return f"ZL {self.digits[:4]} {self.digits[4]} {self.digits[5:]}.{check_digit(self.digits)}"
        return f"ZL {self.digits[:2]} {self.digits[2]} {self.digits[3:]}.{check_digit(self.digits)}"

    def __str__(self) -> str:
        return f"{self.digits}.{check_digit(self.digits)}"


def tidy(text: str) -> str:
    """Full width to half, upper case, without blanks, dots and dashes: the form in which numbers are compared."""
    return re.sub(r"[\s.,·・。．\-_/]", "", unicodedata.normalize("NFKC", text).upper())


def parse_patent_number(text: str) -> PatentNumber:
    """Read one whole number, however it is spaced, dotted or prefixed.

    Raises NotAPatentNumber, PublicationNumber, CheckDigitMissing or WrongCheckDigit.
    """
    compact = tidy(text)
    publication = _PUBLICATION.fullmatch(compact)
    if publication:
        raise PublicationNumber(number=compact)
    match = _CORE.fullmatch(compact)
    if not match:
        raise NotAPatentNumber(number=text.strip()[:40])
    digits, given = match.groups()
    right = check_digit(digits)
    if given is None:
        raise CheckDigitMissing(number=compact, full=f"{digits}.{right}")
    if given != right:
        raise WrongCheckDigit(number=f"{digits}.{given}")
    return PatentNumber(digits)
