"""“One of these” as one value, on both databases: the same rows as a list of comparisons would find."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Column, ColumnElement, Integer, MetaData, String, Table, insert, not_, select

from backend.store.among import among
from backend.store.database import Database

HELD = Table("held", MetaData(), Column("name", String), Column("number", Integer), prefixes=["TEMPORARY"])
CHOSEN = among(HELD.c.number, "some")
names = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=5)


def _found(
    database: Database, held: list[dict[str, Any]], which: ColumnElement[bool], some: Sequence[Any]
) -> list[dict[str, Any]]:
    with database.read() as uow:  # the table goes with the transaction
        HELD.create(uow.connection)
        uow.connection.execute(insert(HELD), held)
        return [row._asdict() for row in uow.connection.execute(select(HELD).where(which), {"some": some})]


@settings(max_examples=50)
@given(held=st.lists(names, min_size=1, max_size=8), wanted=st.lists(names, max_size=8))
def test_texts(database: Database, held: list[str], wanted: list[str]) -> None:
    some = [*wanted, held[0]]
    rows = [{"name": name, "number": number} for number, name in enumerate(held)]
    assert _found(database, rows, among(HELD.c.name, "some"), some) == [row for row in rows if row["name"] in some]


@pytest.mark.parametrize("some", [[], [2], [3, 1, 1], list(range(5000))], ids=len)
def test_numbers_none_and_thousands(database: Database, some: list[int]) -> None:
    rows = [{"name": "", "number": number} for number in (1, 2, 3, -7)]
    wanted = [row for row in rows if row["number"] in some]
    assert _found(database, rows, CHOSEN, some) == wanted
    both = CHOSEN & HELD.c.number.in_([2, 3])
    assert _found(database, rows, both, some) == [row for row in wanted if row["number"] in {2, 3}]
    assert _found(database, rows, not_(CHOSEN), some) == [row for row in rows if row not in wanted]
