"""Templates without delimiters: the files of `templatefile`, and the strings of the JSON syntax."""

from typing import Final, TypeAlias

import msgspec
from tree_sitter import Node as SyntaxNode

from iacpolicy.core.diagnostics import Diagnostic
from iacpolicy.core.sources import SourceFile
from iacpolicy.core.spans import Span
from iacpolicy.hcl.ast import Invalid, Template, TemplateWrap, Text, TextForm
from iacpolicy.hcl.shared.conversion import Conversion
from iacpolicy.hcl.shared.shifting import shifted
from iacpolicy.hcl.tree_sitter import node_types
from iacpolicy.hcl.tree_sitter.diagnosis import diagnose_template
from iacpolicy.hcl.tree_sitter.expressions import expression
from iacpolicy.hcl.tree_sitter.masking import masked
from iacpolicy.hcl.tree_sitter.parse import syntax_root
from iacpolicy.hcl.tree_sitter.templates import bare_parts

BareTemplate: TypeAlias = Template | TemplateWrap | Invalid

_MARKER: Final = "T"


def bare_template(
    source: SourceFile, form: TextForm = TextForm.HEREDOC, quoted_form: TextForm = TextForm.QUOTED, depth: int = 0
) -> tuple[BareTemplate, tuple[Diagnostic, ...]]:
    """Parse a whole text as a template; its offsets are those of the text."""
    text = source.text
    if "${" not in text and "%{" not in text:
        literal = (Text(start=0, end=len(text), form=form),) if text else ()
        return Template(start=0, end=len(text), parts=literal), ()
    # The grammar accepts a bare template only as a heredoc. The first line is added here, so only line numbers change.
    marker = _MARKER
    while marker in text:
        marker += _MARKER
    first_line = f"x=<<{marker}\n"
    wrapped = SourceFile(source.path, f"{first_line}{text}\n{marker}\n")
    start, end = len(first_line), len(first_line) + len(text)
    cx = Conversion(wrapped, quoted_form, form)
    shown = masked(wrapped.text)
    root = syntax_root(shown)
    node = None if root.has_error else _heredoc(root)
    if node is None:
        diagnose_template(cx, shown.decode("ascii"), start, end)
        return Invalid(start=0, end=len(text)), tuple(_moved(problem, source) for problem in cx.problems)
    result = bare_parts(cx, node.children[2:-1], start, end, depth, expression)
    return shifted(result, -start), tuple(_moved(problem, source) for problem in cx.problems)


def _heredoc(root: SyntaxNode) -> SyntaxNode | None:
    """Return the one heredoc of the wrapping argument; None if the text ends it."""
    node = root
    for kind in (node_types.BODY, node_types.ATTRIBUTE, node_types.EXPRESSION, node_types.TEMPLATE, node_types.HEREDOC):
        found = [child for child in node.children if child.kind_id == kind]
        if len(found) != 1:
            return None
        node = found[0]
    return node


def _moved(problem: Diagnostic, source: SourceFile) -> Diagnostic:
    place = problem.location
    if place is None:
        return problem
    last = len(source.line_starts)
    line = min(max(place.line - 1, 1), last)
    end_line = min(max(place.end_line - 1, line), last)
    span = Span(source.path, line, place.column, end_line, place.end_column)
    return msgspec.structs.replace(problem, location=span)
