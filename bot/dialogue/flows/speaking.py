"""How a flow speaks: a question with its options and ways out, an error, the review with its numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from bot.dialogue.flows.engine import Form, Known, Mark, Path, Step, Stop
from bot.dialogue.flows.heard import AnswerError
from bot.dialogue.say import Say, Value, say


def told(error: AnswerError) -> Say:
    """An error in words; its code is the key of its text."""
    return Say(error.code, cast(dict[str, Value], error.values))


def question(form: Form, path: Path, *, was: Mapping[str, Any], again: bool = False) -> tuple[Say, ...]:
    """What is asked now. `again`: it stood there before, so the ways out are not repeated."""
    stop = path.current
    assert stop is not None
    if stop.mark is Mark.DOUBTED and stop.trouble:
        return (say("flow_common.doubted", text=told(stop.trouble)),)
    lead = (told(stop.trouble),) if stop.mark is Mark.REFUSED and stop.trouble else ()
    return (*lead, asked(form, stop.step, path.known, was=was, again=again))


def asked(form: Form, step: Step, known: Known, *, was: Mapping[str, Any], again: bool) -> Say:
    prefix = form.texts(step)
    return say(
        "flow_common.question",
        text=say(f"{prefix}.ask", **step.asks(known)),
        choices=options(step, known),
        was=_before(step, was),
        hint=None if again else say("flow_common.escape"),
    )


def options(step: Step, known: Known) -> tuple[Say, ...]:
    """The numbered choices of a step."""
    return tuple(
        say("flow_common.option", position=position, title=member)
        for position, member in enumerate(step.reader.options or step.choices(known), 1)
    )


def _before(step: Step, was: Mapping[str, Any]) -> Say | None:
    if step.id not in was or not step.listed:  # what no review shows has no words of its own
        return None
    return say("flow_common.was", was=shown(step, step.reader.load(was[step.id])))


def shown(step: Step, value: Any) -> Value:
    return step.reader.show(value)


def help_of(form: Form, step: Step) -> Say:
    return say(f"{form.texts(step)}.help")


def item(form: Form, stop: Stop, position: int) -> Say:
    value = say("flow_common.not_filled") if stop.mark is Mark.PASSED else shown(stop.step, stop.value)
    return say(
        "flow_common.item", position=position, name=say(f"{form.texts(stop.step)}.name", **stop.named), text=value
    )


def review(form: Form, path: Path) -> Say:
    """Every answer with the number by which it is changed, and what submitting means."""
    items = tuple(item(form, stop, position) for position, stop in enumerate(path.listed, 1))
    return say(f"flow_{form.flow}.review", items=items)


def so_far(form: Form, path: Path) -> Say | None:
    """What has been answered until now; None where nothing has."""
    items = tuple(item(form, stop, position) for position, stop in enumerate(path.listed, 1))
    return say("flow_common.so_far", items=items) if items else None
