"""Every table, so that the metadata is whole wherever it is used."""

from backend.store.tables.alerts import AlertRow, AlertSeenRow, SavedQueryKeyRow, SavedQueryRow
from backend.store.tables.attachments import AttachmentRow
from backend.store.tables.base import Base
from backend.store.tables.briefs import (
    BriefMemberRow,
    BriefRow,
    CampaignInterestRow,
    CampaignOpeningRow,
    CampaignPaceRow,
    CampaignTemplateRow,
    StaffPhoneRow,
)
from backend.store.tables.declarations import (
    DeclarationMoveRow,
    DeclarationRow,
    DeclarationTokenRow,
    DraftRow,
    RegistryRecordRow,
    VerificationCheckRow,
)
from backend.store.tables.deliveries import ApiDayRow, CampaignRow, CampaignTallyRow, DeliveryRow
from backend.store.tables.events import EventRow, SignUpRow
from backend.store.tables.favourites import FavouriteRow
from backend.store.tables.followers import FollowerRow
from backend.store.tables.inbox import InboxRow
from backend.store.tables.institutions import AuditRow, ConsentRow, InstitutionRow, OfficerRow, ProgrammeRow
from backend.store.tables.matching import (
    ClassOverrideRow,
    CompanyRow,
    GradeRow,
    IndustryRateRow,
    InstitutionLabelRow,
    MatchShownRow,
    MatchVerdictRow,
    PriceReviewRow,
)
from backend.store.tables.needs import NeedMatchRow, NeedReaderRow, NeedRow, SurveyAnswerRow
from backend.store.tables.office import HandoffLineRow, HandoffRow, MissRow, SwitchRow, TimerRow, VerdictRow
from backend.store.tables.photos import PhotoRow
from backend.store.tables.platform import AccessTokenRow
from backend.store.tables.pool import BatchRow, BatchStatus, ListingRow, ReplicaRow, SearchTaskRow
from backend.store.tables.preferences import PreferenceRow, SubscriptionCreditRow
from backend.store.tables.staff import StaffRow, StaffSessionRow, StaffTryRow
from backend.store.tables.uploads import TableUploadRow

__all__ = [
    "AccessTokenRow",
    "AlertRow",
    "AlertSeenRow",
    "ApiDayRow",
    "AttachmentRow",
    "AuditRow",
    "Base",
    "BatchRow",
    "BatchStatus",
    "BriefMemberRow",
    "BriefRow",
    "CampaignInterestRow",
    "CampaignOpeningRow",
    "CampaignPaceRow",
    "CampaignRow",
    "CampaignTallyRow",
    "CampaignTemplateRow",
    "ClassOverrideRow",
    "CompanyRow",
    "ConsentRow",
    "DeclarationMoveRow",
    "DeclarationRow",
    "DeclarationTokenRow",
    "DeliveryRow",
    "DraftRow",
    "EventRow",
    "FavouriteRow",
    "FollowerRow",
    "GradeRow",
    "HandoffLineRow",
    "HandoffRow",
    "InboxRow",
    "IndustryRateRow",
    "InstitutionLabelRow",
    "InstitutionRow",
    "ListingRow",
    "MatchShownRow",
    "MatchVerdictRow",
    "MissRow",
    "NeedMatchRow",
    "NeedReaderRow",
    "NeedRow",
    "OfficerRow",
    "PhotoRow",
    "PreferenceRow",
    "PriceReviewRow",
    "ProgrammeRow",
    "RegistryRecordRow",
    "ReplicaRow",
    "SavedQueryKeyRow",
    "SavedQueryRow",
    "SearchTaskRow",
    "SignUpRow",
    "StaffPhoneRow",
    "StaffRow",
    "StaffSessionRow",
    "StaffTryRow",
    "SubscriptionCreditRow",
    "SurveyAnswerRow",
    "SwitchRow",
    "TableUploadRow",
    "TimerRow",
    "VerdictRow",
    "VerificationCheckRow",
]
