"""Everything else: data, tables, pages, and what pages need."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
from typing import BinaryIO
from xml.parsers import expat

from calfeed.storage.verify.findings import Entries, same, wrong


def events(data: bytes, entries: Entries) -> None:
    """JSON; that of the whole calendar holds these entries."""
    values = json.loads(data)
    if entries is not None:
        found = sorted(o["uid"] for event in values["events"] for o in event["occurrences"])
        same(found, sorted(entry.occurrence.uid for entry in entries))


def lines(file: BinaryIO) -> None:
    """A JSON array with one object a line, however many there are."""
    more = True
    if file.readline() != b"[\n":
        wrong("it does not begin as a list does")
    for line in iter(file.readline, b"]\n"):
        if not more or not isinstance(json.loads(line.removesuffix(b"\n").removesuffix(b",")), dict):
            wrong("a line that is no object, or one after the last")
        more = line.endswith(b",\n")
    if more or file.read():
        wrong("it does not end as a list does")


def table(data: bytes, entries: Entries) -> None:
    """Rows of equal length that no spreadsheet runs; those with a uid are the entries, in order."""
    text = data.decode()
    if not text.startswith("\ufeffuid,") or not text.endswith("\r\n"):
        wrong("it does not begin and end as a table does")
    names, *rows = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    if any(len(row) != len(names) for row in rows):
        wrong("a row with more or fewer cells than there are names")
    if any(cell[:1] in set("=+-@\t\r\n＝＋－＠") for row in rows for cell in row):
        wrong("a cell that a spreadsheet runs")
    columns = [names.index(name) for name in ("uid", "first_day", "last_day")]
    found = [tuple(row[column] for column in columns) for row in rows]
    expected = [
        (e.occurrence.uid, str(e.occurrence.dtstart), str(e.occurrence.dtend - dt.timedelta(days=1)))
        for e in entries or ()
    ]
    same([row for row in found if row[0]], expected)


def menu(data: bytes, _: Entries) -> None:
    """Whoever composes by it needs a name for every category, in one of its languages."""
    values = json.loads(data)
    languages = values["languages"]
    titles = [values["title"], *(category["title"] for category in values["categories"].values())]
    if not values["categories"] or not all(title[languages[-1]] for title in titles):
        wrong("a name is missing")
    if not values["url"].endswith("/compose/") or min(values["budget"].values()) < 1:
        wrong("its address or its budget make no sense")


def page(data: bytes, _: Entries) -> None:
    """A page from its beginning to its end."""
    text = data.decode()
    if not text.startswith("<!doctype html>") or not text.rstrip().endswith("</html>"):
        wrong("it does not begin and end as a page does")


def text(data: bytes, _: Entries) -> None:
    """Text that ends with a line."""
    if not data.decode().endswith("\n"):
        wrong("it does not end with a line")


def picture(data: bytes, _: Entries) -> None:
    """Well-formed XML."""
    expat.ParserCreate().Parse(data, True)


def robots(data: bytes, _: Entries) -> None:
    """The few lines that robots read."""
    lines = data.decode("ascii").splitlines()
    if lines[:1] != ["User-agent: *"] or not all(re.fullmatch("|[A-Z][a-z-]+: [!-~]+", line) for line in lines):
        wrong("a line that no robot reads")


def empty(data: bytes, _: Entries) -> None:
    """Nothing."""
    if data:
        wrong("it should be empty")
