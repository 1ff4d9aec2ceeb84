"""Companies: followers' own and those that staff imported."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, func, insert, or_, select, update

from backend.domain.companies import Company, CompanyLabel, CompanyNotFound, CompanySize
from backend.store.pages import Page, containing, page_of
from backend.store.tables import CompanyRow

ESCAPE = "\\"
_ALL = select(*CompanyRow.__table__.columns)


def company_of(row: Row[*tuple[Any, ...]]) -> Company:
    return Company(
        id=row.id,
        openid=row.openid or "",
        name=row.name,
        credit_code=row.credit_code,
        products=row.products,
        division=row.division,
        clusters=tuple(row.clusters),
        place_code=row.place_code,
        size=CompanySize(row.size) if row.size else None,
        labels=tuple(CompanyLabel(label) for label in row.labels),
        budget_yuan=None if row.budget_fen is None else Decimal(row.budget_fen) / 100,
        source=row.source,
        updated_at=row.updated_at,
    )


def values_of(company: Company, at: datetime) -> dict[str, Any]:
    return {
        "openid": company.openid or None,
        "name": company.name[:200],
        "credit_code": company.credit_code[:64],
        "products": company.products,
        "division": company.division,
        "clusters": list(company.clusters),
        "place_code": company.place_code,
        "size": str(company.size) if company.size else None,
        "labels": [str(label) for label in company.labels],
        "budget_fen": None if company.budget_yuan is None else int(company.budget_yuan * 100),
        "source": company.source[-200:],
        "updated_at": at,
    }


class Companies:
    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def of(self, openid: str) -> Company | None:
        """The follower's own."""
        row = self.connection.execute(_ALL.where(CompanyRow.openid == openid)).first()
        return company_of(row) if row else None

    def get(self, company_id: int) -> Company:
        """Raises CompanyNotFound."""
        row = self.connection.execute(_ALL.where(CompanyRow.id == company_id)).first()
        if row is None:
            raise CompanyNotFound(id=company_id)
        return company_of(row)

    def keep(self, company: Company, *, at: datetime) -> int:
        """The follower's own: the one they had is replaced, its id stays."""
        held = self.connection.execute(
            update(CompanyRow)
            .where(CompanyRow.openid == company.openid)
            .values(**values_of(company, at))
            .returning(CompanyRow.id)
        ).scalar_one_or_none()
        return held if held is not None else self._add(company, at)

    def _add(self, company: Company, at: datetime) -> int:
        return self.connection.execute(
            insert(CompanyRow).values(**values_of(company, at)).returning(CompanyRow.id)
        ).scalar_one()

    def import_one(self, company: Company, *, at: datetime) -> bool:
        """An imported one, known again by its credit code, else by its name; True where it is new. Followers' stay theirs."""
        same = CompanyRow.credit_code == company.credit_code if company.credit_code else CompanyRow.name == company.name
        changed = self.connection.execute(
            update(CompanyRow).where(CompanyRow.openid.is_(None), same).values(**values_of(company, at))
        )
        if changed.rowcount:
            return False
        self._add(company, at)
        return True

    def forget(self, openid: str) -> bool:
        """True where there was one."""
        return self.connection.execute(delete(CompanyRow).where(CompanyRow.openid == openid)).rowcount == 1

    def drop_imported(self, company_id: int) -> bool:
        """One of a staff import. A follower's own is the follower's."""
        gone = self.connection.execute(
            delete(CompanyRow).where(CompanyRow.id == company_id, CompanyRow.openid.is_(None))
        )
        return gone.rowcount == 1

    def all(self) -> list[Company]:
        return [company_of(row) for row in self.connection.execute(_ALL.order_by(CompanyRow.id))]

    def count(self) -> int:
        return self.connection.execute(select(func.count()).select_from(CompanyRow)).scalar_one()

    def page(self, *, words: str = "", place: str = "", page: int = 1) -> Page[Company]:
        """Newest first; `words` are looked for in the name and the products."""
        wanted: list[ColumnElement[bool]] = []
        if words:
            pattern = containing(words)
            wanted.append(
                or_(*(column.ilike(pattern, escape=ESCAPE) for column in (CompanyRow.name, CompanyRow.products)))
            )
        if place:
            wanted.append(CompanyRow.place_code == place)
        return page_of(self.connection, _ALL.where(*wanted).order_by(CompanyRow.id.desc()), page, company_of)

    def by_cluster(self) -> dict[str, int]:
        """How many companies named each cluster."""
        counts: dict[str, int] = {}
        for clusters in self._lists():
            for number in clusters:
                counts[str(number)] = counts.get(str(number), 0) + 1
        return counts

    def _lists(self) -> Sequence[list[Any]]:
        return self.connection.execute(select(CompanyRow.clusters)).scalars().all()
