"""Declarations as people really make them, in safe mode with the real model: each file of declarations/ is played on the phone.

`用户:` says it, `助手:` / `助手没有:` what the answer holds and does not hold, `重启:` ends web and worker and starts new ones on
the same data, `核验:` lets the worker verify and names what the follower then hears. At the end, `声明:` and `草稿:` are what
the office holds, as JSON by field.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from backend.services.mine import declarations_of, drafts_of
from bot.worker import Worker
from tests.support.office import Office, Phone, open_office

HOME = Path(__file__).parent / "declarations"
FILES = sorted(HOME.glob("*.txt"))


@dataclass
class Street:
    """One follower before an office that may be shut and opened again; the follower stays who they are."""

    folder: Path
    nlu_url: str
    openid: str = ""
    open: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)

    def __post_init__(self) -> None:
        self._enter()

    def _enter(self) -> None:
        self.office: Office = self.open.enter_context(open_office(self.folder, nlu_url=self.nlu_url))
        self.phone: Phone = self.office.phone()
        persona = self.office.simulator.world.personas[self.phone.id]
        persona.openid = self.openid = self.openid or persona.openid

    def restart(self) -> None:
        self.open.close()
        self._enter()

    def verify(self) -> str:
        """A worker's round; what the follower hears of it."""
        before, worker = self.phone.last, Worker(self.office.parts.settings)
        worker.verify()
        worker.sweep()
        worker.reader.close()
        worker.parts.database.close()
        return "\n".join(self.phone.heard(before))

    def declared(self) -> list[dict[str, Any]]:
        return [view.answers for view in declarations_of(self.office.parts.database, self.openid)]

    def drafts(self) -> list[dict[str, Any]]:
        return [draft.answers for draft in drafts_of(self.office.parts.database, self.openid)]


@pytest.fixture
def street(tmp_path: Path, nlu_url: str) -> Iterator[Street]:
    held = Street(tmp_path, nlu_url)
    with held.open:
        yield held


def lines(file: Path) -> Iterator[tuple[str, str]]:
    for line in file.read_text("utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            who, _, words = line.partition(":")
            yield who.strip(), words.strip()


def holds(held: list[dict[str, Any]], wanted: str) -> None:
    """Exactly one, with these values among its own; “none” is none."""
    if wanted == "none":
        assert held == []
        return
    (only,) = held
    expected = json.loads(wanted)
    assert {name: only.get(name) for name in expected} == expected


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_declaration_arrives_complete_or_its_draft_is_intact(street: Street, file: Path) -> None:
    heard, ended = "", 0
    for who, words in lines(file):
        match who:
            case "用户":
                heard = street.phone.say(words)
                assert street.phone.verdicts == ["passive"], f"“{words}” was not answered"
            case "助手":
                assert words in heard, f"“{words}” is missing in:\n{heard}"
            case "助手没有":
                assert words not in heard, f"“{words}” stands in:\n{heard}"
            case "重启":
                street.restart()
            case "核验":
                assert words in street.verify()
            case "声明":
                ended += 1
                holds(street.declared(), words)
            case "草稿":
                ended += 1
                holds(street.drafts(), words)
            case _:
                raise AssertionError(f"who is {who}?")
    assert ended
