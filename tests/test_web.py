"""Whatever another machine does, a request ends in time, within its limits, and tells no secret."""

from __future__ import annotations

import gzip
import ssl
import subprocess
import threading
import time
from pathlib import Path

import pytest

from calfeed import __version__
from calfeed.errors import shown
from calfeed.web import Answer, WebProblem, get
from tests.judges import Program, require
from tests.judges.programs import program_missing
from tests.loopback import Reply, in_turn, serving

OPENSSL = Program("openssl", program_missing("openssl", "apt install openssl"))


def refused(url: str, **limits: float) -> WebProblem:
    """The problem with which a GET ends."""
    with pytest.raises(WebProblem) as caught:
        get(url, **limits)  # type: ignore[arg-type]  # limits of the test's own
    assert caught.value.__suppress_context__ or not caught.value.__context__  # the library's holds the address
    return caught.value


def test_document_is_fetched_whole_and_past_caches() -> None:
    with serving(in_turn(Reply(body=b"x" * 200_000))) as server:
        assert get(f"{server.url}a?b=c") == Answer(200, b"x" * 200_000)
    (asked,) = server.asked
    assert asked.path == "/a?b=c"
    assert asked.headers["User-Agent"] == f"calfeed/{__version__}"
    assert asked.headers["Cache-Control"] == "no-cache"
    assert not asked.headers.keys() & {"Authorization", "Cookie"}


def test_compressed_answer_is_unpacked() -> None:
    with serving(in_turn(Reply(body=gzip.compress(b"text"), headers={"Content-Encoding": "gzip"}))) as server:
        assert get(server.url).body == b"text"


def test_answer_over_the_limit_is_refused() -> None:
    with serving(in_turn(Reply(body=b"x" * 1001))) as server:
        problem = refused(server.url, max_bytes=1000)
        assert get(server.url, max_bytes=1001).good
    assert str(problem) == f"{server.url}: sends more than 1,000 bytes"
    assert not problem.passing


def test_answer_without_end_is_refused_at_the_limit() -> None:
    with serving(lambda _: Reply(body=iter(lambda: b"x" * 65536, b""))) as server:
        assert str(refused(server.url, max_bytes=1_000_000)) == f"{server.url}: sends more than 1,000,000 bytes"


def test_small_answer_that_unpacks_to_a_large_one_is_refused_at_the_limit() -> None:
    bomb = gzip.compress(bytes(50_000_000))
    with serving(in_turn(Reply(body=bomb, headers={"Content-Encoding": "gzip"}))) as server:
        assert "sends more than" in str(refused(server.url, max_bytes=1_000_000))


def test_answer_that_comes_drop_by_drop_ends_in_time() -> None:
    with serving(lambda _: Reply(body=iter(lambda: b"" if server.over.wait(0.02) else b"x", b""))) as server:
        started = time.monotonic()
        problem = refused(server.url, timeout=1, patience=0.3)
        assert time.monotonic() - started < 2
    assert str(problem) == f"{server.url}: there is no whole answer within 0.3 seconds"
    assert problem.passing


def test_thread_of_a_request_that_was_given_up_ends_soon() -> None:
    with serving(lambda _: Reply(body=iter(lambda: b"" if server.over.wait(0.02) else b"x", b""))) as server:
        refused(server.url, timeout=1, patience=0.2)
        late = time.monotonic() + 5
        while any(thread.name == "calfeed-web" for thread in threading.enumerate()):
            assert time.monotonic() < late
            time.sleep(0.01)


def test_answer_that_breaks_off_is_asked_for_again() -> None:
    cut = Reply(body=b"half", headers={"Content-Length": "8"})
    with serving(in_turn(cut, Reply(body=b"in whole"))) as server:
        assert get(server.url).body == b"in whole"
    with serving(in_turn(cut)) as server:
        problem = refused(server.url, patience=0.4)
    assert str(problem) == f"{server.url}: its answer breaks off, or is no HTTP"
    assert problem.passing


def test_what_is_no_http_is_refused() -> None:
    with serving(lambda _: Reply(body=[b"SSH-2.0-OpenSSH_9.2\r\n"], raw=True)) as server:
        assert str(refused(server.url, patience=0.4)).endswith(": its answer breaks off, or is no HTTP")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_document_that_moved_is_found(status: int) -> None:
    with serving(
        lambda a: Reply(body=b"found") if a.path == "/b" else Reply(status, headers={"Location": "b"})
    ) as server:
        assert get(f"{server.url}a") == Answer(200, b"found")


