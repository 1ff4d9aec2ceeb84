"""The derived index: built, kept in step, never the only one to know, never wrong about a condition."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
import tantivy

from backend.domain.clock import day_of
from backend.domain.fees import Fee, PaymentMethod
from backend.domain.queries import Condition, Facet, PatentQuery, Results, Sort
from backend.search.index import IndexerBusy, IndexNotReady, PatentIndex
from backend.search.indexer import MACHINE_GONE, Indexer
from backend.search.tokens import Tokenizer
from backend.store.database import Database
from backend.store.unit_of_work import UnitOfWork
from tests.support.arrivals import NOON, noon
from tests.support.builders import make_listing, make_number
from tests.support.shelf import Shelf, indexer_on, open_shelf, tokenizer

TODAY = day_of(NOON)


class Killed(Exception):
    """The indexer's process ends here."""


class Dying(Database):
    """The real database, at whose n-th read or write the process ends."""

    def __init__(self, real: Database, *, read: int = 0, write: int = 0) -> None:
        self.real, self.reads, self.writes = real, read, write

    @contextmanager
    def read(self) -> Iterator[UnitOfWork]:
        self.reads -= 1
        if self.reads == 0:
            raise Killed
        with self.real.read() as uow:
            yield uow

    @contextmanager
    def write(self) -> Iterator[UnitOfWork]:
        self.writes -= 1
        if self.writes == 0:
            raise Killed
        with self.real.write() as uow:
            yield uow


class Meanwhile(Database):
    """The real database; just before the next write something else happens."""

    def __init__(self, real: Database, happens: Callable[[], object]) -> None:
        self.real, self.happens = real, happens

    @contextmanager
    def read(self) -> Iterator[UnitOfWork]:
        with self.real.read() as uow:
            yield uow

    @contextmanager
    def write(self) -> Iterator[UnitOfWork]:
        happens, self.happens = self.happens, lambda: None
        happens()
        with self.real.write() as uow:
            yield uow


@pytest.fixture
def shelf(database: Database, tmp_path: Path) -> Iterator[Shelf]:
    with open_shelf(database, tmp_path / "index") as held:
        yield held


def _numbers(index: PatentIndex, words: str = "", **conditions: object) -> list[str]:
    query = PatentQuery(words=words, **conditions)  # type: ignore[arg-type] # fields of the query
    return list(index.search(query, on=TODAY, limit=100).numbers)


def _pending(shelf: Shelf) -> int:
    with shelf.database.read() as uow:
        return len(uow.search_tasks.pending(shelf.reader().replica, 1000))


def test_before_the_first_build_it_says_so(shelf: Shelf) -> None:
    shelf.publish(make_listing(1))
    with pytest.raises(IndexNotReady):
        _numbers(shelf.reader())
    assert shelf.desk().find_patents(PatentQuery(words="散热"), 0) is None
    assert shelf.desk().show_patent(make_number(1)) is not None


def test_a_build_holds_what_was_there(shelf: Shelf) -> None:
    shelf.publish(*(make_listing(serial) for serial in range(1, 31)))
    shelf.sync()
    assert shelf.reader().size() == 30
    assert _numbers(shelf.reader(), "散热装置7") == [make_number(7)]


def test_a_change_is_read_again(shelf: Shelf) -> None:
    shelf.publish(make_listing(1, title="水泵叶轮"), make_listing(2))
    shelf.sync()
    shelf.publish(make_listing(1, title="轴承密封"), make_listing(3))
    assert (shelf.sync(), shelf.sync()) == (2, 0)
    reader = shelf.reader()
    assert (_numbers(reader, "叶轮"), _numbers(reader, "轴承")) == ([], [make_number(1)])
    assert reader.size() == 3


def test_what_was_withdrawn_is_taken_out(shelf: Shelf) -> None:
    shelf.publish(make_listing(1), make_listing(2))
    shelf.sync()
    shelf.withdraw(make_listing(1))
    shelf.sync()
    assert _numbers(shelf.reader()) == [make_number(2)]
    shelf.publish(make_listing(1))
    shelf.sync()
    assert sorted(_numbers(shelf.reader())) == sorted([make_number(1), make_number(2)])


