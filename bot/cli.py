"""The `huiqiao` command. Thin: every command calls one use case and words its outcome."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import sys
import time
from pathlib import Path

import click

from bot.logs import configure_logs
from bot.matching import company, grade, match, rate
from bot.records import audit, knowledge, programme, registry
from bot.settings import Settings
from bot.staff import console_entrance, staff
from bot.terminal import settings_of as _settings
from bot.terminal import tell as _tell
from bot.terminal import word as _word
from bot.texts import Texts

SWITCH_S = 0.001  # the event loop and the writer thread take turns: five milliseconds would be half an answer


@click.group()
def main() -> None:
    """慧桥"""


for group in (staff, knowledge, registry, programme, audit, company, rate, grade, match):
    main.add_command(group)


@main.command()
@click.option("--port", type=int, default=None)
@click.option("--no-demo", is_flag=True)
def up(port: int | None, no_demo: bool) -> None:
    """Web, worker, understanding and, without REDIS_URL, the bundled Redis, in one terminal."""
    from backend.demonstration.events import load_events
    from backend.demonstration.load import load_demonstration
    from backend.demonstration.register import load_register
    from backend.search.indexer import Indexer
    from backend.store.schema import upgrade
    from bot.assembly import Assembly
    from bot.children import port_is_free
    from bot.processes import Supervisor, children_of, keeper_of, redis_folder, stop_on_signals

    configure_logs(pretty=sys.stderr.isatty())
    settings = _settings(huiqiao_port=port, huiqiao_demo=False if no_demo else None)
    if not port_is_free(settings.huiqiao_host, settings.huiqiao_port):
        raise click.ClickException(_word("office.up.port_taken", number=settings.huiqiao_port))
    model = _model(settings)
    parts = Assembly(settings)
    upgrade(parts.database)
    if parts.demonstration:
        load_register(parts.database, parts.clock)
        load_events(parts.database, parts.clock)
        count = load_demonstration(parts.database, parts.clock)
        if count:
            _tell("office.up.loaded", total=count)
    indexer = Indexer(parts.database, parts.index, parts.clock, demonstration=parts.demonstration)
    indexer.sync()
    indexer.close()
    entrance = "" if settings.is_live else console_entrance(parts)
    parts.database.close()
    with redis_folder() as folder:
        keeper = keeper_of(settings, model)
        supervisor = Supervisor(children_of(settings, folder, understanding=keeper), keeper)
        stop_on_signals(supervisor.stopping.set)
        _tell("office.up.ready_live" if settings.is_live else "office.up.ready", number=settings.public_url)
        if entrance:
            click.echo(entrance)
        try:
            supervisor.run()
        finally:
            supervisor.stop()


def _train() -> Path:
    from bot.models import TrainingFailed, current_model, train_if_needed

    if not current_model().exists():
        _tell("office.up.training")
    try:
        model, _ = train_if_needed()
    except TrainingFailed as error:
        raise click.ClickException(f"{_word('office.nlu.failed')}\n{error}") from None
    return model


def _model(settings: Settings) -> Path:
    """The archive to start with: the one promoted last while the content is the same, else today's."""
    from bot.models import todays_content
    from bot.promotion import remembered

    trained = _train()
    return remembered(settings.nlu_folder, todays_content()) or trained


def _give_back_memory() -> None:
    """What starting took and no longer needs, some 15 MB, goes back to the system; glibc keeps it otherwise."""
    gc.collect()
    with contextlib.suppress(OSError, AttributeError):  # another C library has no such call
        ctypes.CDLL(None).malloc_trim(0)


@main.command()
def web() -> None:
    """One web process."""
    import uvicorn

    from bot.main import create_app

    configure_logs()
    settings = _settings()
    sys.setswitchinterval(SWITCH_S)
    app = create_app(settings)
    _give_back_memory()
    uvicorn.run(
        app,
        host=settings.huiqiao_host,
        port=settings.huiqiao_port,
        loop="uvloop",
        http="httptools",
        access_log=False,
        log_level="warning",
        timeout_graceful_shutdown=6,
    )


@main.command()
def worker() -> None:
    """One worker process."""
    from bot.worker import Worker

    configure_logs()
    Worker(_settings()).run()


