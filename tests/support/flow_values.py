"""Answers as drafts hold them, for property tests: mostly sensible, sometimes from another time."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from backend.domain.companies import CompanyLabel, CompanySize
from backend.domain.drafts import Flow, Obstacle
from backend.domain.events import SignUpState
from backend.domain.fees import PaymentMethod, RoyaltyBasis
from backend.domain.listings import Guidance, HolderType, Pledge, Track
from backend.domain.patents import PatentKind
from backend.domain.profiles import Profile
from bot.dialogue.flows.attachments import Attached
from bot.dialogue.flows.certificate import ReadField
from bot.dialogue.flows.contact import UseContact
from bot.dialogue.flows.declared import Reason
from bot.dialogue.flows.heard import Frame
from bot.dialogue.flows.patent import RecordField
from tests.support.builders import make_number
from tests.support.declarant import AGREED, NOON, OFFICER, UNIVERSITY, make_view
from tests.support.events import SIZE, VERDICT, WANTED, make_event_view

words = st.text("专利许可散热装置机房噪声，。0123456789", min_size=4, max_size=40)
days = st.dates(date(2005, 1, 1), date(2050, 1, 1)).map(date.isoformat)
sums = st.decimals(Decimal("0.01"), Decimal(10) ** 9, places=2).map(str)


def member(kind: Any) -> st.SearchStrategy[str]:
    return st.sampled_from([str(value) for value in kind])


def some(kind: Any) -> st.SearchStrategy[list[str]]:
    return st.lists(member(kind), unique=True, max_size=3)


FOUND = st.fixed_dictionaries(
    {
        "title": words,
        "kind": member(PatentKind),
        "filed_on": st.just("2021-03-15"),
        "holders": st.sampled_from([[UNIVERSITY], [UNIVERSITY, "别的大学"]]),
    },
    optional={"granted_on": st.just("2023-05-06"), "ipc_main": st.just("H05K7/20")},
)
CONSENT = st.fixed_dictionaries({"purpose": st.just("declaration"), "version": st.just("2026-11"), "at": words})
PRICE: dict[str, st.SearchStrategy[Any]] = {
    "method": member(PaymentMethod),
    "lump_sum_yuan": sums,
    "instalments": words,
    "entry_fee_yuan": sums,
    "royalty_basis": member(RoyaltyBasis),
    "royalty_percent": st.decimals(Decimal("0.01"), 100, places=2).map(str),
    "unit_yuan": sums,
    "fee_note": words,
}
CONTACT: dict[str, st.SearchStrategy[Any]] = {
    "contact_name": words,
    "contact_phone": st.just("13800000000"),
    "contact_email": st.just("ming@example.com"),
    "contact_public": st.booleans(),
}
NUMBERS = st.integers(1, 50).flatmap(
    lambda serial: st.sampled_from([make_number(serial, kind=kind) for kind in PatentKind])
)
READ = st.fixed_dictionaries({"number": NUMBERS}, optional={"title": words, "filed_on": days})
DECLARING: dict[str, st.SearchStrategy[Any]] = {
    "found": FOUND,
    "read": st.none() | READ,
    "reading": some(ReadField),
    "number": NUMBERS,
    "consent": CONSENT,
    "track": member(Track),
    "holder_type": member(HolderType),
    "record": some(RecordField),
    "title": words,
    "kind": member(PatentKind),
    "filed_on": st.just("2021-03-15") | days,
    "granted_on": st.just("2023-05-06") | days,
    "holders": st.lists(words, min_size=1, max_size=3),
    "co_holders_agree": st.just(True),
    "obstacles": st.just([]) | some(Obstacle),
    "pledge": member((Pledge.WITH_CONSENT, Pledge.WITHOUT_CONSENT)),
    "evaluation_report": st.just("WPGBG2023000123"),
    **PRICE,
    "license_ends_on": st.none() | days,
    "license_years": st.none() | st.integers(1, 20),
    "region": words,
    "licensee_scope": words,
    "guidance": member(Guidance),
    "scenes": words,
    "use_contact": member(UseContact),
    "attachments": member(Attached),
    **CONTACT,
}
ON_OWN: dict[str, st.SearchStrategy[Any]] = {
    "declaration": st.integers(6, 9),
    "reason": member(Reason),
    "reason_words": words,
    "holders_agree": st.just(True),
    "effect": st.just(True),
    "anybody": st.just(True),
    "evaluation_report": st.just("WPGBG2023000123"),
    "receipt_number": st.just("CN20261122001"),
    "filed_on": days,
}
BINDING: dict[str, st.SearchStrategy[Any]] = {
    "institution": words,
    "consent": CONSENT,
    "holder_type": member(HolderType),
    "credit_code": st.sampled_from(["91350200MA2YJ1XR9G", "91350203M0001QAY9B"]),
    **CONTACT,
}
COMPANY: dict[str, st.SearchStrategy[Any]] = {
    "products": words,
    "consent": st.fixed_dictionaries({"purpose": st.just("matching"), "version": st.just("2026-11"), "at": words}),
    "division": st.sampled_from(["", "C13", "I65"]),
    "clusters": st.sampled_from([[], ["05"], ["05", "17"]]),
    "place_code": st.sampled_from(["", "420100"]),
    "size": st.just("") | member(CompanySize),
    "labels": some(CompanyLabel),
    "budget_yuan": st.none() | sums,
    "company": words,
}


def partly(values: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[dict[str, Any]]:
    """Any of the answers, and all of them in half of the cases."""
    return st.fixed_dictionaries(values) | st.fixed_dictionaries({}, optional=values)


OWN = {f"question_{position}": st.sampled_from(["", "1", "一位", "想找散热技术"]) for position in range(1, 7)}
SIGNING_UP: dict[str, st.SearchStrategy[Any]] = {
    "event": st.integers(1, 3),
    "consent": st.fixed_dictionaries({"purpose": st.just("events"), "version": st.just("2026-11"), "at": words}),
    "contact_name": words,
    "contact_phone": st.just("13800000000"),
    **OWN,
}
NEEDING: dict[str, st.SearchStrategy[Any]] = {
    "problem": words,
    "consent": CONSENT,
    "industry": st.just("") | words,
    "place_code": st.sampled_from(["", "420100"]),
    "budget_yuan": st.none() | sums,
    "ends_on": st.just("2027-03-31") | days,
    "contact_name": words,
    "contact_phone": st.just("13800000000"),
}
ANSWERS: dict[Flow, st.SearchStrategy[dict[str, Any]]] = {
    Flow.DECLARE: partly(DECLARING),
    Flow.WITHDRAW: partly(ON_OWN),
    Flow.REPRICE: partly(ON_OWN | PRICE | {"reason": words}),
    Flow.FILE: partly(ON_OWN),
    Flow.CONVERT: partly(ON_OWN),
    Flow.BIND: partly(BINDING),
    Flow.LEAVE: partly({"leave": st.just(True)}),
    Flow.PROFILE: partly(COMPANY),
    Flow.FORGET: partly({"forget": st.just(True)}),
    Flow.SIGN_UP: partly(SIGNING_UP),
    Flow.FEEDBACK: partly({"event": st.integers(1, 3), **OWN}),
    Flow.NEED: partly(NEEDING),
}
PROFILES = st.sampled_from(
    [Profile(), Profile(consents=AGREED), OFFICER, replace(OFFICER, pilots=("试点",)), Profile(pilots=("试点",))]
)
VIEWS = st.lists(
    st.builds(
        make_view,
        st.integers(6, 9),
        track=st.sampled_from(Track),
        answers=st.sampled_from(
            [{"kind": "invention"}, {"kind": "design"}, {"kind": "design", "evaluation_report": "A1"}]
        ),
    ),
    max_size=3,
    unique_by=lambda view: view.id,
).map(tuple)
EVENTS = st.lists(
    st.builds(
        make_event_view,
        st.integers(1, 3),
        open=st.booleans(),
        questions=st.lists(st.sampled_from([SIZE, WANTED, VERDICT]), max_size=4, unique_by=lambda one: one.label).map(
            tuple
        ),
        standing=st.none() | st.sampled_from(SignUpState),
    ),
    max_size=3,
    unique_by=lambda view: view.event.id,
).map(tuple)
FRAMES = st.builds(
    Frame,
    events=EVENTS,
    event=st.integers(0, 3),
    today=st.integers(0, 400).map(lambda count: NOON.date() + timedelta(days=count)),
    profile=PROFILES,
    mine=VIEWS,
)
