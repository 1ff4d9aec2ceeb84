"""Read what followers photographed: claim, fetch, read, and tell them once, in the transaction that keeps the outcome.

No call goes out inside a transaction. Whoever dies in between leaves a lease that runs out; another worker takes over, and
the notice key of the message keeps the follower from hearing twice.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import structlog

from backend.domain.certificates import Certificate, CertificateUnread, ReaderFailed, ReadingTimedOut
from backend.domain.clock import Clock
from backend.domain.deliveries import DeliveryKind
from backend.domain.photos import MEDIA_LASTS, MOST_ATTEMPTS, NoNumber, PhotoGone, PhotoStatus, PhotoTask
from backend.domain.ports.certificate_reader import CertificateReader
from backend.domain.ports.media import Media
from backend.domain.ports.sender import TryLater
from backend.domain.ports.wording import Wording
from backend.domain.reply import Reply
from backend.store.database import Database

BATCH = 10
SLOWER = 4  # half a minute becomes half a day in all: a platform that is down for an evening loses no photo
MOST_BYTES = 10 * 1024 * 1024  # the platform's own limit for pictures (temporary media guide)
LONGEST = 120  # characters of a title or a list of holders in the notice; the flow shows them whole
log = structlog.get_logger()


@dataclass(frozen=True)
class DarkRoom:
    """What reading photos needs. One per worker process; `read_due` in one thread at a time, for there is one reader."""

    database: Database
    media: Media
    reader: CertificateReader
    wording: Wording
    clock: Clock

    def read_due(self, stopping: Callable[[], bool] = lambda: False, told: Callable[[], None] = lambda: None) -> int:
        """Everything that waits; how many photos were handled. Safe in any number of workers at once.

        `stopping` is asked before each photo: a worker that shuts down leaves the rest to others. `told` is called after
        each: its notice need not wait for the next photo.
        """
        handled = 0
        while True:
            with self.database.read() as uow:
                due = uow.photos.due(at=self.clock.now(), limit=BATCH)
            if not due:
                return handled
            for photo_id in due:
                if stopping():
                    return handled
                handled += self._handle(photo_id)
                told()

    def forget_old(self, kept: timedelta) -> int:
        """Drop tasks that have been over for longer; how many."""
        with self.database.write() as uow:
            return uow.photos.forget_before(self.clock.now() - kept)

    def _handle(self, photo_id: int) -> int:
        with self.database.write() as uow:
            task = uow.photos.claim(photo_id, at=self.clock.now())
        if task is None:
            return 0
        try:
            certificate = self._develop(task)
        except TryLater as later:
            with self.database.write() as uow:
                wait = later.after * SLOWER ** (task.attempts - 1)
                uow.photos.postpone(task, until=self.clock.now() + wait, reason=later.reason)
        except CertificateUnread as unread:
            self._settle(task, PhotoStatus.FAILED, self.wording.words(unread.code), reason=unread.code)
        else:
            self._settle(task, PhotoStatus.READ, self._said(task, certificate), certificate)
        return 1

    def _develop(self, task: PhotoTask) -> Certificate:
        """Raises TryLater or a kind of CertificateUnread."""
        if self.clock.now() - task.arrived_at > MEDIA_LASTS:
            raise PhotoGone
        if task.attempts > MOST_ATTEMPTS:
            raise ReaderFailed
        image = self.media.fetch(task.media_id, most_bytes=MOST_BYTES)
        try:
            certificate = self.reader.read_certificate(image)
        except ReadingTimedOut:  # a busy machine rather than a hard picture, more often than not
            certificate = self.reader.read_certificate(image)
        if certificate.number is None:
            raise NoNumber
        return certificate

    def _said(self, task: PhotoTask, certificate: Certificate) -> str:
        assert certificate.number is not None
        number = certificate.number.value
        holders = certificate.holders.value if certificate.holders else ()
        fields = self.wording.words(
            "certificate.fields",
            number=number.official,
            title=_short(certificate.title.value if certificate.title else ""),
            kind=certificate.kind.value if certificate.kind else "",
            filed_on=certificate.filed_on.value if certificate.filed_on else "",
            granted_on=certificate.granted_on.value if certificate.granted_on else "",
            holders=_short("；".join(holders)),
        )
        return self.wording.words("certificate.confirm" if task.flow else "certificate.offer", items=fields)

    def _settle(
        self,
        task: PhotoTask,
        status: PhotoStatus,
        text: str,
        certificate: Certificate | None = None,
        *,
        reason: str = "",
    ) -> None:
        outcome = None
        if certificate is not None:
            outcome = {"answers": certificate.answers(), "confidences": certificate.confidences()}
        now = self.clock.now()
        with self.database.write() as uow:
            if not uow.photos.settle(task, status, at=now, outcome=outcome, reason=reason):
                return
            uow.deliveries.plan(
                openid=task.openid,
                notice_key=f"photo:{task.key}",
                kind=DeliveryKind.LATE_ANSWER,
                reply=Reply.of(text),
                at=now,
            )
        log.info("photo.settled", photo=task.id, status=str(status), reason=reason, attempts=task.attempts)


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
