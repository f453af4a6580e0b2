"""The desk as an ASGI app: from a request to the page or deed of the tables, and back in the format it wants."""

from __future__ import annotations

import hashlib
import json
import logging
import secrets
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

import sqlalchemy as sa
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from stillon import __version__
from stillon.errors import StillonError
from stillon.keeping.paging import state_of
from stillon.serving import accounts, openapi
from stillon.serving.accounts import FORM_COOKIE, SESSION_COOKIE
from stillon.serving.deeds import DEEDS, Deed, Done, Fields
from stillon.serving.desk import EDITOR, Asked, Caller, Desk, Shown
from stillon.serving.formats import FORMATS, choose, suffix_of
from stillon.serving.pages import VISIT_COOKIE, link, previous_visit, visit_cookie
from stillon.serving.queries import read_query
from stillon.serving.refusing import (
    NoSuchFormat,
    NotAllowed,
    NotHere,
    OtherForm,
    Refusal,
    SignInFirst,
    TooMuch,
    WrongUse,
)
from stillon.serving.rendering import STATIC, Templates
from stillon.serving.routes import PAGES, Page

MOST_BODY = 64_000
"""Bytes of a form."""
VISIT_LASTS_S = 400 * 24 * 3600
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""Nothing from other hosts, and no script or style but in files of our own."""
HEADERS = (
    ("content-security-policy", POLICY),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=()"),
)
_LOG = logging.getLogger("stillon.serving")


def make_app(desk: Desk, *, pages: Sequence[Page] = PAGES, deeds: Sequence[Deed] = DEEDS) -> Starlette:
    """The app over a desk, with the pages and deeds of the tables."""
    templates = Templates()
    routes: list[BaseRoute] = []
    by_path = {page.path: page for page in pages}
    done = {deed.path for deed in deeds}
    for page in pages:
        answer = _Answer(desk, templates, page)
        routes.append(Route(page.path, answer.get, methods=["GET"], name=page.name))
        if page.path == "/board":
            routes.append(Route("/", answer.get, methods=["GET"], name="home"))
    for deed in deeds:
        act = _Act(desk, templates, deed)
        methods = ["POST"]
        routes.append(Route(deed.path, act.post, methods=methods, name=f"{deed.name}_deed"))
    routes = _joined(routes, by_path.keys() & done)
    routes += [
        Route("/health", _health(desk), methods=["GET"], name="health"),
        Route("/openapi.json", _described(pages, deeds), methods=["GET"], name="openapi"),
        Mount("/static", StaticFiles(directory=STATIC), name="static"),
    ]
    app = Starlette(
        routes=routes,
        exception_handlers={
            Refusal: _refused(desk, templates),
            HTTPException: _refused(desk, templates),
            StillonError: _failed(desk, templates),
            Exception: _failed(desk, templates),
        },
    )
    app.state.desk = desk
    app.add_middleware(_Surface)
    return app


def _joined(routes: Sequence[BaseRoute], both: set[str]) -> list[BaseRoute]:
    """The routes; where a page and a deed have one path, one of them answers either method."""
    kept: list[BaseRoute] = []
    waiting: dict[str, Route] = {}
    for route in routes:
        assert isinstance(route, Route)
        if route.path not in both:
            kept.append(route)
        elif route.path not in waiting:
            waiting[route.path] = route
        else:
            kept.append(
                Route(route.path, _either(waiting[route.path], route), methods=["GET", "POST"], name=route.name)
            )
    return kept


def _either(reads: Route, writes: Route) -> Any:
    async def answer(request: Request) -> Response:
        if request.method == "POST":
            response: Response = await writes.endpoint(request)
            return response
        return await run_in_threadpool(reads.endpoint, request)

    return answer


# -- reading ----------------------------------------------------------------------------------------


class _Answer:
    """Shows one page."""

    def __init__(self, desk: Desk, templates: Templates, page: Page) -> None:
        self.desk = desk
        self.templates = templates
        self.page = page

    def get(self, request: Request) -> Response:
        """The page in the format that is wanted; 304 where the reader has it already."""
        page = self.page
        wanted = _format(request, page.formats)
        caller = _caller(self.desk, request)
        self._check_reader(caller)
        asked = _asked(self.desk, request, caller, read_query(request.query_params, page.query))
        if page.is_door:
            response = self._shown(page.show(asked), asked, wanted)
            response.headers["cache-control"] = "no-store"
            return response
        etag = self._etag(asked, wanted)
        headers = {"etag": etag, "cache-control": "private, no-cache", "vary": "Accept, Cookie, Authorization"}
        if etag in {each.strip().removeprefix("W/") for each in request.headers.get("if-none-match", "").split(",")}:
            return Response(status_code=304, headers=headers)
        response = self._shown(page.show(asked), asked, wanted)
        response.headers.update(headers)
        if page.name == "board" and wanted == "html":
            kept = visit_cookie(request.cookies.get(VISIT_COOKIE), asked.today)
            _set_cookie(response, request, VISIT_COOKIE, kept, lasts_s=VISIT_LASTS_S)
        return response

    def _check_reader(self, caller: Caller) -> None:
        needs = self.page.needs
        if self.page.is_door and needs is None:
            return
        if caller.name is None and (needs is not None or not self.desk.settings.open_reading):
            raise SignInFirst("sign in to read this")
        if needs == EDITOR and not caller.may_edit:
            raise NotAllowed("only an editor may see this")

    def _shown(self, shown: Shown, asked: Asked, wanted: str) -> Response:
        made = FORMATS[wanted]
        if made.render is not None:
            return Response(made.render(shown), media_type=made.media)
        return html(self.templates, shown, asked, page=self.page)

    def _etag(self, asked: Asked, wanted: str) -> str:
        """A tag that changes whenever the page can: with the store, the day, the reader, and the program."""
        with self.desk.store.read() as snapshot:
            state = state_of(snapshot)
        request = asked.request
        visit = previous_visit(request.cookies.get(VISIT_COOKIE), asked.today)
        parts = (
            __version__,
            self.templates.version,
            state,
            asked.today,
            link(asked, after=asked.query.get("after")),
            wanted,
            asked.caller,
            visit,
        )
        return f'"{hashlib.blake2b(repr(parts).encode(), digest_size=12).hexdigest()}"'


def html(templates: Templates, shown: Shown, asked: Asked, *, page: Page | None = None, status: int = 200) -> Response:
    """A page for a person; whoever is not signed in gets the cookie that the forms for signing in need."""
    request = asked.request
    form = asked.caller.form
    fresh = None
    if form is None:
        form = request.cookies.get(FORM_COOKIE) or (fresh := secrets.token_urlsafe(24))
    text = templates.render(shown, asked, form=form, page=page)
    response = Response(text, status_code=status, media_type=FORMATS["html"].media)
    if fresh is not None and page is not None and page.is_door:
        _set_cookie(response, request, FORM_COOKIE, fresh)
    return response


def _format(request: Request, offered: Sequence[str]) -> str:
    suffix: str | None = request.scope.get("asked_suffix")
    if suffix is None:
        return choose(request.headers.get("accept"), offered)
    if suffix not in offered:
        raise NoSuchFormat(f"the page comes in: {', '.join(offered)}")
    return suffix


def _caller(desk: Desk, request: Request) -> Caller:
    return accounts.who_asks(
        desk,
        cookie=request.cookies.get(SESSION_COOKIE),
        authorization=request.headers.get("authorization"),
        now=desk.now(),
    )


def _asked(desk: Desk, request: Request, caller: Caller, query: Mapping[str, Any]) -> Asked:
    if any(not str(value).isprintable() for value in request.path_params.values()):
        raise NotHere("there is no such page")
    return Asked(desk=desk, request=request, caller=caller, query=query, now=desk.now(), today=desk.today())


# -- doing ------------------------------------------------------------------------------------------


class _Act:
    """Does one deed."""

    def __init__(self, desk: Desk, templates: Templates, deed: Deed) -> None:
        self.desk = desk
        self.templates = templates
        self.deed = deed

    async def post(self, request: Request) -> Response:
        """Does it, where whoever asks may and the form is one of ours."""
        wanted = choose(request.headers.get("accept"), ("json", "html") if _is_json(request) else ("html", "json"))
        _check_origin(request)
        caller = await run_in_threadpool(_caller, self.desk, request)
        if self.deed.needs is not None and caller.name is None:
            raise SignInFirst("sign in to do this")
        fields = await _fields(request)
        self._check(caller, fields, request)
        asked = _asked(self.desk, request, caller, {})
        done = await run_in_threadpool(self.deed.do, asked, fields)
        return await run_in_threadpool(self._answer, asked, done, wanted)

    def _check(self, caller: Caller, fields: Fields, request: Request) -> None:
        """Raises NotAllowed for a form that is none of ours, a token that may not, a reader in an editor's place."""
        given = next(iter(fields.get("csrf", ())), None) or request.headers.get("x-csrf-token")
        if "authorization" in request.headers:
            if not self.deed.by_token:
                raise NotAllowed("that is for persons, signed in")
        else:
            accounts.check_form(given, caller.form if self.deed.needs else request.cookies.get(FORM_COOKIE))
        if self.deed.needs == EDITOR and not caller.may_edit:
            raise NotAllowed("only an editor may do this")

    def _answer(self, asked: Asked, done: Done, wanted: str) -> Response:
        response: Response
        if wanted == "json":
            response = JSONResponse(done.data, status_code=done.status)
        elif done.shown is not None:
            page = next(each for each in PAGES if each.path == done.to)
            shown = page.show(asked)
            with_more = Shown(
                template=shown.template, title=shown.title, values={**shown.values, **done.shown}, data=shown.data
            )
            response = html(self.templates, with_more, asked, page=page)
        else:
            response = RedirectResponse(done.to, status_code=303)
        response.headers["cache-control"] = "no-store"
        if done.sign_in is not None:
            lasts_s = int(accounts.SESSION_LASTS.total_seconds())
            _set_cookie(response, asked.request, SESSION_COOKIE, done.sign_in, lasts_s=lasts_s)
            response.delete_cookie(FORM_COOKIE)
        if done.sign_out:
            response.delete_cookie(SESSION_COOKIE)
        return response


