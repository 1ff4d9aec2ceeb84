"""One answer set of each; counts, and none that points at somebody."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.deeds import AnswerSurvey
from backend.domain.roles import Role
from backend.domain.surveys import FEWEST, QuestionKind, SurveyOption, SurveyQuestion, SurveySide, tally
from backend.services.followers import erase_due
from backend.services.surveys import answer_survey, survey_in_force, tallied
from backend.store.database import Database
from tests.support.arrivals import NOON, noon, visit
from tests.support.desk_of_staff import open_desk

SURVEY = survey_in_force()
ONE = SurveyQuestion("q", QuestionKind.ONE, "?", tuple(SurveyOption(name, name) for name in "abcd"))


def whole(side: SurveySide = SurveySide.FIRM, **changes: Any) -> dict[str, Any]:
    """The first option of every question."""
    first = {
        question.id: [question.options[0].id] if question.kind is QuestionKind.SEVERAL else question.options[0].id
        for question in SURVEY.sides[side]
        if question.options
    }
    return first | changes


def answer(database: Database, openid: str, side: SurveySide = SurveySide.FIRM, **changes: Any) -> bool:
    deed = AnswerSurvey(SURVEY.id, str(side), whole(side, **changes))
    with database.write() as uow:
        return answer_survey(uow, openid, deed, at=NOON)


def test_one_set_of_each_follower(database: Database) -> None:
    for number in range(6):
        assert answer(database, f"o{number}")
    assert answer(database, "o0", size="large")
    firms = next(side for side in tallied(database, SURVEY) if side.side is SurveySide.FIRM)
    assert firms.n == 6
    size = next(one for one in firms.tallies if one.question.id == "size")
    assert {option.id: count for option, count in size.counts} == {
        "micro": None, "small": 0, "medium": 0, "large": None, "person": 0,
    }  # fmt: skip


@pytest.mark.parametrize(
    "changes", [{"size": "giant"}, {"size": ""}, {"finding": []}, {"finding": ["peers", "peers"]}, {"more": "x"}]
)
def test_answers_that_are_not_whole_are_not_kept(database: Database, changes: dict[str, Any]) -> None:
    assert not answer(database, "o1", **changes)
    with database.read() as uow:
        assert uow.surveys.answered("o1", SURVEY.id) is None


def test_few_are_not_told_at_all(database: Database) -> None:
    for number in range(FEWEST - 1):
        answer(database, f"o{number}", words="我是张三")
    assert [(side.n, side.words) for side in tallied(database, SURVEY)] == [(None, ()), (None, ())]


counts = st.lists(st.sampled_from("abcd"), max_size=40)


@given(chosen=counts)
def test_no_small_count_can_be_read_or_reckoned(chosen: list[str]) -> None:
    told = tally(ONE, [{"q": option} for option in chosen])
    real = {option: chosen.count(option) for option in "abcd"}
    hidden = {option.id for option, count in told.counts if count is None}
    assert all(count in {None, real[option.id]} for option, count in told.counts)
    assert not [option for option, count in real.items() if 0 < count < FEWEST and option not in hidden]
    if told.n is not None:
        assert len({option for option in hidden if real[option]}) != 1 or sum(map(bool, real.values())) == 1


def test_who_is_erased_is_counted_and_not_known(database: Database) -> None:
    for number in range(5):
        answer(database, f"o{number}", words=f"留言{number}")
    visit(database, "o1")
    with database.write() as uow:
        uow.followers.due_for_erasure("o1", NOON)
    assert erase_due(database, noon(), secret="k") == 1
    with database.read() as uow:
        assert uow.surveys.answered("o1", SURVEY.id) is None
        sets = list(uow.surveys.sets(SURVEY.id, "firm"))
    assert len(sets) == 5
    assert "留言1" not in str(sets)
    assert whole() in sets


def test_staff_see_counts_and_take_them_away(database: Database) -> None:
    for number in range(7):
        answer(database, f"o{number}", SurveySide.HOLDER)
    with open_desk(database) as desk:
        person = desk.enter(Role.OPERATOR)
        person.get("/survey")
        assert "专利权人：7 份" in person.words
        assert "企业：答卷不足 5 份" in person.words
        file = person.get("/survey.csv")
        person.get("/needs")
        assert "没有这样的需求" in person.words
    rows = list(csv.reader(io.StringIO(file.text.removeprefix("\ufeff"))))
    assert rows[0] == ["哪一方", "题目", "选项", "人数", "该题作答人数"]
    assert ["专利权人", "您代表哪一类专利权人？", "高校", "7", "7"] in rows
    assert "o1" not in file.text
