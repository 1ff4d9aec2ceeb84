"""What can be done on the phone, as the platform's fields and as the follower's own screen shows it."""

from __future__ import annotations

from typing import Any


def message_fields(action: dict[str, Any]) -> dict[str, Any] | None:
    """The platform's fields for an action; None where the action is unknown."""
    match action.get("action"):
        case "say":
            return {"MsgType": "text", "Content": str(action.get("text", ""))}
        case "tap":
            return {"MsgType": "event", "Event": "CLICK", "EventKey": str(action.get("key", ""))}
        case "view":
            return {"MsgType": "event", "Event": "VIEW", "EventKey": str(action.get("url", ""))}
        case "follow":
            scene = action.get("scene")
            held = {"EventKey": f"qrscene_{scene}", "Ticket": f"ticket-{scene}"} if scene else {"EventKey": ""}
            return {"MsgType": "event", "Event": "subscribe", **held}
        case "unfollow":
            return {"MsgType": "event", "Event": "unsubscribe", "EventKey": ""}
        case "scan":
            scene = str(action.get("scene", ""))
            return {"MsgType": "event", "Event": "SCAN", "EventKey": scene, "Ticket": f"ticket-{scene}"}
        case "location":
            return {
                "MsgType": "location",
                "Location_X": str(action.get("latitude", "")),
                "Location_Y": str(action.get("longitude", "")),
                "Scale": "15",
                "Label": str(action.get("label", "")),
            }
        case "voice":
            return {"MsgType": "voice", "MediaId": "voice-1", "MediaId16K": "voice-1-16k", "Format": "amr"}
        case "video":
            return {"MsgType": "video", "MediaId": "video-1", "ThumbMediaId": "thumb-1"}
        case "photo":
            media = str(action.get("media_id", ""))
            return {"MsgType": "image", "PicUrl": f"http://mmbiz.qpic.cn/demo/{media}", "MediaId": media}
        case "link":
            return {
                "MsgType": "link",
                "Title": str(action.get("title", "")),
                "Description": str(action.get("description", "")),
                "Url": str(action.get("url", "")),
            }
        case _:
            return None


def own_item(action: dict[str, Any], words: dict[str, Any]) -> dict[str, Any]:
    """The follower's own bubble, or the system line for what makes no bubble."""
    labels = words["labels"]
    match action["action"]:
        case "say":
            return {"from": "me", "kind": "text", "text": str(action.get("text", ""))}
        case "tap":
            return {"from": "system", "kind": "event", "text": f"{labels['tap']} {action.get('key', '')}"}
        case "view":
            return {"from": "system", "kind": "event", "text": labels["view"]}
        case "follow":
            return {"from": "system", "kind": "event", "text": words["followed"]}
        case "unfollow":
            return {"from": "system", "kind": "event", "text": words["unfollowed"]}
        case "scan":
            return {"from": "system", "kind": "event", "text": labels["scan"]}
        case "photo":
            url = f"/simulator/media/{action['media_id']}"
            return {"from": "me", "kind": "image", "text": labels["image"], "url": url, "picture": url}
        case "location":
            return {"from": "me", "kind": "location", "title": labels["location"], "text": str(action.get("label", ""))}
        case "link":
            held = {name: str(action.get(name, "")) for name in ("title", "description", "url")}
            return {"from": "me", "kind": "link", **held}
        case kind:
            return {"from": "me", "kind": str(kind), "text": labels[str(kind)]}
