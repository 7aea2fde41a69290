"""`./run release` and `./run audit`: `python -m release [audit]`."""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

import click

from calfeed import __version__
from release import audit as audits
from release.lock import LISTS, ROOT, read_list
from release.sbom import bill_of_materials

_service = click.option("--osv-url", help="Ask a service that speaks the interface of OSV at this address.")


@click.group(invoke_without_command=True)
@click.option("--no-audit", is_flag=True, help="Ask nobody for known vulnerabilities: there is no network.")
@click.option("--into", type=click.Path(path_type=Path), default=ROOT / "dist", help="The folder (dist/).")
@_service
@click.pass_context
def main(context: click.Context, *, no_audit: bool, into: Path, osv_url: str | None) -> None:
    """Make the wheel, the source package, the bill of materials and their checksums, after an audit."""
    if context.invoked_subcommand:
        return
    if not no_audit:
        context.invoke(audit, osv_url=osv_url)
    into.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=into) as folder:
        made = Path(folder, "made")
        made.mkdir()
        build(committed(ROOT, Path(folder, "sources")), made)
        bill = bill_of_materials(__version__, read_list(LISTS / "main.txt"))
        (made / f"calfeed-{__version__}.cdx.json").write_bytes(bill)
        (made / "SHA256SUMS").write_text(checksums(made), encoding="ascii")
        for old in (*into.glob("calfeed-*"), into / "SHA256SUMS"):
            old.unlink(missing_ok=True)
        for path in sorted(made.iterdir()):
            path.chmod(0o644)
            path.rename(into / path.name)
            click.echo(into / path.name)


@main.command()
@click.argument("lists", nargs=-1)
@_service
def audit(lists: tuple[str, ...] = (), osv_url: str | None = None) -> None:
    """Ask for known vulnerabilities in LISTS of requirements/ (main and build); ends with 1 unless all is well."""
    locked = [one for name in lists or audits.LISTS for one in read_list(LISTS / f"{name}.txt")]
    found = audits.audit(locked, ["--vulnerability-service", "osv", "--osv-url", osv_url] if osv_url else [])
    for line in (*found.known, *(f"not audited: {line}" for line in found.skipped)):
        click.echo(line, err=True)
    told = f"{len(found.known)} known vulnerabilities, {len(found.skipped)} not audited"
    click.echo(f"{found.asked} packages, {told}")
    if not found.good:
        raise SystemExit(1)


def build(sources: Path, into: Path) -> None:
    """Wheel and source package by hatchling: their bytes hang on the sources and on one instant alone."""
    environment = {"SOURCE_DATE_EPOCH": _instant(ROOT), **os.environ}
    command = [sys.executable, "-P", "-m", "hatchling", "build", "-d", str(into)]
    done = subprocess.run(command, cwd=sources, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise click.ClickException(f"hatchling could not build the packages:\n{done.stderr}")


def checksums(folder: Path) -> str:
    """The lines of SHA256SUMS, for `sha256sum --check`."""
    digests = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}
    return "".join(f"{digests[name]}  {name}\n" for name in sorted(digests))


def committed(root: Path, folder: Path) -> Path:
    """The sources as they were committed, without what lies beside them; of an unpacked source package, all of it.

    Raises ClickException where files of the checkout were edited since.
    """
    if not (root / ".git").exists():
        return root
    edited = _git(root, "status", "--porcelain", "--untracked-files=no").decode()
    if edited:
        raise click.ClickException(f"these files were edited since the last commit:\n{edited}commit them first")
    with tarfile.open(fileobj=io.BytesIO(_git(root, "archive", "--format=tar", "HEAD"))) as archive:
        archive.extraction_filter = getattr(tarfile, "data_filter", None)  # Python 3.11.4 and later
        archive.extractall(folder)  # noqa: S202 - made from our own repository a moment ago
    return folder


def _instant(root: Path) -> str:
    """What stands in the packages as their date: that of the commit, else one that never changes (of Unix)."""
    return _git(root, "log", "-1", "--format=%ct").decode().strip() if (root / ".git").exists() else "1580601600"


def _git(root: Path, *words: str) -> bytes:
    git = shutil.which("git")
    if git is None:
        raise click.ClickException("git is needed where there is a .git: apt install git")
    return subprocess.run([git, *words], cwd=root, capture_output=True, check=True).stdout  # noqa: S603


if __name__ == "__main__":
    main()
