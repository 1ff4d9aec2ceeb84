"""Archives that are equal for equal contents: no time of making, no machine, one order."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping

BEGINNING = (1980, 1, 1, 0, 0, 0)  # the earliest day an archive can hold
_STAMP = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*")
_CORE = "docProps/core.xml"


def packed(files: Mapping[str, bytes]) -> bytes:
    """A zip of the files in the given order."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, BEGINNING)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
    return held.getvalue()


def timeless(office_file: bytes) -> bytes:
    """A docx or xlsx without the times that its library wrote into it."""
    with zipfile.ZipFile(io.BytesIO(office_file)) as archive:
        parts = {entry.filename: archive.read(entry) for entry in archive.infolist()}
    if _CORE in parts:
        parts[_CORE] = _STAMP.sub(rb"\g<1>2000-01-01T00:00:00Z", parts[_CORE])
    return packed(parts)
