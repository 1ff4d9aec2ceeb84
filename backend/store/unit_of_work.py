"""One transaction and the repositories that speak through it. The edge commits; nobody else does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property

from sqlalchemy import Connection

from backend.store.alerts import Alerts
from backend.store.attachments import Attachments
from backend.store.audiences import Audiences
from backend.store.audit import Audit
from backend.store.briefs import Briefs
from backend.store.campaigns import Campaigns
from backend.store.checks import Checks
from backend.store.class_overrides import ClassOverrides
from backend.store.companies import Companies
from backend.store.declarations import Declarations
from backend.store.deliveries import Deliveries
from backend.store.drafts import Drafts
from backend.store.events import Events
from backend.store.favourites import Favourites
from backend.store.figures import Figures
from backend.store.followers import Followers
from backend.store.grades import Grades
from backend.store.handoffs import Handoffs
from backend.store.imports import Imports
from backend.store.inbox import Inbox
from backend.store.industry_rates import IndustryRates
from backend.store.institution_labels import InstitutionLabels
from backend.store.institutions import Institutions
from backend.store.listings import Listings
from backend.store.lists import Lists
from backend.store.misses import Misses
from backend.store.needs import Needs
from backend.store.on_show import OnShow
from backend.store.photos import Photos
from backend.store.preferences import Preferences
from backend.store.price_reviews import PriceReviews
from backend.store.programmes import Programmes
from backend.store.quotas import Quotas
from backend.store.registry_records import RegistryRecords
from backend.store.responses import Responses
from backend.store.results import Results
from backend.store.saved_queries import SavedQueries
from backend.store.search_tasks import SearchTasks
from backend.store.sending import Sending
from backend.store.sign_ups import SignUps
from backend.store.staff import StaffAccounts
from backend.store.staff_phones import StaffPhones
from backend.store.standings import Standings
from backend.store.surveys import Surveys
from backend.store.switches import Switches
from backend.store.table_uploads import TableUploads
from backend.store.timers import Timers
from backend.store.tokens import Tokens
from backend.store.verdicts import Verdicts


class UnitOfWork:
    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    @contextmanager
    def or_nothing(self) -> Iterator[None]:
        """What is done inside is undone where it raises; the transaction around it goes on."""
        self.connection.exec_driver_sql("SAVEPOINT or_nothing")
        try:
            yield
        except BaseException:
            self.connection.exec_driver_sql("ROLLBACK TO SAVEPOINT or_nothing")
            raise
        finally:
            self.connection.exec_driver_sql("RELEASE SAVEPOINT or_nothing")

    @cached_property
    def inbox(self) -> Inbox:
        return Inbox(self.connection)

    @cached_property
    def followers(self) -> Followers:
        return Followers(self.connection)

    @cached_property
    def deliveries(self) -> Deliveries:
        return Deliveries(self.connection)

    @cached_property
    def sending(self) -> Sending:
        return Sending(self.connection)

    @cached_property
    def results(self) -> Results:
        return Results(self.connection)

    @cached_property
    def preferences(self) -> Preferences:
        return Preferences(self.connection)

    @cached_property
    def standings(self) -> Standings:
        return Standings(self.connection)

    @cached_property
    def campaigns(self) -> Campaigns:
        return Campaigns(self.connection)

    @cached_property
    def briefs(self) -> Briefs:
        return Briefs(self.connection)

    @cached_property
    def audiences(self) -> Audiences:
        return Audiences(self.connection)

    @cached_property
    def responses(self) -> Responses:
        return Responses(self.connection)

    @cached_property
    def quotas(self) -> Quotas:
        return Quotas(self.connection)

    @cached_property
    def handoffs(self) -> Handoffs:
        return Handoffs(self.connection)

    @cached_property
    def misses(self) -> Misses:
        return Misses(self.connection)

    @cached_property
    def listings(self) -> Listings:
        return Listings(self.connection)

    @cached_property
    def needs(self) -> Needs:
        return Needs(self.connection)

    @cached_property
    def surveys(self) -> Surveys:
        return Surveys(self.connection)

    @cached_property
    def on_show(self) -> OnShow:
        return OnShow(self.connection)

    @cached_property
    def imports(self) -> Imports:
        return Imports(self.connection)

    @cached_property
    def alerts(self) -> Alerts:
        return Alerts(self.connection)

    @cached_property
    def saved_queries(self) -> SavedQueries:
        return SavedQueries(self.connection)

    @cached_property
    def search_tasks(self) -> SearchTasks:
        return SearchTasks(self.connection)

    @cached_property
    def tokens(self) -> Tokens:
        return Tokens(self.connection)

    @cached_property
    def switches(self) -> Switches:
        return Switches(self.connection)

    @cached_property
    def table_uploads(self) -> TableUploads:
        return TableUploads(self.connection)

    @cached_property
    def timers(self) -> Timers:
        return Timers(self.connection)

    @cached_property
    def staff(self) -> StaffAccounts:
        return StaffAccounts(self.connection)

    @cached_property
    def staff_phones(self) -> StaffPhones:
        return StaffPhones(self.connection)

    @cached_property
    def figures(self) -> Figures:
        return Figures(self.connection)

    @cached_property
    def lists(self) -> Lists:
        return Lists(self.connection)

    @cached_property
    def audit(self) -> Audit:
        return Audit(self.connection)

    @cached_property
    def checks(self) -> Checks:
        return Checks(self.connection)

    @cached_property
    def declarations(self) -> Declarations:
        return Declarations(self.connection)

    @cached_property
    def drafts(self) -> Drafts:
        return Drafts(self.connection)

    @cached_property
    def favourites(self) -> Favourites:
        return Favourites(self.connection)

    @cached_property
    def institutions(self) -> Institutions:
        return Institutions(self.connection)

    @cached_property
    def attachments(self) -> Attachments:
        return Attachments(self.connection)

    @cached_property
    def photos(self) -> Photos:
        return Photos(self.connection)

    @cached_property
    def programmes(self) -> Programmes:
        return Programmes(self.connection)

    @cached_property
    def registry(self) -> RegistryRecords:
        return RegistryRecords(self.connection)

    @cached_property
    def companies(self) -> Companies:
        return Companies(self.connection)

    @cached_property
    def verdicts(self) -> Verdicts:
        return Verdicts(self.connection)

    @cached_property
    def institution_labels(self) -> InstitutionLabels:
        return InstitutionLabels(self.connection)

    @cached_property
    def class_overrides(self) -> ClassOverrides:
        return ClassOverrides(self.connection)

    @cached_property
    def industry_rates(self) -> IndustryRates:
        return IndustryRates(self.connection)

    @cached_property
    def grades(self) -> Grades:
        return Grades(self.connection)

    @cached_property
    def price_reviews(self) -> PriceReviews:
        return PriceReviews(self.connection)

    @cached_property
    def events(self) -> Events:
        return Events(self.connection)

    @cached_property
    def sign_ups(self) -> SignUps:
        return SignUps(self.connection)
