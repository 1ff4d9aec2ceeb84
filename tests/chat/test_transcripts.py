"""Conversations as people have them: each file of transcripts/ is played on the phone, in safe and in plain mode.

A line `用户: …` is said; `助手: …` names what the answer must contain, `助手没有: …` what it must not.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.office import Office, open_office

HOME = Path(__file__).parent / "transcripts"
FILES = sorted(HOME.glob("*.txt"))


@pytest.fixture(scope="module")
def plain_office(tmp_path_factory: pytest.TempPathFactory, nlu_url: str, redis_url: str) -> Iterator[Office]:
    """The same office in plain mode with JSON bodies."""
    folder = tmp_path_factory.mktemp("plain")
    with open_office(folder, nlu_url=nlu_url, redis_url=redis_url, wechat_mode="plain") as held:
        held.simulator.phones.form = "json"
        yield held


def lines(file: Path) -> Iterator[tuple[str, str]]:
    for line in file.read_text("utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            who, _, words = line.partition(":")
            yield who.strip(), words.strip()


def play(office: Office, file: Path) -> None:
    phone = office.phone()
    heard = ""
    for who, words in lines(file):
        if who == "用户":
            heard = phone.say(words)
            assert phone.verdicts == ["passive"], f"{file.name}: “{words}” was not answered"
        elif who == "点菜单":
            heard = phone.tap(words)
        elif who == "助手":
            assert words in heard, f"{file.name}: “{words}” is missing in:\n{heard}"
        elif who == "助手没有":
            assert words not in heard, f"{file.name}: “{words}” stands in:\n{heard}"
        else:
            raise AssertionError(f"{file.name}: who is {who}?")


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_conversation_goes_as_written(office: Office, file: Path) -> None:
    play(office, file)
    assert FILES


@pytest.mark.parametrize("file", list(itertools.islice(FILES, 3)), ids=lambda file: file.stem)
def test_the_conversation_goes_the_same_in_plain_mode_and_json(plain_office: Office, file: Path) -> None:
    play(plain_office, file)
    assert FILES
