"""What every request passes before its page sees it: limits, session, role, token of the form. And what every answer gets."""

from __future__ import annotations

import asyncio
import hmac
import secrets
from collections.abc import AsyncGenerator, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote

import structlog
from sqlalchemy.exc import OperationalError
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from backend.console.cookies import give_cookie
from backend.console.look import Look
from backend.console.permissions import NOBODY_YET, RULES, UPLOADS
from backend.console.visit import DOOR_COOKIE, SESSION_COOKIE, House, Refusal, Upload, Visit, form_token
from backend.domain.errors import where
from backend.services.sessions import session_of
from backend.store.database import DatabaseUnreachable

MOST_BYTES = 256 * 1024
MOST_FIELDS = 200
THREADS = 4  # of the web process's pool of connections: followers come first
FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"
MOST_UPLOADED = 8 * 1024 * 1024
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex",
}
log = structlog.get_logger()
Page = Callable[[Visit], Response]


@dataclass(slots=True)
class Door:
    """Stands before every page. Pages are plain functions and run in a few threads of their own."""

    house: House
    look: Look
    threads: ThreadPoolExecutor

    def guard(self, method: str, path: str, page: Page) -> Callable[[Request], object]:
        """The page behind the door. Raises KeyError where the table of permissions does not know the route."""
        roles = RULES[method, path]

        async def guarded(request: Request) -> Response:
            visit = Visit(
                house=self.house,
                look=self.look,
                method=method,
                base=request.scope.get("root_path", ""),
                here=_here(request),
                params=dict(request.path_params),
                query=dict(parse_qsl(request.url.query, max_num_fields=MOST_FIELDS)),
                form={},
                secret=request.cookies.get(DOOR_COOKIE, ""),
            )
            try:
                loop = asyncio.get_running_loop()
                if method == "POST" and path in UPLOADS:
                    turned = await loop.run_in_executor(self.threads, self._stop_early, visit, request, roles)
                    if turned is not None:
                        return turned
                    visit.form, visit.files = await _upload(request)
                elif method == "POST":
                    visit.form = await _form(request)
                return await loop.run_in_executor(self.threads, self._enter, visit, request, roles, page)
            except Refusal as refusal:
                return self.refuse(visit, refusal)
            except (DatabaseUnreachable, OperationalError):
                return self.refuse(visit, Refusal(503, "database"))
            except Exception as error:  # noqa: BLE001 an error page without the error; the log has its kind and place
                log.error("console.failed", error=type(error).__name__, where=where(error), path=path)  # noqa: TRY400 the traceback quotes values
                return self.refuse(visit, Refusal(500, "failed"))

        return guarded

    def refuse(self, visit: Visit, refusal: Refusal) -> Response:
        return visit.show("refused.html", refusal.status, code=refusal.code)

    def _stop_early(self, visit: Visit, request: Request, roles: frozenset[object] | None) -> Response | None:
        """Nobody's megabytes are read who may not bring them. Raises Refusal; the way to the door where there is no session."""
        token = request.cookies.get(SESSION_COOKIE, "")
        session = session_of(
            self.house.database, token, at=visit.now, demonstration=self.house.demonstration, active=False
        )
        if session is None:
            return _to_the_door(visit, request)
        if roles is not None and session.staff.role not in roles:
            raise Refusal(403, "role")
        return None

    def _enter(self, visit: Visit, request: Request, roles: frozenset[object] | None, page: Page) -> Response:
        token = request.cookies.get(SESSION_COOKIE, "")
        visit.session = session_of(
            self.house.database,
            token,
            at=visit.now,
            demonstration=self.house.demonstration,
            active="refresh" not in visit.query,
        )
        if roles is NOBODY_YET:
            return self._before_the_door(visit, page)
        if visit.session is None:
            return _to_the_door(visit, request)
        visit.secret = token
        if visit.staff.role not in roles:
            raise Refusal(403, "role")
        if visit.method == "POST":
            _check_token(visit)
        elif visit.staff.must_change and visit.here != "/password":
            return visit.go("/password")
        if visit.method == "POST" and visit.staff.must_change and visit.here not in {"/password", "/logout"}:
            raise Refusal(403, "must_change")
        return page(visit)

    def _before_the_door(self, visit: Visit, page: Page) -> Response:
        """A form before the door is signed with a cookie of its own, so that nobody can be logged in from elsewhere."""
        if visit.method == "POST":
            _check_token(visit)
            return page(visit)
        fresh = not visit.secret
        visit.secret = visit.secret or secrets.token_urlsafe(24)
        answer = page(visit)
        if fresh:
            give_cookie(visit, answer, DOOR_COOKIE, visit.secret)
        return answer


def _here(request: Request) -> str:
    """The path inside the console."""
    path = request.url.path
    base = request.scope.get("root_path", "")
    return path.removeprefix(base) or "/"


def _to_the_door(visit: Visit, request: Request) -> Response:
    """To the log-in page, and back where they wanted to go. What a page asks by itself is told so and changes nothing."""
    if "hx-request" in request.headers:
        return Response(status_code=401)
    back = f"?next={quote(visit.here)}" if visit.method == "GET" and visit.here != "/" else ""
    return RedirectResponse(f"{visit.base}/login{back}", 303)


def _check_token(visit: Visit) -> None:
    given = visit.form.get("token", "")
    if not visit.secret or not hmac.compare_digest(given.encode(), form_token(visit.secret).encode()):
        raise Refusal(403, "token")


async def _form(request: Request) -> dict[str, str]:
    """The fields of a small form. Raises Refusal for anything else."""
    body = await _body(request, FORM, MOST_BYTES)
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS, encoding="utf-8")
    except (UnicodeDecodeError, ValueError):
        raise Refusal(400, "form") from None
    return dict(pairs)


async def _upload(request: Request) -> tuple[dict[str, str], dict[str, Upload]]:
    """The fields and files of a form that carries a table. Raises Refusal."""
    if request.headers.get("content-type", "").startswith(FORM):
        return await _form(request), {}  # sent without its file
    body = await _body(request, MULTIPART, MOST_UPLOADED)

    async def stream() -> AsyncGenerator[bytes, None]:
        yield body

    form: dict[str, str] = {}
    files: dict[str, Upload] = {}
    try:
        parsed = await MultiPartParser(request.headers, stream(), max_files=1, max_fields=MOST_FIELDS).parse()
        for name, value in parsed.multi_items():
            if isinstance(value, str):
                form[name] = value
            else:
                files[name] = Upload((value.filename or "").replace("\\", "/").rpartition("/")[2], await value.read())
        await parsed.close()
    except (MultiPartException, UnicodeDecodeError, ValueError, KeyError):
        raise Refusal(400, "form") from None
    return form, files


async def _body(request: Request, kind: str, most: int) -> bytes:
    """Raises Refusal for another type, another origin, and more bytes than fit."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != kind:
        raise Refusal(415, "form")
    if request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        raise Refusal(403, "token")
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > most:
            raise Refusal(413, "too_large")
    return bytes(body)
