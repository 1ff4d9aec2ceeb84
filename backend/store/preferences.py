"""What followers chose, what they agreed to for which purpose, and which subscription notices are theirs to be sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import JSON, Connection, bindparam, delete, select, text, update

from backend.domain.preferences import HOUSE, Frequency, Preference
from backend.store.among import among
from backend.store.tables import ConsentRow, PreferenceRow, SubscriptionCreditRow
from backend.store.tables.base import Instant

_PUT = text(
    """
    INSERT INTO preference (openid, topics, places, frequency, quiet_from, quiet_until, paused_until, changed_at)
    VALUES (:openid, :topics, :places, :frequency, :quiet_from, :quiet_until, :paused_until, :at)
    ON CONFLICT (openid) DO UPDATE SET topics = excluded.topics, places = excluded.places,
        frequency = excluded.frequency, quiet_from = excluded.quiet_from, quiet_until = excluded.quiet_until,
        paused_until = excluded.paused_until, changed_at = excluded.changed_at
    """
).bindparams(
    bindparam("topics", type_=JSON),
    bindparam("places", type_=JSON),
    bindparam("paused_until", type_=Instant),
    bindparam("at", type_=Instant),
)
_CREDIT = text(
    """
    INSERT INTO subscription_credit (openid, template_id, "left", agreed_at) VALUES (:openid, :template_id, 1, :at)
    ON CONFLICT (openid, template_id) DO UPDATE SET "left" = subscription_credit."left" + 1, agreed_at = excluded.agreed_at
    """
).bindparams(bindparam("at", type_=Instant))
_SPEND = text(
    """
    UPDATE subscription_credit SET "left" = "left" - 1
    WHERE openid = :openid_ AND template_id = :template_id_ AND "left" > 0
    """
)
_GIVE_BACK = text(
    """
    UPDATE subscription_credit SET "left" = "left" + 1 WHERE openid = :openid_ AND template_id = :template_id_
    """
)
_OF = select(*PreferenceRow.__table__.columns).where(among(PreferenceRow.openid, "openids"))
_CREDITS = select(SubscriptionCreditRow.openid, SubscriptionCreditRow.template_id, SubscriptionCreditRow.left).where(
    among(SubscriptionCreditRow.openid, "openids"), SubscriptionCreditRow.left > 0
)


class Preferences:
    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def of(self, openids: Sequence[str]) -> dict[str, Preference]:
        """Of those who chose; the others have what the house has."""
        return {
            row.openid: Preference(
                topics=tuple(row.topics),
                places=tuple(row.places),
                frequency=Frequency(row.frequency),
                quiet_from=row.quiet_from,
                quiet_until=row.quiet_until,
                paused_until=row.paused_until,
            )
            for row in self.connection.execute(_OF, {"openids": openids})
        }

    def get(self, openid: str) -> Preference:
        return self.of([openid]).get(openid, HOUSE)

    def put(self, openid: str, chosen: Preference, *, at: datetime) -> None:
        self.connection.execute(
            _PUT,
            {
                "openid": openid,
                "topics": list(chosen.topics),
                "places": list(chosen.places),
                "frequency": str(chosen.frequency),
                "quiet_from": chosen.quiet_from,
                "quiet_until": chosen.quiet_until,
                "paused_until": chosen.paused_until,
                "at": at,
            },
        )

    def disagree(self, openid: str, purposes: Sequence[str]) -> None:
        """They agree to these no longer, in whichever wording it was."""
        which = (ConsentRow.openid == openid, ConsentRow.purpose.in_(purposes))
        self.connection.execute(delete(ConsentRow).where(*which))

    # subscription notices

    def credit(self, openid: str, template_id: str, *, at: datetime) -> None:
        """They agreed to one more notice of this template."""
        self.connection.execute(_CREDIT, {"openid": openid, "template_id": template_id, "at": at})

    def credits(self, openids: Sequence[str]) -> dict[tuple[str, str], int]:
        """(openid, template id) → how many they agreed to and were not sent."""
        rows = self.connection.execute(_CREDITS, {"openids": openids})
        return {(row.openid, row.template_id): row.left for row in rows}

    def spend(self, pairs: Sequence[tuple[str, str]]) -> None:
        rows = [{"openid_": openid, "template_id_": template_id} for openid, template_id in sorted(pairs)]
        if rows:
            self.connection.execute(_SPEND, rows)

    def give_back(self, openid: str, template_id: str) -> None:
        """The platform did not take it: the consent is still theirs to use."""
        self.connection.execute(_GIVE_BACK, {"openid_": openid, "template_id_": template_id})

    def no_credit(self, openid: str, template_id: str) -> None:
        """Used up, or taken back: the platform says so."""
        which = (SubscriptionCreditRow.openid == openid, SubscriptionCreditRow.template_id == template_id)
        self.connection.execute(update(SubscriptionCreditRow).where(*which).values(left=0))

    def forget(self, openid: str) -> None:
        for row in (PreferenceRow, SubscriptionCreditRow):
            self.connection.execute(delete(row).where(row.openid == openid))
