"""nginx and Caddy on loopback, started with the configurations that we ship, and what they answer.

Only what machines differ in is replaced: the address, the folder, the process that is asked. A text that should
be replaced and is not there is an error, so no test can pass beside the configuration.
"""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from tests.judges import CADDY, NGINX, program, require

from .shipped import DEPLOY

PATIENCE = 20  # seconds until a server counts as one that does not come up

_NGINX = """
daemon off;
master_process {master};
pid {folder}/pid;
error_log stderr;
events {{}}
http {{
    access_log {folder}/access.log;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    {shipped}
}}
"""


@dataclass(frozen=True)
class Answer:
    """What came back; the names of headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Server:
    """A server that listens at `port` of loopback."""

    port: int
    folder: Path

    def ask(self, path: str, method: str = "GET", source: str = "127.0.0.1", **headers: str) -> Answer:
        """One request on a connection of its own; `if_none_match="…"` is the header If-None-Match."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        came_from = (source, 0)
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, PATIENCE, came_from)) as connection:
            connection.putrequest(method, path, skip_accept_encoding=True)
            for name, value in named.items():
                connection.putheader(name, value)
            connection.endheaders()
            answer = connection.getresponse()
            return Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())

    def logged(self) -> str:
        """Everything that it has written down, wherever."""
        files = [path for path in self.folder.rglob("*") if path.is_file() and path.suffix in {".log", ".said"}]
        return "".join(path.read_text(encoding="utf-8", errors="replace") for path in files)


def file_server(name: str, site: Path, folder: Path) -> Iterator[Server]:
    """nginx or Caddy with its `static` configuration over a site that `calfeed build` wrote."""
    if name == "nginx":
        return nginx("static.conf", {"/var/lib/calfeed/site/current": f"{site}/current"}, folder)
    return caddy("static.Caddyfile", {"CALFEED_SITE": str(site)}, folder)


def proxy(name: str, upstream: int, folder: Path) -> Iterator[Server]:
    """nginx or Caddy with its `proxy` configuration before what listens at that port; 1 s stands for 10."""
    if name == "nginx":
        replaced = {
            "127.0.0.1:8000": f"127.0.0.1:{upstream}",
            "/var/cache/nginx/calfeed": f"{folder}/cache",
            "proxy_cache_valid 200 10s;": "proxy_cache_valid 200 1s;",
        }
        return nginx("proxy.conf", replaced, folder)
    return caddy("proxy.Caddyfile", {"CALFEED_UPSTREAM": f"127.0.0.1:{upstream}"}, folder)


def nginx(name: str, replaced: Mapping[str, str], folder: Path) -> Iterator[Server]:
    """nginx with that file, and other texts for some of it."""
    require(NGINX)
    port = free_port()
    addresses = {"listen 80;": f"listen 127.0.0.1:{port};", "    listen [::]:80;\n": ""}
    logs = {"/var/log/nginx/error.log": f"{folder}/error.log"}
    shipped = replace((DEPLOY / "nginx" / name).read_text(encoding="utf-8"), {**replaced, **addresses, **logs})
    written = folder / "nginx.conf"
    # One process: with a master, workers would be another user than that of the temporary folder where root tests.
    written.write_text(_NGINX.format(master="off", folder=folder, shipped=shipped), encoding="utf-8")
    command = [program("nginx") or "", "-e", "stderr", "-p", str(folder), "-c", str(written)]
    tried = subprocess.run([*command, "-t", "-q"], capture_output=True, text=True, check=False)
    assert (tried.returncode, tried.stderr) == (0, "")  # a warning is a fault
    with running(command, port, folder) as server:
        yield server


def caddy(name: str, environment: Mapping[str, str], folder: Path) -> Iterator[Server]:
    """Caddy with that file, without TLS, and without the door at which it is administered."""
    require(CADDY)
    port = free_port()
    written = folder / "Caddyfile"
    shipped = (DEPLOY / "caddy" / name).read_text(encoding="utf-8")
    alone = replace(shipped, {"\n{\n\t#": "\n{\n\tadmin off\n\tpersist_config off\n\t#"})
    written.write_text(alone, encoding="utf-8")
    surroundings = {
        **os.environ,
        **environment,
        "CALFEED_ADDRESS": f"http://127.0.0.1:{port}",
        "HOME": str(folder),
        "XDG_DATA_HOME": str(folder),
        "XDG_CONFIG_HOME": str(folder),
    }
    command = [program("caddy") or "", "run", "--config", str(written), "--adapter", "caddyfile"]
    with running(command, port, folder, surroundings) as server:
        yield server


@contextmanager
def running(
    command: list[str], port: int, folder: Path, environment: Mapping[str, str] | None = None
) -> Iterator[Server]:
    """A server, from when it accepts connections until the block is left; what it says lies in the folder."""
    server = Server(port, folder)
    with (
        (folder / "server.said").open("wb") as said,
        subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=said) as process,
    ):
        try:
            await_port(server, process)
            yield server
        finally:
            process.terminate()
            process.wait(PATIENCE)


def await_port(server: Server, process: subprocess.Popen[bytes]) -> None:
    """Wait until something listens; an AssertionError with its last words where it ends instead."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        assert process.poll() is None, server.logged()
        with closing(socket.socket()) as probe:
            if probe.connect_ex(("127.0.0.1", server.port)) == 0:
                return
        time.sleep(0.02)
    raise AssertionError(f"nothing listens at {server.port} after {PATIENCE} seconds")


def free_port() -> int:
    """A port that nobody listens at; these servers cannot be told to choose one."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def replace(text: str, replaced: Mapping[str, str]) -> str:
    """The text with others in the place of some; each must be there."""
    for old, new in replaced.items():
        assert old in text, f"{old!r} is no longer there"
        text = text.replace(old, new)
    return text


def path_of(location: str) -> str:
    """The path of a Location header, absolute or not."""
    return urlsplit(location).path
