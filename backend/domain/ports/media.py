"""Where pictures that followers sent come from: the platform, by their id and never by an address."""

from __future__ import annotations

from typing import Protocol


class Media(Protocol):
    """Raises PhotoGone, TooLarge, NotAnImage (kinds of CertificateUnread) or TryLater."""

    def fetch(self, media_id: str, *, most_bytes: int) -> bytes:
        """The picture; not one byte more than allowed is held."""
