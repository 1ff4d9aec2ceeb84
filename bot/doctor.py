"""`huiqiao doctor`: what is missing or misconfigured, and what to do about it."""

from __future__ import annotations

import platform
import shutil
import sys
from collections.abc import Iterator
from datetime import datetime

import click
from pydantic import ValidationError

from backend.documents.fonts import NoFont, find_font
from backend.domain.clock import CHINA
from backend.services.alerts.round import pulse
from backend.store.schema import is_current
from bot.assembly import Assembly
from bot.dialogue.say import Value, say
from bot.models import NLU_PYTHON, current_model
from bot.processes import redis_binary
from bot.settings import Settings
from bot.texts import Texts

LEAST_MB = 500


def examine() -> bool:
    """Print every finding; True where nothing that is needed is missing."""
    texts = Texts()
    fine = True
    for good, key, values in findings():
        said = texts.render(say(f"office.doctor.{key}", **values))
        click.echo(texts.render(say("office.doctor.fine" if good else "office.doctor.missing", text=said)))
        fine = fine and good
    return fine


def findings() -> Iterator[tuple[bool, str, dict[str, Value]]]:
    version = platform.python_version()
    yield sys.version_info[:2] in {(3, 11), (3, 12)}, "python", {"number": version}
    yield platform.system() == "Linux" and platform.machine() == "x86_64", "platform", {"name": platform.platform()}
    yield NLU_PYTHON.exists(), "nlu_env", {}
    yield current_model().exists(), "model", {}
    try:
        settings = Settings()
    except ValidationError as error:
        reasons = "; ".join(problem["msg"] for problem in error.errors())
        yield False, "settings", {"reason": reasons}
        return
    parts = Assembly(settings)
    database = parts.database
    current = database.reachable() and is_current(database)
    yield current, "database", {}
    if current:
        beat = pulse(database)
        yield not beat.is_silent(parts.clock.now()), "alerts", {"as_of": when(beat.beat_at), "count": beat.saved}
    yield bool(settings.redis_url or redis_binary()), "redis", {}
    yield _has_chinese_font(), "font", {}
    free_mb = shutil.disk_usage(settings.huiqiao_data.resolve().parent).free // 2**20
    yield free_mb > LEAST_MB, "disk", {"count": free_mb}
    yield True, "live" if settings.is_live else "demo", {"reason": settings.app_id}


def when(at: datetime | None) -> str:
    """A moment as staff read it; empty where there was none."""
    return at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M") if at else ""


def _has_chinese_font() -> bool:
    try:
        find_font()
    except NoFont:
        return False
    return True
