"""What is still to be written of an answer, and how much of it the client has confirmed."""

from __future__ import annotations

import errno
import fcntl
import os
import socket
import struct
import termios
from typing import TypeAlias

from calfeed.serve.answers import Answer
from calfeed.serve.composing import Portion
from calfeed.serve.shelf import OpenFile

BURST = 512 * 1024  # bytes written at once, then the others have their turn
_MORE = getattr(socket, "MSG_MORE", 0)


class Span:
    """What is left of a part of a file."""

    __slots__ = ("end", "file", "start")

    def __init__(self, file: OpenFile, start: int, end: int) -> None:
        self.file, self.start, self.end = file, start, end


Piece: TypeAlias = memoryview | Span


def pieces(answer: Answer) -> list[Piece]:
    """Head and body; the head alone where no body follows."""
    head = memoryview(answer.head)
    if answer.end == answer.start:
        return [head]
    if isinstance(answer.body, OpenFile):
        return [head, Span(answer.body, answer.start, answer.end)]
    return [head, memoryview(answer.body)[answer.start : answer.end]]


def is_of_set(output: list[Piece]) -> bool:
    """Whether bytes of a set of categories are left, which count for as long as they are."""
    return any(isinstance(piece, memoryview) and isinstance(piece.obj, Portion) for piece in output)


def write(sock: socket.socket, output: list[Piece]) -> int:
    """Write some of the first piece, take off what is done, and give the number of bytes; raises OSError."""
    piece = output[0]
    if isinstance(piece, Span):
        count = os.sendfile(sock.fileno(), piece.file.descriptor, piece.start, min(piece.end - piece.start, BURST))
        if count == 0:
            raise OSError(errno.EIO, "the file was cut short")  # an answer that breaks off must be seen to
        piece.start += count
        if piece.start == piece.end:
            del output[0]
        return count
    count = sock.send(piece[:BURST], _MORE if len(output) > 1 else 0)
    if count == len(piece):
        del output[0]
    else:
        output[0] = piece[count:]
    return count


def unsent(sock: socket.socket) -> int:
    """Bytes that the kernel holds because no client has confirmed them yet."""
    return int(struct.unpack("i", fcntl.ioctl(sock.fileno(), termios.TIOCOUTQ, b"\0\0\0\0"))[0])
