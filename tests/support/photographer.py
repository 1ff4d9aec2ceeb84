"""A follower with a camera: photos become rows, a worker's dark room reads them, notices go out through the ledger."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from backend.domain.certificates import Certificate, CertificateUnread, NoCertificate, Seen, TooLarge
from backend.domain.clock import SetClock
from backend.domain.deeds import Deed, DropDraft, ReadPhoto, SaveDraft, TakeProposal
from backend.domain.patent_number import parse_patent_number
from backend.domain.photos import PhotoGone, PhotoStatus
from backend.domain.ports.sender import TryLater
from backend.domain.questions import MyDrafts, MyProposal, Question
from backend.outreach.sending import drain
from backend.services.deeds import carry_out
from backend.services.mine import drafts_of, proposal_of
from backend.services.photos import DarkRoom
from backend.store.database import Database
from backend.store.tables import PhotoRow
from bot.dialogue.incoming import Kind
from bot.texts.notices import Notices
from tests.support.arrivals import visit
from tests.support.builders import make_number
from tests.support.declarant import NOON, TEXTS, UNIVERSITY, Declarant
from tests.support.fakes import RememberingSender

ME = "ming"
_ids = itertools.count(1)


def make_certificate(serial: int = 1, **changes: Any) -> Certificate:
    """Says the same as `make_record` of this serial."""
    number = parse_patent_number(make_number(serial))
    values: dict[str, Any] = {
        "number": Seen(number, 0.99),
        "kind": Seen(number.kind, 0.99),
        "title": Seen(f"一种测试用散热装置{serial}", 0.97),
        "holders": Seen((UNIVERSITY,), 0.95),
        "filed_on": Seen(date(2021, 3, 15), 0.9),
        "granted_on": Seen(date(2023, 5, 6), 0.9),
    }
    return Certificate(**(values | changes))


@dataclass
class FakeMedia:
    """The platform's pictures: as strict about size as the real client, and down for as many calls as it is told."""

    held: dict[str, bytes] = field(default_factory=dict)
    down: int = 0
    asked: list[str] = field(default_factory=list)

    def fetch(self, media_id: str, *, most_bytes: int) -> bytes:
        self.asked.append(media_id)
        if self.down:
            self.down -= 1
            raise TryLater("platform_-1", timedelta(seconds=30))
        if media_id not in self.held:
            raise PhotoGone
        if len(self.held[media_id]) > most_bytes:
            raise TooLarge(bytes=len(self.held[media_id]), most=most_bytes)
        return self.held[media_id]


@dataclass
class FakeReader:
    """Reads what a test wrote on a picture, one line per reading, the last one for ever; other pictures show a cat."""

    written: dict[bytes, list[Certificate | BaseException]] = field(default_factory=dict)
    read: list[bytes] = field(default_factory=list)
    meanwhile: Callable[[], None] = lambda: None

    def read_certificate(self, image: bytes) -> Certificate:
        self.read.append(image)
        self.meanwhile()
        lines = self.written.get(image, [NoCertificate()])
        line = lines.pop(0) if len(lines) > 1 else lines[0]
        if isinstance(line, BaseException):
            raise line
        return line


@dataclass
class Photographer(Declarant):
    """Drafts and photos are in the database; everything else is the declarant's own."""

    database: Database | None = None
    media: FakeMedia = field(default_factory=FakeMedia)
    reader: FakeReader = field(default_factory=FakeReader)
    sender: RememberingSender = field(default_factory=RememberingSender)
    clock: SetClock = field(default_factory=lambda: SetClock(NOON))

    def __post_init__(self) -> None:
        visit(self.store, ME, at=NOON)

    @property
    def store(self) -> Database:
        assert self.database is not None
        return self.database

    def photo(self, *lines: Certificate | CertificateUnread | BaseException, image: bytes = b"") -> str:
        """Send one; what the reader will say of it. Returns the answer in the reply's window."""
        media_id = f"media-{next(_ids)}"
        image = image or media_id.encode()
        self.media.held[media_id] = image
        if lines:
            self.reader.written[image] = list(lines)
        return self.do(Kind.IMAGE, MediaId=media_id)

    def dark_room(self) -> DarkRoom:
        """Each is another worker with the same platform and reader."""
        return DarkRoom(self.store, self.media, self.reader, Notices(TEXTS), self.clock)

    def developed(self) -> list[str]:
        """What the follower hears once a worker has read and sent everything that is due."""
        before = len(self.sender.sent)
        self.dark_room().read_due()
        drain(self.store, self.sender, self.clock)
        return [reply.text for _, reply in self.sender.sent[before:]]

    def rows(self) -> list[Any]:
        with self.store.read() as uow:
            table = PhotoRow.__table__
            return list(uow.connection.execute(table.select().order_by(PhotoRow.id)).all())

    def statuses(self) -> list[PhotoStatus]:
        return [PhotoStatus(row.status) for row in self.rows()]

    def kept(self) -> dict[str, Any]:
        (draft,) = drafts_of(self.store, ME)
        return draft.answers

    def _answer(self, question: Question) -> Any:
        match question:
            case MyDrafts():
                return drafts_of(self.store, ME)
            case MyProposal():
                return proposal_of(self.store, ME)
            case _:
                return super()._answer(question)

    def _carry_out(self, deed: Deed) -> None:
        if not isinstance(deed, SaveDraft | DropDraft | ReadPhoto | TakeProposal):
            super()._carry_out(deed)
            return
        with self.store.write() as uow:
            carry_out(uow, ME, deed, at=self.clock.now())