def test_five_redirects_are_followed_and_a_sixth_is_not() -> None:
    moved = [Reply(302, headers={"Location": f"/{number}"}) for number in range(6)]
    with serving(in_turn(*moved[:5], Reply(body=b"found"))) as server:
        assert get(server.url).body == b"found"
    with serving(in_turn(*moved, Reply(body=b"found"))) as server:
        assert str(refused(server.url)) == f"{server.url}: sends us elsewhere more than 5 times"


def test_body_of_a_redirect_is_not_read() -> None:
    endless = Reply(302, body=iter(lambda: b"x" * 65536, b""), headers={"Location": "/b"})
    with serving(lambda a: Reply(body=b"found") if a.path == "/b" else endless) as server:
        assert get(server.url, patience=5).body == b"found"


@pytest.mark.parametrize(
    ("location", "said"),
    [
        ("file:///etc/passwd", "file:///etc/passwd: not an address that begins with https:// or http://"),
        ("ftp://calfeed.example/", "ftp://calfeed.example/: not an address that begins with https:// or http://"),
        ("http://me:geheim@127.0.0.1/", "http://…127.0.0.1/: leave user and password out of the address"),
        ("http://[/", "sends us to an address that is none"),
        ("http://" + "a" * 300 + "/", ": not an address that can be asked"),
    ],
)
def test_redirect_to_anything_but_the_web_is_not_followed(location: str, said: str) -> None:
    with serving(in_turn(Reply(302, headers={"Location": location}))) as server:
        problem = refused(server.url)
    assert said in str(problem)
    assert "geheim" not in str(problem)
    assert not problem.passing


@pytest.mark.parametrize("url", ["ftp://a.example/", "file:///etc/hosts", "a.example", "https://", "http://[", ""])
def test_what_is_no_web_address_is_not_asked(url: str) -> None:
    assert not refused(url).passing


def test_password_in_an_address_is_refused_and_not_repeated() -> None:
    problem = refused("https://me:geheim@calfeed.example/?token=geheim#geheim")
    assert str(problem) == "https://…calfeed.example/: leave user and password out of the address"


@pytest.mark.parametrize(
    ("url", "as_shown"),
    [
        ("https://a.example:8/b?c=d", "https://a.example:8/b"),
        ("https://me:pass/word@a.example/b", "https://…a.example/b"),
        ("https://me:p@ss?w#o@a.example/b?c", "https://…a.example/b"),
        ("https://a.example?c", "https://a.example"),
        ("http://a.example/\x1b[2J\n", r"http://a.example/\x1b[2J\n"),
        ("s3://bucket/@me/x", "s3://bucket/@me/x"),
        ("nothing", "nothing"),
    ],
)
def test_address_is_shown_without_secrets_and_controls(url: str, as_shown: str) -> None:
    assert shown(url) == as_shown


def test_proxy_of_the_surroundings_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9/")
    with serving(in_turn(Reply(body=b"direct"))) as server:
        assert get(server.url).body == b"direct"


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate of the loopback that nobody vouches for, and its key."""
    require(OPENSSL)
    both = tmp_path / "certificate.pem"
    kind = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost"
    named = ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(tmp_path / "key.pem"), "-out", str(both)]
    subprocess.run(["openssl", *kind.split(), *named], check=True, capture_output=True)
    both.write_bytes(both.read_bytes() + (tmp_path / "key.pem").read_bytes())
    return both


def with_tls(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def test_certificate_that_nobody_vouches_for_is_refused(certificate: Path) -> None:
    with serving(in_turn(Reply(body=b"text")), with_tls(certificate)) as server:
        problem = refused(server.url, patience=0.4)
    assert str(problem) == f"{server.url}: its certificate is not one to trust, or it does not speak TLS"
    assert server.asked == []


def test_redirect_from_https_to_http_is_not_followed(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with serving(in_turn(Reply(body=b"text"))) as plain:
        replies = in_turn(Reply(302, headers={"Location": "/b"}), Reply(302, headers={"Location": plain.url}))
        with serving(replies, with_tls(certificate)) as server:
            problem = refused(server.url)
    assert str(problem) == f"{server.url}b: sends us from https to {plain.url}"
    assert [asked.path for asked in server.asked] == ["/", "/b"]
    assert plain.asked == []
