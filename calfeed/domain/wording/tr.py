"""Turkish: an ordinal is a number with a full stop; days and months are capital only in a certain date."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from calfeed.domain.edtf import EdtfDate
from calfeed.domain.model import EventKind, Tone
from calfeed.domain.wording.calendars import NativeWords
from calfeed.domain.wording.dates import Case, DateWords, Point, Shown, listed
from calfeed.domain.wording.pages import tr as pages
from calfeed.domain.wording.rules import RuleWords

name = "Türkçe"
locale = "tr_TR"
direction: Literal["ltr", "rtl"] = "ltr"

page = pages.page
labels = {
    "date": "Tarih",
    "observed": "Takvimdeki günü",
    "disputed": "Kaynaklar ayrışıyor",
    "inferred": "Çıkarım",
    "outside": "Belgelerin dışından",
    "sources": "Kaynaklar",
    "unnamed": "yayıncı belirtilmemiş",
    "moved": "her zamanki gününden kaydırıldı",
    "expected": "bekleniyor",
    "source_date": "verilen tarih",
    "in": "bulunduğu yer",
    "quoted": "“{}”",
    "withdrawn": "Bu kayıt geri çekildi: {date}. Ortak takvimlerden ve akışlardan çıkarıldı.",
    "ended": "Bu kaydın takvimde artık günü yok. Buradaki gün, onu izleyenler için korunuyor.",
    "with_alarms": "{} (hatırlatmalarla)",
    "entries": "Kayıtlar",
}

corrections = {
    "feed": "{}: düzeltmeler",
    "corrected": "{}: düzeltildi",
    "withdrawn": "{}: geri çekildi",
    "restored": "{}: geri getirildi",
    "gone": "{} (geri çekildi)",
    "came_back": "Bu kayıt geri getirildi: {date}.",
    "title": "Başlık",
    "description": "Açıklama",
    "location": "Yer",
    "disputed": labels["disputed"],
    "date": labels["date"],
    "observed": labels["observed"],
    "days": "Günler",
    "url": "Bağlantı",
    "categories": "Konular",
    "tone": "Günün niteliği",
    "kind": "Neyin yılı sayılıyor",
    "claim": "Kaynağın söylediği",
    "claim-reasoning": "Nasıl çıkarıldığı",
    "claim-date": "Kaynakta verilen tarih",
    "claim-basis": "Neye dayandığı",
    "claim-heading": "Kaynaktaki başlık",
    "before": "Önce",
    "after": "Şimdi",
    "withheld": "yinelenmiyor",
    "why": "Neden",
    "mourning": "yas",
    "neutral": "nötr",
    "celebration": "kutlama",
    "event": "olay",
    "birth": "doğum",
    "death": "ölüm",
    "founding": "kuruluş",
    "stated": "kaynakta belirtiliyor",
    "inferred": "çıkarım",
    "outside": "belgelerin dışından",
}

said_in = {
    "en": "İngilizce",
    "az": "Azerbaycanca",
    "he": "İbranice",
    "ru": "Rusça",
    "tr": "Türkçe",
}

_MONTHS = listed("Ocak, Şubat, Mart, Nisan, Mayıs, Haziran, Temmuz, Ağustos, Eylül, Ekim, Kasım, Aralık")
months = _MONTHS
weekdays = listed("Pt, Sa, Ça, Pe, Cu, Ct, Pa")
first_weekday = 0
_MONTHS_AT_LARGE = listed("ocak, şubat, mart, nisan, mayıs, haziran, temmuz, ağustos, eylül, ekim, kasım, aralık")
_SEASONS = {21: "ilkbaharı", 22: "yazı", 23: "sonbaharı", 24: "kışı"}
_WEEKDAYS = listed("Pazartesi, Salı, Çarşamba, Perşembe, Cuma, Cumartesi, Pazar")
_WEEKDAYS_AT_LARGE = listed("pazartesi, salı, çarşamba, perşembe, cuma, cumartesi, pazar")
_HEBREW = listed(
    "Nisan, İyar, Sivan, Tamuz, Av, Elul, Tişri, Heşvan, Kislev, Tevet, Şevat, Adar, I. Adar, II. Adar"
)
_ISLAMIC = listed(
    "Muharrem, Safer, Rebiülevvel, Rebiülahir, Cemaziyelevvel, Cemaziyelahir, "
    "Recep, Şaban, Ramazan, Şevval, Zilkade, Zilhicce"
)
_PERSIAN = listed("Ferverdin, Ordibeheşt, Hordad, Tir, Mordad, Şehriver, Mehr, Aban, Azer, Dey, Behmen, Esfend")
_NTH = {1: "ilk", 2: "ikinci", 3: "üçüncü", 4: "dördüncü", 5: "beşinci", -1: "son"}
_BACK_TENS = (1, 3, 4, 6, 9)  # on, otuz, kırk, altmış, doksan; all other round numbers end in e, i or ü
_OF_WHAT = {"event": "", "birth": "doğumunun ", "death": "ölümünün ", "founding": "kuruluşunun "}
_CHURCHES = {"orthodox": "Ortodoks Paskalya Pazarı", "western": "Batı kiliselerinin Paskalya Pazarı"}


def anniversary(ordinal_number: int, *, kind: EventKind = "event", tone: Tone = "neutral") -> str:
    """'37. yıl dönümü', 'ölümünün 37. yıl dönümü'; in celebration '35. yıl', but never of a death."""
    if tone == "celebration" and kind != "death":
        return f"{_OF_WHAT[kind]}{ordinal_number}. {'yıl' if kind == 'event' else 'yılı'}"
    return f"{_OF_WHAT[kind]}{ordinal_number}. yıl dönümü"


def titled(title: str, suffix: str) -> str:
    """'Kara Ocak: 37. yıl dönümü', 'Yom HaŞoa 2027'."""
    return f"{title} {suffix}" if suffix.isdigit() else f"{title}: {suffix}"


def _numbered(year: int) -> str:
    if year <= 0:
        return f"MÖ {1 - year}"
    return str(year) if year >= 1000 else f"MS {year}"


def _point(point: Point, case: Case) -> str:
    """'25 Şubat 1992'; after it, where an ending is needed, the word that takes it: 'yılından', 'tarihinden'."""
    year = _numbered(point.year)
    if point.month is None:
        return _ending(year, "yılı", case)
    if point.days:
        return _ending(f"{_month_day(point.month, point.days)} {year}", "tarihi", case)
    if point.month > 12:
        return f"{year} {_SEASONS[point.month]}{_after_possessed('a', case)}"
    return f"{_MONTHS[point.month - 1]} {year}" if case in ("bare", "between", "in") else _of_month(point, case)


def _of_month(point: Point, case: Case) -> str:
    month = _MONTHS_AT_LARGE[(point.month or 1) - 1]
    return f"{_numbered(point.year)} yılının {month} ayı{_after_possessed('a', case)}"


def _ending(told: str, word: str, case: Case) -> str:
    if case not in ("since", "until"):
        return told
    return f"{told} {word}{_after_possessed('i' if word == 'tarihi' else 'a', case)}"


def _after_possessed(vowel: str, case: Case) -> str:
    """'-ndan' and '-na' after a back vowel, '-nden' and '-ne' after a front one."""
    ending = {"since": ("ndan", "nden"), "until": ("na", "ne")}.get(case, ("", ""))
    return ending[0] if vowel == "a" else ending[1]


def _month_day(month: int, days: str) -> str:
    return f"{days} {_MONTHS[month - 1]}" if days else f"{_MONTHS_AT_LARGE[month - 1]} ayı"


def _decade(first: int, case: Case) -> str:
    """'1920’ler', '1990’lar', and with the ending of their case."""
    back = first // 10 % 10 in _BACK_TENS
    endings = {"since": ("lardan", "lerden"), "until": ("lara", "lere"), "in": ("larda", "lerde")}
    return f"{first}’{endings.get(case, ('lar', 'ler'))[0 if back else 1]}"


def _years(low: int, high: int, case: Case) -> str:  # noqa: ARG001
    return f"{_numbered(low)} ile {_numbered(high)} arasında"


def _year_span(first: int, last: int) -> str:
    if (first <= 0) != (last <= 0):
        return f"{_numbered(first)} – {_numbered(last)}"
    return f"{_numbered(first)}–{1 - last if last <= 0 else last}"  # 'MÖ 44–41': the era once


def _night(start: EdtfDate, end: EdtfDate, words: str) -> str:  # noqa: ARG001
    return f"{words} gecesi"


def _civil_day(day: dt.date, shown: Shown) -> str:
    year = f" {day.year}" if shown == "year" else ""
    return f"{day.day} {_MONTHS[day.month - 1]}{year} {_WEEKDAYS[day.weekday()]}"


def _every(years: int) -> str:
    return "her yıl" if years == 1 else f"her {years} yılda bir"


def _every_islamic(years: int) -> str:
    return "her hicri yıl" if years == 1 else f"her {years} hicri yılda bir"


def _weekday(nth: int, weekday: int, month: int) -> str:
    return f"{{every}} {_MONTHS_AT_LARGE[month - 1]} ayının {_NTH[nth]} {_day_named(weekday)}"


def _day_named(weekday: int) -> str:
    return f"{_WEEKDAYS_AT_LARGE[weekday]} günü"


def _near(when: str, weekday: int, day: str) -> str:
    inclusive = " (o gün de dâhil)" if when.startswith("on-or-") else ""
    side = "önceki son" if when.endswith("before") else "sonraki ilk"
    return f"{{every}} {day} gününden{inclusive} {side} {_day_named(weekday)}"


def _easter(church: str, offset: int) -> str:
    if not offset:
        return f"{{every}} {_CHURCHES[church]} günü"
    return f"{{every}} {_CHURCHES[church]} gününden {abs(offset)} gün {'sonra' if offset > 0 else 'önce'}"


def _lasting(number: int) -> str:
    return f"{number} gün sürer"


_DATES = DateWords(
    point=_point,
    month_day=_month_day,
    decade=_decade,
    years=_years,
    year_span=_year_span,
    night=_night,
    civil_day=_civil_day,
    qualified={"": "{}", "?": "muhtemelen {}", "~": "yaklaşık {}", "%": "muhtemelen yaklaşık {}"},
    units=("yıl", "ay", "gün"),
    doubts={"?": "{} kesin değil", "~": "{} yaklaşık", "%": "{} yaklaşık ve kesin değil"},
    since="{} beri",
    since_unknown="{} beri, sonu bilinmiyor",
    until="{} kadar",
    until_unknown="{} kadar, başlangıcı bilinmiyor",
    between="{} ile {} arasında",
    or_later="{} veya sonrası",
    or_earlier="{} veya öncesi",
    one_of="veya",
    all_of="ve",
    unknown_year="{} (yılı bilinmiyor)",
    unknown_month="bilinmeyen bir ayın {}. günü, {year}",
    in_decade="{} ({decade})",
    in_years="{} ({years})",
)
_NATIVE = NativeWords(
    months={"hebrew": _HEBREW, "islamic": _ISLAMIC, "julian": _MONTHS, "persian": _PERSIAN},
    dated={
        "hebrew": "İbrani takvimiyle {day} {month} {year}",  # its Nisan has the name of our April
        "islamic": "hicri {day} {month} {year}",
        "julian": "eski takvimle {day} {month} {year}",
        "persian": "hicri şemsi {day} {month} {year}",
    },
    undated="{day} {month}",
)
_RULES = RuleWords(
    dates=_DATES,
    native=_NATIVE,
    every=_every,
    every_islamic=_every_islamic,
    annual="{every} {day} günü",
    annual_days="{every} {day} günleri",
    leap={
        "omit": " (yalnızca artık yıllarda)",
        "backward": " (artık yıl değilse 28 Şubat)",
        "forward": " (artık yıl değilse 1 Mart)",
    },
    weekday=_weekday,
    near=_near,
    easter=_easter,
    julian="{every} Jülyen takvimine göre {day} günü",
    julian_number="{every} {day} günü (günün Jülyen takvimindeki sayısıyla)",
    julian_anniversary="{every} {day} günü (olay olduğunda bu tarih Jülyen takvimine göre {old} idi)",
    islamic="{every} {day} günü, {by}",
    islamic_by={"umm-al-qura": "Ümmü’l-Kurâ cetveline göre", "tabular": "cetvel hesabına göre"},
    persian="{every} hicri şemsi takvime göre {day} günü",
    hebrew="{every} İbrani takvimine göre {day} günü",
    hebrew_anniversary={
        "death": "{every} ölümün İbrani takvimine göre yıl dönümünde ({day})",
        "birth": "{every} doğumun İbrani takvimine göre yıl dönümünde ({day})",
    },
    in_leap_years=", artık yıllarda",
    if_any=", böyle bir günü olan yıllarda",
    evening=", bir önceki günün gün batımından itibaren",
    shifts={
        "to-thursday": ", cumartesiye rastlarsa perşembeye alınır",
        "to-sunday": ", cumartesiye rastlarsa pazara alınır",
        "one-day": ", cumartesiye değmemesi için bir gün kaydırılır",
        "two-days": ", cumartesiye değmemesi için bir veya iki gün kaydırılır",
    },
    once="bir kez, kendi gününde",
    background={
        "": "takvimde günü yok",
        "century": "takvimde günü yok: yalnızca yüzyılı biliniyor",
        "decade": "takvimde günü yok: yalnızca on yılı biliniyor",
        "year": "takvimde günü yok: yalnızca yılı biliniyor",
        "season": "takvimde günü yok: yalnızca mevsimi biliniyor",
        "month": "takvimde günü yok: yalnızca ayı biliniyor",
        "unspecified": "takvimde günü yok: tarihi yalnızca kısmen biliniyor",
    },
    since_until="{since} yılından {until} yılına kadar",
    since="{} yılından beri",
    until="{} yılına kadar",
    skipped="{} hariç",
    moved="{year} yılında {day} gününe alındı",
    lasting=_lasting,
)
date = _DATES.date
days = _DATES.days
native_day = _NATIVE.native_day
rule = _RULES.rule


def sunset(eve: dt.date) -> str:
    """'3 Mayıs 2027 Pazartesi günü gün batımından itibaren'."""
    return f"{days(eve, eve)} günü gün batımından itibaren"
