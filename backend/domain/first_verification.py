"""The first verification: what a machine can check of a declaration. Pure: nothing here looks anything up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from backend.domain.annuities import AnnuityStanding, annuity_due
from backend.domain.clock import day_of
from backend.domain.drafts import Obstacle
from backend.domain.errors import AssistantError
from backend.domain.fees import Fee, PaymentMethod, RoyaltyBasis
from backend.domain.listings import Listing, Pledge, Suspension, Track
from backend.domain.patent_number import WEIGHTS, PatentNumber, parse_patent_number
from backend.domain.patents import requires_evaluation_report
from backend.domain.registry import LegalStatus, PatentRecord
from backend.domain.verification import BAD_STATUS, Article, Check, CheckId, Circumstances, Outcome

REGISTRY_GOOD_FOR = timedelta(days=92)  # bulk tables come out quarterly; what is older says nothing about today
ENTERED_DIGITS = frozenset("89")  # international applications: the filing date is older than the number


@dataclass(frozen=True, slots=True)
class _Case:
    listing: Listing
    record: PatentRecord | None
    around: Circumstances
    at: datetime

    @property
    def today(self) -> date:
        return day_of(self.at)

    def found(self, check: CheckId, outcome: Outcome, article: Article, code: str = "", /, **evidence: object) -> Check:
        said = {name: str(value) for name, value in evidence.items() if value is not None}
        return Check(id=check, outcome=outcome, article=article, code=code, evidence=said, at=self.at)

    def passed(self, check: CheckId, article: Article, **evidence: object) -> Check:
        return self.found(check, Outcome.PASS, article, **evidence)

    def failed(self, check: CheckId, article: Article, code: str, **evidence: object) -> Check:
        return self.found(check, Outcome.FAIL, article, code, **evidence)

    def unknown(self, check: CheckId, article: Article, code: str, **evidence: object) -> Check:
        return self.found(check, Outcome.UNKNOWN, article, code, **evidence)


def first_verification(
    listing: Listing, record: PatentRecord | None, around: Circumstances, *, at: datetime
) -> tuple[Check, ...]:
    """Every check, in the order in which a person reads them. `record` is None where no register knows the number."""
    case = _Case(listing, record, around, at)
    number = _number(case)
    if number.outcome is Outcome.FAIL:
        return (number,)  # nothing can be asked about what is no number
    return (number, *(check(case) for check in _CHECKS))


def _number(case: _Case) -> Check:
    try:
        parse_patent_number(case.listing.number)
    except AssistantError as error:
        return case.failed(CheckId.NUMBER, Article.NUMBERS, "number", found=error.code)
    return case.passed(CheckId.NUMBER, Article.NUMBERS, number=case.listing.number)


def _number_of(case: _Case) -> PatentNumber:
    return PatentNumber(case.listing.number.split(".")[0])


def _kind(case: _Case) -> Check:
    held = [_number_of(case).kind, *([case.record.kind] if case.record else [])]
    if any(kind is not case.listing.kind for kind in held):
        return case.failed(CheckId.KIND, Article.RULES_85, "kind", declared=case.listing.kind, number=held[0])
    return case.passed(CheckId.KIND, Article.RULES_85, kind=case.listing.kind)


def _filing_date(case: _Case) -> Check:
    """The number's year is the year of filing; divided and international applications are older than their number."""
    listing, record, number = case.listing, case.record, _number_of(case)
    if record and record.filed_on:
        if record.filed_on != listing.filed_on:
            return case.failed(
                CheckId.FILING_DATE,
                Article.RULES_85,
                "filing_date",
                declared=listing.filed_on,
                register=record.filed_on,
            )
        return case.passed(CheckId.FILING_DATE, Article.RULES_85, register=record.filed_on, source=record.source)
    if listing.filed_on.year > number.year or listing.filed_on > case.today:
        return case.failed(CheckId.FILING_DATE, Article.RULES_85, "filing_date", declared=listing.filed_on)
    entered = number.digits[4 if len(number.digits) == len(WEIGHTS) else 2] in ENTERED_DIGITS
    if listing.filed_on.year < number.year and not entered:
        return case.unknown(CheckId.FILING_DATE, Article.RULES_85, "older_than_number", declared=listing.filed_on)
    return case.passed(CheckId.FILING_DATE, Article.RULES_85, declared=listing.filed_on)


