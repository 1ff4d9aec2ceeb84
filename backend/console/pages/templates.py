"""Words that colleagues keep for campaigns: every change a new version, every problem told with its placeholder."""

from __future__ import annotations

from starlette.responses import Response

from backend.console.pages.campaign_forms import MOST_WORDS, number_of
from backend.console.pages.declarations import names_of
from backend.console.visit import Refusal, Visit
from backend.domain.briefs import BriefKind
from backend.domain.campaign_words import known, problems_of_words
from backend.outreach.briefs import keep_template
from backend.outreach.composing import first_words


def show_templates(visit: Visit) -> Response:
    kind = asked if (asked := visit.asked("kind")) in set(BriefKind) else str(BriefKind.MATCHES)
    return _page(visit, BriefKind(kind), version=number_of(visit.query.get("version", ""), 0))


def keep_by_form(visit: Visit) -> Response:
    kind = visit.given("kind")
    if kind not in set(BriefKind):
        raise Refusal(400, "form")
    words = visit.given("words").replace("\r\n", "\n").strip()[:MOST_WORDS]
    name = visit.given("name").strip()[:100]
    if problems_of_words(BriefKind(kind), words) or not name:
        return _page(visit, BriefKind(kind), words=words, name=name, tried=True)
    with visit.database.write() as uow:
        keep_template(uow, kind=BriefKind(kind), name=name, words=words, by=visit.staff.actor, at=visit.now)
    return visit.go(f"/templates?kind={kind}&done=template_kept")


def _page(
    visit: Visit, kind: BriefKind, *, version: int = 0, words: str = "", name: str = "", tried: bool = False
) -> Response:
    with visit.database.read() as uow:
        held = uow.briefs.templates(kind)
        names = names_of(uow)
    shown = next((one for one in held if one.id == version), None)
    if not tried:
        words, name = (shown.words, shown.name) if shown else (first_words()[kind], "")
    return visit.show(
        "templates.html",
        422 if tried else 200,
        kind=kind,
        kinds=list(BriefKind),
        held=held,
        shown=shown,
        names=names,
        words=words,
        name=name,
        known=known(kind),
        problems=problems_of_words(kind, words),
        nameless=tried and not name,
        done=visit.asked("done"),
    )
