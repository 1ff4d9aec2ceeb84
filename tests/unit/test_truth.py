"""The truth linter: no promise, no invented number, no article that nobody cites, and nothing built on a text that changed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from backend.knowledge.entries import BrokenEntry, load_entries
from backend.knowledge.fingerprints import load_fingerprints
from backend.knowledge.passages import Library, fingerprint
from backend.knowledge.truth import Fault, Problem, examine, record_places
from bot.cli import main
from bot.dialogue.say import say
from bot.texts import Texts
from bot.truth import check
from tests.support.statutes import PLAN, STATUTE

TODAY = date(2026, 11, 22)
Cites = tuple[tuple[str, str], ...]  # source id, place
SOURCES = [
    {"id": "rules", "title": "借书条例（2023年修订）", "short": "《条例》", "number": "令第7号", "as_of": "2026-11-01"},
    {"id": "plan", "title": "方案", "short": "《方案》", "number": "", "as_of": "2022-12-31"},
    {"id": "hearsay", "title": "报道", "short": "报道", "number": "", "as_of": "2022-01-01"},
]


class Home:
    """A knowledge folder of invented sources beside the texts they are read from."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.texts = folder / "home", folder / "texts"
        for made in (self.folder / "entries", self.folder / "phrasings", self.texts):
            made.mkdir(parents=True)
        self.dump("sources.yml", SOURCES)
        self.text("rules.md", STATUTE)
        self.text("plan.txt", PLAN)

    def dump(self, name: str, content: Any) -> None:
        (self.folder / name).write_text(yaml.safe_dump(content, allow_unicode=True), "utf-8")

    def text(self, name: str, content: str) -> None:
        (self.texts / name).write_text(content, "utf-8")

    def write(self, *rows: dict[str, Any], **defaults: Any) -> None:
        self.dump("entries/some.yml", {"defaults": defaults, "entries": list(rows)} if defaults else list(rows))

    def record(self) -> None:
        entries = load_entries(self.folder)
        self.dump("fingerprints.yml", record_places(entries, load_fingerprints(self.folder), Library(self.texts)))

    def problems(self) -> list[tuple[str, Fault, str]]:
        report = examine(load_entries(self.folder), load_fingerprints(self.folder), Library(self.texts), TODAY)
        return [(problem.entry, problem.fault, problem.about) for problem in report.problems]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def row(
    name: str = "borrow", *, cites: tuple[tuple[str, str], ...] = (("rules", "第二条"),), **changes: Any
) -> dict[str, Any]:
    given = {
        "id": name, "title": "能借几本", "answer": "每次3本。", "next": "", "detail": "带证件来。", "track": "both",
        "confidence": "high", "doubt": "", "owner": "流通岗", "review_by": "2027-01-31",
        "sources": [{"document": document, "article": article} for document, article in cites],
    }  # fmt: skip
    return given | changes


# What the loader refuses


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"answer": "我们保证借得到。"}, "保证"),
        ({"detail": "这是最低价。"}, "最低价"),
        ({"next": "肯定能办成"}, "肯定能"),
        ({"answer": "一定能借到，稳赚。"}, "一定能"),
        ({"answer": "包过。"}, "包过"),
        ({"detail": "政府推荐这本书。"}, "政府推荐"),
        ({"answer": "赔偿不高于书价。"}, "不高于"),
        ({"answer": "长" * 181}, "180"),
        ({"answer": "长" * 180, "next": "尾"}, "180"),
        ({"confidence": "low"}, "uncertain"),
        ({"detail": "见第三条。"}, "第三条"),
        ({"computed": {"9": "3乘以3"}}, "9"),
        ({"owner": " "}, "owner"),
        ({"review_by": None}, "review_by"),
        ({"sources": [{"document": "rules"}]}, "where"),
    ],
)
def test_an_entry_that_breaks_a_rule_does_not_load(home: Home, changes: dict[str, Any], said: str) -> None:
    home.write(row(**changes))
    with pytest.raises(BrokenEntry, match=said) as caught:
        load_entries(home.folder)
    assert "some.yml: borrow" in str(caught.value)


@pytest.mark.parametrize(
    "changes",
    [
        {"answer": "先交保证金。"},
        {"answer": "赔偿一般不高于书价。"},
        {"answer": "这不是政府推荐。"},
        {"answer": "长" * 180},
        {"detail": "见第二条。"},
        {"answer": "3次每次3本，共9本。", "computed": {"9": "3次乘以3本"}},
    ],
)
def test_what_only_looks_like_a_fault_loads(home: Home, changes: dict[str, Any]) -> None:
    home.write(row(**changes))
    assert len(load_entries(home.folder)) == 1


