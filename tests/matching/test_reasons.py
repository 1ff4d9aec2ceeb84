"""Every reason that is shown is true of the two rows, and every match has one sentence."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.demonstration.load import demonstration_listings
from backend.domain.companies import Company, CompanyLabel, CompanySize
from backend.domain.fees import Fee, PaymentMethod
from backend.domain.hubei import clusters, places
from backend.domain.industries import divisions
from backend.domain.listings import Track
from backend.domain.matching import LEAST, Part, ReasonKind, Verdict, may_take
from backend.matching.pool import Offer, Pool
from backend.matching.scores import NEVER, best, companies_for, match_at, scored
from bot.dialogue.topics.match import why
from bot.texts import Texts
from tests.matching.conftest import LABELS, TODAY
from tests.support.builders import make_listing
from tests.support.reasons import holds
from tests.support.shelf import tokenizer

TEXTS = Texts()
SAID = ("小龙虾", "卤鸭脖", "锂电池回收", "废水处理", "数控机床", "光纤", "中药", "茶叶", "Ｈ０２Ｊ", "豆制品", "焊接", "充电桩",
        "我们厂", "想降成本", "自动化")  # fmt: skip
COMPANIES = st.builds(
    Company,
    products=st.lists(st.sampled_from(SAID), min_size=1, max_size=5).map("、".join),
    clusters=st.lists(st.sampled_from(list(clusters())), max_size=3, unique=True).map(tuple),
    division=st.sampled_from(["", *divisions()]),
    place_code=st.sampled_from(["", *places()]),
    size=st.none() | st.sampled_from(CompanySize),
    labels=st.lists(st.sampled_from(CompanyLabel), max_size=2, unique=True).map(tuple),
    budget_yuan=st.none() | st.decimals(0, 200_000, places=2),
)


@settings(max_examples=150)
@given(company=COMPANIES)
def test_every_reason_is_true_by_a_rule_of_its_own(pool: Pool, company: Company) -> None:
    held = scored(company, pool)
    for at in best(held, 12):
        found = match_at(held, pool, at)
        assert 1 <= len(found.reasons) <= 3
        assert len({reason.kind for reason in found.reasons}) == len(found.reasons)
        wrong = [reason for reason in found.reasons if not holds(reason, company, found.listing, LABELS)]
        assert wrong == [], (company, found.listing)
        assert may_take(company, found.listing)
        assert found.score >= LEAST


@settings(max_examples=60)
@given(company=COMPANIES)
def test_a_match_rests_on_words_or_class_and_is_said_in_one_sentence(pool: Pool, company: Company) -> None:
    held = scored(company, pool)
    for at in best(held, 5):
        found = match_at(held, pool, at)
        assert found.parts[Part.WORDS] + found.parts[Part.CLASS] > 0
        said = TEXTS.render(why(found.reasons))
        assert said.endswith("，故列出。")
        assert said.count("。") == 1
        assert "推荐" not in said


def test_a_pilot_for_small_firms_of_one_city_is_not_shown_to_others() -> None:
    listing = make_listing(
        1, track=Track.PILOT, region="宜昌市", licensee_scope="省内中小微企业", title="柑橘分级机", abstract="柑橘分级"
    )
    pool = Pool([Offer(listing)], tokenizer().words, labels=LABELS, overrides={})

    def shown(**changes: object) -> bool:
        company = Company(products="柑橘分级", **changes)  # type: ignore[arg-type] # one field at a time
        assert may_take(company, listing) == bool(best(scored(company, pool), 5))
        return bool(best(scored(company, pool), 5))

    assert shown(place_code="420500", size=CompanySize.SMALL)
    assert shown()
    assert not shown(place_code="420100")
    assert not shown(size=CompanySize.LARGE)


def test_what_was_of_no_use_is_never_shown_again_and_the_like_of_it_moves_back(pool: Pool) -> None:
    company = Company(products="小龙虾加工，锂电池回收、电池拆解")
    before = scored(company, pool)
    first = best(before, 1)[0]
    number, subclass = pool.offers[first].listing.number, pool.subclass[first]
    after = scored(company, pool, {number: Verdict.NOT_RELEVANT})
    assert after.total[first] == NEVER
    alike = [at for at in best(before, 500) if at != first and pool.subclass[at] == subclass]
    assert all(after.total[at] < before.total[at] for at in alike)
    liked = scored(company, pool, {number: Verdict.INTERESTED})
    assert liked.total[first] > before.total[first]


def test_a_fee_within_the_budget_counts_and_one_above_does_not() -> None:
    cheap, dear = (
        make_listing(n, fee=Fee(method=PaymentMethod.LUMP_SUM, lump_sum_yuan=Decimal(sum_)))
        for n, sum_ in ((1, 10_000), (2, 90_000))
    )
    pool = Pool([Offer(dear), Offer(cheap)], tokenizer().words, labels=LABELS, overrides={})
    held = scored(Company(products="机房散热装置", budget_yuan=Decimal(20_000)), pool)
    found = [match_at(held, pool, at) for at in best(held, 2)]
    assert [match.listing.number for match in found] == [cheap.number, dear.number]
    assert [ReasonKind.WITHIN_BUDGET in {reason.kind for reason in match.reasons} for match in found] == [True, False]


def test_patent_to_companies_scores_the_same_as_company_to_patents(pool: Pool) -> None:
    companies = [
        Company(id=number, openid=f"o{number}", products=words, clusters=("05",), place_code="429005")
        for number, words in enumerate(("小龙虾分级", "虾尾速冻", "精密轴承", "热干面调料"), 1)
    ]
    number = next(offer.listing.number for offer in pool.offers if offer.listing.title.startswith("小龙虾按重量"))
    found = companies_for(number, companies, pool, {}, count=10)
    assert found[0].company.id == 1
    for match in found:
        assert match == match_at(scored(match.company, pool), pool, pool.at[number])
    gone = companies_for(number, companies, pool, {"o1": {number: Verdict.NOT_RELEVANT}}, count=10)
    assert 1 not in {match.company.id for match in gone}
    assert companies_for("none", companies, pool, {}, count=10) == []


@pytest.mark.parametrize("products", ["", "的", "我们公司", "123 456", "🙂", "a" * 400, "<script>", "设备、产品、服务"])
def test_words_that_say_nothing_match_nothing(pool: Pool, products: str) -> None:
    assert best(scored(Company(products=products), pool), 5) == []


def test_an_empty_pool_has_nothing_to_show() -> None:
    empty = Pool([], tokenizer().words, labels=LABELS, overrides={})
    assert best(scored(Company(products="小龙虾", clusters=("05",)), empty), 5) == []
    assert demonstration_listings(TODAY)
