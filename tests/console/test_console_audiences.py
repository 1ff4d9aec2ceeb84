"""Whom a campaign reaches, counted before anything is planned, and what each of them gets."""

from __future__ import annotations

from datetime import timedelta

import pytest

from backend.domain.clock import day_of
from backend.domain.companies import CompanyLabel
from backend.domain.deliveries import DeliveryStatus
from backend.domain.institutions import InstitutionLabel, InstitutionState
from backend.domain.keyed import keyed
from backend.domain.listings import ListingStatus
from backend.domain.preferences import Preference
from backend.services.deeds import ERASE_AFTER
from backend.services.followers import erase_due
from tests.support.arrivals import leave
from tests.support.busy_office import declare, publish
from tests.support.campaigners import COOLING, NOTICE, TEA, Campaigners, cooling
from tests.support.desk_of_staff import SECRET, StaffDesk


@pytest.fixture
def crew(desk: StaffDesk) -> Campaigners:
    return Campaigners(desk)


def test_who_gets_it_and_who_does_not_is_counted_with_the_reason(crew: Campaigners) -> None:
    crew.post.followers("ming", "hua", "paused", "gone", "far")
    crew.post.followers("shy", agreed=False)
    with crew.desk.database.write() as uow:
        month = crew.desk.clock.now() + timedelta(days=30)
        uow.preferences.put("paused", Preference(paused_until=month), at=crew.desk.clock.now())
        uow.preferences.put("far", Preference(topics=("03",)), at=crew.desk.clock.now())
        uow.preferences.put("hua", Preference(topics=("16",)), at=crew.desk.clock.now())
    leave(crew.desk.database, "gone", at=crew.desk.clock.now())
    number = crew.write(**NOTICE, **{"topic.16": "yes"})
    words = crew.writer.words
    assert "2 人会收到" in words
    for reason in ("没有同意接收 1", "已取消关注 1", "暂停了推送，有效期内不恢复 1", "选了别的产业或地区 1"):
        assert reason in words
    crew.hand_in(number)
    crew.send()
    assert crew.counts(number) == {DeliveryStatus.SENT: 2}


def test_the_count_follows_the_form_without_keeping_it(crew: Campaigners) -> None:
    crew.companies(COOLING, "ming", place_code="420500")
    crew.companies(TEA, "hua", place_code="420100")
    number = crew.write(**NOTICE)
    assert "2 人会收到" in crew.writer.words
    crew.writer.post(f"/campaigns/{number}/count", **NOTICE, **{"place.420500": "yes"})
    assert "1 人会收到" in crew.writer.words
    assert "ming厂" in crew.writer.words
    assert "<html" not in crew.writer.page
    crew.writer.get(f"/campaigns/{number}")
    assert "2 人会收到" in crew.writer.words


@pytest.mark.parametrize(
    ("form", "reached"),
    [
        ({"role.company": "yes"}, {"ming", "hua"}),
        ({"role.declared": "yes"}, {"patentee"}),
        ({"role.officer": "yes"}, {"officer"}),
        ({"role.holder": "yes"}, {"patentee", "officer"}),
        ({"role.holder": "yes", "role.company": "yes"}, {"patentee", "officer", "ming", "hua"}),
        ({"place.420500": "yes"}, {"ming"}),
        ({"cluster.05": "yes"}, {"hua"}),
        ({"company.high_tech": "yes"}, {"hua"}),
        ({"institution.model_university": "yes"}, {"officer"}),
        ({"institution.key_city": "yes"}, {"ming"}),
        ({"numbers": "202119900001.5 胡写 ZL 2021 1 9900001.5"}, {"ming"}),
        ({"place.420500": "yes", "cluster.05": "yes"}, set()),
    ],
)
def test_a_segment_is_what_it_says(crew: Campaigners, form: dict[str, str], reached: set[str]) -> None:
    crew.pool()
    crew.companies(COOLING, "ming", place_code="420500")
    crew.companies(TEA, "hua", clusters=("05",), labels=(CompanyLabel.HIGH_TECH,))
    crew.post.followers("patentee", "officer", "nobody")
    at = crew.desk.clock.now()
    with crew.desk.database.write() as uow:
        made = uow.institutions.add(
            name="江城大学",
            credit_code="",
            code_holds=True,
            contact_name="",
            contact_phone="",
            proof="",
            requested_at=at,
        )
        uow.institutions.decide(made, InstitutionState.APPROVED, by="1", reason="", at=at)
        uow.institutions.bind("officer", made, {}, at=at)
        for name, label in (("江城大学", InstitutionLabel.MODEL_UNIVERSITY), ("宜昌市", InstitutionLabel.KEY_CITY)):
            uow.institution_labels.put(name=name, label=label, source="文件", ends_on=None, by="1", at=at)
    declare(crew.desk, 7)
    if "numbers" in form:
        form = {"numbers": form["numbers"].replace("202119900001.5", cooling(1).number)}
    number = crew.write(**NOTICE, **form)
    if not reached:
        assert "还不能提交" in crew.hand_in(number)
        return
    crew.hand_in(number)
    crew.send()
    assert {openid for openid, reply in crew.post.sender.sent if "窗口搬家" in reply.text} == reached


