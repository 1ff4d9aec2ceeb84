"""Planning for many: recipients in batches that nobody sees, between which followers' messages get their turn."""

from __future__ import annotations

import time
from collections.abc import Iterable
from itertools import islice

from backend.domain.clock import Clock
from backend.domain.deliveries import Recipient
from backend.store.database import Database

BATCH = 1000  # some hundredths of a second of the writer
PAUSE_S = 0.002  # on SQLite one writer at a time: whoever waits is let in


def stage_all(database: Database, campaign_id: int, recipients: Iterable[Recipient], clock: Clock) -> int:
    """Write all of them down, for `uow.campaigns.start` to make them visible; how many are new.

    Never holds more than a batch in memory. Broken off, it can be done again: who is written down stays once. Raises
    CampaignElsewhere once the campaign runs.
    """
    rest = iter(recipients)
    staged = 0
    while batch := list(islice(rest, BATCH)):
        with database.write() as uow:
            staged += uow.campaigns.stage(campaign_id, batch, at=clock.now())
        time.sleep(PAUSE_S)
    if staged >= BATCH:
        with database.write() as uow:
            uow.campaigns.survey()
    return staged