def test_a_file_may_say_once_who_owns_its_entries_and_an_entry_may_say_otherwise(home: Home) -> None:
    bare = {key: value for key, value in row().items() if key not in {"owner", "review_by"}}
    home.write(bare, bare | {"id": "own", "owner": "采编岗"}, owner="流通岗", review_by="2027-05-31")
    first, second = load_entries(home.folder)
    assert (first.owner, first.review_by) == ("流通岗", date(2027, 5, 31))
    assert (second.owner, second.review_by) == ("采编岗", date(2027, 5, 31))


def test_an_entry_without_owner_in_a_file_without_default_does_not_load(home: Home) -> None:
    bare = {key: value for key, value in row().items() if key != "owner"}
    home.write(bare, review_by="2027-05-31")
    with pytest.raises(BrokenEntry, match="owner"):
        load_entries(home.folder)


@pytest.mark.parametrize("content", [{"defaults": {"track": "both"}, "entries": []}, {"entries": []}, "words"])
def test_only_owner_and_review_day_may_be_said_for_a_whole_file(home: Home, content: Any) -> None:
    home.dump("entries/some.yml", content)
    with pytest.raises(BrokenEntry, match=r"some\.yml"):
        load_entries(home.folder)


# What the texts do not say


@pytest.mark.parametrize(
    ("answer", "invented"),
    [
        ("每次3本，借期30日，逾期一日0.5元。", []),
        ("最多延长50%。", []),
        ("《条例》2023年修订，令第7号。", []),
        ("每次4本，借期60日。", ["4", "60"]),
        ("最多延长30%。", ["30%"]),
        ("赔五倍。", ["5"]),
        ("2021年起施行。", ["2021"]),
    ],
)
def test_a_number_that_the_cited_place_does_not_hold_is_named(home: Home, answer: str, invented: list[str]) -> None:
    home.write(row(answer=answer))
    home.record()
    assert home.problems() == [("borrow", Fault.UNSUPPORTED_NUMBER, number) for number in invented]


def test_the_detail_and_the_doubt_are_read_too(home: Home) -> None:
    home.write(row(detail="押金88元。", doubt="另收77元。"))
    home.record()
    assert [about for _, _, about in home.problems()] == ["88", "77"]


def test_a_number_is_supported_by_any_of_the_cited_places(home: Home) -> None:
    home.write(
        row(answer="借3本，赔五倍，30家。", cites=(("rules", "第二条"), ("rules", "第三条"), ("plan", "第一部分")))
    )
    home.record()
    assert home.problems() == []


def test_a_computed_number_is_allowed_with_its_reason(home: Home) -> None:
    home.write(row(answer="两次共6本。", computed={"6": "2次乘以3本"}))
    home.record()
    assert home.problems() == []


def test_a_number_that_may_stand_in_a_text_not_at_hand_is_reported_not_refused(home: Home) -> None:
    home.write(row(answer="去年借出900万册，每次3本。", cites=(("rules", "第二条"), ("hearsay", "正文"))))
    home.record()
    report = examine(load_entries(home.folder), load_fingerprints(home.folder), Library(home.texts), TODAY)
    assert report.problems == ()
    assert report.unread == (("borrow", "9000000"),)


# What changed


@pytest.fixture
def shelf(home: Home) -> Home:
    """Three entries on two articles and a plan, recorded."""
    home.write(
        row("borrow"),
        row("longer", answer="最多延长50%。", cites=(("rules", "第二条第二款"),)),
        row("lost", answer="最多二万元。", cites=(("rules", "第三条"), ("plan", "第二部分（二）"))),
    )
    home.record()
    assert home.problems() == []
    return home


@pytest.mark.parametrize(
    ("file", "spoil", "stale"),
    [
        ("rules.md", lambda text: text.replace("遗失的", "遗失或者损坏的"), [("lost", "《条例》第三条")]),
        (
            "rules.md",
            lambda text: text.replace("出差的", "出差或者探亲的"),
            [("borrow", "《条例》第二条"), ("longer", "《条例》第二条第二款")],
        ),
        ("plan.txt", lambda text: text.replace("每年两次", "每年三次"), [("lost", "《方案》第二部分（二）")]),
        ("plan.txt", lambda text: text.replace("集中发布", "分头发布"), []),
        ("rules.md", lambda text: text.replace("方便读者", "服务读者"), []),
        ("rules.md", lambda text: text.replace("\n", "\r\n").replace("，", "， ").replace("10", "１０"), []),
    ],
    ids=["article", "paragraph", "part", "another part", "another article", "typesetting"],
)  # fmt: skip
def test_a_changed_text_flags_every_entry_built_on_it_and_no_other(
    shelf: Home, file: str, spoil: Callable[[str], str], stale: list[tuple[str, str]]
) -> None:
    before = (shelf.texts / file).read_text("utf-8")
    shelf.text(file, spoil(before))
    assert shelf.problems() == [(name, Fault.CHANGED, where) for name, where in stale]
    shelf.record()
    assert shelf.problems() == []


