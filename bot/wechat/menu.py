"""The service menu as data, checked against the platform's limits before it is sent."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from bot.wechat.client import Platform

FILE = Path(__file__).parent / "menu.yml"
COLUMNS, BUTTONS = 3, 5
COLUMN_BYTES, BUTTON_BYTES, KEY_BYTES, URL_BYTES = 16, 60, 128, 1024


class MenuBroken(Exception):
    """The file does not fit the platform's limits (custom menu guide)."""


def load_menu(file: Path = FILE) -> list[dict[str, Any]]:
    """The columns. Raises MenuBroken."""
    columns = yaml.load(file.read_text("utf-8"), Loader=yaml.CSafeLoader)
    if not isinstance(columns, list) or not 1 <= len(columns) <= COLUMNS:
        raise MenuBroken("one to three columns")
    for column in columns:
        _fits(column, "name", COLUMN_BYTES)
        buttons = column.get("sub_button") or []
        if not isinstance(buttons, list) or len(buttons) > BUTTONS:
            raise MenuBroken(f"{column['name']}: more than five buttons")
        for button in buttons or [column]:
            _fits(button, "name", BUTTON_BYTES)
            if "url" in button and "key" not in button:
                _fits(button, "url", URL_BYTES)
            else:
                _fits(button, "key", KEY_BYTES)
    return columns


def _fits(entry: Any, name: str, most: int) -> None:
    text = entry.get(name) if isinstance(entry, dict) else None
    if not isinstance(text, str) or not 0 < len(text.encode()) <= most:
        raise MenuBroken(f"{name} “{text}” does not fit {most} bytes")


def sync_menu(platform: Platform) -> None:
    """Make the account's menu the one in the file. Raises PlatformError."""
    platform.call(lambda client: client.menu.create({"button": load_menu()}))
