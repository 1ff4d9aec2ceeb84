"""The audit log, newest first, and whether its chain holds."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.responses import Response

from backend.console.look import Look, official
from backend.console.pages.declarations import names_of
from backend.console.visit import Visit
from backend.domain.audit import AuditEntry

VALUES: dict[str, tuple[str, ...]] = {
    "declaration": ("State",),
    "institution": ("InstitutionState",),
    "institution_label": ("InstitutionLabel",),
    "staff": ("Role",),
    "event": ("EventState",),
    "sign_up": ("SignUpState",),
    "brief": ("BriefState", "BriefKind", "brief_back"),
    "delivery": ("DeliveryStatus",),
    "patent": ("PriceOutcome",),
}


def show_audit(visit: Visit) -> Response:
    """A page of it; with ?verify=1 the whole chain is counted through, which takes a moment."""
    subject = visit.asked("subject", most=64)
    kind, number = visit.asked("kind"), visit.asked("number", most=40)
    if kind in visit.look.labels["subject"]:
        subject = f"{kind}:{number}"
    verify = visit.asked("verify") == "1"
    with visit.database.read() as uow:
        found = uow.lists.audit(subject=subject, page=visit.page)
        names = names_of(uow)
        head = uow.audit.head()
        broken = uow.audit.verify() if verify else None
    return visit.show(
        "audit.html",
        found=found,
        names=names,
        subject=subject,
        kind=subject.partition(":")[0],
        number=subject.partition(":")[2],
        named=lambda one: subject_of(visit.look, one, names),
        worded=lambda entry, value: value_of(visit.look, entry, value),
        verified=verify,
        broken=broken,
        head=head,
    )


def subject_of(look: Look, subject: str, names: Mapping[str, str]) -> str:
    """“declaration:12” → 声明 #12, “staff:1” → 账号 and the colleague's name."""
    kind, _, number = subject.partition(":")
    word = look.label(kind, "subject")
    if kind == "staff":
        return f"{word} {names.get(number, number)}"
    if kind == "patent":
        return f"{word} {official(number)}"
    return f"{word} #{number}" if number else word


def value_of(look: Look, entry: AuditEntry, value: str) -> str:
    """What an entry says of before or after, in words: states by what they are states of, numbers by the action."""
    kind = entry.subject.partition(":")[0]
    pieces = [look.first_label(piece, *VALUES.get(kind, ())) for piece in value.split(":")]
    shape = look.labels["audit_value"].get(entry.action, "")
    return shape.format(*pieces) if shape.count("{") == len(pieces) else "：".join(pieces)
