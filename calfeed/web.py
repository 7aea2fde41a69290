"""The one door to other machines: a GET and a POST that end in time, whatever the other side does.

Limits stand on everything that another machine decides: how long it is silent, how long the whole exchange takes
(looking up its name included), how much it sends, how often it sends us elsewhere, and whereto. Proxies and
passwords are not taken from the surroundings. What goes wrong is told in our own words, because those of the
library hold whole addresses. Waiting reads no time of day.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Thread
from urllib.parse import urlencode, urljoin, urlsplit

from urllib3 import BaseHTTPResponse, PoolManager, Timeout
from urllib3 import exceptions as library

from calfeed import __version__
from calfeed.errors import CalfeedError, shown
from calfeed.frozen import frozen

MAX_BYTES = 64 * 1024**2
MAX_REDIRECTS = 5
PASSING = frozenset([408, 429, 500, 502, 503, 504])
_PAUSES = (0.5, 1.0)  # seconds before the second and the third attempt
_CHUNK = 64 * 1024
_REPEATED, _SEE_OTHER = frozenset([301, 302, 307, 308]), 303


class WebProblem(CalfeedError):
    """There is no whole answer; `passing` where there may be one later. The message names the address."""

    def __init__(self, message: str, *, passing: bool) -> None:
        super().__init__(message)
        self.passing = passing


@frozen
class Answer:
    """What a server said: `body` is whole, and empty for every other status than 2xx."""

    status: int
    body: bytes = b""

    @property
    def good(self) -> bool:
        """Whether the server did what it was asked to (RFC 9110 §15.3)."""
        return 200 <= self.status < 300


@dataclass(frozen=True, kw_only=True)
class _Request:
    """What is asked, and the limits: seconds of silence, seconds in all, bytes."""

    method: str
    url: str
    headers: Mapping[str, str]
    form: str | None = None
    timeout: float
    patience: float
    max_bytes: int
    begun: float = field(default_factory=time.monotonic)

    @property
    def left(self) -> float:
        """Seconds until everything must be over."""
        return self.begun + self.patience - time.monotonic()


def get(url: str, *, timeout: float = 10.0, patience: float = 60.0, max_bytes: int = MAX_BYTES) -> Answer:
    """Fetch a document, past every cache on the way.

    `timeout` is how long the server may be silent, `patience` how long everything may take, both in seconds.
    Trouble that may pass is tried again twice. Raises WebProblem where no answer comes or it breaks a limit.
    """
    request = _Request(
        method="GET",
        url=url,
        headers={"Cache-Control": "no-cache"},
        timeout=timeout,
        patience=patience,
        max_bytes=max_bytes,
    )
    return _in_time(request)


def post(url: str, fields: Sequence[tuple[str, str]], *, timeout: float = 10.0, patience: float = 30.0) -> Answer:
    """Send a form; limits, attempts and errors as in `get`. What is sent must bear being sent twice."""
    request = _Request(
        method="POST",
        url=url,
        headers={"Content-Type": "application/x-www-form-urlencoded"},
        form=urlencode(fields),
        timeout=timeout,
        patience=patience,
        max_bytes=MAX_BYTES,
    )
    return _in_time(request)


def _in_time(request: _Request) -> Answer:
    """The exchange in a thread of its own: a name server that is silent cannot be told to hurry."""
    promise: Future[Answer] = Future()

    def run() -> None:
        try:
            promise.set_result(_persistent(request))
        except BaseException as error:  # noqa: BLE001  # it is raised again where the answer is waited for
            promise.set_exception(error)

    Thread(target=run, name="calfeed-web", daemon=True).start()
    try:
        return promise.result(max(0.0, request.left))
    except TimeoutError:
        raise _too_long(request) from None


def _too_long(request: _Request) -> WebProblem:
    message = f"{shown(request.url)}: there is no whole answer within {request.patience:.3g} seconds"
    return WebProblem(message, passing=True)


def _persistent(request: _Request) -> Answer:
    """The first answer that will not pass, or the last one."""
    for pause in _PAUSES:
        try:
            answer, later = _follow(request)
        except WebProblem as problem:
            if not problem.passing or pause >= request.left:
                raise
        else:
            # A server that says when to come back means later than a build can wait.
            if later or answer.status not in PASSING or pause >= request.left:
                return answer
        time.sleep(pause)
    return _follow(request)[0]


def _follow(request: _Request) -> tuple[Answer, bool]:
    """The answer at the end of all redirects, and whether it says when to come back."""
    url = _checked(request.url)
    with PoolManager(num_pools=1, headers={"User-Agent": f"calfeed/{__version__}", **request.headers}) as pool:
        for _ in range(MAX_REDIRECTS + 1):
            with _response(pool, request, url) as response:
                location = _location(request.method, response)
                if location is None:
                    return Answer(response.status, _body(request, response)), "Retry-After" in response.headers
            url = _next(url, location)
    raise WebProblem(f"{shown(request.url)}: sends us elsewhere more than {MAX_REDIRECTS} times", passing=False)


@contextmanager
def _response(pool: PoolManager, request: _Request, url: str) -> Iterator[BaseHTTPResponse]:
    """One answer with its body unread; what is left of it is thrown away with the connection."""
    try:
        response = pool.request(
            request.method,
            url,
            body=request.form,
            redirect=False,
            retries=False,  # the library reads the whole body of an answer that it does not want
            preload_content=False,
            timeout=Timeout(connect=request.timeout, read=request.timeout),
        )
        try:
            yield response
        finally:
            response.close()
    except library.HTTPError as error:
        raise WebProblem(
            f"{shown(url)}: {_why(request, error)}", passing=not isinstance(error, library.LocationValueError)
        ) from None  # the library's words hold the whole address


def _why(request: _Request, error: library.HTTPError) -> str:
    match error:
        case library.LocationValueError():
            return "not an address that can be asked"
        case library.SSLError():
            return "its certificate is not one to trust, or it does not speak TLS"
        case library.NameResolutionError():
            return "its name is not known"
        case library.NewConnectionError():
            return "it cannot be reached"
        case library.TimeoutError():
            return f"it is silent for {request.timeout:.3g} seconds"
    return "its answer breaks off, or is no HTTP"


def _body(request: _Request, response: BaseHTTPResponse) -> bytes:
    """The body of a good answer, read as long as it keeps the limits."""
    if not Answer(response.status).good:
        return b""
    chunks, size = [], 0
    while chunk := response.read1(_CHUNK):
        chunks.append(chunk)
        size += len(chunk)
        if size > request.max_bytes:
            raise WebProblem(f"{shown(request.url)}: sends more than {request.max_bytes:,} bytes", passing=False)
        if request.left <= 0:
            raise _too_long(request)
    return b"".join(chunks)


def _location(method: str, response: BaseHTTPResponse) -> str | None:
    """Where the request is to be repeated (RFC 9110 §15.4); a form is sent on, and not turned into a GET."""
    followed = _REPEATED | {_SEE_OTHER} if method == "GET" else _REPEATED
    return response.headers.get("Location") if response.status in followed else None


def _next(url: str, location: str) -> str:
    """The address that a redirect leads to; never from https to http."""
    try:
        found = _checked(urljoin(url, location))
    except ValueError:
        raise WebProblem(f"{shown(url)}: sends us to an address that is none", passing=False) from None
    if url.startswith("https://") and not found.startswith("https://"):
        raise WebProblem(f"{shown(url)}: sends us from https to {shown(found)}", passing=False)
    return found


def _checked(url: str) -> str:
    """An address that may be asked: http or https, without user and password."""
    try:
        parts = urlsplit(url)
    except ValueError:
        raise WebProblem(f"{shown(url)}: not an address that can be asked", passing=False) from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise WebProblem(f"{shown(url)}: not an address that begins with https:// or http://", passing=False)
    if "@" in parts.netloc:
        raise WebProblem(f"{shown(url)}: leave user and password out of the address", passing=False)
    return url
