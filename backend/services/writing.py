"""What the async edge needs to write: the grouping writer, and what can go wrong that a caller must know."""

from sqlalchemy.exc import OperationalError

from backend.store.database import DatabaseUnreachable
from backend.store.inbox import AnsweredElsewhere, RecordedElsewhere
from backend.store.unit_of_work import UnitOfWork
from backend.store.writer import Writer

__all__ = ["AnsweredElsewhere", "DatabaseUnreachable", "OperationalError", "RecordedElsewhere", "UnitOfWork", "Writer"]
