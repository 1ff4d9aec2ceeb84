"""The phone to which a colleague's own trial messages go."""

from __future__ import annotations

from starlette.responses import Response

from backend.console.visit import Visit
from backend.services.colleagues import show_code


def show_phone(visit: Visit) -> Response:
    return _page(visit)


def code_by_form(visit: Visit) -> Response:
    """A code to send from it, shown once."""
    with visit.database.write() as uow:
        code = show_code(uow, visit.staff, at=visit.now)
    return _page(visit, code=code)


def _page(visit: Visit, *, code: str = "") -> Response:
    with visit.database.read() as uow:
        openid = uow.staff_phones.of(visit.staff.id)
    return visit.show("phone.html", openid=openid, code=code)
