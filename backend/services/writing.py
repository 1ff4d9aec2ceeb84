"""What the async edge needs to write: the grouping writer, and the two races a caller must know."""

from backend.store.inbox import AnsweredElsewhere, RecordedElsewhere
from backend.store.unit_of_work import UnitOfWork
from backend.store.writer import Writer

__all__ = ["AnsweredElsewhere", "RecordedElsewhere", "UnitOfWork", "Writer"]
