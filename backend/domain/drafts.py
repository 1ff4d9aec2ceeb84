"""A draft: the answers given so far in one guided flow. Position is never stored, it is computed from them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


class Flow(StrEnum):
    """Flows whose end the office acts on (`backend.services.declarations.finishing`). What each `Submit.answers` must hold:

    DECLARE: the answers of the declaration flow; `replaces` (id of an own declaration) where a new one takes its place.
    FILE: declaration (id), receipt_number, filed_on.
    WITHDRAW: declaration (id), reason, holders_agree.
    REPRICE: declaration (id), reason, holders_agree, and the price fields that change: it is withdrawn and declared anew.
    CONVERT: declaration (id of a pilot listing), and the fields a statutory one needs besides.
    BIND: institution, credit_code, contact_name, contact_phone, proof, consent.
    LEAVE: nothing; the follower speaks for no institution any more.
    PROFILE: products, consent, and whatever else the company said of itself (`backend.domain.companies`).
    FORGET: nothing; the company's profile goes.
    SIGN_UP: event (id), contact_name, contact_phone, question_1 and so on, `waits` where the follower was told that they wait.
    FEEDBACK: event (id), question_1 and so on.
    NEED: problem, industry, place_code, budget_yuan (missing: without a bound), ends_on, contact_name, contact_phone, consent.
    """

    DECLARE = "declare"
    FILE = "file"
    WITHDRAW = "withdraw"
    REPRICE = "reprice"
    CONVERT = "convert"
    BIND = "bind"
    LEAVE = "leave"
    PROFILE = "profile"
    FORGET = "forget"
    SIGN_UP = "sign_up"
    FEEDBACK = "feedback"
    NEED = "need"


class Obstacle(StrEnum):
    """What stands against an open license (Implementing Regulations art. 86 (1) to (5)): values of `obstacles`."""

    EXCLUSIVE_LICENSE = "exclusive_license"
    SUSPENSION = "suspension"
    ANNUITY = "annuity"
    PLEDGE = "pledge"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """`subject` tells drafts of one flow apart: an officer keeps one per patent number, anybody else has one (“”).

    `answers` are plain JSON values by step id; `version` is the flow's that wrote them.
    """

    flow: str
    subject: str = ""
    answers: dict[str, Any]
    version: int = 1
    misses: int = 0
    saved_at: datetime | None = None
