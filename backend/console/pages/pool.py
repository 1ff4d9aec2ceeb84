"""The pool as staff see it: every patent in its newest version, waiting ones included, and its history."""

from __future__ import annotations

import re

from starlette.responses import Response

from backend.console.visit import Refusal, Visit
from backend.domain.clock import day_of
from backend.domain.hubei import places
from backend.domain.listings import ListingStatus, Track
from backend.domain.patents import PatentKind

_NUMBER = re.compile(r"(?:ZL)?[\d\s]+(?:\.[\dX]?)?", re.IGNORECASE)


def show_pool(visit: Visit) -> Response:
    """A page, by words, kind, track, status and place."""
    known: dict[str, set[str]] = {
        "kind": set(map(str, PatentKind)),
        "track": set(map(str, Track)),
        "status": set(map(str, ListingStatus)),
        "place": set(places()),
    }
    filters = {name: asked if (asked := visit.asked(name)) in values else "" for name, values in known.items()}
    filters["words"] = visit.asked("words", most=60)
    sought = filters | {"words": _as_kept(filters["words"])}
    with visit.database.read() as uow:
        found = uow.lists.pool(**sought, page=visit.page)
    return visit.show("pool.html", found=found, filters=filters, places=places(), today=day_of(visit.now))


def show_patent(visit: Visit) -> Response:
    """One patent with every version of its terms."""
    with visit.database.read() as uow:
        versions = uow.lists.versions(visit.params["number"].replace("\x00", ""))
    if not versions:
        raise Refusal(404, "not_found")
    wanted = visit.asked("version")
    shown = next((version for version in versions if str(version.id) == wanted), versions[0])
    on_show = shown.listing.number in visit.house.matcher.pool().at
    return visit.show("patent.html", versions=versions, shown=shown, on_show=on_show, today=day_of(visit.now))


def _as_kept(words: str) -> str:
    """A patent number, or a part of one, as it is printed on pages → as it is kept; other words as they are."""
    return re.sub(r"^ZL|\s", "", words.upper()) if _NUMBER.fullmatch(words) else words