def test_a_reader_sees_what_was_committed_since(shelf: Shelf) -> None:
    shelf.publish(make_listing(1))
    shelf.sync()
    reader = shelf.reader()
    assert _numbers(reader) == [make_number(1)]
    shelf.publish(make_listing(2))
    assert _numbers(reader) == [make_number(1)]
    shelf.sync()
    assert sorted(_numbers(reader)) == sorted([make_number(1), make_number(2)])


def test_a_death_between_commit_and_done_is_harmless(shelf: Shelf) -> None:
    shelf.sync()
    shelf.publish(make_listing(1), make_listing(2))
    shelf.withdraw(make_listing(2))
    shelf.indexer.close()
    dying = Indexer(Dying(shelf.database, write=2), PatentIndex(shelf.folder, tokenizer()), noon(), demonstration=False)
    with pytest.raises(Killed):  # the first write registers, the second would delete the tasks
        dying.sync()
    dying.close()
    assert _pending(shelf) == 2
    assert _numbers(shelf.reader()) == [make_number(1)]
    shelf.indexer = indexer_on(shelf.database, shelf.folder)
    shelf.sync()
    assert (_pending(shelf), shelf.reader().size(), _numbers(shelf.reader())) == (0, 1, [make_number(1)])


def test_a_change_between_reading_and_done_is_not_lost(shelf: Shelf) -> None:
    shelf.sync()
    shelf.publish(make_listing(1, title="旧的叶轮"))
    meanwhile = Meanwhile(shelf.database, lambda: shelf.publish(make_listing(1, title="新的轴承")))
    shelf.indexer.database = meanwhile
    shelf.sync()
    assert shelf.reader().search(PatentQuery(words="轴承"), on=TODAY, limit=5).total == 1
    assert shelf.reader().search(PatentQuery(words="叶轮"), on=TODAY, limit=5).total == 0


def test_a_death_in_the_first_build_begins_it_again(shelf: Shelf) -> None:
    shelf.publish(*(make_listing(serial) for serial in range(1, 21)))
    shelf.indexer.close()
    dying = Indexer(Dying(shelf.database, read=1), PatentIndex(shelf.folder, tokenizer()), noon(), demonstration=False)
    with pytest.raises(Killed):  # it is registered, and dies as it begins to read the pool
        dying.sync()
    dying.close()
    with pytest.raises(IndexNotReady):
        _numbers(shelf.reader())
    shelf.indexer = indexer_on(shelf.database, shelf.folder)
    shelf.sync()
    assert shelf.reader().size() == 20


def test_a_failure_in_the_first_build_is_made_good_by_the_same_indexer(shelf: Shelf) -> None:
    shelf.publish(*(make_listing(serial) for serial in range(1, 21)))
    real, shelf.indexer.database = shelf.indexer.database, Dying(shelf.database, read=1)
    with pytest.raises(Killed):
        shelf.sync()
    shelf.indexer.database = real
    shelf.sync()
    assert shelf.reader().size() == 20


def test_one_indexer_on_a_machine(shelf: Shelf) -> None:
    with pytest.raises(IndexerBusy):
        indexer_on(shelf.database, shelf.folder)
    shelf.indexer.close()
    second = indexer_on(shelf.database, shelf.folder)
    shelf.publish(make_listing(1))
    second.sync()
    second.close()
    assert shelf.reader().size() == 1


def test_every_machine_has_its_own(shelf: Shelf, tmp_path: Path) -> None:
    with open_shelf(shelf.database, tmp_path / "other machine") as other:
        for machine in (shelf, other):
            machine.sync()
        shelf.publish(make_listing(1))
        assert (shelf.sync(), other.sync()) == (1, 1)
        assert (shelf.reader().size(), other.reader().size()) == (1, 1)
        assert shelf.reader().replica != other.reader().replica


