"""The one door to object stores (obstore): what is asked of them, and what goes wrong there, in sentences.

What a store answers is put into three kinds: an object that is not there is None, a condition that does not hold
is `ConflictError`, and everything else ends the build, with 75 where it may pass by itself and 73 where somebody
has to do something. Bodies of answers never reach a message: they may hold key names and whole pages.
"""

from __future__ import annotations

import base64
import datetime as dt
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

import obstore
from obstore.exceptions import (
    AlreadyExistsError,
    BaseError,
    GenericError,
    NotFoundError,
    PermissionDeniedError,
    PreconditionError,
    UnauthenticatedError,
)
from obstore.store import HTTPStore, ObjectStore, S3Store, from_url

from calfeed.errors import BusyError, PublishError, shown
from calfeed.frozen import frozen
from calfeed.storage.delivery import cache_control

if TYPE_CHECKING:
    from obstore.store import ClientConfig, RetryConfig

MAX_BYTES = 256 * 1024**2  # of an object that is read back
_AT_ONCE = 8
_SCHEMES = ("s3", "gs", "az", "https", "http")
_RETRY: RetryConfig = {"max_retries": 4, "retry_timeout": dt.timedelta(seconds=60)}
_CLIENT: ClientConfig = {"timeout": "60s", "connect_timeout": "10s", "allow_http": True}
_PASSING = frozenset([408, 423, 425, 429])  # besides 5xx: these may be gone at the next try
_STATUS = re.compile(r"status code: (\d{3})([A-Za-z ]*)")
_CODE = re.compile(r"<Code>(\w+)</Code>")

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


class ConflictError(Exception):
    """The object is not in the state that it was to be replaced in."""


@frozen
class Seen:
    """What a store says of one state of an object: `size` in bytes, `modified` by the store's own clock."""

    e_tag: str | None
    version: str | None
    size: int
    modified: dt.datetime

    @property
    def tag(self) -> str | None:
        """The entity tag without its quotes (RFC 9110 §8.8.3): listings of some stores leave them out."""
        return self.e_tag.removeprefix("W/").strip('"') if self.e_tag else None

    def is_same(self, other: Seen | None) -> bool:
        """Whether two answers speak of the same state; False where a store names no states at all."""
        return (
            other is not None and self.tag is not None and (self.tag, self.version) == (other.tag, other.version)
        )


@frozen
class Objects:
    """The objects below one address; `name` is that address as it may stand in messages.

    `conditional` says that writes may depend on the state of an object; `listing_names_states` that a listing
    tells that state well enough to make it a condition. Every method raises BusyError where the store cannot be
    reached or is in trouble, PublishError where it refuses.
    """

    name: str
    store: ObjectStore
    conditional: bool = True
    listing_names_states: bool = True

    @property
    def writes_at_once(self) -> int:
        """How many objects may be written at the same time: two writes into one new folder disturb each other."""
        return _AT_ONCE if self.conditional else 1

    def read(self, path: str) -> tuple[bytes, Seen] | None:
        """An object and its state, None where there is none."""
        with _telling(self.name):
            try:
                found = obstore.get(self.store, path)
                seen = _seen(found.meta)  # its length is told before it comes, and no more than that is read
                if seen.size > MAX_BYTES:
                    raise PublishError(
                        f"{self.name}: {path} has {seen.size:,} bytes, more than calfeed writes; look what it is"
                    )
                return bytes(found.bytes()), seen
            except (FileNotFoundError, NotFoundError) as error:
                self._check_bucket(error)
                return None

    def look(self, path: str) -> Seen | None:
        """The state of an object, None where there is none."""
        with _telling(self.name):
            try:
                return _seen(obstore.head(self.store, path))
            except (FileNotFoundError, NotFoundError):
                return None

    def listed(self, paths: Collection[str]) -> dict[str, Seen]:
        """The state of those objects that are there; whatever else lies there is passed over.

        A WebDAV server is asked for each of them, since many refuse to list what lies in folders of folders.
        """
        if not self.conditional:
            found = zip(paths, in_parallel(self.look, paths), strict=True)
            return {path: seen for path, seen in found if seen}
        with _telling(self.name):
            chunks = obstore.list(self.store)
            return {meta["path"]: _seen(meta) for chunk in chunks for meta in chunk if meta["path"] in paths}

    def put(self, path: str, data: bytes, media_type: str, *, over: Seen | None) -> None:
        """Write an object whole, in place of the state `over`, or where there is none.

        Raises ConflictError where it is in another state; a store without conditions writes it in any case.
        """
        attributes: Any = {"Content-Type": media_type, "Cache-Control": cache_control(media_type)}
        with _telling(self.name):
            try:
                obstore.put(
                    self.store, path, data, attributes=attributes, mode=self._mode(over), use_multipart=False
                )
            except (AlreadyExistsError, PreconditionError, FileNotFoundError, NotFoundError) as error:
                self._check_bucket(error)
                if not self.conditional:
                    raise PublishError(
                        f"{self.name}: the server takes no files there ({_reason(error)}); make that folder first"
                    ) from None
                raise ConflictError(path) from None

    def delete(self, path: str) -> None:
        """Take an object away, if it is there."""
        with _telling(self.name):
            try:
                obstore.delete(self.store, path)
            except (FileNotFoundError, NotFoundError):
                return

    def _mode(self, over: Seen | None) -> Any:
        if not self.conditional:
            return "overwrite"
        if over is None:
            return "create"
        return {key: value for key, value in (("e_tag", over.e_tag), ("version", over.version)) if value}

    def _check_bucket(self, error: Exception) -> None:
        """An object that is not there is one thing, a bucket that is not there another."""
        code = _CODE.search(str(error))
        if code and code[1] in ("NoSuchBucket", "ContainerNotFound"):
            raise PublishError(
                f"{self.name}: there is no such bucket; make it first, or look for a slip in its name"
            )


