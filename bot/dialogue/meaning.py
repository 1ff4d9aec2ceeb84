"""What a message means: the reading of the understanding process and of our own grammar, in words of ours."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from backend.domain.listings import Track
from backend.domain.patents import PatentKind
from backend.domain.queries import Facet, Sort
from backend.domain.saved_queries import Cadence


class Intent(StrEnum):
    """Everything a follower may want; docs/intents.md describes each. Anything else a model says is dropped."""

    GREET = "greet"
    THANKS = "thanks"
    GOODBYE = "goodbye"
    BOT_IDENTITY = "bot_identity"
    HELP = "help"
    COMPLAIN = "complain"
    ASK_PERSON = "ask_person"
    WRONG_ANSWER = "wrong_answer"
    PLAIN_WORDS = "plain_words"
    MORE_DETAIL = "more_detail"
    FEEDBACK = "feedback"
    PRIVACY_REQUEST = "privacy_request"
    AFFIRM = "affirm"
    DENY = "deny"
    ASK_POLICY = "ask_policy"
    SEARCH_PATENT = "search_patent"
    REFINE_SEARCH = "refine_search"
    SORT_RESULTS = "sort_results"
    SIMILAR_PATENTS = "similar_patents"
    SHOW_PATENT = "show_patent"
    PATENT_STATUS = "patent_status"
    CONTACT_HOLDER = "contact_holder"
    FAVOURITE = "favourite"
    MY_FAVOURITES = "my_favourites"
    MATCH_PATENTS = "match_patents"
    INTERESTED = "interested"
    NOT_RELEVANT = "not_relevant"
    APPLY_LICENSE = "apply_license"
    DECLARE = "declare"
    MY_DECLARATIONS = "my_declarations"
    WITHDRAW_DECLARATION = "withdraw_declaration"
    CHANGE_PRICE = "change_price"
    BIND_INSTITUTION = "bind_institution"
    LEAVE_INSTITUTION = "leave_institution"
    ESTIMATE_PRICE = "estimate_price"
    SUBSCRIBE = "subscribe"
    MANAGE_SUBSCRIPTIONS = "manage_subscriptions"
    UNSUBSCRIBE = "unsubscribe"
    NOTIFICATION_SETTINGS = "notification_settings"
    POST_NEED = "post_need"
    MANAGE_NEEDS = "manage_needs"
    COMPANY_PROFILE = "company_profile"
    LIST_EVENTS = "list_events"
    SIGN_UP_EVENT = "sign_up_event"
    CANCEL_SIGN_UP = "cancel_sign_up"
    TAKE_SURVEY = "take_survey"
    OUT_OF_SCOPE = "out_of_scope"


@dataclass(frozen=True, slots=True)
class Span:
    """Half-open offsets into the raw text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class SaidNumber:
    """A run that looks like a patent number. `number` is set when its check digit is right, `problem` when it is not."""

    span: Span
    said: str
    number: str | None
    problem: str | None = None
    full: str = ""


@dataclass(frozen=True, slots=True)
class SaidMoney:
    """A bound or range in yuan; both ends inclusive where set. An exact sum has both ends equal."""

    span: Span
    low: Decimal | None
    high: Decimal | None


@dataclass(frozen=True, slots=True)
class SaidRate:
    """A rate or range in percent."""

    span: Span
    low: Decimal | None
    high: Decimal | None


@dataclass(frozen=True, slots=True)
class SaidDates:
    """A day or a stretch of days, both ends inclusive; None is open."""

    span: Span
    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True)
class SaidPlace:
    """`code` is the prefecture-level unit, `said` the words used, such as 光谷."""

    span: Span
    said: str
    code: str


@dataclass(frozen=True, slots=True)
class SaidSymbol:
    """An IPC symbol in its normal form."""

    span: Span
    symbol: str


@dataclass(frozen=True, slots=True)
class SaidTelling:
    """About being told of what comes: how often, `new` that it is wished for in so many words, `stop` that it is not."""

    spans: tuple[Span, ...]
    cadence: Cadence | None = None
    new: bool = False
    stop: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """Closed words that narrow a search."""

    kind: PatentKind | None = None
    without_kind: PatentKind | None = None
    free: bool = False
    cheaper: bool = False
    sort: Sort | None = None
    track: Track | None = None
    facet: Facet | None = None  # by what the hits are to be counted


Said = TypeVar("Said", SaidNumber, SaidSymbol, SaidMoney, SaidRate, SaidDates, SaidPlace)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What our own grammar found in the raw text. It wins over the model."""

    numbers: tuple[SaidNumber, ...] = ()
    publications: tuple[SaidSymbol, ...] = ()
    symbols: tuple[SaidSymbol, ...] = ()
    money: tuple[SaidMoney, ...] = ()
    rates: tuple[SaidRate, ...] = ()
    dates: tuple[SaidDates, ...] = ()
    places: tuple[SaidPlace, ...] = ()
    without_places: tuple[SaidPlace, ...] = ()
    ordinal: int | None = None
    telling: SaidTelling | None = None
    wishes: Wishes = field(default_factory=Wishes)
    holder: str = ""  # an organisation named by its suffix, or as “权利人是…”
    phrase: str = ""  # in quotation marks
    title: str = ""  # “标题里有…”
    without_words: str = ""  # “不要…的”, blanks between
    left_over: str = ""  # the text without all of these and without carrier words
    context: str = ""  # what was told before the wish

    def within(self, start: int, end: int) -> Facts:
        """What the grammar found between two offsets, as if that were the whole text."""
        return Facts(
            numbers=_moved(self.numbers, start, end),
            publications=_moved(self.publications, start, end),
            symbols=_moved(self.symbols, start, end),
            money=_moved(self.money, start, end),
            rates=_moved(self.rates, start, end),
            dates=_moved(self.dates, start, end),
            places=_moved(self.places, start, end),
        )


def _moved(said: tuple[Said, ...], start: int, end: int) -> tuple[Said, ...]:
    """Those between; one may begin with the blank before."""
    return tuple(
        replace(one, span=Span(max(one.span.start - start, 0), one.span.end - start))
        for one in said
        if one.span.start >= start - 1 and start < one.span.end <= end
    )


@dataclass(frozen=True, slots=True)
class Entity:
    """An open-vocabulary span from the model: topic or holder."""

    name: str
    value: str
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """One reading. `text` is what was typed, as it is usually written; offsets are into it. `degraded` says that the
    understanding process did not take part.
    """

    text: str = ""
    intent: Intent = Intent.OUT_OF_SCOPE
    confidence: float = 0.0
    ranking: tuple[tuple[Intent, float], ...] = ()
    entities: tuple[Entity, ...] = ()
    facts: Facts = field(default_factory=Facts)
    degraded: bool = False

    @property
    def topic(self) -> str:
        """The technology words: what our grammar left over, which loses nothing, else the model's spans."""
        return self.facts.left_over or " ".join(entity.value for entity in self.entities if entity.name == "topic")

    def entity(self, name: str) -> str:
        """The longest value of that name, or the empty string."""
        return max((entity.value for entity in self.entities if entity.name == name), key=len, default="")
