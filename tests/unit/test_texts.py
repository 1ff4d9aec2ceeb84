"""Every word a follower or an officer reads: all keys exist, all values are named, and no text promises anything."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.attachments import AttachmentKind
from backend.domain.companies import CompanyLabel, CompanySize
from backend.domain.declarations import State
from backend.domain.drafts import Flow, Obstacle
from backend.domain.events import EventKind, SignUpState
from backend.domain.fees import PaymentMethod, RoyaltyBasis
from backend.domain.hubei import places
from backend.domain.institutions import InstitutionLabel
from backend.domain.listings import Guidance, HolderType, Pledge, Standing, Track
from backend.domain.patents import PatentKind
from backend.domain.policy import EntryTrack
from backend.domain.preferences import Frequency
from backend.domain.pricing import PriceInput, PriceKind
from backend.domain.queries import Condition, Facet
from backend.domain.saved_queries import Cadence, Change
from backend.domain.tables import TableStatus
from backend.domain.wording import WordingError, fill, placeholders
from bot.dialogue.flows.attachments import Attached
from bot.dialogue.flows.contact import UseContact
from bot.dialogue.flows.declared import Reason
from bot.dialogue.say import raw, say
from bot.dialogue.topics.small import SAID
from bot.settings import ROOT
from bot.texts import Texts
from bot.texts.render import HOME

TEXTS = Texts()
FILES = {key.split(".")[0] for key in TEXTS.templates}
SPECIAL = {"yuan", "place"}
PROMISES = re.compile("保证(?!金)|最低价|肯定能|一定能|包成功|绝对")
SAYABLE: tuple[type[StrEnum], ...] = (
    PatentKind, Track, Standing, PaymentMethod, RoyaltyBasis, Guidance, Condition, Facet, EntryTrack,
    HolderType, Obstacle, Pledge, UseContact, Reason, State, Flow, Attached, AttachmentKind, TableStatus,
    CompanySize, CompanyLabel, InstitutionLabel, PriceInput, PriceKind, Cadence, Frequency,
    EventKind, SignUpState,
)  # fmt: skip
PREFIXES = {
    "say": "",
    "_word": "",
    "_tell": "",
    "CellError": "import.problem.",
    "FileRefused": "import.",
    "BackupImpossible": "office.backup.",
}


@dataclass(frozen=True)
class Use:
    """Where the code names a text: a pattern of its key, and the values it gives (None where they are not written out)."""

    where: str
    key: str
    gives: frozenset[str] | None

    @property
    def keys(self) -> list[str]:
        return [key for key in TEXTS.templates if re.fullmatch(self.key, key)]


def patterns(node: ast.expr) -> list[str]:
    """The keys an expression can be, as patterns: a literal, a choice of two, or a family by f-string."""
    match node:
        case ast.Constant(value=str(key)):
            return [re.escape(key)]
        case ast.IfExp(body=body, orelse=other):
            return [*patterns(body), *patterns(other)]
        case ast.JoinedStr(values=parts):
            said = (str(part.value) if isinstance(part, ast.Constant) else None for part in parts)
            return ["".join(r"[a-z_.]+" if text is None else re.escape(text) for text in said)]
        case _:
            return []


def uses() -> Iterator[Use]:
    for path in [*(ROOT / "bot").rglob("*.py"), *(ROOT / "backend").rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in PREFIXES
                and node.args
            ):
                names = [word.arg for word in node.keywords]
                gives = None if None in names else frozenset(name for name in names if name)
                if node.func.id == "BackupImpossible":
                    gives = frozenset({"name"})
                for key in patterns(node.args[0]):
                    yield Use(f"{path.name}:{node.lineno}", re.escape(PREFIXES[node.func.id]) + key, gives)


USES = [use for use in uses() if use.key not in SPECIAL]


def test_the_scan_sees_the_code() -> None:
    assert len(USES) > 80
    assert {use.key for use in USES} > {
        r"search\.what",
        r"fee\.[a-z_.]+",
        r"import\.problem\.required",
        r"import\.file\.missing",
    }


@pytest.mark.parametrize("use", USES, ids=[f"{use.where}-{use.key}" for use in USES])
def test_every_text_that_the_code_names_exists_and_gets_the_values_it_asks_for(use: Use) -> None:
    assert use.keys, f"{use.where} names {use.key}, which no file has"
    if use.gives is not None:
        assert use.gives <= TEXTS.placeholders.keys()
        given_names = {TEXTS.placeholders[name] for name in use.gives}
        asked = {key: TEXTS.used_placeholders[key] - given_names for key in use.keys}
        assert {key: missing for key, missing in asked.items() if missing} == {}


def test_every_key_written_down_anywhere_in_the_conversation_exists() -> None:
    menu = yaml.safe_load((ROOT / "bot" / "wechat" / "menu.yml").read_text("utf-8"))
    taps = {button["key"] for column in menu for button in column["sub_button"]}
    literals = {
        node.value
        for path in (ROOT / "bot" / "dialogue").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    keys = {text for text in literals if re.fullmatch(rf"({'|'.join(FILES)})\.[a-z_.]+", text)} - taps
    assert len(keys) > 40
    assert keys - TEXTS.templates.keys() == set()


FAMILIES: list[tuple[str, list[str]]] = [
    ("fee", list(PaymentMethod)), ("standing", list(Standing)), ("license", list(Standing)),
    ("alert.item", [change for change in Change if change is not Change.STANDING]),
    ("alert.followed", [change for change in Change if change is not Change.NEW]),
    ("event_hint", ["open", "wait", "closed", "judge", "confirmed", "waiting", "offered", "attended"]),
    ("event.page", ["open", "wait", "closed", "judge", "confirmed", "waiting", "offered", "attended"]),
    ("office.sending", ["on", "off"]), ("office.pool", ["check", "stage"]),
    ("patent_number", ["shape", "check_digit", "check_digit_missing", "publication"]),
]  # fmt: skip


@pytest.mark.parametrize(("family", "members"), FAMILIES, ids=[name for name, _ in FAMILIES])
def test_every_member_of_a_family_has_its_text(family: str, members: list[str]) -> None:
    assert members
    assert [member for member in members if f"{family}.{member}" not in TEXTS.templates] == []


def test_what_is_answered_in_one_sentence_has_it() -> None:
    assert set(SAID.values()) <= TEXTS.templates.keys()


def test_every_problem_of_a_row_has_its_text() -> None:
    source = (ROOT / "backend" / "services" / "pool" / "rows.py").read_text("utf-8")
    codes = {
        str(node.args[1].value)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "problem"
        if isinstance(node.args[1], ast.Constant)
    }
    assert len(codes) > 15
    assert sorted(code for code in codes if f"import.problem.{code}" not in TEXTS.templates) == []


def test_every_finding_of_the_doctor_has_its_text() -> None:
    tree = ast.parse((ROOT / "bot" / "doctor.py").read_text("utf-8"))
    yielded = [
        node.value.elts[1]
        for node in ast.walk(tree)
        if isinstance(node, ast.Yield) and isinstance(node.value, ast.Tuple)
    ]
    keys = [key for node in yielded for key in patterns(node)]
    assert len(keys) > 9
    assert [key for key in keys if f"office.doctor.{key}" not in TEXTS.templates] == []


@pytest.mark.parametrize("key", sorted(TEXTS.templates))
def test_a_text_asks_only_for_known_names_promises_nothing_and_leaves_no_blanks(key: str) -> None:
    template = TEXTS.templates[key]
    assert placeholders(template) <= set(TEXTS.placeholders.values())
    assert not PROMISES.search(template)
    assert not re.search(r"[ \t　]+$", template, re.MULTILINE)
    said = fill(template, dict.fromkeys(placeholders(template), "值"))
    assert "((" not in said
    assert "??" not in said
    assert said.strip()
    if placeholders(template):
        with pytest.raises(WordingError):
            fill(template, {})


@pytest.mark.parametrize("path", sorted(HOME.glob("*.yml")), ids=lambda path: path.stem)
def test_no_file_says_a_key_twice(path: Path) -> None:
    """The reader of YAML would silently take the last."""
    open_nodes, seen = [yaml.compose(path.read_text("utf-8"))], 0
    while open_nodes:
        node = open_nodes.pop()
        if isinstance(node, yaml.MappingNode):
            keys = [key.value for key, _ in node.value]
            assert len(keys) == len(set(keys))
            open_nodes.extend(value for _, value in node.value)
            seen += len(keys)
    assert seen


@pytest.mark.parametrize("kind", SAYABLE, ids=[kind.__name__ for kind in SAYABLE])
def test_every_value_that_can_be_said_has_a_name(kind: type[StrEnum]) -> None:
    named = {key.split(".", 1)[1] for key in TEXTS.names if key.startswith(f"{kind.__name__}.")}
    assert named == {str(value) for value in kind}
    assert all(TEXTS.names[f"{kind.__name__}.{value}"].strip() for value in kind)


def test_names_belong_to_enumerations_and_commands_to_one_meaning() -> None:
    assert {key.split(".")[0] for key in TEXTS.names} == {kind.__name__ for kind in SAYABLE}
    words = [word for words in yaml.safe_load((HOME / "commands.yml").read_text("utf-8")).values() for word in words]
    assert len(words) == len(set(words)) == len(TEXTS.commands)


@pytest.mark.parametrize(
    ("amount", "said"),
    [("0", "0元"), ("800", "800元"), ("9999.99", "9999.99元"), ("10000", "1万元"), ("25000", "2.5万元"), ("12345", "12345元"),
     ("12345.67", "12345.67元"), ("20000000", "2000万元"), ("1000000", "100万元"), ("10050", "10050元"), ("0.50", "0.5元")],
)  # fmt: skip
def test_money_is_said_as_people_say_it(amount: str, said: str) -> None:
    assert TEXTS.render(say("yuan", amount=Decimal(amount))) == said


@given(amount=st.decimals(0, 10**9, places=2))
def test_a_said_sum_is_the_sum(amount: Decimal) -> None:
    said = TEXTS.render(say("yuan", amount=amount))
    number, unit = re.fullmatch(r"(\d+(?:\.\d+)?)(万元|元)", said).groups()  # type: ignore[union-attr] # a miss is the failure
    assert Decimal(number) * (10_000 if unit == "万元" else 1) == amount


def test_values_are_worded_by_their_kind() -> None:
    said = say("search.why", words=("锂电池", "回收"), place=say("place", code="420100"), within=None, ipc="H01M")
    assert TEXTS.render(said).strip() == f"含“锂电池、回收” 在{places()['420100'].name} 属H01M"
    assert "2026-01-02" in TEXTS.render(say("policy.basis", sources=("《专利法》",), as_of=date(2026, 1, 2)))
    assert TEXTS.render(raw("((名称))")) == "((名称))"
    with pytest.raises(KeyError):
        TEXTS.render(say("small.no_such_text"))


def test_a_folder_of_texts_can_be_any_folder(tmp_path: Path) -> None:
    (tmp_path / "one.yml").write_text("a: 甲((名称))\nb: {c: 乙}\n", "utf-8")
    (tmp_path / "placeholders.yml").write_text("name: 名称\n", "utf-8")
    texts = Texts(tmp_path)
    assert texts.render(say("one.a", name="丙")) + texts.render(say("one.b.c")) == "甲丙乙"
