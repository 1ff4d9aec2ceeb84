"""The demand survey on a page: both sides, all questions of one side at once, one button."""

from __future__ import annotations

from typing import Any

from starlette.responses import RedirectResponse, Response

from backend.domain.deeds import Agree, AnswerSurvey
from backend.domain.questions import MySurvey, ShowSurvey
from backend.domain.surveys import QuestionKind, Survey, SurveyQuestion, SurveySide
from backend.services.desk import Desk
from backend.services.pages import do
from bot.dialogue.topics.survey import MOST_WORDS, PURPOSE, VERSION
from bot.h5.forms.door import HTML, Door, Visit

HERE = "/h5/survey"


class SurveyPage:
    def __init__(self, door: Door, desk: Desk) -> None:
        self.door, self.desk = door, desk

    def look(self, visit: Visit) -> Response:
        """Which side; or its questions."""
        side = visit.query.get("side", "")
        return self._page(visit, side if side in set(SurveySide) else "", given={})

    def send(self, visit: Visit) -> Response:
        """What was ticked and typed is never lost: an unfinished form comes back with it."""
        survey = self._survey(visit)
        side = visit.sent("side")
        if side not in set(SurveySide):
            return RedirectResponse(HERE, 303)
        given = {question.id: _given(visit, question) for question in survey.sides[SurveySide(side)]}
        answers = {name: value for name, value in given.items() if value}
        if not survey.fits(SurveySide(side), answers):
            return self._page(visit, side, given=answers, status=422)
        deeds = (Agree(PURPOSE, VERSION), AnswerSurvey(survey.id, side, answers))
        do(self.desk.database, visit.openid, deeds, at=visit.at)
        return RedirectResponse(f"{HERE}?sent=yes", 303)

    def _survey(self, visit: Visit) -> Survey:
        survey: Survey = self.desk.answer(ShowSurvey(), visit.openid)
        return survey

    def _page(self, visit: Visit, side: str, *, given: dict[str, Any], status: int = 200) -> Response:
        survey = self._survey(visit)
        questions = survey.sides[SurveySide(side)] if side else ()
        missing = {question.id for question in questions if not question.optional and not given.get(question.id)}
        page = self.door.look.render(
            "forms/survey.html",
            survey=survey,
            side=side,
            questions=questions,
            given=given,
            missing=missing if status != 200 else set(),  # noqa: PLR2004 OK
            before=self.desk.answer(MySurvey(), visit.openid) is not None,
            sent=visit.query.get("sent", "") == "yes",
            most=MOST_WORDS,
            here=HERE,
            home=HERE,
            token=visit.token,
        )
        return Response(page, status, media_type=HTML)


def _given(visit: Visit, question: SurveyQuestion) -> Any:
    """In the shape that the question asks for."""
    sent = visit.form.get(question.id, [])
    if question.kind is QuestionKind.SEVERAL:
        return list(dict.fromkeys(sent))
    return sent[0].replace("\x00", "").strip()[:MOST_WORDS] if sent else ""