def test_a_machine_that_was_away_too_long_builds_anew(shelf: Shelf, tmp_path: Path) -> None:
    with open_shelf(shelf.database, tmp_path / "asleep") as asleep:
        shelf.publish(make_listing(1), make_listing(2))
        asleep.sync()
    shelf.clock.forward(seconds=(MACHINE_GONE + timedelta(hours=2)).total_seconds())
    shelf.sync()
    shelf.withdraw(make_listing(2))
    later = shelf.clock
    awake = indexer_on(shelf.database, tmp_path / "asleep", later)
    awake.sync()
    assert awake.index.size() == 1
    awake.close()


def test_while_a_new_dictionary_is_built_the_old_index_serves(shelf: Shelf, tmp_path: Path) -> None:
    shelf.publish(make_listing(1), make_listing(2, title="水泵叶轮", abstract=""))
    shelf.sync()
    (tmp_path / "words.txt").write_text("散热装置 100 n\n水泵叶 100 n\n", "utf-8")
    other = PatentIndex(shelf.folder, Tokenizer(tmp_path / "words.txt"))
    assert other.folder != shelf.reader().folder
    assert _numbers(other, "叶轮") == [make_number(2)]  # read with the words it was written with
    with pytest.raises(Killed):
        Indexer(Dying(shelf.database, read=1), other, noon(), demonstration=False).sync()
    other.close_writer()
    assert _numbers(other, "叶轮") == [make_number(2)]  # half a build is none
    indexer = Indexer(shelf.database, other, noon(), demonstration=False)
    shelf.publish(make_listing(3, title="轴承密封", abstract=""))
    assert _numbers(other, "轴承") == []
    indexer.sync()
    assert _numbers(other, "轴承") == [make_number(3)]
    assert _numbers(other, "叶轮") == []  # the new dictionary's word is 水泵叶
    indexer.close()


