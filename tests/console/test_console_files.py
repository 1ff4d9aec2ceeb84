"""Files beside the checklist: the certificate with what was read off it, what is missing, and who may open them."""

from __future__ import annotations

import io

from PIL import Image

from backend.console.permissions import RULES, allowed
from backend.domain.attachments import AttachmentKind
from backend.domain.listings import Track
from backend.domain.roles import Role
from tests.support.builders import make_number
from tests.support.busy_office import declare, fill
from tests.support.desk_of_staff import StaffDesk


def picture() -> bytes:
    held = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(held, "JPEG")
    return held.getvalue()


def hand_in(desk: StaffDesk, declaration: int, kind: AttachmentKind, content: bytes, serial: int = 1) -> None:
    desk.cabinet.add(
        "patentee", content, number=make_number(serial), kind=kind, name="证书.jpg", declaration_id=declaration
    )


def test_the_certificate_stands_beside_what_was_read_off_it(desk: StaffDesk) -> None:
    declaration = declare(desk, 1, holders=("甲大学", "乙公司"), co_holders_agree=True)
    read = {"number": make_number(1), "title": "一种别的装置", "holders": ["甲大学", "乙公司"]}
    with desk.database.write() as uow:
        uow.declarations.keep_draft(declaration, {"read": read})
    hand_in(desk, declaration, AttachmentKind.CERTIFICATE, picture())
    hand_in(desk, declaration, AttachmentKind.OTHER, b"%PDF-1.4")
    verifier = desk.enter(Role.VERIFIER)
    verifier.get(f"/declarations/{declaration}")
    assert "一种别的装置 与声明不同" in verifier.words
    assert verifier.words.count("与声明不同") == 1
    assert "还没有：全体共有人同意书" in verifier.words
    assert f'<img src="/console/declarations/{declaration}/files/1"' in verifier.page
    assert verifier.page.count("<img src") == 2  # the mark, and the picture; a PDF is only saved
    answer = verifier.get(f"/declarations/{declaration}/files/1")
    assert (answer.content, answer.headers["content-type"]) == (picture(), "image/jpeg")
    assert answer.headers["content-disposition"].startswith("attachment; ")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "script-src 'self'" in answer.headers["content-security-policy"]


def test_a_file_opens_with_its_own_declaration_only(desk: StaffDesk) -> None:
    mine, other = declare(desk, 1), declare(desk, 2)
    hand_in(desk, mine, AttachmentKind.OTHER, picture())
    hand_in(desk, other, AttachmentKind.OTHER, b"%PDF-1.4", 2)
    agent = desk.enter(Role.AGENCY_VERIFIER, "周")
    verifier = desk.enter(Role.VERIFIER)
    assert agent.get(f"/declarations/{mine}/files/1").status_code == 404
    for path in (f"/declarations/{mine}/files/2", f"/declarations/{mine}/files/x", "/institutions/1/files/1"):
        assert verifier.get(path).status_code == 404
    assert verifier.get(f"/declarations/{other}/files/2").status_code == 200


def test_a_content_that_is_gone_is_told(desk: StaffDesk) -> None:
    declaration = declare(desk, 1)
    hand_in(desk, declaration, AttachmentKind.OTHER, picture())
    desk.cabinet.shelf.sweep(lambda _: (), before=desk.clock.now().replace(year=2100))
    verifier = desk.enter(Role.VERIFIER)
    assert verifier.get(f"/declarations/{declaration}/files/1").status_code == 404
    assert "文件找不到了" in verifier.words


def test_the_proof_of_an_institution_is_shown_where_it_is_decided(desk: StaffDesk) -> None:
    fill(desk)
    desk.cabinet.add("officer", picture(), number="", kind=AttachmentKind.INSTITUTION, name="授权书.jpg")
    with desk.database.write() as uow:
        uow.attachments.bind_institution("officer", 1)
    approver = desk.enter(Role.APPROVER)
    approver.get("/institutions")
    assert '<img src="/console/institutions/1/files/1"' in approver.page
    assert approver.get("/institutions/1/files/1").content == picture()


def test_an_agency_reaches_nothing_of_what_is_not_assigned_to_it(desk: StaffDesk) -> None:
    """Every route of a declaration, from the table of permissions: what is not theirs is not there."""
    other = declare(desk, 1, track=Track.STATUTORY, holders=("甲大学", "乙公司"), co_holders_agree=True)
    hand_in(desk, other, AttachmentKind.CERTIFICATE, picture())
    agent = desk.enter(Role.AGENCY_VERIFIER, "周")
    routes = [route for route in RULES if "/declarations/{id}" in route[1] and allowed(Role.AGENCY_VERIFIER, *route)]
    assert len(routes) > 5
    for method, path in routes:
        filled = path.replace("{paper}", "consent.pdf").replace("{file}", "1")
        answers = []
        for declaration in (other, 4711):
            agent.get("/")
            address = filled.replace("{id}", str(declaration))
            answer = agent.get(address) if method == "GET" else agent.post(address, reason="x", to="1")
            answers.append((answer.status_code, answer.text))
        assert answers[0][0] == 404, path
        assert answers[0] == answers[1], path
