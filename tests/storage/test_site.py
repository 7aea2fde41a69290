"""Releases: nothing torn, nothing taken away in silence, nothing touched that did not change."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from calfeed.domain.model import Document
from calfeed.errors import PublishError, RefusedError
from calfeed.storage import files
from calfeed.storage.site import activate, releases, stage, stamp, standing
from tests.support import REPOSITORY, Workshop, event, later

PAGE = "text/html; charset=utf-8"


def page(path: str, body: str = "") -> Document:
    return Document(path, PAGE, (b"<!doctype html>\n<p>", body.encode(), b"</html>\n"))


def publish(site: Path, *documents: Document, allow_removal: bool = False) -> str:
    release = stage(documents, site, allow_removal=allow_removal)
    activate(site, release)
    return release.digest


def inodes(workshop: Workshop) -> dict[str, int]:
    return {name: (workshop.current / name).stat().st_ino for name in workshop.files()}


def test_release_is_named_by_its_content_and_shown_by_a_link(tmp_path: Path) -> None:
    digest = publish(tmp_path, page("index.html"), page("a/index.html"))
    assert (tmp_path / "current").readlink() == Path("releases") / digest
    assert (tmp_path / "current" / "a" / "index.html").read_bytes().startswith(b"<!doctype")
    assert publish(tmp_path, page("index.html"), page("a/index.html")) == digest


def test_staged_release_is_not_visible_before_it_is_activated(tmp_path: Path) -> None:
    publish(tmp_path, page("index.html", "old"))
    release = stage([page("index.html", "new")], tmp_path)
    assert b"old" in (tmp_path / "current" / "index.html").read_bytes()
    activate(tmp_path, release)
    assert b"new" in (tmp_path / "current" / "index.html").read_bytes()


def test_unchanged_files_keep_inode_and_mtime(workshop: Workshop) -> None:
    workshop.write(event(), event("other", date="1991-12-25"))
    workshop.build()
    before = inodes(workshop)
    workshop.write(event(), event("other", date="1991-12-25", description={"en": "New words."}))
    workshop.build(later(days=1))
    after = inodes(workshop)
    changed = {name for name in after if before[name] != after[name]}
    assert "events/black-january-1990/index.html" not in changed
    assert {"events/other/index.html", "calendar.ics", "feed.rss", "feed.atom", "events.json"} <= changed


def test_manifest_lists_every_file_with_size_digest_and_number_of_events(workshop: Workshop) -> None:
    workshop.build()
    listed = {line["path"]: line for line in json.loads(workshop.files()["manifest.json"])["files"]}
    assert set(listed) == set(workshop.files()) - {"manifest.json"}
    assert {path: line["size"] for path, line in listed.items()} == {
        path: len(data) for path, data in workshop.files().items() if path != "manifest.json"
    }
    assert (listed["calendar.ics"]["events"], listed["feed.rss"]["events"]) == (7, 2)
    assert listed["calendar.ics"]["media_type"] == "text/calendar; charset=utf-8"


def test_three_releases_are_kept(tmp_path: Path) -> None:
    digests = [publish(tmp_path, page("index.html", str(number))) for number in range(5)]
    kept = {path.name for path in (tmp_path / "releases").iterdir()}
    assert len(kept) == 3
    assert digests[4] in kept


def test_address_that_would_go_is_refused_and_named(tmp_path: Path) -> None:
    publish(tmp_path, page("index.html"), page("categories/a/index.html"))
    with pytest.raises(RefusedError, match=r"categories/a/index\.html.*--allow-removal"):
        stage([page("index.html"), page("categories/b/index.html")], tmp_path)
    publish(tmp_path, page("index.html"), page("categories/b/index.html"), allow_removal=True)
    assert not (tmp_path / "current" / "categories" / "a").exists()


@pytest.mark.parametrize("path", ["/etc/x", "../x", "a/../../x", "", "a\\b", "a\0b"])
def test_path_outside_the_site_is_refused(path: str, tmp_path: Path) -> None:
    with pytest.raises(PublishError, match="not a path below the site"):
        stage([page(path)], tmp_path)


def test_same_path_twice_is_refused_and_leaves_no_litter(tmp_path: Path) -> None:
    with pytest.raises(PublishError, match="cannot publish"):
        stage([page("index.html"), page("index.html", "other")], tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["releases"]


def test_document_that_does_not_read_back_is_not_shown(tmp_path: Path) -> None:
    publish(tmp_path, page("index.html", "old"))
    with pytest.raises(PublishError, match="does not read back"):
        stage([page("index.html", "new"), Document("feed.rss", "application/rss+xml", (b"<rss>",))], tmp_path)
    assert b"old" in (tmp_path / "current" / "index.html").read_bytes()
    assert not list(tmp_path.glob(".*"))


def test_generator_that_fails_halfway_leaves_what_stands(tmp_path: Path) -> None:
    publish(tmp_path, page("index.html", "old"))

    def failing() -> Iterator[Document]:
        yield page("index.html", "new")
        raise RuntimeError("a bug")

    with pytest.raises(RuntimeError):
        stage(failing(), tmp_path)
    assert b"old" in (tmp_path / "current" / "index.html").read_bytes()
    assert not list(tmp_path.glob(".*"))


def test_folder_that_cannot_be_made_ready_is_taken_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "releases").mkdir()

    def refuse(path: Path, _: int) -> None:
        raise PermissionError(1, "Operation not permitted", str(path))

    monkeypatch.setattr(Path, "chmod", refuse)
    with pytest.raises(PublishError, match=r"\.staging-\d+: cannot publish: Operation not permitted"):
        stage([], tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["releases"]


def test_release_whose_name_is_not_on_the_disk_is_taken_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sync = files.sync_folder

    def refuse(path: Path) -> None:
        if path.name == "releases":
            raise OSError(errno.EIO, os.strerror(errno.EIO), str(path))
        sync(path)

    monkeypatch.setattr(files, "sync_folder", refuse)
    with pytest.raises(PublishError, match="releases: cannot publish: Input/output error"):
        stage([], tmp_path)
    assert [path.name for path in tmp_path.rglob("*")] == ["releases"]


def test_releases_that_cannot_be_listed_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path, _: str) -> Iterator[Path]:
        raise OSError(errno.EIO, os.strerror(errno.EIO), str(path))

    monkeypatch.setattr(Path, "glob", refuse)
    with pytest.raises(PublishError, match="releases: cannot publish: Input/output error"):
        releases(tmp_path)


def test_litter_of_a_killed_run_is_removed(tmp_path: Path) -> None:
    publish(tmp_path, page("index.html"))
    (tmp_path / ".staging-4711" / "a").mkdir(parents=True)
    (tmp_path / ".current-4711").symlink_to("nowhere")
    publish(tmp_path, page("index.html", "new"))
    assert not list(tmp_path.glob(".*"))


def test_published_file_that_somebody_changed_is_not_carried_on(tmp_path: Path) -> None:
    publish(tmp_path, page("index.html"), page("a.html", "right"))
    tampered = tmp_path / "current" / "a.html"
    tampered.write_bytes(b"<!doctype html>\n<p>wrong</html>\n")
    publish(tmp_path, page("index.html", "new"), page("a.html", "right"))
    assert b"right" in (tmp_path / "current" / "a.html").read_bytes()


def test_broken_release_of_the_same_content_is_replaced(tmp_path: Path) -> None:
    digest = publish(tmp_path, page("index.html", "whole"))
    (tmp_path / "releases" / digest / "index.html").unlink()
    assert publish(tmp_path, page("index.html", "whole")) == digest
    release = standing(tmp_path)
    assert release is not None
    assert stamp(release) is not None
    assert not list(tmp_path.glob(".*"))


def test_release_that_stands_is_mended_file_by_file_under_its_readers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    digest = publish(tmp_path, page("index.html", "whole"), page("a/index.html", "other"))
    (tmp_path / "current" / "index.html").write_bytes(b"cut")
    replace, whole = Path.replace, page("a/index.html", "other")
    seen: list[bool] = []

    def watching(path: Path, target: Path) -> Path:
        seen.append((tmp_path / "current" / "a" / "index.html").read_bytes() == b"".join(whole.chunks))
        return replace(path, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", watching)
        assert publish(tmp_path, page("index.html", "whole"), whole) == digest
    assert len(seen) >= 3
    assert all(seen)
    assert b"whole" in (tmp_path / "current" / "index.html").read_bytes()


def test_what_cannot_be_pruned_fails_no_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "releases").mkdir()
    (tmp_path / "releases" / ".DS_Store").write_text("litter of another program")
    for number in range(5):
        publish(tmp_path, page("index.html", str(number)))
    with monkeypatch.context() as patch:
        patch.setattr("shutil.rmtree", lambda *_, **__: (_ for _ in ()).throw(PermissionError(13, "no")))
        publish(tmp_path, page("index.html", "5"))
    assert b"5" in (tmp_path / "current" / "index.html").read_bytes()
    publish(tmp_path, page("index.html", "6"))
    assert (tmp_path / "releases" / ".DS_Store").exists()
    assert len([path for path in (tmp_path / "releases").iterdir() if path.is_dir()]) == 3


def test_folder_named_current_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "current").mkdir()
    with pytest.raises(PublishError, match="not a link that calfeed made"):
        stage([page("index.html")], tmp_path)


def test_release_whose_manifest_cannot_be_read_is_not_overwritten(tmp_path: Path) -> None:
    publish(tmp_path, page("index.html"))
    (tmp_path / "current" / "manifest.json").write_text("{")
    with pytest.raises(PublishError, match="nobody can tell what would be taken away"):
        stage([page("index.html")], tmp_path)


def test_modes_do_not_depend_on_the_umask(tmp_path: Path) -> None:
    code = (
        "import os, sys; os.umask(0o077)\n"
        "from pathlib import Path; from tests.storage.test_site import page, publish\n"
        "publish(Path(sys.argv[1]) / 'deep' / 'site', page('a/index.html'))"
    )
    subprocess.run([sys.executable, "-c", code, tmp_path], cwd=REPOSITORY, check=True)
    for path in (tmp_path / "deep").rglob("*"):
        if not path.is_symlink():
            assert stat.S_IMODE(path.stat().st_mode) == (0o755 if path.is_dir() else 0o644), path


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EMFILE])
@pytest.mark.parametrize("call", ["open", "fsync", "replace", "mkdir", "link"])
def test_error_of_the_system_names_path_and_cause_and_leaves_what_stands(
    call: str, code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(tmp_path, page("index.html", "old"), page("same.html"))
    real = getattr(os, call)

    def failing(*args: object, **keywords: object) -> object:
        if call == "open" and not any(str(tmp_path) in str(argument) for argument in args):
            return real(*args, **keywords)
        raise OSError(code, os.strerror(code), str(tmp_path / "index.html"))

    with monkeypatch.context() as patch:
        patch.setattr(os, call, failing)
        if call == "link":  # without hard links files are copied
            publish(tmp_path, page("index.html", "new"), page("same.html"))
            return
        with pytest.raises(PublishError, match=f"index.html: cannot publish: {os.strerror(code)}"):
            publish(tmp_path, page("index.html", "new"), page("same.html"))
    assert b"old" in (tmp_path / "current" / "index.html").read_bytes()
    publish(tmp_path, page("index.html", "new"), page("same.html"))
    assert not list(tmp_path.glob(".*"))


def test_link_that_cannot_be_turned_leaves_no_litter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(tmp_path, page("index.html", "old"))
    release = stage([page("index.html", "new")], tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", lambda *_: (_ for _ in ()).throw(OSError(errno.EDQUOT, "quota")))
        with pytest.raises(PublishError, match="cannot publish: quota"):
            activate(tmp_path, release)
    assert not list(tmp_path.glob(".*"))
    assert activate(tmp_path, release)


def test_link_that_cannot_be_made_is_named_by_where_it_should_stand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(target: Path, link: Path, *_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(target), None, str(link))

    with monkeypatch.context() as patch:
        patch.setattr(os, "symlink", full)
        with pytest.raises(PublishError, match=rf"{tmp_path}/\.current-\d+: cannot publish: No space left"):
            publish(tmp_path, page("index.html"))


def mtimes(site: Path, *names: str) -> list[int]:
    return [int((site / "current" / name).stat().st_mtime) for name in names]


def test_file_that_changed_is_dated_a_second_later_at_the_least(tmp_path: Path) -> None:
    """Web servers make their validators of whole seconds and sizes (F51)."""
    publish(tmp_path, page("a.html", "old"), page("b.html", "same"))
    before = mtimes(tmp_path, "a.html", "b.html", "manifest.json")
    publish(tmp_path, page("a.html", "new"), page("b.html", "same"))
    after = mtimes(tmp_path, "a.html", "b.html", "manifest.json")
    assert after[0] > before[0]
    assert after[1] == before[1]
    assert after[2] > before[2]


def test_return_to_an_older_content_is_dated_later_too(tmp_path: Path) -> None:
    first = publish(tmp_path, page("a.html", "old"))
    publish(tmp_path, page("a.html", "new"))
    shown = mtimes(tmp_path, "a.html")
    assert publish(tmp_path, page("a.html", "old")) == first
    assert mtimes(tmp_path, "a.html") > shown


def test_return_to_an_older_release_dates_no_file_back_to_what_it_was_before_another_content(
    tmp_path: Path,
) -> None:
    """Who holds "new" and asks whether it was modified since would be told no, where "old" is dated before it."""
    first = publish(tmp_path, page("a.html", "old"), page("b.html", "1"))
    publish(tmp_path, page("a.html", "new"), page("b.html", "1"))
    held = mtimes(tmp_path, "a.html")
    publish(tmp_path, page("a.html", "old"), page("b.html", "2"))
    assert publish(tmp_path, page("a.html", "old"), page("b.html", "1")) == first
    assert mtimes(tmp_path, "a.html") > held


def test_release_that_a_server_reads_from_is_not_pruned(tmp_path: Path) -> None:
    digest = publish(tmp_path, page("index.html", "0"))
    descriptor = os.open(tmp_path / "releases" / digest, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH)
        for number in range(1, 5):
            publish(tmp_path, page("index.html", str(number)))
        assert (tmp_path / "releases" / digest / "index.html").exists()
    finally:
        os.close(descriptor)
    publish(tmp_path, page("index.html", "5"))
    assert not (tmp_path / "releases" / digest).exists()
