"""A disk of our own, so that its power can be cut: ext4 in a file, mounted by a loop device.

EXT4_IOC_SHUTDOWN without a flush of the log is what the filesystem's own tests use for a power cut: whatever was
not on the disk by then is lost. Root and the kernel's loop devices are needed.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import struct
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.judges import program

_SHUTDOWN = 0x8004587D  # _IOR('X', 125, __u32), of fs/ext4/ext4.h
_NO_LOG_FLUSH = 2
TRIES = 50
SIZE = 24 * 1024 * 1024  # bytes; small files hardly take any of it


@dataclass(frozen=True)
class Disk:
    """A disk in a file, and where it is mounted."""

    image: Path
    folder: Path

    def cut(self) -> None:
        """Cut its power, and have it mounted again as after a new start: the journal is replayed.

        What is mounted is a copy: as long as somebody has a view of the mounts of before, which other tests make,
        the kernel keeps the dead disk, and would give it back.
        """
        descriptor = os.open(self.folder, os.O_RDONLY)
        try:
            fcntl.ioctl(descriptor, _SHUTDOWN, struct.pack("I", _NO_LOG_FLUSH))
        finally:
            os.close(descriptor)
        self.unmount()
        copy = self.image.with_suffix(".copy")
        subprocess.run(["cp", "--sparse=always", str(self.image), str(copy)], check=True)
        copy.replace(self.image)
        self.mount()

    def mount(self) -> None:
        """By a loop device that goes with the mount; the kernel may still be busy with letting go of another."""
        command = ["mount", "-o", "loop", str(self.image), str(self.folder)]
        for _ in range(TRIES):
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode == 0:
                return
            time.sleep(0.1)
        raise OSError(done.stderr)

    def unmount(self) -> None:
        """Let go of it."""
        subprocess.run(["umount", str(self.folder)], check=True)


def formatted(image: Path, content: Path) -> None:
    """Make a disk that holds what a folder holds."""
    with image.open("wb") as file:
        file.truncate(SIZE)
    subprocess.run([str(program("mkfs.ext4")), "-q", "-F", "-d", str(content), str(image)], check=True)


@contextmanager
def inserted(image: Path, place: Path) -> Iterator[Disk]:
    """A copy of a disk, mounted for the length of one try."""
    disk = Disk(place.with_suffix(".img"), place)
    with ExitStack() as stack:
        place.mkdir()
        stack.callback(place.rmdir)
        stack.callback(disk.image.unlink)
        subprocess.run(["cp", "--sparse=always", str(image), str(disk.image)], check=True)
        disk.mount()
        stack.callback(disk.unmount)
        yield disk


def missing() -> str | None:
    """Why power cannot be cut here, if it cannot."""
    if os.geteuid() != 0:
        return "only root mounts disks"
    if not Path("/dev/loop-control").exists() or shutil.which("mount") is None:
        return "no loop devices here"
    return None
