"""What a finished flow does. A confirmed review is never lost: where it cannot be carried out, a person gets it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from backend.domain.deeds import Submit
from backend.domain.drafts import Flow
from backend.domain.errors import AssistantError
from backend.services.declarations.answers import AnswersUnreadable
from backend.services.declarations.office import bind_institution, leave_institution
from backend.services.declarations.submitting import change_price, convert, file, submit, withdraw
from backend.services.events.taking_part import say_how_it_was, sign_up
from backend.services.matching.companies import forget_company, keep_company
from backend.services.needs.posting import post_need
from backend.store.unit_of_work import UnitOfWork

Finish = Callable[[UnitOfWork, str, dict[str, Any], str, datetime], object]


def finish_flow(uow: UnitOfWork, openid: str, deed: Submit, *, at: datetime) -> bool:
    """False where it went to a person instead; the draft stays then, and nothing was done by halves."""
    try:
        with uow.or_nothing():
            FINISH[Flow(deed.flow)](uow, openid, deed.answers, deed.token, at)
    except (AssistantError, KeyError, ValueError, TypeError) as error:
        code = error.code if isinstance(error, AssistantError) else type(error).__name__
        handoff = uow.handoffs.open(openid, at=at)
        uow.handoffs.add_line(handoff, by="", text=f"[{deed.flow}] {code} {deed.answers.get('number', '')}", at=at)
        return False
    uow.drafts.drop(openid, deed.flow, deed.subject)
    return True


def _declaration(answers: dict[str, Any]) -> int:
    try:
        return int(answers["declaration"])
    except (KeyError, TypeError, ValueError) as error:
        raise AnswersUnreadable(field="declaration") from error


def _declare(uow: UnitOfWork, openid: str, answers: dict[str, Any], token: str, at: datetime) -> object:
    return submit(uow, openid=openid, answers=answers, token=token, at=at)


def _file(uow: UnitOfWork, openid: str, answers: dict[str, Any], _token: str, at: datetime) -> object:
    return file(
        uow,
        openid=openid,
        declaration_id=_declaration(answers),
        receipt_number=str(answers["receipt_number"]),
        filed_on=date.fromisoformat(answers["filed_on"]),
        at=at,
    )


def _withdraw(uow: UnitOfWork, openid: str, answers: dict[str, Any], _token: str, at: datetime) -> object:
    return withdraw(
        uow,
        openid=openid,
        declaration_id=_declaration(answers),
        reason=str(answers["reason"]),
        holders_agree=answers.get("holders_agree") is True,
        at=at,
    )


def _reprice(uow: UnitOfWork, openid: str, answers: dict[str, Any], token: str, at: datetime) -> object:
    return change_price(
        uow,
        openid=openid,
        declaration_id=_declaration(answers),
        changes=answers,
        reason=str(answers["reason"]),
        holders_agree=answers.get("holders_agree") is True,
        token=token,
        at=at,
    )


def _convert(uow: UnitOfWork, openid: str, answers: dict[str, Any], token: str, at: datetime) -> object:
    return convert(
        uow,
        openid=openid,
        declaration_id=_declaration(answers),
        changes=answers,
        holders_agree=answers.get("holders_agree") is True,
        token=token,
        at=at,
    )


def _bind(uow: UnitOfWork, openid: str, answers: dict[str, Any], _token: str, at: datetime) -> object:
    return bind_institution(uow, openid=openid, answers=answers, at=at)


def _leave(uow: UnitOfWork, openid: str, _answers: dict[str, Any], _token: str, at: datetime) -> object:
    return leave_institution(uow, openid=openid, at=at)


def _profile(uow: UnitOfWork, openid: str, answers: dict[str, Any], _token: str, at: datetime) -> object:
    return keep_company(uow, openid=openid, answers=answers, at=at)


def _forget(uow: UnitOfWork, openid: str, _answers: dict[str, Any], _token: str, at: datetime) -> object:
    return forget_company(uow, openid=openid, at=at)


def _sign_up(uow: UnitOfWork, openid: str, answers: dict[str, Any], _token: str, at: datetime) -> object:
    return sign_up(uow, openid=openid, event_id=int(answers["event"]), answers=answers, at=at)


def _feedback(uow: UnitOfWork, openid: str, answers: dict[str, Any], _token: str, at: datetime) -> object:
    return say_how_it_was(uow, openid=openid, event_id=int(answers["event"]), answers=answers, at=at)


def _need(uow: UnitOfWork, openid: str, answers: dict[str, Any], _token: str, at: datetime) -> object:
    return post_need(uow, openid=openid, answers=answers, at=at)


FINISH: dict[Flow, Finish] = {
    Flow.DECLARE: _declare,
    Flow.FILE: _file,
    Flow.WITHDRAW: _withdraw,
    Flow.REPRICE: _reprice,
    Flow.CONVERT: _convert,
    Flow.BIND: _bind,
    Flow.LEAVE: _leave,
    Flow.PROFILE: _profile,
    Flow.FORGET: _forget,
    Flow.SIGN_UP: _sign_up,
    Flow.FEEDBACK: _feedback,
    Flow.NEED: _need,
}
