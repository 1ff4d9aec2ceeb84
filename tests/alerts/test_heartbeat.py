"""A day without the alert job is noticed, where somebody waits for it."""

from __future__ import annotations

from datetime import timedelta

from backend.domain.queries import PatentQuery
from backend.services.alerts.round import AlertRound, pulse
from tests.support.alerted import WORDING, Alerted


def test_silence_is_noticed_after_a_day(alerted: Alerted) -> None:
    shelf = alerted.shelf
    alerts = AlertRound(shelf.database, shelf.reader(), shelf.clock, WORDING, demonstration=False)
    assert not pulse(shelf.database).is_silent(shelf.clock.now())  # nobody waits
    alerted.saved("ming", PatentQuery(words="激光"))
    assert pulse(shelf.database).is_silent(shelf.clock.now())
    alerts.run()
    alerts.run()
    assert not pulse(shelf.database).is_silent(shelf.clock.now() + timedelta(hours=24))
    assert pulse(shelf.database).is_silent(shelf.clock.now() + timedelta(hours=25))
    shelf.clock.forward(hours=25)
    alerts.run()
    assert not pulse(shelf.database).is_silent(shelf.clock.now())
