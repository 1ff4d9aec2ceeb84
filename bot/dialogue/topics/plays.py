"""Wishes that a topic carries out, wherever they are said: in a conversation, or in the middle of a flow that is left for them."""

from __future__ import annotations

from collections.abc import Callable

from bot.dialogue.meaning import Intent
from bot.dialogue.topics import events, favourites, match, needs, person, policy, price, search, subscriptions, survey
from bot.dialogue.turn import Play, Scene

PLAYS: dict[Intent, Callable[[Scene], Play]] = {
    Intent.SEARCH_PATENT: search.search,
    Intent.REFINE_SEARCH: search.refine,
    Intent.SORT_RESULTS: search.refine,
    Intent.SIMILAR_PATENTS: search.similar,
    Intent.MATCH_PATENTS: match.match,
    Intent.NOT_RELEVANT: match.not_relevant,
    Intent.ESTIMATE_PRICE: price.estimate,
    Intent.FAVOURITE: favourites.keep,
    Intent.MY_FAVOURITES: favourites.mine,
    Intent.ASK_PERSON: person.hand_over,
    Intent.MORE_DETAIL: policy.more,
    Intent.SUBSCRIBE: subscriptions.subscribe,
    Intent.MANAGE_SUBSCRIPTIONS: subscriptions.manage,
    Intent.NOTIFICATION_SETTINGS: subscriptions.settings,
    Intent.UNSUBSCRIBE: subscriptions.unsubscribe,
    Intent.MANAGE_NEEDS: needs.manage,
    Intent.TAKE_SURVEY: survey.begin,
    **events.WISHES,
}
# Whole messages that begin something (bot/texts/zh/commands.yml), never an answer to what a flow asks.
OPENERS: dict[str, Callable[[Scene], Play]] = {
    "favourites": favourites.mine,
    "match": match.match,
    "price": price.estimate,
    "subscriptions": subscriptions.manage,
    "my_needs": needs.manage,
    "needs_for_me": needs.for_me,
    "survey": survey.begin,
    "events": events.list_events,
    "my_events": events.mine,
    "cancel_sign_up": events.cancel,
    "change_sign_up": events.change,
}
