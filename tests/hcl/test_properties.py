"""Properties of parsing: any text gives a tree with consistent offsets."""

from pathlib import Path

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from iacpolicy.core.sources import SourceFile
from iacpolicy.hcl.ast import File, Node, Number, Text
from iacpolicy.hcl.dump import dump
from iacpolicy.hcl.parse import parse, parse_expression, parse_template
from iacpolicy.hcl.shared.text import decode_text, number_text
from iacpolicy.hcl.visit import children, walk

SYNTAX = Path(__file__).parents[2] / "fixtures" / "syntax"
CASES = [path.read_bytes().decode() for path in sorted(SYNTAX.glob("*valid/*.tf"))]
JSON_CASE = '{"a": {"b": [1, "x ${f(\\"q\\")} y", null], "c": "%{ if d }e%{ endif }"}, "a": [{"//": "z"}]}'
FRAGMENTS = [
    *'{}[]()"\\$%~#/*=,.:?!-+<>&| \n\r\t',
    "${", "%{", "$${", "<<EOT\n", "<<-E\n", "\nEOT\n", "for ", " in ", "if ", "endif", "a", "b.c", "1", "1e3", "é",
    "\x00", "/*", "*/", "=>", "...", "[*]", ".*", "::", "null", "true", "\ufeff", "😀", "'",
]  # fmt: skip
texts = st.lists(st.sampled_from(FRAGMENTS), max_size=40).map("".join) | st.text(max_size=80)


def holds_together(file: File, source: SourceFile) -> None:
    """Every node is in the text and contains its parts, except for parts that splats and templates share."""
    length = len(source.text)
    for node in walk(file.body):
        assert 0 <= node.start <= node.end <= length
        if isinstance(node, Text):
            decode_text(source.text, node)
        elif isinstance(node, Number):
            number_text(source.text, node)
        for child in children(node):
            assert node.start <= child.start <= child.end <= node.end
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(file), type=File) == file
    dump(file, source)


@settings(max_examples=300, deadline=None)
@given(texts, st.sampled_from(["a.tf", "a.tf.json", "a.tfvars", "a.tfvars.json"]))
def test_any_text_has_an_answer(text: str, path: str) -> None:
    """Parsing never raises, and the tree has consistent offsets."""
    source = SourceFile(path, text)
    holds_together(parse(source).file, source)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_any_mutation_of_a_case_has_an_answer(data: st.DataObject) -> None:
    """Near misses of real syntax never raise either."""
    is_json = data.draw(st.booleans())
    text = JSON_CASE if is_json else data.draw(st.sampled_from(CASES))
    at = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(at, min(at + 5, len(text))))
    changed = text[:at] + data.draw(st.sampled_from(["", *FRAGMENTS])) + text[end:]
    source = SourceFile("a.tf.json" if is_json else "a.tf", changed)
    holds_together(parse(source).file, source)


@settings(max_examples=200, deadline=None)
@given(texts)
def test_any_expression_or_template_has_an_answer(text: str) -> None:
    """Parsing of bare expressions and templates never raises, and their nodes are in the text."""
    source = SourceFile("text", text)
    for node, _ in (parse_expression(source), parse_template(source)):
        assert all(0 <= inner.start <= inner.end <= len(text) for inner in walk(node))


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(CASES))
def test_walk_meets_every_node_once(text: str) -> None:
    """A walk yields the children of each node, parents first."""
    root: Node = parse(SourceFile("a.tf", text)).file.body

    def recursive(node: Node) -> list[Node]:
        return [node, *(inner for child in children(node) for inner in recursive(child))]

    met = list(walk(root))
    assert met[0] is root
    assert sorted(map(id, met)) == sorted(map(id, recursive(root)))
