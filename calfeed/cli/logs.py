"""The log on standard error: lines to read, or one JSON object a line. Never a control character of others."""

from __future__ import annotations

import datetime as dt
import json
import logging

from calfeed.errors import printable


def log_to_stderr(format_: str, *, quiet: bool) -> None:
    """Set up logging for the life of the process; `quiet` leaves warnings and errors."""
    handler = logging.StreamHandler()
    handler.setFormatter(_Json() if format_ == "json" else _Text())
    logging.basicConfig(level=logging.WARNING if quiet else logging.INFO, handlers=[handler])
    logging.getLogger("apscheduler").setLevel(logging.CRITICAL)  # our own listeners tell it in plain words


def _instant(record: logging.LogRecord) -> str:
    return dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(timespec="milliseconds")


class _Text(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        """Time, level, message; control characters of the message as escapes, a traceback in lines of its own."""
        message = printable(record.getMessage())
        trace = self.formatException(record.exc_info).split("\n") if record.exc_info else []
        return "\n    ".join([f"{_instant(record)} {record.levelname} {message}", *map(printable, trace)])


class _Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        """Keys `time`, `level`, `message`, and `exception` where there is one."""
        values = {"time": _instant(record), "level": record.levelname.lower(), "message": record.getMessage()}
        if record.exc_info:
            values["exception"] = self.formatException(record.exc_info)
        return json.dumps(values, ensure_ascii=True)
