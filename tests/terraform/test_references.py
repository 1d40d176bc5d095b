"""References of the expressions in `references.txt`; `setting` is bound around all of them."""

from pathlib import Path

import pytest

from iacpolicy.core.sources import SourceFile
from iacpolicy.hcl import ast
from iacpolicy.hcl.parse import parse_expression
from iacpolicy.terraform.references import FunctionCall, Reference, ReferenceStep, references, references_and_calls

LINES = [
    line.rpartition(" =>")[::2]
    for line in Path(__file__).with_name("references.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]


def step_text(step: ReferenceStep, written: str) -> str:
    if step.is_attribute:
        return f".{step.key}"
    if step.key is None:
        return "[*]" if "*" in written else "[?]"
    return f"[{step.key}]"


def text_of(found: Reference | FunctionCall, source: SourceFile) -> str:
    mark = "?" if found.may_fail else ""
    if isinstance(found, FunctionCall):
        return f"{found.name}(){mark}"
    ends = [found.end, *(s.end for s in found.steps)]
    steps = [step_text(s, source.text[ends[i] : s.end]) for i, s in enumerate(found.steps)]
    return f"{found.kind}({' '.join(found.names)}){''.join(steps)}{mark}"


@pytest.mark.parametrize(("text", "expected"), LINES, ids=lambda part: part.strip())
def test_references(text: str, expected: str) -> None:
    """The references and calls of an expression are those of its line."""
    source = SourceFile("x.tf", text)
    expression, problems = parse_expression(source)
    assert bool(problems) == (expected.strip() == "!")
    if not problems:
        found = references_and_calls(expression, source, frozenset({"setting"}))
        assert sorted(text_of(f, source) for f in found) == sorted(_parts(expected))


def _parts(expected: str) -> list[str]:
    parts: list[str] = []
    for word in expected.split():
        if parts and parts[-1].count("(") > parts[-1].count(")"):
            parts[-1] += f" {word}"
        else:
            parts.append(word)
    return parts


def test_places() -> None:
    """A reference ends where the thing is named; each step has its own end."""
    source = SourceFile("x.tf", "1 + module.net[0].out.id")
    expression, _ = parse_expression(source)
    (found,) = references(expression, source)
    assert source.text[found.start : found.end] == "module.net"
    assert [source.text[found.start : s.end] for s in found.steps] == [
        "module.net[0]",
        "module.net[0].out",
        "module.net[0].out.id",
    ]
    assert found.whole_end == len(source.text)


def test_deep_trees_need_no_stack() -> None:
    """A tree deeper than Python's stack is traversed."""
    node: ast.Expression = ast.GetAttr(start=0, end=5, target=ast.Name(start=0, end=3, name="var"), name="x")
    for _ in range(50_000):
        node = ast.Parens(start=0, end=5, value=ast.TupleCons(start=0, end=5, items=(node,)))
    assert [r.address for r in references(node, SourceFile("x.tf", "var.x"))] == ["var.x"]
    # taken apart by hand: the tree's own destructor recurses
    while isinstance(node, ast.Parens):
        inner = node.value
        assert isinstance(inner, ast.TupleCons)
        node = inner.items[0]
