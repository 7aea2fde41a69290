"""Hebrew: right to left, days and years of the Hebrew calendar in letters, ranges and Latin names kept apart.

Words that are joined to a figure take a hyphen, as in ה-37. Weekdays are called by their number, the Sabbath not.
"""

from __future__ import annotations

import datetime as dt
from typing import Literal

from calfeed.domain.edtf import EdtfDate
from calfeed.domain.model import EventKind, Tone
from calfeed.domain.wording.bidi import isolated, kept_apart
from calfeed.domain.wording.calendars import CalendarName, NativeWords
from calfeed.domain.wording.dates import Case, DateWords, Point, Shown, listed
from calfeed.domain.wording.pages import he as pages
from calfeed.domain.wording.rules import RuleWords

name = "עברית"
locale = "he_IL"
direction: Literal["ltr", "rtl"] = "rtl"

page = pages.page
labels = {
    "date": "תאריך",
    "observed": "מועד",
    "disputed": "המקורות חלוקים",
    "inferred": "הוסק",
    "outside": "מחוץ למסמכים",
    "sources": "מקורות",
    "unnamed": "המוציא לאור לא צוין",
    "moved": "הוזז מיומו הרגיל",
    "expected": "צפוי",
    "source_date": "התאריך הנקוב",
    "in": "בתוך",
    "quoted": "”{}”",
    "withdrawn": "הערך הוסר ב{date}. הוא אינו עוד בלוחות ובהזנות המשותפים.",
    "ended": "לערך זה אין עוד יום בלוח. היום שכאן נשמר למי שעוקבים אחריו.",
    "with_alarms": "{} (עם תזכורות)",
    "entries": "ערכים",
}

corrections = {
    "feed": "{}: תיקונים",
    "corrected": "{}: תיקון",
    "withdrawn": "{}: הסרה",
    "restored": "{}: החזרה",
    "gone": "{} (הערך הוסר)",
    "came_back": "הערך הוחזר ב{date}.",
    "title": "כותרת",
    "description": "תיאור",
    "location": "מקום",
    "disputed": labels["disputed"],
    "date": labels["date"],
    "observed": labels["observed"],
    "days": "ימים",
    "url": "קישור",
    "categories": "נושאים",
    "tone": "אופי היום",
    "kind": "מה נמנה",
    "claim": "דברי המקור",
    "claim-reasoning": "כיצד הוסק",
    "claim-date": "התאריך הנקוב במקור",
    "claim-basis": "על מה נסמך",
    "claim-heading": "כותרת במקור",
    "before": "קודם",
    "after": "עכשיו",
    "withheld": "אינו מובא שוב",
    "why": "הסיבה",
    "mourning": "אבל",
    "neutral": "ניטרלי",
    "celebration": "חג",
    "event": "אירוע",
    "birth": "לידה",
    "death": "פטירה",
    "founding": "ייסוד",
    "stated": "נאמר במקור",
    "inferred": "הוסק",
    "outside": "מחוץ למסמכים",
}

said_in = {"en": "באנגלית", "az": "באזרית", "he": "בעברית", "ru": "ברוסית", "tr": "בטורקית"}

