"""What is stored as JSON comes back as it was, and names of another release are left out."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.clock import CHINA
from backend.domain.listings import Track
from backend.domain.patents import PatentKind
from backend.domain.queries import Condition, PatentQuery, Sort
from backend.domain.reply import Reply, ReplyKind
from bot.dialogue.incoming import Incoming, Kind
from bot.dialogue.state import State

words = st.text(max_size=20)
names = st.tuples() | st.lists(words, max_size=5).map(tuple)
sums = st.none() | st.decimals(0, 10**12, allow_nan=False, allow_infinity=False)
kinds = st.none() | st.sampled_from(PatentKind)
queries = st.builds(
    PatentQuery, words=words, context=words, phrase=words, title=words, without_words=words, without_places=names,
    cluster=words, track=st.none() | st.sampled_from(Track),
    place_code=words, kind=kinds, without_kind=kinds, free=st.booleans(), min_upfront_yuan=sums,
    max_upfront_yuan=sums, ipc=words, holder=words, sort=st.sampled_from(Sort),
)  # fmt: skip
states = st.builds(
    State, query=st.none() | queries.map(PatentQuery.dump), page=st.integers(0, 99), shown=names, card=words, entry=words,
    choices=names, asked=words, misses=st.integers(0, 9), rest=words, with_person=st.booleans(),
)  # fmt: skip
moments = st.datetimes(timezones=st.sampled_from([UTC, CHINA]))
details = st.dictionaries(words, words | st.integers() | st.booleans() | st.none(), max_size=4)
arrivals = st.builds(Incoming, st.sampled_from(Kind), words, words, moments, words, words, details)
replies = st.builds(Reply, st.sampled_from(ReplyKind), words, words, words, words)


def stored(values: dict[str, Any]) -> dict[str, Any]:
    """As a database column gives it back."""
    back = json.loads(json.dumps(values))
    assert isinstance(back, dict)
    return back


@given(query=queries)
def test_a_query_comes_back(query: PatentQuery) -> None:
    assert PatentQuery.load(stored(query.dump())) == query
    assert query.is_empty is (query == PatentQuery(sort=query.sort))


@given(state=states)
def test_a_state_comes_back_and_with_it_its_search(state: State) -> None:
    back = State.load(stored(state.dump()))
    assert back == state
    assert back.search == (None if state.query is None else PatentQuery.load(state.query))


@given(incoming=arrivals)
def test_an_arrival_comes_back(incoming: Incoming) -> None:
    assert Incoming.load(stored(incoming.dump())) == incoming


@given(reply=replies)
def test_a_reply_comes_back(reply: Reply) -> None:
    assert Reply.load(stored(reply.dump())) == reply


@given(
    state=states,
    query=queries,
    extra=st.dictionaries(st.text(min_size=1).map(lambda name: f"new_{name}"), words, max_size=3),
)
def test_names_of_another_release_are_left_out(state: State, query: PatentQuery, extra: dict[str, str]) -> None:
    assert State.load(stored(state.dump() | extra)) == state
    assert PatentQuery.load(stored(query.dump() | extra)) == query


def test_what_is_empty_is_stored_as_nothing() -> None:
    assert State().dump() == PatentQuery().dump() == {}
    assert State.load({}) == State()
    assert State().search is None
    assert State(query={}).search == PatentQuery()
    assert Reply(ReplyKind.NOTHING).dump() == {"kind": "nothing"}


def test_an_old_answer_without_the_newer_fields_still_loads() -> None:
    assert Reply.load({"kind": "text", "text": "好"}) == Reply.of("好")
    assert Reply.of("") == Reply(ReplyKind.NOTHING)


@given(query=queries, condition=st.sampled_from(Condition))
def test_giving_up_a_condition_gives_up_that_one_only(query: PatentQuery, condition: Condition) -> None:
    left = query.without(condition)
    moved = {Condition.WORDS} if condition in {Condition.PHRASE, Condition.TITLE} else set()
    assert set(left.conditions()) - moved == set(query.conditions()) - {condition} - moved
    assert left.sort is query.sort
    assert not (query.conditions() and query.is_empty)


@given(query=queries)
def test_what_is_excluded_is_never_given_up(query: PatentQuery) -> None:
    bare = query
    for condition in query.conditions():
        bare = bare.without(condition)
    kept = ("without_kind", "without_places", "without_words")
    assert [getattr(bare, name) for name in kept] == [getattr(query, name) for name in kept]


def test_price_goes_first_and_words_last() -> None:
    query = PatentQuery(
        words="锂电池", place_code="420100", kind=PatentKind.INVENTION, free=True, ipc="H01M", holder="江城测试大学",
        cluster="新能源", track=Track.STATUTORY, phrase="极片", title="回收",
    )  # fmt: skip
    assert query.conditions()[0] is Condition.PRICE
    assert query.conditions()[-1] is Condition.WORDS
    assert set(query.conditions()) == set(Condition)


@given(amount=st.decimals(0, 10**9, places=2))
def test_a_sum_keeps_its_cents(amount: Decimal) -> None:
    back = PatentQuery.load(stored(PatentQuery(max_upfront_yuan=amount).dump()))
    assert str(back.max_upfront_yuan) == str(amount)


@pytest.mark.parametrize("kind", list(Kind))
def test_what_a_follower_sent_is_told_from_what_the_platform_reports(kind: Kind) -> None:
    said = {Kind.TEXT, Kind.IMAGE, Kind.VOICE, Kind.VIDEO, Kind.LOCATION, Kind.LINK, Kind.OTHER_MESSAGE}
    assert kind.is_message is (kind in said)


def test_the_time_of_an_arrival_keeps_its_zone() -> None:
    at = datetime(2026, 11, 22, 8, 30, tzinfo=timezone(CHINA.utcoffset(None)))
    back = Incoming.load(stored(Incoming(Kind.TEXT, "o", "gh", at, "k").dump()))
    assert back.sent_at == at
    assert back.sent_at.utcoffset() == at.utcoffset()
