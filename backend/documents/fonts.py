"""Where the open font is: Noto Sans CJK SC (SIL Open Font License), which every PDF embeds.

The same file comes in the wheel `noto-cjk-sans-otc` and in Debian's `fonts-noto-cjk`. No other font of the machine is
used, so a PDF looks alike everywhere.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from backend.domain.errors import AssistantError

if TYPE_CHECKING:  # the engine comes when a font is first needed: most processes draw nothing
    import typst

FAMILY = "Noto Sans CJK SC"
FILE = "NotoSansCJK-Regular.ttc"
WHEEL = "noto_cjk_sans_otc"
FOLDERS = (
    "/usr/share/fonts/opentype/noto",  # Debian, Ubuntu
    "/usr/share/fonts/google-noto-sans-cjk-fonts",  # Fedora
    "/usr/share/fonts/google-noto-cjk",  # CentOS, openEuler
    "/usr/share/fonts/noto-cjk",  # Arch
    "/usr/local/share/fonts",
)


class NoFont(AssistantError):
    """The open font is not on this machine; no PDF can be made, docx can."""

    code = "document.no_font"


@dataclass(frozen=True, slots=True)
class Font:
    """One face of a font file; `faces` is what the PDF engine reads it through."""

    path: Path
    index: int
    faces: typst.Fonts


def _folders() -> Iterator[Path]:
    """The wheel first: it is pinned, the system's is not."""
    wheel = importlib.util.find_spec(WHEEL)
    if wheel:
        yield from (Path(place) for place in wheel.submodule_search_locations or ())
    yield from map(Path, FOLDERS)


def font_in(folders: Iterable[Path]) -> Font:
    """The first folder that holds the font. Raises NoFont."""
    import typst

    for folder in folders:
        if not (folder / FILE).is_file():
            continue
        faces = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(folder)])
        for face in faces.fonts():
            if face.family == FAMILY and face.path and Path(face.path).name == FILE:
                return Font(Path(face.path), face.index, faces)
    raise NoFont(family=FAMILY, file=FILE)


@cache
def find_font() -> Font:
    """The font of this machine. Raises NoFont."""
    return font_in(_folders())
