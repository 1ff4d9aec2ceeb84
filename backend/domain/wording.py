"""The ((占位符)) engine: staff write 您好((称呼)) or （（称呼）） and ((编号??，编号((编号)))) for text that needs a value.

There is no other syntax, so a template can do nothing but be filled, and a value can never act as a template.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

MOST_KNOWN = 4096  # templates taken apart once; values are never templates, so there are no more than texts
OPEN, CLOSE, IF = "((", "))", "??"


class WordingError(Exception):
    """A template and its values do not fit; found by the linter, never by a follower."""


def _normal(template: str) -> str:
    """Half width marks; of the same length, so that offsets hold in both."""
    return template.replace("（（", OPEN).replace("））", CLOSE).replace("？？", IF)


def _closing(text: str, start: int) -> int:
    """Where the placeholder that was opened before `start` closes, or -1."""
    depth = 1
    while start < len(text) - 1:
        pair = text[start : start + 2]
        if pair == CLOSE and depth == 1:
            return start
        depth += {OPEN: 1, CLOSE: -1}.get(pair, 0)
        start += 2 if pair in {OPEN, CLOSE} else 1
    return -1


@lru_cache(MOST_KNOWN)
def _parts(template: str) -> tuple[tuple[str, str | None, str | None], ...]:
    """(literal before, name, optional text) pieces; the last has no name. Optional texts may hold placeholders."""
    text, position = _normal(template), 0
    pieces: list[tuple[str, str | None, str | None]] = []
    while (opening := text.find(OPEN, position)) >= 0:
        start = opening + len(OPEN)
        end = _closing(text, start)
        if end < 0:
            raise WordingError(f"unclosed (( in: {template}")
        name, mark, _ = text[start:end].partition(IF)
        optional = template[start + len(name) + len(IF) : end] if mark else None
        pieces.append((template[position:opening], name.strip(), optional))
        position = end + len(CLOSE)
    pieces.append((template[position:], None, None))
    return tuple(pieces)


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


def fill_some(template: str, values: Mapping[str, str]) -> str:
    """A template with these values, to be filled with the rest later: other placeholders stay as they are.

    Whoever hands in values answers for it that none of them holds the engine's marks.
    """
    out: list[str] = []
    for before, name, optional in _parts(template):
        out.append(before)
        if name is None:
            continue
        if name not in values:
            kept = "" if optional is None else f"{IF}{fill_some(optional, values)}"
            out.append(f"{OPEN}{name}{kept}{CLOSE}")
        elif optional is None:
            out.append(values[name])
        elif values[name]:
            out.append(fill_some(optional, values))
    return "".join(out)


def said_always(template: str) -> str:
    """A template without the texts that stand only where a value is there."""
    out: list[str] = []
    for before, name, optional in _parts(template):
        out.append(before)
        if name is not None and optional is None:
            out.append(f"{OPEN}{name}{CLOSE}")
    return "".join(out)
