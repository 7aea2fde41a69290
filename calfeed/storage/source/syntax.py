"""What libyaml says of a file that is no YAML, in words for a curator, at the place to mend.

libyaml marks where it gave up; where that is far from the mistake, its context marks what it was reading.
"""

from __future__ import annotations

import yaml

Complaint = tuple[int, int, str, str]

_QUOTE = 'put the whole text in "quotes"'
_NEVER_CLOSED = ("a quote or bracket is never closed", "close it")
_NO_KEY = (
    "a line that is neither `key: value` nor part of a text",
    "write a colon and a space after the key, or indent the line if it goes on with the text above",
)
_ESCAPE = ('a backslash in "quotes" that means nothing', "write two backslashes, or use 'single quotes'")
_DIRECTIVE = ("a line that begins with %", f"delete it, or {_QUOTE} if it is one")

_SYNTAX = {
    "mapping values are not allowed in this context": (
        "a colon in an unquoted text",
        f"{_QUOTE}, or below the key after >-; a key is indented like the one above it, which needs a colon too",
    ),
    "found character that cannot start any token": ("a character that cannot begin a value", _QUOTE),
    "found unexpected end of stream": _NEVER_CLOSED,
    "found unexpected document indicator": _NEVER_CLOSED,
    "could not find expected ':'": _NO_KEY,
    "did not find expected key": (
        "indentation that fits no line above",
        "indent the keys that belong together alike",
    ),
    "did not find expected '-' indicator": (
        "a line that fits neither the list nor the entry above it",
        "begin it with a hyphen and a space, or indent it like the keys of the entry",
    ),
    "did not find expected ',' or '}'": (
        "a { that is not closed where it should be",
        'close it with }, or put the text in "quotes" that holds a colon, a comma, a quote or a #',
    ),
    "did not find expected ',' or ']'": (
        "a [ that is not closed where it should be",
        'close it with ], or put the text in "quotes" that holds a colon, a comma, a quote or a #',
    ),
    "did not find expected node content": ("a value is missing between commas or brackets", "write it"),
    "did not find expected comment or line break": (
        "a text on the line of >- or |",
        "begin it on the next line, indented",
    ),
    "block sequence entries are not allowed in this context": (
        "a list begins on the line of its key",
        "begin it on the next line, one hyphen a line",
    ),
    "did not find expected alphabetic or numeric character": ("an unquoted text begins with * or &", _QUOTE),
    "found undefined tag handle": ("an unquoted text begins with !", _QUOTE),
    "found unknown escape character": _ESCAPE,
    "did not find expected hexdecimal number": _ESCAPE,
    "found invalid Unicode character escape code": (
        "a \\u that names no character",
        "write the character itself; above FFFF it takes \\U and eight digits",
    ),
    "did not find expected <document start>": (
        "something follows the line with ..., which ends the file",
        "delete the line with ...",
    ),
    "found incompatible YAML document": _DIRECTIVE,
    "found unknown directive name": _DIRECTIVE,
    "could not find expected directive name": _DIRECTIVE,
}
_LEFT_OVER = ("something follows a value that is already complete", f"delete it, or {_QUOTE}")


def syntax_complaint(error: yaml.YAMLError, lines: list[str]) -> Complaint:
    """Line, column, message and hint; line 0 where libyaml marks none."""
    if not isinstance(error, yaml.MarkedYAMLError):
        return 0, 0, "not YAML", ""
    problem = str(error.problem or error.context or "")
    message, hint = _SYNTAX.get(problem, (f"not YAML: {problem}", ""))
    mark, context = error.problem_mark, error.context_mark
    if mark is None:
        return 0, 0, message, hint
    if context is not None and _began_earlier(problem, mark, context):
        mark = context
    place = (mark.line + 1, mark.column + 1)
    end = _end_of(lines)
    if problem == "did not find expected node content" and place >= end:
        message, hint = _NEVER_CLOSED
    if problem == "did not find expected key" and "".join(lines[mark.line : place[0]])[: mark.column].strip():
        message, hint = _LEFT_OVER
    return *min(place, end), message, hint


def _end_of(lines: list[str]) -> tuple[int, int]:
    """Line and column behind the last character that is no blank; libyaml may mark a line after all others."""
    last = max((number for number, line in enumerate(lines) if line.strip()), default=0)
    return last + 1, len(lines[last].rstrip()) + 1


def _began_earlier(problem: str, mark: yaml.Mark, context: yaml.Mark) -> bool:
    """Whether the mistake is where something was opened, not where libyaml gave up."""
    if _SYNTAX.get(problem) in (_NEVER_CLOSED, _NO_KEY):
        return True
    return problem.startswith("did not find expected ','") and context.line < mark.line
