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
    columns: list[dict[str, Any]] = yaml.load(file.read_text("utf-8"), Loader=yaml.CSafeLoader)
    if not 1 <= len(columns) <= COLUMNS:
        raise MenuBroken("one to three columns")
    for column in columns:
        _fits(column["name"], COLUMN_BYTES)
        buttons = column.get("sub_button", [])
        if len(buttons) > BUTTONS:
            raise MenuBroken(f"{column['name']}: more than five buttons")
        for button in buttons or [column]:
            _fits(button["name"], BUTTON_BYTES)
            _fits(button.get("key", "") or button.get("url", ""), KEY_BYTES if "key" in button else URL_BYTES)
    return columns


def _fits(text: str, most: int) -> None:
    if not 0 < len(text.encode()) <= most:
        raise MenuBroken(f"“{text}” does not fit {most} bytes")


def sync_menu(platform: Platform) -> None:
    """Make the account's menu the one in the file. Raises PlatformError."""
    platform.call(lambda client: client.menu.create({"button": load_menu()}))
