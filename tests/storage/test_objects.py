"""An object store in the wrong hands: it is asked no more than can be borne, and told no password of another."""

from __future__ import annotations

import resource
from itertools import chain, repeat

import pytest

from calfeed.errors import PublishError
from calfeed.storage.objects import MAX_BYTES, open_objects
from tests.loopback import Asked, Reply, serving

META = {"ETag": '"x"', "Last-Modified": "Sun, 22 Nov 2026 06:00:00 GMT"}


@pytest.fixture(autouse=True)
def _credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("ACCESS_KEY_ID", "key"), ("SECRET_ACCESS_KEY", "secret"), ("REGION", "us-east-1")):
        monkeypatch.setenv(f"AWS_{name}", value)


def head(length: int) -> bytes:
    fields = "".join(f"{name}: {value}\r\n" for name, value in META.items())
    return f"HTTP/1.1 200 OK\r\n{fields}Content-Length: {length}\r\n\r\n".encode()


def endless(length: int) -> Reply:
    return Reply(body=chain([head(length)], repeat(bytes(1024**2), length // 1024**2)), raw=True)


def test_object_too_large_to_be_ours_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with serving(lambda _: endless(4 * MAX_BYTES)) as server:
        monkeypatch.setenv("AWS_ENDPOINT_URL", server.url.rstrip("/"))
        with pytest.raises(PublishError, match="has 1,073,741,824 bytes, more than calfeed writes"):
            open_objects("s3://bucket/prefix").read("ledger.json")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < MAX_BYTES // 1024


@pytest.mark.parametrize("address", ["s3://bucket/prefix", "{url}folder"])
def test_store_that_sends_us_elsewhere_gets_no_credentials_there(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(lambda _: Reply(body=b"stolen", headers=META)) as elsewhere:

        def redirect(_: Asked) -> Reply:
            return Reply(302, headers={"Location": f"{elsewhere.url}x"})

        with serving(redirect) as server:
            monkeypatch.setenv("AWS_ENDPOINT_URL", server.url.rstrip("/"))
            objects = open_objects(address.format(url=server.url), webdav=("user", "password"))
            objects.read("ledger.json")
        assert "authorization" in server.asked[0].headers
        assert elsewhere.asked
        assert [asked for asked in elsewhere.asked if "authorization" in asked.headers] == []
