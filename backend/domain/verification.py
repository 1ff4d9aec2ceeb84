"""Findings about a declaration: each with its article, its evidence and its moment.

What the register does not say is UNKNOWN, and UNKNOWN is never valid: a person decides it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from backend.domain.declarations import State
from backend.domain.drafts import Obstacle
from backend.domain.listings import Listing, Track
from backend.domain.registry import LegalStatus


class CheckId(StrEnum):
    NUMBER = "number"
    KIND = "kind"
    FILING_DATE = "filing_date"
    GRANT = "grant"
    TERM = "term"
    LICENSE_TERM = "license_term"
    REGISTRY = "registry"
    HOLDERS = "holders"
    ANNUITY = "annuity"
    DUPLICATE = "duplicate"
    OBSTACLES = "obstacles"
    CO_HOLDERS = "co_holders"
    REPORT = "report"
    FEE = "fee"
    PROGRAMME = "programme"


class Outcome(StrEnum):
    PASS = "pass"  # noqa: S105 an outcome, not a secret
    FAIL = "fail"
    UNKNOWN = "unknown"


class Article(StrEnum):
    """Where the rule stands; the wording of a check names it in full."""

    NUMBERS = "ZC 0006-2003"
    LAW_14 = "law.14"
    LAW_42 = "law.42"
    LAW_44 = "law.44"
    LAW_47 = "law.47"
    LAW_50 = "law.50"
    RULES_85 = "rules.85"
    RULES_86 = "rules.86"
    RULES_86_1 = "rules.86.1"
    RULES_86_2 = "rules.86.2"
    RULES_86_3 = "rules.86.3"
    RULES_86_4 = "rules.86.4"
    RULES_86_5 = "rules.86.5"
    PILOT_PLAN = "plan.3"
    NOTICE_19 = "notice.19"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One finding. `code` finds its wording where it is not a pass; `evidence` says what it rests on, without persons."""

    id: CheckId
    outcome: Outcome
    article: Article
    code: str = ""
    evidence: dict[str, str] = field(default_factory=dict)
    at: datetime
    by: str = ""  # the staff id of the person who decided what the machine could not; empty for the machine


@dataclass(frozen=True, slots=True)
class Other:
    """Another declaration of the same patent."""

    id: int
    state: State
    track: Track


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What the office knows besides: other declarations of the patent, what the pool shows, obstacles that were named.

    `listed` is what the pool shows of the patent, put there by an import and not by a declaration of ours.
    """

    others: tuple[Other, ...] = ()
    replaces_id: int | None = None
    listed: Listing | None = None
    programme_open: bool = False
    obstacles: tuple[Obstacle, ...] = ()


def failures(checks: Sequence[Check]) -> tuple[Check, ...]:
    return tuple(check for check in checks if check.outcome is Outcome.FAIL)


def open_checks(checks: Sequence[Check]) -> frozenset[CheckId]:
    """What only a person can decide. `checks` are the newest of each kind."""
    return frozenset(check.id for check in checks if check.outcome is Outcome.UNKNOWN)


def steps_to_mend(checks: Sequence[Check]) -> tuple[str, ...]:
    """Which answers to give again, by field of the information table, for the checks that failed."""
    steps: list[str] = []
    for check in failures(checks):
        steps.extend([check.evidence["field"]] if check.code == "fee_gap" else _STEPS.get(check.id, ()))
    return tuple(dict.fromkeys(steps))


_STEPS: dict[CheckId, tuple[str, ...]] = {
    CheckId.NUMBER: ("number",),
    CheckId.KIND: ("kind",),
    CheckId.FILING_DATE: ("filed_on",),
    CheckId.GRANT: ("granted_on",),
    CheckId.LICENSE_TERM: ("license_ends_on",),
    CheckId.OBSTACLES: ("obstacles",),
    CheckId.CO_HOLDERS: ("co_holders_agree",),
    CheckId.REPORT: ("evaluation_report",),
    CheckId.PROGRAMME: ("track",),
}
BAD_STATUS: dict[LegalStatus, Article] = {
    LegalStatus.PENDING: Article.RULES_85,
    LegalStatus.LATE_PERIOD: Article.RULES_86_3,
    LegalStatus.LAPSED: Article.LAW_44,
    LegalStatus.EXPIRED: Article.LAW_42,
    LegalStatus.INVALIDATED: Article.LAW_47,
    LegalStatus.SUSPENDED: Article.RULES_86_2,
}


def codes() -> Iterator[str]:
    """Every code a check can have: the wording has a text for each."""
    yield from (
        "number", "kind", "filing_date", "older_than_number", "not_granted", "grant_date", "grant_unknown", "expired",
        "beyond_term", "license_ended", "registry_silent", "registry_unsure", "registry_stale", "holders_unknown",
        "holders_differ", "annuity_unknown", "annuity_late", "annuity_lapsed", "duplicate", "listed_by_others",
        "exclusive_license", "suspension", "annuity_owed", "pledge", "other_obstacle", "co_holders", "report", "fee_gap",
        "programme_closed",
    )  # fmt: skip
    yield from (f"status.{status}" for status in BAD_STATUS)
