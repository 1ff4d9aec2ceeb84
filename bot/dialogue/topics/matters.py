"""What is being talked about when no answer was told: a wish or an open flow has its rule, and short questions lean on it."""

from __future__ import annotations

from typing import Any

from backend.domain.drafts import Flow
from bot.dialogue.meaning import Intent

OF_FLOW = {
    Flow.DECLARE: "declare_channel",
    Flow.WITHDRAW: "how_to_withdraw",
    Flow.REPRICE: "raise_price",
    Flow.FILE: "declare_channel",
    Flow.CONVERT: "pilot_to_statutory",
    Flow.BIND: "who_can_declare",
    Flow.LEAVE: "who_can_declare",
}
OF_WISH = {
    Intent.DECLARE: OF_FLOW[Flow.DECLARE],
    Intent.WITHDRAW_DECLARATION: OF_FLOW[Flow.WITHDRAW],
    Intent.CHANGE_PRICE: OF_FLOW[Flow.REPRICE],
    Intent.BIND_INSTITUTION: OF_FLOW[Flow.BIND],
    Intent.MY_DECLARATIONS: "declaration_review",
    Intent.APPLY_LICENSE: "how_to_get_license",
    Intent.INTERESTED: "how_to_get_license",
    Intent.CONTACT_HOLDER: "how_to_get_license",
    Intent.PATENT_STATUS: "check_validity",
    Intent.ESTIMATE_PRICE: "how_to_price",
    Intent.SUBSCRIBE: "push_how_to_subscribe",
}


def of_flow(opened: dict[str, Any] | None) -> str:
    """The entry an open flow is about; empty where none is open."""
    flow = (opened or {}).get("flow", "")
    return OF_FLOW.get(Flow(flow), "") if flow in set(Flow) else ""
