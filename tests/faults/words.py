"""What files of events are made of, and texts that some reader or writer is known to choke on."""

from __future__ import annotations


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


# Blanks, controls, marks of direction, joiners, noncharacters, the ends of planes, and what changes under NFC.
_ODD = (
    "",
    " ",
    "\t",
    "\n",
    "\r\n",
    "\r",
    "\x00",
    "\x1b[31m",
    "\x7f",
    "\x80",
    "\x85",
    "\x9b",
    "\xa0",
    "\xad",
    "\u0301",
    "\u0301" * 40,
    "\u200b",
    "\u200d",
    "\u200e",
    "\u200f",
    "\u2028",
    "\u2029",
    "\u202e",
    "\u2060",
    "\u2066",
    "\u3000",
    "\ud7ff",
    "\ue000",
    "\ufdd0",
    "\ufe0f",
    "\ufeff",
    "\ufffd",
    "\ufffe",
    "\uffff",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "\U0001fffe",
    "\U000f0000",
    "\U0010ffff",
    "\U0010fffd",
    "\ufdfa\ufdfa\ufdfa",
    "\u0390\u0344\u1fbf",
    "\u212b\u2126",
    "\uac00\u11a8",
    "\u0958\ufb2c",
    "\u01c5\u1e9e\u0130",
    "\u05e9\u05c1\u05d5\u05b9\u05d0\u05b8\u05d4",
    "\u0645\u0631\u062d\u0628\u0627",
    "\u015f\u0259hidl\u0259r",
    "ë",
    "e\u0308",
    "{{ x }}",
    "{% x %}",
    "\\n",
    "\\N",
    "\\,",
    "\\;",
    "\\",
    "\\x00",
    '"',
    " #",
    ": ",
    "- ",
    "? ",
    "%YAML 1.2",
    "a" * 75,
    "ü" * 38,
    "a" * 200,
    "x" * 5000,
    "9" * 50,
    "\u0967",
    "²",
    "\u0663",
)
_PLAIN = _words(
    """
]]> <![CDATA[ <!-- --> <script>alert(1)</script> </script> </title> <b> &amp; & &#0; &#x202e; ${x} %s {0} ' `
, ; : # =1+1 +1 -1 @SUM(A1) | > * &a ! !!str !<%1b> % --- ... << { } [ ] ~ null no yes BEGIN:VEVENT
END:VCALENDAR METHOD:CANCEL javascript:alert(1) data:text/html,x file:///etc/x ../../etc/passwd /etc/passwd .
.. CON -0 0 1e999 Infinity NaN 0x10 0o10 1_000 19:30
"""
)
NASTY = _ODD + _PLAIN
DATES = _words(
    """
1992-02-25 1992-02-25/1992-02-26 1992-02-29 1993-02-29 2000-12-31/2001-01-01 1918 1993-08 192X 19XX XXXX
1985-04-XX 1985-XX-XX 156X-12-25 XXXX-01-27 2001-21 2001-24-01 -0043 -0043-03-15 0000 -0000 0000-01-01
0001-01-01 0999-12-31 9998-12-31 9999-12-31 Y17000 Y-17000 Y999999999 Y-999999999 1991/.. ../1991 1991/ /1991
../.. / 1993-08? ?1993-08 2022?-02-28 2022-?02-28% 1992-02-25~ [1667,1668] {1960,1961} [..1984]
[2015-11..2016-02] {1990..} [] {} [,] [1667..1668,1670..1760] 1985-04-12T23:20 Y1E5 2020-01-01/1990-01-01
9998-12-31/9999-01-01 -9999-12-31 1992-13-01 1992-00-00 XXXX-XX-XX -XXX1 -1XXX-02-29 XXXX-02-30 XXX0-X2-X9
0000-02-29/0000-03-01 1992-1X-31 1992-02-3X
"""
)
NUMBERS = _words(
    """
0 1 -1 2 5 7 12 13 30 31 53 340 365 366 1992 9998 9999
"""
)
DAYS = _words(
    """
01-01 02-28 02-29 02-30 03-08 12-31 13-01 0-1 00-00
"""
)
WORDS = _words(
    """
annual background easter hebrew islamic julian once persian weekday weekday-near omit backward forward western
orthodox sunday saturday friday true false nisan adar adar-i adar-ii cheshvan kislev iyar av muharram ramadan
dhu-l-hijja nowruz farvardin esfand umm-al-qura diyanet tabular civil gregorian death birth founding event
mourning neutral celebration stated inferred outside before after nearest on-or-after on-or-before en az he ru
tr fr EN en-GB Asia/Baku Europe/Lisbon Pacific/Apia Pacific/Kiritimati UTC Etc/GMT+12 ../etc maroon slategray
#ff0000 https://example.org/a?b=c#d http://[::1]:8080/ ftp://x/ https://x webcal example.org,2026
a.b-c.example,2026-01-31 x,0000 one two book first-1992 second 2026-12-01 1969-12-31 1970-01-01 9999-12-31
2026-02-30 0001-01-01T00:00:00+14:00 9999-12-31T23:59:59-14:00 2026-11-22T06:00:00 2026-11-22T06:00:00Z
2026-W47-7 24:00
"""
)
KEYS = _words(
    """
version title description url authority timezone languages categories sources events refused corrections color
notice_days feed_items window budget hub google_link compose id date night observed claims location tone kind
disputed day_itself source basis says reasoning heading publisher published note cited on why withhold what
past future bytes rule from until every except moves days day month leap church offset evening shift
anniversary after_sunset kept nth weekday when language texts of text
"""
)
FITTING: dict[str, tuple[str, ...]] = {
    "timezone": (
        "Asia/Baku",
        "Pacific/Apia",
        "Pacific/Kiritimati",
        "America/Los_Angeles",
        "UTC",
        "Etc/GMT+12",
    ),
    "date": DATES[:10],
    "id": (
        "a",
        "0",
        "a-b",
        "a" * 64,
        "first-1992",
        "second",
        "con",
        "index",
    ),
    "tone": (
        "mourning",
        "neutral",
        "celebration",
    ),
    "kind": (
        "event",
        "birth",
        "death",
        "founding",
    ),
    "night": (
        "true",
        "false",
    ),
    "day_itself": (
        "true",
        "false",
    ),
    "withhold": (
        "true",
        "false",
    ),
    "basis": ("stated",),
    "notice_days": (
        "0",
        "60",
    ),
    "past": (
        "0",
        "1",
        "50",
    ),
    "future": (
        "1",
        "5",
        "50",
    ),
    "url": (
        "https://example.org/a?b=c#d",
        "http://[::1]:8080/",
        "https://x/%00;/&'()*+,=[]@!$",
    ),
    "color": (
        "maroon",
        "SlateGray",
    ),
    "languages": (
        "en",
        "az",
        "he",
        "ru",
        "tr",
    ),
    "authority": (
        "example.org,2026",
        "a.b-c.example,2026-01-31",
        "x,0000",
    ),
    "on": (
        "2026-12-01",
        "1970-01-01",
        "9999-12-31",
    ),
    "en": (
        "A text",
        "One; two, three: four",
        "Two\nlines",
        "A tab\there",
        "\u05e9\u05dc\u05d5\u05dd",
        "\U0001f54e",
        "=1+1",
    ),
}
