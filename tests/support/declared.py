"""An office that takes declarations: a register that can be told things, people with roles, a clock that stands."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from backend.domain.clock import SetClock, day_of
from backend.domain.declarations import Declaration, Move, State
from backend.domain.deeds import Submit
from backend.domain.listings import Listing, Track
from backend.domain.registry import PatentRecord, RegistryDown
from backend.domain.roles import Actor, Role
from backend.domain.verification import CheckId, Outcome, open_checks
from backend.services.declarations import reviewing
from backend.services.declarations.answers import answers_of
from backend.services.declarations.finishing import finish_flow
from backend.services.declarations.office import open_programme
from backend.services.declarations.reviewing import Finding
from backend.services.declarations.submitting import submit, withdraw
from backend.services.declarations.verifying import Office, lapse_due, look_again, run_first_verification
from backend.store.database import Database
from bot.texts import Texts
from bot.texts.notices import Notices
from tests.support.arrivals import noon
from tests.support.builders import make_listing, make_record

ADA, BEN, CAI = (
    Actor(role, name) for role, name in ((Role.VERIFIER, "11"), (Role.APPROVER, "12"), (Role.APPROVER, "13"))
)
OPERATOR = Actor(Role.OPERATOR, "14")
AGENT = Actor(Role.AGENCY_VERIFIER, "15")
WORDING = Notices(Texts())


@dataclass
class TellableRegister:
    """A register in memory: knows what it was told, and can be down."""

    records: dict[str, PatentRecord] = field(default_factory=dict)
    down: bool = False

    def tell(self, record: PatentRecord) -> None:
        self.records[record.number] = record

    def look_up(self, number: str) -> PatentRecord | None:
        if self.down:
            raise RegistryDown(source="test")
        return self.records.get(number)


def answers(serial: int = 1, **changes: Any) -> dict[str, Any]:
    """The answers for make_listing(serial), statutory unless told otherwise."""
    listing = make_listing(serial, **({"track": Track.STATUTORY, "granted_on": date(2023, 6, 2)} | changes))
    return answers_of(listing)


@dataclass
class Desks:
    """Everybody who works on declarations, over one database."""

    database: Database
    register: TellableRegister = field(default_factory=TellableRegister)
    clock: SetClock = field(default_factory=noon)

    @property
    def office(self) -> Office:
        return Office(self.database, self.register, WORDING, self.clock)

    def submit(
        self, serial: int = 1, *, openid: str = "ming", token: str = "", known: bool = True, **changes: Any
    ) -> int:
        """A declaration of a patent that the register knows as good."""
        if known:
            self.register.tell(make_record(serial))
        with self.database.write() as uow:
            held = submit(
                uow,
                openid=openid,
                answers=answers(serial, **changes),
                token=token or f"t{serial}:{openid}",
                at=self.clock.now(),
            )
        return held.id

    def finish(self, flow: str, *, openid: str = "ming", token: str = "t", **given: Any) -> bool:  # noqa: S107 no secret
        with self.database.write() as uow:
            return finish_flow(uow, openid, Submit(flow, "", given, token), at=self.clock.now())

    def first(self, declaration_id: int) -> State:
        self.tick()
        return run_first_verification(self.office, declaration_id)

    def assign(self, declaration_id: int, to: Actor = ADA, by: Actor = OPERATOR) -> None:
        self.tick()
        with self.database.write() as uow:
            reviewing.assign(uow, declaration_id=declaration_id, to=to.id, by=by, at=self.clock.now(), wording=WORDING)

    def second(self, declaration_id: int, by: Actor = ADA, *, findings: dict[CheckId, Finding] | None = None) -> None:
        """All that is open is found in order, unless `findings` says otherwise."""
        self.tick()
        with self.database.write() as uow:
            if findings is None:
                newest = uow.checks.newest(declaration_id)
                findings = {check: Finding(Outcome.PASS, {"document": "副本"}) for check in open_checks(newest)}
            reviewing.second_verify(
                uow, declaration_id=declaration_id, findings=findings, by=by, at=self.clock.now(), wording=WORDING
            )

    def publish(self, declaration_id: int, by: Actor = BEN) -> None:
        self.tick()
        with self.database.write() as uow:
            reviewing.publish(uow, declaration_id=declaration_id, by=by, at=self.clock.now(), wording=WORDING)

    def give_back(self, declaration_id: int, *mend: str, by: Actor = ADA, reason: str = "请补正") -> None:
        self.tick()
        with self.database.write() as uow:
            reviewing.return_with_reason(
                uow,
                declaration_id=declaration_id,
                reason=reason,
                mend=mend,
                by=by,
                at=self.clock.now(),
                wording=WORDING,
            )

    def file(self, declaration_id: int, *, receipt: str = "GA000001", openid: str = "ming") -> bool:
        self.tick()
        today = day_of(self.clock.now()).isoformat()
        return self.finish("file", openid=openid, declaration=declaration_id, receipt_number=receipt, filed_on=today)

    def announce(self, declaration_id: int, by: Actor = ADA) -> None:
        self.tick()
        now = self.clock.now()
        with self.database.write() as uow:
            reviewing.announce(
                uow,
                declaration_id=declaration_id,
                number="GG000001",
                announced_on=day_of(now),
                by=by,
                at=now,
                wording=WORDING,
            )

    def withdraw(self, declaration_id: int, *, openid: str = "ming", agree: bool = True) -> None:
        self.tick()
        with self.database.write() as uow:
            withdraw(
                uow,
                openid=openid,
                declaration_id=declaration_id,
                reason="转让",
                holders_agree=agree,
                at=self.clock.now(),
            )

    def stop(self, declaration_id: int, move: Move, by: Actor = ADA) -> None:
        self.tick()
        with self.database.write() as uow:
            reviewing.stop(
                uow,
                declaration_id=declaration_id,
                move=move,
                reason="核实",
                by=by,
                at=self.clock.now(),
                wording=WORDING,
            )

    def resume(self, declaration_id: int, by: Actor = OPERATOR) -> None:
        self.tick()
        with self.database.write() as uow:
            reviewing.resume_by_staff(uow, declaration_id=declaration_id, by=by, at=self.clock.now(), wording=WORDING)

    def programme(self, days: int = 365) -> int:
        today = day_of(self.clock.now())
        with self.database.write() as uow:
            return open_programme(
                uow,
                name="湖北试点",
                opens_on=today,
                closes_on=today + timedelta(days=days),
                by=BEN,
                at=self.clock.now(),
            )

    def daily(self) -> int:
        return lapse_due(self.office)

    def again(self, declaration_id: int) -> Move | None:
        self.tick()
        return look_again(self.office, declaration_id, thorough=True)

    def ready(self, serial: int = 1, **changes: Any) -> int:
        """Through both verifications and the first publication."""
        declaration_id = self.submit(serial, **changes)
        self.first(declaration_id)
        self.assign(declaration_id)
        self.second(declaration_id)
        self.publish(declaration_id)
        return declaration_id

    def listed(self, serial: int = 1, *, openid: str = "ming", **changes: Any) -> int:
        """A statutory declaration to its end; a pilot needs a programme before."""
        declaration_id = self.ready(serial, openid=openid, **changes)
        if self.get(declaration_id).state is State.READY:
            self.file(declaration_id, openid=openid)
            self.announce(declaration_id)
            self.publish(declaration_id)
        return declaration_id

    def get(self, declaration_id: int) -> Declaration:
        with self.database.read() as uow:
            return uow.declarations.get(declaration_id)

    def state(self, declaration_id: int) -> State:
        return self.get(declaration_id).state

    def shown(self, number: str) -> Listing | None:
        """What a follower is shown of the patent today, read from SQL as the desk does."""
        with self.database.read() as uow:
            held = uow.listings.of([number]).get(number)
        return held.listing if held and held.on_show(day_of(self.clock.now())) else None

    def tick(self) -> None:
        """No two moves in the same instant, so that histories can be read."""
        self.clock.forward(seconds=1)
