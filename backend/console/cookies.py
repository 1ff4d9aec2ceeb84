"""The console's two cookies: out of reach of scripts, of other sites, and of other parts of this one."""

from __future__ import annotations

from starlette.responses import Response

from backend.console.visit import Visit


def give_cookie(visit: Visit, answer: Response, name: str, value: str) -> None:
    """Set it until the browser closes; how long it opens anything is decided in SQL."""
    answer.set_cookie(name, value, path=visit.base or "/", secure=visit.house.secure, httponly=True, samesite="strict")


def drop_cookie(visit: Visit, answer: Response, name: str) -> None:
    answer.delete_cookie(name, path=visit.base or "/", secure=visit.house.secure, httponly=True, samesite="strict")
