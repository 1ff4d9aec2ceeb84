"""How the parts are put together, shared by the web, the worker and the commands. Part of the roof."""

from __future__ import annotations

import contextlib
from functools import cached_property, partial
from pathlib import Path

from backend.console.visit import House
from backend.domain.clock import SystemClock
from backend.domain.deliveries import Channel
from backend.domain.registry import Registry
from backend.knowledge.retrieval import Retrieval
from backend.outreach.forms import Forms, demonstration_ids
from backend.registry.bridge import HttpRegistry
from backend.registry.chain import ChainedRegistry
from backend.registry.sql import SqlRegistry
from backend.search.everyday import office_tokenizer
from backend.search.index import PatentIndex
from backend.search.tokens import Tokenizer
from backend.search.vocabulary import Suggester
from backend.services.attachments import Cabinet, FileShelf
from backend.services.declarations.verifying import Office
from backend.services.desk import Desk
from backend.services.matching.matcher import Matcher
from backend.services.tokens import TokenShelf
from backend.services.writing import DatabaseUnreachable, OperationalError
from backend.store.database import PAGE_CACHE_MB, Database
from bot.dialogue.topics.match import why
from bot.h5.links import Links
from bot.models import trained_retrieval
from bot.nlu.client import RasaClient
from bot.nlu.gazetteer import place_names
from bot.nlu.grammar import Grammar
from bot.nlu.grammar.places import Places
from bot.nlu.keywords import Keywords
from bot.nlu.spelling import Spelling, heard_as, load_readings
from bot.nlu.understander import RasaUnderstander
from bot.policy_lines import DICTIONARY, NLU_DATA, how_people_write, question_words
from bot.settings import Settings
from bot.texts import Texts
from bot.texts.campaigns import Campaigns
from bot.texts.notices import Notices
from bot.wechat.client import Platform
from bot.wechat.codes import scene_picture
from bot.wechat.crypto import MessageCrypt
from bot.wechat.sender import PlatformSender
from bot.wechat.webhook import Mode

CHAT_LIMIT_S = 2.0  # a follower waits for the register no longer


