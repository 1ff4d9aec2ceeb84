"""Train the understanding model: python -m bot.nlu.rasa_process.train OUTPUT.tar.gz

Runs in the Python 3.10 environment, from the top of the repository. Fails on what Rasa itself only warns about: an
entity that does not line up with jieba's words would be lost without a word (Rasa issues 7409, 8722).
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import warnings
from pathlib import Path

os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("TF_INTER_OP_PARALLELISM_THREADS", "1")
os.environ.setdefault("TF_INTRA_OP_PARALLELISM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("RASA_MAX_CACHE_SIZE", "0")
os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")

LEFT_OUT = {"heldout", "gazetteer", "dictionary"}


def training_files(folder: Path) -> list[str]:
    """Rasa's YAML files, held-out tests and gazetteer sources excluded."""
    return sorted(
        str(path)
        for path in folder.rglob("*.yml")
        if not LEFT_OUT & set(path.relative_to(folder).parts) and path.name != "fallback.yml"
    )


def check_dictionary(config: Path) -> None:
    """A missing dictionary folder gives no error in Rasa, only a model without a dictionary."""
    import yaml

    pipeline = yaml.safe_load(config.read_text("utf-8"))["pipeline"]
    folders = [Path(part["dictionary_path"]) for part in pipeline if part.get("dictionary_path")]
    for folder in folders:
        files = list(folder.iterdir()) if folder.is_dir() else []
        if len(files) != 1:
            raise SystemExit(f"{folder}: one dictionary file is expected, found {len(files)}")


def train(output: Path, *, config: Path, files: list[str]) -> None:
    """Train and move the archive into place in one step, so that a half-written model is never found."""
    from rasa.model_training import train_nlu
    from rasa.utils.log_utils import configure_structlog

    configure_structlog(30)
    check_dictionary(config)
    output.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=output.parent) as scratch, warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        data = Path(scratch) / "data"
        for file in files:
            copy = data / file
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(file, copy)
        made = train_nlu(str(config), str(data), scratch, fixed_model_name="model")
        misaligned = sorted({str(warning.message) for warning in caught if "isaligned" in str(warning.message)})
        if misaligned:
            for message in misaligned:
                print(message, file=sys.stderr)
            raise SystemExit(f"{len(misaligned)} training examples with entities off the word boundaries")
        if not made:
            raise SystemExit("Rasa made no model")
        os.replace(made, output)


if __name__ == "__main__":
    target = Path(sys.argv[1])
    config_file = Path(sys.argv[2]) if len(sys.argv) > 2 else Path("config.yml")
    train(target, config=config_file, files=training_files(Path("nlu_data")))
    print(target)
