"""A campaign from its first word to its results, as colleagues work: two browsers without scripts, and a worker."""

from __future__ import annotations

from datetime import timedelta

import pytest

from backend.domain.briefs import NotApprover, SamePerson
from backend.domain.clock import day_of
from backend.domain.companies import CompanyLabel
from backend.domain.deeds import BindColleague
from backend.domain.deliveries import DeliveryStatus
from backend.domain.institutions import InstitutionLabel, InstitutionState
from backend.domain.keyed import keyed
from backend.domain.listings import ListingStatus
from backend.domain.ports.sender import OutcomeUnknown
from backend.domain.preferences import Preference
from backend.domain.roles import Actor, Role
from backend.outreach.briefs import approve
from backend.services.deeds import ERASE_AFTER, carry_out
from backend.services.followers import erase_due
from tests.support.arrivals import leave
from tests.support.busy_office import declare, publish
from tests.support.campaigners import COOLING, NOTICE, TEA, Campaigners, cooling
from tests.support.desk_of_staff import SECRET, StaffDesk
from tests.support.kills import many_followers


@pytest.fixture
def crew(desk: StaffDesk) -> Campaigners:
    return Campaigners(desk)


def _audited(crew: Campaigners) -> list[str]:
    with crew.desk.database.read() as uow:
        assert uow.audit.verify() is None
        return [entry.action for entry in uow.audit.entries()]


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


def test_news_are_taken_from_an_entry_with_its_source(crew: Campaigners) -> None:
    crew.post.followers("ming")
    number = crew.write("news")
    crew.save(number, do="entry", entry="annuity_reduction")
    assert "现在用的文案" in crew.writer.words
    crew.hand_in(number)
    crew.send()
    (text,) = crew.texts_to("ming")
    assert "来源：" in text
    assert "退订" in text


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"words": "((正文))((再说))退订"}, "“((再说))”这里没有这个占位符"),
        ({"words": "((正文)退订"}, "有一个 (( 没有对应的 ))"),
        ({"words": "您好，退订"}, "少了“((正文))”"),
        ({"words": "((标题??((正文))))退订"}, "少了“((正文))”"),
        ({"words": "((正文))"}, "要写明怎么不再收"),
        ({"words": "((正文))保证授权，退订"}, "“保证”不能说"),
        ({"body": "本项目由政府推荐"}, "“政府推荐”不能说"),
        ({"body": "最 低 价 等您"}, "“最低价”不能说"),
        ({"body": "（（标题））"}, "正文里不能出现 (("),
        ({"body": ""}, "请填正文"),
        ({"address": "http://x.cn"}, "全文链接要以 https:// 开头"),
    ],
)
def test_what_may_not_be_said_is_told_and_not_handed_in(crew: Campaigners, form: dict[str, str], words: str) -> None:
    crew.post.followers("ming")
    number = crew.write(**(NOTICE | form))
    assert words in crew.writer.words
    assert "还不能提交" in crew.hand_in(number)
    assert crew.carry() == 0


def test_more_than_a_thousand_need_another_colleague(crew: Campaigners) -> None:
    many_followers(crew.desk.database, 1001, crew.desk.clock.now())
    number = crew.write(**NOTICE)
    assert "待审批" in crew.hand_in(number)
    assert crew.carry() == 0
    assert crew.writer.post(f"/campaigns/{number}/approve").status_code == 403
    crew.other.get("/campaigns?tab=waiting")
    assert "一批" in crew.other.words
    crew.other.get(f"/campaigns/{number}")
    assert "1,001 人" in crew.other.words
    assert crew.other.post(f"/campaigns/{number}/approve", version="1").status_code == 422
    assert crew.other.post(f"/campaigns/{number}/send-back", reason=" ").status_code == 422
    assert crew.other.post(f"/campaigns/{number}/send-back", reason="标题再短些").status_code == 303
    crew.writer.get(f"/campaigns/{number}")
    assert "标题再短些" in crew.writer.words
    crew.hand_in(number)
    crew.other.get(f"/campaigns/{number}")
    assert crew.other.post(f"/campaigns/{number}/approve").status_code == 303
    assert crew.carry() == 1
    actions = _audited(crew)
    assert actions.count("brief.hand_in") == 2
    assert {"brief.send_back", "brief.approve", "campaign.start"} <= set(actions)


