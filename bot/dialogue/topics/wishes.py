"""Wishes that have a topic of their own, wherever they are said."""

from __future__ import annotations

from collections.abc import Callable

from bot.dialogue.meaning import Intent
from bot.dialogue.topics import needs, subscriptions, survey
from bot.dialogue.turn import Play, Scene

WISHES: dict[Intent, Callable[[Scene], Play]] = {
    Intent.SUBSCRIBE: subscriptions.subscribe,
    Intent.MANAGE_SUBSCRIPTIONS: subscriptions.manage,
    Intent.NOTIFICATION_SETTINGS: subscriptions.settings,
    Intent.UNSUBSCRIBE: subscriptions.unsubscribe,
    Intent.MANAGE_NEEDS: needs.manage,
    Intent.TAKE_SURVEY: survey.begin,
}
