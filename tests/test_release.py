"""What is released can be made again to the byte, says what it is made of, and takes nothing in unseen."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner

from calfeed import __version__
from release.__main__ import committed, main
from release.audit import Audit, audit, looked_at
from release.lock import LISTS, Locked, read_list
from release.sbom import bill_of_materials
from tests.goals import Tally
from tests.judges import GIT, program, require
from tests.loopback import Asked, Reply, closed_port, serving
from tests.support import REPOSITORY

DIGEST = "0" * 64
LONG_AGO = 1_000_000_000  # an instant of Unix, for files
SURROUNDINGS = {
    "elsewhere, at another time": {"TZ": "Asia/Baku", "LC_ALL": "C"},
    "by somebody who shares nothing": {"TZ": "America/St_Johns", "PYTHONHASHSEED": "7", "HOME": "/nonexistent"},
}


def run(folder: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A module of Python, run in a folder that holds calfeed's sources."""
    surroundings = {**os.environ, "PYTHONPATH": str(folder), **environment}
    command = [sys.executable, "-P", "-m", *words]
    return subprocess.run(command, cwd=folder, env=surroundings, capture_output=True, text=True, check=False)


def built(folder: Path, into: Path, **environment: str) -> dict[str, str]:
    """Wheel and source package of the sources in a folder, as digests by name."""
    done = run(folder, "hatchling", "build", "-d", str(into), **{"SOURCE_DATE_EPOCH": "0", **environment})
    assert done.returncode == 0, done.stderr
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in into.iterdir()}


