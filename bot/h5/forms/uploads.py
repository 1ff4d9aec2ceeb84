"""A post with files: read whole within its limit, or drained, so that the browser hears the refusal and not a broken line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import Message

from backend.domain.attachments import MOST_BYTES

MOST_POSTED = 3 * MOST_BYTES + 64 * 1024  # three of the largest, or many photos
MOST_DRAINED = 128 * 1024 * 1024
MOST_PARTS = 20


class TooMuch(Exception):
    """More than a post may hold. What was still on its way has been read and thrown away."""


@dataclass(frozen=True, slots=True)
class Upload:
    """`file` is a temporary one of the server's; read it in a thread."""

    name: str
    file: UploadFile

    def read(self) -> bytes:
        """The content, and one byte more where it is longer than any file may be."""
        return self.file.file.read(MOST_BYTES + 1)


@dataclass(slots=True)
class Posted:
    fields: Mapping[str, list[str]] = field(default_factory=dict)
    files: tuple[Upload, ...] = ()
    held: FormData | None = None

    async def close(self) -> None:
        if self.held is not None:
            await self.held.close()


async def read_posted(request: Request) -> Posted:
    """Fields and files. What is no form has neither. Raises TooMuch."""
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > MOST_POSTED:
        await drain(request)
        raise TooMuch
    seen, more = 0, True

    async def counted() -> Message:
        nonlocal seen, more
        message = await request.receive()
        seen, more = seen + len(message.get("body", b"")), message.get("more_body", False)
        if seen > MOST_POSTED:
            raise TooMuch
        return message

    try:
        held = await Request(request.scope, counted).form(max_files=MOST_PARTS, max_fields=MOST_PARTS)
    except TooMuch:
        if more:
            await drain(request)
        raise
    except HTTPException:  # no form, or a broken one
        if more:
            await drain(request)
        return Posted()
    return _sorted(held)


def _sorted(held: FormData) -> Posted:
    fields: dict[str, list[str]] = {}
    files: list[Upload] = []
    for name, value in held.multi_items():
        if isinstance(value, UploadFile):
            if value.filename:  # a chooser that was left empty sends a part without a name
                files.append(Upload(value.filename, value))
        else:
            fields.setdefault(name, []).append(value)
    return Posted(fields, tuple(files), held)


async def drain(request: Request) -> None:
    """Read and forget, within reason."""
    seen = 0
    while seen <= MOST_DRAINED:
        message = await request.receive()
        seen += len(message.get("body", b""))
        if message["type"] == "http.disconnect" or not message.get("more_body", False):
            return