def open_objects(address: str, *, webdav: tuple[str, str] | None = None) -> Objects:
    """The objects below an address; `webdav` are user and password there, other stores have ways of their own.

    Raises PublishError where no store is meant by the address, or credentials are written into it.
    """
    address = address.rstrip("/")
    name = shown(address)
    _check_address(address, name)
    is_s3 = address.startswith("s3://")
    client = _webdav_client(webdav) if address.startswith("http") else _CLIENT
    with _telling(name):
        if is_s3:
            store = from_url(
                address, config={"checksum_algorithm": "sha256"}, client_options=client, retry_config=_RETRY
            )
        else:
            store = from_url(address, client_options=client, retry_config=_RETRY)
    return Objects(name, store, not isinstance(store, HTTPStore), isinstance(store, S3Store))


def in_parallel(
    work: Callable[[_Item], _Result], items: Iterable[_Item], *, at_once: int = _AT_ONCE
) -> list[_Result]:
    """Do something to each item, a few at a time; after the first failure nothing more is begun."""
    pool = ThreadPoolExecutor(at_once)
    try:
        return list(pool.map(work, items))
    finally:
        pool.shutdown(cancel_futures=True)


def _check_address(address: str, name: str) -> None:
    try:
        parts = urlsplit(address)
    except ValueError as error:
        raise PublishError(f"{name}: not an address ({error})") from None
    if parts.scheme not in _SCHEMES or not parts.netloc:
        raise PublishError(
            f"{name}: not an address to publish to; write s3://bucket/prefix, gs://bucket/prefix, "
            f"az://container/prefix or the https:// address of a WebDAV folder"
        )
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise PublishError(
            f"{name}: an address holds no credentials, query or fragment; credentials come from the environment"
        )


def _webdav_client(credentials: tuple[str, str] | None) -> ClientConfig:
    """HTTP Basic (RFC 7617), and a connection for each request: some servers send a body where none may be."""
    client: ClientConfig = {**_CLIENT, "pool_max_idle_per_host": "0"}
    if credentials:
        token = base64.b64encode(":".join(credentials).encode()).decode()
        client["default_headers"] = {"Authorization": f"Basic {token}"}
    return client


def _seen(meta: Mapping[str, Any]) -> Seen:
    return Seen(meta.get("e_tag"), meta.get("version"), int(meta["size"]), meta["last_modified"])


@contextmanager
def _telling(name: str) -> Iterator[None]:
    """Turn what the library says into a sentence for operators, without the chain of what it has seen."""
    try:
        yield
    except (PermissionDeniedError, UnauthenticatedError) as error:
        raise PublishError(
            f"{name}: the store refuses the credentials ({_reason(error)}); they must be allowed to list, read, "
            f"write and delete there"
        ) from None
    except GenericError as error:
        raise _general(name, error) from None
    except (BaseError, ValueError, NotImplementedError) as error:
        raise PublishError(f"{name}: {_reason(error)}") from None


def _general(name: str, error: GenericError) -> BusyError | PublishError:
    """What the library has no kind for: the status of the answer tells whether it may pass."""
    text = str(error)
    if "169.254." in text or "metadata.google" in text:
        return PublishError(
            f"{name}: no credentials are set, and this machine has none by itself ({_reason(error)})"
        )
    if "redirect" in text:
        return PublishError(f"{name}: the bucket lies elsewhere; set its region or endpoint ({_reason(error)})")
    status = _STATUS.search(text)
    if status and int(status[1]) < 500 and int(status[1]) not in _PASSING:
        return PublishError(f"{name}: the store refuses the request ({_reason(error)})")
    if not status and "Error performing" not in text:
        return PublishError(f"{name}: {_reason(error)}")
    return BusyError(f"{name}: the store cannot be reached or is in trouble ({_reason(error)}); try again later")


def _reason(error: Exception) -> str:
    """Status and code of an answer, or the last words of the library's first line."""
    text = str(error)
    found = [match[0].removeprefix("status code: ").strip() for match in [_STATUS.search(text)] if match]
    found += _CODE.findall(text)[:1]
    last = text.partition("\n")[0].rpartition(" - ")[2]
    return "".join(letter for letter in ", ".join(found) or last if letter.isprintable())[:200].strip()
