"""Regular expressions on RE2, with the semantics that Go's `regexp` adds to it.

https://developer.hashicorp.com/terraform/language/functions/regex
"""

import re
from collections.abc import Iterator
from typing import Any

from iacpolicy.core.lazy_regex import lazy_pattern
from iacpolicy.core.linear_regex import PatternError, linear_regex
from iacpolicy.core.types import DYNAMIC, STRING, ListType, TupleType, Type, object_type
from iacpolicy.evaluate.functions.common import MAX_ELEMENTS, MAX_TEXT, bounded, bounded_elements, text
from iacpolicy.evaluate.functions.frame import Function, Parameter
from iacpolicy.evaluate.values import value
from iacpolicy.evaluate.values.errors import FunctionError
from iacpolicy.evaluate.values.value import Value

_GROUP = lazy_pattern(  # a capturing group with its name, or a part in which a parenthesis opens no group
    r"\\Q(?:[^\\]|\\(?!E))*+(?:\\E)?|\\.|\[\^?\]?(?:\[:\^?\w+:\]|\\.|[^\]\\])*+\]|\(\?P?<(\w+)>|\((?!\?)", re.DOTALL
)


def compiled_pattern(pattern: str) -> Any:
    """Return a pattern compiled by RE2, to be matched with bytes.

    Raises:
        FunctionError: Go does not accept the pattern, or it exceeds a limit.
    """
    try:
        return linear_regex(pattern.encode())
    except PatternError as problem:
        detail = str(problem) if "(limit:" in str(problem) else f"invalid regexp pattern: {problem}"
        raise FunctionError(detail, 0) from None


def _names(compiled: Any) -> list[str | None]:
    by_index = {index: name.decode() for name, index in compiled.groupindex.items()}
    names = [by_index.get(index) for index in range(1, compiled.groups + 1)]
    if by_index and None in names:  # RE2 gives a name that several groups share to the first of them only
        written = [found[1] for found in _GROUP.finditer(compiled.pattern.decode()) if found[0].startswith("(")]
        return written if len(written) == len(names) else names
    return names


def _result_type(pattern: str) -> Type:
    names = _names(compiled_pattern(pattern))
    if not names:
        return STRING
    named = [name for name in names if name is not None]
    if not named:
        return TupleType((STRING,) * len(names))
    if len(named) < len(names):
        raise FunctionError("invalid regexp pattern: cannot mix both named and unnamed capture groups", 0)
    return object_type(dict.fromkeys(named, STRING))


def _result(compiled: Any, match: Any) -> Value:
    names = _names(compiled)
    if not names:
        return text(match.group(0).decode())
    groups = [value.null(STRING) if g is None else text(g.decode()) for g in match.groups()]
    if names[0] is None:
        return value.tuple_of(groups)
    return value.object_of({str(name): group for name, group in zip(names, groups, strict=True)})


def _subject(content: str) -> bytes:
    if len(content) > MAX_TEXT:
        raise FunctionError(f"a text may have at most {MAX_TEXT} characters (limit: length of strings)", 1)
    return content.encode()


def _regex(pattern: Value, string: Value) -> Value:
    _result_type(pattern.data)
    compiled = compiled_pattern(pattern.data)
    match = compiled.search(_subject(string.data))
    if match is None:
        raise FunctionError("pattern did not match any part of the given string")
    return _result(compiled, match)


def _regex_type(pattern: Value, string: Value) -> Type:
    return _result_type(pattern.data) if pattern.is_settled else DYNAMIC


def _regexall(pattern: Value, string: Value) -> Value:
    element = _result_type(pattern.data)
    compiled = compiled_pattern(pattern.data)
    found: list[Value] = []
    for match in _matches(compiled, _subject(string.data)):
        found.append(_result(compiled, match))
        bounded_elements(len(found))
    return value.list_of(element, found)


def _regexall_type(pattern: Value, string: Value) -> Type:
    return ListType(_result_type(pattern.data)) if pattern.is_settled else ListType(DYNAMIC)


def _matches(compiled: Any, subject: bytes) -> Iterator[Any]:
    """Yield the matches that Go finds: an empty match directly after another match is left out."""
    position, previous_end = 0, -1
    while position <= len(subject):
        match = compiled.search(subject, position)
        if match is None:
            return
        start, end = match.span()
        counts = True
        if end == position:
            counts = start != previous_end
            position = _after_letter(subject, position)
        else:
            position = end
        previous_end = end
        if counts:
            yield match


def _after_letter(subject: bytes, position: int) -> int:
    position += 1
    while position < len(subject) and subject[position] & 0xC0 == 0x80:
        position += 1
    return position


def replace_all(pattern: str, content: str, replacement: str) -> str:
    """Return a text with every match replaced; `$1` and `${name}` in the replacement are expanded as in Go.

    Raises:
        FunctionError: the pattern is invalid, or a limit is reached.
    """
    try:
        compiled = compiled_pattern(pattern)
    except FunctionError as problem:
        raise FunctionError(problem.detail, 1) from None
    subject = _subject(content)
    template = _template(replacement, _names(compiled))
    pieces: list[bytes] = []
    last_end, position, length, count = 0, 0, 0, 0
    while position <= len(subject):
        match = compiled.search(subject, position)
        if match is None:
            break
        start, end = match.span()
        pieces.append(subject[last_end:start])
        if end > last_end or start == 0:
            pieces.append(b"".join(part if isinstance(part, bytes) else match.group(part) or b"" for part in template))
            length += len(pieces[-1])
            bounded(length)
        last_end = end
        position = max(end, _after_letter(subject, position)) if end <= position else end
        count += 1
        if count > MAX_ELEMENTS:
            raise FunctionError(f"more than {MAX_ELEMENTS} matches (limit: size of collections)")
    pieces.append(subject[last_end:])
    return b"".join(pieces).decode()


def _template(replacement: str, names: list[str | None]) -> list[bytes | int]:
    """Return a replacement as a list of literal bytes and group numbers."""
    parts: list[bytes | int] = []
    position = 0
    while True:
        dollar = replacement.find("$", position)
        if dollar < 0:
            parts.append(replacement[position:].encode())
            return parts
        parts.append(replacement[position:dollar].encode())
        if replacement.startswith("$$", dollar):
            parts.append(b"$")
            position = dollar + 2
            continue
        name, position = _reference(replacement, dollar + 1)
        if name is None:
            parts.append(b"$")
        elif name.isdecimal():
            if len(name) < 9 and int(name) <= len(names):
                parts.append(int(name))
        elif name in names:
            parts.append(names.index(name) + 1)


def _reference(replacement: str, position: int) -> tuple[str | None, int]:
    braced = replacement.startswith("{", position)
    start = end = position + braced
    while end < len(replacement) and (replacement[end].isalnum() or replacement[end] == "_"):
        end += 1
    name = replacement[start:end]
    if not name or (braced and not replacement.startswith("}", end)):
        return None, position
    return name, end + braced


FUNCTIONS = (
    Function("regex", (Parameter("pattern", STRING), Parameter("string", STRING)), _regex_type, _regex),
    Function("regexall", (Parameter("pattern", STRING), Parameter("string", STRING)), _regexall_type, _regexall),
)