def test_nobody_gets_round_the_approver_in_slices_or_by_growing(crew: Campaigners) -> None:
    many_followers(crew.desk.database, 600, crew.desk.clock.now())
    first, second = crew.write(**NOTICE), crew.write(**NOTICE)
    assert "待审批" not in crew.hand_in(first)
    assert "待审批" in crew.hand_in(second)
    crew.carry()
    crew.later(days=2)
    third = crew.write(**NOTICE)
    assert "待审批" not in crew.hand_in(third)
    many_followers(crew.desk.database, 1000, crew.desk.clock.now(), first=600)
    assert crew.carry() == 0
    crew.other.get(f"/campaigns/{third}")
    assert "人数超过了批准的范围" in crew.other.words
    crew.post.run()
    assert crew.campaign(third) == 0


def test_it_waits_for_its_hour_is_paused_goes_on_and_is_cancelled(crew: Campaigners) -> None:
    crew.post.followers("a", "b", "c", "d")
    number = crew.write(**NOTICE, starts_at="2026-03-02T15:00", per_minute="1")
    crew.hand_in(number)
    assert crew.carry() == 0
    crew.later(hours=2, minutes=30)
    assert crew.carry() == 1
    crew.post.run()
    assert not crew.post.sender.sent
    crew.later(minutes=30)
    crew.post.run()
    assert len(crew.post.sender.sent) == 1
    crew.writer.get(f"/campaigns/{number}")
    assert "还没轮到 3" in crew.writer.words
    assert "大约还要 3 分钟" in crew.writer.words
    assert crew.writer.post(f"/campaigns/{number}/pause").status_code == 303
    assert crew.writer.post(f"/campaigns/{number}/pause").status_code == 422
    crew.desk.clock.forward(minutes=1)
    crew.post.run()
    assert len(crew.post.sender.sent) == 1
    crew.writer.post(f"/campaigns/{number}/resume")
    crew.writer.post(f"/campaigns/{number}/throttle", per_minute="2")
    crew.post.run()
    assert len(crew.post.sender.sent) == 3
    crew.writer.post(f"/campaigns/{number}/cancel")
    crew.desk.clock.forward(minutes=5)
    crew.post.run()
    assert crew.counts(number) == {DeliveryStatus.SENT: 3, DeliveryStatus.SUPPRESSED: 1}
    crew.writer.get(f"/campaigns/{number}/recipients?status=suppressed")
    assert "批次已取消" in crew.writer.words
    acts = [action for action in _audited(crew) if action.startswith("campaign.")]
    assert acts == ["campaign.start", "campaign.pause", "campaign.resume", "campaign.throttle", "campaign.cancel"]


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


def test_the_doubtful_ones_are_listed_and_settled_by_hand(crew: Campaigners) -> None:
    crew.post.followers("ming", "hua")
    number = crew.write(**NOTICE)
    crew.hand_in(number)
    crew.post.sender.fail_next.append(OutcomeUnknown("timeout"))
    crew.send()
    person = crew.writer
    person.get(f"/campaigns/{number}")
    assert "核实结果不明的" in person.words
    person.get(f"/campaigns/{number}/recipients?status=unknown")
    with crew.desk.database.read() as uow:
        (doubt,) = uow.responses.recipients(crew.campaign(number), [DeliveryStatus.UNKNOWN]).items
    assert person.post(f"/campaigns/{number}/settle", delivery="4711", arrived="yes").status_code == 404
    assert person.post(f"/campaigns/{number}/settle", delivery=str(doubt.id), arrived="maybe").status_code == 400
    assert person.post(f"/campaigns/{number}/settle", delivery=str(doubt.id), arrived="yes").status_code == 303
    assert person.post(f"/campaigns/{number}/settle", delivery=str(doubt.id), arrived="no").status_code == 422
    assert crew.counts(number) == {DeliveryStatus.SENT: 2}
    file = person.get(f"/campaigns/{number}/recipients/recipients.csv")
    assert keyed("ming", SECRET) in file.text
    assert "ming" not in file.text
    assert person.get(f"/campaigns/{number}/recipients/else.csv").status_code == 404


def test_two_colleagues_do_not_write_over_each_other(crew: Campaigners) -> None:
    number = crew.write(**NOTICE)
    crew.writer.get(f"/campaigns/{number}")
    version = crew.writer.page.split('name="version" value="')[1].split('"')[0]
    second = crew.desk.enter(Role.ADMINISTRATOR, "另一位")
    second.get(f"/campaigns/{number}")
    second.post(f"/campaigns/{number}/save", version=version, name="改过", words="((正文))退订", **NOTICE)
    answer = crew.writer.post(f"/campaigns/{number}/save", version=version, name="也改", words="((正文))退订", **NOTICE)
    assert answer.status_code == 422
    assert "同事刚刚动过它" in crew.writer.words


