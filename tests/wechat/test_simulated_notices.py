"""The simulator's templates and subscriptions, by the platform's own error codes, and the events it posts back."""

from __future__ import annotations

from typing import Any

import pytest

from bot.simulator.notices import SUBSCRIPTION, TEMPLATE, Notices
from bot.simulator.world import Persona, Refusal, World


@pytest.fixture
def told() -> list[dict[str, Any]]:
    return []


@pytest.fixture
def notices(told: list[dict[str, Any]]) -> Notices:
    known: dict[str, tuple[str, ...]] = {"t1": ("thing1", "phrase2", "time3")}
    return Notices(World(app_id="wx", now=lambda: 1_772_424_000.0), known, report=lambda _, event: told.append(event))


def _given(persona: Persona, **fields: str) -> dict[str, Any]:
    held = {"thing1": "一种锅", "phrase2": "已上架", "time3": "2026-03-02 12:00"} | fields
    data = {name: {"value": value} for name, value in held.items() if value != "absent"}
    return {"touser": persona.openid, "template_id": "t1", "client_msg_id": "k", "data": data}


@pytest.mark.parametrize(
    "fields",
    [
        {"thing1": "超" * 21},
        {"thing1": "两行\n字"},
        {"thing1": ""},
        {"phrase2": "六个字的词语"},
        {"phrase2": "abc"},
        {"time3": "明天下午"},
        {"thing1": "absent"},
        {"remark": "不再有"},
    ],
)
def test_fields_that_do_not_fit_are_refused(notices: Notices, fields: dict[str, str]) -> None:
    with pytest.raises(Refusal) as caught:
        notices.template(_given(notices.world.fresh(), **fields))
    assert caught.value.code == 47003


def test_the_codes_of_the_platform(notices: Notices) -> None:
    persona = notices.world.fresh()
    wrong = {"template_id": "t2"}
    for given, send, code in (
        (_given(persona) | wrong, notices.template, 40037),
        (_given(persona) | {"touser": "nobody"}, notices.template, 40003),
        (_given(persona), notices.subscription, 43101),
    ):
        with pytest.raises(Refusal) as caught:
            send(given)
        assert caught.value.code == code
    persona.following = False
    with pytest.raises(Refusal) as caught:
        notices.template(_given(persona))
    assert caught.value.code == 43004


def test_a_day_has_so_many_calls(notices: Notices) -> None:
    notices.daily[TEMPLATE] = 2
    for _ in range(2):
        notices.count(TEMPLATE)
    with pytest.raises(Refusal) as caught:
        notices.count(TEMPLATE)
    assert caught.value.code == 45009
    notices.count(SUBSCRIPTION)
    notices.world.now = lambda: 1_772_424_000.0 + 12 * 3600  # noon in China, then midnight
    notices.count(TEMPLATE)


def test_results_are_posted_back(notices: Notices, told: list[dict[str, Any]]) -> None:
    persona = notices.world.fresh()
    number = notices.template(_given(persona))
    notices.blocked.add(persona.openid)
    blocked = notices.template(_given(persona) | {"client_msg_id": "other"})
    notices.answer_popup(persona, {"t1": "accept", "t9": "accept"})
    notices.subscription(_given(persona))
    notices.turn_off(persona, "t1")
    sent = ["TEMPLATESENDJOBFINISH"] * 2
    assert [event["Event"] for event in told] == [
        *sent,
        *(f"subscribe_msg_{what}_event" for what in ("popup", "sent", "change")),
    ]
    assert [(event["MsgID"], event["Status"]) for event in told[:2]] == [
        (str(number), "success"),
        (str(blocked), "failed:user block"),
    ]
    assert len(persona.items) == 2
