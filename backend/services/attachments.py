"""Files that followers hand in: taken in on a page, fetched where they were sent in the chat, opened, removed, forgotten.

A content goes onto the shelf before its row is written, and off it after its row is gone: whoever dies in between leaves a
content without a row, which the sweep drops.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog

from backend.domain.attachments import (
    LONGEST_NAME,
    MOST_ATTEMPTS,
    MOST_BYTES,
    MOST_FILES,
    MOST_LOOSE,
    Attachment,
    AttachmentKind,
    AttachmentNotFound,
    Fetch,
    FileNotTaken,
    FileTooLarge,
    TooManyFiles,
    file_type,
)
from backend.domain.certificates import CertificateUnread
from backend.domain.clock import Clock
from backend.domain.declarations import State
from backend.domain.deliveries import DeliveryKind
from backend.domain.drafts import Flow
from backend.domain.photos import MEDIA_LASTS, PhotoGone
from backend.domain.ports.media import Media
from backend.domain.ports.sender import TryLater
from backend.domain.ports.wording import Wording
from backend.domain.reply import Reply
from backend.store.database import Database
from backend.store.files import FileGone, FileShelf
from backend.store.unit_of_work import UnitOfWork

__all__ = ["Cabinet", "Collector", "FileGone", "FileShelf", "keep_certificate", "room_for_one", "sweep"]

BATCH = 10
SLOWER = 3
LOOSE_KEPT = timedelta(hours=1)  # of what no draft names any more
_NO_NAME = re.compile(r"[\x00-\x1f\x7f/\\\u202a-\u202e\u2066-\u2069]+")
log = structlog.get_logger()


@dataclass(frozen=True)
class Cabinet:
    """What web and console do with files. Whose they are is decided by the openid, never by an address."""

    database: Database
    shelf: FileShelf
    clock: Clock

    def add(
        self,
        openid: str,
        content: bytes,
        *,
        number: str,
        kind: AttachmentKind,
        name: str,
        declaration_id: int | None = None,
    ) -> None:
        """Into the draft about `number`, or to a declaration of theirs.

        Raises FileTooLarge, FileNotTaken, TooManyFiles, DeclarationNotFound.
        """
        media_type = file_type(content)
        with self.database.read() as uow:
            room_for_one(uow, openid, number, declaration_id)
        digest = self.shelf.put(content)
        with self.database.write() as uow:
            room_for_one(uow, openid, number, declaration_id)
            uow.attachments.add(
                key=f"upload:{uuid.uuid4().hex}",
                openid=openid,
                number=number,
                kind=kind,
                at=self.clock.now(),
                digest=digest,
                media_type=str(media_type),
                size=len(content),
                name=_named(name),
                declaration_id=declaration_id,
            )

    def of_draft(self, openid: str, number: str) -> tuple[Attachment, ...]:
        with self.database.read() as uow:
            return uow.attachments.of_draft(openid, number)

    def of_declaration(self, openid: str, declaration_id: int) -> tuple[Attachment, ...]:
        """Raises DeclarationNotFound."""
        with self.database.read() as uow:
            uow.declarations.theirs(openid, declaration_id)
            return uow.attachments.of_declaration(declaration_id)

    def open(self, attachment: Attachment) -> bytes:
        """Raises FileGone."""
        return self.shelf.get(attachment.digest)

    def remove(self, openid: str, attachment_id: int) -> None:
        """While nobody relies on it: in a draft, or while the declaration is theirs to mend. Raises AttachmentNotFound."""
        with self.database.write() as uow:
            held = uow.attachments.get(attachment_id)
            if held is None or held.openid != openid or not _may_go(uow, held):
                raise AttachmentNotFound(id=attachment_id)
            uow.attachments.remove(attachment_id)


def _may_go(uow: UnitOfWork, held: Attachment) -> bool:
    if held.declaration_id is not None:
        return uow.declarations.get(held.declaration_id).state is State.RETURNED
    return held.loose


def room_for_one(uow: UnitOfWork, openid: str, number: str, declaration_id: int | None = None) -> None:
    """Raises TooManyFiles, DeclarationNotFound."""
    if declaration_id is not None:
        uow.declarations.theirs(openid, declaration_id)
        full = len(uow.attachments.of_declaration(declaration_id)) >= MOST_FILES
    else:
        full = len(uow.attachments.of_draft(openid, number)) >= MOST_FILES
        full = full or uow.attachments.loose_of(openid) >= MOST_LOOSE
    if full:
        raise TooManyFiles(limit=MOST_FILES)


def _named(name: str) -> str:
    return _NO_NAME.sub("", name).strip()[-LONGEST_NAME:]


def keep_certificate(uow: UnitOfWork, openid: str, answers: Mapping[str, Any], *, at: datetime) -> None:
    """The draft was made from a photo of the certificate, and may be stored: its picture is kept with it.

    It was read in memory before anybody had agreed to anything; the platform keeps it for three days, and it is fetched
    from there once more.
    """
    read = answers.get("read")
    if not isinstance(read, dict) or not read.get("photo") or read.get("number") != answers.get("number"):
        return
    sent = uow.photos.media_of(openid, int(read["photo"]))
    if sent is None or at - sent[1] > MEDIA_LASTS:
        return
    uow.attachments.add(
        key=f"photo:{read['photo']}",
        openid=openid,
        number=str(answers["number"]),
        kind=AttachmentKind.CERTIFICATE,
        at=at,
        media_id=sent[0],
    )


@dataclass(frozen=True)
class Collector:
    """What fetching pictures from the platform needs. Any number of workers at once."""

    database: Database
    media: Media
    shelf: FileShelf
    wording: Wording
    clock: Clock

    def fetch_due(self, stopping: Callable[[], bool] = lambda: False) -> int:
        """Every picture that waits; how many were handled. No call goes out inside a transaction."""
        handled = 0
        while not stopping():
            with self.database.read() as uow:
                due = uow.attachments.due(at=self.clock.now(), limit=BATCH)
            if not due:
                break
            for attachment_id in due:
                handled += self._handle(attachment_id)
        return handled

    def _handle(self, attachment_id: int) -> int:
        with self.database.write() as uow:
            task = uow.attachments.claim(attachment_id, at=self.clock.now())
        if task is None:
            return 0
        try:
            content = self._fetched(task)
            media_type = file_type(content)
        except TryLater as later:
            with self.database.write() as uow:
                wait = later.after * SLOWER ** (task.attempts - 1)
                uow.attachments.postpone(task, until=self.clock.now() + wait, reason=later.reason)
        except (CertificateUnread, FileTooLarge, FileNotTaken) as error:
            self._lost(task, error.code)
        else:
            digest = self.shelf.put(content)
            with self.database.write() as uow:
                uow.attachments.fetched(task, digest=digest, media_type=str(media_type), size=len(content))
        return 1

    def _fetched(self, task: Fetch) -> bytes:
        """Raises TryLater, a kind of CertificateUnread."""
        if task.attempts > MOST_ATTEMPTS or self.clock.now() - task.arrived_at > MEDIA_LASTS:
            raise PhotoGone
        return self.media.fetch(task.media_id, most_bytes=MOST_BYTES)

    def _lost(self, task: Fetch, code: str) -> None:
        """The follower is told, unless it was a picture that they did not hand in as such."""
        now = self.clock.now()
        with self.database.write() as uow:
            if uow.attachments.fail(task, reason=code) and not task.key.startswith("photo:"):
                uow.deliveries.plan(
                    openid=task.openid,
                    notice_key=f"attachment:{task.key}",
                    kind=DeliveryKind.SERVICE_NOTICE,
                    reply=Reply.of(self.wording.words("attachment.lost")),
                    at=now,
                )
        log.info("attachment.lost", attachment=task.id, reason=code, attempts=task.attempts)


def sweep(database: Database, shelf: FileShelf, clock: Clock) -> int:
    """Forget what lies in no draft any more, then drop contents that nobody names; how many contents."""
    before = clock.now() - LOOSE_KEPT
    with database.read() as uow:
        old = uow.attachments.loose_before(before)
    for held in old:
        with database.write() as uow:
            now = uow.attachments.get(held.id)  # it may have become part of a declaration meanwhile
            if now and (not now.loose or not _in_a_draft(uow, now)) and now.loose == held.loose:
                uow.attachments.remove(held.id)

    def known(digests: Sequence[str]) -> frozenset[str]:
        with database.read() as uow:
            return uow.attachments.known(digests)

    return shelf.sweep(known, before=before)


def _in_a_draft(uow: UnitOfWork, held: Attachment) -> bool:
    flow = Flow.BIND if held.kind is AttachmentKind.INSTITUTION else Flow.DECLARE
    drafts = (draft for draft in uow.drafts.of(held.openid) if draft.flow == flow)
    return any(not held.number or draft.answers.get("number") == held.number for draft in drafts)
