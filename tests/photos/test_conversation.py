"""A photo in the conversation: proposed as read, confirmed in one word, and never in the place of an answer."""

from __future__ import annotations

from dataclasses import replace

from backend.domain.certificates import Seen
from backend.domain.photos import PhotoStatus
from backend.domain.registry import LegalStatus
from backend.services.declarations.answers import listing_of
from bot.dialogue.incoming import Kind
from tests.support.builders import make_number
from tests.support.declarant import UNIVERSITY, make_record
from tests.support.photographer import Photographer, make_certificate

NUMBER = make_number(1)


def test_a_photo_in_the_flow_fills_what_one_word_confirms(ming: Photographer) -> None:
    assert "拍一张专利证书" in ming.say("我要声明")
    assert "识别中" in ming.photo(make_certificate())
    (notice,) = ming.developed()
    assert notice.count("【识别】") == 6
    assert all(
        part in notice for part in ("ZL 2021 1 9900001", "一种测试用散热装置1", "2021-03-15", UNIVERSITY, "“对”")
    )
    assert "实施细则第八十六条" in ming.say("对")
    assert ming.kept()["number"] == NUMBER
    assert ming.kept()["title"] == "一种测试用散热装置1"
    ming.tell("都没有", "免费", "默认", "3", "1", "提交")
    listing = listing_of(ming.submitted[0].answers)
    assert (listing.number, listing.holders) == (NUMBER, (UNIVERSITY,))
    assert not {"read", "reading"} & ming.submitted[0].answers.keys()
    assert ming.statuses() == [PhotoStatus.TAKEN]
    assert ming.rows()[0].outcome is None


def test_from_i_want_to_declare_to_submitted_a_photo_makes_it_eight_messages(ming: Photographer) -> None:
    ming.photo(make_certificate())
    assert "我要声明" in ming.developed()[0]
    before = ming.count
    assert "【识别】专利号" in ming.say("我要声明")
    ming.tell("对", "都没有", "免费", "默认", "3", "1")
    assert "已提交" in ming.say("提交")
    assert ming.count - before == 8


def test_without_consent_nothing_is_stored_as_a_draft_and_nothing_is_lost(hong: Photographer) -> None:
    hong.say("我要声明")
    hong.photo(make_certificate())
    hong.developed()
    assert "您同意吗" in hong.say("对")
    assert "专利权人属于哪一类" in hong.say("同意")
    assert hong.kept()["number"] == NUMBER
    assert "实施细则第八十六条" in hong.say("高校")
    assert hong.kept()["granted_on"] == "2023-05-06"


def test_a_field_that_is_wrong_is_asked_and_the_rest_stands(ming: Photographer) -> None:
    ming.say("我要声明")
    ming.photo(make_certificate())
    ming.developed()
    assert "专利名称是" in ming.say("2、6")
    assert "专利权人是谁" in ming.say("一种真正的装置")
    ming.say("江城理工大学")
    assert (ming.kept()["title"], ming.kept()["holders"]) == ("一种真正的装置", ["江城理工大学"])
    assert ming.kept()["filed_on"] == "2021-03-15"


def test_a_wrong_number_makes_the_whole_certificate_another_patents(ming: Photographer) -> None:
    ming.say("我要声明")
    ming.photo(make_certificate())
    ming.developed()
    assert "请发专利号" in ming.say("1")
    assert "title" not in ming.kept()
    ming.registry[make_number(2)] = make_record(2)
    assert "一种测试用散热装置2" in ming.say(make_number(2))


def test_another_number_typed_at_the_proposal_goes_before_it(ming: Photographer) -> None:
    ming.registry[make_number(2)] = make_record(2)
    ming.say("我要声明")
    ming.photo(make_certificate())
    ming.developed()
    ming.say("帮助")
    assert "一种测试用散热装置2" in ming.say(make_number(2))
    assert "read" not in ming.kept()


def test_the_same_number_typed_at_the_proposal_confirms_it(ming: Photographer) -> None:
    ming.say("我要声明")
    ming.photo(make_certificate())
    ming.developed()
    assert "实施细则第八十六条" in ming.say(NUMBER)


def test_what_was_answered_meanwhile_is_not_overwritten(ming: Photographer) -> None:
    ming.say("我要声明")
    ming.photo(make_certificate())
    ming.tell(NUMBER, "一种我自己写的装置")
    ming.developed()
    ming.say("2021-03-15，2023-05-06")
    assert ming.kept()["title"] == "一种我自己写的装置"
    assert "read" not in ming.kept()
    assert ming.statuses() == [PhotoStatus.TAKEN]


