"""Where the trained understanding model lies: one archive per content of the pipeline and the training data."""

from __future__ import annotations

import hashlib
import os
import subprocess
from pathlib import Path

from bot.settings import ROOT

MODELS = ROOT / "models"
NLU_PYTHON = ROOT / ".venv-nlu" / "bin" / "python"
PARTS = ("config.yml", "nlu_data", "bot/nlu/rasa_process/train.py", "requirements/nlu.txt")


class TrainingFailed(Exception):
    """Rasa refused the data or the pipeline; its own words went to the terminal."""


def content_hash() -> str:
    """Of everything a model is made from; held-out tests are not."""
    digest = hashlib.sha256()
    for part in PARTS:
        path = ROOT / part
        files = [path] if path.is_file() else sorted(file for file in path.rglob("*") if file.is_file())
        for file in files:
            name = file.relative_to(ROOT).as_posix()
            if "/heldout/" not in name and "/gazetteer/" not in name and not name.endswith("fallback.yml"):
                digest.update(name.encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def current_model() -> Path:
    """The archive for today's content, made or not."""
    return MODELS / f"nlu-{content_hash()}.tar.gz"


def train_if_needed() -> tuple[Path, bool]:
    """The archive, and whether it was made just now. Raises TrainingFailed."""
    model = current_model()
    if model.exists():
        return model, False
    command = [str(NLU_PYTHON), "-W", "ignore", "-m", "bot.nlu.rasa_process.train", str(model)]
    log_file = MODELS / "training.log"
    MODELS.mkdir(exist_ok=True)
    with log_file.open("wb") as log:
        done = subprocess.run(command, cwd=ROOT, check=False, env=nlu_environment(), stdout=log, stderr=log)  # noqa: S603 our own interpreter
    if done.returncode != 0:
        raise TrainingFailed(log_file.read_text("utf-8", "replace")[-2000:])
    for older in sorted(MODELS.glob("nlu-*.tar.gz"), key=lambda path: path.stat().st_mtime)[:-3]:
        older.unlink()
    return model, True


def nlu_environment() -> dict[str, str]:
    """A private folder for jieba's cache (its name is predictable), no telemetry, one thread for TensorFlow."""
    cache = MODELS / "cache"
    cache.mkdir(parents=True, exist_ok=True)
    return os.environ | {"TMPDIR": str(cache), "PYTHONHASHSEED": "0", "MPLCONFIGDIR": str(cache)}  # noqa: TID251 passed on to the child
