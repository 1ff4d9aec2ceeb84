"""QR codes with a scene of ours (account QR code guide): whoever scans one is reported with it. Permanent ones: an account has
a hundred thousand, and the same scene is the same code."""

from __future__ import annotations

from urllib.parse import quote

from bot.wechat.client import Platform, PlatformError

PICTURE = "https://mp.weixin.qq.com/cgi-bin/showqrcode?ticket="


def scene_picture(platform: Platform, scene: str) -> str:
    """Where the picture of the scene's code is; empty while the platform does not give it."""
    asked = {"action_name": "QR_LIMIT_STR_SCENE", "action_info": {"scene": {"scene_str": scene}}}
    try:
        answer = platform.call(lambda client: client.qrcode.create(asked))
    except PlatformError:
        return ""
    ticket = answer.get("ticket")
    return PICTURE + quote(ticket, safe="") if isinstance(ticket, str) and ticket else ""
