"""A campaign from its first word to its results, as colleagues work: two browsers without scripts, and a worker."""

from __future__ import annotations

import pytest

from backend.domain.briefs import NotApprover, SamePerson
from backend.domain.deeds import BindColleague
from backend.domain.deliveries import DeliveryStatus
from backend.domain.keyed import keyed
from backend.domain.ports.sender import OutcomeUnknown
from backend.domain.roles import Actor, Role
from backend.outreach.briefs import approve
from backend.services.deeds import carry_out
from tests.support.campaigners import COOLING, NOTICE, Campaigners
from tests.support.desk_of_staff import SECRET, StaffDesk
from tests.support.kills import many_followers


@pytest.fixture
def crew(desk: StaffDesk) -> Campaigners:
    return Campaigners(desk)


def _audited(crew: Campaigners) -> list[str]:
    with crew.desk.database.read() as uow:
        assert uow.audit.verify() is None
        return [entry.action for entry in uow.audit.entries()]


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