def test_only_the_number_was_typed_meanwhile_and_the_photo_fills_the_rest(ming: Photographer) -> None:
    ming.say("我要声明")
    ming.photo(make_certificate())
    assert "专利名称是" in ming.say(NUMBER)
    ming.developed()
    assert "实施细则第八十六条" in ming.say("对")
    assert ming.kept()["title"] == "一种测试用散热装置1"


def test_a_register_that_says_the_same_is_not_confirmed_twice(ming: Photographer) -> None:
    ming.registry[NUMBER] = make_record(1)
    ming.say("我要声明")
    ming.photo(make_certificate())
    ming.developed()
    assert "实施细则第八十六条" in ming.say("对")
    assert ming.kept()["ipc_main"] == "H05K7/20"


def test_a_register_that_says_something_else_is_shown(ming: Photographer) -> None:
    ming.registry[NUMBER] = make_record(1, title="一种改过名的装置")
    ming.say("我要声明")
    ming.photo(make_certificate())
    ming.developed()
    shown = ming.say("对")
    assert "登记的信息" in shown
    assert "一种改过名的装置" in shown
    ming.say("对")
    assert ming.kept()["title"] == "一种改过名的装置"


def test_a_lapsed_patent_is_refused_however_good_the_photo(ming: Photographer) -> None:
    ming.registry[NUMBER] = make_record(1, status=LegalStatus.LAPSED)
    ming.say("我要声明")
    ming.photo(make_certificate())
    ming.developed()
    assert "条" in ming.say("对")
    assert "number" not in ming.kept()


def test_back_leads_to_the_proposal_again(ming: Photographer) -> None:
    ming.say("我要声明")
    ming.photo(make_certificate())
    ming.developed()
    ming.say("对")
    assert "【识别】专利号" in ming.say("返回")
    assert "专利名称是" in ming.say("2")


def test_a_proposal_is_made_once(ming: Photographer) -> None:
    ming.photo(make_certificate())
    ming.developed()
    ming.tell("我要声明", "取消", "2")
    assert "【识别】" not in ming.say("我要声明")


def test_a_proposal_waits_for_weeks_and_over_other_wishes(ming: Photographer) -> None:
    ming.say("我要声明")
    ming.photo(make_certificate())
    ming.say("取消")
    ming.developed()
    ming.clock.forward(days=14)
    ming.at = ming.clock.now()
    assert "【识别】专利号" in ming.say("我要声明")


def test_fields_that_were_not_read_are_asked(ming: Photographer) -> None:
    ming.say("我要声明")
    ming.photo(make_certificate(title=None, holders=None, granted_on=None))
    (notice,) = ming.developed()
    assert notice.count("【识别】") == 3
    assert "专利名称是" in ming.say("对")


def test_a_photo_that_can_fill_nothing_is_not_read(ming: Photographer) -> None:
    ming.registry[NUMBER] = make_record(1)
    ming.tell("我要声明", NUMBER)
    assert "不用再识别" in ming.photo(make_certificate())
    ming.tell("取消", "2", "撤回声明")
    assert ming.rows() == []


def test_a_picture_without_an_id_is_told_plainly(ming: Photographer) -> None:
    assert "专利号打给我" in ming.do(Kind.IMAGE)
    assert "专利号打给我" in ming.do(Kind.IMAGE, MediaId="m" * 201)
    assert ming.rows() == []


def test_the_newest_of_two_photos_is_proposed(ming: Photographer) -> None:
    ming.photo(make_certificate(1))
    ming.photo(make_certificate(2))
    assert len(ming.developed()) == 2
    assert "一种测试用散热装置2" in ming.say("我要声明")
    assert set(ming.statuses()) == {PhotoStatus.TAKEN}


def test_a_long_title_and_many_holders_still_fit_one_message(ming: Photographer) -> None:
    many = tuple(f"江城第{count}测试用材料科技股份有限公司" for count in range(40))
    certificate = replace(make_certificate(), title=Seen("装置" * 200, 0.9), holders=Seen(many, 0.9))
    ming.photo(certificate)
    (notice,) = ming.developed()
    assert len(notice.encode()) < 1900
    assert "…" in notice
