"""The list of an event as a table for the office's own files: who, how they stand, what they answered."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

from backend.domain.clock import CHINA
from backend.domain.events import Event, SignUp
from backend.services.pool.cells import safe_text

BOM = "\ufeff"  # so that spreadsheets read it as UTF-8


def export_sign_ups(
    event: Event, held: list[SignUp], *, headers: tuple[str, ...], label: Callable[[object], str], yes: str
) -> bytes:
    """A csv of name, phone, state, walk-in, signed up, checked in, then the event's questions and the feedback.

    `headers` are the first six; nothing in it runs as a formula.
    """
    asked = [question.label for question in event.details.questions]
    after = [question.label for question in event.details.feedback]
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([*headers, *(safe_text(label_) for label_ in (*asked, *after))])
    for one in held:
        feedback = one.feedback or {}
        writer.writerow(
            safe_text(cell)
            for cell in (
                one.name,
                one.phone,
                label(one.state),
                yes if one.walk_in else "",
                f"{one.signed_up_at.astimezone(CHINA):%Y-%m-%d %H:%M}",
                f"{one.checked_in_at.astimezone(CHINA):%Y-%m-%d %H:%M}" if one.checked_in_at else "",
                *(one.answers.get(name, "") for name in asked),
                *(feedback.get(name, "") for name in after),
            )
        )
    return (BOM + out.getvalue()).encode()


def tally(event: Event, held: list[SignUp]) -> list[tuple[str, list[tuple[str, int]], list[str]]]:
    """What was said afterwards: per question its label, how often each option, and free words."""
    told = [one.feedback for one in held if one.feedback]
    rows = []
    for question in event.details.feedback:
        said = [feedback[question.label] for feedback in told if feedback.get(question.label)]
        counted = [(option, said.count(option)) for option in question.options]
        rows.append((question.label, counted, [] if question.options else said))
    return rows