def test_templates_have_versions_and_problems_in_words(crew: Campaigners) -> None:
    person = crew.writer
    person.get("/templates?kind=news")
    assert person.post("/templates", kind="news", name="周报", words="((正文))").status_code == 422
    assert "少了“((来源))”" in person.words
    good = "((标题))\n((正文))\n来源：((来源))\n退订回复“退订”"
    assert person.post("/templates", kind="news", name="周报", words=good).status_code == 303
    assert person.post("/templates", kind="news", name="周报", words=f"您好。{good}").status_code == 303
    person.get("/templates?kind=news")
    assert "周报 2" in person.words
    crew.post.followers("ming")
    number = crew.write("news", title="新规", body="三月起施行。", source="公告")
    assert "您好。((标题))" in person.page
    crew.hand_in(number)
    crew.send()
    (text,) = crew.texts_to("ming")
    assert text.startswith("您好。新规")
    with crew.desk.database.read() as uow:
        held = uow.responses.told("ming", crew.campaign(number))
    assert held is not None
    assert held.text_version.startswith("template:")
    assert held.text_version.endswith(".2")


def test_a_worker_that_stops_in_the_middle_leaves_nobody_out_and_nobody_twice(crew: Campaigners) -> None:
    many_followers(crew.desk.database, 2500, crew.desk.clock.now())
    number = crew.write(**NOTICE)
    crew.hand_in(number)
    crew.other.get(f"/campaigns/{number}")
    crew.other.post(f"/campaigns/{number}/approve")
    asked = iter([False, False, False, False, True])
    stopped = crew.carrier()
    stopped.stopped = lambda: next(asked, True)
    assert stopped.carry_due() == 0
    assert crew.carry() == 0, "the lease has not ended"
    crew.post.run()
    assert not crew.post.sender.sent
    crew.desk.clock.forward(minutes=3)
    assert crew.carry() == 1
    crew.post.run()
    assert crew.post.heard.total() == 2500
    assert set(crew.post.heard.values()) == {1}


def test_a_campaign_called_off_while_it_is_planned_sends_nothing(crew: Campaigners) -> None:
    crew.post.followers("ming")
    number = crew.write(**NOTICE)
    crew.hand_in(number)
    carrier = crew.carrier()
    clock = carrier.clock
    called: list[int] = []

    def stopped() -> bool:
        if not called:
            called.append(1)
            return False
        crew.writer.post(f"/campaigns/{number}/cancel")
        return False

    carrier.stopped = stopped
    assert carrier.carry_due() == 0
    assert clock is crew.desk.clock
    crew.post.run()
    crew.carry()
    assert not crew.post.sender.sent
    crew.writer.get("/campaigns?tab=dropped")
    assert "一批" in crew.writer.words


def test_a_trial_goes_to_the_colleagues_own_phone_only(crew: Campaigners) -> None:
    crew.companies(COOLING, "ming")
    crew.post.followers("mine")
    crew.pool()
    number = crew.write("matches")
    assert crew.writer.post(f"/campaigns/{number}/try").status_code == 422
    assert "还没有登记您自己的手机" in crew.writer.words
    crew.writer.get("/phone")
    crew.writer.post("/phone")
    code = crew.writer.page.split("绑定后台 ")[1][:10]
    with crew.desk.database.write() as uow:
        carry_out(uow, "mine", BindColleague(code), at=crew.desk.clock.now())
        carry_out(uow, "ming", BindColleague(code), at=crew.desk.clock.now())
    crew.writer.get(f"/campaigns/{number}")
    for _ in range(2):
        assert crew.writer.post(f"/campaigns/{number}/try").status_code == 303
    crew.post.run()
    ((to, reply),) = crew.post.sender.sent
    assert to == "mine"
    assert reply.text.startswith("【测试，只发给您】\n您好，ming厂")
    assert "brief.try" in _audited(crew)


def test_who_changed_it_does_not_approve_it_whatever_their_role_is_now(crew: Campaigners) -> None:
    many_followers(crew.desk.database, 1001, crew.desk.clock.now())
    number = crew.write(**NOTICE)
    crew.hand_in(number)
    with crew.desk.database.write() as uow:
        held = uow.briefs.hold(number)
        with pytest.raises(SamePerson):
            approve(uow, held, by=Actor(Role.APPROVER, held.changed_by), at=crew.desk.clock.now())
        with pytest.raises(NotApprover):
            approve(uow, held, by=Actor(Role.ADMINISTRATOR, "99"), at=crew.desk.clock.now())
    assert crew.carry() == 0
