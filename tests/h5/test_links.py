"""Whose a page is: every link with a name in it, from the table of routes, before its owner, a stranger and nobody."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.routing import Route

from backend.domain.attachments import AttachmentKind
from backend.services.declarations.office import bind_institution
from backend.services.mine import declarations_of
from backend.store.database import Database
from backend.store.table_uploads import dumped
from tests.support.builders import make_number
from tests.support.declared import Desks
from tests.support.ledger import tell_all
from tests.support.visitors import AFTER_CONSENT, NUMBER, PageOffice, begun, open_pages


@pytest.fixture
def small(shelf: Database, tmp_path: Path) -> PageOffice:
    return open_pages(shelf, tmp_path)


def guarded(pages: PageOffice) -> Iterator[tuple[str, str]]:
    """Every route with a name in it, with its method, from the table of routes."""
    for route in pages.forms.routes():
        if isinstance(route, Route) and "{name}" in route.path:
            yield (route.methods or set()).difference({"HEAD"}).pop(), route.path


def named(small: PageOffice) -> dict[str, str]:
    """A name of ming's for each kind of page: a draft at its review, a declaration, an institution's table, a campaign."""
    begun(small, *AFTER_CONSENT)
    desks = Desks(small.database, clock=small.clock)
    declaration = desks.ready(2)
    with small.database.write() as uow:
        institution = bind_institution(
            uow, openid="ming", answers={"institution": "江城测试大学", "contact_name": "李"}, at=small.clock.now()
        )
        table = uow.table_uploads.add(
            openid="ming",
            institution_id=institution.id,
            name="表.xlsx",
            rows=1,
            good=1,
            problems="[]",
            ignored=(),
            answers=dumped([{"number": make_number(3)}]),
            at=small.clock.now(),
        )
        for declaration_id in (None, declaration):
            number = NUMBER if declaration_id is None else make_number(2)
            uow.attachments.add(
                key=f"k{declaration_id}",
                openid="ming",
                number=number,
                kind=AttachmentKind.OTHER,
                at=small.clock.now(),
                digest=small.forms.files.cabinet.shelf.put(b"%PDF-1.4"),
                media_type="application/pdf",
                declaration_id=declaration_id,
            )
    names = small.forms.links.names
    return {
        "draft": names.draft("ming", "declare", ""),
        "declaration": names.declaration("ming", declaration),
        "table": names.table("ming", table),
        "push": names.campaign("ming", tell_all(small.database, "ming")),
    }


def test_somebody_elses_link_is_answered_like_a_dead_one(small: PageOffice) -> None:
    theirs = named(small)
    begun_too = small.enter("ming", small.address())
    seen = dict(re.findall(r'name="(seen|flow|subject)" value="([^"]*)"', begun_too.page))
    hua = small.enter("hua")
    routes = list(guarded(small))
    assert len(routes) == 17
    before = small.drafts()
    for method, path in routes:
        own = theirs[path.split("/")[2]]
        file = "1" if "/draft/" in path else "2"
        filled = path.replace("{step}", "guidance").replace("{paper}", "package.zip").replace("{file}", file)
        if method == "GET":
            assert begun_too.get(filled.replace("{name}", own)).status_code == 200, path
        answers = []
        for name in (own, "A" * 32, own[:-1], "x"):
            hua.get("/h5/declarations")
            address = filled.replace("{name}", name)
            answer = hua.get(address) if method == "GET" else hua.post(address, answer="1", **seen)
            answers.append((answer.status_code, answer.text, sorted(answer.headers.items())))
        assert answers[0][0] == 404
        assert all(answer == answers[0] for answer in answers), path
    assert small.drafts() == before
    with small.database.read() as uow:
        assert [len(uow.attachments.of_draft("ming", NUMBER)), uow.table_uploads.of("ming")[0].status] == [1, "checked"]
    assert "散热" not in hua.get("/h5/declarations").text


def test_a_declaration_of_another_follower_is_not_found(small: PageOffice) -> None:
    begun(small, *AFTER_CONSENT).tell("提交")
    (held,) = declarations_of(small.database, "ming")
    name = small.forms.drafts.names.declaration("ming", held.id)
    assert small.enter("ming").get(f"/h5/declaration/{name}").status_code == 200
    assert small.enter("hua").get(f"/h5/declaration/{name}").status_code == 404


def test_nobody_gets_in_without_being_known(small: PageOffice) -> None:
    begun(small)
    for route in small.forms.routes():
        if not isinstance(route, Route) or route.path in {"/h5/back", "/MP_verify_{proof}.txt", "/h5/jssdk"}:
            continue
        path = route.path.replace("{name}", small.address().rsplit("/", 1)[1]).replace("{step}", "guidance")
        path = path.replace("{paper}", "package.zip").replace("{file}", "1")
        stranger = small.browser()
        method = (route.methods or set()).difference({"HEAD"}).pop()
        answer = stranger.client.request(method, path, data={"answer": "1"} if method == "POST" else None)
        assert answer.status_code == (302 if method == "GET" else 401), path
        assert "散热" not in answer.text
    assert "guidance" not in small.drafts()[0].answers


@pytest.mark.parametrize("token", ["", "0" * 64, "ä"])
def test_a_post_without_the_token_of_its_own_session_does_nothing(small: PageOffice, token: str) -> None:
    begun(small)
    ming, hua = small.enter("ming", small.address()), small.enter("hua")
    theirs = re.search(r'name="token" value="([0-9a-f]{64})"', hua.page)
    assert theirs
    for wrong in (token, theirs[1]):
        assert ming.post(f"{small.address()}/holder_type", token=wrong, answer="1").status_code == 403
    assert "holder_type" not in small.drafts()[0].answers