_MONTHS = listed("ינואר, פברואר, מרץ, אפריל, מאי, יוני, יולי, אוגוסט, ספטמבר, אוקטובר, נובמבר, דצמבר")
months = _MONTHS
weekdays = listed("ב׳, ג׳, ד׳, ה׳, ו׳, ש׳, א׳")
first_weekday = 6
_SEASONS = {21: "אביב", 22: "קיץ", 23: "סתיו", 24: "חורף"}
_WEEKDAYS = listed("יום שני, יום שלישי, יום רביעי, יום חמישי, יום שישי, יום שבת, יום ראשון")
_HEBREW = listed("ניסן, אייר, סיוון, תמוז, אב, אלול, תשרי, מרחשוון, כסלו, טבת, שבט, אדר, אדר א׳, אדר ב׳")
_ISLAMIC = listed(
    "מוחרם, צפר, רביע אל-אוול, רביע א-ת׳אני, ג׳ומאדא אל-אולא, ג׳ומאדא א-ת׳אניה, "
    "רג׳ב, שעבאן, רמדאן, שוואל, ד׳ו אל-קעדה, ד׳ו אל-חיג׳ה"
)
_PERSIAN = listed("פרוורדין, ארדיבהשת, ח׳רדאד, תיר, מרדאד, שהריור, מהר, אבאן, אד׳ר, די, בהמן, אספנד")
_NTH = {1: "הראשון", 2: "השני", 3: "השלישי", 4: "הרביעי", 5: "החמישי", -1: "האחרון"}
_NTH_SABBATH = {1: "הראשונה", 2: "השנייה", 3: "השלישית", 4: "הרביעית", 5: "החמישית", -1: "האחרונה"}
_SABBATH = 5
_OF_WHAT = {"event": "", "birth": " ללידה", "death": " לפטירה", "founding": " לייסוד"}
_CHURCHES = {"orthodox": "פסחא (הכנסיות האורתודוקסיות)", "western": "פסחא (הכנסיות המערביות)"}
_LETTERS = "תשרקצפעסנמלכיטחזוהדגבא"
_VALUES = (400, 300, 200, 100, 90, 80, 70, 60, 50, 40, 30, 20, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1)


def in_letters(number: int) -> str:
    """A day or a year in Hebrew letters, without the thousands: 15 is ט״ו, 16 is ט״ז, 5787 is תשפ״ז.

    A single letter is followed by a geresh, several have a gershayim before the last. A full thousand, which has
    no hundreds to write, is the number of thousands and the word for them.
    """
    if number % 1000 == 0:
        return f"{in_letters(number // 1000)} אלפים"
    rest, letters = number % 1000, ""
    for value, letter in zip(_VALUES, _LETTERS, strict=True):
        while rest >= value and rest not in (15, 16):
            letters, rest = letters + letter, rest - value
    letters += {15: "טו", 16: "טז"}.get(rest, "")
    return f"{letters}׳" if len(letters) == 1 else f"{letters[:-1]}״{letters[-1]}"


def anniversary(ordinal_number: int, *, kind: EventKind = "event", tone: Tone = "neutral") -> str:
    """'יום השנה ה-37', 'יום השנה ה-37 לפטירה'; in celebration '35 שנה', 'יום ההולדת ה-80', never of a death."""
    if tone == "celebration" and kind == "birth":
        return f"יום ההולדת ה-{ordinal_number}"
    if tone == "celebration" and kind != "death":
        return f"{_count_years(ordinal_number)}{_OF_WHAT[kind]}"
    return f"יום השנה ה-{ordinal_number}{_OF_WHAT[kind]}"


def _count_years(number: int) -> str:
    """'שנה אחת', 'שנתיים', '3 שנים', '35 שנה', '103 שנים': the plural after a number that ends in 3 to 10."""
    if number in (1, 2):
        return "שנה אחת" if number == 1 else "שנתיים"
    return f"{number} {'שנים' if number == 0 or 1 <= number % 100 <= 10 else 'שנה'}"


def titled(title: str, suffix: str) -> str:
    """'טבח חוג׳אלי: יום השנה ה-37', 'יום הזיכרון לשואה ולגבורה 2027'."""
    return f"{kept_apart(title)} {suffix}" if suffix.isdigit() else f"{kept_apart(title)}: {suffix}"


def _numbered(year: int) -> str:
    if year <= 0:
        return f"{1 - year} לפנה״ס"
    return str(year) if year >= 1000 else f"{year} לספירה"


def _point(point: Point, case: Case) -> str:  # noqa: ARG001
    if point.month is None:
        return _numbered(point.year)
    return f"{_month_day(point.month, point.days)} {_numbered(point.year)}"


def _month_day(month: int, days: str) -> str:
    named = _SEASONS[month] if month > 12 else _MONTHS[month - 1]
    return f"{days} ב{named}" if days else named