class Assembly:
    """Builds each part once, when it is first needed. `page_cache_mb`: of a connection to SQLite, see `Database`."""

    def __init__(self, settings: Settings, *, page_cache_mb: int = PAGE_CACHE_MB) -> None:
        self.settings = settings
        self.page_cache_mb = page_cache_mb
        self.clock = SystemClock()

    @cached_property
    def database(self) -> Database:
        return Database(self.settings.database, page_cache_mb=self.page_cache_mb)

    @cached_property
    def tokenizer(self) -> Tokenizer:
        return office_tokenizer(DICTIONARY)

    @cached_property
    def index(self) -> PatentIndex:
        return PatentIndex(Path(self.settings.index_folder), self.tokenizer)

    @cached_property
    def retrieval(self) -> Retrieval:
        return trained_retrieval(question_words(self.tokenizer))

    @cached_property
    def desk(self) -> Desk:
        return Desk(
            self.database,
            self.index,
            self.retrieval,
            self.clock,
            demonstration=self.demonstration,
            registry=self.registry(limit_s=CHAT_LIMIT_S),
            suggester=self.suggester,
            matcher=self.matcher,
        )

    @property
    def loaded_registry(self) -> Registry:
        """The tables in the database, without a question to anybody else."""
        return SqlRegistry(self.database, demonstration=self.demonstration)

    @cached_property
    def suggester(self) -> Suggester:
        """Slips are put right towards the words of the pool and of the gazetteer."""
        return Suggester(self.index.vocabulary, self.index.tokenizer.words_added, heard_as(load_readings()))

    @cached_property
    def matcher(self) -> Matcher:
        return Matcher(self.database, self.tokenizer.words, self.clock, demonstration=self.demonstration)

    def registry(self, *, limit_s: float) -> Registry:
        """The loaded tables, then our bridge where one is set."""
        settings = self.settings
        sources: list[Registry] = [self.loaded_registry]
        if settings.registry_url:
            sources.append(
                HttpRegistry(settings.registry_url, settings.registry_token.get_secret_value(), limit_s=limit_s)
            )
        return ChainedRegistry(sources, self.clock)

    def declarations_office(self, registry: Registry) -> Office:
        """What the timed work on declarations needs."""
        return Office(self.database, registry, self.notices, self.clock)

    @property
    def demonstration(self) -> bool:
        """Whether invented rows may be loaded and shown."""
        return not self.settings.is_live and self.settings.huiqiao_demo

    @cached_property
    def texts(self) -> Texts:
        return Texts()

    @cached_property
    def files(self) -> FileShelf:
        """Where handed-in files lie: one folder for web and worker."""
        return FileShelf(self.settings.huiqiao_data.resolve() / "files")

    @cached_property
    def cabinet(self) -> Cabinet:
        return Cabinet(self.database, self.files, self.clock)

    @cached_property
    def links(self) -> Links:
        settings = self.settings
        return Links(settings.public_url.rstrip("/"), settings.huiqiao_secret_key.get_secret_value())

    @cached_property
    def notices(self) -> Notices:
        """The backend's words, with the addresses of followers' pages."""
        links = self.links
        return Notices(
            self.texts, draft=links.draft, declaration=links.declaration, table=links.table, event=links.event
        )

    @cached_property
    def voice(self) -> Campaigns:
        """What campaigns are made of besides the office's templates."""
        return Campaigns(self.texts, self.links.campaign)

    @cached_property
    def console_house(self) -> House:
        """What the console needs. The demonstration's account enters only where no real account is set."""
        settings = self.settings
        return House(
            self.database,
            self.clock,
            self.notices,
            self.matcher,
            lambda reasons: self.texts.render(why(reasons)),
            demonstration=not settings.is_live,
            secure=settings.public_url.startswith("https:"),
            cabinet=self.cabinet,
            voice=self.voice,
            secret=settings.huiqiao_secret_key.get_secret_value(),
            scene_code=partial(scene_picture, self.platform) if settings.is_live else None,
        )

    @cached_property
    def rasa(self) -> RasaClient:
        settings = self.settings
        return RasaClient(
            settings.nlu_url,
            settings.nlu_token.get_secret_value(),
            moved=settings.nlu_moved,
            limit_s=settings.huiqiao_nlu_limit_s,
        )

    @cached_property
    def understander(self) -> RasaUnderstander:
        grammar = Grammar(Places(place_names(NLU_DATA / "gazetteer")))
        spelling = Spelling(how_people_write(), self.tokenizer.cut, load_readings())
        return RasaUnderstander(self.rasa, grammar, Keywords(NLU_DATA / "fallback.yml"), spelling)

    @cached_property
    def crypt(self) -> MessageCrypt | None:
        settings = self.settings
        return None if settings.mode is Mode.PLAIN else MessageCrypt(settings.token, settings.aes_key, settings.app_id)

    @cached_property
    def platform(self) -> Platform:
        settings = self.settings
        return Platform(
            app_id=settings.app_id,
            secret=settings.wechat_app_secret.get_secret_value() or "demo",
            base_url=settings.api_url,
            shelf=TokenShelf(self.database),
            clock=self.clock,
        )

    @cached_property
    def sender(self) -> PlatformSender:
        return PlatformSender(self.platform)

    def doors(self) -> list[tuple[str, str]]:
        """The QR codes of the events that are ahead, for the demonstration's phone: (scene, title)."""
        with contextlib.suppress(DatabaseUnreachable, OperationalError):
            return [(view.event.scene, view.event.title) for view in self.desk.calendar.upcoming("")]
        return []

    @cached_property
    def forms(self) -> Forms:
        """The account's templates, with the ids the platform gave them; the demonstration has ids of its own."""
        settings = self.settings
        ids = {Channel.TEMPLATE: settings.templates, Channel.SUBSCRIPTION: settings.subscriptions}
        return Forms(ids if settings.is_live else demonstration_ids())
