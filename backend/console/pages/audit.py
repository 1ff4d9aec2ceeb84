"""The audit log, newest first, and whether its chain holds."""

from __future__ import annotations

from starlette.responses import Response

from backend.console.pages.declarations import names_of
from backend.console.visit import Visit


def show_audit(visit: Visit) -> Response:
    """A page of it; with ?verify=1 the whole chain is counted through, which takes a moment."""
    subject = visit.asked("subject", most=64)
    verify = visit.asked("verify") == "1"
    with visit.database.read() as uow:
        found = uow.lists.audit(subject=subject, page=visit.page)
        names = names_of(uow)
        head = uow.audit.head()
        broken = uow.audit.verify() if verify else None
    return visit.show(
        "audit.html", found=found, names=names, subject=subject, verified=verify, broken=broken, head=head
    )
