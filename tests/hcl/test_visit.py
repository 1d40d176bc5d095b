"""Traversal of a tree."""

from iacpolicy.core.sources import SourceFile
from iacpolicy.hcl.parse import parse
from iacpolicy.hcl.visit import child_at, children, walk

TEXT = """\
locals {
  names = [for n in ["a", "b"] : "${n}-%{ if true }x%{ else }y%{ endif }"]
  other = { key = [1, 2, { deep = max(1, 2 + 3) }] }
}

resource "a" "b" {
  count = 2
  inner {
    value = var.list[*].name
  }
}
"""


def test_the_child_at_an_offset_is_one_of_the_children() -> None:
    """A lookup finds the same child as a linear search, at every offset and in every node."""
    file, problems = parse(SourceFile("main.tf", TEXT))
    assert not problems
    for node in walk(file.body):
        for offset in range(len(TEXT) + 1):
            wanted = next((c for c in children(node) if c.start <= offset < c.end), None)
            assert child_at(node, offset) is wanted
