"""International Patent Classification symbols, and Locarno classes for designs."""

from __future__ import annotations

import re
import unicodedata

_IPC = re.compile(r"([A-H])\s?(\d{2})\s?([A-Z])(?:\s?(\d{1,4})(?:\s?/\s?(\d{2,6}))?)?")
_LOCARNO = re.compile(r"\d{2}-\d{2}")


def normal_ipc(text: str) -> str | None:
    """“h01m 10/0525” → “H01M10/0525”; None where the text is no symbol from subclass level on."""
    match = _IPC.fullmatch(unicodedata.normalize("NFKC", text).strip().upper())
    if not match:
        return None
    section, klass, subclass, group, subgroup = match.groups()
    return f"{section}{klass}{subclass}" + (group or "") + (f"/{subgroup}" if subgroup else "")


def is_locarno(text: str) -> bool:
    """Designs carry a Locarno class such as 14-02 instead of an IPC symbol."""
    return _LOCARNO.fullmatch(text.strip()) is not None


def prefixes(symbol: str) -> tuple[str, ...]:
    """The levels by which a symbol can be found: H01M10/0525 → H, H01, H01M, H01M10, H01M10/0525."""
    levels = [symbol[:1], symbol[:3], symbol[:4], symbol.split("/", maxsplit=1)[0], symbol]
    return tuple(dict.fromkeys(level for level in levels if level))
