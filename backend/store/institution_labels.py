"""Labels of institutions and cities that the pilot plan asks to go first: kept by staff, with source and last day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, Date, bindparam, delete, func, or_, select, text

from backend.domain.hubei import place_named
from backend.domain.institutions import InstitutionLabel
from backend.domain.matching import HolderLabels
from backend.store.tables import InstitutionLabelRow
from backend.store.tables.base import Instant

_PUT = text(
    """
    INSERT INTO institution_label (name, label, source, ends_on, by, at)
    VALUES (:name, :label, :source, :ends_on, :by, :at)
    ON CONFLICT (name, label) DO UPDATE SET source = excluded.source, ends_on = excluded.ends_on, by = excluded.by,
        at = excluded.at
    """
).bindparams(bindparam("at", type_=Instant), bindparam("ends_on", type_=Date))


@dataclass(frozen=True, slots=True)
class Labelled:
    """`by` is the id of the staff member who entered it."""

    name: str
    label: InstitutionLabel
    source: str
    ends_on: date | None
    by: str
    at: datetime


class InstitutionLabels:
    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def put(
        self, *, name: str, label: InstitutionLabel, source: str, ends_on: date | None, by: str, at: datetime
    ) -> None:
        self.connection.execute(
            _PUT,
            {"name": name, "label": str(label), "source": source, "ends_on": ends_on, "by": by, "at": at},
        )

    def drop(self, name: str, label: InstitutionLabel) -> bool:
        """True where there was one."""
        gone = self.connection.execute(
            delete(InstitutionLabelRow).where(InstitutionLabelRow.name == name, InstitutionLabelRow.label == str(label))
        )
        return gone.rowcount == 1

    def all(self) -> Sequence[Labelled]:
        rows = self.connection.execute(
            select(*InstitutionLabelRow.__table__.columns).order_by(InstitutionLabelRow.label, InstitutionLabelRow.name)
        )
        return [
            Labelled(row.name, InstitutionLabel(row.label), row.source, row.ends_on, row.by, row.at) for row in rows
        ]

    def version(self) -> str:
        """Changes with every label entered or taken off."""
        row = self.connection.execute(
            select(func.count(), func.max(InstitutionLabelRow.at)).select_from(InstitutionLabelRow)
        ).one()
        return f"{row[0]}:{row[1]}"

    def on(self, day: date) -> HolderLabels:
        """What counts on the day."""
        rows = self.connection.execute(
            select(InstitutionLabelRow.name, InstitutionLabelRow.label)
            .where(or_(InstitutionLabelRow.ends_on.is_(None), InstitutionLabelRow.ends_on >= day))
            .order_by(InstitutionLabelRow.label)
        )
        by_name: dict[str, tuple[InstitutionLabel, ...]] = {}
        cities: set[str] = set()
        for row in rows:
            label = InstitutionLabel(row.label)
            place = place_named(row.name) if label is InstitutionLabel.KEY_CITY else None
            if place:
                cities.add(place.code)
            else:
                by_name[row.name] = (*by_name.get(row.name, ()), label)
        return HolderLabels(by_name, frozenset(cities))
