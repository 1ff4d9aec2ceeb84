"""“One of these”, with the list as a single value: the same statement for one and for a thousand.

A list of many parameters is a new statement for every length of it, put together, parsed and planned again each time: most
of what a wave of the ledger took on PostgreSQL.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, Self

from sqlalchemy import ARRAY, Boolean, ColumnElement, Dialect, String, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.operators import OperatorType
from sqlalchemy.types import TypeDecorator, TypeEngine


class _Many(TypeDecorator[list[Any]]):
    """A list of `of`: an array on PostgreSQL, JSON on SQLite."""

    impl = String
    cache_ok = True

    def __init__(self, of: TypeEngine[Any]) -> None:
        super().__init__()
        self.of = of

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(String() if dialect.name == "sqlite" else ARRAY(self.of))

    def process_bind_param(self, value: Iterable[Any] | None, dialect: Dialect) -> Any:
        held = list(value or ())
        return json.dumps(held) if dialect.name == "sqlite" else held


class among(FunctionElement[bool]):  # noqa: N801 reads as an operator of SQL
    """`among(column, name)`: true where the column is one of the values given as `name`."""

    type = Boolean()
    inherit_cache = True
    name = "among"

    def __init__(self, column: InstrumentedAttribute[Any] | ColumnElement[Any], name: str) -> None:
        super().__init__(column, bindparam(name, type_=_Many(column.type)))

    def self_group(self, against: OperatorType | None = None) -> Self:  # noqa: ARG002 SQLAlchemy's signature
        """A comparison as it stands: SQLite, which has no truth values, would otherwise be asked for `… = 1`, and look
        through the whole table for it."""
        return self


@compiles(among)
def _array(element: among, compiler: SQLCompiler, **options: Any) -> str:
    column, values = element.clauses
    return f"{compiler.process(column, **options)} = ANY ({compiler.process(values, **options)})"


@compiles(among, "sqlite")
def _json(element: among, compiler: SQLCompiler, **options: Any) -> str:
    column, values = element.clauses
    held = compiler.process(values, **options)
    return f"{compiler.process(column, **options)} IN (SELECT value FROM json_each({held}))"  # noqa: S608 SQLAlchemy's parts
