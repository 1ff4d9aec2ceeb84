"""The one base of every error a person may see: a code and its data. Wording is chosen elsewhere, once."""

from __future__ import annotations

import traceback
from pathlib import Path


class AssistantError(Exception):
    """Something went wrong that has a name. `code` finds the wording, `values` fill it."""

    code = "error"

    def __init__(self, code: str | None = None, **values: object) -> None:
        self.code = code or type(self).code
        self.values = values
        super().__init__(self.code, values)


def where(error: BaseException) -> str:
    """The innermost place of ours that an error passed, without its message: that may quote a follower."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if "site-packages" not in frame.filename]
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
