"""Every page of the console by method and path; who may use it stands in permissions.py."""

from __future__ import annotations

from collections.abc import Callable

from starlette.responses import Response

from backend.console.pages import (
    account,
    audit,
    companies,
    declarations,
    enclosed,
    files,
    handoffs,
    labels,
    matching,
    office,
    overview,
    pool,
    prices,
    staff,
    tables,
)
from backend.console.pages.declaration_moves import FORMS
from backend.console.visit import Visit

PAGES: dict[tuple[str, str], Callable[[Visit], Response]] = {
    ("GET", "/login"): account.show_login,
    ("POST", "/login"): account.log_in_by_form,
    ("POST", "/logout"): account.log_out_by_form,
    ("GET", "/password"): account.show_password,
    ("POST", "/password"): account.change_by_form,
    ("GET", "/static/{name}"): files.show_file,
    ("GET", "/"): overview.show_overview,
    ("GET", "/handoffs"): handoffs.show_queue,
    ("GET", "/handoffs/{id}"): handoffs.show_thread,
    ("POST", "/handoffs/{id}/reply"): handoffs.reply_by_form,
    ("POST", "/handoffs/{id}/close"): handoffs.close_by_form,
    ("GET", "/misses"): tables.show_misses,
    ("GET", "/pool"): pool.show_pool,
    ("GET", "/pool/{number}"): pool.show_patent,
    ("GET", "/imports"): tables.show_imports,
    ("GET", "/deliveries"): tables.show_deliveries,
    ("GET", "/declarations"): declarations.show_declarations,
    ("GET", "/declarations/{id}"): declarations.show_declaration,
    ("GET", "/declarations/{id}/papers/{paper}"): enclosed.show_paper,
    ("GET", "/declarations/{id}/files/{file}"): enclosed.show_file,
    **{("POST", f"/declarations/{{id}}/{name}"): page for name, page in FORMS.items()},
    ("GET", "/institutions"): office.show_institutions,
    ("GET", "/institutions/{id}/files/{file}"): enclosed.show_proof,
    ("POST", "/institutions/{id}/decide"): office.decide_by_form,
    ("GET", "/programmes"): office.show_programmes,
    ("POST", "/programmes"): office.open_by_form,
    ("POST", "/programmes/{id}/close"): office.close_by_form,
    ("GET", "/companies"): companies.show_companies,
    ("POST", "/companies/import"): companies.import_by_form,
    ("GET", "/companies/{id}"): companies.show_company,
    ("POST", "/companies/{id}/drop"): companies.drop_by_form,
    ("GET", "/pool/{number}/matching"): matching.show_matching,
    ("POST", "/pool/{number}/classes"): matching.override_by_form,
    ("GET", "/labels"): labels.show_labels,
    ("POST", "/labels"): labels.add_by_form,
    ("POST", "/labels/drop"): labels.drop_by_form,
    ("GET", "/rates"): prices.show_rates,
    ("POST", "/rates/import"): prices.import_by_form,
    ("POST", "/rates/{id}/drop"): prices.drop_by_form,
    ("GET", "/prices"): prices.show_prices,
    ("POST", "/prices/{number}/review"): prices.review_by_form,
    ("GET", "/audit"): audit.show_audit,
    ("GET", "/staff"): staff.show_staff,
    ("POST", "/staff"): staff.add_by_form,
    ("POST", "/staff/{id}/disable"): staff.disable_by_form,
    ("POST", "/staff/{id}/enable"): staff.enable_by_form,
    ("POST", "/staff/{id}/reset"): staff.reset_by_form,
}
