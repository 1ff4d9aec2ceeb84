"""Saved queries, and which of them a patent fits: found by one term, the rest checked in the same row."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import JSON as JSON_
from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    SQLColumnExpression,
    and_,
    bindparam,
    delete,
    false,
    func,
    insert,
    or_,
    select,
    text,
    update,
)

from backend.domain.queries import PatentQuery
from backend.domain.saved_queries import Cadence, SavedQuery
from backend.store.tables import SavedQueryKeyRow, SavedQueryRow
from backend.store.tables.base import Instant

_ADD = text(
    """
    INSERT INTO saved_query (openid, query, digest, cadence, paused, since, keyed)
    VALUES (:openid, :query, :digest, :cadence, :paused, :at, '')
    ON CONFLICT (openid, digest) DO UPDATE SET cadence = excluded.cadence, paused = excluded.paused, keyed = ''
    RETURNING id
    """
).bindparams(bindparam("query", type_=JSON_), bindparam("at", type_=Instant))
_OWN = select(
    SavedQueryRow.id,
    SavedQueryRow.openid,
    SavedQueryRow.query,
    SavedQueryRow.cadence,
    SavedQueryRow.paused,
    SavedQueryRow.since,
)
_KEY = SavedQueryKeyRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A row of `saved_query_key` without its query. `rests` are filled from the front; 0 is none. `beyond` as the table says."""

    term: int
    rests: tuple[int, int, int, int]
    bar: int
    least_fen: int
    most_fen: int
    beyond: dict[str, Any] | None = None