def _is_json(request: Request) -> bool:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower() == "application/json"


def _check_origin(request: Request) -> None:
    """Raises NotAllowed for a form that a page of another host sends; browsers say which."""
    origin = request.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != request.headers.get("host"):
        raise NotAllowed("the form comes from another site")


async def _fields(request: Request) -> Fields:
    """The fields of a form, or of an object of strings. Raises TooMuch, OtherForm, WrongUse."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BODY:
            raise TooMuch(f"a form has at most {MOST_BODY} bytes")
    fields: dict[str, list[str]] = {}
    if _is_json(request):
        for name, values in _object(bytes(body)).items():
            listed = values if isinstance(values, list) else [values]
            if not all(isinstance(each, str) and _is_text(each) for each in listed):
                raise WrongUse(f"{name}: neither text nor a list of texts")
            fields[name] = listed
        return fields
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if body and kind != "application/x-www-form-urlencoded":
        raise OtherForm("send a form, or JSON")
    try:
        pairs = parse_qsl(body.decode("utf-8"), keep_blank_values=True, max_num_fields=500, errors="strict")
    except ValueError:
        raise WrongUse("the form cannot be read") from None
    for name, value in pairs:
        if not _is_text(value):
            raise WrongUse(f"{name}: holds control characters")
        fields.setdefault(name, []).append(value)
    return fields


def _object(body: bytes) -> Mapping[str, Any]:
    try:
        data = json.loads(body or b"{}")
    except (ValueError, RecursionError):
        raise WrongUse("the body is no JSON") from None
    if not isinstance(data, dict):
        raise WrongUse("the body is no JSON object")
    return data


def _is_text(words: str) -> bool:
    return not any((ord(each) < 32 and each not in "\t\n\r") or 0xD800 <= ord(each) < 0xE000 for each in words)


def _set_cookie(response: Response, request: Request, name: str, value: str, *, lasts_s: int | None = None) -> None:
    secure = request.url.scheme == "https"
    response.set_cookie(name, value, max_age=lasts_s, httponly=True, samesite="lax", secure=secure)


# -- what goes wrong --------------------------------------------------------------------------------


def _refused(desk: Desk, templates: Templates) -> Any:
    """Answers a refusal: a person who is to sign in is led there, a program is told."""

    def answer(request: Request, error: Exception) -> Response:
        status, words = 500, ""
        headers: dict[str, str] = {}
        if isinstance(error, Refusal):
            status, words = error.status, error.words
        elif isinstance(error, HTTPException):
            status, words = error.status_code, "there is no such page" if error.status_code == 404 else error.detail
            headers |= error.headers or {}
        if status == 401:
            headers["www-authenticate"] = 'Bearer realm="stillon"'
        response = _told(desk, templates, request, status, words)
        response.headers.update(headers)
        return response

    return answer


def _failed(desk: Desk, templates: Templates) -> Any:
    """Answers a failure by fixed words; what it was stands in the log."""

    def answer(request: Request, error: Exception) -> Response:
        _LOG.error("%s %s failed", request.method, request.url.path, exc_info=error)
        if isinstance(error, StillonError):
            return _told(desk, templates, request, 503, "the store cannot be read or written just now")
        return _told(desk, templates, request, 500, "something went wrong in the desk itself; its log says what")

    return answer


def _told(desk: Desk, templates: Templates, request: Request, status: int, words: str) -> Response:
    response: Response
    if _wants_json(request):
        response = JSONResponse({"error": words}, status_code=status)
    elif status == 401 and request.method in ("GET", "HEAD") and "authorization" not in request.headers:
        asked_for = request.scope.get("asked_path", request.url.path)
        asked_for += f"?{request.url.query}" if request.url.query else ""
        response = RedirectResponse(f"/sign-in?next={quote(asked_for)}", status_code=303)
    else:
        asked = Asked(desk=desk, request=request, caller=Caller(), query={}, now=desk.now(), today=desk.today())
        shown = Shown(template="error.html", title=words, values={"words": words, "status": status}, data=dict)
        response = html(templates, shown, asked, status=status)
    response.headers["cache-control"] = "no-store"
    return response


def _wants_json(request: Request) -> bool:
    suffix = request.scope.get("asked_suffix")
    if suffix is not None:
        return bool(suffix != "html")
    try:
        offered = ("json", "html") if _is_json(request) else ("html", "json")
        return choose(request.headers.get("accept"), offered) == "json"
    except NoSuchFormat:
        return True


# -- beside the pages -------------------------------------------------------------------------------


def _health(desk: Desk) -> Any:
    def answer(_request: Request) -> Response:
        """Whether the store answers."""
        with desk.store.read() as snapshot:
            snapshot.connection.execute(sa.select(1))
        return JSONResponse({"status": "ok", "version": __version__}, headers={"cache-control": "no-store"})

    return answer


def _described(pages: Sequence[Page], deeds: Sequence[Deed]) -> Any:
    described = openapi.describe(pages, deeds)

    def answer(_request: Request) -> Response:
        """The API's description."""
        return JSONResponse(described)

    return answer


class _Surface:
    """Takes the suffix of a format from the path, and puts on every answer what keeps a page safe."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        path = scope["path"]
        scope["asked_path"] = path
        if scope["method"] in ("GET", "HEAD") and not path.startswith("/static/") and path != "/openapi.json":
            stem, suffix = suffix_of(path)
            if suffix is not None:
                scope["path"], scope["asked_suffix"] = stem, suffix
                scope["raw_path"] = quote(stem).encode()

        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                named = {name.lower() for name, _ in message["headers"]}
                message["headers"] = [
                    *message["headers"],
                    *((name.encode(), value.encode()) for name, value in HEADERS if name.encode() not in named),
                ]
            await send(message)

        await self.app(scope, receive, send_safely)