def test_a_place_that_vanished_is_not_found_and_loses_its_record(shelf: Home) -> None:
    shelf.text("rules.md", STATUTE.replace("第三条", "第四条"))
    assert [(name, fault) for name, fault, _ in shelf.problems()][:1] == [("lost", Fault.NO_PASSAGE)]
    shelf.record()
    assert "第三条" not in load_fingerprints(shelf.folder)["rules"]


def test_a_new_citation_of_a_recorded_source_asks_to_be_recorded_even_without_the_text(shelf: Home) -> None:
    shelf.write(row(cites=(("rules", "第九条"),)))
    report = examine(load_entries(shelf.folder), load_fingerprints(shelf.folder), None, TODAY)
    assert report.problems == (Problem("borrow", Fault.UNRECORDED, "《条例》第九条"),)


def test_recording_keeps_what_is_not_at_hand_and_drops_what_nobody_cites(shelf: Home) -> None:
    before = load_fingerprints(shelf.folder)
    (shelf.texts / "plan.txt").unlink()
    shelf.write(row("lost", answer="赔。", cites=(("rules", "第三条"), ("plan", "第二部分（二）"))))
    shelf.record()
    assert load_fingerprints(shelf.folder) == {
        "plan": before["plan"],
        "rules": {"第三条": fingerprint("遗失的，赔偿书价的一倍以上五倍以下，且不超过二万元。")},
    }


# The command


def told(home: Home, *, record: bool = False, library: bool = True, today: date = TODAY) -> tuple[bool, list[str]]:
    lines: list[str] = []
    texts = Texts()

    def tell(key: str, **values: Any) -> None:
        lines.append(texts.render(say(key, **values)))

    fine = check(Library(home.texts) if library else None, record=record, today=today, tell=tell, home=home.folder)
    return fine, lines


def test_what_is_overdue_is_said_and_stands_in_nobodys_way(shelf: Home) -> None:
    assert told(shelf, today=date(2027, 1, 31))[0]
    fine, lines = told(shelf, today=date(2027, 2, 1))
    assert fine
    assert [line for line in lines if "已过期" in line and "流通岗" in line and "2027-01-31" in line]


def test_recording_accepts_a_change_but_no_invented_number(shelf: Home) -> None:
    shelf.text("rules.md", STATUTE.replace("遗失的", "遗失或者损坏的"))
    fine, lines = told(shelf)
    assert not fine
    assert any("lost" in line and "第三条" in line for line in lines)
    assert told(shelf, record=True)[0]
    assert told(shelf)[0]
    shelf.text("rules.md", STATUTE.replace("二万元", "一万元"))
    assert not told(shelf, record=True)[0]


def test_a_file_that_is_no_source_is_mentioned(shelf: Home) -> None:
    shelf.text("ruels.txt", "第一条 笔误。")
    fine, lines = told(shelf)
    assert fine
    assert any("ruels" in line for line in lines)


@pytest.mark.parametrize("fault", list(Fault))
def test_every_fault_is_worded(fault: Fault) -> None:
    said = Texts().render(say(f"office_knowledge.{fault}", number="borrow", by="流通岗", text="那句"))
    assert "borrow" in said
    assert "流通岗" in said


# What is shipped


def test_the_shipped_entries_stand() -> None:
    entries = load_entries()
    recorded = load_fingerprints()
    assert examine(entries, recorded, None, TODAY).problems == ()
    assert {entry.owner for entry in entries} == {"政策岗", "运用促进岗"}
    assert {"patent_law", "implementing_rules", "civil_code", "hubei_pilot_plan"} <= recorded.keys()
    cited = {(citation.source.id, citation.article) for entry in entries for citation in entry.citations}
    kept = {(source, place) for source, places in recorded.items() for place in places}
    assert kept <= cited


def test_the_command_passes_as_shipped_and_flags_a_changed_statute(tmp_path: Path) -> None:
    assert CliRunner().invoke(main, ["knowledge", "check"]).exit_code == 0
    assert CliRunner().invoke(main, ["knowledge", "check", "--record"]).exit_code == 1
    (tmp_path / "patent_law.txt").write_text("第五十条 改了。\n", "utf-8")
    result = CliRunner().invoke(main, ["knowledge", "check", "--texts", str(tmp_path)])
    assert result.exit_code == 1
    assert "what_is_open_license" in result.output
    assert "《专利法》第五十条 原文变了" in result.output
