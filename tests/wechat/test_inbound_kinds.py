"""Every kind of message and event the platform sends becomes an Incoming, in XML as in JSON; keys tell arrivals apart."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.incoming import Incoming, Kind
from bot.wechat.webhook import Mode
from tests.support.door import ACCOUNT, NOW, OPENID, Door, letter, open_door, text_fields

Held = dict[str, Any]
HEAD: Held = {"ToUserName": ACCOUNT, "FromUserName": OPENID, "CreateTime": NOW}


def message(kind: str, number: int = 6272960105994287618, **more: Any) -> Held:
    return {**HEAD, "MsgType": kind, **more, "MsgId": number}


def event(name: str, **more: Any) -> Held:
    return {**HEAD, "MsgType": "event", "Event": name, **more}


ONE = {"TemplateId": "T1", "SubscribeStatusString": "accept", "PopupScene": 2}
TWO = {"TemplateId": "T2", "SubscribeStatusString": "reject", "PopupScene": 2}
SENT = {"TemplateId": "T1", "MsgID": 1700827132819554304, "ErrorCode": 0, "ErrorStatus": "success"}
PHOTO = {"Count": 1, "PicList": {"item": {"PicMd5Sum": "1b5f7c23b5bf75682a53e7b6d163e185"}}}
SCAN = {"ScanType": "qrcode", "ScanResult": "1"}
PLACE = {"Location_X": "30.59", "Location_Y": "114.31", "Scale": "15", "Label": "武汉市", "Poiname": ""}


def words(fields: Held) -> Held:
    return {name: str(value) for name, value in fields.items()}


# fields, kind, text, and what of the detail matters
KINDS: dict[str, tuple[Held, Kind, str, Held]] = {
    "text": (message("text", Content="开放许可"), Kind.TEXT, "开放许可", {}),
    "menu": (message("text", Content="满意", bizmsgmenuid="101"), Kind.TEXT, "满意", {"menu": "101"}),
    "image": (message("image", PicUrl="http://p/1", MediaId="M"), Kind.IMAGE, "", {"MediaId": "M"}),
    "voice": (
        message("voice", MediaId="M", MediaId16K="K", Format="amr", Recognition=""),
        Kind.VOICE,
        "",
        {"MediaId": "M", "MediaId16K": "K", "Format": "amr"},
    ),
    "video": (message("video", MediaId="M", ThumbMediaId="T"), Kind.VIDEO, "", {"ThumbMediaId": "T"}),
    "shortvideo": (message("shortvideo", MediaId="M", ThumbMediaId="T"), Kind.VIDEO, "", {"MediaId": "M"}),
    "location": (
        message("location", Location_X="30.59", Location_Y="114.31", Scale=15, Label="武汉市洪山区"),
        Kind.LOCATION,
        "武汉市洪山区",
        {"Location_X": "30.59", "Location_Y": "114.31", "Scale": "15"},
    ),
    "link": (message("link", Title="公告", Description="…", Url="https://a"), Kind.LINK, "公告", {}),
    "unknown message": (message("card", Content="x"), Kind.OTHER_MESSAGE, "", {"MsgType": "card"}),
    "subscribe": (event("subscribe", EventKey=""), Kind.FOLLOW, "", {}),
    "subscribe by code": (event("subscribe", EventKey="qrscene_expo", Ticket="T"), Kind.FOLLOW, "expo", {}),
    "unsubscribe": (event("unsubscribe", EventKey=""), Kind.UNFOLLOW, "", {}),
    "SCAN": (event("SCAN", EventKey="expo", Ticket="T"), Kind.SCAN, "expo", {}),
    "CLICK": (event("CLICK", EventKey="search.start"), Kind.TAP, "search.start", {}),
    "VIEW": (event("VIEW", EventKey="https://a.cn/x?y=1&z=2", MenuId=1), Kind.VIEW, "https://a.cn/x?y=1&z=2", {}),
    "view_miniprogram": (event("view_miniprogram", EventKey="pages/a", MenuId=1), Kind.VIEW, "pages/a", {}),
    "LOCATION": (event("LOCATION", Latitude="30.5", Longitude="114.3", Precision="9"), Kind.REPORTED_LOCATION, "", {}),
    "scancode_push": (event("scancode_push", EventKey="scan", ScanCodeInfo=SCAN), Kind.TAP, "scan", {}),
    "scancode_waitmsg": (event("scancode_waitmsg", EventKey="scan", ScanCodeInfo=SCAN), Kind.TAP, "scan", {}),
    "location_select": (
        event("location_select", EventKey="where", SendLocationInfo=PLACE),
        Kind.OTHER_EVENT,
        "where",
        {},
    ),
    "template sent": (
        event("TEMPLATESENDJOBFINISH", MsgID=200163836, Status="failed:user block"),
        Kind.REPORT,
        "",
        {"MsgID": "200163836", "Status": "failed:user block"},
    ),
    "mass sent": (
        event("MASSSENDJOBFINISH", MsgID=1000001625, Status="err(30003)", TotalCount=0),
        Kind.OTHER_EVENT,
        "",
        {"MsgID": "1000001625", "Status": "err(30003)"},
    ),
    "kf_create_session": (event("kf_create_session", KfAccount="a@b"), Kind.OTHER_EVENT, "", {}),
    "publishjobfinish": (event("PUBLISHJOBFINISH", PublishEventInfo={"publish_id": 1}), Kind.OTHER_EVENT, "", {}),
    "user_info_modified": (event("user_info_modified", OpenID=OPENID, RevokeInfo="1"), Kind.OTHER_EVENT, "", {}),
    "revoked": (event("user_authorization_revoke", OpenID=OPENID, RevokeInfo="1"), Kind.OTHER_EVENT, "", {}),
    "unknown event": (event("moon_landing", EventKey="k"), Kind.OTHER_EVENT, "k", {"Event": "moon_landing"}),
}
KINDS |= {
    name: (event(name, EventKey="pic", SendPicsInfo=PHOTO), Kind.OTHER_EVENT, "pic", {"Event": name})
    for name in ("pic_sysphoto", "pic_photo_or_album", "pic_weixin")
}
SUBSCRIPTIONS = [
    ("subscribe_msg_popup_event", "SubscribeMsgPopupEvent", [ONE]),
    ("subscribe_msg_popup_event", "SubscribeMsgPopupEvent", [ONE, TWO]),
    ("subscribe_msg_change_event", "SubscribeMsgChangeEvent", [TWO]),
    ("subscribe_msg_change_event", "SubscribeMsgChangeEvent", [TWO, ONE]),
    ("subscribe_msg_sent_event", "SubscribeMsgSentEvent", [SENT]),
    ("subscribe_msg_sent_event", "SubscribeMsgSentEvent", [SENT, SENT | {"MsgID": 5}]),
]


@pytest.fixture(scope="module")
def door() -> Iterator[Door]:
    with open_door(Mode.PLAIN) as held:
        yield held


@pytest.fixture(scope="module")
def safe_door() -> Iterator[Door]:
    with open_door(Mode.SAFE) as held:
        yield held


@pytest.mark.parametrize("name", KINDS)
def test_a_kind_becomes_an_incoming_the_same_in_both_formats(door: Door, name: str) -> None:
    fields, kind, text, detail = KINDS[name]
    heard = door.hear(fields)
    assert (heard.kind, heard.text) == (kind, text)
    assert (heard.openid, heard.account, heard.sent_at) == (OPENID, ACCOUNT, datetime.fromtimestamp(NOW, UTC))
    assert heard.detail.items() >= detail.items()
    assert door.hear(fields, "json") == heard
    assert Incoming.load(heard.dump()) == heard
    assert 0 < len(heard.key) <= 300


@pytest.mark.parametrize(("name", "holder", "items"), SUBSCRIPTIONS)
def test_a_subscription_event_lists_one_or_several(door: Door, name: str, holder: str, items: list[Held]) -> None:
    heard = door.hear(event(name, **{holder: {"List": items}}))
    assert heard.kind is Kind.REPORT
    assert heard.detail["List"] == [words(item) for item in items]
    assert door.hear(event(name, List=items), "json") == heard
    if len(items) == 1:
        assert door.hear(event(name, List=items[0]), "json") == heard


@pytest.mark.parametrize("name", ["click", "Click", "CLICK"])
def test_the_letters_case_of_an_event_does_not_matter(door: Door, name: str) -> None:
    assert door.hear(event(name, EventKey="help")).kind is Kind.TAP


# keys


@pytest.mark.parametrize("form", ["xml", "json"])
@pytest.mark.parametrize("name", KINDS)
def test_an_identical_repost_is_equal(door: Door, name: str, form: str) -> None:
    assert door.hear(KINDS[name][0], form) == door.hear(KINDS[name][0], form)


PAIRS: list[tuple[Held, Held]] = [
    (text_fields(), text_fields(FromUserName="oAnother")),
    (text_fields(), text_fields(MsgId=1)),
    (event("CLICK", EventKey="a"), event("CLICK", EventKey="b")),
    (event("CLICK", EventKey="a"), event("VIEW", EventKey="a")),
    (event("SCAN", EventKey="a", Ticket="t1"), event("SCAN", EventKey="a", Ticket="t2")),
    (event("TEMPLATESENDJOBFINISH", MsgID=1), event("TEMPLATESENDJOBFINISH", MsgID=2)),
    (event("subscribe_msg_sent_event", List=SENT), event("subscribe_msg_sent_event", List=SENT | {"MsgID": 5})),
    (event("CLICK", EventKey="a"), event("CLICK", EventKey="a", CreateTime=NOW + 1)),
    (event("CLICK", EventKey="a"), event("CLICK", EventKey="a", FromUserName="oAnother")),
    (event("VIEW", EventKey="u" * 900 + "a"), event("VIEW", EventKey="u" * 900 + "b")),
]


@pytest.mark.parametrize(("one", "other"), PAIRS, ids=range(len(PAIRS)))
def test_two_things_that_happened_have_two_keys(door: Door, one: Held, other: Held) -> None:
    keys = [door.hear(one, "json").key, door.hear(other, "json").key]
    assert keys[0] != keys[1]
    assert max(map(len, keys)) <= 300


def test_a_message_without_a_number_is_known_by_its_content(door: Door) -> None:
    one, other = (message("text", Content=content) for content in ("a", "b"))
    del one["MsgId"], other["MsgId"]
    assert door.hear(one).key == door.hear(one).key != door.hear(other).key


# what people write


@pytest.mark.parametrize("form", ["xml", "json"])
@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("a\x0bb\x0cc\x08d", "abcd"),
        ("许\x00可", "许可"),
        ("\u202e价格\u2066面议\u200f", "价格面议"),
        ("\ufeff开放\uffff许可\x85", "开放许可"),
        ("一\r\n二\r三\n四\t五", "一\n二\n三\n四\t五"),
        ("]]>x<b>&amp;", "]]>x<b>&amp;"),
        ("<!DOCTYPE html><!ENTITY a>", "<!DOCTYPE html><!ENTITY a>"),
        ("<?xml version='1.0'?>", "<?xml version='1.0'?>"),
        ("👩\u200d🔬", "👩\u200d🔬"),
        ("", ""),
    ],
)
def test_what_no_honest_message_needs_is_taken_out(door: Door, form: str, written: str, kept: str) -> None:
    assert door.hear(text_fields(written), form).text == kept


def test_noise_in_other_fields_is_taken_out_too(door: Door) -> None:
    noisy = {"TemplateId": "T\x001", "\x00Name\u202e": "x\x0b"}
    heard = door.hear(
        event("subscribe_msg_sent_event", EventKey="a\x00\u202eb", ToUserName="gh\x00_1", List=noisy), "json"
    )
    assert (heard.text, heard.account) == ("ab", "gh_1")
    assert heard.detail["List"] == [{"TemplateId": "T1", "Name": "x"}]


@pytest.mark.parametrize("form", ["xml", "json"])
@pytest.mark.parametrize("written", ["许" * 10_000, "😀" * 2500, "a😀\n" * 1500])
def test_long_messages_are_kept_whole(door: Door, form: str, written: str) -> None:
    assert door.hear(text_fields(written), form).text == written


def test_more_than_ten_thousand_characters_are_cut(door: Door) -> None:
    assert door.hear(text_fields("许" * 10_001)).text == "许" * 10_000


@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cf", "Cn", "Zl", "Zp")), max_size=200))
def test_honest_words_arrive_as_written(door: Door, safe_door: Door, written: str) -> None:
    for form in ("xml", "json"):
        assert door.hear(text_fields(written), form).text == written
        safe_door.send(letter(Mode.SAFE, form, text_fields(written)))
        assert safe_door.heard[-1].text == written
