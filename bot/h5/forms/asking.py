"""A draft as a page shows it: what is answered, what is asked now, in the words of the chat."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.dialogue.flows.engine import Form, Mark, Stop
from bot.dialogue.flows.heard import AnswerError, Words
from bot.dialogue.flows.on_page import Asked
from bot.dialogue.flows.readers.words import MOST_SHOWN
from bot.dialogue.flows.sitting import Sitting
from bot.dialogue.flows.speaking import help_of, shown, told
from bot.dialogue.say import Value, say
from bot.texts import Texts

BETWEEN = "；"


@dataclass(frozen=True, slots=True)
class Choice:
    """`value` is what is sent: the number of the option, as one would type it."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One question. `shape`: one, several, text, long, or buttons, where nothing but the offers is an answer."""

    step: str
    name: str
    ask: str
    help: str
    shape: str
    choices: tuple[Choice, ...]
    offers: tuple[str, ...]
    typed: str
    error: str = ""
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    position: int
    step: str
    name: str
    text: str
    empty: bool


def items_of(texts: Texts, sitting: Sitting) -> tuple[Item, ...]:
    """What is answered, numbered as in the chat, whole and never shortened. The question that is open is left out."""
    path = sitting.path
    numbered = [(position, stop) for position, stop in enumerate(path.listed, 1) if stop is not path.current]
    return tuple(_item(texts, sitting.form, stop, position) for position, stop in numbered)


def _item(texts: Texts, form: Form, stop: Stop, position: int) -> Item:
    empty = stop.mark is Mark.PASSED
    text = texts.render(say("flow_common.not_filled")) if empty else _whole(texts, stop)
    return Item(position, stop.step.id, name_of(texts, form, stop), text, empty)


def _whole(texts: Texts, stop: Stop) -> str:
    if type(stop.value) is str and len(stop.value) > MOST_SHOWN:  # a review on paper is whole
        return stop.value
    return worded(texts, shown(stop.step, stop.value))


def worded(texts: Texts, value: Value) -> str:
    """A value as the texts write it."""
    return texts.render(say("common.plain", text=value))


def name_of(texts: Texts, form: Form, stop: Stop) -> str:
    """The name of the item; a step that no list shows has none of its own."""
    key = f"{form.texts(stop.step)}.name"
    return texts.render(say(key, **stop.named)) if key in texts.templates else ""


def field_of(
    texts: Texts, sitting: Sitting, place: Asked, *, typed: str | None = None, error: AnswerError | None = None
) -> Field:
    """The question. `typed` and `error` are of the post that did not fit."""
    form, step, stop = sitting.form, place.step, place.stop
    dumped = sitting.answers.get(step.id)
    problem = error or (stop.trouble if stop.mark is Mark.REFUSED else None)
    return Field(
        step=step.id,
        name=name_of(texts, form, stop),
        ask=texts.render(say(f"{form.texts(step)}.ask", **step.asks(place.known))).strip(),
        help=texts.render(help_of(form, step)).strip(),
        shape=_shape(place),
        choices=_choices(texts, place),
        offers=tuple(_offered(texts.answers, kind, meaning) for kind, meaning in step.reader.offers),
        typed=_again(dumped) if typed is None else typed,
        error=texts.render(told(problem)) if problem else "",
        doubt=texts.render(told(stop.trouble)) if stop.mark is Mark.DOUBTED and stop.trouble and not error else "",
    )


def _choices(texts: Texts, place: Asked) -> tuple[Choice, ...]:
    """Options of the step, or those that are data."""
    labels: list[tuple[str, str]] = [
        (option, texts.names[f"{type(option).__name__}.{option}"]) for option in place.step.reader.options
    ]
    labels = labels or [(option, option) for option in place.step.choices(place.known)]
    return tuple(
        Choice(str(position), label, _holds(place.stop, option)) for position, (option, label) in enumerate(labels, 1)
    )


def _shape(place: Asked) -> str:
    reader = place.step.reader
    if not reader.options and place.step.choices(place.known):
        return "one"
    if reader.options:
        return "several" if reader.several else "one"
    if reader.closed:
        return "buttons"
    return "long" if reader.long else "text"


def _holds(stop: Stop, option: Any) -> bool:
    return option in stop.value if isinstance(stop.value, tuple) else bool(stop.value == option)


def _offered(words: Words, kind: str, meaning: str) -> str:
    """The first of the words that mean this; the list begins with the plainest."""
    return next(word for word, means in words[kind].items() if meaning in {"", means})


def _again(dumped: Any) -> str:
    """An answer as one would type it again; empty where it is no text."""
    if isinstance(dumped, bool) or dumped is None:
        return ""
    if isinstance(dumped, list):
        return BETWEEN.join(part for part in dumped if isinstance(part, str))
    return str(dumped) if isinstance(dumped, str | int | date) else ""
