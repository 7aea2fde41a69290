"""The pages in English."""

from __future__ import annotations

page = {
    "skip": "Skip to the content",
    "calendar": "Calendar",
    "languages": "Languages",
    "subject": "Subject",
    "categories": "Subjects",
    "next": "Next days",
    "nothing_next": "No further day stands in the calendar.",
    "year": "The year {}",
    "months": "Months",
    "no_days": "No day of this month is kept.",
    "month_only": "Known to the month alone",
    "history": "History",
    "dots": "Each dot is an entry. Filled: kept on days of its own. Open: without a day of its own.",
    "too_many": (
        "There are {} entries, too many for one page. They stand under their subjects and months, all of them in:"
    ),
    "find": "Find an entry:",
    "observances": "Observances without a year of origin",
    "days": "Days",
    "identity": "Lasting name of this entry:",
    "source_notes": "About these sources",
    "subscribe": "Subscribe",
    "omitted": (
        "{} days are left out of this calendar file, because programs lose events from files that are too large. "
        "The calendars of single subjects are smaller."
    ),
    "address": "Or copy the address into any calendar program:",
    "copy": "Copy",
    "copied": "Copied",
    "feeds": "For feed readers",
    "download": "Download once",
    "download_note": "(a copy that never changes)",
    "reminders": "Calendar with reminders",
    "reminders_note": "(at nine in the morning; many programs leave reminders out)",
    "qr": "Address as a QR code",
    "notes": "What to expect of each program",
    "note_apple": (
        "Apple Calendar and Thunderbird open the address by themselves; there you choose how often they look for "
        "changes."
    ),
    "google": (
        "Google Calendar takes an address only on a computer, not in its Android app, and looks for changes when "
        "it likes: often after a day or more. That is why every day stands in the calendar years ahead."
    ),
    "note_outlook": (
        "Outlook.com and Microsoft 365 subscribe from the web and look for changes after some hours or a day. "
        "Outlook for Windows takes the first button too."
    ),
    "note_phone": (
        "On Android, subscribe on a computer, or copy the address into an app that can subscribe to addresses."
    ),
    "note_refresh": (
        "Nobody can promise when a program looks again. The address never changes, and a correction arrives as a "
        "new version of the same event."
    ),
    "size": (
        "A calendar that grows too large loses events in some programs without a word; the calendars of single "
        "subjects stay small."
    ),
    "compose": "Compose a calendar",
    "compose_how": "Choose subjects; their days together make one calendar with a lasting address of its own.",
    "compose_pattern": "Its address has the names of the subjects in alphabetical order, joined by a plus sign:",
    "compose_ready": "Ready-made",
    "compose_choose": "Choose one or more subjects.",
    "compose_missing": "This combination is not published here.",
    "compose_failed": "The site could not be reached; try again.",
    "compose_done": "The address is ready.",
    "corrections": "Corrections",
    "corrections_how": "What was changed in what had been published, when and why; the newest first.",
    "no_corrections": "Nothing has been corrected so far.",
    "about": "How this calendar is made",
    "about_sources": (
        "Every entry names the documents it rests on and tells what each of them says. Where they disagree, all "
        "of them are shown, and which one is observed and why. What was worked out, or comes from elsewhere, is "
        "marked."
    ),
    "about_dates": (
        "A date is exactly as good as its source: what is known only to the month or the year stands on these "
        "pages and is given no day."
    ),
    "about_corrections": (
        "An entry keeps its name and its address for good. When it is corrected, what stood there before, what "
        "stands there now and why are told under:"
    ),
    "data": "Everything here, with every source and what it says, as data:",
    "zone": "Days are those of {}.",
}
