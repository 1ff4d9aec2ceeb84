"""The hash under which proof stays when a follower is forgotten: without the secret nobody can tell whose it was."""

from __future__ import annotations

import hashlib
import hmac


def keyed(openid: str, secret: str) -> str:
    """64 hexadecimal digits, the same for the same follower of the same office."""
    return hmac.new(secret.encode(), openid.encode(), hashlib.sha256).hexdigest()
