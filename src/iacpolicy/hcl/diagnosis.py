"""Finds the likely cause of a syntax error, and says how to mend it."""

import re
from collections.abc import Iterator
from typing import Final

from tree_sitter import Node as SyntaxNode

from iacpolicy.hcl.conversion import Conversion
from iacpolicy.hcl.lexing import COMMENT, ESCAPE, HEREDOC_START, STRING_STEP, heredoc_end

_CLOSING: Final = {"}": "{", "]": "[", ")": "("}
_TOKEN: Final = re.compile(r"#|//|/\*|\"|<<|[{}()\[\]']")
_HINTS: Final = (
    (
        re.compile(r"\s*[\w-]+\s*:=?\s"),
        "Colon instead of =",
        "An argument is set with =. Write = in place of the colon.",
    ),
    (
        re.compile(r"\s*[\w-]+\s+(?:\d|\[|true\b|false\b|null\b|(?:var|local|module|data|each)\.|\"[^\"]*\"\s*$)"),
        "Missing =",
        "An argument is written name = value. Put = between the name and the value.",
    ),
    (
        re.compile(r"\s*[\w.\[\]\"-]+\s*=\s*(?:#.*)?$"),
        "Missing value",
        "Nothing stands after the =. Write a value on the same line, or remove the argument.",
    ),
    (
        re.compile(r"\s*[\w-]+\s*$"),
        "Name without a value",
        "A name alone is neither an argument nor a block. Write name = value, or name { … }.",
    ),
    (
        re.compile(r"\s*\"[^\"]*\"\s*[=:]"),
        "Quoted argument name",
        "The name of an argument is not quoted. Remove the quotes, or set the whole map with = before the brace {.",
    ),
    (
        re.compile(r"\s*[\w-]+\s*=.*[,;]\s*(?:#.*)?$"),
        "Separator after an argument",
        "Arguments of a block are set apart by line ends. Remove the character at the end of the line.",
    ),
    (
        re.compile(r".*[^&]&[^&]|.*[^|]\|[^|]"),
        "Operator that does not exist",
        "Terraform has && and ||, and no bitwise operators. Double the character.",
    ),
    (
        re.compile(r"\s*[\w-]+(?:\s+(?:[\w-]+|\"(?:[^\"$]|\$(?!\{))*\"))*\s+\"[^\"\n]*\$\{"),
        "Label with an interpolation",
        "The labels of a block are fixed text. Write the name out, or use for_each for several instances.",
    ),
)


class _FoundError(Exception):
    def __init__(self, start: int, end: int, summary: str, detail: str) -> None:
        super().__init__(summary)
        self.place = (start, end)
        self.words = (summary, detail)


def diagnose(cx: Conversion, text: str, start: int, end: int, root: SyntaxNode, template: bool = False) -> None:
    """Reports the error of a stretch of masked text that tree-sitter could not parse."""
    if template:
        at = min((place for place in _error_starts(root) if start <= place < end), default=start)
        cx.problem(
            at,
            at + 1,
            "Template cannot be parsed",
            "An interpolation ${ } or a directive %{ } is not complete, or is not closed (%{ endif }, %{ endfor }). "
            "Complete it, or write $${ or %%{ for the characters themselves.",
        )
        return
    try:
        _scan(cx, text, start, end)
    except _FoundError as finding:
        cx.problem(*finding.place, *finding.words)
        return
    at = min((place for place in _error_starts(root) if place >= start), default=start)
    at = _skip_space(text, at, end)
    line_number = cx.source.position(at)[0]
    line = cx.source.line(line_number)
    line_end = at - cx.source.position(at)[1] + 1 + len(line)
    for pattern, summary, detail in _HINTS:
        if pattern.match(line):
            cx.problem(at, max(line_end, at + 1), summary, detail)
            return
    found = text[at : at + 1].strip()
    cx.problem(
        at,
        at + 1,
        "Syntax error",
        (f"{found} is not expected here. " if found.isprintable() and found else "")
        + "What stands here is neither a complete argument (name = value) nor a block. "
        "Look for a missing operator, comma, quote or bracket here or on the line before.",
    )


def _skip_space(text: str, at: int, end: int) -> int:
    while at < end - 1 and text[at].isspace():
        at += 1
    return at


