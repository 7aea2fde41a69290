"""The narrow place where bytes reach the disk: whole, durable, readable by others. An fsync error is final."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeAlias

from calfeed.errors import Location, Problem, SourceError, SourceMissing

Name: TypeAlias = str | Path
FILE_MODE = 0o644
FOLDER_MODE = 0o755
STAGING = ".staging-"  # what the names of folders begin with that are not shown yet, or not any more
MAX_BYTES = 10 * 1024**2  # of the events file, and of each file of translations
MAX_TRANSLATIONS = 64  # files


def read_events(path: Path, *, larger: int = 1) -> bytes:
    """The bytes of the events file; raises SourceMissing where there is none to read.

    Of one that is too long, or has no end, it gives one byte more than is allowed, which its reader refuses. It
    may be so many times `larger` than others.
    """
    try:
        return _start_of(path, larger)
    except OSError as error:
        raise SourceMissing(
            f"{path}: {error.strerror}; name the events file, or run calfeed where it is"
        ) from None


def read_translations(
    events: Path, *, larger: int = 1, languages: Collection[str] | None = None
) -> dict[str, bytes]:
    """The bytes of each `translations/*.yaml` beside the events file, by the file's path, in order.

    Where `languages` are given, of these alone. Raises SourceMissing where one is there and cannot be read,
    SourceError where there are too many.
    """
    try:
        found = translation_files(events)
        if len(found) > MAX_TRANSLATIONS:
            message = f"{len(found):,} files of translations, and {MAX_TRANSLATIONS} are allowed"
            raise SourceError((Problem(Location(str(found[0].parent)), message, "take away what is none"),))
        wanted = found if languages is None else [path for path in found if path.stem in languages]
        return {str(path): _start_of(path, larger) for path in wanted}
    except OSError as error:
        raise SourceMissing(f"{error.filename}: {error.strerror}; make it readable, or take it away") from None


def translation_files(events: Path) -> list[Path]:
    """The files of `translations/` beside the events file, in order; what editors hide there is none of them.

    Raises OSError where the folder is there and cannot be listed: a language must not be lost without a word.
    """
    folder = events.parent / "translations"
    try:
        names = os.listdir(folder)  # noqa: PTH208 - Path.glob passes over what it may not read
    except FileNotFoundError:
        return []
    return [folder / name for name in sorted(names) if name.endswith(".yaml") and not name.startswith(".")]


def _start_of(path: Path, larger: int) -> bytes:
    with path.open("rb") as file:
        return file.read(larger * MAX_BYTES + 1)


def sha256(path: Name) -> str:
    """The digest of what stands in a file, in hexadecimal; a large one is not held whole."""
    with open(path, "rb") as file:  # noqa: PTH123 - the name of one of many
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_new(path: Name, chunks: Iterable[bytes], *, wait: bool = True) -> None:
    """Write a file that does not exist yet, and wait until the disk has it, unless `sync_file` does that later."""
    with (
        _opened(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL) as descriptor,
        os.fdopen(descriptor, "wb", closefd=False) as file,
    ):
        os.fchmod(descriptor, FILE_MODE)  # the umask has no say in what web servers may read
        file.writelines(chunks)
        file.flush()
        if wait:
            os.fsync(descriptor)


def sync_file(path: Name) -> None:
    """Wait until the disk has a file that was written before."""
    _sync(path, os.O_RDONLY)


def replace(path: Path, chunks: Iterable[bytes]) -> None:
    """Put new bytes in the place of a file in one step: readers see the old ones or the new ones."""
    temporary = prepare(path, chunks)
    try:
        settle(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def prepare(path: Path, chunks: Iterable[bytes]) -> Path:
    """The first half of `replace`, which takes room: the new bytes, on the disk, under a name beside the file."""
    temporary = path.with_name(f".{path.name}-{os.getpid()}")
    temporary.unlink(missing_ok=True)
    try:
        write_new(temporary, chunks)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return temporary


def settle(temporary: Path, path: Path) -> None:
    """The second half, which takes none: what was prepared is in the place of the file."""
    temporary.replace(path)
    sync_folder(path.parent)


def keep_previous(path: Path) -> None:
    """Keep what a file holds now as `name.previous.ext` beside it, if it exists."""
    if not path.exists():
        return
    previous = path.with_name(f"{path.stem}.previous{path.suffix}")
    if previous.exists() and previous.samefile(path):
        return  # a commit that failed kept it; rename does nothing between two names of one file, and leaves both
    temporary = path.with_name(f".{previous.name}-{os.getpid()}")
    temporary.unlink(missing_ok=True)
    try:
        try:
            temporary.hardlink_to(path)
        except OSError:  # no hard links there, or the file is another user's (fs.protected_hardlinks)
            write_new(temporary, [path.read_bytes()])
        temporary.replace(previous)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def make_folder(path: Path) -> None:
    """Make a folder and those above it, readable by others; an existing one is left as it is."""
    if path.is_dir():
        return
    make_folder(path.parent)
    try:
        make_new_folder(path)
    except FileExistsError:
        if not path.is_dir():
            raise


def make_new_folder(path: Name) -> None:
    """Make a folder that does not exist yet in one that does, readable by others."""
    os.mkdir(path)  # noqa: PTH102 - as in sha256
    os.chmod(path, FOLDER_MODE)  # noqa: PTH101


def sync_folder(path: Path) -> None:
    """Wait until the disk has the names in a folder."""
    _sync(path, os.O_RDONLY | os.O_DIRECTORY)


def _sync(path: Name, flags: int) -> None:
    with _opened(path, flags) as descriptor:
        os.fsync(descriptor)


@contextmanager
def _opened(path: Name, flags: int) -> Iterator[int]:
    """A descriptor; an error of the system names the path, since a call that has only a descriptor knows none."""
    descriptor = os.open(path, flags | os.O_CLOEXEC, FILE_MODE)
    try:
        try:
            yield descriptor
        finally:
            os.close(descriptor)
    except OSError as error:
        error.filename = error.filename or str(path)
        raise


def remove_litter(folder: Path, prefix: str) -> None:
    """Remove what an interrupted run left behind."""
    import shutil  # noqa: PLC0415 - with every kind of archive; most commands remove nothing

    for path in folder.glob(f"{prefix}*"):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