def _decade(first: int, case: Case) -> str:  # noqa: ARG001
    """'שנות ה-20 של המאה ה-20': a decade is told by its century, and the first two by their number."""
    tens = first // 10 % 10
    named = {0: "העשור הראשון", 1: "העשור השני"}.get(tens, f"שנות ה-{tens}0")
    return f"{named} של המאה ה-{first // 100 + 1}"


def _years(low: int, high: int, case: Case) -> str:
    """'בין 1900 ל-1999'; after the words for 'from', 'until' and 'between' it is a year that lies there."""
    return f"{'שנה ש' if case in ('since', 'until', 'between') else ''}בין {_numbered(low)} ל-{_numbered(high)}"


def _year_span(first: int, last: int) -> str:
    if first >= 1000:
        return isolated(f"{first}–{last}")
    return f"{_numbered(first)} – {_numbered(last)}"


def _night(start: EdtfDate, end: EdtfDate, words: str) -> str:
    """'הלילה שבין 25 ל-26 בפברואר 1992'."""
    if not (start.is_day and end.is_day and start.month and end.month):
        return f"הלילה של {words}"
    left = str(start.day)
    if (start.month, start.year) != (end.month, end.year):
        left = _month_day(start.month, left)
    if start.year != end.year:
        left += f" {_numbered(start.year)}"
    return f"הלילה שבין {left} ל-{_month_day(end.month, str(end.day))} {_numbered(end.year)}"


def _civil_day(day: dt.date, shown: Shown) -> str:
    year = f" {day.year}" if shown == "year" else ""
    return f"{_WEEKDAYS[day.weekday()]}, {day.day} ב{_MONTHS[day.month - 1]}{year}"


def _numeral(calendar: CalendarName, number: int) -> str:
    return in_letters(number) if calendar == "hebrew" else str(number)


def _every(years: int) -> str:
    return {1: "מדי שנה", 2: "אחת לשנתיים"}.get(years, f"אחת ל-{_count_years(years)}")


def _every_islamic(years: int) -> str:
    return {1: "מדי שנה היג׳רית", 2: "אחת לשנתיים היג׳ריות"}.get(years, f"אחת ל-{years} שנים היג׳ריות")


def _weekday(nth: int, weekday: int, month: int) -> str:
    return f"{{every}} {_on_weekday(nth, weekday)} ב{_MONTHS[month - 1]}"


def _on_weekday(nth: int, weekday: int) -> str:
    return f"בשבת {_NTH_SABBATH[nth]}" if weekday == _SABBATH else f"ב{_WEEKDAYS[weekday]} {_NTH[nth]}"


def _near(when: str, weekday: int, day: str) -> str:
    named = _on_weekday(-1 if when.endswith("before") else 1, weekday)
    feminine = weekday == _SABBATH
    sides = {
        "before": "שלפני",
        "after": "שאחרי",
        "on-or-before": f"{'שאינה מאוחרת' if feminine else 'שאינו מאוחר'} מ-",
        "on-or-after": f"{'שאינה מוקדמת' if feminine else 'שאינו מוקדם'} מ-",
    }
    return f"{{every}} {named} {sides[when]}{'' if when.startswith('on') else ' '}{day}"


def _easter(church: str, offset: int) -> str:
    if not offset:
        return f"{{every}} ביום ראשון של {_CHURCHES[church]}"
    return f"{{every}} {_count_days(abs(offset))} {'אחרי' if offset > 0 else 'לפני'} {_CHURCHES[church]}"


def _count_days(number: int) -> str:
    if number in (1, 2):
        return "יום אחד" if number == 1 else "יומיים"
    return f"{number} {'ימים' if 1 <= number % 100 <= 10 else 'יום'}"


def _lasting(number: int) -> str:
    return f"למשך {_count_days(number)}"


