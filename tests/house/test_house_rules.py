"""What the house promises about itself: checked in seconds, part of `make check`."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from backend.knowledge.entries import load_entries
from backend.store.database import Database
from backend.store.schema import differences, upgrade
from bot.dialogue.meaning import Intent
from bot.nlu.gazetteer import stale
from bot.policy_lines import NLU_DATA
from bot.wechat.menu import load_menu

ROOT = Path(__file__).parents[2]
LONGEST_FILE = 400
HOSTS = re.compile(r"py[p]i\.org|python[h]osted|registry\.np[m]js|deb\.[d]ebian", re.IGNORECASE)
MACHINE_PATH = re.compile(r"/(?:root|work)/|\.\./shar[e]d|/opt/(?:pyp[i]|wheel[s])")


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in listed.splitlines() if (ROOT / name).is_file()]


def python_files(*folders: str) -> list[Path]:
    return [path for path in tracked() if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in folders]


def texts_of_tracked_files() -> Iterator[tuple[Path, str]]:
    for path in tracked():
        if path.suffix in {
            ".py",
            ".md",
            ".toml",
            ".txt",
            ".yml",
            ".yaml",
            ".sh",
            ".html",
            ".js",
            ".css",
            ".in",
            ".conf",
        }:
            yield path, path.read_text("utf-8")


@pytest.mark.parametrize("pattern", [HOSTS, MACHINE_PATH], ids=["registry hosts", "paths of a machine"])
def test_no_commit_names_what_belongs_to_one_machine(pattern: re.Pattern[str]) -> None:
    named = [str(path.relative_to(ROOT)) for path, text in texts_of_tracked_files() if pattern.search(text)]
    assert not named


def test_every_file_fits_on_a_few_screens() -> None:
    long = {
        str(path): text.count("\n")
        for path, text in texts_of_tracked_files()
        if path.suffix == ".py" and text.count("\n") > LONGEST_FILE
    }
    assert not long


def test_what_followers_read_is_not_in_python() -> None:
    """Recognisers hold Chinese; sentences for people stand in texts. A sentence ends with a full stop or a mark."""
    sentences = []
    for path in python_files("bot", "backend"):
        tree = ast.parse(path.read_text("utf-8"))
        documented = {
            id(node.body[0].value)
            for node in ast.walk(tree)
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
            and node.body
            and isinstance(node.body[0], ast.Expr)
        }
        sentences += [
            f"{path.name}: {node.value[:40]}"
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in documented
            and re.search(r"[\u4e00-\u9fff]{4,}[。！？]", node.value)
        ]
    assert not sentences


def test_generated_files_match_the_gazetteer() -> None:
    assert stale(NLU_DATA) == [], "run `huiqiao nlu gazetteer`"


def test_migrations_match_the_models(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'x.db'}")
    upgrade(database)
    found = differences(database)
    database.close()
    assert found == []


def test_every_intent_is_trained_held_out_and_described() -> None:
    trained = {
        row["intent"]
        for path in NLU_DATA.glob("*.yml")
        if path.name != "fallback.yml"
        for row in yaml.safe_load(path.read_text("utf-8"))["nlu"]
    }
    held_out = set(yaml.safe_load((NLU_DATA / "heldout" / "intents.yml").read_text("utf-8")))
    described = (ROOT / "docs" / "intents.md").read_text("utf-8")
    wanted = {str(intent) for intent in Intent}
    assert trained == wanted
    assert held_out == wanted
    assert not [intent for intent in wanted if f"`{intent}`" not in described]


def test_the_menu_fits_the_platform_and_every_entry_loads() -> None:
    assert len(load_menu()) == 3
    assert len(load_entries()) >= 60
