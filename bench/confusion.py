"""A picture of confusions: one row an intent that was meant, one column an intent it was taken for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

CELL, LEFT, TOP = 14, 150, 150


def picture(confused: Counter[tuple[str, str]], names: Sequence[str], file: Path) -> None:
    """An SVG; the darker a square, the more often."""
    size = CELL * len(names)
    most = max(confused.values(), default=1)
    place = {name: index * CELL for index, name in enumerate(names)}
    whole = f'width="{LEFT + size + 10}" height="{TOP + size + 10}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {whole} font-family="sans-serif" font-size="10">',
        '<rect width="100%" height="100%" fill="#fff"/>',
    ]
    for name, at in place.items():
        parts.append(f'<text x="{LEFT - 4}" y="{TOP + at + 11}" text-anchor="end">{name}</text>')
        x = LEFT + at + 10
        parts.append(f'<text transform="rotate(-60 {x} {TOP - 4})" x="{x}" y="{TOP - 4}">{name}</text>')
        parts.append(f'<rect x="{LEFT + at}" y="{TOP + at}" width="{CELL - 1}" height="{CELL - 1}" fill="#e8f2ea"/>')
    for (meant, got), count in confused.items():
        if meant in place and got in place:
            strength = 0.25 + 0.75 * count / most
            parts.append(
                f'<rect x="{LEFT + place[got]}" y="{TOP + place[meant]}" width="{CELL - 1}" height="{CELL - 1}" '
                f'fill="#b3261e" fill-opacity="{strength:.2f}"><title>{meant} → {got}: {count}</title></rect>'
            )
    file.write_text("\n".join([*parts, "</svg>"]) + "\n", "utf-8")
