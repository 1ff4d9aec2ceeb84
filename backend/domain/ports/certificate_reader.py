"""Who reads photos of certificates. The OCR room implements it; a worker calls it, never a request."""

from __future__ import annotations

from typing import Protocol

from backend.domain.certificates import Certificate


class CertificateReader(Protocol):
    """May take seconds. Raises the kinds of CertificateUnread."""

    def read_certificate(self, image: bytes) -> Certificate:
        """What the picture says."""
