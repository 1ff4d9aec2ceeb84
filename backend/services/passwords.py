"""Password hashes: argon2id, and never more than two at work, because each takes 64 MB."""

from __future__ import annotations

import threading
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_HASHER = PasswordHasher()  # argon2id, RFC 9106's second profile: 64 MiB, 3 passes, 4 lanes
_AT_ONCE = threading.BoundedSemaphore(2)


def hash_password(password: str) -> str:
    with _AT_ONCE:
        return _HASHER.hash(password)


def password_holds(held: str | None, password: str) -> bool:
    """True where the password fits. Without an account (None) it takes as long, so that time tells nothing."""
    with _AT_ONCE:
        try:
            return _HASHER.verify(held or _nobody(), password) and held is not None
        except (VerificationError, InvalidHashError):
            return False


@cache
def _nobody() -> str:
    return _HASHER.hash("nobody has this password")
