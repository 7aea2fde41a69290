"""A real S3 server on loopback: SeaweedFS, which honours conditional writes and refuses a wrong secret."""

from __future__ import annotations

import http.client
import json
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from obstore.exceptions import BaseError
from obstore.store import S3Store

from tests.judges import program

BUCKET = "calendars"
_KEY, _SECRET = "calfeed-key", "calfeed-secret"
READER = ("reader-key", "reader-secret")  # may read and list, and write nothing
_HOST = "127.0.0.1"
_READY_WITHIN = 60.0  # seconds


@dataclass(frozen=True)
class Seaweed:
    """A running server; `environment` is what a publisher needs to reach it."""

    port: int
    filer: int

    @property
    def environment(self) -> dict[str, str]:
        """Endpoint and credentials, by their usual names."""
        return {
            "AWS_ENDPOINT_URL": f"http://{_HOST}:{self.port}",
            "AWS_ACCESS_KEY_ID": _KEY,
            "AWS_SECRET_ACCESS_KEY": _SECRET,
            "AWS_REGION": "us-east-1",
            "AWS_ALLOW_HTTP": "true",
        }

    def store(self, prefix: str) -> S3Store:
        """The objects below a prefix, to look at them without calfeed."""
        return S3Store(
            BUCKET,
            prefix=prefix,
            endpoint=f"http://{_HOST}:{self.port}",
            access_key_id=_KEY,
            secret_access_key=_SECRET,
            region="us-east-1",
            client_options={"allow_http": True},
            retry_config={"max_retries": 0},
        )


@contextmanager
def seaweed() -> Iterator[Seaweed]:
    """Start a server with one bucket; it is killed at the end, since it takes its time to stop."""
    folder = Path(tempfile.mkdtemp(prefix="seaweed-"))
    process = None
    try:
        server, command = _command(folder)
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True, cwd=folder)
        _make_bucket(server, folder, process)
        yield server
    finally:
        if process is not None:
            process.send_signal(signal.SIGKILL)
            process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _command(folder: Path) -> tuple[Seaweed, list[str]]:
    keys = {
        "identities": [
            {
                "name": "calfeed",
                "credentials": [{"accessKey": _KEY, "secretKey": _SECRET}],
                "actions": ["Admin", "Read", "Write", "List", "Tagging"],
            },
            {
                "name": "reader",
                "credentials": [{"accessKey": READER[0], "secretKey": READER[1]}],
                "actions": ["Read", "List"],
            },
            {"name": "anonymous", "credentials": [], "actions": ["Read", "Write", "List"]},
        ]
    }
    (folder / "keys.json").write_text(json.dumps(keys))
    (folder / "data").mkdir()
    names = ["master.port", "master.port.grpc", "volume.port", "volume.port.grpc", "filer.port", "filer.port.grpc"]
    names += ["s3.port", "s3.port.grpc"]
    ports = dict(zip(names, _free_ports(len(names)), strict=True))
    command = [program("weed") or "weed", "server", f"-dir={folder / 'data'}", f"-ip={_HOST}", f"-ip.bind={_HOST}"]
    command += ["-filer", "-s3", f"-s3.config={folder / 'keys.json'}", "-master.telemetry=false"]
    command += ["-master.volumeSizeLimitMB=64", "-volume.max=8", f"-filer.localSocket={folder / 'filer.sock'}"]
    command += ["-s3.port.iceberg=0", "-s3.port.lance=0"]
    command += [f"-{name}={port}" for name, port in ports.items()]
    return Seaweed(ports["s3.port"], ports["filer.port"]), command


def _free_ports(count: int) -> list[int]:
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind((_HOST, 0))
        return [one.getsockname()[1] for one in sockets]


def _make_bucket(server: Seaweed, folder: Path, process: subprocess.Popen[bytes]) -> None:
    """Wait until the server takes a write: its ports open earlier than that. A bucket is a folder of its filer."""
    store, deadline = server.store(""), time.monotonic() + _READY_WITHIN
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with closing(http.client.HTTPConnection(_HOST, server.filer, timeout=5)) as filer:
                filer.request("POST", f"/buckets/{BUCKET}/")
                filer.getresponse().read()
            store.put("ready", b"yes")
            store.delete("ready")
        except (OSError, http.client.HTTPException, BaseError):
            time.sleep(0.1)  # between two questions to a server that is starting
        else:
            return
    raise RuntimeError(f"SeaweedFS did not get ready: {(folder / 'log').read_text(errors='replace')[-2000:]}")