def _error_starts(root: SyntaxNode) -> Iterator[int]:
    pending = [root]
    while pending:
        node = pending.pop()
        if node.is_missing or (node.kind_id == _ERROR and not node.child_count):
            yield node.start_byte
        elif node.kind_id == _ERROR:
            yield node.end_byte if node.end_byte > node.start_byte and not _inner(node) else node.start_byte
        if node.has_error:
            pending.extend(node.children)


def _inner(node: SyntaxNode) -> bool:
    return any(child.has_error for child in node.children)


_ERROR: Final = 0xFFFF


def _scan(cx: Conversion, text: str, start: int, end: int) -> None:
    """Goes through the brackets, strings and heredocs; raises `_FoundError` where they do not fit."""
    opened: list[tuple[str, int]] = []
    at = start
    while found := _TOKEN.search(text, at, end):
        mark, place = found[0], found.start()
        at = found.end()
        if mark in ("#", "//", "/*"):
            comment = COMMENT.match(text, place, end)
            if comment is None:
                raise _FoundError(
                    place, at, "Comment is not closed", "This /* has no */. Close the comment, or use # instead."
                )
            at = comment.end()
        elif mark == '"':
            at = _string(cx, text, at, end, opened)
        elif mark == "<<":
            at = _heredoc(text, place, at, end)
        elif mark == "'":
            raise _FoundError(
                place,
                at,
                "Single quotes",
                "Strings stand in double quotes. Replace each ' by \".",
            )
        elif mark in "{[(":
            opened.append((mark, place))
        else:
            at = _close(cx, text, mark, place, end, opened)
    if opened:
        bracket, place = opened[-1]
        raise _unclosed(cx, bracket, place)


def _close(cx: Conversion, text: str, mark: str, place: int, end: int, opened: list[tuple[str, int]]) -> int:
    if not opened:
        raise _FoundError(
            place, place + 1, f"Unexpected {mark}", f"No bracket is open that this {mark} could close. Remove it."
        )
    bracket, opening = opened.pop()
    if bracket in ("${", "%{") and mark == "}":
        return _string(cx, text, place + 1, end, opened)
    if bracket != _CLOSING[mark]:
        raise _unclosed(cx, bracket, opening)
    return place + 1


def _unclosed(cx: Conversion, bracket: str, place: int) -> _FoundError:
    closing = {"{": "}", "[": "]", "(": ")", "${": "}", "%{": "}"}[bracket]
    line = cx.source.position(place)[0]
    return _FoundError(
        place,
        place + len(bracket),
        "Bracket is not closed",
        f"The {bracket} on line {line} has no {closing}. Add it where the content ends; "
        "the indentation of the lines after it often shows where.",
    )


def _string(cx: Conversion, text: str, at: int, end: int, opened: list[tuple[str, int]]) -> int:
    """Goes on from inside a quoted string to its end, or into an interpolation."""
    opening = at
    while at < end:
        step = STRING_STEP.match(text, at, end)
        if step is None:
            break
        mark = step[0]
        if mark in ("${", "%{"):
            opened.append((mark, at))
            return step.end()
        if mark == '"':
            return step.end()
        if mark == "\n":
            break
        if mark[0] == "\\" and not ESCAPE.match(text, at, end):
            raise _FoundError(
                at,
                at + 2,
                "Escape that does not exist",
                f'{mark.strip()} is no escape: a string knows \\n, \\r, \\t, \\", \\\\, \\uXXXX and \\UXXXXXXXX. '
                "Write \\\\ for a backslash.",
            )
        at = step.end()
    raise _FoundError(
        max(opening - 1, 0),
        at,
        "String is not closed",
        'The " that begins here has no partner on its line. Close the string, or use a heredoc (<<EOT) for more lines.',
    )


def _heredoc(text: str, place: int, at: int, end: int) -> int:
    opening = HEREDOC_START.match(text, place, end)
    if opening is None:
        raise _FoundError(
            place,
            at,
            "Heredoc without a marker",
            "A heredoc begins with << or <<-, a name, and the end of the line, as in <<EOT.",
        )
    closing = heredoc_end(text[:end] if end < len(text) else text, opening)
    if closing is None:
        raise _FoundError(
            place,
            opening.end() - 1,
            "Heredoc is not closed",
            f"No line holds {opening[1]} alone before the end, a line end after it included. Add such a line.",
        )
    return closing
