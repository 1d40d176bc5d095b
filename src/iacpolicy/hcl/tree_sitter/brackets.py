"""A scan of the brackets, strings, comments and heredocs of a text that could not be parsed."""

from typing import Final, NamedTuple

from iacpolicy.core.lazy_regex import lazy_pattern
from iacpolicy.core.sources import SourceFile
from iacpolicy.hcl.shared.lexing import COMMENT, ESCAPE, HEREDOC_START, STRING_STEP, heredoc_end

_CLOSES: Final = {"}": "{", "]": "[", ")": "("}
_CLOSING: Final = {"{": "}", "[": "]", "(": ")", "${": "}", "%{": "}"}
_TOKEN: Final = lazy_pattern(r"#|//|/\*|\"|<<|[{}()\[\]'\n]")
_LABEL: Final = r'(?:"[^"\n]*"|[\w-]+)'
_BODY_BRACE: Final = lazy_pattern(rf'\s*(?:[\w-]+(?:[ \t]+{_LABEL})*|(?:[\w.()-]+|"[^"\n]*")[ \t]*[=:])[ \t]*')
_FOR: Final = lazy_pattern(r"\s*for\b")


class UnsoundError(Exception):
    """An invalid bracket, string, comment or heredoc, with its place and the message."""

    def __init__(self, start: int, end: int, summary: str, detail: str) -> None:
        super().__init__(summary)
        self.start = start
        self.end = end
        self.summary = summary
        self.detail = detail


class LineEnd(NamedTuple):
    """A place between definitions: the end of a line, and the number of open braces there."""

    offset: int
    open_braces: int


class _Opened(NamedTuple):
    bracket: str
    place: int
    holds_lines: bool


class BracketScan:
    """One pass over a range of text; `line_ends` are the places where a definition may end.

    Raises: UnsoundError, from `run`, at the first invalid token.
    """

    def __init__(self, source: SourceFile, text: str, start: int, end: int) -> None:
        self._source = source
        self._text = text
        self._start = start
        self._end = end
        self._opened: list[_Opened] = []
        self.line_ends: list[LineEnd] = []
        self.comments: list[tuple[int, int]] = []

    def run(self) -> None:
        """Scan from the start to the end."""
        at = self._start
        while found := _TOKEN.search(self._text, at, self._end):
            at = self._token(found[0], found.start())
        if self._opened:
            raise self._unclosed(self._opened[-1])

    def _token(self, mark: str, place: int) -> int:
        """Read one token and return the start of the next one."""
        text = self._text
        after = place + len(mark)
        if mark == "\n":
            if all(opened.holds_lines for opened in self._opened):
                self.line_ends.append(LineEnd(after, len(self._opened)))
            return after
        if mark == '"':
            return self._string(after)
        if mark in ("#", "//", "/*"):
            comment = COMMENT.match(text, place, self._end)
            if comment is None:
                raise UnsoundError(
                    place, after, "Comment is not closed", "This /* has no */. Close the comment, or use # instead."
                )
            self.comments.append((place, comment.end()))
            return comment.end()
        if mark == "<<":
            return self._heredoc(place)
        if mark == "'":
            raise UnsoundError(
                place, after, "Single quotes", "Strings are written in double quotes. Replace each ' by \"."
            )
        if mark in "{[(":
            line = text[max(text.rfind("\n", self._start, place) + 1, self._start) : place]
            plain = mark == "{" and bool(_BODY_BRACE.fullmatch(line)) and not _FOR.match(text, after, self._end)
            self._opened.append(_Opened(mark, place, plain))
            return after
        return self._close(mark, place)

    def _close(self, mark: str, place: int) -> int:
        # A brace counts for more than other brackets: `{ ) }` has a parenthesis too many, `( }` has one too few.
        if not self._opened or (mark != "}" and self._opened[-1].holds_lines):
            raise UnsoundError(
                place, place + 1, f"Unexpected {mark}", f"No bracket is open that this {mark} could close. Remove it."
            )
        opened = self._opened.pop()
        if opened.bracket in ("${", "%{") and mark == "}":
            return self._string(place + 1)
        if opened.bracket != _CLOSES[mark]:
            raise self._unclosed(opened)
        return place + 1

    def _unclosed(self, opened: _Opened) -> UnsoundError:
        bracket, place, _ = opened
        line = self._source.position(place)[0]
        return UnsoundError(
            place,
            place + len(bracket),
            "Bracket is not closed",
            f"The {bracket} on line {line} has no {_CLOSING[bracket]}. Add it where the content ends; "
            "the indentation of the lines after it often shows where.",
        )

    def _string(self, at: int) -> int:
        """Continue inside a quoted string to its end, or to an interpolation."""
        opening = at
        while step := STRING_STEP.match(self._text, at, self._end):
            mark = step[0]
            if mark in ("${", "%{"):
                self._opened.append(_Opened(mark, at, False))
                return step.end()
            if mark == '"':
                return step.end()
            if mark == "\n":
                break
            if mark[0] == "\\" and not ESCAPE.match(self._text, at, self._end):
                raise UnsoundError(
                    at,
                    at + 2,
                    "Escape that does not exist",
                    f'{mark.strip()} is no escape: a string knows \\n, \\r, \\t, \\", \\\\, \\uXXXX and \\UXXXXXXXX. '
                    "Write \\\\ for a backslash.",
                )
            at = step.end()
        raise UnsoundError(
            max(opening - 1, 0),
            at,
            "String is not closed",
            'The " that begins here has no partner on its line. Close it, or use a heredoc (<<EOT) for several lines.',
        )

    def _heredoc(self, place: int) -> int:
        opening = HEREDOC_START.match(self._text, place, self._end)
        if opening is None:
            raise UnsoundError(
                place,
                place + 2,
                "Heredoc without a marker",
                "A heredoc begins with << or <<-, a name right after it, and the end of the line, as in <<EOT.",
            )
        closing = heredoc_end(self._text, opening, self._end)
        if closing is None:
            raise UnsoundError(
                place,
                opening.end() - 1,
                "Heredoc is not closed",
                f"No line before the end consists of {opening[1]} only, with a line end after it. Add such a line.",
            )
        return closing
