"""Azerbaijani: the year is an ordinal ('1992-ci il'), and endings follow the vowels of the spoken number."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from calfeed.domain.edtf import EdtfDate
from calfeed.domain.model import EventKind, Tone
from calfeed.domain.rules.span import Native
from calfeed.domain.wording.calendars import NativeWords
from calfeed.domain.wording.dates import Case, DateWords, Point, Shown, listed
from calfeed.domain.wording.pages import az as pages
from calfeed.domain.wording.rules import RuleWords

name = "Azərbaycanca"
locale = "az_AZ"
direction: Literal["ltr", "rtl"] = "ltr"

page = pages.page
labels = {
    "date": "Tarix",
    "observed": "Qeyd olunur",
    "disputed": "Mənbələr fərqlənir",
    "inferred": "Nəticə çıxarılıb",
    "outside": "Sənədlərdən kənar",
    "sources": "Mənbələr",
    "unnamed": "naşir göstərilməyib",
    "moved": "adi günündən başqa günə keçirilib",
    "expected": "gözlənilir",
    "source_date": "göstərilən tarix",
    "in": "bu mənbədə",
    "quoted": "“{}”",
    "withdrawn": "Bu qeyd geri götürülüb: {date}. O, ümumi təqvimlərdən və lentlərdən çıxarılıb.",
    "ended": "Bu qeydin təqvimdə artıq günü yoxdur. Buradakı gün onu izləyənlər üçün saxlanılır.",
    "with_alarms": "{} (xatırlatmalarla)",
    "entries": "Qeydlər",
}

corrections = {
    "feed": "{}: düzəlişlər",
    "corrected": "{}: düzəldilib",
    "withdrawn": "{}: geri götürülüb",
    "restored": "{}: bərpa edilib",
    "gone": "{} (geri götürülüb)",
    "came_back": "Bu qeyd bərpa edilib: {date}.",
    "title": "Başlıq",
    "description": "Təsvir",
    "location": "Yer",
    "disputed": labels["disputed"],
    "date": labels["date"],
    "observed": labels["observed"],
    "days": "Günlər",
    "url": "Keçid",
    "categories": "Mövzular",
    "tone": "Günün xarakteri",
    "kind": "Nə sayılır",
    "claim": "Mənbənin dediyi",
    "claim-reasoning": "Nəticə necə çıxarılıb",
    "claim-date": "Mənbənin göstərdiyi tarix",
    "claim-basis": "Nəyə əsaslanır",
    "claim-heading": "Mənbədəki başlıq",
    "before": "Əvvəl",
    "after": "İndi",
    "withheld": "təkrar edilmir",
    "why": "Səbəb",
    "mourning": "matəm",
    "neutral": "neytral",
    "celebration": "bayram",
    "event": "hadisə",
    "birth": "doğum",
    "death": "ölüm",
    "founding": "təsis",
    "stated": "mənbədə deyilir",
    "inferred": "nəticə çıxarılıb",
    "outside": "sənədlərdən kənar",
}

said_in = {
    "en": "ingilis dilində",
    "az": "Azərbaycan dilində",
    "he": "ivrit dilində",
    "ru": "rus dilində",
    "tr": "türk dilində",
}

_MONTHS = listed("yanvar, fevral, mart, aprel, may, iyun, iyul, avqust, sentyabr, oktyabr, noyabr, dekabr")
months = listed("Yanvar, Fevral, Mart, Aprel, May, İyun, İyul, Avqust, Sentyabr, Oktyabr, Noyabr, Dekabr")
weekdays = listed("B.e., Ç.a., Ç., C.a., C., Ş., B.")
first_weekday = 0
_OF_YEAR = listed(  # the months of a year, 'avqustu': avqust with the ending of what is possessed
    "yanvarı, fevralı, martı, apreli, mayı, iyunu, iyulu, avqustu, sentyabrı, oktyabrı, noyabrı, dekabrı"
)
_SEASONS = {21: "yazı", 22: "yayı", 23: "payızı", 24: "qışı"}
_WEEKDAYS = listed("bazar ertəsi, çərşənbə axşamı, çərşənbə, cümə axşamı, cümə, şənbə, bazar")
_HEBREW = listed(
    "nisan, iyar, sivan, tammuz, av, elul, tişri, heşvan, kislev, tevet, şevat, adar, I adar, II adar"
)
_ISLAMIC = listed(
    "məhərrəm, səfər, rəbiüləvvəl, rəbiülaxır, cəmadiyələvvəl, cəmadiyəlaxır, "
    "rəcəb, şaban, ramazan, şəvval, zilqədə, zilhiccə"
)
_PERSIAN = listed("fərvərdin, ordibeheşt, xordad, tir, mordad, şəhrivər, mehr, aban, azər, dey, bəhmən, isfənd")
_NTH = {1: "birinci", 2: "ikinci", 3: "üçüncü", 4: "dördüncü", 5: "beşinci", -1: "sonuncu"}
_UNITS = {0: "cı", 1: "ci", 2: "ci", 3: "cü", 4: "cü", 5: "ci", 6: "cı", 7: "ci", 8: "ci", 9: "cu"}
_TENS = {1: "cu", 2: "ci", 3: "cu", 4: "cı", 5: "ci", 6: "cı", 7: "ci", 8: "ci", 9: "cı"}
_OF_WHAT = {"event": "", "birth": "anadan olmasının ", "death": "vəfatının ", "founding": "yaradılmasının "}
_CHURCHES = {"orthodox": "pravoslav Pasxa bazarı", "western": "Qərb kilsələrinin Pasxa bazarı"}


def ordinal(number: int) -> str:
    """1-ci, 3-cü, 6-cı, 9-cu, 10-cu, 100-cü, 1000-ci: the ending rhymes with the last word of the number."""
    if number % 10 or number == 0:
        ending = _UNITS[number % 10]
    elif number % 100:
        ending = _TENS[number // 10 % 10]
    else:
        ending = "cü" if number % 1000 else "ci"  # yüzüncü, mininci
    return f"{number}-{ending}"


def anniversary(ordinal_number: int, *, kind: EventKind = "event", tone: Tone = "neutral") -> str:
    """'37-ci ildönümü', 'vəfatının 37-ci ildönümü'; in celebration '35 illiyi', but never of a death."""
    if tone == "celebration" and kind != "death":
        return f"{_OF_WHAT[kind]}{ordinal_number} illiyi"
    return f"{_OF_WHAT[kind]}{ordinal(ordinal_number)} ildönümü"


def titled(title: str, suffix: str) -> str:
    """'Qara Yanvar: 37-ci ildönümü', 'Yom HaŞoa 2027'."""
    return f"{title} {suffix}" if suffix.isdigit() else f"{title}: {suffix}"


def _numbered(year: int) -> str:
    """'1992-ci', with its era where the number alone would read like no year."""
    if year <= 0:
        return f"e.ə. {ordinal(1 - year)}"
    return ordinal(year) if year >= 1000 else f"b.e. {ordinal(year)}"


def _is_front(word: str) -> bool:
    """Whether the last vowel is one of e, ə, i, ö, ü, so that the endings are -dən and -ə."""
    return next(letter for letter in reversed(word) if letter in "aıoueəiöü") in "eəiöü"


def _point(point: Point, case: Case) -> str:
    if point.month is None or point.days:
        year = f"{_numbered(point.year)} {_of_il(case)}"
        return f"{point.days} {_MONTHS[point.month - 1]} {year}" if point.month else year
    month = _SEASONS[point.month] if point.month > 12 else _OF_YEAR[point.month - 1]
    return f"{_numbered(point.year)} ilin {month}{_after_possessed(month, case)}"


def _of_il(case: Case) -> str:
    return {"since": "ildən", "until": "ilə qədər"}.get(case, "il")


def _after_possessed(word: str, case: Case) -> str:
    """'avqustundan', 'aprelinə qədər'."""
    if case == "since":
        return "ndən" if _is_front(word) else "ndan"
    if case == "until":
        return "nə qədər" if _is_front(word) else "na qədər"
    return ""


def _month_day(month: int, days: str) -> str:
    return f"{days} {_MONTHS[month - 1]}" if days else _MONTHS[month - 1]


def _decade(first: int, case: Case) -> str:
    return f"{ordinal(first)} {({'since': 'illərdən', 'until': 'illərə qədər'}).get(case, 'illər')}"


def _years(low: int, high: int, case: Case) -> str:  # noqa: ARG001
    last = ordinal(1 - high) if high <= 0 else ordinal(high) if low > 0 else _numbered(high)
    return f"{_numbered(low)} və {last} illər arasında"


def _year_span(first: int, last: int) -> str:
    if (first <= 0) != (last <= 0) or first < 1000 <= last:
        return f"{_numbered(first)} il – {_numbered(last)} il"
    era = "e.ə. " if last <= 0 else "" if first >= 1000 else "b.e. "
    left, right = (1 - first, 1 - last) if last <= 0 else (first, last)
    return f"{era}{left}–{ordinal(right)} illər"


def _night(start: EdtfDate, end: EdtfDate, words: str) -> str:
    """'1992-ci il fevralın 25-dən 26-na keçən gecə'."""
    if not (start.month and start.day and end.month and end.day):
        return f"{words} gecəsi"
    since = f"{start.day}-{'dən' if _is_front(ordinal(start.day)) else 'dan'}"
    until = f"{end.day}-{'nə' if _is_front(ordinal(end.day)) else 'na'}"
    month = "" if (start.year, start.month) == (end.year, end.month) else f"{_OF_YEAR[end.month - 1]}n "
    year = "" if start.year == end.year else f"{_numbered(end.year)} il "
    return f"{_numbered(start.year)} il {_OF_YEAR[start.month - 1]}n {since} {year}{month}{until} keçən gecə"


def _civil_day(day: dt.date, shown: Shown) -> str:
    year = f" {ordinal(day.year)} il" if shown == "year" else ""
    return f"{day.day} {_MONTHS[day.month - 1]}{year}, {_WEEKDAYS[day.weekday()]}"


def _every(years: int) -> str:
    return "hər il" if years == 1 else f"hər {years} ildən bir"


def _every_islamic(years: int) -> str:
    return "hər hicri ildə" if years == 1 else f"hər {years} hicri ildən bir"


def _weekday(nth: int, weekday: int, month: int) -> str:
    return f"{{every}} {_MONTHS[month - 1]} ayının {_NTH[nth]} {_day_named(weekday)}"


def _day_named(weekday: int) -> str:
    return f"{_WEEKDAYS[weekday]} günü"


def _near(when: str, weekday: int, day: str) -> str:
    inclusive = " (həmin gün də daxil olmaqla)" if when.startswith("on-or-") else ""
    side = "əvvəlki sonuncu" if when.endswith("before") else "sonrakı birinci"
    return f"{{every}} {day} günündən{inclusive} {side} {_day_named(weekday)}"


def _easter(church: str, offset: int) -> str:
    if not offset:
        return f"{{every}} {_CHURCHES[church]} günü"
    return f"{{every}} {_CHURCHES[church]}ndan {abs(offset)} gün {'sonra' if offset > 0 else 'əvvəl'}"


def _of_rule(year: int) -> str:
    return f"{ordinal(year)} il"


def _lasting(number: int) -> str:
    return f"{number} gün davam edir"


_DATES = DateWords(
    point=_point,
    month_day=_month_day,
    decade=_decade,
    years=_years,
    year_span=_year_span,
    night=_night,
    civil_day=_civil_day,
    qualified={"": "{}", "?": "ehtimal ki, {}", "~": "təxminən {}", "%": "ehtimal ki, təxminən {}"},
    units=("il", "ay", "gün"),
    doubts={"?": "{} dəqiq deyil", "~": "{} təxminidir", "%": "{} təxminidir və dəqiq deyil"},
    since="{} bəri",
    since_unknown="{} bəri, sonu məlum deyil",
    until="{}",
    until_unknown="{}, başlanğıcı məlum deyil",
    between="{} ilə {} arasında",
    or_later="{} və ya daha sonra",
    or_earlier="{} və ya daha əvvəl",
    one_of="və ya",
    all_of="və",
    unknown_year="{} (ili məlum deyil)",
    unknown_month="gün {} (ayı məlum deyil), {year}",
    in_decade="{} ({decade})",
    in_years="{} ({years})",
)


class _DatedNative(NativeWords):
    """Days of other calendars, whose year is an ordinal too: 'hicri 10 məhərrəm 1448-ci il'."""

    def native_day(self, native: Native) -> str:
        return f"{super().native_day(native)} {ordinal(native.year)} il"


_NATIVE = _DatedNative(
    months={"hebrew": _HEBREW, "islamic": _ISLAMIC, "julian": _MONTHS, "persian": _PERSIAN},
    dated={
        "hebrew": "yəhudi təqvimi ilə {day} {month}",
        "islamic": "hicri {day} {month}",
        "julian": "köhnə təqvimlə {day} {month}",
        "persian": "hicri-şəmsi {day} {month}",
    },
    undated="{day} {month}",
)
_RULES = RuleWords(
    dates=_DATES,
    native=_NATIVE,
    every=_every,
    every_islamic=_every_islamic,
    annual="{every} {day} günü",
    annual_days="{every} {day} günləri",
    leap={
        "omit": " (yalnız uzun illərdə)",
        "backward": " (adi illərdə 28 fevral)",
        "forward": " (adi illərdə 1 mart)",
    },
    weekday=_weekday,
    near=_near,
    easter=_easter,
    julian="{every} Yuli təqvimi ilə {day} günü",
    julian_number="{every} {day} günü (günün Yuli təqvimindəki tarixi ilə)",
    julian_anniversary="{every} {day} günü (hadisə baş verəndə həmin gün Yuli təqvimi ilə {old} idi)",
    islamic="{every} {day} günü, {by}",
    islamic_by={"umm-al-qura": "Ümm əl-Qura cədvəli üzrə", "tabular": "cədvəl hesablaması üzrə"},
    persian="{every} hicri-şəmsi təqvimi ilə {day} günü",
    hebrew="{every} yəhudi təqvimi ilə {day} günü",
    hebrew_anniversary={
        "death": "{every} vəfatın yəhudi təqvimi üzrə ildönümündə ({day})",
        "birth": "{every} anadan olmanın yəhudi təqvimi üzrə ildönümündə ({day})",
    },
    in_leap_years=", uzun illərdə",
    if_any=", belə günü olan illərdə",
    evening=", bir gün əvvəl günəş batandan etibarən",
    shifts={
        "to-thursday": ", şənbəyə düşəndə cümə axşamına keçirilir",
        "to-sunday": ", şənbəyə düşəndə bazar gününə keçirilir",
        "one-day": ", şənbə ilə toqquşmaması üçün bir gün sürüşdürülür",
        "two-days": ", şənbə ilə toqquşmaması üçün bir və ya iki gün sürüşdürülür",
    },
    once="bir dəfə, öz günündə",
    background={
        "": "qeyd olunmur",
        "century": "qeyd olunmur: yalnız əsri məlumdur",
        "decade": "qeyd olunmur: yalnız onilliyi məlumdur",
        "year": "qeyd olunmur: yalnız ili məlumdur",
        "season": "qeyd olunmur: yalnız fəsli məlumdur",
        "month": "qeyd olunmur: yalnız ayı məlumdur",
        "unspecified": "qeyd olunmur: tarixi yalnız qismən məlumdur",
    },
    since_until="{since}dən {until}ə qədər",
    since="{}dən",
    until="{}ə qədər",
    skipped="{} istisna olmaqla",
    moved="{year}də {day} gününə keçirilib",
    lasting=_lasting,
    year=_of_rule,
)
date = _DATES.date
days = _DATES.days
native_day = _NATIVE.native_day
rule = _RULES.rule


def sunset(eve: dt.date) -> str:
    """'3 may 2027-ci il, bazar ertəsi, günəş batandan etibarən'."""
    return f"{days(eve, eve)}, günəş batandan etibarən"
