"""What was declared, on pages: where it stands, what comes next, and its papers to save."""

from __future__ import annotations

from datetime import date

from starlette.responses import Response

from backend.domain.clock import day_of
from backend.domain.declarations import DeclarationView, State
from backend.domain.downloads import saved_as
from backend.domain.questions import MyDeclarations
from backend.services.attachments import Cabinet
from backend.services.declarations.papers import NoFont, PressRoom, papers_of
from bot.dialogue.say import say
from bot.h5.forms.door import Visit
from bot.h5.forms.drafts import Drafts


class Declared:
    """`drafts` knows whose a name is and how a page looks."""

    def __init__(self, drafts: Drafts, press: PressRoom, cabinet: Cabinet) -> None:
        self.drafts, self.press, self.cabinet = drafts, press, cabinet

    def page(self, visit: Visit, trouble: str = "") -> Response:
        """Where one declaration stands, why, what comes next, its papers and files. `trouble` is of a file just sent."""
        view = self.named(visit)
        if view is None:
            return self.drafts.dead()
        hint = self.drafts.texts.render(say(f"flow_next.{view.state}")).strip()
        papers = papers_of(view, on=_today(visit))
        return self.drafts.page(
            "forms/declaration.html",
            visit,
            422 if trouble else 200,
            view=view,
            hint=hint,
            papers=papers,
            name=visit.params["name"],
            files=self.cabinet.of_declaration(visit.openid, view.id),
            open=view.state not in State.ended(),
            may_drop=view.state is State.RETURNED,
            trouble=trouble,
            notice=visit.notice,
        )

    def paper(self, visit: Visit) -> Response:
        """One of its papers, drawn now, as a file to save."""
        view = self.named(visit)
        try:
            drawn = self.press.draw(view, visit.params["paper"], on=_today(visit)) if view else None
        except NoFont:
            return self.drafts.door.refuse("no_font", 503)
        if drawn is None:
            return self.drafts.dead()
        paper, content = drawn
        return Response(content, headers=saved_as(paper.name), media_type=paper.media_type)

    def named(self, visit: Visit) -> DeclarationView | None:
        views: tuple[DeclarationView, ...] = self.drafts.desk.answer(MyDeclarations(), visit.openid)
        name = visit.params["name"]
        names = self.drafts.names
        return next((view for view in views if names.declaration(visit.openid, view.id) == name), None)


def _today(visit: Visit) -> date:
    return day_of(visit.at)
