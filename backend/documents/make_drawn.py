"""Write drawn.txt: the characters of the open font, read from its own table. `python -m backend.documents.make_drawn`.

Run after the font was replaced by another version; the tests say so when it is due.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

from backend.documents.characters import DRAWN
from backend.documents.fonts import find_font

SEGMENTED = 12  # the table format that reaches beyond 65,535 (OpenType specification, “cmap”)


def ranges(font: Path, index: int) -> Iterator[tuple[int, int]]:
    """First and last code point of each unbroken range that face `index` of the file draws. Raises ValueError."""
    data = font.read_bytes()
    start = struct.unpack_from(">I", data, 12 + 4 * index)[0] if data.startswith(b"ttcf") else 0
    count = struct.unpack_from(">H", data, start + 4)[0]
    records = (struct.unpack_from(">4sIII", data, start + 12 + 16 * at) for at in range(count))
    table = next(place for tag, _, place, _ in records if tag == b"cmap")
    for at in range(struct.unpack_from(">H", data, table + 2)[0]):
        place = table + struct.unpack_from(">I", data, table + 8 + 8 * at)[0]
        if struct.unpack_from(">H", data, place)[0] == SEGMENTED:
            break
    else:
        raise ValueError(font.name)
    first = last = -1
    for at in range(struct.unpack_from(">I", data, place + 12)[0]):
        begins, ends, _ = struct.unpack_from(">III", data, place + 16 + 12 * at)
        if begins == last + 1:
            last = ends
            continue
        if first >= 0:
            yield first, last
        first, last = begins, ends
    yield first, last


def main() -> None:
    font = find_font()
    written = (f"{first:X}-{last:X}" if last > first else f"{first:X}" for first, last in ranges(font.path, font.index))
    DRAWN.write_text("\n".join(written) + "\n", "ascii")


if __name__ == "__main__":
    main()