def test_a_label_that_has_ended_counts_no_longer(crew: Campaigners) -> None:
    crew.companies(COOLING, "ming", place_code="420500")
    at = crew.desk.clock.now()
    with crew.desk.database.write() as uow:
        yesterday = day_of(at) - timedelta(days=1)
        uow.institution_labels.put(
            name="宜昌市", label=InstitutionLabel.KEY_CITY, source="文件", ends_on=yesterday, by="1", at=at
        )
    crew.write(**NOTICE, **{"institution.key_city": "yes"})
    assert "0 人会收到" in crew.writer.words


def test_everybody_gets_patents_of_their_own_with_reasons(crew: Campaigners) -> None:
    crew.pool()
    crew.companies(COOLING, "ming")
    crew.companies(TEA, "hua")
    crew.companies("假发", "li")
    number = crew.write("matches")
    words = crew.writer.words
    assert "2 人会收到" in words
    assert "没有对得上的专利，或对得上的近三个月推过 1" in words
    assert "一种茶叶杀青机" in words
    assert "已提交" in crew.hand_in(number) or "排队中" in crew.writer.words
    crew.send()
    (to_ming,), (to_hua,) = crew.texts_to("ming"), crew.texts_to("hua")
    assert "《一种机房散热装置》" in to_ming
    assert "文中写到您的“散热装置、机房”" in to_ming
    assert "茶叶" not in to_ming
    assert "《一种茶叶杀青机》" in to_hua
    for text in (to_ming, to_hua):
        assert "信息匹配，仅供参考" in text
        assert "退订" in text
        assert "((" not in text
    assert crew.links.campaign("ming", crew.campaign(number)) in to_ming
    assert not crew.texts_to("li")


def test_what_a_campaign_showed_is_not_shown_again_by_the_next(crew: Campaigners) -> None:
    crew.pool()
    crew.companies(COOLING, "ming")
    first = crew.write("matches")
    crew.hand_in(first)
    crew.send()
    crew.later(days=1)
    crew.write("matches")
    assert "0 人会收到" in crew.writer.words
    crew.later(days=91)
    crew.write("matches")
    assert "1 人会收到" in crew.writer.words


def test_one_patent_goes_to_the_companies_it_may_fit(crew: Campaigners) -> None:
    crew.pool()
    crew.companies(COOLING, "ming")
    crew.companies(TEA, "hua")
    number = crew.write("one_patent")
    assert "请填专利号" in crew.writer.words
    crew.save(number, number=cooling(1).number)
    crew.hand_in(number)
    crew.send()
    (text,) = crew.texts_to("ming")
    assert "江城测试大学｜一次总付2万元" in text
    assert not crew.texts_to("hua")


def test_a_patent_that_left_the_shelf_is_not_sent(crew: Campaigners) -> None:
    crew.pool()
    crew.companies(COOLING, "ming")
    number = crew.write("one_patent", number=cooling(1).number, starts_at="2026-03-04T09:00")
    crew.hand_in(number)
    publish(crew.desk, cooling(1), status=ListingStatus.WITHDRAWN)
    crew.later(days=1, hours=20, minutes=30)
    crew.send()
    crew.writer.get(f"/campaigns/{number}")
    assert "这件专利已不在架，没有发" in crew.writer.words
    assert not crew.post.sender.sent


def test_a_list_of_openids_codes_and_companies(crew: Campaigners) -> None:
    crew.companies(COOLING, "ming")
    crew.post.followers("hua", "li", "shy")
    with crew.desk.database.read() as uow:
        company = uow.companies.of("ming")
    assert company is not None
    rows = ["用户编码", "hua", "hua", keyed("li", SECRET), str(company.id), "0" * 64, "stranger", "=1+1", "坏\x00行"]
    number = crew.write(**NOTICE)
    answer = crew.writer.upload(f"/campaigns/{number}/list", "名单.csv", "\n".join(rows).encode("utf-8-sig"))
    assert answer.status_code == 200
    assert "名单里有 4 行认不出是谁" in crew.writer.words
    assert "3 人会收到" in crew.writer.words
    leave(crew.desk.database, "hua", at=crew.desk.clock.now())
    crew.desk.clock.at += ERASE_AFTER
    erase_due(crew.desk.database, crew.desk.clock, secret=SECRET)
    with crew.desk.database.read() as uow:
        assert uow.briefs.members(number) == 2
    crew.later(hours=12)
    crew.writer.get(f"/campaigns/{number}")
    assert crew.writer.upload(f"/campaigns/{number}/list", "x.csv", b"\xff\xfe\x00\x81").status_code == 422
    assert "名单读不懂" in crew.writer.words
    crew.writer.upload(f"/campaigns/{number}/list", "x.csv", b"")
    assert "3 人会收到" in crew.writer.words
