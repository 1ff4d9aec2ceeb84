"""Every flow by its name."""

from __future__ import annotations

from backend.domain.drafts import Flow
from bot.dialogue.flows.attending import FEEDBACK, SIGN_UP
from bot.dialogue.flows.company import FORGETTING, PROFILE
from bot.dialogue.flows.declaration import DECLARATION
from bot.dialogue.flows.declared import CONVERSION, FILING, REPRICING, WITHDRAWAL
from bot.dialogue.flows.engine import Form
from bot.dialogue.flows.institution import BINDING, LEAVING
from bot.dialogue.flows.need import NEED
from bot.dialogue.meaning import Intent

FORMS: dict[Flow, Form] = {
    form.flow: form
    for form in (
        DECLARATION,
        WITHDRAWAL,
        REPRICING,
        FILING,
        CONVERSION,
        BINDING,
        LEAVING,
        PROFILE,
        FORGETTING,
        NEED,
        SIGN_UP,
        FEEDBACK,
    )
}
BY_INTENT: dict[Intent, Flow] = {
    Intent.DECLARE: Flow.DECLARE,
    Intent.WITHDRAW_DECLARATION: Flow.WITHDRAW,
    Intent.CHANGE_PRICE: Flow.REPRICE,
    Intent.BIND_INSTITUTION: Flow.BIND,
    Intent.LEAVE_INSTITUTION: Flow.LEAVE,
    Intent.COMPANY_PROFILE: Flow.PROFILE,
    Intent.SIGN_UP_EVENT: Flow.SIGN_UP,
    Intent.POST_NEED: Flow.NEED,
}
