"""How pages look: Jinja templates that escape everything, words of codes from labels.yml, times of Hubei."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from backend.domain.clock import CHINA
from backend.domain.errors import AssistantError
from backend.domain.hubei import places
from backend.domain.patent_number import parse_patent_number
from backend.domain.wording import WordingError, fill, placeholders

HOME = Path(__file__).parent
OPENID_SHOWN = 6
_MOMENT = re.compile(
    r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}(?:\.\d+)?[+-]\d{2}:\d{2}$"
)  # a moment as Python prints it


class Look:
    def __init__(self) -> None:
        self.labels: dict[str, dict[str, str]] = yaml.load(
            (HOME / "labels.yml").read_text("utf-8"), Loader=yaml.CSafeLoader
        )
        self.environment = Environment(
            loader=FileSystemLoader(HOME / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.environment.filters |= {
            "moment": moment,
            "day": day,
            "masked": masked,
            "label": self.label,
            "reason": self.reason,
            "place": place,
            "yuan": yuan,
            "official": official,
            "evidence": self.evidence,
            "plain_words": plain_words,
        }

    def page(self, template: str, status: int = 200, **values: Any) -> HTMLResponse:
        """The rendered template. A value that is missing is an error, never an empty place."""
        return HTMLResponse(self.environment.get_template(template).render(choices=self.labels, **values), status)

    def label(self, value: object, kind: str = "") -> str:
        """The word of an enumeration's value, or of a code of the kind; what is unknown is shown as it is."""
        kind = kind or type(value).__name__
        return self.labels.get(kind, {}).get(str(value), str(value))

    def first_label(self, code: str, *kinds: str) -> str:
        """The word of the code in the first of the kinds that knows it; a code that none knows, as it is."""
        return next((self.labels[kind][code] for kind in kinds if code in self.labels[kind]), code)

    def evidence(self, value: str, name: str) -> str:
        """What a finding rests on: codes as words, moments in Hubei, patent numbers as they are printed."""
        if _MOMENT.match(value):
            return moment(datetime.fromisoformat(value))
        return official(value) if name == "number" else self.label(value, "evidence_value")

    def reason(self, code: str) -> str:
        """Why a delivery did not arrive; the platform's own codes carry their number."""
        if not code:
            return ""
        known = self.labels["reason"].get(code)
        if known:
            return known
        if code.startswith("platform_"):
            return self.labels["reason"]["platform"].format(number=code.removeprefix("platform_"))
        return code


def moment(at: datetime | None) -> str:
    """2026-03-02 12:00, in Hubei."""
    return f"{at.astimezone(CHINA):%Y-%m-%d %H:%M}" if at else ""


def plain_words(template: str) -> str:
    """Words with placeholders as staff read them over: 您好，〔企业〕。What is not yet a template is shown as it is."""
    try:
        return fill(template, {name: f"〔{name}〕" for name in placeholders(template)})
    except WordingError:
        return template


def day(on: date | None) -> str:
    return on.isoformat() if on else ""


def masked(openid: str) -> str:
    """Enough to tell two followers apart on a screen."""
    return f"{openid[:OPENID_SHOWN]}…"


def official(number: str) -> str:
    """As printed on a certificate, ZL 2021 1 0123456.7; what is no patent number is shown as it is."""
    try:
        return parse_patent_number(number).official
    except AssistantError:
        return number


def place(code: str) -> str:
    return places()[code].name if code in places() else code


def yuan(amount: Decimal | None) -> str:
    """12,000.5, without trailing zeros."""
    if amount is None:
        return ""
    text = f"{amount:,.2f}"
    return text.rstrip("0").rstrip(".")