@main.group()
def nlu() -> None:
    """The understanding model."""


@nlu.command("train")
def nlu_train() -> None:
    """Train the model unless today's content has one."""
    _tell("office.nlu.made", name=str(_train()))


@nlu.command("serve")
@click.option("--port", type=int, default=5005)
@click.option("--host", default="127.0.0.1")
def nlu_serve(port: int, host: str) -> None:
    """The understanding process, in its own Python, and its keeper, which takes promotions."""
    from functools import partial

    from bot.children import nlu_child, port_is_free
    from bot.keeper import Keeper
    from bot.processes import Supervisor, stop_on_signals

    configure_logs()
    settings = _settings()
    if not port_is_free(host, port):
        raise click.ClickException(_word("office.up.port_taken", number=port))
    token = settings.nlu_token.get_secret_value()
    child_for = partial(nlu_child, token=token, host=host)
    keeper = Keeper(settings.nlu_folder, _model(settings), home=port, token=token, child_for=child_for)
    supervisor = Supervisor([], keeper)
    stop_on_signals(supervisor.stopping.set)
    try:
        supervisor.run()
    finally:
        supervisor.stop()


@nlu.command("promote")
@click.argument("archive", type=click.Path(path_type=Path), required=False)
def nlu_promote(archive: Path | None) -> None:
    """Let ARCHIVE, or today's model, take over from the running one without a pause."""
    from bot.models import todays_content
    from bot.promotion import PromotionRefused, ask, homes, shelve

    folder = _settings().nlu_folder
    try:
        kept = homes(folder)
        if not kept:
            raise PromotionRefused("nobody")
        promotion = shelve(folder, archive or _train(), todays_content())
        for home in kept:
            began = time.monotonic()
            for stage in ask(folder, home, promotion):
                _tell(f"office_promote.{stage}", number=home, count=round(time.monotonic() - began, 1))
    except PromotionRefused as refused:
        raise click.ClickException(_word(f"office_promote.not.{refused.code}")) from None
    except OSError as error:
        raise click.ClickException(f"{_word('office_promote.not.failed')}\n{error}") from None


@nlu.command("gazetteer")
def nlu_gazetteer() -> None:
    """Bring the generated dictionary and lookups up to date with the gazetteer."""
    from bot.nlu.gazetteer import write_generated
    from bot.policy_lines import NLU_DATA

    _tell("office.nlu.gazetteer", items=tuple(write_generated(NLU_DATA)) or ("-",))


@main.group()
def db() -> None:
    """The database."""


@db.command("upgrade")
def db_upgrade() -> None:
    """Bring the schema up to date."""
    from backend.store.schema import upgrade
    from bot.assembly import Assembly

    upgrade(Assembly(_settings()).database)


@main.group()
def pool() -> None:
    """The patent pool."""


@pool.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--publish", is_flag=True)
@click.option("--by", "by", default="")
@click.option("--skip-bad", is_flag=True)
def pool_import(file: Path, publish: bool, by: str, skip_bad: bool) -> None:
    """Take in an information table (xlsx or csv)."""
    from backend.services.pool.importing import import_file
    from backend.services.pool.problems import FileRefused
    from backend.store.schema import upgrade
    from bot.assembly import Assembly
    from bot.imports import progress_bar, tell_report

    if publish and not by.strip():
        raise click.ClickException(_word("office.pool.needs_name"))
    parts = Assembly(_settings())
    upgrade(parts.database)
    try:
        with progress_bar() as progress:
            report = import_file(
                parts.database,
                file,
                clock=parts.clock,
                vouched_by=by.strip() if publish else "",
                skip_bad=skip_bad,
                progress=progress,
            )
    except FileRefused as error:
        raise click.ClickException(_word(f"import.{error.code}", **error.values)) from None
    if not tell_report(report, Texts()):
        sys.exit(1)


