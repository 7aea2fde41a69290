"""RFC 9110 as pure functions, against examples of the standard and laws."""

from __future__ import annotations

import email.utils

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calfeed.serve.negotiation import (
    Codings,
    Validators,
    Verdict,
    byte_range,
    codings,
    http_date,
    names_strongly,
    names_weakly,
    weigh,
    written_date,
)

INSTANT = 784111777  # Sun, 06 Nov 1994 08:49:37 GMT, the example of RFC 9110 §5.6.7
HAVE = Validators(b'"packed"', b'"plain"', INSTANT)
BEFORE, AT = b"Sun, 06 Nov 1994 08:49:36 GMT", b"Sun, 06 Nov 1994 08:49:37 GMT"


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, Codings(gzip=False, identity=True)),
        (b"", Codings(gzip=False, identity=True)),
        (b"gzip, deflate, br", Codings(gzip=True, identity=True)),
        (b"x-gzip", Codings(gzip=True, identity=True)),
        (b"GZIP;Q=0.5", Codings(gzip=True, identity=True)),
        (b"gzip;q=0", Codings(gzip=False, identity=True)),
        (b"gzip;q=0.000", Codings(gzip=False, identity=True)),
        (b"gzip;q=0.5, identity", Codings(gzip=False, identity=True)),
        (b"identity;q=0.5, gzip;q=1.0", Codings(gzip=True, identity=True)),
        (b"*", Codings(gzip=True, identity=True)),
        (b"gzip;q=0, *", Codings(gzip=False, identity=True)),
        (b"*;q=0", Codings(gzip=False, identity=False)),
        (b"gzip, *;q=0", Codings(gzip=True, identity=False)),
        (b"gzip, identity;q=0", Codings(gzip=True, identity=False)),
        (b"gzip;q=2", Codings(gzip=False, identity=True)),
        (b"br", Codings(gzip=False, identity=True)),
        (b", ,gzip,", Codings(gzip=True, identity=True)),
    ],
)
def test_accept_encoding_is_weighed(header: bytes | None, expected: Codings) -> None:
    assert codings(header) == expected


@pytest.mark.parametrize("listed", [b'"packed"', b'W/"packed"', b'"a", "packed"', b"*", b'"a,b","packed" , "c"'])
def test_if_none_match_compares_weakly(listed: bytes) -> None:
    assert names_weakly(listed, b'"packed"')


@pytest.mark.parametrize("listed", [b'W/"packed"', b"packed", b'"a"', b'"Packed"', b""])
def test_if_match_compares_strongly(listed: bytes) -> None:
    assert not names_strongly(listed, b'"packed"')


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, (Verdict.PROCEED, b'"packed"')),
        ({b"if-none-match": b'"packed"'}, (Verdict.NOT_MODIFIED, b'"packed"')),
        ({b"if-none-match": b'"plain"'}, (Verdict.NOT_MODIFIED, b'"plain"')),
        ({b"if-none-match": b'"old"'}, (Verdict.PROCEED, b'"packed"')),
        ({b"if-none-match": b'"old"', b"if-modified-since": AT}, (Verdict.PROCEED, b'"packed"')),
        ({b"if-none-match": b'"packed"', b"if-modified-since": BEFORE}, (Verdict.NOT_MODIFIED, b'"packed"')),
        ({b"if-modified-since": AT}, (Verdict.NOT_MODIFIED, b'"packed"')),
        ({b"if-modified-since": BEFORE}, (Verdict.PROCEED, b'"packed"')),
        ({b"if-modified-since": b"yesterday"}, (Verdict.PROCEED, b'"packed"')),
        ({b"if-match": b'"old"'}, (Verdict.FAILED, b'"packed"')),
        ({b"if-match": b'"packed"', b"if-none-match": b"*"}, (Verdict.NOT_MODIFIED, b'"packed"')),
        ({b"if-match": b'"old"', b"if-none-match": b"*"}, (Verdict.FAILED, b'"packed"')),
        ({b"if-match": b'"packed"', b"if-unmodified-since": BEFORE}, (Verdict.PROCEED, b'"packed"')),
        ({b"if-unmodified-since": BEFORE}, (Verdict.FAILED, b'"packed"')),
        ({b"if-unmodified-since": AT}, (Verdict.PROCEED, b'"packed"')),
        ({b"if-unmodified-since": b"?"}, (Verdict.PROCEED, b'"packed"')),
    ],
)
def test_conditions_are_taken_in_the_order_of_the_standard(
    fields: dict[bytes, bytes], expected: tuple[Verdict, bytes]
) -> None:
    assert weigh(fields, HAVE) == expected


