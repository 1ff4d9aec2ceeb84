"""The one base of every error a person may see: a code and its data. Wording is chosen elsewhere, once."""

from __future__ import annotations


class AssistantError(Exception):
    """Something went wrong that has a name. `code` finds the wording, `values` fill it."""

    code = "error"

    def __init__(self, code: str | None = None, **values: object) -> None:
        self.code = code or type(self).code
        self.values = values
        super().__init__(self.code, values)