def _grant(case: _Case) -> Check:
    """Only what is granted and announced can be declared (Implementing Regulations art. 85)."""
    listing, record = case.listing, case.record
    held = record.granted_on if record else None
    if record and record.status is LegalStatus.PENDING:
        return case.failed(CheckId.GRANT, Article.RULES_85, "not_granted", source=record.source)
    if held and listing.granted_on and held != listing.granted_on:
        return case.failed(CheckId.GRANT, Article.RULES_85, "grant_date", declared=listing.granted_on, register=held)
    granted_on = held or listing.granted_on
    if granted_on is None:
        return case.unknown(CheckId.GRANT, Article.RULES_85, "grant_unknown")
    if not listing.filed_on <= granted_on <= case.today:
        return case.failed(CheckId.GRANT, Article.RULES_85, "grant_date", declared=granted_on)
    return case.passed(CheckId.GRANT, Article.RULES_85, granted_on=granted_on, register=held)


def _term(case: _Case) -> Check:
    expires_on = case.listing.expires_on
    if expires_on <= case.today:
        return case.failed(CheckId.TERM, Article.LAW_42, "expired", expires_on=expires_on)
    return case.passed(CheckId.TERM, Article.LAW_42, expires_on=expires_on)


def _license_term(case: _Case) -> Check:
    listing = case.listing
    if listing.license_ends_on > listing.expires_on:
        return case.failed(
            CheckId.LICENSE_TERM,
            Article.LAW_42,
            "beyond_term",
            ends_on=listing.license_ends_on,
            expires_on=listing.expires_on,
        )
    if listing.license_ends_on < case.today:
        return case.failed(CheckId.LICENSE_TERM, Article.RULES_85, "license_ended", ends_on=listing.license_ends_on)
    return case.passed(CheckId.LICENSE_TERM, Article.LAW_42, ends_on=listing.license_ends_on)


def stale(record: PatentRecord, at: datetime) -> bool:
    """True where what the register said is too old to say anything about the day."""
    return record.as_of is None or at - record.as_of > REGISTRY_GOOD_FOR


def _registry(case: _Case) -> Check:
    record = case.record
    if record is None:
        return case.unknown(CheckId.REGISTRY, Article.RULES_86, "registry_silent")
    said = {"status": record.status, "source": record.source, "as_of": record.as_of}
    if record.status in BAD_STATUS:
        return case.failed(CheckId.REGISTRY, BAD_STATUS[record.status], f"status.{record.status}", **said)
    if record.status is LegalStatus.UNKNOWN:
        return case.unknown(CheckId.REGISTRY, Article.RULES_86, "registry_unsure", **said)
    if stale(record, case.at):
        return case.unknown(CheckId.REGISTRY, Article.RULES_86, "registry_stale", **said)
    return case.passed(CheckId.REGISTRY, Article.RULES_86, **said)


def _holders(case: _Case) -> Check:
    """Names change and are spelt differently: a difference is a question for a person, not a refusal."""
    held = case.record.holders if case.record else ()
    if not held:
        return case.unknown(CheckId.HOLDERS, Article.RULES_85, "holders_unknown")
    if {_plain(name) for name in held} != {_plain(name) for name in case.listing.holders}:
        return case.unknown(CheckId.HOLDERS, Article.RULES_85, "holders_differ")
    return case.passed(CheckId.HOLDERS, Article.RULES_85, count=len(held))


def _plain(name: str) -> str:
    return "".join(name.split()).replace("（", "(").replace("）", ")").lower()


def _annuity(case: _Case) -> Check:
    paid_until = case.record.annuity_paid_until if case.record else None
    due = annuity_due(case.listing.kind, case.listing.filed_on, paid_until, case.today)
    said = {"paid_until": paid_until, "year": due.year, "due_on": due.due_on, "late_until": due.late_until}
    if due.standing is AnnuityStanding.UNKNOWN:
        return case.unknown(CheckId.ANNUITY, Article.RULES_86_3, "annuity_unknown")
    if due.standing is AnnuityStanding.LATE:
        money = {"amount_yuan": due.amount_yuan, "surcharge_yuan": due.surcharge_yuan}
        return case.failed(CheckId.ANNUITY, Article.RULES_86_3, "annuity_late", **said, **money)
    if due.standing is AnnuityStanding.LAPSED:
        return case.failed(CheckId.ANNUITY, Article.LAW_44, "annuity_lapsed", **said)
    return case.passed(CheckId.ANNUITY, Article.RULES_86_3, **said)


