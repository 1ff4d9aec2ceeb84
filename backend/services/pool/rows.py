"""One row of the information table → a Listing, or every problem it has (not only the first); and back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from backend.domain.credit_code import credit_code_holds
from backend.domain.fees import Fee, PaymentMethod, RoyaltyBasis
from backend.domain.listings import Contact, Guidance, HolderType, Listing, Pledge, Suspension, Track
from backend.domain.patent_number import PatentNumber
from backend.domain.patents import PatentKind, requires_evaluation_report
from backend.services.pool.cells import plain, read_cell, write_cell
from backend.services.pool.problems import CellError, RowProblem
from backend.services.pool.table_file import columns, header_of

SOFT = {"cluster_unknown", "place_unknown"}  # reported, and the cell left empty
WHOLE_COUNTRY = {"", "全国", "中国境内", "不限"}
ANYBODY = {"", "不限", "任何单位或者个人", "任何单位或个人"}
Problem = Callable[..., RowProblem]


def read_row(number: int, cells: dict[str, Any], *, today: date) -> tuple[Listing | None, list[RowProblem]]:
    """The listing (None when any problem is fatal) and all problems, warnings included."""
    values: dict[str, Any] = {}
    problems: list[RowProblem] = []
    for column in columns():
        cell = cells.get(column["field"])
        if not plain(cell):
            if column.get("required"):
                problems.append(RowProblem(number, column["header"], "required"))
            continue
        try:
            values[column["field"]] = read_cell(cell, column)
        except CellError as error:
            said = {name: str(value) for name, value in error.values.items()}
            problems.append(RowProblem(number, column["header"], error.code, said, fatal=error.code not in SOFT))
    if any(problem.fatal for problem in problems):
        return None, problems
    listing = build_listing(values)
    problems.extend(check_listing(listing, values, number, today=today))
    return (None if any(problem.fatal for problem in problems) else listing), problems


def build_listing(values: dict[str, Any]) -> Listing:
    """The listing of values read by field of the information table. Raises KeyError where a required one is missing."""
    get = values.get
    holders = values["holders"]
    fee = Fee(
        method=PaymentMethod(values["method"]),
        lump_sum_yuan=get("lump_sum_yuan"),
        instalments=get("instalments", ""),
        entry_fee_yuan=get("entry_fee_yuan"),
        royalty_basis=RoyaltyBasis(values["royalty_basis"]) if "royalty_basis" in values else None,
        royalty_percent=get("royalty_percent"),
        unit_yuan=get("unit_yuan"),
        note=get("fee_note", ""),
    )
    contact = Contact(
        name=get("contact_name", ""),
        phone=get("contact_phone", ""),
        email=get("contact_email", ""),
        public=get("contact_public", False),
    )
    same = (
        "number", "title", "filed_on", "license_ends_on", "granted_on", "ipc_main", "ipc", "industry", "cluster",
        "place_code", "abstract", "scenes", "claims", "maturity", "announcement_number", "announced_on", "license_years",
        "region", "licensee_scope", "evaluation_report", "exclusive_license", "price_publicity", "remark", "credit_code",
    )  # fmt: skip
    return Listing(
        kind=PatentKind(values["kind"]),
        holders=holders,
        track=Track(values["track"]),
        fee=fee,
        contact=contact,
        co_holders_agree=get("co_holders_agree", len(holders) == 1),
        holder_type=HolderType(get("holder_type", "other")),
        guidance=Guidance(values["guidance"]) if "guidance" in values else None,
        suspension=Suspension(get("suspension", "none")),
        pledge=Pledge(get("pledge", "none")),
        **{name: values[name] for name in same if name in values},
    )


def check_listing(listing: Listing, values: dict[str, Any], row: int, *, today: date) -> Iterator[RowProblem]:
    """The rules between columns, each with its article in the wording."""

    def problem(field: str, code: str, *, fatal: bool = True, **said: object) -> RowProblem:
        return RowProblem(row, header_of(field), code, {name: str(value) for name, value in said.items()}, fatal)

    yield from _dates(listing, today, problem)
    yield from _obstacles(listing, values, problem)
    yield from _fee(listing.fee, problem)
    yield from _track(listing, today, problem)
    if listing.credit_code and not credit_code_holds(listing.credit_code):
        yield problem("credit_code", "credit_code", fatal=False)


def _dates(listing: Listing, today: date, problem: Problem) -> Iterator[RowProblem]:
    if PatentNumber(listing.number.split(".")[0]).kind is not listing.kind:
        yield problem("kind", "kind_differs_from_number")
    if listing.filed_on > today:
        yield problem("filed_on", "in_the_future")
        return  # no term can be reckoned from such a day
    if listing.granted_on and not listing.filed_on <= listing.granted_on <= today:
        yield problem("granted_on", "granted_on_impossible")
    if listing.expires_on <= today:
        yield problem("filed_on", "patent_expired", expires_on=listing.expires_on)
    if listing.license_ends_on > listing.expires_on:
        yield problem("license_ends_on", "beyond_term", expires_on=listing.expires_on)
    if listing.license_ends_on < today:
        yield problem("license_ends_on", "license_ended")


def _obstacles(listing: Listing, values: dict[str, Any], problem: Problem) -> Iterator[RowProblem]:
    """Implementing Regulations art. 86, and the consent of all holders."""
    if listing.exclusive_license:
        yield problem("exclusive_license", "exclusive_license")
    if listing.suspension is not Suspension.NONE:
        yield problem("suspension", "suspended")
    if listing.pledge is Pledge.WITHOUT_CONSENT:
        yield problem("pledge", "pledged")
    if len(listing.holders) > 1 and "co_holders_agree" not in values:
        yield problem("co_holders_agree", "co_holders_missing")
    elif not listing.co_holders_agree:
        yield problem("co_holders_agree", "co_holders_disagree")


def _fee(fee: Fee, problem: Problem) -> Iterator[RowProblem]:
    if fee.method is PaymentMethod.LUMP_SUM and not fee.lump_sum_yuan:
        yield problem("lump_sum_yuan", "needed_for_method")
    if fee.method is PaymentMethod.INSTALMENTS and not (fee.lump_sum_yuan or fee.instalments):
        yield problem("instalments", "needed_for_method")
    if fee.method is PaymentMethod.ENTRY_FEE_AND_ROYALTY and not fee.entry_fee_yuan:
        yield problem("entry_fee_yuan", "needed_for_method")
    if fee.method.has_royalty:
        if fee.royalty_basis is None:
            yield problem("royalty_basis", "needed_for_method")
        elif fee.royalty_basis is RoyaltyBasis.UNIT and not fee.unit_yuan:
            yield problem("unit_yuan", "needed_for_method")
        elif fee.royalty_basis is not RoyaltyBasis.UNIT and not fee.royalty_percent:
            yield problem("royalty_percent", "needed_for_method")
    if fee.method is PaymentMethod.FREE and (
        fee.lump_sum_yuan or fee.entry_fee_yuan or fee.royalty_percent or fee.unit_yuan
    ):
        yield problem("method", "free_with_amount")
    if fee.above_cap():
        yield problem("method", "above_cap", fatal=False)


def _track(listing: Listing, today: date, problem: Problem) -> Iterator[RowProblem]:
    """What Patent Law art. 50 asks of a statutory license and a pilot does not."""
    if listing.announced_on and listing.announced_on > today:
        yield problem("announced_on", "in_the_future")
    if listing.track is Track.PILOT:
        return
    if listing.region not in WHOLE_COUNTRY:
        yield problem("region", "statutory_region")
    if listing.licensee_scope not in ANYBODY:
        yield problem("licensee_scope", "statutory_scope")
    if requires_evaluation_report(listing.kind) and not listing.evaluation_report:
        yield problem("evaluation_report", "evaluation_report")
    if not (listing.announcement_number and listing.announced_on):
        yield problem("announcement_number", "not_announced", fatal=False)


def table_row(listing: Listing) -> list[Any]:
    """The cells of a listing in column order."""
    fee, contact = listing.fee, listing.contact
    nested = {
        "method": fee.method,
        "lump_sum_yuan": fee.lump_sum_yuan,
        "instalments": fee.instalments,
        "entry_fee_yuan": fee.entry_fee_yuan,
        "royalty_basis": fee.royalty_basis,
        "royalty_percent": fee.royalty_percent,
        "unit_yuan": fee.unit_yuan,
        "fee_note": fee.note,
        "contact_name": contact.name,
        "contact_phone": contact.phone,
        "contact_email": contact.email,
        "contact_public": contact.public,
    }
    return [
        write_cell(nested[field] if (field := column["field"]) in nested else getattr(listing, field), column)
        for column in columns()
    ]
