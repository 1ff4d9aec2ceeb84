"""An institution declares many patents at once: a table is checked whole, confirmed, and submitted in small steps.

Checking runs where the page is served; submitting and verifying is a worker's, so that the chat stays quick. No
transaction holds the writer past a follower's patience, and what was cut off goes on where it was.
"""

from __future__ import annotations

import re
import tempfile
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from backend.domain.clock import Clock, day_of
from backend.domain.declarations import State
from backend.domain.deliveries import DeliveryKind
from backend.domain.listings import Listing, Track
from backend.domain.ports.wording import Wording
from backend.domain.reply import Reply
from backend.domain.tables import (
    KEPT,
    MOST_BYTES,
    MOST_ROWS,
    MOST_UNPACKED,
    NotAnOfficer,
    Problem,
    Table,
    TableNotFound,
    TableStatus,
    TooManyRows,
)
from backend.services.declarations.answers import answers_of
from backend.services.declarations.submitting import submit
from backend.services.pacing import leaving_air
from backend.services.pool.importing import ImportReport, check_file
from backend.services.pool.problems import FileRefused
from backend.services.pool.table_file import header_of
from backend.store.database import Database
from backend.store.table_uploads import dumped
from backend.store.unit_of_work import UnitOfWork

__all__ = ["Tables", "carry_on", "forget_old", "submit_table"]

STAGE = 4  # declarations a transaction: the writer is never held past a follower's patience
_BUSY = State.alive() - {State.RETURNED}  # a returned one is mended by what the table says
_NO_NAME = re.compile(r"[^\w.\u4e00-\u9fff-]+")


@dataclass(frozen=True)
class Tables:
    """What a page does with tables. Everything is asked by openid: nobody reaches another's table."""

    database: Database
    clock: Clock

    def check(self, openid: str, content: bytes, name: str) -> int:
        """Every row is read and every problem kept; nothing is submitted yet. The id of what was checked.

        Raises NotAnOfficer, FileRefused, TooManyRows.
        """
        return _check(self.database, self.clock, openid=openid, content=content, name=name)

    def of(self, openid: str) -> tuple[Table, ...]:
        """Newest first, without their rows."""
        with self.database.read() as uow:
            return uow.table_uploads.of(openid)

    def get(self, openid: str, table_id: int) -> Table:
        """With its problems. Raises TableNotFound for anybody else's too."""
        with self.database.read() as uow:
            table = uow.table_uploads.get(table_id)
        if table.openid != openid:
            raise TableNotFound(id=table_id)
        return table

    def rows(self, table: Table) -> list[tuple[str, str, State]]:
        """(number, title, state) of what was submitted so far."""
        with self.database.read() as uow:
            return uow.declarations.of_table(table.id)

    def confirm(self, openid: str, table_id: int) -> None:
        """The good rows shall become declarations; confirmed twice is confirmed. Raises TableNotFound."""
        table = self.get(openid, table_id)
        if table.status is TableStatus.CHECKED and table.good:
            with self.database.write() as uow:
                uow.table_uploads.move(table_id, TableStatus.CHECKED, TableStatus.CONFIRMED)

    def drop(self, openid: str, table_id: int) -> None:
        """Nothing of it is submitted, and its rows are not kept. Raises TableNotFound."""
        self.get(openid, table_id)
        with self.database.write() as uow:
            uow.table_uploads.move(table_id, TableStatus.CHECKED, TableStatus.DROPPED, answers="[]", problems="[]")


