"""The front door: from the text of a file, an expression or a template to its syntax tree."""

from enum import StrEnum
from typing import NamedTuple

from iacpolicy.core.diagnostics import Diagnostic, error
from iacpolicy.core.sources import SourceFile
from iacpolicy.core.spans import file_start
from iacpolicy.hcl.ast import Expression, File, Invalid, Parens, Template, TemplateWrap, TextForm
from iacpolicy.hcl.bare_templates import bare_template
from iacpolicy.hcl.shifting import shifted
from iacpolicy.hcl.tree_sitter_adapter import parse_native

NATIVE_SUFFIXES = (".tf", ".tofu", ".tfvars", ".hcl")
JSON_SUFFIXES = (".tf.json", ".tofu.json", ".tfvars.json")


class Parser(StrEnum):
    """Who reads the native syntax."""

    TREE_SITTER = "tree-sitter"
    PYTHON_HCL2 = "python-hcl2"


class ParseResult(NamedTuple):
    """A file's syntax tree, and what was wrong with its text; after an error the tree holds what could be read."""

    file: File
    diagnostics: tuple[Diagnostic, ...]


def parse(source: SourceFile, parser: Parser = Parser.TREE_SITTER) -> ParseResult:
    """Parses a file in the syntax that its name tells: JSON after `.json`, else the native one."""
    if source.path.endswith(".json"):
        from iacpolicy.hcl.parse_json import parse_json

        return ParseResult(*parse_json(source))
    if parser is Parser.PYTHON_HCL2:
        from iacpolicy.hcl.parse_python_hcl2 import parse_python_hcl2

        return ParseResult(*parse_python_hcl2(source))
    return ParseResult(*parse_native(source))


def parse_expression(source: SourceFile) -> tuple[Expression, tuple[Diagnostic, ...]]:
    """Parses a text that is one expression; line ends in it do not matter."""
    prefix = "x=("
    text = source.text
    wrapped = SourceFile(source.path, f"{prefix}{text}\n)")
    file, problems = parse_native(wrapped)
    attributes = file.body.attributes
    if not problems and len(attributes) == 1 and not file.body.blocks:
        value = attributes[0].value
        if isinstance(value, Parens) and value.end == len(wrapped.text):
            return shifted(value.value, -len(prefix)), ()
    first = problems[0] if problems else None
    return Invalid(start=0, end=len(text)), (
        error(
            first.summary if first and text.strip() else "Not an expression",
            first.detail
            if first and text.strip()
            else "The text is not one whole expression, such as var.name or 1 + 2.",
            source.span(0, len(text)) if text else file_start(source.path),
        ),
    )


def parse_template(
    source: SourceFile, form: TextForm = TextForm.HEREDOC
) -> tuple[Template | TemplateWrap | Invalid, tuple[Diagnostic, ...]]:
    """Parses a whole text as a template, as `templatefile` does; the literal parts have the given form."""
    return bare_template(source, form)
