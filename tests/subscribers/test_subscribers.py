"""The model of subscribers complains of each thing that must not happen, and of nothing else."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from tests.judges import CALENDAR_JUDGES, FEED_JUDGES, Judge, ReadEvent, ReadItem, require
from tests.subscribers.agreement import one_day_once
from tests.subscribers.calendars import Conditional, Keeper, Polled, Subscription
from tests.subscribers.feeds import Reader
from tests.subscribers.noticed import Noticed
from tests.subscribers.reading import read_calendar_file, read_feed
from tests.subscribers.street import Street
from tests.support import NOW, Workshop, event, later, uid

ENTRY = "black-january-1990"
NEXT = uid(ENTRY, 2027)
CATEGORIES = {"history": {"title": {"en": "History"}}, "past": {"title": {"en": "Past"}}}
EVENTS = (event(), event("other", date="1991-12-25", categories=["past", "history"]))
LANGUAGES = ("en", "tr")

Edit: TypeAlias = Callable[[str], str]
Doctor: TypeAlias = Callable[[str, Edit], Path]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    """A first release in two languages, built once and never changed."""
    workshop = Workshop(tmp_path_factory.mktemp("built"))
    workshop.write(*EVENTS, categories=CATEGORIES, languages=[*LANGUAGES], compose=[["history", "past"]])
    workshop.build()
    return workshop


@pytest.fixture
def street(built: Workshop) -> Street:
    """Everybody has seen it."""
    found = Street()
    found.poll(built.current, NOW, LANGUAGES)
    return found


@pytest.fixture
def doctored(built: Workshop, tmp_path: Path) -> Doctor:
    """Makes a second release in which every file of a name is changed: what a build must never publish."""

    def doctor(name: str, edit: Edit) -> Path:
        for path, data in built.files().items():
            new = tmp_path / path
            new.parent.mkdir(parents=True, exist_ok=True)
            new.write_bytes(edit(data.decode()).encode() if path.endswith(name) else data)
        return tmp_path

    return doctor


def in_event(id_: str, edit: Edit) -> Edit:
    """Edit the event of a UID alone."""
    folded = "UID:" + id_.replace(",", "\\,")

    def edited(text: str) -> str:
        parts = re.split(r"(?=BEGIN:VEVENT)", text)
        return "".join(edit(part) if folded + "\r\n" in part else part for part in parts)

    return edited


def replaced(old: str, new: str) -> Edit:
    return lambda text: re.sub(old, new, text)


def stamped(instant: str) -> Edit:
    return replaced(r"(DTSTAMP|LAST-MODIFIED):\w+", rf"\1:{instant}")


def both(*edits: Edit) -> Edit:
    def edited(text: str) -> str:
        for edit in edits:
            text = edit(text)
        return text

    return edited


NEWER, OLDER = stamped("20261122T060100Z"), stamped("20261121T060000Z")
OTHER_DAY = replaced("(DTSTART|DTEND);VALUE=DATE:2027012", r"\1;VALUE=DATE:2027011")


@pytest.mark.parametrize(
    ("edit", "sentence"),
    [
        (replaced(f"{ENTRY}/2027", f"{ENTRY}/2026"), "two events have the UID"),
        (replaced(f"{ENTRY}/2027", f"{ENTRY}/2099"), "another set of occurrences|calendar says"),
        (in_event(NEXT, both(OTHER_DAY, NEWER)), "moved from 2027-01-20 to 2027-01-10 under the same SEQUENCE"),
        (in_event(NEXT, replaced("SUMMARY;LANGUAGE=en:", "SUMMARY;LANGUAGE=en:Not ")), "another under"),
        (in_event(NEXT, both(OLDER, replaced("CREATED:2026", "CREATED:2025"))), "LAST-MODIFIED of .* fell"),
        (in_event(NEXT, replaced("LAST-MODIFIED:.*", "LAST-MODIFIED:20261122T060100Z\r")), "DTSTAMP of .* is not"),
        (in_event(NEXT, stamped("20271122T060000Z")), "modified in the future"),
        (in_event(NEXT, replaced("SEQUENCE:0", "SEQUENCE:-1")), "SEQUENCE of .* fell from 0 to -1"),
        (in_event(NEXT, both(replaced("CREATED:2026", "CREATED:2025"), NEWER)), "CREATED of .* changed"),
        (in_event(NEXT, replaced("CREATED:2026", "CREATED:2027")), "modified before it was created"),
        (in_event(NEXT, replaced("DTEND;VALUE=DATE:20270121", "DTEND;VALUE=DATE:20270120")), "has no day"),
        (in_event(NEXT, replaced("UID:.*", "UID:a:b/1\r\nUID:a:b/2\r")), "UID stands twice"),
        (in_event(NEXT, replaced("DTSTAMP:.*\n", "")), "an event without DTSTAMP"),
        (replaced("END:VEVENT\r\n", "END:VEVENT\n"), "a bare line break"),
        (replaced("(?s)END:VEVENT\r\n.*", ""), "breaks off inside|stands twice"),
        (replaced("\r\n ", ""), "a line of .* octets"),
    ],
)  # fmt: skip
def test_the_subscriber_notices_a_calendar_in_which(
    edit: Edit, sentence: str, street: Street, doctored: Doctor
) -> None:
    current = doctored(".ics", edit)
    street.stands = None
    with pytest.raises(Noticed, match=sentence):
        _alone(street, current)


def _alone(street: Street, current: Path) -> None:
    """The calendars are looked at one by one, so that it is they who complain, and not the other files."""
    for path, household in street.households.items():
        versions = read_calendar_file((current / path).read_bytes())
        modified = int((current / path).stat().st_mtime) + 9
        for subscription in household:
            subscription.release(path, Polled(versions, modified, later(minutes=2)))
    street.poll(current, later(minutes=2), LANGUAGES)


@pytest.mark.parametrize(
    ("name", "edit", "sentence"),
    [
        ("feed.rss", replaced(f"{ENTRY}/2026<", f"{ENTRY}/2026-again<"), "not the items of Atom"),
        ("feed.rss", replaced("guid isPermaLink=.false.", "guid"), "guid that is taken for a link"),
        ("feed.atom", replaced("<updated>2026-11-22", "<updated>2026-11-21"), "updated of .* fell"),
        ("history/calendar.ics", in_event(NEXT, NEWER), "is not what it is in the whole calendar"),
        ("calendar-alarms.ics", in_event(NEXT, NEWER), "is not what it is in the whole calendar"),
        ("tr/calendar.ics", in_event(NEXT, both(NEWER, replaced("SEQUENCE:0", "SEQUENCE:1"))), "first language"),
        ("calendar.jcal", replaced("2027-01-20", "2027-01-19"), r"calendar\.jcal does not say"),
        ("events.json", replaced('"sequence": 0', '"sequence": 1'), r"events\.json does not say"),
        ("events.csv", replaced("2027-01-20", "2027-01-19"), r"events\.csv does not say"),
    ],
)  # fmt: skip
def test_the_subscriber_notices_a_file_in_which(
    name: str, edit: Edit, sentence: str, street: Street, doctored: Doctor
) -> None:
    with pytest.raises(Noticed, match=sentence):
        street.poll(doctored(name, edit), later(minutes=2), LANGUAGES)


def test_the_subscriber_notices_a_dead_address(street: Street, doctored: Doctor) -> None:
    current = doctored("calendar.ics", str)
    (current / "categories" / "past" / "feed.rss").unlink()
    with pytest.raises(Noticed, match=r"addresses that were published are gone: categories/past/feed\.rss"):
        street.poll(current, later(minutes=2), LANGUAGES)


def test_the_subscriber_notices_nothing_where_nothing_was_doctored(
    street: Street, built: Workshop, doctored: Doctor
) -> None:
    street.stands = None
    street.poll(doctored(".ics", str), later(minutes=2), LANGUAGES)
    street.poll(built.current, later(minutes=3), LANGUAGES)


def test_the_subscriber_notices_two_identities_of_one_day(built: Workshop) -> None:
    """The file is right in itself, and so is each program: only people see that the day is there twice."""
    data = (built.current / "calendar.ics").read_bytes().decode()
    (once,) = (part for part in re.findall("(?s)BEGIN:VEVENT.*?END:VEVENT\r\n", data) if f"{ENTRY}/2027\r" in part)
    twice = data.replace(once, once + once.replace(f"{ENTRY}/2027", f"{ENTRY}/20270120"))
    with pytest.raises(Noticed, match="are one day of one entry"):
        one_day_once("", read_calendar_file(twice.encode()))


def changed(text: str, *pairs: tuple[str, str]) -> str:
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    return text


AGAIN = f"{ENTRY}/2026-again"


@pytest.mark.parametrize(
    ("pairs", "sentence"),
    [
        ([(f"{ENTRY}/2026<", f"{AGAIN}<")], "is dated before the last poll, and never seen"),
        ([("<published>2026-01-19T20", "<published>2026-01-18T20")], "was published again"),
        ([("<published>2026-01-19T20", "<published>2026-01-20T20")], "published again"),
        ([("<title>Black January", "<title>White January")], "another title and the same updated"),
        ([("<updated>2026-11-22T06:00", "<updated>2026-11-22T05:00")], "updated of .* fell"),
        ([(f"{ENTRY}/2026<", "other/2025<")], "two items of one id"),
    ],
)
def test_the_reader_notices(pairs: list[tuple[str, str]], sentence: str, built: Workshop) -> None:
    text = (built.current / "feed.atom").read_text()
    reader = Reader()
    reader.poll("feed.atom", read_feed(text.encode()), NOW)
    reader.poll("feed.atom", read_feed(text.encode()), later(minutes=1))
    with pytest.raises(Noticed, match=sentence):
        reader.poll("feed.atom", read_feed(changed(text, *pairs).encode()), later(minutes=2))


def test_the_reader_notices_items_of_the_future_and_out_of_order_at_the_first_look(built: Workshop) -> None:
    text = (built.current / "feed.atom").read_text()
    with pytest.raises(Noticed, match="published in the future"):
        Reader().poll("feed.atom", read_feed(text.encode()), later(days=-400))
    with pytest.raises(Noticed, match="newest first"):
        Reader().poll(
            "feed.atom", read_feed(changed(text, ("<published>2025-01", "<published>2026-02")).encode()), NOW
        )


def test_the_reader_notices_a_flood() -> None:
    item = "<item><guid isPermaLink='false'>{0}</guid><title>T</title><pubDate>{1}</pubDate></item>"
    date = "Sun, 22 Nov 2026 06:00:00 +0000"

    def feed(number: int) -> bytes:
        items = "".join(item.format(n, date) for n in range(number))
        return f"<rss><channel><lastBuildDate>{date}</lastBuildDate>{items}</channel></rss>".encode()

    reader = Reader()
    reader.poll("feed.rss", read_feed(feed(1)), NOW)
    with pytest.raises(Noticed, match="51 new items at once"):
        reader.poll("feed.rss", read_feed(feed(52)), NOW)


def test_the_one_that_asks_whether_it_was_modified_notices_a_change_that_is_dated_no_later(
    built: Workshop,
) -> None:
    data = (built.current / "calendar.ics").read_bytes()
    mine = Subscription(Conditional())
    mine.release("calendar.ics", Polled(read_calendar_file(data), 9, NOW))
    edited = in_event(NEXT, both(replaced("TRANSPARENT", "OPAQUE"), NEWER))(data.decode()).encode()
    with pytest.raises(Noticed, match="asks whether it was modified still has another version"):
        mine.release("calendar.ics", Polled(read_calendar_file(edited), 9, later(hours=1)))


def test_the_one_that_compares_sequence_goes_on_with_what_it_keeps(built: Workshop) -> None:
    """It deletes nothing, so what comes back after years is held against what it had."""
    versions = read_calendar_file((built.current / "calendar.ics").read_bytes())
    keeper = Keeper()
    keeper.poll(Polled(versions, 9, NOW))
    keeper.poll(Polled({}, 10, NOW))
    assert keeper.held == versions


# The reader of bytes, held against readers that others wrote


@pytest.mark.parametrize("judge", CALENDAR_JUDGES, ids=lambda judge: judge.name)
def test_calendars_are_read_as_judges_read_them(judge: Judge[ReadEvent], workshop: Workshop) -> None:
    require(judge)
    hard = event(
        "hard", title={"en": 'A; b, c: "d" – ' + "Xocalı " * 12}, description={"en": "One,\n\ntwo; three."}
    )
    workshop.write(event(), hard)
    workshop.build()
    path = workshop.current / "calendar.ics"
    found = {version.uid: version for version in read_calendar_file(path.read_bytes()).values()}
    read = {each.uid.replace("\\,", ","): each for each in judge.read(path)}
    assert found.keys() == read.keys()
    for id_, each in read.items():
        mine = found[id_]
        assert (mine.days, mine.summary, mine.sequence) == ((each.start, each.end), each.summary, each.sequence)
        assert mine.description == each.description
        assert each.dtstamp in (mine.dtstamp, None)


@pytest.mark.parametrize("judge", FEED_JUDGES, ids=lambda judge: judge.name)
@pytest.mark.parametrize("suffix", ["rss", "atom", "json"])
def test_feeds_are_read_as_judges_read_them(suffix: str, judge: Judge[ReadItem], built: Workshop) -> None:
    require(judge)
    if f".{suffix}" not in judge.suffixes:
        pytest.skip("it reads other feeds")
    path = built.current / f"feed.{suffix}"
    found = read_feed(path.read_bytes())
    assert [(item.id, item.title, item.published) for item in found.items] == [
        (item.id, item.title, item.published) for item in judge.read(path)
    ]
    assert found.updated in (None, NOW.astimezone(dt.UTC))
