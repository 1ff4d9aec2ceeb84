"""What an address asks for: the filters of its query, and back again into links."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from urllib.parse import urlencode

from backend.domain.hubei import clusters, place_named, places
from backend.domain.listings import Track
from backend.domain.patents import PatentKind
from backend.domain.queries import PatentQuery, Sort
from bot.nlu.grammar.words import read_words

MOST_LETTERS = 60
FILTERS = ("words", "place", "kind", "free", "price", "holder", "cluster", "track")
_PRICE = re.compile(r"\d{1,12}(?:\.\d{1,2})?")
_PAGE = re.compile(r"[1-9]\d{0,5}")


@dataclass(frozen=True, slots=True)
class Asked:
    """`held` are the conditions as they were understood, by name of the field; `ignored` names those that were not."""

    held: dict[str, str]
    page: int
    ignored: tuple[str, ...]

    @property
    def query(self) -> PatentQuery:
        """Among the words what is quoted, wanted in the title and excluded, as the conversation reads it."""
        get = self.held.get
        said = read_words(get("words", ""))
        return replace(
            said,
            place_code=get("place", ""),
            kind=PatentKind(self.held["kind"]) if "kind" in self.held else None,
            free="free" in self.held,
            max_upfront_yuan=Decimal(self.held["price"]) if "price" in self.held else None,
            holder=get("holder", "") or said.holder,
            cluster=self.cluster,
            track=Track(self.held["track"]) if "track" in self.held else said.track,
            sort=Sort(get("sort", "fit")),
        )

    @property
    def cluster(self) -> str:
        """Its name."""
        return clusters().get(self.held.get("cluster", ""), "")

    @property
    def narrowed(self) -> bool:
        """True for one of the endless variations of the list, which no search engine need keep."""
        return bool(self.held)

    def address(self, page: int = 1) -> str:
        """The one address of this page of this list, without its host."""
        values = [*self.held.items(), *([("page", str(page))] if page > 1 else [])]
        return f"/pool?{urlencode(values)}" if values else "/pool"

    def narrowed_to(self, name: str, value: str) -> str:
        """The address of the first page with one condition more, or another value of it."""
        held = {key: said for key, said in self.held.items() if key not in {name, "sort"}} | {name: value}
        order = {"sort": self.held["sort"]} if "sort" in self.held else {}
        return Asked(held | order, 1, ()).address()

    def without(self, name: str) -> str:
        """The address of the first page with one condition given up."""
        return Asked({key: value for key, value in self.held.items() if key != name}, 1, ()).address()


def read_asked(values: Mapping[str, str]) -> Asked:
    """Whatever stands in the query; what is no value of its field is left out and named in `ignored`."""
    held: dict[str, str] = {}
    ignored: list[str] = []
    for name in (*FILTERS, "sort"):
        given = _clean(values.get(name, ""))
        if not given:
            continue
        understood = _understood(name, given)
        if understood:
            held[name] = understood
        if not understood or (name in {"words", "holder"} and understood != given):
            ignored.append(name)
    if held.get("sort") == Sort.FIT:
        del held["sort"]
    page = values.get("page", "")
    return Asked(held, int(page) if _PAGE.fullmatch(page) else 1, tuple(ignored))


def _clean(text: str) -> str:
    """Without what no keyboard types; PostgreSQL keeps no NUL."""
    kept = "".join(letter for letter in text if unicodedata.category(letter) not in {"Cc", "Cs", "Cf"})
    return kept.strip()


def _understood(name: str, given: str) -> str:
    """The value as it stands in an address; empty where it is none."""
    match name:
        case "words" | "holder":
            return given[:MOST_LETTERS].strip()
        case "place":
            named = place_named(given)
            return given if given in places() else named.code if named else ""
        case "track":
            return given if given in set(Track) else ""
        case "kind":
            return given if given in set(PatentKind) else ""
        case "cluster":
            return next((code for code, cluster in clusters().items() if given in {code, cluster}), "")
        case "sort":
            return given if given in set(Sort) else ""
        case "price":
            number = re.sub(r"[,\s]", "", unicodedata.normalize("NFKC", given))
            return number if _PRICE.fullmatch(number) and number.isascii() else ""
        case _:
            return "1"