def digest_of(query: PatentQuery) -> str:
    """The same for the same conditions, however they were come by; the order of results is no condition."""
    held = {name: value for name, value in query.dump().items() if name != "sort"}
    return hashlib.sha256(json.dumps(held, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:32]


class SavedQueries:
    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def save(self, openid: str, query: PatentQuery, cadence: Cadence, *, paused: bool = False, at: datetime) -> int:
        """Keep it; its id. The same query again changes how often it is told of, and wakes it."""
        values = {
            "openid": openid,
            "query": query.dump(),
            "digest": digest_of(query),
            "cadence": str(cadence),
            "paused": paused,
            "at": at,
        }
        saved_id: int = self.connection.execute(_ADD, values).scalar_one()
        return saved_id

    def of(self, openid: str) -> tuple[SavedQuery, ...]:
        """The follower's own, oldest first: the order of the list they see."""
        rows = self.connection.execute(_OWN.where(SavedQueryRow.openid == openid).order_by(SavedQueryRow.id))
        return tuple(_saved(row) for row in rows)

    def known(self, openid: str, query: PatentQuery) -> SavedQuery | None:
        row = self.connection.execute(
            _OWN.where(SavedQueryRow.openid == openid, SavedQueryRow.digest == digest_of(query))
        ).first()
        return _saved(row) if row else None

    def by_id(self, ids: Iterable[int]) -> dict[int, SavedQuery]:
        rows = self.connection.execute(_OWN.where(SavedQueryRow.id.in_(list(ids))))
        return {row.id: _saved(row) for row in rows}

    def change(self, openid: str, saved_id: int, query: PatentQuery) -> None:
        """Other conditions in its place in the list. Where another of theirs has them already, that one stays."""
        other = self.known(openid, query)
        if other is not None and other.id != saved_id:
            self.delete(openid, [saved_id])
            return
        own = SavedQueryRow.openid == openid, SavedQueryRow.id == saved_id
        self._drop_keys(select(SavedQueryRow.id).where(*own))
        self.connection.execute(
            update(SavedQueryRow).where(*own).values(query=query.dump(), digest=digest_of(query), keyed="")
        )

    def set_cadence(self, openid: str, ids: Sequence[int], cadence: Cadence) -> None:
        self.connection.execute(
            update(SavedQueryRow)
            .where(SavedQueryRow.openid == openid, SavedQueryRow.id.in_(ids))
            .values(cadence=str(cadence))
        )

    def set_paused(self, openid: str, ids: Sequence[int], *, paused: bool) -> None:
        """A paused query has no key, so nothing finds it."""
        own = SavedQueryRow.openid == openid, SavedQueryRow.id.in_(ids)
        self.connection.execute(update(SavedQueryRow).where(*own).values(paused=paused, keyed=""))
        self._drop_keys(select(SavedQueryRow.id).where(*own))

    def delete(self, openid: str, ids: Sequence[int]) -> int:
        """With their keys and with what they found; how many."""
        own = SavedQueryRow.openid == openid, SavedQueryRow.id.in_(ids)
        self._drop_keys(select(SavedQueryRow.id).where(*own))
        return self.connection.execute(delete(SavedQueryRow).where(*own)).rowcount

    def count(self) -> int:
        return self.connection.execute(select(func.count()).select_from(SavedQueryRow)).scalar_one()

    # keys

    def unkeyed(self, version: str, limit: int) -> list[SavedQuery]:
        """Active queries without keys of this version, oldest first."""
        rows = self.connection.execute(
            _OWN.where(SavedQueryRow.keyed != version, SavedQueryRow.paused.is_(False))
            .order_by(SavedQueryRow.id)
            .limit(limit)
        )
        return [_saved(row) for row in rows]

    def file(self, keys: Mapping[int, Sequence[Key]], version: str) -> None:
        """File each query under its keys, in place of what was there."""
        if not keys:
            return
        active = set(
            self.connection.execute(
                select(SavedQueryRow.id).where(SavedQueryRow.id.in_(list(keys)), SavedQueryRow.paused.is_(False))
            ).scalars()
        )
        self.connection.execute(delete(_KEY).where(_KEY.saved_query_id.in_(list(keys))))
        rows = [row_of(query_id, key) for query_id, several in keys.items() if query_id in active for key in several]
        if rows:
            self.connection.execute(insert(_KEY), rows)
        self.connection.execute(update(SavedQueryRow).where(SavedQueryRow.id.in_(active)).values(keyed=version))

    def fitting(self, terms: frozenset[int], upfront_fen: int) -> tuple[set[int], set[int]]:
        """(queries that a document with these terms and this price fits, those that it fits if its text does too)."""
        held = sorted(terms)
        rows = self.connection.execute(
            select(_KEY.saved_query_id, _KEY.beyond).where(
                _any_of(_KEY.term, held),
                _KEY.least_fen <= upfront_fen,
                _KEY.most_fen >= upfront_fen,
                _rests_hold(held),
                or_(_KEY.bar == 0, ~_any_of(_KEY.bar, held)),
            )
        ).all()
        met = [(row[0], row[1] or {}) for row in rows if row[1] is None or _is_met(row[1], terms)]
        return {id_ for id_, beyond in met if not beyond.get("literal")}, {
            id_ for id_, beyond in met if beyond.get("literal")
        }

    def _drop_keys(self, ids: object) -> None:
        self.connection.execute(delete(_KEY).where(_KEY.saved_query_id.in_(ids)))  # type: ignore[arg-type] # a select


def _any_of(column: SQLColumnExpression[int], terms: list[int]) -> ColumnElement[bool]:
    """The numbers stand in the statement itself: both databases then look a value up instead of comparing with each."""
    if not terms:
        return false()
    return column.in_(bindparam(None, terms, expanding=True, literal_execute=True))


def _rests_hold(held: list[int]) -> ColumnElement[bool]:
    """Each further term holds; none stands behind an empty place, so most rows are done after one look."""
    condition: ColumnElement[bool] | None = None
    for column in (_KEY.rest_4, _KEY.rest_3, _KEY.rest_2, _KEY.rest_1):
        holds = _any_of(column, held)
        condition = or_(column == 0, holds if condition is None else and_(holds, condition))
    assert condition is not None
    return condition


def _is_met(beyond: Mapping[str, Any], terms: frozenset[int]) -> bool:
    if any(terms.issuperset(way) for way in beyond.get("barred", ())):
        return False
    return all(any(terms.issuperset(way) for way in group) for group in beyond.get("needed", ()))


def row_of(query_id: int, key: Key) -> dict[str, object]:
    """The key as its row."""
    rests = {f"rest_{place}": term for place, term in enumerate(key.rests, 1)}
    return {
        "term": key.term,
        "saved_query_id": query_id,
        **rests,
        "bar": key.bar,
        "least_fen": key.least_fen,
        "most_fen": key.most_fen,
        "beyond": key.beyond,
    }


def _saved(row: Row[tuple[object, ...]]) -> SavedQuery:
    return SavedQuery(
        id=row.id,
        openid=row.openid,
        query=PatentQuery.load(row.query),
        cadence=Cadence(row.cadence),
        paused=row.paused,
        since=row.since,
    )
