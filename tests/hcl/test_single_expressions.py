"""Single expressions, parsed alone or together with the source that contains them."""

import pytest

from iacpolicy.core.sources import SourceFile
from iacpolicy.hcl.parse import parse_expression, read_expression

TEXTS = [
    "1",
    'max(1, 2) + length("a")',
    "{\n  a = 1\n  b = [\n    for x in var.y : x\n  ]\n}",
    '"é${var.x}\n"',
    "var.names",
    "1 +",
    "a = 1",
    "1 2",
    "",
    "1)(2",
    "{ a = 1,",
    "# nothing",
    "1 # one",
]


@pytest.mark.parametrize("text", TEXTS)
def test_both_ways_of_reading_agree(text: str) -> None:
    """The tree, its places and its problems are the same, although the offsets are those of another text."""
    alone = SourceFile("x", text)
    node, problems = parse_expression(alone)
    source, read, told = read_expression("x", text)
    assert told == problems
    assert type(read) is type(node)
    if not problems:
        assert source.span(read.start, read.end) == alone.span(node.start, node.end)
        assert source.text[read.start : read.end] == text[node.start : node.end]
        assert [source.line(n) for n in range(1, len(alone.line_starts) + 1)] == text.split("\n")
