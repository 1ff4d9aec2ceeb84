"""Files that go along: what is taken in, what is refused with a sentence, whose they are, and what becomes of them."""

from __future__ import annotations

import io
import os
import re
from pathlib import Path

import httpx
import pytest
from PIL import Image

from backend.domain.attachments import MOST_BYTES, MOST_FILES, AttachmentKind, AttachmentStatus
from backend.domain.declarations import State
from backend.domain.deeds import DropDraft, Unfollowed
from backend.services.attachments import Collector, FileShelf, sweep
from backend.services.declarations.erasing import forget_declarant
from backend.services.deeds import carry_out
from backend.services.mine import declarations_of, files_of
from backend.store.database import Database
from bot.dialogue.incoming import Kind
from bot.texts.notices import Notices
from tests.support.arrivals import ledger
from tests.support.declarant import TEXTS, make_record
from tests.support.declared import Desks
from tests.support.photographer import FakeMedia
from tests.support.visitors import AFTER_CONSENT, NUMBER, PageOffice, Visitor320, open_pages

PDF = b"%PDF-1.7\n1 0 obj\n"


def picture(kind: str = "JPEG") -> bytes:
    held = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(held, kind)
    return held.getvalue()


@pytest.fixture
def pages(database: Database, tmp_path: Path) -> PageOffice:
    return open_pages(database, tmp_path)


@pytest.fixture
def small(shelf: Database, tmp_path: Path) -> PageOffice:
    return open_pages(shelf, tmp_path)


def begun(pages: PageOffice) -> Visitor320:
    pages.chat().tell("我要声明", NUMBER, "同意", *AFTER_CONSENT)
    return pages.enter("ming", pages.address())


def upload(visitor: Visitor320, path: str, *files: bytes, kind: str = "other", name: str = "a.jpg") -> httpx.Response:
    """As the form of the page sends it."""
    found = re.search(r'name="token" value="([0-9a-f]{64})"', visitor.page)
    answer: httpx.Response = visitor.client.post(
        f"{path}/file",
        data={"token": found[1] if found else "", "kind": kind},
        files=[("file", (name, content, "text/html")) for content in files],
    )
    if answer.status_code == 303:
        return visitor.get(answer.headers["location"].partition("#")[0])
    visitor.page = answer.text
    return answer


def aged(shelf: FileShelf) -> None:
    """As if they had been put there long ago."""
    for path in shelf.folder.glob("*/*"):
        os.utime(path, (1, 1))


def links(page: str) -> list[str]:
    return re.findall(r'href="(/h5/[^"]+/file/\d+)"', page)


def test_a_file_goes_with_the_declaration(pages: PageOffice) -> None:
    ming = begun(pages)
    assert "协议定价公示" in ming.words
    upload(ming, pages.address(), picture(), PDF, kind="price_publicity", name="..\\../<公示>.jpg")
    assert "已收到附件" in ming.words
    assert len(links(ming.page)) == 2
    assert "<公示>" not in ming.page
    saved = ming.get(links(ming.page)[1])
    assert (saved.content, saved.headers["content-type"]) == (PDF, "application/pdf")
    assert saved.headers["content-disposition"].startswith("attachment; ")
    assert saved.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert saved.headers["x-content-type-options"] == "nosniff"
    pages.chat().tell("继续", "提交")
    (view,) = declarations_of(pages.database, "ming")
    assert not files_of(pages.database, "ming", NUMBER)
    address = pages.forms.links.declaration("ming", view.id).removeprefix("http://127.0.0.1:8000")
    ming.get(address)
    assert ming.get(links(ming.page)[0]).content == picture()
    assert upload(ming, address, picture("PNG"), kind="evaluation_report").status_code == 200
    with pages.database.read() as uow:
        kinds = [each.kind for each in uow.attachments.of_declaration(view.id)]
    assert kinds == ["price_publicity", "price_publicity", "evaluation_report"]
    assert ming.post(links(ming.page)[0]).status_code == 404  # somebody may have looked at it


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "只收照片"),
        (b"<html><script>alert(1)</script>", "只收照片"),
        (b"MZ\x90\x00", "只收照片"),
        (b"PK\x03\x04", "只收照片"),
        (b"GIF89a", "只收照片"),
        (b"\xff\xd8\xff" + bytes(MOST_BYTES), "每个最多 10 MB"),
    ],
)
def test_what_is_not_taken_is_refused_with_a_sentence(small: PageOffice, content: bytes, words: str) -> None:
    ming = begun(small)
    answer = upload(ming, small.address(), content)
    assert answer.status_code == 422
    assert words in ming.words
    assert not files_of(small.database, "ming", NUMBER)
    assert upload(ming, small.address()).status_code == 422
    assert "没有选文件" in ming.words


