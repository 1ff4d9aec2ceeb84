"""Understanding without the model: every rule can be reached, and the first that fits decides."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.meaning import Intent
from bot.nlu.keywords import SURE, Keywords
from bot.policy_lines import NLU_DATA

KEYWORDS = Keywords(NLU_DATA / "fallback.yml")

SAMPLES = {
    Intent.UNSUBSCRIBE: ["我要退订", "莫再发了", "不要再推送了"],
    Intent.ASK_PERSON: ["转人工", "找个人来", "有没得人哦", "客服在吗"],
    Intent.WRONG_ANSWER: ["你答错了", "不是这个意思", "答非所问嘛"],
    Intent.PLAIN_WORDS: ["说人话", "太专业了，看不懂"],
    Intent.MORE_DETAIL: ["依据呢", "详细点", "原文在哪"],
    Intent.BOT_IDENTITY: ["你是机器人吗", "你是谁"],
    Intent.PRIVACY_REQUEST: ["删除我的信息", "我的数据你们存多久", "注销账号"],
    Intent.WITHDRAW_DECLARATION: ["我要撤回声明", "把这个专利撤回来"],
    Intent.MY_DECLARATIONS: ["我的声明办到哪了", "草稿还在不在"],
    Intent.CHANGE_PRICE: ["我想改价", "许可费要涨价"],
    Intent.DECLARE: ["我要声明", "提交开放许可声明", "把我的专利挂出去"],
    Intent.LEAVE_INSTITUTION: ["我离职了", "解绑单位"],
    Intent.BIND_INSTITUTION: ["绑定单位", "单位认证"],
    Intent.ESTIMATE_PRICE: ["我这个专利值多少钱", "帮我估价", "定什么价好"],
    Intent.MY_FAVOURITES: ["我的收藏"],
    Intent.FAVOURITE: ["收藏这件"],
    Intent.MANAGE_SUBSCRIPTIONS: ["我的订阅", "暂停订阅"],
    Intent.SUBSCRIBE: ["订阅锂电池", "有新的茶叶专利通知我"],
    Intent.NOTIFICATION_SETTINGS: ["设个免打扰", "推送频率"],
    Intent.MANAGE_NEEDS: ["我的需求", "修改一下需求"],
    Intent.POST_NEED: ["发布一个需求", "我们有个技术难题"],
    Intent.CANCEL_SIGN_UP: ["取消报名", "那天不去了"],
    Intent.SIGN_UP_EVENT: ["我来报名"],
    Intent.LIST_EVENTS: ["最近有活动没有", "对接会啥时候开"],
    Intent.TAKE_SURVEY: ["填问卷"],
    Intent.COMPANY_PROFILE: ["完善资料", "企业信息填好了"],
    Intent.MATCH_PATENTS: ["给我们推荐几个", "有适合我厂子的没"],
    Intent.SIMILAR_PATENTS: ["有类似的没", "差不多的还有没"],
    Intent.CONTACT_HOLDER: ["联系方式给一下", "怎么联系权利人"],
    Intent.SORT_RESULTS: ["按价格排序", "按时间来"],
    Intent.REFINE_SEARCH: ["换成宜昌", "便宜点的", "只看免费的"],
    Intent.APPLY_LICENSE: ["我们想要许可", "申请许可"],
    Intent.PATENT_STATUS: ["这件还有效没", "已经失效了"],
    Intent.SEARCH_PATENT: ["有没有做茶叶烘干的专利", "找一找激光焊接的技术", "搜小龙虾"],
    Intent.THANKS: ["谢谢", "辛苦了"],
    Intent.GOODBYE: ["拜拜", "再见"],
    Intent.GREET: ["你好", "您好呀", "Hello"],
    Intent.HELP: ["帮助", "你能做什么", "?"],
    Intent.COMPLAIN: ["垃圾", "气死我了"],
    Intent.AFFIRM: ["好的", "对", "中", "可以啊"],
    Intent.DENY: ["不用了", "算了", "不是"],
    Intent.ASK_POLICY: ["年费减多少", "谁能声明开放许可", "撤回声明要什么材料", "评价报告多久出"],
}


def rule_that_reads(text: str) -> int | None:
    hits = [
        place
        for place, rule in enumerate(KEYWORDS.rules)
        if rule.match.search(text) and not (rule.without and rule.without.search(text))
    ]
    return hits[0] if hits else None


@pytest.mark.parametrize(("text", "intent"), [(text, intent) for intent, texts in SAMPLES.items() for text in texts])
def test_a_sample_sentence_is_understood(text: str, intent: Intent) -> None:
    assert KEYWORDS.read(text) == (intent, SURE)


def test_every_rule_can_be_reached() -> None:
    reached = {rule_that_reads(text) for texts in SAMPLES.values() for text in texts}
    assert len(KEYWORDS.rules) > 40
    assert [str(rule.intent) for place, rule in enumerate(KEYWORDS.rules) if place not in reached] == []
    assert {rule.intent for rule in KEYWORDS.rules} == set(SAMPLES)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("取消订阅", Intent.UNSUBSCRIBE),  # before subscribe
        ("转人工，我要撤回声明", Intent.ASK_PERSON),  # a person before everything about patents
        ("不对，谢谢", Intent.WRONG_ANSWER),  # before thanks
        ("怎么撤回声明", Intent.ASK_POLICY),  # a question about the rule is no order to do it
        ("如何提交开放许可声明", Intent.ASK_POLICY),
        ("我的收藏里那件还有效吗", Intent.MY_FAVOURITES),  # before favourite and status
        ("取消报名", Intent.CANCEL_SIGN_UP),  # before sign_up_event
        ("按价格排序，便宜的在前", Intent.SORT_RESULTS),  # before refine_search
        ("有没有免费的锂电池专利", Intent.SEARCH_PATENT),  # before ask_policy
        ("你好，有没有做豆干的技术", Intent.SEARCH_PATENT),  # before greet
        ("你好，年费减多少", Intent.ASK_POLICY),  # politeness around a question does not hide it
        ("备案要多久，谢谢", Intent.ASK_POLICY),
        ("可以", Intent.AFFIRM),  # before ask_policy
        ("可以免费吗", Intent.ASK_POLICY),  # only a whole “可以” says yes
    ],
)
def test_the_order_of_the_rules_decides(text: str, intent: Intent) -> None:
    assert KEYWORDS.read(text)[0] is intent


@pytest.mark.parametrize("text", ["", "   ", "asdfgh", "今天天气不错", "锂电池", "😀"])
def test_what_no_rule_knows_means_nothing(text: str) -> None:
    assert KEYWORDS.read(text) == (Intent.OUT_OF_SCOPE, 0.0)


@given(text=st.text(max_size=60))
def test_any_text_is_read_with_one_confidence_or_not_at_all(text: str) -> None:
    intent, confidence = KEYWORDS.read(text)
    assert confidence == (0.0 if intent is Intent.OUT_OF_SCOPE else SURE)
    assert (intent is Intent.OUT_OF_SCOPE) is (rule_that_reads(text) is None)


def test_a_file_of_rules_is_read_in_its_order(tmp_path: Path) -> None:
    file = tmp_path / "rules.yml"
    file.write_text("- {intent: greet, match: 甲, without: 乙}\n- {intent: thanks, match: HI|甲}\n", "utf-8")
    rules = Keywords(file)
    assert [rules.read(text)[0] for text in ("甲", "甲乙", "hi", "乙")] == [
        Intent.GREET,
        Intent.THANKS,
        Intent.THANKS,
        Intent.OUT_OF_SCOPE,
    ]
    file.write_text("- {intent: no_such_intent, match: 甲}\n", "utf-8")
    with pytest.raises(ValueError, match="no_such_intent"):
        Keywords(file)
