"""Parsing of a file, an expression or a template to its syntax tree."""

from enum import StrEnum
from functools import cached_property
from typing import Final, NamedTuple

from msgspec import structs

from iacpolicy.core.diagnostics import Diagnostic, error
from iacpolicy.core.sources import SourceFile
from iacpolicy.core.spans import Span, file_start
from iacpolicy.hcl.ast import Body, Expression, File, Invalid, Parens, Template, TemplateWrap, TextForm
from iacpolicy.hcl.shared.shifting import shifted

NATIVE_SUFFIXES = (".tf", ".tofu", ".tfvars", ".hcl")
JSON_SUFFIXES = (".tf.json", ".tofu.json", ".tfvars.json")

_PREFIX: Final = "x=("


class Parser(StrEnum):
    """The parser of the native syntax."""

    TREE_SITTER = "tree-sitter"
    PYTHON_HCL2 = "python-hcl2"


class ParseResult(NamedTuple):
    """A file's syntax tree and the problems of its text; after an error the tree holds the readable parts."""

    file: File
    diagnostics: tuple[Diagnostic, ...]


def parse(source: SourceFile, parser: Parser = Parser.TREE_SITTER) -> ParseResult:
    """Parse a file in the syntax of its name: JSON for `.json`, else the native syntax."""
    try:
        if source.path.endswith(".json"):
            from iacpolicy.hcl.json.parse import parse_json

            return ParseResult(*parse_json(source))
        if parser is Parser.PYTHON_HCL2:
            from iacpolicy.hcl.python_hcl2.parse import parse_python_hcl2

            return ParseResult(*parse_python_hcl2(source))
        from iacpolicy.hcl.tree_sitter.parse import parse_native

        return ParseResult(*parse_native(source))
    except ModuleNotFoundError as missing:
        body = Body(start=0, end=len(source.text), attributes=(), blocks=())
        return ParseResult(File(path=source.path, body=body), (_not_installed(source, missing),))


def parse_expression(source: SourceFile) -> tuple[Expression, tuple[Diagnostic, ...]]:
    """Parse a text that is one expression; line ends in it do not matter."""
    text = source.text
    invalid = Invalid(start=0, end=len(text))
    try:
        from iacpolicy.hcl.tree_sitter.parse import parse_native
    except ModuleNotFoundError as missing:
        return invalid, (_not_installed(source, missing),)
    wrapped = SourceFile(source.path, f"{_PREFIX}{text}\n)")
    file, problems = parse_native(wrapped)
    value = _whole(file, wrapped.text)
    if not problems and value is not None:
        return shifted(value, -len(_PREFIX)), ()
    if problems and text.strip():
        return invalid, (structs.replace(problems[0], location=_unwrapped(source, problems[0].location)),)
    whole = source.span(0, len(text)) if text else file_start(source.path)
    return invalid, (
        error("Not an expression", "The text is not one whole expression, such as var.name or 1 + 2.", whole),
    )


class _Wrapped(SourceFile):
    """Return a file around an expression, in which the expression keeps its lines and columns."""

    @cached_property
    def line_starts(self) -> list[int]:
        return [len(_PREFIX), *SourceFile(self.path, self.text).line_starts[1:]]


def read_expression(path: str, text: str) -> tuple[SourceFile, Expression, tuple[Diagnostic, ...]]:
    """Parse a text that is one expression on its own; return it with the source of its offsets.

    It is faster than `parse_expression`, because the tree need not be moved to other offsets.
    """
    try:
        from iacpolicy.hcl.tree_sitter.parse import parse_native
    except ModuleNotFoundError:
        source = SourceFile(path, text)
        return source, *parse_expression(source)
    whole = f"{_PREFIX}{text}\n)"
    file, problems = parse_native(SourceFile(path, whole))
    value = _whole(file, whole)
    if problems or value is None:
        source = SourceFile(path, text)
        return source, *parse_expression(source)  # `parse_expression` returns the problem
    return _Wrapped(path, whole), value, ()


def _whole(file: File, wrapped: str) -> Expression | None:
    """Return the one expression in a wrapped text; None where there is something else."""
    attributes = file.body.attributes
    value = attributes[0].value if len(attributes) == 1 and not file.body.blocks else None
    return value.value if isinstance(value, Parens) and value.end == len(wrapped) else None


def parse_template(
    source: SourceFile, form: TextForm = TextForm.HEREDOC
) -> tuple[Template | TemplateWrap | Invalid, tuple[Diagnostic, ...]]:
    """Parse a whole text as a template, as `templatefile` does; the literal parts have the given form."""
    try:
        from iacpolicy.hcl.tree_sitter.bare_templates import bare_template
    except ModuleNotFoundError as missing:
        return Invalid(start=0, end=len(source.text)), (_not_installed(source, missing),)
    return bare_template(source, form)


def _not_installed(source: SourceFile, missing: ModuleNotFoundError) -> Diagnostic:
    """Return an error for a platform without a wheel of tree-sitter, with the alternative.

    Raises: the error itself, where a module of our own is missing.
    """
    if not (missing.name or "").startswith("tree_sitter"):
        raise missing
    return error(
        "tree-sitter is not installed",
        f"The package {missing.name} could not be imported, so the text was not read. Install it, "
        "or read native syntax with python-hcl2: `pip install iacpolicy[hcl2]` and --parser python-hcl2.",
        file_start(source.path),
    )


def _unwrapped(source: SourceFile, place: Span | None) -> Span:
    """Convert a place in the wrapped text to the place in the text."""
    if place is None:
        return file_start(source.path)
    last = len(source.line_starts)
    line, end_line = min(place.line, last), min(place.end_line, last)
    column = place.column - len(_PREFIX) if place.line == 1 else place.column
    end_column = place.end_column - len(_PREFIX) if place.end_line == 1 else place.end_column
    return Span(source.path, line, max(column, 1), end_line, max(end_column, 1))
