"""calfeed's server held against nginx and uvicorn, side by side in one run: ratios, not requests a second.

    python bench/serve.py [--events 1000] [--seconds 3] [--rounds 3] [--connections 32]

Needs wrk, and nginx with gzip_static and uvicorn with starlette where those are to be compared; what is not there
is left out. Every server has one process, its usual time-outs, no access log, and the same release on loopback.
Two cases: a feed packed by gzip, and the 304 of one who has it. wrk and the servers share the machine, so CPU
microseconds for each request, user and system, are printed beside the rate. Sides alternate; medians are told.
The memory is that of calfeed's process after all of that.
"""

from __future__ import annotations

import argparse
import gzip
import importlib.util
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

REPOSITORY = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(REPOSITORY))

from bench.build import NOW  # noqa: E402 - run by its path
from bench.catalogue import lines  # noqa: E402
from bench.measuring import Row  # noqa: E402

FEED = "feed.rss"
CALFEED = """
import datetime as dt, sys
from pathlib import Path
from calfeed.serve import listen, serve
site = Path(sys.argv[1])
serve(site, site, listen("127.0.0.1", int(sys.argv[2])), clock=lambda: dt.datetime.now(dt.UTC),
      on_hangup=lambda: None, notify=lambda words: None, builds=dict, alive=lambda: True)
"""
UVICORN = """
import sys, uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
app = Starlette(routes=[Mount("/", StaticFiles(directory=sys.argv[1] + "/current"))],
                middleware=[Middleware(GZipMiddleware)])
uvicorn.run(app, port=int(sys.argv[2]), log_level="error", access_log=False)
"""
NGINX = """
worker_processes 1; daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{
  access_log off; sendfile on; tcp_nopush on; tcp_nodelay on; open_file_cache max=1000;
  keepalive_timeout 30; keepalive_requests 1000000000; client_header_timeout 5; send_timeout 30;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  types {{ application/rss+xml rss; text/calendar ics; text/html html; }}
  server {{ listen 127.0.0.1:{port}; root {folder}/site/current; gzip_static on; gzip_vary on;
    add_header Cache-Control "public, max-age=900"; add_header Access-Control-Allow-Origin "*"; }}
}}
"""


def free_port() -> int:
    """A port that was free a moment ago."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def make_site(folder: Path, events: int) -> None:
    """A built site of so many events; the feed lies beside itself packed, for nginx."""
    (folder / "events.yaml").write_text("".join(lines(events)), encoding="utf-8")
    command = [sys.executable, "-m", "calfeed", "build", str(folder / "events.yaml"), "--quiet", "--now", NOW[0]]
    subprocess.run(command, check=True, cwd=REPOSITORY, stdout=subprocess.DEVNULL)  # noqa: S603
    feed = folder / "site" / "current" / FEED
    feed.with_name(FEED + ".gz").write_bytes(gzip.compress(feed.read_bytes(), 6))
    folder.chmod(0o755)  # nginx's worker is another user


def commands(folder: Path) -> Iterator[tuple[str, int, list[str]]]:
    """Name, port and command line of every server that is there."""
    port = free_port()
    yield "calfeed", port, [sys.executable, "-c", CALFEED, str(folder / "site"), str(port)]
    if shutil.which("nginx"):
        port = free_port()
        (folder / "nginx.conf").write_text(NGINX.format(folder=folder, port=port))
        yield "nginx", port, ["nginx", "-c", str(folder / "nginx.conf"), "-p", str(folder)]
    if importlib.util.find_spec("uvicorn") and importlib.util.find_spec("starlette"):
        port = free_port()
        yield "uvicorn", port, [sys.executable, "-c", UVICORN, str(folder / "site"), str(port)]


@contextmanager
def running(port: int, command: list[str]) -> Iterator[int]:
    """A server while the block runs; gives the process that does the work."""
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)  # noqa: S603
    try:
        deadline = time.monotonic() + 10
        while not _answers(port):
            if time.monotonic() > deadline:
                raise SystemExit(f"{command[0]} does not answer")
            time.sleep(0.05)
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        yield int(children[0]) if children else process.pid
    finally:
        process.terminate()
        process.wait(15)


def _answers(port: int) -> bool:
    try:
        return bool(ask(port))
    except OSError:
        return False


def ask(port: int) -> str:
    """The entity tag of the packed feed."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}/{FEED}", headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(request, timeout=5) as response:  # noqa: S310
        response.read()
        return str(response.headers["ETag"])


