"""What a page needs to use the platform's own scripts (JS-SDK): its address, signed with the account's ticket."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import asdict, dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Permission:
    """The arguments of `wx.config`, in its own spelling."""

    appId: str  # noqa: N815 the platform's name
    timestamp: int
    nonceStr: str  # noqa: N815 the platform's name
    signature: str

    def dump(self) -> dict[str, str | int]:
        return asdict(self)


def permit(app_id: str, ticket: str, address: str, at: datetime, nonce: str = "") -> Permission:
    """Sign the page's address without what follows `#` (JS-SDK guide, appendix 1)."""
    nonce, moment = nonce or secrets.token_hex(8), int(at.timestamp())
    plain = f"jsapi_ticket={ticket}&noncestr={nonce}&timestamp={moment}&url={address.partition('#')[0]}"
    signature = hashlib.sha1(plain.encode()).hexdigest()  # noqa: S324 the platform's protocol
    return Permission(app_id, moment, nonce, signature)
