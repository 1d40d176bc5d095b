"""Values of literal text: escapes resolved, indentation removed, strip markers applied."""

import re

from iacpolicy.core.lazy_regex import lazy_pattern
from iacpolicy.hcl.ast import Number, Template, Text, TextForm

_QUOTED_ESCAPE = lazy_pattern(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))|\$(?=\$\{)|%(?=%\{)", re.DOTALL)
_JSON_ESCAPE = lazy_pattern(r"\\(?:u([0-9A-Fa-f]{4})(?:\\u([Dd][C-Fc-f][0-9A-Fa-f]{2}))?|(.))", re.DOTALL)
_INTRODUCER = lazy_pattern(r"(?<!\$)\$\{|(?<!%)%\{")
_LINE = lazy_pattern(r"[^\n]*\n|[^\n]+")
_SIMPLE = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f"}
_REPLACEMENT = "\ufffd"


def decode_text(source_text: str, part: Text) -> str:
    """Return the value of a piece of literal text."""
    raw = source_text[part.start : part.end]
    form = part.form
    if form is TextForm.QUOTED:
        raw = unescape_quoted(raw)
    elif form is TextForm.HEREDOC:
        raw = unescape_introducers(raw)
    else:
        raw = unescape_json(raw)
        if form is TextForm.JSON:
            raw = unescape_introducers(raw)
        elif form is TextForm.JSON_QUOTED:
            raw = unescape_quoted(raw)
    if part.trim_start:
        raw = raw.lstrip()
    if part.trim_end:
        raw = raw.rstrip()
    return _without_indent(raw, part) if part.indent else raw


def template_text(template: Template, source_text: str) -> str | None:
    """Return the text of a template that has literal parts only; None where anything is to be evaluated."""
    parts = template.parts
    if len(parts) == 1 and isinstance(parts[0], Text):
        return decode_text(source_text, parts[0])
    texts: list[str] = []
    for part in parts:
        if not isinstance(part, Text):
            return None
        texts.append(decode_text(source_text, part))
    return "".join(texts)


def number_text(source_text: str, number: Number) -> str:
    """Return the digits of a number as they are written."""
    return unescape_json(source_text[number.start : number.end])


def impossible_escapes(raw: str) -> list[tuple[int, int]]:
    """Yield the offset and length of each escape in a quoted string that is no code point."""
    return [
        (found.start(), len(found[0]))
        for found in _QUOTED_ESCAPE.finditer(raw)
        if (digits := found[1] or found[2]) and not _is_character(int(digits, 16))
    ]


def unescape_introducers(raw: str) -> str:
    """`$${` and `%%{` are the characters `${` and `%{`."""
    if "$${" in raw:
        raw = raw.replace("$${", "${")
    if "%%{" in raw:
        raw = raw.replace("%%{", "%{")
    return raw


def has_introducer(raw: str) -> bool:
    """Report whether an unescaped interpolation or directive begins in the text."""
    return _INTRODUCER.search(raw) is not None


def unescape_quoted(raw: str) -> str:
    """Resolve the escapes of a quoted string."""
    if "\\" not in raw and "{" not in raw:
        return raw
    return _QUOTED_ESCAPE.sub(_quoted_escape, raw)


def unescape_json(raw: str) -> str:
    """Resolve the escapes of a JSON string."""
    return _JSON_ESCAPE.sub(_json_escape, raw) if "\\" in raw else raw


def json_escape_spans(raw: str) -> list[tuple[int, int, str]]:
    """Yield the escapes of a JSON string: start, end and value of each."""
    return [(found.start(), found.end(), _json_escape(found)) for found in _JSON_ESCAPE.finditer(raw)]


def split_lines(text: str) -> list[str]:
    """Return the lines of a text with their line feeds; only a line feed ends a line."""
    return _LINE.findall(text)


def _quoted_escape(found: re.Match[str]) -> str:
    digits = found[1] or found[2]
    if digits:
        return _character(int(digits, 16))
    letter = found[3]
    return _SIMPLE.get(letter, found[0]) if letter else ""


def _json_escape(found: re.Match[str]) -> str:
    if found[1]:
        high = int(found[1], 16)
        if found[2] is None:
            return _character(high)
        low = int(found[2], 16)
        if 0xD800 <= high < 0xDC00:
            return chr(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))
        return _character(high) + _character(low)
    return _SIMPLE.get(found[3], found[0])


def _character(code: int) -> str:
    # A lone surrogate or a number past Unicode is no character; Go, and so Terraform, puts U+FFFD in its place.
    return chr(code) if _is_character(code) else _REPLACEMENT


def _is_character(code: int) -> bool:
    return code < 0xD800 or 0xDFFF < code <= 0x10FFFF


def _without_indent(text: str, part: Text) -> str:
    lines = split_lines(text)
    first = 0 if part.at_line_start else 1
    for index in range(first, len(lines)):
        line = lines[index]
        if line.endswith("\n") and line.isspace():
            continue
        lines[index] = line[part.indent :]
    return "".join(lines)
