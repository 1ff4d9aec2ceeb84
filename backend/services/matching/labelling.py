"""Staff say who carries a label, on what ground, and until when."""

from __future__ import annotations

from datetime import date, datetime

from backend.domain.errors import AssistantError
from backend.domain.hubei import place_named
from backend.domain.institutions import InstitutionLabel
from backend.domain.roles import Actor
from backend.store.unit_of_work import UnitOfWork


class LabelRefused(AssistantError):
    """`code` is `name` or `source` where one is missing, `city` where a key city is no unit of the province."""


def put_label(
    uow: UnitOfWork,
    *,
    name: str,
    label: InstitutionLabel,
    source: str,
    ends_on: date | None,
    by: Actor,
    at: datetime,
) -> None:
    """The full name as the pool has it; the same name and label again brings source and last day up to date.

    Raises LabelRefused.
    """
    name, source = name.strip()[:200], source.strip()[:500]
    if not name:
        raise LabelRefused("name")
    if not source:
        raise LabelRefused("source")
    if label is InstitutionLabel.KEY_CITY:
        place = place_named(name)
        if place is None:
            raise LabelRefused("city")
        name = place.name
    uow.institution_labels.put(name=name, label=label, source=source, ends_on=ends_on, by=by.id, at=at)
    uow.audit.add(by, "label.put", "institution_label", after=str(label), at=at)


def drop_label(uow: UnitOfWork, *, name: str, label: InstitutionLabel, by: Actor, at: datetime) -> bool:
    """False where there was none."""
    gone = uow.institution_labels.drop(name, label)
    if gone:
        uow.audit.add(by, "label.drop", "institution_label", before=str(label), at=at)
    return gone