def test_forty_megabytes_are_refused_with_a_sentence(small: PageOffice) -> None:
    ming = begun(small)
    answer = upload(ming, small.address(), b"\xff\xd8\xff" + bytes(40 * 1024 * 1024))
    assert answer.status_code == 413
    assert "文件太大" in ming.words

    def pieces() -> object:
        for _ in range(40):
            yield bytes(1024 * 1024)

    boundary = {"Content-Type": "multipart/form-data; boundary=x"}
    unannounced = ming.client.post(f"{small.address()}/file", content=pieces(), headers=boundary)
    assert unannounced.status_code in {403, 413}
    assert not files_of(small.database, "ming", NUMBER)
    assert not list((small.proofs.parent / "files").glob("*/*"))


def test_there_is_an_end_to_how_many(small: PageOffice) -> None:
    ming = begun(small)
    for _ in range(2):
        upload(ming, small.address(), *[picture()] * 9)
        ming.get(small.address())
    assert upload(ming, small.address(), *[picture()] * 3).status_code == 422
    assert f"最多 {MOST_FILES} 份" in ming.words
    assert len(files_of(small.database, "ming", NUMBER)) == MOST_FILES
    assert len(list((small.proofs.parent / "files").glob("*/*"))) == 1  # one content, kept once


def test_files_of_another_follower_are_dead_links(small: PageOffice) -> None:
    ming = begun(small)
    upload(ming, small.address(), picture())
    (link,) = links(ming.page)
    hua = small.enter("hua")
    dead = hua.get(f"/h5/draft/{'A' * 32}/file/1")
    for path in (small.address(), link.rsplit("/file", 1)[0]):
        hua.get("/h5/declarations")
        assert upload(hua, path, picture()).text == dead.text
    hua.get("/h5/declarations")
    for answer in (hua.post(link), hua.get(link)):
        assert (answer.status_code, answer.text) == (404, dead.text)
    hua.get("/h5/declarations")
    stranger = small.browser()
    assert stranger.get(link).status_code == 302
    assert upload(stranger, small.address(), picture()).status_code == 401
    assert upload(Visitor320(ming.client, page=hua.page), small.address(), picture()).status_code == 403
    assert len(files_of(small.database, "ming", NUMBER)) == 1
    ming.get(small.address())
    assert "附件已删除" in ming.post(link).text
    assert not files_of(small.database, "ming", NUMBER)


def test_a_picture_in_the_chat_is_kept_where_a_paper_is_asked_for(pages: PageOffice, tmp_path: Path) -> None:
    chat = pages.chat()
    review = chat.tell("我要声明", NUMBER, "同意", *AFTER_CONSENT)
    assert "协议定价公示" in review
    assert "/h5/draft/" in review
    assert "协议定价公示" in chat.do(Kind.IMAGE, MediaId="m1")
    assert "2 份" in chat.do(Kind.IMAGE, MediaId="m2")
    assert "已提交" in chat.say("提交")
    media = FakeMedia({"m1": picture()})
    shelf = FileShelf(tmp_path / "files")
    collector = Collector(pages.database, media, shelf, Notices(TEXTS), pages.clock)
    assert collector.fetch_due() == 2
    (view,) = declarations_of(pages.database, "ming")
    with pages.database.read() as uow:
        (kept,) = uow.attachments.of_declaration(view.id)
    assert (kept.kind, kept.status) == (AttachmentKind.PRICE_PUBLICITY, AttachmentStatus.KEPT)
    assert shelf.get(kept.digest) == picture()
    assert [sent.reply.text for sent in ledger(pages.database).values()] == [TEXTS.templates["attachment.lost"]]


def test_an_attachment_may_be_named_from_the_review(small: PageOffice) -> None:
    chat = small.chat()
    chat.tell("我要声明", NUMBER, "同意", *AFTER_CONSENT)
    assert "好了" in chat.say("改附件")
    assert "还有就接着发" in chat.do(Kind.IMAGE, MediaId="m1")
    assert "附件：已发来" in chat.say("好了")
    assert "附件：以后补" in chat.tell("改附件", "以后补")
    assert "已提交" in chat.say("提交")
    assert len(declarations_of(small.database, "ming")) == 1


def test_the_proof_of_an_institution_goes_to_staff(small: PageOffice) -> None:
    chat = small.chat()
    chat.tell("单位认证", "江城理工大学", "同意", "1", "91350200MA2YJ1XR9G")
    assert "证明材料" in chat.say("张三 13800000000")
    assert "1 份" in chat.do(Kind.IMAGE, MediaId="m1")
    ming = small.enter("ming", small.address(flow="bind"))
    assert "正在取" in ming.words
    upload(ming, small.address(flow="bind"), PDF)
    assert "已提交" in chat.say("提交")
    with small.database.read() as uow:
        held = uow.institutions.of_officer("ming")
        assert held is not None
        assert [each.kind for each in uow.attachments.of_institutions([held.id])] == ["institution"] * 2


