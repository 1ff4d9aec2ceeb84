"""The few files of the console's look, all from this machine."""

from __future__ import annotations

from starlette.responses import FileResponse, Response

from backend.console.look import HOME
from backend.console.visit import Refusal, Visit

KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
FILES = {path.name: path for path in (HOME / "static").iterdir() if path.suffix in KINDS}


def show_file(visit: Visit) -> Response:
    """A file by its name; only those that were there when the process began."""
    path = FILES.get(visit.params["name"])
    if path is None:
        raise Refusal(404, "not_found")
    return FileResponse(path, media_type=KINDS[path.suffix])
