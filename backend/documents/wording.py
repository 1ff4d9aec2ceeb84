"""The words of the documents, in data files that staff edit: templates/wording/*.yml."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

WORDING = Path(__file__).parent / "templates" / "wording"


@cache
def _file(name: str) -> Any:
    return yaml.load((WORDING / f"{name}.yml").read_text("utf-8"), Loader=yaml.CSafeLoader)


def words() -> dict[str, Any]:
    """Labels of the domain's values, and how days, fees and file names are written."""
    return dict(_file("words"))


def placeholders() -> dict[str, str]:
    """The name a value has in code → the name staff write in ((…))."""
    return dict(_file("placeholders"))


def outline(document: str) -> dict[str, Any]:
    """What a document says, part by part; see contents.py for the shape."""
    return dict(_file(document))
