"""Random histories of moves against a model: what may never be, never is, whatever people and days do."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from backend.domain.clock import day_of
from backend.domain.declarations import Move, State
from backend.domain.errors import AssistantError
from backend.domain.listings import ListingStatus, Standing, Track
from backend.domain.registry import LegalStatus
from backend.domain.roles import Actor, Role
from backend.services.declarations.office import adopt_vouched, close_programme
from backend.services.declarations.verifying import reverify_due, verify_waiting
from backend.services.pool.importing import take_in
from backend.store.database import Database
from backend.store.schema import upgrade
from tests.support.builders import make_listing, make_number, make_record
from tests.support.declared import OPERATOR, Desks

SERIALS = (1, 2, 3)
MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None  # thousands of commits; nothing here outlives the test
PEOPLE = tuple(Actor(role, str(number)) for number in (11, 12, 13) for role in (Role.VERIFIER, Role.APPROVER))
IDS = ("11", "12", "13")
people = st.sampled_from(PEOPLE)
which = st.integers(0, 7)


@dataclass
class Model:
    """What happened to one declaration, kept without looking at the office's own rows."""

    number: str
    track: Track
    announced: bool = False
    passed_by: set[str] = field(default_factory=set)
    published_by: set[str] = field(default_factory=set)


class Histories(RuleBasedStateMachine):
    """Every rule may be refused; then nothing may have changed."""

    @initialize(shown=st.integers(0, 2))
    def opens(self, shown: int) -> None:
        """Some histories begin at the beginning, some with patents on show: much can only happen to those."""
        self.folder = tempfile.TemporaryDirectory(dir=MEMORY)
        self.database = Database(f"sqlite:///{Path(self.folder.name) / 'h.db'}")
        upgrade(self.database)
        self.desks = Desks(self.database)
        self.models: dict[int, Model] = {}
        self.vouched_until: dict[str, date] = {}
        self.taps = 0
        for serial in SERIALS:
            self.desks.register.tell(make_record(serial))
        self.desks.programme(400)
        self.submits(1, Track.STATUTORY, "ming")
        self.submits(2, Track.PILOT, "hua")
        for at in range(shown):
            self.goes_all_the_way(at, "11", "12")

    def teardown(self) -> None:
        if hasattr(self, "database"):
            self.database.close()
            self.folder.cleanup()

    def one(self, at: int, *states: State) -> int | None:
        """One of those in the states, if there is one; most moves would lead nowhere from any other."""
        ids = [held for held in sorted(self.models) if not states or self.desks.state(held) in states]
        return ids[at % len(ids)] if ids else None

    def tries(self, work: Callable[[], object]) -> bool:
        """True where it was carried out."""
        with contextlib.suppress(AssistantError):
            work()
            return True
        return False

    def second(self, held: int, by: Actor) -> None:
        if self.tries(lambda: self.desks.second(held, by=by)):
            self.models[held].passed_by = {by.id}

    def publish(self, held: int, by: Actor) -> None:
        if self.tries(lambda: self.desks.publish(held, by=by)):
            self.models[held].published_by.add(by.id)
            assert by.id not in self.models[held].passed_by

    def announce(self, held: int, by: Actor) -> None:
        if self.tries(lambda: self.desks.announce(held, by=by)):
            self.models[held].announced = True

    @rule(serial=st.sampled_from(SERIALS), track=st.sampled_from(Track), openid=st.sampled_from(["ming", "hua"]))
    def submits(self, serial: int, track: Track, openid: str) -> None:
        self.taps += 1
        held = self.desks.submit(serial, openid=openid, token=f"tap{self.taps}", known=False, track=track)
        self.models[held] = Model(make_number(serial), track)

    @rule(serial=st.sampled_from(SERIALS))
    def imports(self, serial: int) -> None:
        listing = make_listing(serial)
        batch = take_in(
            self.database,
            [listing],
            clock=self.desks.clock,
            source="t.xlsx",
            vouched_by="王",
            status=ListingStatus.PUBLISHED,
        )
        with self.database.write() as uow:
            adopt_vouched(uow, batch_id=batch, by=OPERATOR, at=self.desks.clock.now())
            for held in uow.declarations.alive_for(listing.number):
                self.models.setdefault(held.id, Model(held.number, held.track))
        self.vouched_until[listing.number] = day_of(self.desks.clock.now()) + timedelta(days=30)

    @rule(days=st.sampled_from([5, 400]))
    def opens_programme(self, days: int) -> None:
        self.desks.programme(days)

    @rule()
    def closes_programmes(self) -> None:
        with self.database.write() as uow:
            for programme in uow.programmes.open_on(day_of(self.desks.clock.now())):
                close_programme(uow, programme_id=programme.id, by=OPERATOR, at=self.desks.clock.now())
        self.desks.daily()

    @rule()
    def verifies_first(self) -> None:
        self.desks.tick()
        verify_waiting(self.desks.office)

    @rule(at=which, to=people, by=people)
    def assigns(self, at: int, to: Actor, by: Actor) -> None:
        held = self.one(at)
        if held is not None:
            self.tries(lambda: self.desks.assign(held, to=to, by=by))

    @rule(at=which, by=people)
    def verifies_second(self, at: int, by: Actor) -> None:
        held = self.one(at)
        if held is not None:
            self.second(held, by)

    @rule(at=which, by=people)
    def publishes(self, at: int, by: Actor) -> None:
        held = self.one(at, State.SECOND_VERIFIED, State.ANNOUNCED)
        if held is not None:
            self.publish(held, by)

    @rule(at=which, checker=st.sampled_from(IDS), publisher=st.sampled_from(IDS))
    def goes_all_the_way(self, at: int, checker: str, publisher: str) -> None:
        """Chance alone seldom gets that far. Some of them try to be two people at once."""
        held = self.one(at)
        if held is None:
            return
        verify_waiting(self.desks.office)
        verifier, approver = Actor(Role.VERIFIER, checker), Actor(Role.APPROVER, publisher)
        self.tries(lambda: self.desks.assign(held, to=verifier, by=approver))
        self.second(held, verifier)
        self.publish(held, approver)
        self.desks.file(held, openid=self.desks.get(held).openid)
        self.announce(held, verifier)
        self.publish(held, approver)

    @rule(at=which, by=people)
    def gives_back(self, at: int, by: Actor) -> None:
        held = self.one(at)
        if held is not None:
            self.tries(lambda: self.desks.give_back(held, "scenes", by=by))

    @rule(at=which, by=people)
    def announces(self, at: int, by: Actor) -> None:
        held = self.one(at)
        if held is not None:
            self.announce(held, by)

    @rule(at=which)
    def withdraws(self, at: int) -> None:
        held = self.one(at)
        if held is not None:
            self.tries(lambda: self.desks.withdraw(held, openid=self.desks.get(held).openid))

    @rule(at=which, openid=st.sampled_from(["ming", "hua"]))
    def converts(self, at: int, openid: str) -> None:
        held = self.one(at, State.LISTED)
        if held is None:
            return
        self.taps += 1
        if self.desks.finish("convert", openid=openid, declaration=held, holders_agree=True, token=f"c{self.taps}"):
            with self.database.read() as uow:
                new = uow.declarations.by_token(openid, f"c{self.taps}")
            assert new is not None
            self.models[new] = Model(self.models[held].number, Track.STATUTORY)

    @rule(at=which, move=st.sampled_from([Move.SUSPEND, Move.LAPSE]), by=people)
    def stops(self, at: int, move: Move, by: Actor) -> None:
        held = self.one(at, *State.on_show())
        if held is not None:
            self.tries(lambda: self.desks.stop(held, move, by=by))

    @rule(at=which)
    def resumes(self, at: int) -> None:
        held = self.one(at, State.SUSPENDED)
        if held is not None and self.tries(lambda: self.desks.resume(held)):
            self.models[held].passed_by = set()

    @rule(serial=st.sampled_from(SERIALS), status=st.sampled_from([*[LegalStatus.IN_FORCE] * 8, *LegalStatus]))
    def register_says(self, serial: int, status: LegalStatus) -> None:
        self.desks.register.tell(make_record(serial, status=status, as_of=self.desks.clock.now()))

    @rule(at=which, status=st.sampled_from([status for status in LegalStatus if status is not LegalStatus.IN_FORCE]))
    def register_turns_on_what_is_shown(self, at: int, status: LegalStatus) -> None:
        held = self.one(at, *State.on_show())
        if held is not None:
            number = self.models[held].number
            before = self.desks.register.records[number]
            self.desks.register.tell(replace(before, status=status, as_of=self.desks.clock.now()))

    @rule(days=st.sampled_from([0, 1, 31, 95]))
    def days_go_by(self, days: int) -> None:
        """Every day has its round: the timer runs."""
        self.desks.clock.forward(days=days)
        reverify_due(self.desks.office)
        self.desks.daily()

    @rule(down=st.booleans())
    def register_fails(self, down: bool) -> None:
        self.desks.register.down = down

    @invariant()
    def what_is_listed_was_seen_by_two(self) -> None:
        for held, model in getattr(self, "models", {}).items():
            now = self.desks.get(held)
            if now.on_show or now.state is State.LISTED:
                assert model.passed_by, now.state
                assert now.published_by in model.published_by
                assert now.published_by not in model.passed_by
            if now.state in State.ended() | {State.RETURNED, State.SUSPENDED, State.WITHDRAWING}:
                assert not now.on_show

    @invariant()
    def what_is_shown_is_on_show_or_vouched_for(self) -> None:
        for serial in SERIALS if hasattr(self, "models") else ():
            number = make_number(serial)
            shown = self.desks.shown(number)
            if shown is None:
                continue
            with self.database.read() as uow:
                source, vouched = uow.listings.source_of(number), uow.listings.of([number])[number].vouched_by
            today = day_of(self.desks.clock.now())
            assert today <= shown.license_ends_on
            assert today < shown.expires_on
            if not source.startswith("declaration:"):
                assert vouched == "王"
                verified = any(
                    self.desks.get(held).on_show for held in self.models if self.models[held].number == number
                )
                assert verified or today <= self.vouched_until[number]
                continue
            now = self.desks.get(int(source.removeprefix("declaration:")))
            assert now.on_show, now.state
            if shown.standing is Standing.ANNOUNCED:
                assert self.models[now.id].announced
                assert now.state is State.LISTED
            if now.track is Track.STATUTORY and not self.models[now.id].announced:
                assert shown.standing is Standing.NOT_ANNOUNCED

    @invariant()
    def nothing_the_register_has_ended_is_shown_after_the_daily_round(self) -> None:
        if not hasattr(self, "models") or self.desks.register.down:
            return
        self.desks.daily()
        for serial in SERIALS:
            if self.desks.shown(make_number(serial)):
                assert self.desks.register.records[make_number(serial)].status in {
                    LegalStatus.IN_FORCE,
                    LegalStatus.UNKNOWN,
                }
        for held in self.models:
            now = self.desks.get(held)
            record = self.desks.register.records[now.number]
            if now.on_show:
                assert record.status in {LegalStatus.IN_FORCE, LegalStatus.UNKNOWN}
                assert now.verified_until is not None
                assert day_of(self.desks.clock.now()) <= now.verified_until

    @invariant()
    def the_chain_holds(self) -> None:
        if hasattr(self, "database"):
            with self.database.read() as uow:
                assert uow.audit.verify() is None


TestHistories = Histories.TestCase
TestHistories.settings = settings(
    max_examples=16, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
)
