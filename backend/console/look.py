"""How pages look: Jinja templates that escape everything, words of codes from labels.yml, times of Hubei."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from backend.domain.clock import CHINA
from backend.domain.hubei import places

HOME = Path(__file__).parent
OPENID_SHOWN = 6


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
        }

    def page(self, template: str, status: int = 200, **values: Any) -> HTMLResponse:
        """The rendered template. A value that is missing is an error, never an empty place."""
        return HTMLResponse(self.environment.get_template(template).render(choices=self.labels, **values), status)

    def label(self, value: object, kind: str = "") -> str:
        """The word of an enumeration's value, or of a code of the kind; what is unknown is shown as it is."""
        kind = kind or type(value).__name__
        return self.labels.get(kind, {}).get(str(value), str(value))

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


def day(on: date | None) -> str:
    return on.isoformat() if on else ""


def masked(openid: str) -> str:
    """Enough to tell two followers apart on a screen."""
    return f"{openid[:OPENID_SHOWN]}…"


def place(code: str) -> str:
    return places()[code].name if code in places() else code


def yuan(amount: Decimal | None) -> str:
    """12,000.5, without trailing zeros."""
    if amount is None:
        return ""
    text = f"{amount:,.2f}"
    return text.rstrip("0").rstrip(".")
