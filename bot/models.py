"""Where the trained models lie: one file per content of what they are made from."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
from pathlib import Path

from backend.knowledge.classifier import Classifier
from backend.knowledge.entries import load_entries
from backend.knowledge.retrieval import Retrieval
from backend.knowledge.words import Words
from bot.policy_lines import follow_ups_to_learn, lines_to_learn
from bot.settings import ROOT

MODELS = ROOT / "models"
NLU_PYTHON = ROOT / ".venv-nlu" / "bin" / "python"
RASA_PARTS = ("config.yml", "nlu_data", "bot/nlu/rasa_process/train.py", "requirements/nlu.txt")

POLICY_PARTS = (
    "nlu_data",
    "backend/knowledge/phrasings",
    "backend/knowledge/synonyms.yml",
    "backend/knowledge/words.py",
    "backend/search/data/everyday.tsv",
    "bot/nlu/rasa_process/train_policy.py",
    "bot/policy_lines.py",
    "requirements/nlu.txt",
)
FOLLOW_UP_PARTS = (*POLICY_PARTS, "backend/knowledge/follow_ups", "backend/knowledge/follow_ups.py")


class TrainingFailed(Exception):
    """Rasa refused the data or the pipeline; its own words went to the terminal."""


def content_hash(parts: tuple[str, ...]) -> str:
    """Of everything a model is made from; held-out tests are not."""
    digest = hashlib.sha256()
    for part in parts:
        path = ROOT / part
        files = [path] if path.is_file() else sorted(file for file in path.rglob("*") if file.is_file())
        for file in files:
            name = file.relative_to(ROOT).as_posix()
            left_out = ("/heldout/", "/gazetteer/", "fallback.yml", "__pycache__")
            if not any(part in name for part in left_out):
                digest.update(name.encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def todays_content() -> str:
    """The hash of what the understanding archive is made from."""
    return content_hash(RASA_PARTS)


def current_model() -> Path:
    """The understanding archive for today's content, made or not."""
    return MODELS / f"nlu-{todays_content()}.tar.gz"


def policy_model() -> Path:
    """The classifier of policy questions for today's content, made or not."""
    return MODELS / f"policy-{content_hash(POLICY_PARTS)}.npz"


def follow_up_model() -> Path:
    """The classifier of what people ask next for today's content, made or not."""
    return MODELS / f"follow-{content_hash(FOLLOW_UP_PARTS)}.npz"


def train_if_needed() -> tuple[Path, bool]:
    """The understanding archive, and whether anything was made just now. Raises TrainingFailed."""
    model = current_model()
    made = False
    for classifier, lines in ((policy_model(), lines_to_learn), (follow_up_model(), follow_ups_to_learn)):
        if not classifier.exists():
            made = True
            _run("bot.nlu.rasa_process.train_policy", classifier, json.dumps(lines()).encode())
    if not model.exists():
        made = True
        _run("bot.nlu.rasa_process.train", model)
    for pattern in ("nlu-*.tar.gz", "policy-*.npz", "follow-*.npz") if made else ():
        for older in sorted(MODELS.glob(pattern), key=lambda path: path.stat().st_mtime)[:-3]:
            older.unlink()
    return model, made


def train_to(output: Path, *, config: str) -> None:
    """Train another pipeline on the same data. Raises TrainingFailed."""
    _run("bot.nlu.rasa_process.train", output, config=config)


def trained_retrieval(words: Words) -> Retrieval:
    """Answers about the rules, as today's content teaches; a classifier that has not been made yet is left out."""
    learned = (Classifier.load(path) if path.exists() else None for path in (policy_model(), follow_up_model()))
    return Retrieval(load_entries(), words, *learned)


def _run(module: str, output: Path, given: bytes = b"", *, config: str = "config.yml") -> None:
    log_file = MODELS / "training.log"
    MODELS.mkdir(exist_ok=True)
    command = [str(NLU_PYTHON), "-W", "ignore", "-m", module, str(output), config]
    with log_file.open("wb") as log:
        done = subprocess.run(  # noqa: S603 our own interpreter
            command, cwd=ROOT, check=False, env=nlu_environment(), input=given, stdout=log, stderr=log
        )
    if done.returncode != 0:
        raise TrainingFailed(log_file.read_text("utf-8", "replace")[-2000:])


def nlu_environment() -> dict[str, str]:
    """A private folder for jieba's cache (its name is predictable), no telemetry, one thread for TensorFlow."""
    cache = MODELS / "cache"
    cache.mkdir(parents=True, exist_ok=True)
    return os.environ | {"TMPDIR": str(cache), "PYTHONHASHSEED": "0", "MPLCONFIGDIR": str(cache)}  # noqa: TID251 passed on to the child
