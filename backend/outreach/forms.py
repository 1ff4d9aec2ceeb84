"""The platform's templates as data: which there are, what fills them, and whether our values fit before anything is asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from backend.domain.deliveries import Channel, Notice
from backend.domain.notice_fields import FieldUnfit, fit, kind_of
from backend.domain.wording import fill

MOST_OFFERED = 3  # templates of one question (wx-open-subscribe)
FILE = Path(__file__).parent / "templates.yml"


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    value: str
    cut: bool


@dataclass(frozen=True, slots=True)
class Template:
    """`purpose` is what a consent to its subscription is for; empty for service notices."""

    key: str
    title: str
    channels: frozenset[Channel]
    purpose: str
    fields: dict[str, Field]


@dataclass(frozen=True, slots=True)
class Filled:
    template_id: str
    fields: dict[str, str]
    url: str


@cache
def load_templates() -> dict[str, Template]:
    """Every template of the file. Raises FieldUnfit where a field is none of the platform's."""
    content: dict[str, Any] = yaml.load(FILE.read_text("utf-8"), Loader=yaml.CSafeLoader)
    return {key: _template(key, held) for key, held in content.items()}


def _template(key: str, held: dict[str, Any]) -> Template:
    fields = {
        name: Field(str(row["name"]), str(row["value"]), bool(row.get("cut"))) for name, row in held["fields"].items()
    }
    for name in fields:
        kind_of(name)
    channels = frozenset(Channel(channel) for channel in held["channels"])
    return Template(key, str(held["title"]), channels, str(held.get("purpose", "")), fields)


def demonstration_ids() -> dict[Channel, dict[str, str]]:
    """Ids as the simulator gives them."""
    channels = (Channel.TEMPLATE, Channel.SUBSCRIPTION)
    return {
        channel: {key: f"demo-{channel}-{key}" for key, held in load_templates().items() if channel in held.channels}
        for channel in channels
    }


class Forms:
    """`ids` by channel: template key → the id the platform gave it. A template without an id is not used."""

    def __init__(self, ids: Mapping[Channel, Mapping[str, str]] | None = None) -> None:
        self.ids = ids or {}
        self.templates = load_templates()

    def by_id(self) -> dict[str, Template]:
        """Template id → template, of all that have one."""
        return {known[key]: held for known in self.ids.values() for key, held in self.templates.items() if key in known}

    def shapes(self) -> dict[str, tuple[str, ...]]:
        """Template id → its fields, as they are registered on the platform."""
        return {template_id: tuple(held.fields) for template_id, held in self.by_id().items()}

    def offered(self) -> dict[str, str]:
        """Template id → title, of the subscription notices that one question on a page may name: first those that can go
        no other way."""
        held = sorted(self.subscriptions().items(), key=lambda pair: (not pair[1].purpose, pair[1].key != "event"))
        return {template_id: template.title for template_id, template in held[:MOST_OFFERED]}

    def subscriptions(self) -> dict[str, Template]:
        """Template id → template, of those that followers can agree to."""
        known = self.ids.get(Channel.SUBSCRIPTION, {})
        return {known[key]: held for key, held in self.templates.items() if key in known}

    def fitting(self, notice: Notice | None, values: Mapping[str, str]) -> dict[Channel, Filled]:
        """The channels that have a form for this notice, filled. What does not fit has none, and no call is wasted on it."""
        template = self.templates.get(notice.template) if notice else None
        if notice is None or template is None:
            return {}
        try:
            said = {name: fill(text, values) for name, text in notice.values.items()}
            url = fill(notice.url, values)
            fields = {name: fit(name, said.get(held.value, ""), cut=held.cut) for name, held in template.fields.items()}
        except FieldUnfit:
            return {}
        return {
            channel: Filled(known[template.key], fields, url)
            for channel, known in self.ids.items()
            if channel in template.channels and template.key in known
        }
