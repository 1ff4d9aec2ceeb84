"""Who is at a page, and what the platform wants of us: states and codes that work once, cookies, signatures, proofs."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from backend.store.database import Database
from bot.h5.forms import door
from bot.h5.scripts_of_wechat import permit
from tests.support.declarant import NOON
from tests.support.visitors import BASE, PageOffice, open_pages


@pytest.fixture
def small(shelf: Database, tmp_path: Path) -> PageOffice:
    """On SQLite only, for what does not touch the store in a way of its own."""
    return open_pages(shelf, tmp_path)


# who it is


def test_a_state_is_good_once_in_its_own_browser_and_not_for_long(small: PageOffice) -> None:
    ming = small.browser()
    asked = ming.get("/h5/declarations")
    cookie = ming.client.cookies["huiqiao_way"]
    back = small.way_back(asked, small.platform.grant("ming"))
    assert small.browser().get(back).status_code == 403, "another browser's state"
    assert ming.get(back).status_code == 200
    again = small.browser()
    again.client.cookies.set("huiqiao_way", cookie, path="/h5")
    replayed = small.way_back(asked, small.platform.grant("hua"))
    assert again.get(replayed).status_code == 403, "a state that was used"
    late = small.browser()
    asked = late.get("/h5/declarations")
    forged = small.way_back(asked, small.platform.grant("ming")).replace("state=", "state=0")
    assert late.get(forged).status_code == 403
    small.clock.at = NOON + timedelta(minutes=11)
    assert late.get(small.way_back(asked, small.platform.grant("ming"))).status_code == 403, "too old"
    assert "huiqiao_page" not in late.client.cookies


def test_a_code_that_was_used_and_a_platform_that_is_silent(small: PageOffice) -> None:
    ming = small.browser()
    asked = ming.get("/h5/declarations")
    assert ming.get(small.way_back(asked, "used")).status_code == 403
    asked = ming.get("/h5/declarations")
    small.platform.silent = True
    assert ming.get(small.way_back(asked, small.platform.grant("ming"))).status_code == 503
    assert ming.get("/h5/declarations").status_code == 302


def test_a_snapshot_visitor_is_refused_and_told_what_to_do(small: PageOffice) -> None:
    ming = small.browser()
    asked = ming.get("/h5/declarations")
    answer = ming.get(small.way_back(asked, small.platform.grant("ming", snapshot=True)))
    assert answer.status_code == 403
    assert "使用完整服务" in answer.text
    assert "huiqiao_page" not in ming.client.cookies


def test_a_session_ends_and_a_changed_cookie_is_none(small: PageOffice) -> None:
    sessions = small.forms.door.sessions
    cookie = sessions.open("ming", NOON)
    assert sessions.read(cookie, NOON + timedelta(hours=11)) is not None
    assert sessions.read(cookie, NOON + timedelta(hours=13)) is None
    parts = cookie.split(".")
    for position, part in enumerate(parts):
        changed = [*parts]
        changed[position] = ("0" if part[0] != "0" else "1") + part[1:]
        assert sessions.read(".".join(changed), NOON) is None
    assert sessions.read("é" * 4 + "...", NOON) is None
    state, _ = small.forms.door.states.begin("/h5/declarations", NOON)
    assert sessions.read(state, NOON) is None


def test_cookies_are_out_of_reach_and_headers_are_strict(small: PageOffice) -> None:
    ming = small.browser()
    asked = ming.get("/h5/declarations")
    back = ming.client.get(small.way_back(asked, small.platform.grant("ming")))
    given = [value.lower() for value in (asked.headers["set-cookie"], back.headers["set-cookie"])]
    assert all("httponly" in value and "samesite=lax" in value and "path=/h5" in value for value in given)
    page = ming.get("/h5/declarations")
    assert {name: page.headers[name] for name in door.HEADERS} == door.HEADERS
    assert "script" not in page.headers["content-security-policy"]
    assert "<script" not in page.text
    assert " style=" not in page.text


def test_who_leaves_is_forgotten_by_the_browser(small: PageOffice) -> None:
    ming = small.enter("ming")
    ming.get("/h5/declarations")
    assert ming.post("/h5/leave").status_code == 200
    assert ming.get("/h5/declarations").status_code == 302


# what the platform needs


def test_the_signature_is_that_of_the_guide() -> None:
    ticket = "sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg"
    at = NOON.fromtimestamp(1414587457, NOON.tzinfo)
    held = permit("wx1", ticket, "http://mp.weixin.qq.com?params=value#top", at, "Wm3WZYTPz0wzccnW")
    assert held.signature == "0f9de62fce790f9a083d5c99e95740ceb90c27ed"


def test_only_addresses_of_ours_are_signed_and_only_for_somebody_known(small: PageOffice) -> None:
    ming = small.enter("ming")
    ours = f"{BASE}/h5/declarations"
    held = ming.client.get("/h5/jssdk", params={"url": ours}).json()
    assert set(held) == {"appId", "timestamp", "nonceStr", "signature"}
    assert ming.client.get("/h5/jssdk", params={"url": "http://evil.test/h5/"}).status_code == 400
    assert ming.client.get("/h5/jssdk", params={"url": f"{BASE}.evil.test/h5/"}).status_code == 400
    assert small.browser().client.get("/h5/jssdk", params={"url": ours}).status_code == 401
    small.platform.silent = True
    assert ming.client.get("/h5/jssdk", params={"url": ours}).status_code == 503


def test_the_platforms_proof_is_served_from_its_folder(small: PageOffice) -> None:
    small.proofs.mkdir()
    (small.proofs / "MP_verify_Ab3dEf.txt").write_text("Ab3dEf")
    (small.proofs.parent / "secret.txt").write_text("no")
    client = small.browser().client
    assert client.get("/MP_verify_Ab3dEf.txt").text == "Ab3dEf"
    for wrong in ("/MP_verify_other.txt", "/MP_verify_..%2F..%2Fsecret.txt", "/MP_verify_.txt"):
        assert client.get(wrong).status_code == 404