@pool.command("export")
@click.argument("file", type=click.Path(path_type=Path))
def pool_export(file: Path) -> None:
    """Write the published pool as an information table (xlsx or csv)."""
    from backend.domain.clock import day_of
    from backend.services.pool.exporting import export_pool
    from backend.services.pool.problems import FileRefused
    from backend.store.schema import upgrade
    from bot.assembly import Assembly

    parts = Assembly(_settings())
    upgrade(parts.database)
    try:
        today = day_of(parts.clock.now())
        count = export_pool(parts.database, file, on=today, demonstration=parts.demonstration)
    except FileRefused as error:
        raise click.ClickException(_word(f"import.{error.code}", **error.values)) from None
    _tell("office.pool.exported", total=count, name=str(file))


@main.group()
def menu() -> None:
    """The service menu."""


@menu.command("sync")
def menu_sync() -> None:
    """Make the account's menu the one in bot/wechat/menu.yml."""
    from bot.assembly import Assembly
    from bot.wechat.client import PlatformError
    from bot.wechat.menu import sync_menu

    try:
        sync_menu(Assembly(_settings()).platform)
    except PlatformError as error:
        raise click.ClickException(_word("office.menu.refused", number=error.code)) from None
    _tell("office.menu.synced")


@main.group()
def handoff() -> None:
    """Followers who asked for a person."""


@handoff.command("list")
def handoff_list() -> None:
    """Everybody who waits or is being answered."""
    from bot.assembly import Assembly

    texts = Texts()
    with Assembly(_settings()).database.read() as uow:
        waiting = uow.handoffs.still_open()
    if not waiting:
        _tell("office.handoff.none")
    for request in waiting:
        at = f"{request.opened_at:%Y-%m-%d %H:%M}"
        _tell(
            "office.handoff.head", position=request.id, name=f"{request.openid[:6]}…", number=str(request.status), at=at
        )
        for line in request.lines:
            by = line.by or texts.templates["office.handoff.follower"]
            _tell("office.handoff.line", by=by, text=line.text)


@handoff.command("reply")
@click.argument("number", type=int)
@click.argument("text")
@click.option("--by", default="staff")
@click.option("--close", is_flag=True)
def handoff_reply(number: int, text: str, by: str, close: bool) -> None:
    """Answer request NUMBER; the follower gets it in the chat, or at the next visit."""
    from backend.services.handoffs import HandoffNotFound, reply_to_handoff
    from bot.assembly import Assembly

    parts = Assembly(_settings())
    worded = _word("person.reply", text=text)
    try:
        with parts.database.write() as uow:
            reply_to_handoff(uow, handoff_id=number, by=by, text=text, worded=worded, close=close, at=parts.clock.now())
    except HandoffNotFound:
        raise click.ClickException(_word("office.handoff.not_found")) from None
    _tell("office.handoff.replied")


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
def backup(file: Path) -> None:
    """A consistent copy of the database while it is in use."""
    from backend.services.backups import BackupImpossible, back_up
    from bot.assembly import Assembly

    try:
        back_up(Assembly(_settings()).database, file)
    except BackupImpossible as error:
        raise click.ClickException(_word(f"office.backup.{error.code}", name=str(file))) from None
    _tell("office.backup.done", name=str(file))


@main.command()
@click.argument("file", type=click.Path(exists=True, path_type=Path))
def restore(file: Path) -> None:
    """Restore a copy into an empty place; it starts with sending off."""
    from backend.services.backups import BackupImpossible, restore_copy
    from bot.assembly import Assembly

    parts = Assembly(_settings())
    try:
        where = restore_copy(parts.database, file, at=parts.clock.now())
    except BackupImpossible as error:
        raise click.ClickException(_word(f"office.backup.{error.code}", name=str(error.where))) from None
    _tell("office.backup.restored", name=where)


@main.command()
@click.argument("state", type=click.Choice(["on", "off"]))
def sending(state: str) -> None:
    """Allow or forbid everything that is sent unasked."""
    from backend.store.switches import SENDING
    from bot.assembly import Assembly

    parts = Assembly(_settings())
    with parts.database.write() as uow:
        uow.switches.set(SENDING, state, at=parts.clock.now())
    _tell(f"office.sending.{state}")


@main.command()
def doctor() -> None:
    """What is missing or misconfigured, in plain words."""
    from bot.doctor import examine

    if not examine():
        sys.exit(1)


if __name__ == "__main__":
    main()
