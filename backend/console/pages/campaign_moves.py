"""What a colleague does with a campaign that is written: each form is one act in one transaction, refused with its reason."""

from __future__ import annotations

from collections.abc import Callable

from starlette.responses import Response

from backend.console.pages.campaign_forms import number_of
from backend.console.pages.campaigns import brief_of, page_of
from backend.console.visit import Refusal, Visit
from backend.domain.briefs import Brief, BriefElsewhere, BriefNotFound
from backend.domain.errors import AssistantError
from backend.outreach import briefs
from backend.store.unit_of_work import UnitOfWork

Work = Callable[[UnitOfWork, Visit, Brief], None]


def _move(work: Work, done: str) -> Callable[[Visit], Response]:
    """A page that does the work on the version that was read, or shows what stood in the way."""

    def page(visit: Visit) -> Response:
        try:
            with visit.database.write() as uow:
                held = uow.briefs.hold(visit.id)
                if number_of(visit.given("version"), held.version) != held.version:
                    raise BriefElsewhere(state=held.state)
                work(uow, visit, held)
        except BriefNotFound:
            raise Refusal(404, "not_found") from None
        except AssistantError as error:
            code = "elsewhere" if error.code == "campaign.elsewhere" else error.code.removeprefix("brief.")
            return page_of(visit, brief_of(visit), problem=code)
        return visit.go(f"/campaigns/{visit.id}?done={done}")

    return page


def _approve(uow: UnitOfWork, visit: Visit, held: Brief) -> None:
    briefs.approve(uow, held, by=visit.staff.actor, at=visit.now)


def _send_back(uow: UnitOfWork, visit: Visit, held: Brief) -> None:
    briefs.send_back(uow, held, reason=visit.given("reason"), by=visit.staff.actor, at=visit.now)


def _take_back(uow: UnitOfWork, visit: Visit, held: Brief) -> None:
    briefs.take_back(uow, held, by=visit.staff.actor, at=visit.now)


def _pause(uow: UnitOfWork, visit: Visit, held: Brief) -> None:
    briefs.hold_up(uow, held, by=visit.staff.actor, at=visit.now)


def _resume(uow: UnitOfWork, visit: Visit, held: Brief) -> None:
    briefs.go_on(uow, held, by=visit.staff.actor, at=visit.now)


def _cancel(uow: UnitOfWork, visit: Visit, held: Brief) -> None:
    briefs.call_off(uow, held, by=visit.staff.actor, at=visit.now)


def _throttle(uow: UnitOfWork, visit: Visit, held: Brief) -> None:
    per_minute = min(number_of(visit.given("per_minute"), 0), briefs.FASTEST)
    briefs.throttle(uow, held, per_minute, by=visit.staff.actor, at=visit.now)


MOVES: dict[str, Callable[[Visit], Response]] = {
    "approve": _move(_approve, "campaign_approved"),
    "send-back": _move(_send_back, "campaign_sent_back"),
    "take-back": _move(_take_back, "campaign_taken_back"),
    "pause": _move(_pause, "campaign_paused"),
    "resume": _move(_resume, "campaign_resumed"),
    "cancel": _move(_cancel, "campaign_cancelled"),
    "throttle": _move(_throttle, "campaign_throttled"),
}
