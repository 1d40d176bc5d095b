"""State of a conversion from tree-sitter's tree: the text, the problems found, and the rules about lines."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from iacpolicy.core.diagnostics import Diagnostic, error
from iacpolicy.core.lazy_regex import lazy_pattern
from iacpolicy.core.sources import SourceFile
from iacpolicy.hcl.ast import Invalid, TextForm

MAX_DEPTH = 200
"""The depth bound of expressions and blocks; deeper ones are reported and not read."""

if TYPE_CHECKING:
    from tree_sitter import Node as SyntaxNode

_BLOCK_COMMENT = lazy_pattern(r"/\*.*?\*/", re.DOTALL)


class Conversion:
    """The conversion of one file from tree-sitter's nodes to the syntax tree."""

    __slots__ = ("_problems", "bare_form", "has_unicode_escapes", "quoted_form", "source", "text")

    def __init__(
        self,
        source: SourceFile,
        quoted_form: TextForm = TextForm.QUOTED,
        bare_form: TextForm = TextForm.HEREDOC,
    ) -> None:
        self.source = source
        self.quoted_form = quoted_form
        self.bare_form = bare_form
        self.text = source.text
        self.has_unicode_escapes = "\\u" in source.text or "\\U" in source.text
        self._problems: dict[tuple[int, str], Diagnostic] = {}

    @property
    def problems(self) -> tuple[Diagnostic, ...]:
        """The problems that were found, in the order of the text."""
        return tuple(self._problems[place] for place in sorted(self._problems))

    def problem(self, start: int, end: int, summary: str, detail: str) -> None:
        """Record an error between two offsets; the same summary at the same place counts once."""
        place = (start, summary)
        if place not in self._problems:
            self._problems[place] = error(summary, detail, self.source.span(start, end))

    def too_deep(self, node: "SyntaxNode") -> Invalid:
        """Return a placeholder for an expression that nests deeper than the bound."""
        start, end = node.start_byte, node.end_byte
        self.problem(
            start,
            start + 1,
            "Nesting too deep",
            f"More than {MAX_DEPTH} levels of expressions or blocks are nested here, so the rest was not "
            "read. Move the inner parts into local values.",
        )
        return Invalid(start=start, end=end)

    def require_word_end(self, keyword: "SyntaxNode") -> None:
        """Report a keyword that is the beginning of a longer name; the grammar's lexer splits such a name."""
        end = keyword.end_byte
        following = self.text[end : end + 1]
        if following == "-" or (f"x{following}".isidentifier() and following):
            self.problem(
                keyword.start_byte,
                end,
                "Keyword runs into a name",
                f"{self.text[keyword.start_byte : end]} and what follows are one name. Put a space between them.",
            )

    def breaks_line(self, start: int, end: int) -> bool:
        """Report whether a line ends between two offsets, outside a block comment."""
        if self.text.find("\n", start, end) < 0:
            return False
        if self.text.find("/*", start, end) < 0:
            return True
        return "\n" in _BLOCK_COMMENT.sub("", self.text[start:end])

    def require_one_line(self, nodes: Sequence["SyntaxNode"], after: str) -> None:
        """Report a line that ends between the parts of an expression which no bracket holds together."""
        previous = nodes[0].end_byte
        for node in nodes[1:]:
            start = node.start_byte
            if start != previous and self.breaks_line(previous, start):
                self.problem(
                    previous,
                    previous + 1,
                    "Line ends within an expression",
                    f"A line may not end {after} unless the expression is in brackets. "
                    "Join the lines, or put the expression in parentheses.",
                )
            previous = node.end_byte
