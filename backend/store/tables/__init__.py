"""Every table, so that the metadata is whole wherever it is used."""

from backend.store.tables.base import Base
from backend.store.tables.declarations import (
    DeclarationMoveRow,
    DeclarationRow,
    DeclarationTokenRow,
    DraftRow,
    RegistryRecordRow,
    VerificationCheckRow,
)
from backend.store.tables.deliveries import ApiDayRow, CampaignRow, CampaignTallyRow, DeliveryRow
from backend.store.tables.followers import FollowerRow
from backend.store.tables.inbox import InboxRow
from backend.store.tables.institutions import AuditRow, ConsentRow, InstitutionRow, OfficerRow, ProgrammeRow
from backend.store.tables.office import HandoffLineRow, HandoffRow, MissRow, SwitchRow, TimerRow, VerdictRow
from backend.store.tables.photos import PhotoRow
from backend.store.tables.platform import AccessTokenRow
from backend.store.tables.pool import BatchRow, BatchStatus, ListingRow, ReplicaRow, SearchTaskRow
from backend.store.tables.preferences import PreferenceRow, SubscriptionCreditRow
from backend.store.tables.staff import StaffRow, StaffSessionRow, StaffTryRow

__all__ = [
    "AccessTokenRow",
    "ApiDayRow",
    "AuditRow",
    "Base",
    "BatchRow",
    "BatchStatus",
    "CampaignRow",
    "CampaignTallyRow",
    "ConsentRow",
    "DeclarationMoveRow",
    "DeclarationRow",
    "DeclarationTokenRow",
    "DeliveryRow",
    "DraftRow",
    "FollowerRow",
    "HandoffLineRow",
    "HandoffRow",
    "InboxRow",
    "InstitutionRow",
    "ListingRow",
    "MissRow",
    "OfficerRow",
    "PhotoRow",
    "PreferenceRow",
    "ProgrammeRow",
    "RegistryRecordRow",
    "ReplicaRow",
    "SearchTaskRow",
    "StaffRow",
    "StaffSessionRow",
    "StaffTryRow",
    "SubscriptionCreditRow",
    "SwitchRow",
    "TimerRow",
    "VerdictRow",
    "VerificationCheckRow",
]
