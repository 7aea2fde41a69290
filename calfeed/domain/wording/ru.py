"""Russian: months and years in the case that their place in the sentence asks for, numerals with their endings."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from calfeed.domain.edtf import EdtfDate
from calfeed.domain.model import EventKind, Tone
from calfeed.domain.wording.calendars import NativeWords
from calfeed.domain.wording.dates import Case, DateWords, Point, Shown, listed
from calfeed.domain.wording.pages import ru as pages
from calfeed.domain.wording.rules import RuleWords

name = "Русский"
locale = "ru_RU"
direction: Literal["ltr", "rtl"] = "ltr"

page = pages.page
labels = {
    "date": "Дата",
    "observed": "Отмечается",
    "disputed": "Источники расходятся",
    "inferred": "Выведено",
    "outside": "Не из документов",
    "sources": "Источники",
    "unnamed": "издатель не указан",
    "moved": "перенесено со своего обычного дня",
    "expected": "ожидается",
    "source_date": "названная дата",
    "in": "в издании",
    "quoted": "«{}»",
    "withdrawn": "Эта запись отозвана: {date}. Её больше нет в общих календарях и лентах.",
    "ended": "У этой записи больше нет дня в календаре. День здесь сохранён для тех, кто за ней следит.",
    "with_alarms": "{} (с напоминаниями)",
    "entries": "Записи",
}

corrections = {
    "feed": "{}: исправления",
    "corrected": "{}: исправлено",
    "withdrawn": "{}: отозвано",
    "restored": "{}: восстановлено",
    "gone": "{} (запись отозвана)",
    "came_back": "Эта запись восстановлена: {date}.",
    "title": "Заголовок",
    "description": "Описание",
    "location": "Место",
    "disputed": labels["disputed"],
    "date": labels["date"],
    "observed": labels["observed"],
    "days": "Дни",
    "url": "Ссылка",
    "categories": "Темы",
    "tone": "Характер дня",
    "kind": "Что отсчитывается",
    "claim": "Что сказано в источнике",
    "claim-reasoning": "Как это выведено",
    "claim-date": "Дата в источнике",
    "claim-basis": "На чём основано",
    "claim-heading": "Заголовок в источнике",
    "before": "Было",
    "after": "Стало",
    "withheld": "не повторяется",
    "why": "Причина",
    "mourning": "траур",
    "neutral": "нейтральный",
    "celebration": "праздник",
    "event": "событие",
    "birth": "рождение",
    "death": "смерть",
    "founding": "основание",
    "stated": "сказано в источнике",
    "inferred": "выведено",
    "outside": "не из документов",
}

said_in = {
    "en": "на английском языке",
    "az": "на азербайджанском языке",
    "he": "на иврите",
    "ru": "на русском языке",
    "tr": "на турецком языке",
}

_MONTHS = listed("январь, февраль, март, апрель, май, июнь, июль, август, сентябрь, октябрь, ноябрь, декабрь")
months = listed("Январь, Февраль, Март, Апрель, Май, Июнь, Июль, Август, Сентябрь, Октябрь, Ноябрь, Декабрь")
weekdays = listed("Пн, Вт, Ср, Чт, Пт, Сб, Вс")
first_weekday = 0
_OF_MONTHS = listed("января, февраля, марта, апреля, мая, июня, июля, августа, сентября, октября, ноября, декабря")
_WITH_MONTHS = listed(
    "январём, февралём, мартом, апрелем, маем, июнем, июлем, августом, сентябрём, октябрём, ноябрём, декабрём"
)
_SEASONS = listed("весна, лето, осень, зима")
_OF_SEASONS = listed("весны, лета, осени, зимы")
_WITH_SEASONS = listed("весной, летом, осенью, зимой")
_WEEKDAYS = listed("понедельник, вторник, среда, четверг, пятница, суббота, воскресенье")
_ON_WEEKDAYS = listed("понедельник, вторник, среду, четверг, пятницу, субботу, воскресенье")
_GENDERS = "mmfmffn"  # of the weekdays, from Monday
_NTH = {
    "m": {1: "первый", 2: "второй", 3: "третий", 4: "четвёртый", 5: "пятый", -1: "последний"},
    "f": {1: "первую", 2: "вторую", 3: "третью", 4: "четвёртую", 5: "пятую", -1: "последнюю"},
    "n": {1: "первое", 2: "второе", 3: "третье", 4: "четвёртое", 5: "пятое", -1: "последнее"},
}
_HEBREW = listed(
    "нисана, ияра, сивана, таммуза, ава, элула, тишрея, хешвана, кислева, тевета, шевата, адара, адара I, адара II"
)
_ISLAMIC = listed(
    "мухаррама, сафара, раби-уль-авваля, раби-уль-ахира, джумада-уль-авваля, джумада-уль-ахира, "
    "раджаба, шаабана, рамадана, шавваля, зуль-каады, зуль-хиджжи"
)
_PERSIAN = listed(
    "фарвардина, ордибехешта, хордада, тира, мордада, шахривера, мехра, абана, азера, дея, бахмана, эсфанда"
)
_OF_WHAT = {"event": "", "birth": " со дня рождения", "death": " со дня смерти", "founding": " со дня основания"}
_EASTERS = {"orthodox": "православную Пасху", "western": "Пасху западных церквей"}
_OF_EASTERS = {"orthodox": "православной Пасхи", "western": "Пасхи западных церквей"}


def _counted(number: int, one: str, few: str, many: str) -> str:
    """1 год, 2 года, 5 лет, 11 лет, 21 год."""
    if number % 100 in (11, 12, 13, 14):
        return f"{number} {many}"
    return f"{number} {one if number % 10 == 1 else few if number % 10 in (2, 3, 4) else many}"


def anniversary(ordinal_number: int, *, kind: EventKind = "event", tone: Tone = "neutral") -> str:
    """'37-я годовщина', '150 лет со дня рождения'; in celebration of every fifth year '35-летие'."""
    if tone == "celebration" and kind != "death" and ordinal_number and ordinal_number % 5 == 0:
        return f"{ordinal_number}-летие{_OF_WHAT[kind]}"
    if kind == "birth":  # it is the life that is counted
        return _counted(ordinal_number, "год", "года", "лет") + _OF_WHAT[kind]
    return f"{ordinal_number}-я годовщина{_OF_WHAT[kind]}"


def titled(title: str, suffix: str) -> str:
    """'Чёрный январь: 37-я годовщина', 'Йом ха-Шоа 2027'."""
    return f"{title} {suffix}" if suffix.isdigit() else f"{title}: {suffix}"


def _with_era(number: str, noun: str, year: int) -> str:
    """'1992 года', '79 года н. э.', '44 года до н. э.'; `number` is that of the era."""
    era = " до н. э." if year <= 0 else "" if year >= 1000 else " н. э."
    return f"{number} {noun}{era}"


def _numbered(year: int, noun: str) -> str:
    return _with_era(str(1 - year if year <= 0 else year), noun, year)


def _form(bare: str, of: str, with_: str, case: Case) -> str:
    """Nominative, genitive after 'с' and 'до', instrumental after 'между'."""
    return {"since": of, "until": of, "in": of, "between": with_}.get(case, bare)


def _point(point: Point, case: Case) -> str:
    first = point.days if point.month else str(_era_number(point.year))
    return _from("со" if first == "2" else "с", _stated(point, case), case)


def _from(preposition: str, told: str, case: Case) -> str:
    return f"{preposition} {told}" if case == "since" else told


def _stated(point: Point, case: Case) -> str:
    if point.month is None:
        return _numbered(point.year, _form("год", "года", "годом", case))
    if point.days:
        return f"{_month_day(point.month, point.days)} {_numbered(point.year, 'года')}"
    place = point.month - 1
    month = (
        _form(_SEASONS[place - 20], _OF_SEASONS[place - 20], _WITH_SEASONS[place - 20], case)
        if point.month > 12
        else _form(_MONTHS[place], _OF_MONTHS[place], _WITH_MONTHS[place], case)
    )
    return f"{month} {_numbered(point.year, 'года')}"


def _month_day(month: int, days: str) -> str:
    return f"{days} {_OF_MONTHS[month - 1]}" if days else _MONTHS[month - 1]


def _decade(first: int, case: Case) -> str:
    told = _form(f"{first}-е годы", f"{first}-х годов", f"{first}-ми годами", case)
    return _from("с", told, case)


def _years(low: int, high: int, case: Case) -> str:
    """'между 1900 и 1999 годами', 'с одного из годов между 1900 и 1999 годами'."""
    one = _form("", "одного из годов ", "одним из годов ", case)
    return _from("с", f"{one}{_between_years(low, high)}", case)


def _between_years(low: int, high: int) -> str:
    if (low <= 0) == (high <= 0) and not low < 1000 <= high:
        return f"между {_era_number(low)} и {_numbered(high, 'годами')}"
    return f"между {_numbered(low, 'годом')} и {_numbered(high, 'годом')}"


def _year_span(first: int, last: int) -> str:
    if (first <= 0) == (last <= 0) and not first < 1000 <= last:
        return _with_era(f"{_era_number(first)}–{_era_number(last)}", "годы", last)
    return f"{_numbered(first, 'год')} – {_numbered(last, 'год')}"


def _era_number(year: int) -> int:
    return 1 - year if year <= 0 else year


def _night(start: EdtfDate, end: EdtfDate, words: str) -> str:
    """'ночь с 25 на 26 февраля 1992 года'."""
    if not (start.is_day and end.is_day and start.month and end.month):
        return f"ночь {words}"
    left = str(start.day)
    if (start.month, start.year) != (end.month, end.year):
        left = _month_day(start.month, left)
    if start.year != end.year:
        left += f" {_numbered(start.year, 'года')}"
    since = "со" if start.day == 2 else "с"
    return f"ночь {since} {left} на {_month_day(end.month, str(end.day))} {_numbered(end.year, 'года')}"


def _civil_day(day: dt.date, shown: Shown) -> str:
    return f"{_WEEKDAYS[day.weekday()]}, {_day_and_year(day, shown)}"


def _day_and_year(day: dt.date, shown: Shown) -> str:
    return f"{day.day} {_OF_MONTHS[day.month - 1]}" + (f" {day.year} года" if shown == "year" else "")


def _every(years: int) -> str:
    return "каждый год" if years == 1 else f"раз в {_counted(years, 'год', 'года', 'лет')}"


def _every_islamic(years: int) -> str:
    return f"{_every(years)} хиджры"


def _weekday(nth: int, weekday: int, month: int) -> str:
    return f"{{every}} {_on_weekday(nth, weekday)} {_OF_MONTHS[month - 1]}"


def _on_weekday(nth: int, weekday: int) -> str:
    return f"{'во' if nth == 2 else 'в'} {_NTH[_GENDERS[weekday]][nth]} {_ON_WEEKDAYS[weekday]}"


def _near(when: str, weekday: int, day: str) -> str:
    sides = {"before": "до", "after": "после", "on-or-before": "не позднее", "on-or-after": "не ранее"}
    return f"{{every}} {_on_weekday(-1 if when.endswith('before') else 1, weekday)} {sides[when]} {day}"


def _easter(church: str, offset: int) -> str:
    if not offset:
        return f"{{every}} в {_EASTERS[church]}"
    days = _counted(abs(offset), "день", "дня", "дней")
    side = f"через {days} после" if offset > 0 else f"за {days} до"
    side = "на следующий день после" if offset == 1 else side  # 'через день' is the day after the next
    return f"{{every}} {side} {_OF_EASTERS[church]}"


def _of_year(year: int) -> str:
    return f"{year} года"


def _lasting(number: int) -> str:
    return f"в течение {_counted(number, 'дня', 'дней', 'дней')}"


_DATES = DateWords(
    point=_point,
    month_day=_month_day,
    decade=_decade,
    years=_years,
    year_span=_year_span,
    night=_night,
    civil_day=_civil_day,
    qualified={
        "": "{}",
        "?": "{} (под вопросом)",
        "~": "{} (приблизительно)",
        "%": "{} (приблизительно, под вопросом)",
    },
    units=("год", "месяц", "день"),
    doubts={"?": "{} под вопросом", "~": "{} приблизительный", "%": "{} приблизительный и под вопросом"},
    since="{}",
    since_unknown="{}, конец неизвестен",
    until="до {} включительно",
    until_unknown="до {} включительно, начало неизвестно",
    between="между {} и {}",
    or_later="{} или позже",
    or_earlier="{} или раньше",
    one_of="или",
    all_of="и",
    unknown_year="{} неизвестного года",
    unknown_month="{}-е число неизвестного месяца, {year}",
    in_decade="{} одного из {decade}",
)
_NATIVE = NativeWords(
    months={"hebrew": _HEBREW, "islamic": _ISLAMIC, "julian": _OF_MONTHS, "persian": _PERSIAN},
    dated={
        "hebrew": "{day} {month} {year} года",
        "islamic": "{day} {month} {year} года хиджры",
        "julian": "{day} {month} {year} года по старому стилю",
        "persian": "{day} {month} {year} года по персидскому календарю",
    },
    undated="{day} {month}",
)
_RULES = RuleWords(
    dates=_DATES,
    native=_NATIVE,
    every=_every,
    every_islamic=_every_islamic,
    annual="{every} {day}",
    annual_days="{every} {day}",
    leap={
        "omit": " (только в високосные годы)",
        "backward": " (28 февраля в невисокосные годы)",
        "forward": " (1 марта в невисокосные годы)",
    },
    weekday=_weekday,
    near=_near,
    easter=_easter,
    julian="{every} {day} по юлианскому календарю",
    julian_number="{every} {day}, под тем же числом, что и в юлианском календаре",
    julian_anniversary="{every} {day} (в год события на этот день приходилось {old} по юлианскому календарю)",
    islamic="{every} {day}, {by}",
    islamic_by={"umm-al-qura": "по таблице Умм аль-Кура", "tabular": "по табличному расчёту"},
    persian="{every} {day} по персидскому календарю",
    hebrew="{every} {day} по еврейскому календарю",
    hebrew_anniversary={
        "death": "{every} в годовщину смерти по еврейскому календарю ({day})",
        "birth": "{every} в день рождения по еврейскому календарю ({day})",
    },
    in_leap_years=", в високосные годы",
    if_any=", в те годы, когда такой день есть",
    evening=", с захода солнца накануне",
    shifts={
        "to-thursday": ", с переносом на четверг, если выпадает на субботу",
        "to-sunday": ", с переносом на воскресенье, если выпадает на субботу",
        "one-day": ", со сдвигом на день, чтобы не касаться субботы",
        "two-days": ", со сдвигом на день или два, чтобы не касаться субботы",
    },
    once="один раз, в свой день",
    background={
        "": "не отмечается",
        "century": "не отмечается: известен только век",
        "decade": "не отмечается: известно только десятилетие",
        "year": "не отмечается: известен только год",
        "season": "не отмечается: известно только время года",
        "month": "не отмечается: известен только месяц",
        "unspecified": "не отмечается: дата известна лишь отчасти",
    },
    since_until="с {since} до {until} включительно",
    since="с {}",
    until="до {} включительно",
    skipped="кроме {}",
    moved="дата {year} перенесена на {day}",
    lasting=_lasting,
    year=_of_year,
)
date = _DATES.date
days = _DATES.days
native_day = _NATIVE.native_day
rule = _RULES.rule


def sunset(eve: dt.date) -> str:
    """'с захода солнца в понедельник, 3 мая 2027 года'."""
    preposition = "во" if eve.weekday() == 1 else "в"
    return f"с захода солнца {preposition} {_ON_WEEKDAYS[eve.weekday()]}, {_day_and_year(eve, 'year')}"
