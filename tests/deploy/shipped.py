"""What lies in deploy/: read as text and as YAML, and shown to programs that judge it."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
SERVICES = ("calfeed.service", "calfeed-run.service", "calfeed-serve.service")
USER_SERVICE = "user/calfeed-serve.service"


def ask(*command: str | Path, **surroundings: str) -> subprocess.CompletedProcess[str]:
    """What a program says, in English and without colours."""
    environment = {**os.environ, "SYSTEMD_COLORS": "0", "LC_ALL": "C.UTF-8", **surroundings}
    return subprocess.run(
        command, capture_output=True, text=True, env=environment, cwd=ROOT, timeout=60, check=False
    )


def read(*path: str) -> str:
    return DEPLOY.joinpath(*path).read_text(encoding="utf-8")


def documents(*path: str) -> list[dict[str, Any]]:
    """The YAML documents of a file."""
    return list(yaml.safe_load_all(read(*path)))


def pods() -> dict[str, dict[str, Any]]:
    """What a pod of each kind is made from."""
    serve, (cronjob,) = documents("kubernetes", "serve.yaml"), documents("kubernetes", "cronjob.yaml")
    (deployment,) = (document for document in serve if document["kind"] == "Deployment")
    return {
        "kubernetes serve": deployment["spec"]["template"]["spec"],
        "kubernetes build": cronjob["spec"]["jobTemplate"]["spec"]["template"]["spec"],
    }


def commands() -> dict[str, list[str]]:
    """The arguments that each way of running gives to calfeed."""
    found = {}
    for name in (*SERVICES, USER_SERVICE):
        started = re.findall(r"^ExecStart=\S*/calfeed/run (.*)$", read("systemd", name), re.MULTILINE)
        found[name] = started[0].split()
    found["cron"] = re.findall(r" /opt/calfeed/run (.*)$", read("cron", "calfeed"), re.MULTILINE)[0].split()
    command = re.findall(r"^CMD (.*)$", read("docker", "Dockerfile"), re.MULTILINE)[0]
    found["container"] = re.findall(r'"([^"]*)"', command)
    found["compose"] = documents("docker", "compose.yaml")[0]["services"]["calfeed"]["command"]
    found |= {name: pod["containers"][0]["args"] for name, pod in pods().items()}
    (built,) = re.findall(r"run: \./run (.*)$", read("github", "pages.yml"), re.MULTILINE)
    found["github"] = re.sub(r"\$\{NEW_LEDGER:\+(.*)\}", r"\1", built).replace('"', "").split()
    return found
