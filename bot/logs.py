"""Structured logs: one JSON object a line, ids only. What followers write is never logged, openids never in full."""

from __future__ import annotations

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

SHORT = 6


def _shorten(_logger: object, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    if "openid" in event:
        event["openid"] = f"{str(event['openid'])[:SHORT]}…"
    return event


def configure_logs(*, pretty: bool = False) -> None:
    """Call once at the start of a process. `pretty` is for a terminal."""
    renderer = (
        structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
        if pretty
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            _shorten,
            structlog.processors.format_exc_info if not pretty else structlog.processors.StackInfoRenderer(),
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(levelname)s %(name)s %(message)s")
    for chatty in ("urllib3", "wechatpy", "dramatiq", "apscheduler", "aiohttp"):
        logging.getLogger(chatty).setLevel(logging.ERROR)
