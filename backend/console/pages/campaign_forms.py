"""What stands in a campaign's form, read into a brief; and a brief's audience as the form's choices."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from backend.domain.briefs import MOST_NUMBERS, Audience, AudienceRole, Brief, Content
from backend.domain.clock import CHINA
from backend.domain.companies import CompanyLabel
from backend.domain.errors import AssistantError
from backend.domain.hubei import clusters, places
from backend.domain.institutions import InstitutionLabel
from backend.domain.patent_number import parse_patent_number
from backend.outreach.briefs import FASTEST, LONGEST_DAYS

MOST_WORDS, MOST_CONTENT = 2000, 1000
_LINES = re.compile(r"[\r\n,，;；、]+")


@dataclass(frozen=True, slots=True)
class Group:
    """One part of the audience: the field's name, and (value, word, chosen) of each choice."""

    name: str
    choices: tuple[tuple[str, str, bool], ...]

    @property
    def chosen(self) -> tuple[str, ...]:
        return tuple(word for _, word, chosen in self.choices if chosen)


def choices_of(brief: Brief) -> dict[str, Group]:
    """Every part by its name. Words of enumerations are the labels', so they stay empty here."""
    held = brief.audience
    cities = {code: place.name for code, place in places().items()}
    return {
        "role": _group("role", {str(role): "" for role in AudienceRole}, map(str, held.roles)),
        "place": _group("place", cities, held.places),
        "cluster": _group("cluster", clusters(), held.clusters),
        "company": _group("company", {str(label): "" for label in CompanyLabel}, map(str, held.company_labels)),
        "institution": _group(
            "institution", {str(label): "" for label in InstitutionLabel}, map(str, held.institution_labels)
        ),
        "topic": _group("topic", clusters(), held.about_topics),
        "about": _group("about", cities, held.about_places),
    }


def _group(name: str, words: dict[str, str], chosen: Iterable[str]) -> Group:
    held = set(chosen)
    return Group(name, tuple((value, word, value in held) for value, word in words.items()))


def filled_in(brief: Brief, given: Callable[[str], str]) -> Brief:
    """What the form says; what is none of its choices is left out."""

    def ticked(name: str, values: Iterable[str]) -> tuple[str, ...]:
        return tuple(value for value in values if given(f"{name}.{value}"))

    audience = Audience(
        roles=tuple(role for role in AudienceRole if given(f"role.{role}")),
        places=ticked("place", places()),
        clusters=ticked("cluster", clusters()),
        company_labels=tuple(label for label in CompanyLabel if given(f"company.{label}")),
        institution_labels=tuple(label for label in InstitutionLabel if given(f"institution.{label}")),
        about_topics=ticked("topic", clusters()),
        about_places=ticked("about", places()),
        numbers=_numbers(given("numbers")),
        listed=brief.audience.listed,
    )
    content = Content(
        title=_text(given("title")).replace("\n", " "),
        body=_text(given("body")),
        source=_text(given("source")).replace("\n", " "),
        address=given("address").strip()[:400],
        number=next(iter(_numbers(given("number"))), ""),
    )
    words = given("words").replace("\r\n", "\n").strip()[:MOST_WORDS]
    return replace(
        brief,
        name=given("name").strip()[:100] or brief.name,
        audience=audience,
        content=content,
        words=words,
        text_version=brief.text_version if words == brief.words else "own",
        starts_at=as_moment(given("starts_at")),
        lasts_days=min(max(number_of(given("lasts_days"), brief.lasts_days), 1), LONGEST_DAYS),
        per_minute=min(number_of(given("per_minute"), 0), FASTEST),
    )


def _text(given: str) -> str:
    return given.replace("\r\n", "\n").strip()[:MOST_CONTENT]


def _numbers(given: str) -> tuple[str, ...]:
    """The patent numbers that were written, each once, in the form in which the pool has them."""
    found: dict[str, None] = {}
    for line in _LINES.split(given)[: 4 * MOST_NUMBERS]:
        whole = _number(line)  # “ZL 2021 1 0123456.7” is one number, although it has blanks
        pieces = [whole] if whole else [_number(piece) for piece in line.split()]
        found |= {number: None for number in pieces if number}
    return tuple(found)[:MOST_NUMBERS]


def _number(text: str) -> str:
    """In the form in which the pool has it; empty for anything that is none."""
    try:
        return str(parse_patent_number(text))
    except AssistantError:
        return ""


def number_of(text: str, otherwise: int) -> int:
    """A whole number that was typed."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else otherwise  # noqa: PLR2004 both databases hold nine digits


def as_moment(text: str) -> datetime | None:
    """What a field of date and time sends, in Hubei; None for anything else."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment.replace(tzinfo=CHINA) if moment.tzinfo is None else None
