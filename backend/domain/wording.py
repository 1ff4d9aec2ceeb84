"""The ((占位符)) engine: staff write 您好((称呼)) or （（称呼）） and ((编号??，编号((编号)))) for text that needs a value.

There is no other syntax, so a template can do nothing but be filled, and a value can never act as a template.
"""

from __future__ import annotations

from collections.abc import Mapping

OPEN, CLOSE, IF = "((", "))", "??"


class WordingError(Exception):
    """A template and its values do not fit; found by the linter, never by a follower."""


def _normal(template: str) -> str:
    return template.replace("（（", OPEN).replace("））", CLOSE).replace("？？", IF)


def _parts(template: str) -> list[tuple[str, str | None, str | None]]:
    """(literal before, name, optional text) pieces; the last has no name. Optional texts may hold placeholders."""
    text = _normal(template)
    pieces: list[tuple[str, str | None, str | None]] = []
    while OPEN in text:
        before, rest = text.split(OPEN, 1)
        depth, end = 1, -1
        position = 0
        while position < len(rest) - 1:
            pair = rest[position : position + 2]
            if pair == OPEN:
                depth, position = depth + 1, position + 2
            elif pair == CLOSE:
                depth -= 1
                if depth == 0:
                    end = position
                    break
                position += 2
            else:
                position += 1
        if end < 0:
            raise WordingError(f"unclosed (( in: {template}")
        inside, text = rest[:end], rest[end + len(CLOSE) :]
        name, mark, optional = inside.partition(IF)
        pieces.append((before, name.strip(), optional if mark else None))
    pieces.append((text, None, None))
    return pieces


def placeholders(template: str) -> frozenset[str]:
    """Every name a template asks for, those inside optional text included."""
    names: set[str] = set()
    for _, name, optional in _parts(template):
        if name:
            names.add(name)
        if optional:
            names |= placeholders(optional)
    return frozenset(names)


def fill(template: str, values: Mapping[str, str]) -> str:
    """The template with its values. Raises WordingError for a name without a value: no silent holes."""
    if OPEN not in template and "（（" not in template:
        return template
    out: list[str] = []
    for before, name, optional in _parts(template):
        out.append(before)
        if name is None:
            continue
        if name not in values:
            raise WordingError(f"no value for (({name}))")
        if optional is None:
            out.append(values[name])
        elif values[name]:
            out.append(fill(optional, values))
    return "".join(out)
