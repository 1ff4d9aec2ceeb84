"""What the cited places read when they were last checked: fingerprints.yml, the only trace of the source texts here."""

from __future__ import annotations

from pathlib import Path

import yaml

from backend.knowledge.entries import HOME, read_yaml

HEAD = "# Written by `huiqiao knowledge check --texts DIR --record`: sha256 of each cited place, spaces left out.\n"


def load_fingerprints(home: Path = HOME) -> dict[str, dict[str, str]]:
    """Source id → cited place → fingerprint; empty before the first record."""
    path = home / "fingerprints.yml"
    return (read_yaml(path) or {}) if path.is_file() else {}


def write_fingerprints(recorded: dict[str, dict[str, str]], home: Path = HOME) -> None:
    content = yaml.safe_dump(recorded, allow_unicode=True, width=120)
    (home / "fingerprints.yml").write_text(HEAD + content, "utf-8")
