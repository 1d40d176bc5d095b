"""The JSON profile of HCL: `.tf.json`, `.tofu.json` and `.tfvars.json`.

Only the reader of a property knows whether it is an argument or a block. So a body of this syntax has only
attributes, and `hcl.json_blocks` converts them to blocks. Strings are templates, except in a `.tfvars.json`.
(https://github.com/hashicorp/hcl/blob/main/json/spec.md)
"""

from collections.abc import Iterator

from iacpolicy.core.diagnostics import Diagnostic, error
from iacpolicy.core.sources import SourceFile
from iacpolicy.hcl.ast import Body, Expression, File, TextForm
from iacpolicy.hcl.json.reader import JsonReader
from iacpolicy.hcl.json_blocks import blocks_of, body_attributes


def parse_json(source: SourceFile) -> tuple[File, tuple[Diagnostic, ...]]:
    """Parse a file of the JSON syntax; after a syntax error the tree holds the properties before it."""
    form = TextForm.JSON_PLAIN if source.path.endswith(".tfvars.json") else TextForm.JSON
    reader = JsonReader(source, form)
    root = reader.document()
    attributes, wrong = body_attributes(root) if root is not None else ([], [])
    for node in wrong:
        reader.problems.append(
            error(
                "JSON object expected",
                "A configuration in JSON is one object, or a list of objects, and its property names are fixed text. "
                "Put the content into braces { }.",
                source.span(node.start, node.end),
            )
        )
    if reader.in_strings:
        plain = [
            value for attribute in attributes if attribute.name == "variable" for value in _defaults(attribute.value)
        ]
        reader.problems.extend(
            problem for at, problem in reader.in_strings if not any(v.start <= at < v.end for v in plain)
        )
    body = Body(start=0, end=len(source.text), attributes=tuple(attributes), blocks=(), json=True)
    return File(path=source.path, body=body), tuple(reader.problems)


def _defaults(variables: Expression) -> Iterator[Expression]:
    """Yield the defaults of variables. Their strings are no templates, so any text is valid."""
    for block in blocks_of(variables, "variable", 1):
        for attribute in block.body.attributes:
            if attribute.name == "default":
                yield attribute.value


def literally(source: SourceFile, value: Expression) -> Expression:
    """Return a value of a document whose strings are no templates, as in a `.tfvars.json`."""
    found = JsonReader(source, TextForm.JSON_PLAIN).value_at(value.start)
    return value if found is None else found
