"""A WebSub hub that we did not write: flask-websub, on a free port of the loopback.

`python -m tests.judges.websub_hub FOLDER` prints its address, and serves until it is ended. Tasks run in
the request that asks for them, so there is no broker: a subscription is verified, and new content delivered,
before the hub answers.
"""

from __future__ import annotations

import sys
from pathlib import Path


def main(folder: Path) -> None:
    """Serve a hub that keeps its subscriptions in a folder."""
    from celery import Celery  # type: ignore[import-untyped]  # noqa: PLC0415
    from flask import Flask  # noqa: PLC0415
    from flask_websub.hub import Hub, SQLite3HubStorage  # type: ignore[import-untyped]  # noqa: PLC0415
    from werkzeug.serving import make_server  # noqa: PLC0415

    tasks = Celery("hub")
    tasks.conf.task_always_eager = True
    hub = Hub(SQLite3HubStorage(str(folder / "hub.sqlite3")), tasks, MAX_ATTEMPTS=0)
    app = Flask("hub")
    app.config["PUBLISH_SUPPORTED"] = True
    app.register_blueprint(hub.build_blueprint("/hub"))
    server = make_server("127.0.0.1", 0, app)
    print(f"http://127.0.0.1:{server.server_port}/hub", flush=True)  # noqa: T201  # the test reads it
    server.serve_forever()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