def unpacked(package: Path, folder: Path) -> Path:
    """The sources in a source package, their files of another date and other rights than before."""
    with tarfile.open(package) as opened:
        opened.extraction_filter = getattr(tarfile, "data_filter", None)  # Python 3.11.4 and later
        opened.extractall(folder)  # noqa: S202 - our own
    (sources,) = folder.iterdir()
    for path in sources.rglob("*"):
        os.utime(path, (LONG_AGO, LONG_AGO))
        path.chmod(0o700 if path.is_dir() or path.stat().st_mode & 0o100 else 0o600)
    return sources


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The source package, and the wheel beside it."""
    folder = tmp_path_factory.mktemp("built")
    built(REPOSITORY, folder)
    return folder / f"calfeed-{__version__}.tar.gz"


@pytest.fixture
def checkout(package: Path, tmp_path: Path) -> Path:
    """The sources, committed, in a place of their own."""
    require(GIT)
    sources = unpacked(package, tmp_path / "checkout")
    (sources / "PKG-INFO").unlink()
    for words in (
        ["init", "--quiet"],
        ["add", "--all"],
        ["-c", "user.name=x", "-c", "user.email=x@example.org", "commit", "--quiet", "-m", "x"],
    ):
        subprocess.run([program("git") or "", *words], cwd=sources, check=True)
    return sources


@pytest.mark.goal("G15", "wheel and source package built twice: other folder, user, rights, dates, zone, locale")
def test_packages_have_the_same_bytes_wherever_they_are_built(
    package: Path, tally: Tally, tmp_path: Path, *, thorough: bool
) -> None:
    first = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in package.parent.iterdir()}
    assert sorted(first) == [f"calfeed-{__version__}-py3-none-any.whl", f"calfeed-{__version__}.tar.gz"]
    points = list(SURROUNDINGS.items())
    for number, (name, environment) in enumerate(points if thorough else points[:1]):
        with tally.point(name):
            sources = unpacked(package, tmp_path / str(number))
            (sources / "PKG-INFO").unlink()
            old = os.umask(0o077)
            try:
                assert built(sources, tmp_path / f"{number}.dist", **environment) == first
            finally:
                os.umask(old)


def test_wheel_holds_calfeed_and_nothing_else(package: Path) -> None:
    (wheel,) = package.parent.glob("*.whl")
    with zipfile.ZipFile(wheel) as opened:
        names = opened.namelist()
    info = f"calfeed-{__version__}.dist-info/"
    assert {name.partition("/")[0] + "/" for name in names} == {"calfeed/", info}
    sources = {
        str(path.relative_to(REPOSITORY)) for path in (REPOSITORY / "calfeed").rglob("*.*") if path.is_file()
    }
    assert {name for name in names if name.startswith("calfeed/")} == {
        name for name in sources if "__pycache__" not in name
    }


@pytest.mark.parametrize("name", sorted(path.name for path in LISTS.glob("*.txt")))
def test_each_line_of_a_list_has_hashes_and_none_says_where_from(name: str) -> None:
    found = read_list(LISTS / name)
    assert found
    assert "://" not in (LISTS / name).read_text(encoding="utf-8")
    assert len(found) == len(re.findall("^[A-Za-z0-9]", (LISTS / name).read_text(encoding="utf-8"), re.MULTILINE))


@pytest.mark.parametrize(
    "line",
    [
        "click==8.5.1",
        f"click>=8 --hash=sha256:{DIGEST}",
        f"click --hash=sha256:{DIGEST}",
        f"click==8.5.1 --hash=md5:{DIGEST[:32]}",
        f"click==8.5.1 --hash=sha256:{DIGEST[1:]}",
        f"click @ https://example.org/click.whl --hash=sha256:{DIGEST}",
        "--index-url https://example.org/",
        "--extra-index-url=https://example.org/",
        "-r other.txt",
        "-e .",
        f"click==8.5.1 --hash=sha256:{DIGEST} --config-settings=x",
    ],
)
def test_line_that_would_install_something_unseen_is_none_of_a_list(line: str, tmp_path: Path) -> None:
    (tmp_path / "list.txt").write_text(f"{line}\n")
    with pytest.raises(ValueError, match=r"list\.txt, entry 1: not a version with its hashes"):
        read_list(tmp_path / "list.txt")


@pytest.mark.goal("G14", "a package whose hash is another than in the list")
@pytest.mark.parametrize("right", [True, False])
def test_package_with_another_hash_is_not_installed(package: Path, tmp_path: Path, *, right: bool) -> None:
    (wheel,) = package.parent.glob("*.whl")
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    wanted = tmp_path / "list.txt"
    wanted.write_text(f"calfeed=={__version__} \\\n    --hash=sha256:{digest if right else DIGEST}\n")
    assert read_list(wanted)
    options = ["--require-hashes", "--no-deps", "--no-index", "--find-links", str(wheel.parent)]
    done = subprocess.run(
        [*installer(), "install", *options, "--target", str(tmp_path / "into"), "-r", str(wanted)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode == 0) == right == (tmp_path / "into" / "calfeed").exists()
    assert right or "hash" in done.stderr.lower()


def installer() -> list[str]:
    """What `./run` installs with: pip, or uv where there is none."""
    pip = [sys.executable, "-m", "pip"]
    if subprocess.run([*pip, "--version"], capture_output=True, check=False).returncode == 0:
        return pip
    return [program("uv") or pytest.skip("neither pip nor uv is installed"), "pip"]


@pytest.mark.goal("G14", "the bill of materials names all that is installed, and is the same every time")
def test_bill_of_materials_names_everything_and_who_needs_it() -> None:
    locked = read_list(LISTS / "main.txt")
    data = bill_of_materials(__version__, locked)  # which holds it against CycloneDX's schema
    assert data == bill_of_materials(__version__, locked[::-1])
    bill: dict[str, Any] = json.loads(data)
    assert {(c["name"], c["version"]) for c in bill["components"]} == {(one.name, one.version) for one in locked}
    for one, component in zip(locked, bill["components"], strict=True):
        (files,) = component["externalReferences"]
        assert {line["content"] for line in files["hashes"]} == set(one.hashes)
    assert [c["name"] for c in bill["components"] if c["scope"] == "optional"] == ["obstore"]
    needs = {line["ref"]: line.get("dependsOn", []) for line in bill["dependencies"]}
    reached, left = set[str](), [bill["metadata"]["component"]["bom-ref"]]
    while left:
        ref = left.pop()
        if ref not in reached:
            reached.add(ref)
            left += needs[ref]
    assert reached == needs.keys()  # nothing is there for nobody's sake
    other = bill_of_materials("9.9.9", locked)
    assert json.loads(other)["serialNumber"] != bill["serialNumber"]


ONE = Locked("alpha", "1.0", "", (DIGEST,), ())
OTHER = Locked("alpha", "2.0", "python_version < '3'", (DIGEST,), ())
WINDOWS = Locked("Beta.B", "1.0", "sys_platform == 'win32'", (DIGEST,), ())


def asked_at(url: str) -> list[str]:
    return ["--vulnerability-service", "osv", "--osv-url", url]


def answered(**vulnerable: str) -> Any:
    """What a service of OSV's interface answers that knows these vulnerabilities, by package."""

    def answer(asked: Asked) -> Reply:
        query = json.loads(asked.body)
        name, version = query["package"]["name"], query["version"]
        found = []
        if name in vulnerable:
            ranges = [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "9.9"}]}]
            affected = {"package": query["package"], "versions": [version], "ranges": ranges}
            found = [{"id": vulnerable[name], "summary": "s", "details": "d", "affected": [affected]}]
        body = json.dumps({"vulns": found} if found else {}).encode()
        return Reply(body=body, headers={"Content-Type": "application/json"})

    return answer


