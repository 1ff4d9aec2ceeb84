"""Followers as the choice of a channel needs them, locked while it is made; and what each choice uses up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, bindparam, select, text, update

from backend.domain.channels import Standing
from backend.domain.inbox import MESSAGE_WINDOW
from backend.store.among import among
from backend.store.tables import ConsentRow, FollowerRow

_USE_WINDOW = (
    update(FollowerRow)
    .where(among(FollowerRow.openid, "openids"), FollowerRow.window_left > 0)
    .values(window_left=FollowerRow.window_left - 1, window_pushed=FollowerRow.window_pushed + bindparam("pushed"))
)
_GIVE_BACK = text(
    """
    UPDATE follower SET window_left = window_left + 1,
        window_pushed = CASE WHEN window_pushed > 0 THEN window_pushed - :pushed ELSE 0 END
    WHERE openid = :openid_ AND window_left < :most
    """
).bindparams(bindparam("most", value=MESSAGE_WINDOW.messages))


# Put together once: these run for every few dozen messages, and building a statement costs more than running it.
_HOLD = (
    select(
        FollowerRow.openid,
        FollowerRow.following,
        FollowerRow.window_left,
        FollowerRow.window_until,
        FollowerRow.window_pushed,
    )
    .where(among(FollowerRow.openid, "openids"))
    .order_by(FollowerRow.openid)
    .with_for_update()
)
_PURPOSES = select(ConsentRow.openid, ConsentRow.purpose).where(among(ConsentRow.openid, "openids"))


class Standings:
    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def hold(self, openids: Sequence[str]) -> dict[str, Standing]:
        """Those that there are, locked in one order until the transaction ends."""
        rows = self.connection.execute(_HOLD, {"openids": openids})
        return {
            row.openid: Standing(
                following=row.following,
                window_left=row.window_left,
                window_until=row.window_until,
                window_pushed=row.window_pushed,
            )
            for row in rows
        }

    def purposes(self, openids: Sequence[str]) -> dict[str, frozenset[str]]:
        """What each of them agreed to, whichever wording."""
        rows = self.connection.execute(_PURPOSES, {"openids": openids})
        held: dict[str, set[str]] = {}
        for row in rows:
            held.setdefault(row.openid, set()).add(row.purpose)
        return {openid: frozenset(purposes) for openid, purposes in held.items()}

    def use_windows(self, openids: Mapping[str, bool]) -> None:
        """One message of each one's open window; True where it comes unasked. They are held."""
        for pushed in (0, 1):
            these = [openid for openid, gentle in openids.items() if gentle == bool(pushed)]
            if these:
                self.connection.execute(_USE_WINDOW, {"openids": these, "pushed": pushed})

    def give_back(self, openid: str, *, gentle: bool) -> None:
        """The platform did not take the message: it does not count."""
        self.connection.execute(_GIVE_BACK, {"openid_": openid, "pushed": int(gentle)})

    def close_window(self, openid: str) -> None:
        """The platform says the window is shut: believe it over our own count."""
        self.connection.execute(update(FollowerRow).where(FollowerRow.openid == openid).values(window_left=0))
