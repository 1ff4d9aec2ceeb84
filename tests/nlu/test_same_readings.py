"""Our process reads a text as Rasa itself does, alone and in a group: nothing that was made quicker changed a reading."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.models import NLU_PYTHON, nlu_environment
from tests.support.servers import ROOT

TRAPS = ["", " ", "/greet", "/", "😀😀😀", "，。！", "x" * 5000, "武汉武汉武汉", "ZL 2020 1 0123456.7", "\u200b", "1"]


def texts() -> list[str]:
    held = yaml.safe_load((ROOT / "nlu_data" / "heldout" / "intents.yml").read_text("utf-8"))
    return [line for lines in held.values() for line in lines]


def readings(whose: str, model: Path, given: list[str]) -> list[Any]:
    command = [str(NLU_PYTHON), "-W", "ignore", "-m", "tests.support.reference_readings", whose, str(model)]
    done = subprocess.run(
        command,
        input=json.dumps(given),
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=os.environ | nlu_environment(),
        check=True,
    )
    return json.loads(done.stdout)  # type: ignore[no-any-return] # a list, as written


@pytest.fixture(scope="module")
def rasas_own(model: Path) -> list[Any]:
    return readings("rasa", model, texts())


@pytest.mark.parametrize("whose", ["single", "grouped"])
def test_every_held_out_text_is_read_as_rasa_reads_it(whose: str, model: Path, rasas_own: list[Any]) -> None:
    given = texts()
    found = readings(whose, model, given + TRAPS)
    differing = [text for text, ours, theirs in zip(given, found, rasas_own, strict=False) if ours != theirs]
    assert not differing
    assert len(rasas_own) == len(given)
    assert len(found) == len(given) + len(TRAPS)
