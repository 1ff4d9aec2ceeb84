"""Every table, so that the metadata is whole wherever it is used."""

from backend.store.tables.base import Base
from backend.store.tables.deliveries import DeliveryRow
from backend.store.tables.followers import FollowerRow
from backend.store.tables.inbox import InboxRow
from backend.store.tables.office import HandoffLineRow, HandoffRow, MissRow, SwitchRow, TimerRow
from backend.store.tables.platform import AccessTokenRow
from backend.store.tables.pool import BatchRow, BatchStatus, ListingRow, ReplicaRow, SearchTaskRow
from backend.store.tables.staff import StaffRow, StaffSessionRow, StaffTryRow

__all__ = [
    "AccessTokenRow",
    "Base",
    "BatchRow",
    "BatchStatus",
    "DeliveryRow",
    "FollowerRow",
    "HandoffLineRow",
    "HandoffRow",
    "InboxRow",
    "ListingRow",
    "MissRow",
    "ReplicaRow",
    "SearchTaskRow",
    "StaffRow",
    "StaffSessionRow",
    "StaffTryRow",
    "SwitchRow",
    "TimerRow",
]
