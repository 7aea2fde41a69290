"""Octets that wait: as many as there is room for in memory, and of those on the disk only the places."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, MutableMapping
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from calfeed.errors import PublishError

_BUFFER = 2**20
_IN_MEMORY = 32 * 2**20  # octets: of some ten thousand entries
_BITS = 32  # of a place are the length; those above tell where it begins
_LENGTH = 2**_BITS - 1


class Scratch:
    """Some memory, and a file without a name when that is full: nothing of it is left, however the process ends.

    It stands in `folder`, or where the system has such files. Raises PublishError where there is no room.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder or Path(tempfile.gettempdir())
        self._room = _IN_MEMORY
        self._end = self._flushed = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        """Give the room back; what was never asked for may have had none."""
        if "_file" in vars(self):
            with suppress(OSError):
                self._file.close()

    def put(self, octets: bytes) -> int | bytes:
        """Set octets aside, and tell their place: themselves, as long as there is room in memory."""
        if len(octets) <= self._room:
            self._room -= len(octets)
            return octets
        try:
            self._file.write(octets)
        except OSError as error:
            raise self._failed(error) from error
        place = self._end << _BITS | len(octets)
        self._end += len(octets)
        return place

    def get(self, place: int) -> bytes:
        """The octets of a place."""
        try:
            if self._flushed < self._end:
                self._file.flush()
                self._flushed = self._end
            return os.pread(self._file.fileno(), place & _LENGTH, place >> _BITS)
        except OSError as error:
            raise self._failed(error) from error

    @cached_property
    def _file(self) -> BinaryIO:
        return tempfile.TemporaryFile(buffering=_BUFFER, dir=self._folder)  # type: ignore[return-value]

    def _failed(self, error: OSError) -> PublishError:
        return PublishError(f"{self._folder}: no room for what a build sets aside: {error.strerror}")


class Spool(MutableMapping[str, bytes]):
    """Octets by key, in the order in which they came."""

    def __init__(self, scratch: Scratch) -> None:
        self._scratch = scratch
        self._places: dict[str, int | bytes] = {}

    def __setitem__(self, key: str, octets: bytes) -> None:
        """Put octets; those that stood there stay on the disk unseen."""
        self._places[key] = self._scratch.put(octets)

    def __getitem__(self, key: str) -> bytes:
        """The octets as they were put."""
        place = self._places[key]
        return place if isinstance(place, bytes) else self._scratch.get(place)

    def hold(self, key: str, octets: bytes) -> None:
        """Keep octets in memory, where they are anyway."""
        self._places[key] = octets

    def size(self, key: str) -> int:
        """How many octets there are, without reading them."""
        place = self._places[key]
        return len(place) if isinstance(place, bytes) else place & _LENGTH

    def __contains__(self, key: object) -> bool:
        """Whether there are octets, without reading them."""
        return key in self._places

    def __delitem__(self, key: str) -> None:
        """Forget a place."""
        del self._places[key]

    def __iter__(self) -> Iterator[str]:
        """The keys."""
        return iter(self._places)

    def __len__(self) -> int:
        """How many there are."""
        return len(self._places)
