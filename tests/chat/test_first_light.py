"""The main job: a signed, encrypted message in, a right answer out."""

from __future__ import annotations

from tests.support.office import Phone


def test_a_new_follower_is_welcomed_and_told_that_nothing_is_pushed(phone: Phone) -> None:
    phone.do("unfollow")
    said = "\n".join(phone.do("follow"))
    assert "欢迎" in said


def test_a_question_about_the_rules_is_answered_with_source_and_date(phone: Phone) -> None:
    said = phone.say("年费减多少")
    assert "15%" in said
    assert "依据：" in said
    assert "截至" in said


def test_a_search_in_own_words_finds_and_says_why(phone: Phone) -> None:
    said = phone.say("有没有免费的锂电池专利")
    assert "锂电池" in said
    assert "演示数据，非真实要约" in said
    assert "免费" in said


def test_the_answer_comes_back_in_the_http_response(phone: Phone) -> None:
    phone.say("你好")
    assert phone.verdicts == ["passive"]
    assert phone.exchanges[0]["posts"][0]["ms"] < 4500