def cpu_seconds(pid: int) -> float:
    """User and system time of a process."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Load(NamedTuple):
    """Requests a second; of one the CPU microseconds of the server, and the microseconds that 99 % are within."""

    rate: float
    cpu: float
    p99: float


def load(port: int, pid: int, tag: str, *, connections: int, seconds: int) -> Load:
    """Ask as fast as it goes."""
    before = cpu_seconds(pid)
    command = [
        "wrk",
        "--latency",
        "-t1",
        f"-c{connections}",
        f"-d{seconds}s",
        "-H",
        "Accept-Encoding: gzip",
    ]
    command += ["-H", f"If-None-Match: {tag}"] if tag else []
    said = subprocess.run(  # noqa: S603
        [*command, f"http://127.0.0.1:{port}/{FEED}"], check=True, capture_output=True, text=True
    ).stdout
    if "Non-2xx" in said or "Socket errors" in said:
        raise SystemExit(said)
    number, rate = re.search(r"(\d+) requests in", said), re.search(r"Requests/sec:\s+([\d.]+)", said)
    slow = re.search(r"99%\s+([\d.]+)(us|ms|s)", said)
    if number is None or rate is None or slow is None:
        raise SystemExit(said)
    p99 = float(slow[1]) * {"us": 1, "ms": 1e3, "s": 1e6}[slow[2]]
    return Load(float(rate[1]), (cpu_seconds(pid) - before) * 1e6 / int(number[1]), p99)


def main() -> None:
    """Print a table of medians and ratios to nginx."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=1000)
    parser.add_argument("--seconds", type=int, default=3)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--connections", type=int, default=32)
    arguments = parser.parse_args()
    if shutil.which("wrk") is None:
        raise SystemExit("wrk is needed")
    found, resident = measure(arguments.events, arguments.rounds, arguments.connections, arguments.seconds)
    tell(found, "nginx" if ("gzip", "nginx") in found else "calfeed")
    print(f"memory of calfeed's server: {resident:.1f} MiB")


def rows(entries: int, rounds: int) -> Iterator[Row]:
    """The goals of serving, beside nginx with gzip_static."""
    found, resident = measure(entries, rounds, connections=32, seconds=3)
    for case, work in (("304", "304"), ("gzip", "a feed, packed")):
        pairs = list(zip(found[case, "calfeed"], found[case, "nginx"], strict=True))
        rates = [ours.rate / theirs.rate for ours, theirs in pairs]
        cpus = [ours.cpu / theirs.cpu for ours, theirs in pairs]
        slow = [ours.p99 / theirs.p99 for ours, theirs in pairs]
        yield Row(
            "P7", f"{work}: requests a second to nginx's", "at least 0.6, aim 0.9", 0.6, rates, 2, least=True
        )
        yield Row("P7", f"{work}: CPU of a request to nginx's", "1.6", 1.6, cpus, 2)
        yield Row("P7", f"{work}: 99 % of requests are answered within, to nginx's", "2", 2, slow, 2)
    yield Row("P7", f"memory after all of that, {entries:,} entries: MB", "40", 40, [resident], 1)


def measure(
    entries: int, rounds: int, connections: int, seconds: int
) -> tuple[dict[tuple[str, str], list[Load]], float]:
    """Rate and CPU of each case and server in every round; and calfeed's memory after all of them, in MB."""
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        make_site(folder, entries)
        servers = [(who, port, stack.enter_context(running(port, line))) for who, port, line in commands(folder)]
        found: dict[tuple[str, str], list[Load]] = {}
        for _ in range(rounds):
            for case in ("gzip", "304"):
                for who, port, pid in servers:
                    tag = ask(port) if case == "304" else ""
                    measured = load(port, pid, tag, connections=connections, seconds=seconds)
                    found.setdefault((case, who), []).append(measured)
        resident = Path(f"/proc/{servers[0][2]}/status").read_text().partition("VmRSS:")[2].split()[0]
        return found, int(resident) / 1024


def tell(found: dict[tuple[str, str], list[Load]], measure: str) -> None:
    """A line for each case and server."""
    print(f"case  server     rate  ratio to {measure}  CPU µs  ratio   every rate")
    for (case, who), rounds in found.items():
        rate, cpu, _ = (statistics.median(values) for values in zip(*rounds, strict=True))
        others = [statistics.median(values) for values in zip(*found[case, measure], strict=True)]
        every = " ".join(f"{value.rate:.0f}" for value in rounds)
        print(f"{case:5} {who:8}{rate:8.0f}{rate / others[0]:16.2f}{cpu:8.1f}{cpu / others[1]:7.2f}   {every}")


if __name__ == "__main__":
    main()
