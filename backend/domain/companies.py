"""A company that may use a patent: what it makes, where, how large, what it can spend. Its own words come first.

Labels are those the pilot plan names as able to take up a technique (part three, (2)): 高新技术企业, 专精特新, 科技型中小企业.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from backend.domain.errors import AssistantError

CONSENT_PURPOSE = "matching"


class CompanySize(StrEnum):
    """工信部联企业〔2011〕300号 draws the lines by industry; the company says which it is."""

    MICRO = "micro"
    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"


class CompanyLabel(StrEnum):
    """What a company was recognised as; it says so itself, or a staff import does."""

    HIGH_TECH = "high_tech"
    SPECIALISED = "specialised"
    TECH_SME = "tech_sme"


class CompanyNotFound(AssistantError):
    code = "company.not_found"


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """`division` is a code of GB/T 4754 such as C13, `clusters` are two-digit numbers of the 51020 clusters.

    `budget_yuan` is what can be paid before the first use; None where nothing was said. `openid` is empty for a company
    that staff imported; `source` names the file then.
    """

    products: str
    id: int = 0
    openid: str = ""
    name: str = ""
    credit_code: str = ""
    division: str = ""
    clusters: tuple[str, ...] = ()
    place_code: str = ""
    size: CompanySize | None = None
    labels: tuple[CompanyLabel, ...] = ()
    budget_yuan: Decimal | None = None
    source: str = ""
    updated_at: datetime | None = None


def company_of_answers(openid: str, answers: Mapping[str, Any]) -> Company:
    """Raises KeyError, ValueError where the flow's answers are not what they promise."""
    budget = answers.get("budget_yuan")
    size = answers.get("size")
    return Company(
        openid=openid,
        products=str(answers["products"]).strip()[:500],
        name=str(answers.get("company", "")).strip()[:200],
        division=str(answers.get("division", "")),
        clusters=tuple(str(number) for number in answers.get("clusters", ())),
        place_code=str(answers.get("place_code", "")),
        size=CompanySize(size) if size else None,
        labels=tuple(CompanyLabel(label) for label in answers.get("labels", ())),
        budget_yuan=Decimal(str(budget)) if budget not in {None, ""} else None,
    )


def answers_of_company(company: Company) -> dict[str, Any]:
    """The flow's answers that would make this company again: what a change begins with."""
    budget = company.budget_yuan
    return {
        "products": company.products,
        "division": company.division,
        "clusters": list(company.clusters),
        "place_code": company.place_code,
        **({"size": str(company.size)} if company.size else {}),
        "labels": [str(label) for label in company.labels],
        "budget_yuan": None if budget is None else format(budget.normalize(), "f"),
        **({"company": company.name} if company.name else {}),
    }
