"""How public pages look: Jinja templates that escape everything, words of values from labels.yml."""

from __future__ import annotations

import hashlib
import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from backend.domain.fees import Fee
from backend.domain.hubei import places
from backend.domain.patent_number import PatentNumber
from backend.domain.queries import Found
from backend.domain.wording import fill

HOME = Path(__file__).parent
AROUND, LENGTH = 24, 90  # characters before the first word, and in all
_DIALLED = re.compile(r"\+?[0-9][0-9 \-]{4,24}")


class Look:
    """`fingerprint` changes with any template, style or word: part of what tells one answer from another."""

    def __init__(self) -> None:
        self.labels: dict[str, dict[str, str]] = yaml.load(
            (HOME / "labels.yml").read_text("utf-8"), Loader=yaml.CSafeLoader
        )
        self.fingerprint = _fingerprint()
        self.environment = Environment(
            loader=FileSystemLoader(HOME / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.environment.policies["json.dumps_kwargs"] = {"ensure_ascii": False}
        self.environment.filters |= {
            "label": self.label,
            "fee": self.fee,
            "place": place,
            "yuan": yuan,
            "official": official,
            "dialled": dialled,
            "marked": marked,
            "excerpt": excerpt,
        }

    def render(self, template: str, **values: Any) -> str:
        """The page. A value that is missing is an error, never an empty place."""
        return self.environment.get_template(template).render(
            labels=self.labels, fingerprint=self.fingerprint, **values
        )

    def label(self, value: object) -> str:
        """The word of an enumeration's value."""
        return self.labels[type(value).__name__][str(value)]

    def words(self, key: str, **values: str) -> str:
        return fill(self.labels["words"][key], values)

    def fee(self, fee: Fee) -> str:
        """The price in words, by its method."""
        values = {
            "amount": yuan(fee.lump_sum_yuan),
            "entry": yuan(fee.entry_fee_yuan),
            "unit": yuan(fee.unit_yuan),
            "rate": yuan(fee.royalty_percent),
            "basis": self.label(fee.royalty_basis) if fee.royalty_basis else "",
            "plan": fee.instalments,
        }
        return fill(self.labels["fee"][str(fee.method)], values)

    def origin(self, found: Found) -> str:
        """Invented, or vouched for by somebody; empty where both verifications stand behind it."""
        if found.demonstration:
            return self.words("demonstration")
        return self.words("vouched", name=found.vouched_by) if found.vouched_by else ""


def marked(text: str, words: tuple[str, ...]) -> Markup:
    """The text with the words that were found put into <mark>; everything else escaped."""
    if not words:
        return escape(text)
    longest_first = sorted(words, key=len, reverse=True)
    pieces = re.split(f"({'|'.join(map(re.escape, longest_first))})", text, flags=re.IGNORECASE)
    return Markup("").join(
        Markup("<mark>{}</mark>").format(piece) if position % 2 else escape(piece)
        for position, piece in enumerate(pieces)
    )


def excerpt(text: str, words: tuple[str, ...]) -> str:
    """The part of a text around the first word that was found; empty where none stands in it."""
    small = text.lower()
    at = min((small.find(word) for word in words if word in small), default=-1)
    if at < 0:
        return ""
    start = max(0, at - AROUND)
    end = start + LENGTH
    return f"{'…' if start else ''}{text[start:end]}{'…' if end < len(text) else ''}"


def place(code: str) -> str:
    return places()[code].name if code in places() else ""


def yuan(amount: Decimal | None) -> str:
    """12,000.5, without trailing zeros; empty where there is none."""
    if amount is None:
        return ""
    text = f"{amount:,.2f}"
    return text.rstrip("0").rstrip(".")


def official(number: str) -> str:
    """As printed on a certificate."""
    return PatentNumber(number.split(".", maxsplit=1)[0]).official


def dialled(phone: str) -> str:
    """What a telephone can dial; empty where the text is something else."""
    return re.sub(r"[ \-]", "", phone) if _DIALLED.fullmatch(phone) else ""


def on_day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _fingerprint() -> str:
    held = hashlib.sha256()
    for path in sorted(path for path in HOME.rglob("*") if path.suffix in {".html", ".css", ".yml", ".py", ".svg"}):
        held.update(path.read_bytes())
    return held.hexdigest()[:12]