_DATES = DateWords(
    point=_point,
    month_day=_month_day,
    decade=_decade,
    years=_years,
    year_span=_year_span,
    night=_night,
    civil_day=_civil_day,
    qualified={"": "{}", "?": "{} (לא ודאי)", "~": "{} (בקירוב)", "%": "{} (בקירוב, לא ודאי)"},
    units=("השנה", "החודש", "היום"),
    doubts={"?": "{} בספק", "~": "{} בקירוב", "%": "{} בקירוב ובספק"},
    since="מאז {}",
    since_unknown="מאז {}, הסוף אינו ידוע",
    until="עד {}",
    until_unknown="עד {}, ההתחלה אינה ידועה",
    between="בין {} ובין {}",
    or_later="{} או מאוחר יותר",
    or_earlier="{} או מוקדם יותר",
    one_of="או",
    all_of="וכן",
    unknown_year="{} בשנה לא ידועה",
    unknown_month="היום ה-{} בחודש לא ידוע, {year}",
    in_decade="{} במהלך {decade}",
    together=isolated,
)
_NATIVE = NativeWords(
    months={"hebrew": _HEBREW, "islamic": _ISLAMIC, "julian": _MONTHS, "persian": _PERSIAN},
    dated={
        "hebrew": "{day} ב{month} {year}",
        "islamic": "{day} ב{month} {year} להיג׳רה",
        "julian": "{day} ב{month} {year} בלוח היוליאני",
        "persian": "{day} ב{month} {year} בלוח הפרסי",
    },
    undated="{day} ב{month}",
    numeral=_numeral,
)
_RULES = RuleWords(
    dates=_DATES,
    native=_NATIVE,
    every=_every,
    every_islamic=_every_islamic,
    annual="{every} ב-{day}",
    annual_days="{every} ב-{day}",
    leap={
        "omit": " (בשנים מעוברות בלבד)",
        "backward": " (28 בפברואר בשנים רגילות)",
        "forward": " (1 במרץ בשנים רגילות)",
    },
    weekday=_weekday,
    near=_near,
    easter=_easter,
    julian="{every} ב-{day} בלוח היוליאני",
    julian_number="{every} ב-{day}, המספר שיש ליום בלוח היוליאני",
    julian_anniversary="{every} ב-{day}, היום שהיה {old} בלוח היוליאני בעת המאורע",
    islamic="{every} ב-{day}, {by}",
    islamic_by={"umm-al-qura": "לפי לוח אום אל-קורא", "tabular": "לפי חישוב טבלאי"},
    persian="{every} ב-{day} בלוח הפרסי",
    hebrew="{every} ב{day} בלוח העברי",
    hebrew_anniversary={
        "death": "{every} ביום השנה העברי לפטירה ({day})",
        "birth": "{every} ביום ההולדת העברי ({day})",
    },
    in_leap_years=", בשנים מעוברות",
    if_any=", בשנים שיש בהן יום כזה",
    evening=", מן השקיעה ביום הקודם",
    shifts={
        "to-thursday": ", מוקדם ליום חמישי כשהוא חל בשבת",
        "to-sunday": ", נדחה ליום ראשון כשהוא חל בשבת",
        "one-day": ", מוזז ביום אחד כדי שלא ייגע בשבת",
        "two-days": ", מוזז ביום או ביומיים כדי שלא ייגע בשבת",
    },
    once="פעם אחת, ביומו",
    background={
        "": "ללא יום בלוח",
        "century": "ללא יום בלוח: ידועה רק המאה",
        "decade": "ללא יום בלוח: ידוע רק העשור",
        "year": "ללא יום בלוח: ידועה רק השנה",
        "season": "ללא יום בלוח: ידועה רק עונת השנה",
        "month": "ללא יום בלוח: ידוע רק החודש",
        "unspecified": "ללא יום בלוח: התאריך ידוע רק בחלקו",
    },
    since_until="משנת {since} עד שנת {until}",
    since="משנת {}",
    until="עד שנת {}",
    skipped="למעט {}",
    moved="בשנת {year} מועבר ל-{day}",
    lasting=_lasting,
)
date = _DATES.date
days = _DATES.days
native_day = _NATIVE.native_day
rule = _RULES.rule


def sunset(eve: dt.date) -> str:
    """'מן השקיעה ביום שני, 3 במאי 2027'."""
    return f"מן השקיעה ב{days(eve, eve)}"
