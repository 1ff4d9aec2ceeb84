"""The peer: Rasa's own server with the same pipeline and data, bare parsing and answering on its REST channel."""

from __future__ import annotations

import contextlib
import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import yaml

from bench.load import request
from bench.office import process
from bot.dialogue.meaning import Intent
from bot.models import RASA_PARTS, content_hash, nlu_environment
from tests.support.servers import ROOT, TOKEN, free_port

RASA = ROOT / ".venv-nlu" / "bin" / "rasa"
HOME = ROOT / "models" / "peer"


def train_peer() -> Path:
    """A full Rasa model: our pipeline and data, one rule and one answer per intent. Made once per content."""
    model = HOME / f"peer-{content_hash(RASA_PARTS)}.tar.gz"
    if model.exists():
        return model
    work = HOME / "work"
    shutil.rmtree(work, ignore_errors=True)
    (work / "data").mkdir(parents=True)
    for file in [*(ROOT / "nlu_data").glob("*.yml"), ROOT / "nlu_data" / "generated" / "lookups.yml"]:
        if file.name != "fallback.yml":
            shutil.copy(file, work / "data" / file.name)
    shutil.copytree(ROOT / "nlu_data" / "dictionary", work / "nlu_data" / "dictionary")
    config = yaml.safe_load((ROOT / "config.yml").read_text("utf-8"))
    config["policies"] = [{"name": "RulePolicy"}]
    intents = [str(intent) for intent in Intent]
    domain = {
        "version": "3.1",
        "intents": intents,
        "entities": ["topic", "holder"],
        "responses": {f"utter_{intent}": [{"text": f"answer {intent}"}] for intent in intents},
    }
    rules = [{"rule": intent, "steps": [{"intent": intent}, {"action": f"utter_{intent}"}]} for intent in intents]
    for name, content in (
        ("config.yml", config),
        ("domain.yml", domain),
        ("data/rules.yml", {"version": "3.1", "rules": rules}),
    ):
        (work / name).write_text(yaml.safe_dump(content, allow_unicode=True), "utf-8")
    subprocess.run(
        [str(RASA), "train", "--fixed-model-name", "peer", "--out", "out"],
        cwd=work,
        env=nlu_environment(),
        check=True,
        capture_output=True,
    )
    (work / "out" / "peer.tar.gz").replace(model)
    return model


@contextlib.contextmanager
def rasa_server() -> Iterator[int]:
    """`rasa run` with the API and the REST channel."""
    model, port = train_peer(), free_port()
    credentials = HOME / "credentials.yml"
    credentials.write_text("rest:\n", "utf-8")
    command = [str(RASA), "run", "--enable-api", "-m", str(model), "-i", "127.0.0.1", "-p", str(port)]
    command += ["--auth-token", TOKEN, "--credentials", str(credentials)]
    environment = nlu_environment() | {"RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3"}
    environment |= {
        "TF_INTER_OP_PARALLELISM_THREADS": "1",
        "TF_INTRA_OP_PARALLELISM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
    }
    with process(command, environment, f"http://127.0.0.1:{port}/status?token={TOKEN}", seconds=180):
        yield port


def rest_requests(port: int, contents: list[str]) -> list[bytes]:
    return [
        request(
            port,
            "/webhooks/rest/webhook",
            json.dumps({"sender": f"bench{number % 3000}", "message": content}).encode(),
            content_type="application/json",
        )
        for number, content in enumerate(contents)
    ]
