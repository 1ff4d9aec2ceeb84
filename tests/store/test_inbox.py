"""The inbox: an arrival is recorded once, decided once, answered once, and never lost."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.domain.inbox import KEYS_KEPT, LEASE, MESSAGE_WINDOW, TAP_WINDOW, FollowerState, Way, Window
from backend.domain.reply import Reply
from backend.services.followers import forget_old
from backend.services.inbox import decide_without_passive
from backend.store.database import Database
from backend.store.inbox import AnsweredElsewhere
from backend.store.unit_of_work import UnitOfWork
from tests.support.arrivals import HOUR, NOON, SECOND, arrive, follower, visit
from tests.support.threads import together

_serial = itertools.count(1)
YES, NO = Reply.of("可以"), Reply.of("不可以")


def _take(uow: UnitOfWork, *, at: datetime) -> bool:
    """Use one message of the open window, as the sender does."""
    held = uow.standings.hold(["ming"])["ming"]
    fits = held.following and held.window_left > 0 and held.window_until is not None and held.window_until > at
    if fits:
        uow.standings.use_windows({"ming": False})
    return fits


def test_a_repost_is_the_same_row(database: Database) -> None:
    with database.write() as uow:
        first, state = arrive(uow)
    with database.write() as uow:
        again, nothing = arrive(uow, at=NOON + 5 * SECOND, by="another process")
    assert state is not None
    assert first.new
    assert nothing is None
    assert again == replace(first, new=False)


def test_a_repost_moves_neither_sequence_nor_window(database: Database) -> None:
    with database.write() as uow:
        arrive(uow)
    before = follower(database)
    with database.write() as uow:
        arrive(uow, at=NOON + 5 * SECOND)
    assert follower(database) == before


def test_arrivals_are_numbered_for_each_follower(database: Database) -> None:
    with database.write() as uow:
        numbers = [
            arrive(uow, f"m:{openid}:{number}", openid)[0].sequence
            for number, openid in enumerate(["ming", "hua", "ming", "ming", "hua"])
        ]
    assert numbers == [1, 1, 2, 3, 2]


def test_two_followers_may_carry_the_same_msg_id(database: Database) -> None:
    with database.write() as uow:
        mings, _ = arrive(uow, "m:ming:77", "ming", text="明")
        huas, _ = arrive(uow, "m:hua:77", "hua", text="华")
    assert (mings.new, huas.new) == (True, True)
    assert mings.id != huas.id
    assert (mings.incoming["text"], huas.incoming["text"]) == ("明", "华")


def test_the_arrival_comes_back_as_it_came(database: Database) -> None:
    words = "😀 有没有“锂电池”的专利？\n<b>&amp;'; DROP TABLE inbox;--"
    with database.write() as uow:
        recorded, _ = arrive(uow, text=words)
    with database.read() as uow:
        held = uow.inbox.by_key("m:ming:1")
    assert held is not None
    assert held.incoming == recorded.incoming
    assert held.incoming["text"] == words
    assert held.arrived_at == NOON


def _window_after(database: Database, *arrivals: tuple[timedelta, Window | None]) -> FollowerState:
    for after, window in arrivals:
        visit(database, at=NOON + after, window=window)
    return follower(database)


def test_a_message_opens_five_for_two_days(database: Database) -> None:
    state = _window_after(database, (timedelta(0), MESSAGE_WINDOW))
    assert (state.window_left, state.window_until) == (5, NOON + timedelta(hours=48))


def test_a_tap_opens_three_for_a_minute(database: Database) -> None:
    state = _window_after(database, (timedelta(0), TAP_WINDOW))
    assert (state.window_left, state.window_until) == (3, NOON + timedelta(minutes=1))


def test_a_link_opens_nothing(database: Database) -> None:
    state = _window_after(database, (timedelta(0), None))
    assert not state.window_open(NOON)
    assert (state.window_left, state.window_until) == (0, None)


def test_a_tap_never_shortens_a_message_window(database: Database) -> None:
    state = _window_after(database, (timedelta(0), MESSAGE_WINDOW), (HOUR, TAP_WINDOW), (2 * HOUR, None))
    assert (state.window_left, state.window_until) == (5, NOON + timedelta(hours=48))


@pytest.mark.parametrize("after", [timedelta(hours=48), timedelta(hours=48, seconds=1), timedelta(days=9)])
def test_a_tap_after_the_end_opens_its_own(database: Database, after: timedelta) -> None:
    state = _window_after(database, (timedelta(0), MESSAGE_WINDOW), (after, TAP_WINDOW))
    assert (state.window_left, state.window_until) == (3, NOON + after + timedelta(minutes=1))


def test_a_tap_opens_its_own_when_the_five_are_used_up(database: Database) -> None:
    visit(database)
    with database.write() as uow:
        used = [_take(uow, at=NOON) for _ in range(6)]
    assert used == [True] * 5 + [False]
    state = _window_after(database, (HOUR, TAP_WINDOW))
    assert (state.window_left, state.window_until) == (3, NOON + HOUR + timedelta(minutes=1))


def test_a_message_always_opens_five_again(database: Database) -> None:
    state = _window_after(database, (timedelta(0), TAP_WINDOW), (SECOND, MESSAGE_WINDOW), (HOUR, MESSAGE_WINDOW))
    assert (state.window_left, state.window_until) == (5, NOON + timedelta(hours=49))


def test_nobody_speaks_to_someone_who_left(database: Database) -> None:
    visit(database)
    with database.write() as uow:
        arrive(uow, "e:left", at=NOON + SECOND, window=None, following=False)
    with database.write() as uow:
        taken = _take(uow, at=NOON + 2 * SECOND)
    assert not taken
    assert not follower(database).window_open(NOON + 2 * SECOND)


@settings(max_examples=40)
@given(
    steps=st.lists(
        st.tuples(st.sampled_from([MESSAGE_WINDOW, TAP_WINDOW, None]), st.integers(0, 60 * 60 * 60)),
        min_size=1,
        max_size=8,
    )
)
def test_a_message_window_stands_its_full_time(database: Database, steps: list[tuple[Window | None, int]]) -> None:
    openid, at, promised = f"o{next(_serial)}", NOON, NOON
    for window, wait in steps:
        at += timedelta(seconds=wait)
        with database.write() as uow:
            _, state = arrive(uow, f"m:{openid}:{next(_serial)}", openid, at=at, window=window)
        assert state is not None
        if window is MESSAGE_WINDOW:
            promised = at + window.lasts
        if promised > at:
            assert state.window_until == promised
        assert not window or state.window_open(at)


def test_how_it_is_answered_is_decided_once(database: Database) -> None:
    arrival = visit(database)
    with database.write() as uow:
        first = decide_without_passive(uow, arrival, at=NOON + 4 * SECOND)
    with database.write() as uow:
        again = decide_without_passive(uow, arrival, at=NOON + timedelta(days=3))
    assert (first.way, again.way) == (Way.LATE, Way.LATE)


def test_without_a_window_it_is_kept(database: Database) -> None:
    arrival = visit(database, window=None)
    with database.write() as uow:
        decided = decide_without_passive(uow, arrival, at=NOON + 4 * SECOND)
    assert decided.way is Way.KEPT


def test_what_was_answered_passively_stays_passive(database: Database) -> None:
    arrival = visit(database)
    with database.write() as uow:
        assert uow.inbox.answer(arrival, YES, {}, at=NOON) is Way.PASSIVE
    with database.write() as uow:
        decided = decide_without_passive(uow, arrival, at=NOON + 4 * SECOND)
    assert (decided.way, decided.reply) == (Way.PASSIVE, YES)


def test_the_second_answer_leaves_nothing(database: Database) -> None:
    arrival = visit(database)
    with database.write() as uow:
        uow.inbox.answer(arrival, YES, {"topic": "first"}, at=NOON)
    with pytest.raises(AnsweredElsewhere), database.write() as uow:
        uow.inbox.answer(arrival, NO, {"topic": "second"}, at=NOON)
    with database.read() as uow:
        held = uow.inbox.get(arrival.id)
    assert held.reply == YES
    assert follower(database).state == {"topic": "first"}
    assert follower(database).answered_sequence == 1


def test_a_lease_is_claimed_only_after_its_end(database: Database) -> None:
    arrival = visit(database)
    with database.write() as uow:
        early = [uow.inbox.claim(arrival.id, by="other", at=NOON + wait) for wait in (SECOND, LEASE)]
        late = uow.inbox.claim(arrival.id, by="other", at=NOON + LEASE + SECOND)
        at_once = uow.inbox.claim(arrival.id, by="third", at=NOON + LEASE + SECOND)
    assert early == [False, False]
    assert (late, at_once) == (True, False)


def test_one_of_many_claims(database: Database) -> None:
    arrival = visit(database)

    def claim(number: int) -> bool:
        with database.write() as uow:
            return uow.inbox.claim(arrival.id, by=f"worker {number}", at=NOON + LEASE + SECOND)

    assert sorted(together(8, claim)) == [False] * 7 + [True]


def test_a_renewed_lease_holds_and_only_for_its_owner(database: Database) -> None:
    arrival = visit(database)
    later = NOON + LEASE + SECOND
    with database.write() as uow:
        uow.inbox.renew(arrival.id, by="a stranger", at=NOON + 5 * SECOND)
        assert uow.inbox.abandoned(at=later, limit=10) == [arrival.id]
        uow.inbox.renew(arrival.id, by="me", at=NOON + 5 * SECOND)
        assert uow.inbox.abandoned(at=later, limit=10) == []
        assert not uow.inbox.claim(arrival.id, by="other", at=later)


def test_abandoned_are_the_unanswered_whose_lease_ran_out(database: Database) -> None:
    arrivals = [visit(database, at=NOON + number * SECOND) for number in range(4)]
    with database.write() as uow:
        uow.inbox.answer(arrivals[0], YES, {}, at=NOON)
    with database.read() as uow:
        nobody = uow.inbox.abandoned(at=NOON + LEASE, limit=10)
        two = uow.inbox.abandoned(at=NOON + LEASE + timedelta(seconds=2.5), limit=10)
        first = uow.inbox.abandoned(at=NOON + HOUR, limit=1)
    assert nobody == []
    assert two == [arrivals[1].id, arrivals[2].id]
    assert first == [arrivals[1].id]


def test_an_answered_message_cannot_be_claimed(database: Database) -> None:
    arrival = visit(database)
    with database.write() as uow:
        uow.inbox.answer(arrival, YES, {}, at=NOON)
        assert not uow.inbox.claim(arrival.id, by="other", at=NOON + HOUR)


def test_old_keys_go_and_outstanding_messages_stay(database: Database) -> None:
    answered, outstanding = visit(database), visit(database, at=NOON + SECOND)
    young = visit(database, "hua", at=NOON + KEYS_KEPT)
    with database.write() as uow:
        uow.inbox.answer(answered, YES, {}, at=NOON)
        uow.inbox.answer(young, YES, {}, at=NOON + KEYS_KEPT)
    assert forget_old(database, before=NOON + HOUR) == 1
    with database.read() as uow:
        assert uow.inbox.by_key(answered.key) is None
        assert uow.inbox.by_key(outstanding.key) is not None
        assert uow.inbox.by_key(young.key) is not None
