"""What else a conversation may ask of the follower's own: saved queries, needs, the survey. One short transaction each."""

from __future__ import annotations

from functools import singledispatch
from typing import Any

from backend.domain.needs import HolderNeed, NeedMatch, NeedView
from backend.domain.questions import MayAgree, MyNeeds, MySubscriptions, MySurvey, NeedsForMe, ShowSurvey
from backend.domain.saved_queries import SavedQuery
from backend.domain.surveys import Survey
from backend.services.needs.holders import needs_for
from backend.services.needs.introducing import may_agree
from backend.services.surveys import survey_in_force
from backend.store.unit_of_work import UnitOfWork

MOST_MATCHES = 9


@singledispatch
def theirs(question: object, _uow: UnitOfWork, _openid: str) -> Any:
    """What the question's docstring says."""
    raise TypeError(f"nobody answers {type(question).__name__}")


@theirs.register
def _(_question: MySubscriptions, uow: UnitOfWork, openid: str) -> tuple[SavedQuery, ...]:
    return uow.saved_queries.of(openid)


@theirs.register
def _(_question: MyNeeds, uow: UnitOfWork, openid: str) -> tuple[NeedView, ...]:
    return tuple(NeedView(need, _matches(uow, need.id)) for need in uow.needs.of(openid))


def _matches(uow: UnitOfWork, need_id: int) -> tuple[tuple[NeedMatch, str], ...]:
    """Of patents that are still in the pool, best first."""
    matches = uow.needs.matches_of(need_id)
    held = uow.listings.of([match.number for match in matches])
    shown = [(match, held[match.number].listing.title) for match in matches if match.number in held]
    return tuple(shown[:MOST_MATCHES])


@theirs.register
def _(_question: NeedsForMe, uow: UnitOfWork, openid: str) -> tuple[HolderNeed, ...] | None:
    return needs_for(uow, openid) if uow.needs.reads(openid) else None


@theirs.register
def _(question: MayAgree, uow: UnitOfWork, openid: str) -> NeedMatch | None:
    return may_agree(uow, openid, question.match_id)


@theirs.register
def _(_question: ShowSurvey, _uow: UnitOfWork, _openid: str) -> Survey:
    return survey_in_force()


@theirs.register
def _(_question: MySurvey, uow: UnitOfWork, openid: str) -> dict[str, Any] | None:
    return uow.surveys.answered(openid, survey_in_force().id)
