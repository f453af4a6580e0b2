"""One url fetched within limits on time, size, redirects and address.

Plain `http.client` over a socket of our own, for three reasons: the address that was checked is the
one connected to (a name cannot resolve to something else in between), one deadline covers the whole
fetch down to single header bytes, and decompression is bounded as it goes.
"""

from __future__ import annotations

import contextlib
import email.utils
import http.client
import ipaddress
import re
import socket
import ssl
import threading
import time
import urllib.parse
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field

from stillon.errors import Busy, FetchFailed, NotFoundInput, PrivateAddress, ReadError, TooLarge, UnknownFormat
from stillon.settings import Settings

_CHUNK_BYTES = 65_536
_REDIRECTS = {301, 302, 303, 307, 308}
_GONE = {404, 410}
_BUSY = {429, 503}
# Addresses that can wrap an IPv4 address (RFC 4291, 6052, 8215, 3056, 4380), and others that lead to no host of
# the internet at large and that `ipaddress` does not know as such: site-local, SRv6, documentation, and the one public
# address under which a cloud answers its own machines alone.
_REFUSED = [
    ipaddress.ip_network(net)
    for net in (
        "::/96", "64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "fec0::/10", "5f00::/16", "3fff::/20",
        "168.63.129.16/32", "192.0.0.0/24", "192.88.99.0/24",
    )
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """What a server gave to tell whether an answer has changed since (RFC 9110, section 8.8)."""

    etag: str | None = None
    """Entity tag, as given."""
    modified: str | None = None
    """Last-Modified, as given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What a server answered."""

    url: str
    """The url after redirects."""
    body: bytes
    """The body, decompressed."""
    media_type: str
    """Media type without parameters, in lower case; empty when not given."""
    charset: str | None
    """Charset parameter of the media type."""
    validators: Validators = Validators()
    """What to ask with the next time."""
    unchanged: bool = False
    """True for 304: what was asked with still holds, and there is no body."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Request:
    """What is asked of each server on the way."""

    method: str = "GET"
    body: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)


def fetch(
    url: str,
    settings: Settings,
    *,
    known: Validators | None = None,
    check: Callable[[str], None] = lambda _url: None,
) -> Fetched:
    """The answer to GET `url`, redirects followed.

    With `known` the server is asked for a body only where it has changed. `check` is called with each url on
    the way before it is asked, and may raise. Raises NotFoundInput (404, 410), Busy (429, 503), FetchFailed
    (network, other answers, no answer in time, redirects without end), TooLarge (more bytes or a longer body
    than the settings allow), PrivateAddress, UnknownFormat (no http or https url). Name resolution has the
    system's own time limit.
    """
    deadline = time.monotonic() + settings.fetch_timeout_s
    conditions = {"If-None-Match": known.etag, "If-Modified-Since": known.modified} if known else {}
    request = _Request(headers={name: value for name, value in conditions.items() if value})
    here = url
    for _ in range(settings.max_redirects + 1):
        check(here)
        answer = _ask(request, here, url, deadline, settings)
        if isinstance(answer, Fetched):
            return answer
        here = answer
    raise FetchFailed(f"redirects more than {settings.max_redirects} times", about=url)


def post_json(url: str, body: bytes, settings: Settings) -> Fetched:
    """The answer to a POST of JSON; raises as `fetch` does, and FetchFailed for a redirect."""
    request = _Request(method="POST", body=body, headers={"Content-Type": "application/json"})
    answer = _ask(request, url, url, time.monotonic() + settings.fetch_timeout_s, settings)
    if not isinstance(answer, Fetched):
        raise FetchFailed(f"redirects to {answer}", about=url)
    return answer


def _ask(request: _Request, here: str, url: str, deadline: float, settings: Settings) -> Fetched | str:
    """The answer to one request, or the url that it redirects to; errors name `url`."""
    target, host, port = _split(here, url)
    sockets: list[socket.socket] = []
    # Socket timeouts are per read; a server that drips bytes is ended by this timer.
    watchdog = threading.Timer(max(0.0, deadline - time.monotonic()) + 0.01, _hang_up, [sockets])
    watchdog.daemon = True
    watchdog.start()
    in_body = False
    try:
        sock = _connect(host, port, url, deadline, settings)
        sockets.append(sock)
        if target.scheme == "https":
            secure = ssl.create_default_context().wrap_socket(sock, server_hostname=host, do_handshake_on_connect=False)
            sockets[0] = sock = secure
            secure.do_handshake()
        connection = http.client.HTTPConnection(host, port)
        connection.sock = sock
        path = urllib.parse.quote(target.path or "/", safe="/%:@!$&'()*+,;=~")
        query = urllib.parse.quote(target.query, safe="/%:@!$&'()*+,;=~?")
        name = f"[{host}]" if ":" in host else host
        default_port = 443 if target.scheme == "https" else 80
        headers = {
            "Host": name if port == default_port else f"{name}:{port}",
            "User-Agent": settings.user_agent,
            "Accept": "text/html,application/xhtml+xml,application/json,text/plain;q=0.9,*/*;q=0.5",
            "Accept-Encoding": "gzip",
            "Connection": "close",
            **request.headers,
        }
        connection.request(request.method, path + (f"?{query}" if query else ""), body=request.body, headers=headers)
        with connection.getresponse() as response:
            if time.monotonic() >= deadline:  # a head that was cut off reads as one that ended
                raise _late(url, settings, in_body=False)
            location = response.headers.get("Location")
            if response.status in _REDIRECTS and location:
                return urllib.parse.urljoin(here, location)
            unchanged = response.status == 304 and request.method == "GET" and bool(request.headers)
            if not unchanged:
                _refuse_status(response, request, url)
            in_body = True
            return Fetched(
                url=here,
                body=b"" if unchanged else _read_body(response, url, deadline, settings),
                media_type=response.headers.get_content_type() if "Content-Type" in response.headers else "",
                charset=response.headers.get_content_charset(),
                validators=Validators(
                    etag=response.headers.get("ETag"), modified=response.headers.get("Last-Modified")
                ),
                unchanged=unchanged,
            )
    except (OSError, http.client.HTTPException, ValueError, zlib.error) as error:
        if time.monotonic() >= deadline or isinstance(error, TimeoutError):
            raise _late(url, settings, in_body=in_body) from error
        raise FetchFailed(str(error) or type(error).__name__, about=url) from error
    finally:
        watchdog.cancel()
        for sock in sockets:
            sock.close()


def _refuse_status(response: http.client.HTTPResponse, request: _Request, url: str) -> None:
    """Raises for an answer other than what was asked for."""
    status = response.status
    if status in _GONE:
        raise NotFoundInput(f"the server answers {status}: no such page", about=url)
    if status in _BUSY:
        wait_s = _retry_after_s(response.headers.get("Retry-After"), response.headers.get("Date"))
        words = "" if wait_s is None else f" and asks to wait {wait_s:g} s"
        raise Busy(f"the server answers {status}{words}", about=url, status=status, retry_after_s=wait_s)
    if status != 200 and not (request.method == "POST" and 200 <= status < 300):
        raise FetchFailed(f"the server answers {status}", about=url, status=status)


def _retry_after_s(value: str | None, date: str | None) -> float | None:
    """Seconds that Retry-After asks for: given as such, or as an instant, held against the server's own clock."""
    if value is None:
        return None
    if re.fullmatch(r"\s*\d{1,9}\s*", value):
        return float(value)
    try:
        until, now = email.utils.parsedate_to_datetime(value), email.utils.parsedate_to_datetime(date or "")
        return max(0.0, (until - now).total_seconds())
    except (TypeError, ValueError):  # no date, or one with a zone and one without
        return None


def _split(here: str, url: str) -> tuple[urllib.parse.SplitResult, str, int]:
    """`here` in parts, its host in ASCII and its port."""
    try:
        target = urllib.parse.urlsplit(here)
        port = target.port or (443 if target.scheme == "https" else 80)
        host = target.hostname or ""
        host = host if ":" in host else host.encode("idna").decode("ascii")
    except ValueError as error:
        raise FetchFailed(f"no valid url: {error}", about=url) from error
    if target.scheme not in {"http", "https"}:
        raise UnknownFormat(f"urls of scheme {target.scheme!r} are not read", about=url)
    if not host:
        raise FetchFailed("no valid url: it names no host", about=url)
    return target, host, port


def _connect(host: str, port: int, url: str, deadline: float, settings: Settings) -> socket.socket:
    """A socket connected to the first address of `host` that answers; every address is checked first.

    The name is resolved once: what was checked is what is connected to, whatever the name means a moment later.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise FetchFailed(f"the name {host!r} cannot be resolved", about=url) from error
    addresses = {str(each[4][0]): each for each in found}
    if not settings.allow_private_hosts:
        for address in addresses:
            if not _is_public(address):
                raise PrivateAddress(f"{host} is the private address {address}", about=url)
    failure: OSError | None = None
    for family, kind, protocol, _, address_of_it in addresses.values():
        left_s = deadline - time.monotonic()
        if left_s <= 0:
            break
        sock = socket.socket(family, kind, protocol)
        try:
            sock.settimeout(left_s)
            sock.connect(address_of_it)
        except OSError as error:
            sock.close()
            failure = error
        else:
            return sock
    raise failure or TimeoutError


def _is_public(address: str) -> bool:
    """True for an address that belongs to the internet at large."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    if any(ip in network for network in _REFUSED):
        return False
    return ip.is_global and not ip.is_multicast


def _read_body(response: http.client.HTTPResponse, url: str, deadline: float, settings: Settings) -> bytes:
    """The body of `response`, decompressed, within the limits."""
    encoding = (response.headers.get("Content-Encoding") or "identity").strip().lower()
    if encoding not in {"identity", "gzip", "x-gzip", "deflate"}:
        raise UnknownFormat(f"the server answers in the encoding {encoding!r}", about=url)
    inflater = None if encoding == "identity" else zlib.decompressobj(zlib.MAX_WBITS | 32)
    body = bytearray()
    while chunk := response.read1(_CHUNK_BYTES):
        body += inflater.decompress(chunk, settings.max_bytes + 1 - len(body)) if inflater else chunk
        if len(body) > settings.max_bytes:
            raise TooLarge(f"longer than {settings.max_bytes} bytes", about=url)
        if time.monotonic() >= deadline:
            raise _late(url, settings, in_body=True)
    if time.monotonic() >= deadline:
        raise _late(url, settings, in_body=True)
    if response.length or (inflater and not inflater.eof):
        raise FetchFailed("the answer breaks off", about=url)
    return bytes(body)


def _late(url: str, settings: Settings, *, in_body: bool) -> ReadError:
    """The error for a fetch that ran out of time."""
    if in_body:
        return TooLarge(f"still sending after {settings.fetch_timeout_s:g} s", about=url)
    return FetchFailed(f"no answer within {settings.fetch_timeout_s:g} s", about=url)


def _hang_up(sockets: list[socket.socket]) -> None:
    """Ends the connection under whoever waits on it."""
    for sock in sockets:
        with contextlib.suppress(OSError):
            sock.shutdown(socket.SHUT_RDWR)
