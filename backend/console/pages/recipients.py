"""The recipients of one campaign: how each stands and why, a file of them, and the doubtful ones settled by hand."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import datetime

from starlette.responses import Response, StreamingResponse

from backend.console.pages.campaign_forms import number_of
from backend.console.pages.campaigns import brief_of
from backend.console.visit import Refusal, Visit
from backend.domain.deliveries import DeliveryStatus
from backend.domain.downloads import saved_as
from backend.domain.keyed import keyed
from backend.services.notices import NotInDoubt, settle_unknown
from backend.store.responses import Taken

STEP = 1000
FILE = "recipients.csv"
GROUPS = {
    "unknown": (DeliveryStatus.UNKNOWN,),
    "waiting": (DeliveryStatus.PLANNED, DeliveryStatus.CLAIMED, DeliveryStatus.ASKING),
    "sent": (DeliveryStatus.SENT,),
    "refused": (DeliveryStatus.REFUSED,),
    "suppressed": (DeliveryStatus.SUPPRESSED,),
    "expired": (DeliveryStatus.EXPIRED,),
}


def show_recipients(visit: Visit) -> Response:
    return _page(visit)


def settle_by_form(visit: Visit) -> Response:
    """A colleague found out whether it arrived. Nothing is sent again by this."""
    brief = brief_of(visit)
    delivery_id = number_of(visit.given("delivery"), 0)
    arrived = visit.given("arrived")
    if arrived not in {"yes", "no"}:
        raise Refusal(400, "form")
    with visit.database.read() as uow:
        if not brief.campaign_id or not uow.responses.belongs(delivery_id, brief.campaign_id):
            raise Refusal(404, "not_found")
    try:
        with visit.database.write() as uow:
            settle_unknown(uow, delivery_id=delivery_id, arrived=arrived == "yes", by=visit.staff.actor, at=visit.now)
    except NotInDoubt:
        return _page(visit, problem="settled_already")
    return visit.go(f"/campaigns/{brief.id}/recipients?status=unknown&done=settled")


def save_recipients(visit: Visit) -> Response:
    """Every recipient by the keyed hash that a list may be uploaded with again, without words and without openid."""
    brief = brief_of(visit)
    if visit.params["file"] != FILE or not brief.campaign_id:
        raise Refusal(404, "not_found")
    header = [visit.look.label(name, "recipient_column") for name in COLUMNS]
    headers = saved_as(f"{visit.look.label('recipients', 'recipient_column')}-{brief.id}.csv")
    return StreamingResponse(_lines(visit, brief.campaign_id, header), headers=headers, media_type="text/csv")


COLUMNS = ("key", "status", "channel", "reason", "attempts", "settled_at", "opened_at")


def _lines(visit: Visit, campaign_id: int, header: list[str]) -> Iterator[bytes]:
    yield b"\xef\xbb\xbf" + _row(header)  # so that spreadsheets read it as UTF-8
    for status in DeliveryStatus:
        after: tuple[datetime, int] | None = None
        while True:
            with visit.database.read() as uow:
                step = uow.responses.everybody(campaign_id, status, after=after, limit=STEP)
            if not step:
                break
            after = (step[-1][0], step[-1][1].id)
            yield b"".join(_row(_cells(visit, taken)) for _, taken in step)


def _cells(visit: Visit, taken: Taken) -> list[str]:
    look = visit.look
    filters = look.environment.filters
    return [
        keyed(taken.openid, visit.house.secret),
        look.label(taken.status, "DeliveryStatus"),
        look.label(taken.channel, "Channel"),
        look.reason(taken.reason),
        str(taken.attempts),
        filters["moment"](taken.settled_at),
        filters["moment"](taken.opened_at),
    ]


def _row(cells: list[str]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow([f"'{cell}" if cell[:1] in "=+@" else cell for cell in cells])
    return out.getvalue().encode()


def _page(visit: Visit, *, problem: str = "") -> Response:
    brief = brief_of(visit)
    status = asked if (asked := visit.asked("status")) in GROUPS else "unknown" if problem else "sent"
    with visit.database.read() as uow:
        found = uow.responses.recipients(brief.campaign_id or -1, GROUPS[status], page=visit.page)
        counts = uow.campaigns.counts(brief.campaign_id) if brief.campaign_id else {}
    return visit.show(
        "recipients.html",
        422 if problem else 200,
        brief=brief,
        found=found,
        group=status,
        groups=list(GROUPS),
        counts={name: sum(counts.get(held, 0) for held in group) for name, group in GROUPS.items()},
        file=FILE,
        problem=problem,
        done=visit.asked("done"),
    )
