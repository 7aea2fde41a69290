"""Reports in words and as data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from calfeed.cli.output import say
from calfeed.errors import CalfeedError, Problem, SourceError, printable

if TYPE_CHECKING:
    from calfeed.build import Report
    from calfeed.storage.source.books import State
    from calfeed.storage.source.translations import Translation
    from calfeed.storage.status import Status


def print_error(error: CalfeedError) -> None:
    """One sentence, or one for each problem of a file, on standard error."""
    if isinstance(error, SourceError):
        for problem in error.problems:
            say(printable(str(problem)), err=True)
        say(f"{count(len(error.problems), 'error')}; nothing was published", err=True)
    else:
        say(f"calfeed: {printable(str(error))}", err=True)


def print_report(report: Report) -> None:
    """What a build did, changed and holds; warnings on standard error."""
    if report.restored_from:
        say(f"the ledger was lost and is restored from {report.restored_from}", err=True)
    print_warnings(report.problems, err=True)
    for warning in report.warnings:
        say(f"warning: {warning}", err=True)
    told = {
        "quiet": f"nothing is due and nothing changed: {report.stands} stands",
        "unchanged": f"compiled to the same bytes: {report.stands} stands",
        "published": f"published to {report.stands}",
        "dry-run": "nothing was written; a build would",
    }
    say(told[report.outcome])
    _print_changes(report)
    say(holds(report.status))
    say(f"next due: {next_due_words(report.status)}")


_TOLD_CHANGES = {
    "added": "add",
    "restored": "restore",
    "moved": "move",
    "reworded": "reword",
    "corrected": "correct",
    "withdrawn": "withdraw",
    "noted": "give the reason of a correction of",
    "due": "enter into the feeds",
}
_SHOWN_CHANGES = 10


def _print_changes(report: Report) -> None:
    """What happened to which entry; where there is much of a kind, only a dry run lists it all."""
    for what, told in _TOLD_CHANGES.items():
        changes = [change for change in report.changes if change.what == what]
        if len(changes) > _SHOWN_CHANGES and report.outcome != "dry-run":
            say(f"  {told}: {count(len(changes), 'event')}")
            continue
        for change in changes:
            say(f"  {told}: {change.id}" + (f" ({change.detail})" if change.detail else ""))
    if report.outcome == "dry-run" and not report.changes:
        say("  change nothing")


def report_values(report: Report) -> dict[str, Any]:
    """The same as data."""
    return {
        "outcome": report.outcome,
        "site": report.stands,
        "status": asdict(report.status),
        "changes": [{"what": c.what, "id": c.id, "detail": c.detail} for c in report.changes],
        "warnings": [*map(str, report.problems), *report.warnings],
    }


def holds(status: Status) -> str:
    """How much stands."""
    return f"{count(status.events, 'event')}, {count(status.occurrences, 'occurrence')} in the calendar"


def next_due_words(status: Status) -> str:
    """What is observed next, and when."""
    return f"{status.next_up_on}, {status.next_up}" if status.next_up else "nothing more in the window"


def print_warnings(problems: tuple[Problem, ...], *, err: bool) -> None:
    """What is worth a look and no error."""
    for problem in problems:
        say(str(replace(problem, message=f"warning: {problem.message}")), err=err)


def print_translations(translations: Sequence[Translation], *, one_by_one: bool) -> None:
    """A line for each language, or for each text of one."""
    if one_by_one:
        for translation in translations:
            say(f"{translation.state:<9} {translation.place}")
        return
    counts = Counter((translation.language, translation.state) for translation in translations)
    states: tuple[State, ...] = ("current", "outdated", "missing")
    say("".join(f"{head:>10}" for head in ("", *states)))
    for language in dict.fromkeys(translation.language for translation in translations):
        say("".join(f"{cell:>10}" for cell in (language, *(counts[language, state] for state in states))))


def translations_template(language: str, translations: Sequence[Translation]) -> str:
    """The whole translations file: what is there, then what is missing, each outdated or missing one explained."""
    import json
    import textwrap

    lines = ["version: 1", f"language: {language}", "texts:"]
    for translation in sorted(translations, key=lambda each: each.text is None):
        if translation.text is None and translation.state == "current":
            continue  # it stands in the events file itself
        if translation.state != "current":
            lines += ["", *(f"  # {line}" for line in textwrap.wrap(translation.original, 100))]
        if translation.state == "outdated":
            lines.append(f"  # outdated; when it says the same again, of: {translation.of}")
        lines += [f"  {translation.place}:", f"    of: {translation.made_from or translation.of}"]
        lines.append(f"    text: {json.dumps(translation.text or '', ensure_ascii=False)}")
    return "\n".join(lines) + "\n"


def count(number: int, noun: str) -> str:
    """`1 event`, `1,000 events`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