def _duplicate(case: _Case) -> Check:
    """One declaration of a patent at a time; a new one may take the place of the one it names."""
    others = [other for other in case.around.others if other.id != case.around.replaces_id]
    if others:
        return case.failed(CheckId.DUPLICATE, Article.RULES_85, "duplicate", declaration=others[0].id)
    listed = case.around.listed
    if listed and {_plain(name) for name in listed.holders} != {_plain(name) for name in case.listing.holders}:
        return case.unknown(CheckId.DUPLICATE, Article.RULES_85, "listed_by_others")
    return case.passed(CheckId.DUPLICATE, Article.RULES_85)


def _obstacles(case: _Case) -> Check:
    listing, named = case.listing, case.around.obstacles
    if listing.exclusive_license or Obstacle.EXCLUSIVE_LICENSE in named:
        return case.failed(CheckId.OBSTACLES, Article.RULES_86_1, "exclusive_license")
    if listing.suspension is not Suspension.NONE or Obstacle.SUSPENSION in named:
        return case.failed(CheckId.OBSTACLES, Article.RULES_86_2, "suspension")
    if Obstacle.ANNUITY in named:
        return case.failed(CheckId.OBSTACLES, Article.RULES_86_3, "annuity_owed")
    if listing.pledge is Pledge.WITHOUT_CONSENT:
        return case.failed(CheckId.OBSTACLES, Article.RULES_86_4, "pledge")
    if Obstacle.PLEDGE in named and listing.pledge is not Pledge.WITH_CONSENT:
        return case.failed(CheckId.OBSTACLES, Article.RULES_86_4, "pledge")
    if Obstacle.OTHER in named:
        return case.failed(CheckId.OBSTACLES, Article.RULES_86_5, "other_obstacle")
    return case.passed(CheckId.OBSTACLES, Article.RULES_86, basis="declared")


def _co_holders(case: _Case) -> Check:
    if not case.listing.co_holders_agree:
        return case.failed(CheckId.CO_HOLDERS, Article.LAW_14, "co_holders")
    return case.passed(CheckId.CO_HOLDERS, Article.LAW_14, holders=len(case.listing.holders))


def _report(case: _Case) -> Check:
    listing = case.listing
    needed = listing.track is Track.STATUTORY and requires_evaluation_report(listing.kind)
    if needed and not listing.evaluation_report:
        return case.failed(CheckId.REPORT, Article.LAW_50, "report", kind=listing.kind)
    return case.passed(CheckId.REPORT, Article.LAW_50, needed=needed)


def _fee_gap(fee: Fee) -> str:
    """The field that the payment method needs and the fee does not have; empty where none."""
    if fee.method is PaymentMethod.LUMP_SUM and not fee.lump_sum_yuan:
        return "lump_sum_yuan"
    if fee.method is PaymentMethod.INSTALMENTS and not (fee.lump_sum_yuan or fee.instalments):
        return "instalments"
    if fee.method is PaymentMethod.ENTRY_FEE_AND_ROYALTY and not fee.entry_fee_yuan:
        return "entry_fee_yuan"
    if not fee.method.has_royalty:
        return ""
    if fee.royalty_basis is None:
        return "royalty_basis"
    if fee.royalty_basis is RoyaltyBasis.UNIT:
        return "" if fee.unit_yuan else "unit_yuan"
    return "" if fee.royalty_percent else "royalty_percent"


def _fee(case: _Case) -> Check:
    """How and how much must be clear (Patent Law art. 50); above the general cap is said aloud, and no reason to refuse."""
    gap = _fee_gap(case.listing.fee)
    if gap:
        return case.failed(CheckId.FEE, Article.LAW_50, "fee_gap", field=gap)
    return case.passed(CheckId.FEE, Article.NOTICE_19, above_cap=case.listing.fee.above_cap())


def _programme(case: _Case) -> Check:
    if case.listing.track is Track.STATUTORY:
        return case.passed(CheckId.PROGRAMME, Article.PILOT_PLAN, needed=False)
    if not case.around.programme_open:
        return case.failed(CheckId.PROGRAMME, Article.PILOT_PLAN, "programme_closed")
    return case.passed(CheckId.PROGRAMME, Article.PILOT_PLAN)


_CHECKS: tuple[Callable[[_Case], Check], ...] = (
    _kind,
    _filing_date,
    _grant,
    _term,
    _license_term,
    _registry,
    _holders,
    _annuity,
    _duplicate,
    _obstacles,
    _co_holders,
    _report,
    _fee,
    _programme,
)
