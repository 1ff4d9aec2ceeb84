"""Reference figures that staff import, and prices worth another look."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from backend.console.pages.companies import take_in, told
from backend.console.visit import Refusal, Visit
from backend.domain.industries import divisions, sections
from backend.services.matching.importing import columns_of, import_rates
from backend.services.matching.price_watch import doubtful_prices, figure, review_price
from backend.store.price_reviews import PriceOutcome

MOST_SHOWN = 100


def show_rates(visit: Visit) -> Response:
    return _rates(visit)


def import_by_form(visit: Visit) -> Response:
    report, refused = take_in(visit, import_rates)
    return _rates(visit, report=report, refused=refused, status=200 if report is not None and report.taken else 422)


def drop_by_form(visit: Visit) -> Response:
    with visit.database.write() as uow:
        if not uow.industry_rates.drop(visit.id):
            raise Refusal(404, "not_found")
        uow.audit.add(visit.staff.actor, "rate.drop", f"industry_rate:{visit.id}", at=visit.now)
    return visit.go("/rates?done=rate_dropped")


def show_prices(visit: Visit) -> Response:
    """Far from what compares first, then a year on the shelf."""
    found = doubtful_prices(visit.house.matcher)
    wording = visit.house.wording
    return visit.show(
        "prices.html",
        found=found[:MOST_SHOWN],
        total=len(found),
        figure=lambda kind, value: figure(kind, value, wording),
        outcomes=list(PriceOutcome),
        done=visit.asked("done"),
    )


def review_by_form(visit: Visit) -> Response:
    number = visit.params["number"].replace("\x00", "")
    outcome = visit.given("outcome")
    if number not in visit.house.matcher.pool().at or outcome not in set(PriceOutcome):
        raise Refusal(404, "not_found")
    with visit.database.write() as uow:
        review_price(uow, number=number, outcome=PriceOutcome(outcome), by=visit.staff.actor, at=visit.now)
    return visit.go("/prices?done=price_reviewed")


def _rates(visit: Visit, *, report: Any = None, refused: str = "", status: int = 200) -> Response:
    with visit.database.read() as uow:
        rates = uow.industry_rates.all()
    names = {code: division.name for code, division in divisions().items()} | sections()
    return visit.show(
        "rates.html",
        status,
        rates=rates,
        industries=names,
        report=report,
        problems=told(visit, report),
        refused=refused,
        headers=[column["header"] for column in columns_of("rate")],
        done=visit.asked("done"),
    )