def test_a_date_is_no_condition_where_nothing_is_known_of_the_file() -> None:
    assert weigh({b"if-modified-since": AT}, Validators(b'"a"')) == (Verdict.PROCEED, b'"a"')


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (b"bytes=0-4", (0, 5)),
        (b"bytes=5-", (5, 10)),
        (b"bytes=-3", (7, 10)),
        (b"bytes=-30", (0, 10)),
        (b"bytes=8-99", (8, 10)),
        (b"Bytes = 1-1", (1, 2)),
        (b"bytes=10-", (10, 10)),
        (b"bytes=-0", (10, 10)),
        (b"bytes=99999999999999999999999-", (10, 10)),
        (b"bytes=0-99999999999999999999999", (0, 10)),
        (b"bytes=-" + b"9" * 8000, (0, 10)),
        (b"bytes=4-2", None),
        (b"bytes=0-1,4-5", None),
        (b"bytes=-", None),
        (b"items=0-1", None),
        (b"0-1", None),
    ],
)
def test_one_range_is_read_and_anything_else_gets_the_whole(
    asked: bytes, expected: tuple[int, int] | None
) -> None:
    assert byte_range({b"range": asked}, HAVE, 10) == expected


@pytest.mark.parametrize(
    ("if_range", "kept"),
    [(b'"packed"', True), (b'W/"packed"', False), (b'"plain"', False), (AT, True), (BEFORE, False), (b"x", False)],
)
def test_if_range_is_strong(if_range: bytes, kept: bool) -> None:
    assert (byte_range({b"range": b"bytes=0-1", b"if-range": if_range}, HAVE, 10) is not None) == kept


@pytest.mark.parametrize("text", [AT, b"Sunday, 06-Nov-94 08:49:37 GMT", b"Sun Nov  6 08:49:37 1994"])
def test_every_form_of_a_date_is_read(text: bytes) -> None:
    assert http_date(text) == INSTANT


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"Sun, 31 Feb 1994 08:49:37 GMT",
        b"Sun, 06 Foo 1994 08:49:37 GMT",
        b"Sun, 06 Nov 1994 25:49:37 GMT",
        b"0",
    ],
)
def test_what_is_no_date_is_none(text: bytes) -> None:
    assert http_date(text) is None


@given(st.integers(0, 253402300799))
def test_a_written_date_is_read_back_here_and_by_the_library(instant: int) -> None:
    written = written_date(instant)
    assert http_date(written) == instant
    assert email.utils.parsedate_to_datetime(written.decode()).timestamp() == instant


@given(st.binary(max_size=60), st.binary(max_size=60), st.binary(max_size=60), st.integers(0, 1000))
def test_no_header_value_breaks_the_rules(first: bytes, second: bytes, third: bytes, size: int) -> None:
    found = codings(first)
    assert isinstance(found.gzip, bool)
    fields = {
        b"if-none-match": first,
        b"if-match": second,
        b"if-modified-since": third,
        b"range": b"bytes=" + first,
    }
    assert weigh(fields, HAVE)[0] in Verdict
    part = byte_range(fields, HAVE, size)
    assert part is None or 0 <= part[0] <= part[1] <= size
