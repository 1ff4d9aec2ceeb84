"""Read-only tables: unanswered questions, imports, deliveries."""

from __future__ import annotations

from functools import cache

from starlette.responses import Response

from backend.console.visit import Visit
from backend.domain.deliveries import Channel, DeliveryStatus
from backend.knowledge.entries import load_entries


@cache
def _titles() -> dict[str, str]:
    """Entry → its title; the entries are part of the program."""
    return {entry.id: entry.title for entry in load_entries()}


def show_misses(visit: Visit) -> Response:
    """Questions the material did not answer; with ?state=taught those where the follower chose an entry."""
    taught = visit.asked("state") == "taught"
    with visit.database.read() as uow:
        misses = uow.lists.misses(taught=taught, page=visit.page)
        often = [] if taught else [(question, times) for question, times in uow.misses.most_asked(10) if times > 1]
    return visit.show("misses.html", misses=misses, taught=taught, often=often, titles=_titles())


def show_imports(visit: Visit) -> Response:
    with visit.database.read() as uow:
        imports = uow.lists.imports(page=visit.page)
    return visit.show("imports.html", imports=imports)


def show_deliveries(visit: Visit) -> Response:
    """What was to be said outside an answer, and what became of it. The words themselves are not shown."""
    status, channel = visit.asked("status"), visit.asked("channel")
    status = status if status in set(DeliveryStatus) else ""
    channel = channel if channel in set(Channel) else ""
    with visit.database.read() as uow:
        deliveries = uow.lists.deliveries(status=status, channel=channel, page=visit.page)
    return visit.show("deliveries.html", deliveries=deliveries, state=status, channel=channel)