def test_audit_asks_for_each_version_and_for_what_other_platforms_install() -> None:
    with serving(answered(alpha="OSV-1")) as service:
        found = audit([ONE, OTHER, WINDOWS], asked_at(service.url))
    queries = [json.loads(asked.body) for asked in service.asked]
    told = sorted((query["package"]["name"].lower(), query["version"]) for query in queries)
    assert told == [("alpha", "1.0"), ("alpha", "2.0"), ("beta-b", "1.0")]
    assert found.known == tuple(f"alpha {version}: OSV-1, mended in 9.9" for version in ("1.0", "2.0"))
    assert (found.asked, found.skipped, found.good) == (3, (), False)


def test_audit_in_which_all_is_well_is_good() -> None:
    with serving(answered()) as service:
        assert audit([ONE, WINDOWS], asked_at(service.url)) == Audit(2, (), ())
    assert Audit(2, (), ()).good


@pytest.mark.goal("G14", "an audit that is not told of everything")
@pytest.mark.parametrize("reply", [Reply(500), Reply(body=b"<html>")], ids=["in trouble", "a page"])
def test_audit_that_is_told_nothing_is_not_good(reply: Reply) -> None:
    with serving(lambda _: reply) as service:
        found = audit([ONE], asked_at(service.url))
    assert not found.good
    assert [line.partition(":")[0] for line in found.skipped] == ["alpha 1.0"]


@pytest.mark.parametrize(
    "entry",
    [
        {"name": "alpha", "version": "1.0", "skip_reason": "not found"},
        {"name": "alpha", "version": "2.0", "vulns": []},
        {"name": "beta", "version": "1.0", "vulns": []},
    ],
    ids=["skipped", "another version", "another package"],
)
def test_package_that_the_report_passes_over_is_not_audited(entry: dict[str, Any]) -> None:
    known, skipped = looked_at([ONE], [entry])
    assert known == []
    assert skipped[0].startswith("alpha 1.0: ")


def test_nothing_at_all_is_no_good_audit() -> None:
    assert not audit([]).good


def test_release_is_made_of_what_was_committed_and_can_be_checked(checkout: Path, tmp_path: Path) -> None:
    (checkout / "token.env").write_text("secret")
    (checkout / "calfeed" / "token.py").write_text("secret")
    done = run(checkout, "release", "--no-audit", "--into", str(tmp_path / "dist"))
    assert done.returncode == 0, done.stderr
    names = sorted(path.name for path in (tmp_path / "dist").iterdir())
    stem = f"calfeed-{__version__}"
    assert names == ["SHA256SUMS", f"{stem}-py3-none-any.whl", f"{stem}.cdx.json", f"{stem}.tar.gz"]
    sums = (tmp_path / "dist" / "SHA256SUMS").read_text().splitlines()
    assert sums == [
        f"{hashlib.sha256((tmp_path / 'dist' / name).read_bytes()).hexdigest()}  {name}" for name in names[1:]
    ]
    with tarfile.open(tmp_path / "dist" / f"{stem}.tar.gz") as opened:
        assert not [name for name in opened.getnames() if "token" in name]


def test_release_of_edited_files_is_refused(checkout: Path, tmp_path: Path) -> None:
    (checkout / "token.env").write_text("secret")
    found = committed(checkout, tmp_path / "sources")
    assert (found / "README.md").exists()
    assert not (found / "token.env").exists()
    (checkout / "README.md").write_text("edited")
    with pytest.raises(click.ClickException, match=r"README\.md"):
        committed(checkout, tmp_path / "again")


@pytest.mark.goal("G14", "an audit that is not told of everything")
def test_nothing_is_released_that_could_not_be_audited(tmp_path: Path) -> None:
    words = ["--osv-url", closed_port(), "--into", str(tmp_path / "dist")]
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 1
    assert re.search("[1-9][0-9]* packages, 0 known vulnerabilities, [1-9][0-9]* not audited\n", done.output)
    assert not (tmp_path / "dist").exists()