def test_files_go_with_the_follower_unless_they_were_filed(pages: PageOffice, tmp_path: Path) -> None:
    desks = Desks(pages.database, clock=pages.clock)
    filed, kept = desks.listed(2), desks.submit(3)
    ming = begun(pages)
    upload(ming, pages.address(), picture())
    for declaration_id, content in ((filed, PDF), (kept, picture("PNG"))):
        address = pages.forms.links.declaration("ming", declaration_id).removeprefix("http://127.0.0.1:8000")
        ming.get(address)
        assert "已收到附件" in upload(ming, address, content).text
    shelf = FileShelf(tmp_path / "files")
    assert len(list(shelf.folder.glob("*/*"))) == 3
    with pages.database.write() as uow:
        forget_declarant(uow, "ming", secret="s")
        uow.followers.erase("ming")
    pages.clock.forward(days=1)
    aged(shelf)
    sweep(pages.database, shelf, pages.clock)
    with pages.database.read() as uow:
        (left,) = uow.attachments.of_declaration(filed)
    assert (left.openid, left.name) == ("", "")
    assert [path.name for path in shelf.folder.glob("*/*")] == [left.digest]


def test_what_lies_in_no_draft_any_more_is_forgotten(small: PageOffice, tmp_path: Path) -> None:
    ming = begun(small)
    upload(ming, small.address(), picture())
    shelf = FileShelf(tmp_path / "files")
    small.clock.forward(days=1)
    aged(shelf)
    assert sweep(small.database, shelf, small.clock) == 0
    with small.database.write() as uow:
        carry_out(uow, "ming", DropDraft("declare", ""), at=small.clock.now())
    assert sweep(small.database, shelf, small.clock) == 1
    assert not files_of(small.database, "ming", NUMBER)


def test_a_returned_declaration_lets_its_files_be_changed(small: PageOffice) -> None:
    ming = begun(small)
    upload(ming, small.address(), picture())
    small.chat().tell("继续", "提交")
    (view,) = declarations_of(small.database, "ming")
    desks = Desks(small.database, clock=small.clock)
    desks.register.tell(make_record(1))
    assert desks.first(view.id) is State.FIRST_VERIFIED
    desks.give_back(view.id, "license_ends_on")
    address = small.forms.links.declaration("ming", view.id).removeprefix("http://127.0.0.1:8000")
    ming.get(address)
    assert "附件已删除" in ming.post(links(ming.page)[0]).text


def test_the_certificate_is_kept_once_its_draft_may_be(pages: PageOffice, tmp_path: Path) -> None:
    with pages.database.write() as uow:
        uow.photos.add(openid="ming", key="m:1", media_id="m1", flow="declare", at=pages.clock.now())
        task = uow.photos.claim(1, at=pages.clock.now())
        assert task is not None
        outcome = {"answers": {"number": NUMBER, "title": "一种测试用散热装置1"}, "confidences": {}}
        uow.photos.settle(task, "read", at=pages.clock.now(), outcome=outcome, reason="")  # type: ignore[arg-type] # a word of the table
    chat = pages.chat()
    chat.tell("我要声明", "对")
    assert not files_of(pages.database, "ming", NUMBER)
    chat.say("同意")
    (held,) = files_of(pages.database, "ming", NUMBER)
    assert (held.kind, held.status) == (AttachmentKind.CERTIFICATE, AttachmentStatus.WAITING)
    shelf = FileShelf(tmp_path / "files")
    collector = Collector(pages.database, FakeMedia({"m1": picture()}), shelf, Notices(TEXTS), pages.clock)
    assert collector.fetch_due() == 1
    (held,) = files_of(pages.database, "ming", NUMBER)
    assert shelf.get(held.digest) == picture()


def test_a_platform_that_is_away_is_asked_again(small: PageOffice, tmp_path: Path) -> None:
    chat = small.chat()
    chat.tell("我要声明", NUMBER, "同意", *AFTER_CONSENT)
    chat.do(Kind.IMAGE, MediaId="m1")
    media = FakeMedia({"m1": picture()}, down=1)
    collector = Collector(small.database, media, FileShelf(tmp_path / "files"), Notices(TEXTS), small.clock)
    collector.fetch_due()
    assert files_of(small.database, "ming", NUMBER)[0].status is AttachmentStatus.WAITING
    small.clock.forward(minutes=5)
    collector.fetch_due()
    assert files_of(small.database, "ming", NUMBER)[0].status is AttachmentStatus.KEPT


def test_nothing_is_fetched_for_who_has_left(small: PageOffice, tmp_path: Path) -> None:
    chat = small.chat()
    chat.tell("我要声明", NUMBER, "同意", *AFTER_CONSENT)
    chat.do(Kind.IMAGE, MediaId="m1")
    with small.database.write() as uow:
        carry_out(uow, "ming", Unfollowed(), at=small.clock.now())
    media = FakeMedia({"m1": picture()})
    collector = Collector(small.database, media, FileShelf(tmp_path / "files"), Notices(TEXTS), small.clock)
    assert collector.fetch_due() == 0
    assert media.asked == []
