"""One transaction and the repositories that speak through it. The edge commits; nobody else does."""

from __future__ import annotations

from functools import cached_property

from sqlalchemy import Connection

from backend.store.deliveries import Deliveries
from backend.store.figures import Figures
from backend.store.followers import Followers
from backend.store.handoffs import Handoffs
from backend.store.imports import Imports
from backend.store.inbox import Inbox
from backend.store.listings import Listings
from backend.store.lists import Lists
from backend.store.misses import Misses
from backend.store.search_tasks import SearchTasks
from backend.store.staff import StaffAccounts
from backend.store.switches import Switches
from backend.store.timers import Timers
from backend.store.tokens import Tokens


class UnitOfWork:
    def __init__(self, connection: Connection) -> None:
        self.connection = connection

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
    def handoffs(self) -> Handoffs:
        return Handoffs(self.connection)

    @cached_property
    def misses(self) -> Misses:
        return Misses(self.connection)

    @cached_property
    def listings(self) -> Listings:
        return Listings(self.connection)

    @cached_property
    def imports(self) -> Imports:
        return Imports(self.connection)

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
    def timers(self) -> Timers:
        return Timers(self.connection)

    @cached_property
    def staff(self) -> StaffAccounts:
        return StaffAccounts(self.connection)

    @cached_property
    def figures(self) -> Figures:
        return Figures(self.connection)

    @cached_property
    def lists(self) -> Lists:
        return Lists(self.connection)