def test_an_index_of_the_release_before_serves_until_ours_is_built(shelf: Shelf) -> None:
    """Schema 2: one text beside the title, no positions, no facets."""
    shelf.publish(make_listing(1), make_listing(2, title="水泵叶轮", abstract=""))
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("number", stored=True, tokenizer_name="raw", index_option="basic")
    for name in ("title", "body", "holder"):
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="freq")
    for name in ("kind", "track", "free", "ipc", "place", "cluster"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in ("upfront", "ends", "filed"):
        builder.add_integer_field(name, indexed=True, fast=True)
    before = shelf.folder / "2-0123456789ab"
    before.mkdir(parents=True)
    writer = tantivy.Index(builder.build(), path=str(before)).writer()
    document = tantivy.Document()
    for name, value in {"number": make_number(1), "title": "散热 装置", "kind": "invention", "free": "no"}.items():
        document.add_text(name, value)
    document.add_integer("ends", 20990101)
    writer.add_document(document)
    writer.commit()
    (before / "built").write_text("real", "utf-8")
    reader = shelf.reader()
    assert _numbers(reader, "散热") == _numbers(reader, "装置 散热") == [make_number(1)]
    assert _numbers(reader, "散热", free=True) == []
    assert reader.count(PatentQuery(words="散热"), [Facet.KIND], on=TODAY) == {}
    shelf.sync()
    assert _numbers(reader, "叶轮") == [make_number(2)]


def test_fen_count(shelf: Shelf) -> None:
    fee = Fee(method=PaymentMethod.LUMP_SUM, lump_sum_yuan=Decimal("100.50"))
    shelf.publish(make_listing(1, fee=fee))
    shelf.sync()
    reader = shelf.reader()
    assert _numbers(reader, max_upfront_yuan=Decimal(100)) == []
    assert _numbers(reader, max_upfront_yuan=Decimal("100.5")) == [make_number(1)]
    assert _numbers(reader, min_upfront_yuan=Decimal("100.51")) == []
    assert _numbers(reader, max_upfront_yuan=Decimal(10) ** 40) == [make_number(1)]


def _find(shelf: Shelf, **query: object) -> Results:
    results = shelf.desk().find_patents(PatentQuery(**query), 0)  # type: ignore[arg-type] # fields of the query
    assert results is not None
    return results


def _summary(results: Results) -> tuple[list[str], tuple[Condition, ...], bool]:
    return [found.listing.number for found in results.items], results.given_up, results.any_word


def test_what_had_to_be_given_up_is_named(shelf: Shelf) -> None:
    shelf.publish(
        make_listing(1, title="电池散热装置", place_code="420100"), make_listing(2, title="水泵叶轮", abstract="")
    )
    shelf.sync()
    one = [make_number(1)]
    tight, elsewhere = {"max_upfront_yuan": Decimal(10)}, {"place_code": "420500"}
    assert _summary(_find(shelf, words="散热")) == (one, (), False)
    assert _summary(_find(shelf, words="散热", **tight)) == (one, (Condition.PRICE,), False)
    assert _summary(_find(shelf, words="散热", **elsewhere)) == (one, (Condition.PLACE,), False)
    both = _summary(_find(shelf, words="散热", **tight, **elsewhere))
    assert both == (one, (Condition.PRICE, Condition.PLACE), False)
    either, nothing, any_word = _summary(_find(shelf, words="电池 叶轮"))
    assert (sorted(either), nothing, any_word) == (sorted([*one, make_number(2)]), (), True)
    either, given_up, any_word = _summary(_find(shelf, words="电池 叶轮", **elsewhere))
    assert (sorted(either), given_up, any_word) == (sorted([*one, make_number(2)]), (Condition.PLACE,), True)
    assert _summary(_find(shelf, words="量子纠缠")) == ([], (), False)


def test_a_word_that_no_patent_holds_is_left_out(shelf: Shelf) -> None:
    shelf.publish(make_listing(1, title="电池散热装置"), make_listing(2, title="水泵叶轮", abstract=""))
    shelf.sync()
    assert _summary(_find(shelf, words="量子 电池")) == ([make_number(1)], (), False)


def test_what_matched_is_named(shelf: Shelf) -> None:
    shelf.publish(make_listing(1, title="电池散热装置", abstract=""))
    shelf.sync()
    found = _find(shelf, words="电池 量子").items[0]
    assert found.matched == ("电池",)


def test_the_order_is_the_one_asked_for(shelf: Shelf) -> None:
    for serial, (yuan, year) in enumerate([(300, 2030), (100, 2032), (200, 2031)], start=1):
        fee = Fee(method=PaymentMethod.LUMP_SUM, lump_sum_yuan=Decimal(yuan))
        ends_on, filed_on = TODAY.replace(year=year), TODAY.replace(year=2018 + serial)
        shelf.publish(make_listing(serial, fee=fee, license_ends_on=ends_on, filed_on=filed_on))
    shelf.sync()
    orders = {sort: _numbers(shelf.reader(), sort=sort) for sort in (Sort.PRICE, Sort.NEWEST, Sort.TERM_LEFT)}
    assert orders == {
        sort: [make_number(serial) for serial in serials]
        for sort, serials in ((Sort.PRICE, (2, 3, 1)), (Sort.NEWEST, (3, 2, 1)), (Sort.TERM_LEFT, (2, 3, 1)))
    }


def test_pages_hold_everything_once(shelf: Shelf) -> None:
    shelf.publish(*(make_listing(serial) for serial in range(1, 13)))
    shelf.sync()
    desk = shelf.desk()
    pages = [desk.find_patents(PatentQuery(words="散热装置"), page) for page in range(4)]
    counts = [(len(page.items), page.total, page.has_more) for page in pages if page]
    seen = [found.listing.number for page in pages if page for found in page.items]
    assert counts == [(5, 12, True), (5, 12, True), (2, 12, False), (0, 12, False)]
    assert sorted(seen) == sorted(make_number(serial) for serial in range(1, 13))