def _check(database: Database, clock: Clock, *, openid: str, content: bytes, name: str) -> int:
    if len(content) > MOST_BYTES:
        raise FileRefused("file.too_large", limit_mb=MOST_BYTES // 1024 // 1024)
    with database.read() as uow:
        institution = uow.institutions.of_officer(openid)
        if institution is None:
            raise NotAnOfficer
        mine = _in_hand(uow, openid)
        pilots = bool(uow.programmes.open_on(day_of(clock.now())))
    good, report = _read(content, name, clock)
    problems = [
        Problem(each.row, each.column, each.code, each.values, each.fatal)
        for each in report.problems
        if each.code != "not_announced"  # what is being declared never is
    ]
    answers: list[dict[str, Any]] = []
    for listing in good:
        row = report.row_of[listing.number]
        found = list(_of_this_office(listing, institution.name, mine, pilots=pilots, row=row))
        problems += found
        if not any(problem.fatal for problem in found):
            answers.append(answers_of(listing))
    kept, said = dumped(answers), dumped(sorted(problems, key=lambda problem: (not problem.fatal, problem.row)))
    with database.write() as uow:
        return uow.table_uploads.add(
            openid=openid,
            institution_id=institution.id,
            name=name,
            rows=report.rows,
            good=len(answers),
            problems=said,
            ignored=report.unknown_headers,
            answers=kept,
            at=clock.now(),
        )


def _read(content: bytes, name: str, clock: Clock) -> tuple[list[Listing], ImportReport]:
    """Raises FileRefused, TooManyRows."""
    shown = _NO_NAME.sub("", Path(name.replace("\\", "/")).name)[-80:] or "table.xlsx"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / shown
        path.write_bytes(content)
        _not_a_bomb(path)
        good, report = check_file(path, clock)
    if report.rows > MOST_ROWS:
        raise TooManyRows(total=report.rows, limit=MOST_ROWS)
    return good, report


def _not_a_bomb(path: Path) -> None:
    """What a stranger sends may unpack to less than what staff import. Raises FileRefused."""
    if not zipfile.is_zipfile(path):
        return
    with zipfile.ZipFile(path) as archive:
        if sum(item.file_size for item in archive.infolist()) > MOST_UNPACKED:
            raise FileRefused("file.too_large", limit_mb=MOST_UNPACKED // 1024 // 1024)


def _in_hand(uow: UnitOfWork, openid: str) -> frozenset[str]:
    return frozenset(held.number for held in uow.declarations.of(openid, limit=100_000) if held.state in _BUSY)


def _of_this_office(
    listing: Listing, institution: str, mine: frozenset[str], *, pilots: bool, row: int
) -> Iterator[Problem]:
    """What the table alone cannot tell: what is in hand already, whose it is, whether a pilot is open."""
    if listing.number in mine:
        yield Problem(row, header_of("number"), "already_declared")
    if listing.track is Track.PILOT and not pilots:
        yield Problem(row, header_of("track"), "no_programme")
    if not any(institution in holder or holder in institution for holder in listing.holders):
        yield Problem(row, header_of("holders"), "not_ours", {"name": institution}, fatal=False)


def carry_on(database: Database, wording: Wording, clock: Clock) -> int:
    """A worker's round: submit what was confirmed, tell of what has been verified; how many tables were at work."""
    with database.read() as uow:
        waiting = uow.table_uploads.at_work()
    for table_id in waiting:
        with database.read() as uow:
            table = uow.table_uploads.get(table_id)
        if table.status is TableStatus.CONFIRMED:
            _submit(database, table, clock)
        elif table.status is TableStatus.SUBMITTED:
            _tell_when_verified(database, table, wording, clock)
    return len(waiting)


def _submit(database: Database, table: Table, clock: Clock) -> None:
    with database.read() as uow:
        speaks_for = uow.institutions.of_officer(table.openid)
    if speaks_for is None or speaks_for.id != table.institution_id:
        with database.write() as uow:
            uow.table_uploads.move(table.id, TableStatus.CONFIRMED, TableStatus.DROPPED, answers="[]", problems="[]")
        return
    taken = submit_table(database, openid=table.openid, answers=table.answers, table_id=table.id, clock=clock)
    with database.write() as uow:
        uow.table_uploads.move(table.id, TableStatus.CONFIRMED, TableStatus.SUBMITTED, taken=taken, answers="[]")


def submit_table(
    database: Database, *, openid: str, answers: Sequence[dict[str, Any]], table_id: int, clock: Clock
) -> int:
    """`answers` are the good rows, confirmed by the officer; how many are declarations now. Goes on where it was cut off."""
    with database.read() as uow:
        before = {number for number, _, _ in uow.declarations.of_table(table_id)}
        mine = _in_hand(uow, openid) - before
    wanted = [row for row in answers if row["number"] not in mine]
    for start in range(0, len(wanted), STAGE):
        with leaving_air(database) as uow:
            for row in wanted[start : start + STAGE]:
                token = f"table{table_id}:{row['number']}"
                submit(uow, openid=openid, answers=row, token=token, at=clock.now(), table_id=table_id)
    return len(wanted)


def _tell_when_verified(database: Database, table: Table, wording: Wording, clock: Clock) -> None:
    """One notice for all rows, once the system has looked at each."""
    with database.read() as uow:
        states = Counter(state for _, _, state in uow.declarations.of_table(table.id))
    if states[State.SUBMITTED]:
        return
    text = wording.words(
        "declaration_notice.table.verified",
        name=table.name,
        total=states.total(),
        count=states[State.RETURNED],
        link=wording.table_page(table.openid, table.id),
    )
    now = clock.now()
    with database.write() as uow:
        uow.table_uploads.move(table.id, TableStatus.SUBMITTED, TableStatus.VERIFIED)
        uow.deliveries.plan(
            openid=table.openid,
            notice_key=f"table:{table.id}:verified",
            kind=DeliveryKind.SERVICE_NOTICE,
            reply=Reply.of(text),
            at=now,
        )


def forget_old(database: Database, clock: Clock) -> int:
    """Drop tables that nobody confirmed; how many."""
    with database.write() as uow:
        return uow.table_uploads.forget_before(clock.now() - KEPT)
