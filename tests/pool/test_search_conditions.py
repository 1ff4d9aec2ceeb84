"""Whatever is asked for, every hit meets every condition, and none that does is missing."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import jieba
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.demonstration.load import demonstration_listings
from backend.domain.clock import day_of
from backend.domain.fees import PaymentMethod
from backend.domain.hubei import places
from backend.domain.ipc import prefixes
from backend.domain.listings import Listing, ListingStatus, Track
from backend.domain.patents import PatentKind
from backend.domain.queries import Condition, PatentQuery, Sort
from backend.search.classes import titles_of
from backend.search.everyday import everyday
from backend.search.fields import day_number
from backend.search.index import PatentIndex
from backend.search.indexer import document_of
from backend.search.tokens import STOP, TERM_FREQUENCY
from backend.search.wanted import Group, Reader, Way
from backend.store.listings import Shelved
from tests.support.arrivals import NOON
from tests.support.shelf import tokenizer

TODAY = day_of(NOON)
POOL = random.Random(7).sample(demonstration_listings(TODAY), 250)
MANY = 1000


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> PatentIndex:
    held = PatentIndex(tmp_path_factory.mktemp("conditions"), tokenizer())
    held.open_writer()
    shelved = (Shelved(listing, ListingStatus.PUBLISHED, demonstration=False, vouched_by="") for listing in POOL)
    documents = [document for item in shelved if (document := document_of(item, demonstration=False))]
    held.put(documents, fresh=True)
    held.mark_built("real")
    held.close_writer()
    assert held.size() == len(POOL)
    return held


def _texts(listing: Listing) -> dict[str, list[str]]:
    scenes = f"{listing.scenes} {listing.industry} {listing.cluster}"
    classes = titles_of((listing.ipc_main, *listing.ipc))
    texts = {"title": listing.title, "abstract": listing.abstract, "scenes": scenes, "classes": classes}
    return {name: tokenizer().words(text) for name, text in texts.items()}


TEXTS_OF = {listing.number: _texts(listing) for listing in POOL}
KNOWN = {word for texts in TEXTS_OF.values() for words in texts.values() for word in words}
READER = Reader(tokenizer(), everyday())


def _groups(query: PatentQuery) -> list[Group]:
    """What the request asks for, in the ways that some patent of the pool says it; all of it where none does."""
    groups = READER.read(query.words, query.context)
    heard: list[Group] = []
    for group in groups:
        parts = (group,) if _known(group) or not group.needed else READER.parts(group)
        heard.extend(replace(part, ways=_known(part)) for part in parts if _known(part))
    return heard if any(group.needed for group in heard) else list(groups)


def _known(group: Group) -> tuple[Way, ...]:
    return tuple(way for way in group.ways if all(term in KNOWN for term in way.terms))


def _says(listing: Listing, group: Group, *, any_word: bool) -> bool:
    """In its own words; where any word is enough, also in the titles of its classes and by a part of a way."""
    texts = [words for name, words in TEXTS_OF[listing.number].items() if any_word or name != "classes"]
    return any(_said(texts, way, any if any_word else all) for way in group.ways)


def _said(texts: list[list[str]], way: Way, enough: Callable[[Iterable[bool]], bool]) -> bool:
    if way.phrase:
        size = len(way.terms)
        runs = (tuple(words[at : at + size]) for words in texts for at in range(len(words)))
        return way.terms in runs
    terms = way.terms if enough is all else way.telling
    return enough(any(term in words for words in texts) for term in terms)


def _fits(listing: Listing, query: PatentQuery, *, any_word: bool) -> bool:
    """The query, read in the plainest way."""
    needed = [group for group in _groups(query) if group.needed]
    said = [_says(listing, group, any_word=any_word) for group in needed]
    own = f"{listing.title} {listing.abstract} {listing.scenes} {listing.industry} {listing.cluster}".lower()
    holders = set(tokenizer().words(" ".join(listing.holders)))
    symbols = {level for symbol in (listing.ipc_main, *listing.ipc) for level in prefixes(symbol)}
    low, high, price = query.min_upfront_yuan, query.max_upfront_yuan, listing.fee.upfront_yuan
    return all(
        (
            not needed or (any if any_word else all)(said),
            not query.place_code or listing.place_code == query.place_code,
            listing.place_code not in query.without_places,
            not query.cluster or listing.cluster == query.cluster,
            query.kind is None or listing.kind is query.kind,
            query.without_kind is None or listing.kind is not query.without_kind,
            query.track is None or listing.track is query.track,
            not query.title or query.title in listing.title,
            not query.without_words or query.without_words not in own,
            not query.free or listing.fee.method is PaymentMethod.FREE,
            not query.ipc or query.ipc in symbols,
            all(word in holders for word in tokenizer().terms(query.holder)),
            low is None or price >= low,
            high is None or price <= high,
        )
    )


prices = st.decimals(0, 250_000, places=2) | st.sampled_from([Decimal(0), Decimal(5000), Decimal(20_000)])
CONDITIONS: dict[str, st.SearchStrategy[object]] = {
    "words": st.sampled_from(
        [
            "电池",
            "散热 装置",
            "一种检测方法",
            "水",
            "不存在的词语",
            "LED",
            "激光 切割 金属",
            "电动车电池",
            "焊歪了",
            "智能监测仪",
        ]
    ),
    "context": st.sampled_from(["开豆皮厂", "焊接车间烟大"]),
    "title": st.sampled_from(["装置", "激光", "电池"]),
    "without_words": st.sampled_from(["激光", "塑料", "不存在的词语"]),
    "without_places": st.lists(st.sampled_from(list(places())), min_size=1, max_size=3).map(tuple),
    "cluster": st.sampled_from(sorted({listing.cluster for listing in POOL})),
    "track": st.sampled_from(Track),
    "place_code": st.sampled_from(list(places())),
    "kind": st.sampled_from(PatentKind),
    "without_kind": st.sampled_from(PatentKind),
    "free": st.just(True),
    "min_upfront_yuan": prices,
    "max_upfront_yuan": prices,
    "ipc": st.sampled_from(sorted({level for listing in POOL for level in prefixes(listing.ipc_main)})),
    "holder": st.sampled_from(["大学", *{listing.holders[0]: None for listing in POOL}]),
}


@st.composite
def queries(draw: st.DrawFn) -> PatentQuery:
    """Few conditions at a time: with many of them nothing fits, and nothing is shown to be right."""
    names = draw(st.lists(st.sampled_from(list(CONDITIONS)), max_size=3, unique=True))
    values: dict[str, Any] = {name: draw(CONDITIONS[name]) for name in names}
    return PatentQuery(**values, sort=draw(st.sampled_from(Sort)))


@settings(max_examples=300)
@given(query=queries(), any_word=st.booleans(), years=st.integers(0, 12))
def test_every_hit_fits_and_every_fit_is_hit(
    index: PatentIndex, query: PatentQuery, any_word: bool, years: int
) -> None:
    on = TODAY.replace(year=TODAY.year + years)
    page = index.search(query, on=on, limit=MANY, any_word=any_word)
    wanted = {
        listing.number for listing in POOL if _fits(listing, query, any_word=any_word) and listing.may_be_shown(on)
    }
    assert set(page.numbers) == wanted
    assert page.total == len(page.numbers) == len(wanted)


@settings(max_examples=60)
@given(query=queries())
def test_conditions_only_narrow(index: PatentIndex, query: PatentQuery) -> None:
    held = set(index.search(query, on=TODAY, limit=MANY).numbers)
    moved = {Condition.TITLE, Condition.PHRASE}  # then looked for anywhere, as the follower's own words are
    for condition in set(query.conditions()) - moved:
        assert held <= set(index.search(query.without(condition), on=TODAY, limit=MANY).numbers)


@settings(max_examples=60)
@given(query=queries(), limit=st.integers(1, 7))
def test_pages_together_are_the_whole(index: PatentIndex, query: PatentQuery, limit: int) -> None:
    whole = index.search(query, on=TODAY, limit=MANY)
    pages = [
        number
        for offset in range(0, whole.total, limit)
        for number in index.search(query, on=TODAY, limit=limit, offset=offset).numbers
    ]
    assert sorted(pages) == sorted(whole.numbers)


@settings(max_examples=60)
@given(query=queries())
def test_the_cheapest_come_first(index: PatentIndex, query: PatentQuery) -> None:
    prices_of = {listing.number: listing.fee.upfront_yuan for listing in POOL}
    numbers = index.search(replace(query, sort=Sort.PRICE), on=TODAY, limit=MANY).numbers
    prices_found = [prices_of[number] for number in numbers]
    assert prices_found == sorted(prices_found)


@settings(max_examples=100)
@given(words=st.text(max_size=60), holder=st.text(max_size=20), ipc=st.text(max_size=10))
def test_no_text_breaks_the_search(index: PatentIndex, words: str, holder: str, ipc: str) -> None:
    page = index.search(PatentQuery(words=words, holder=holder, ipc=ipc), on=TODAY, limit=5)
    assert len(page.numbers) <= page.total


def test_a_title_finds_its_patent(index: PatentIndex) -> None:
    """Words are cut the same way for indexing and for asking."""
    missed = [
        listing.title
        for listing in POOL
        if listing.may_be_shown(TODAY)
        and listing.number not in index.search(PatentQuery(words=listing.title), on=TODAY, limit=MANY).numbers
    ]
    assert missed == []


def test_days_as_numbers_keep_their_order() -> None:
    days = sorted({listing.filed_on for listing in POOL})
    assert [day_number(day) for day in days] == sorted(day_number(day) for day in days)


@pytest.fixture(scope="module")
def peer() -> jieba.Tokenizer:
    """The original, with the same dictionary."""
    held = jieba.Tokenizer()
    for word in tokenizer().words_added:
        held.add_word(word, TERM_FREQUENCY, "n")
    return held


TEXTS = [text for listing in POOL for text in (listing.title, listing.abstract) if text][:300]


def _pieces(text: str) -> list[str]:
    """Runs of Chinese characters, on which alone jieba is asked."""
    return re.findall(r"[\u3400-\u9fff]+", text)


def _without_stop_words(words: Iterable[str]) -> list[str]:
    return [word for word in words if word not in STOP]


def test_rjieba_cuts_as_jieba_does(peer: jieba.Tokenizer) -> None:
    assert len(TEXTS) == 300
    differing, pieces = [], [piece for text in TEXTS for piece in _pieces(text)]
    for piece in pieces:
        ours = (tokenizer().words(piece), tokenizer().terms(piece))
        whole = list(dict.fromkeys(_without_stop_words(peer.cut(piece, HMM=False))))
        theirs = (_without_stop_words(peer.cut_for_search(piece, HMM=False)), whole)
        if ours != theirs:
            differing.append((piece, ours, theirs))
    # A word added raises the sum of all frequencies in jieba, in rjieba it does not: a rare word may win by that.
    assert len(differing) <= len(pieces) / 1000, differing
