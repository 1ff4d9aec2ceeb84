"""Files that go with a draft or a declaration: handed in, saved again, taken back. Found among the follower's own only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from backend.domain.attachments import Attachment, AttachmentKind, AttachmentNotFound
from backend.domain.declarations import DeclarationView, State
from backend.domain.downloads import saved_as
from backend.domain.drafts import Draft, Flow
from backend.domain.errors import AssistantError
from backend.services.attachments import Cabinet, FileGone
from bot.dialogue.say import Value, say
from bot.h5.forms.declared import Declared
from bot.h5.forms.door import Visit
from bot.h5.forms.drafts import Drafts

LONGEST_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Matter:
    """What files go with: a draft about `number` (“” for an institution's), or a declaration."""

    number: str
    declaration_id: int | None = None
    proof: bool = False


class Files:
    def __init__(self, cabinet: Cabinet, drafts: Drafts, declared: Declared) -> None:
        self.cabinet, self.drafts, self.declared = cabinet, drafts, declared

    # with a draft

    def add_to_draft(self, visit: Visit) -> Response:
        draft = self.drafts.named(visit)
        matter = matter_of(draft) if draft else None
        if draft is None or matter is None:
            return self.drafts.dead()
        trouble = self._add(visit, matter)
        return self.drafts.draft(visit, trouble) if trouble else self.drafts.see(self._draft(visit, "attached"))

    def of_draft(self, visit: Visit) -> Response:
        return self._save(self._held(visit))

    def drop_from_draft(self, visit: Visit) -> Response:
        return self._drop(visit, self._held(visit), self._draft(visit, "removed"))

    # with a declaration

    def add_to_declaration(self, visit: Visit) -> Response:
        view = self.declared.named(visit)
        if view is None or view.state in State.ended():
            return self.drafts.dead()
        trouble = self._add(visit, Matter(view.number, view.id))
        return self.declared.page(visit, trouble) if trouble else self.drafts.see(self._declaration(visit, "attached"))

    def of_declaration(self, visit: Visit) -> Response:
        return self._save(self._enclosed(visit))

    def drop_from_declaration(self, visit: Visit) -> Response:
        return self._drop(visit, self._enclosed(visit), self._declaration(visit, "removed"))

    # what all of them do

    def _add(self, visit: Visit, matter: Matter) -> str:
        """Every file that was chosen; the words of what was wrong with one, and then those before it are in."""
        if not visit.files:
            return self._words("attachment.none")
        kind = AttachmentKind.INSTITUTION if matter.proof else _kind(visit.sent("kind"))
        for upload in visit.files:
            try:
                self.cabinet.add(
                    visit.openid,
                    upload.read(),
                    number=matter.number,
                    kind=kind,
                    name=upload.name,
                    declaration_id=matter.declaration_id,
                )
            except AssistantError as error:
                values: dict[str, Any] = error.values
                said = self._words(error.code, **values)
                return self._words("attachment.about", name=upload.name[-LONGEST_SHOWN:], text=said)
        return ""

    def _save(self, attachment: Attachment | None) -> Response:
        if attachment is None or not attachment.digest:
            return self.drafts.dead()
        try:
            content = self.cabinet.open(attachment)
        except FileGone:
            return self.drafts.door.refuse("file_gone", 404)
        return Response(content, headers=saved_as(self._name(attachment)), media_type=attachment.media_type)

    def _drop(self, visit: Visit, attachment: Attachment | None, back: str) -> Response:
        if attachment is None:
            return self.drafts.dead()
        try:
            self.cabinet.remove(visit.openid, attachment.id)
        except AttachmentNotFound:
            return self.drafts.dead()
        return self.drafts.see(back)

    def _held(self, visit: Visit) -> Attachment | None:
        draft = self.drafts.named(visit)
        matter = matter_of(draft) if draft else None
        return _numbered(self.cabinet.of_draft(visit.openid, matter.number), visit) if matter else None

    def _enclosed(self, visit: Visit) -> Attachment | None:
        view: DeclarationView | None = self.declared.named(visit)
        return _numbered(self.cabinet.of_declaration(visit.openid, view.id), visit) if view else None

    def _name(self, attachment: Attachment) -> str:
        """By its kind, with the suffix of what it is: the name it came with goes to nobody's disk."""
        kind = self.drafts.texts.names[f"AttachmentKind.{attachment.kind}"]
        return f"{kind}-{attachment.id}.{attachment.suffix}"

    def _words(self, key: str, **values: Value) -> str:
        return self.drafts.texts.render(say(key, **values))

    @staticmethod
    def _draft(visit: Visit, notice: str) -> str:
        return f"/h5/draft/{visit.params['name']}?notice={notice}#files"

    @staticmethod
    def _declaration(visit: Visit, notice: str) -> str:
        return f"/h5/declaration/{visit.params['name']}?notice={notice}#files"


def matter_of(draft: Draft) -> Matter | None:
    """None where nothing can go along yet: no patent is named, or the flow has no papers."""
    if draft.flow == Flow.BIND:
        return Matter("", proof=True)
    number = str(draft.answers.get("number", ""))
    return Matter(number) if draft.flow == Flow.DECLARE and number else None


def _kind(given: str) -> AttachmentKind:
    return AttachmentKind(given) if given in list(AttachmentKind) else AttachmentKind.OTHER


def _numbered(held: tuple[Attachment, ...], visit: Visit) -> Attachment | None:
    return next((each for each in held if str(each.id) == visit.params["file"]), None)
