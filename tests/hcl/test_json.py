"""The JSON syntax: the same tree, exact places, and blocks where a reader asks for them."""

import pytest
from tests.hcl.shapes import node_shape

from iacpolicy.core.sources import SourceFile
from iacpolicy.hcl.ast import Call, Interpolation, KeyName, ObjectCons, Template, TemplateWrap, Text, TextForm
from iacpolicy.hcl.json_blocks import blocks_of, misfits
from iacpolicy.hcl.parse import parse
from iacpolicy.hcl.shared.text import decode_text
from iacpolicy.hcl.visit import walk


def value(text: str, path: str = "main.tf.json") -> tuple[SourceFile, object]:
    """The value of the property `a` of a document."""
    source = SourceFile(path, f'{{"a": {text}}}')
    result = parse(source)
    assert result.diagnostics == ()
    return source, result.file.body.attributes[0].value


def test_a_string_is_a_template_at_its_own_place() -> None:
    """Offsets go through JSON's escapes: a name in an interpolation can be sliced from the file."""
    source, node = value(
        r'"x\n\"\u00e9${f("\u0022q\\n\u0022", var.b)} 😀"'.replace(r'f("', "f(").replace(r'u0022"', "u0022")
    )
    assert isinstance(node, Template)
    interpolation = node.parts[1]
    assert isinstance(interpolation, Interpolation)
    assert isinstance(interpolation.value, Call)
    last = interpolation.value.arguments[1]
    assert source.text[last.start : last.end] == "var.b"
    texts = [(part.form, decode_text(source.text, part)) for part in walk(node) if isinstance(part, Text)]
    assert texts == [(TextForm.JSON, 'x\n"é'), (TextForm.JSON_QUOTED, "q\n"), (TextForm.JSON, " 😀")]


def test_a_tfvars_string_is_no_template() -> None:
    """Strings of a .tfvars.json are no templates."""
    source, node = value(r'"${x}\n"', "prod.tfvars.json")
    assert isinstance(node, Template)
    assert [decode_text(source.text, part) for part in node.parts if isinstance(part, Text)] == ["${x}\n"]


def test_a_lone_interpolation_keeps_its_type() -> None:
    """`"${x}"` is x itself, also in JSON."""
    assert isinstance(value('"${x}"')[1], TemplateWrap)


def test_values() -> None:
    """Every kind of JSON value has its node."""
    source, node = value('{"n": -1.5e3, "t": true, "f": false, "z": null, "l": [1, []], "k${x}": {}}')
    assert isinstance(node, ObjectCons)
    assert node_shape(node, source) == (
        "(ObjectCons [(ObjectItem (KeyName n) (Number -1.5e3)) (ObjectItem (KeyName t) (Bool True)) "
        "(ObjectItem (KeyName f) (Bool False)) (ObjectItem (KeyName z) Null) "
        "(ObjectItem (KeyName l) (TupleCons [(Number 1) TupleCons])) "
        "(ObjectItem (Template [(Text k) (Interpolation (Name x))]) ObjectCons)])"
    )


@pytest.mark.parametrize(
    ("text", "labels", "expected"),
    [
        ('{"t": {"n": {"x": 1}}}', 2, [(("t", "n"), ["x"])]),
        ('{"t": {"n": [{"x": 1}, {"y": 2}]}}', 2, [(("t", "n"), ["x"]), (("t", "n"), ["y"])]),
        (
            '[{"t": {"n": {}}}, {"t": [{"m": {}}], "u": {"n": {}}}]',
            2,
            [(("t", "n"), []), (("t", "m"), []), (("u", "n"), [])],
        ),
        ('{"x": 1, "//": "comment"}', 0, [((), ["x"])]),
        ('[{"x": 1}, {"y": 2}]', 0, [((), ["x"]), ((), ["y"])]),
        ('[{"x": 1}, [{"y": 2}, {"z": 3}]]', 0, [((), ["x"]), ((), ["y", "z"])]),
        ("null", 0, []),
        ("[]", 1, []),
        ('{"//": "comment", "n": {}}', 1, [(("n",), [])]),
    ],
)
def test_blocks(text: str, labels: int, expected: list[tuple[tuple[str, ...], list[str]]]) -> None:
    """Objects by label and lists at any level are blocks; `//` is a comment."""
    _, node = value(text)
    blocks = blocks_of(node, "b", labels)  # type: ignore[arg-type]
    assert [(block.labels, [item.name for item in block.body.attributes]) for block in blocks] == expected
    assert misfits(node, labels) == ()  # type: ignore[arg-type]
    assert all(block.body.json and block.type == "b" for block in blocks)


def test_what_is_no_block_is_told() -> None:
    """A value at the place of a block is reported."""
    _, node = value('{"t": {"n": [{"x": 1}, "s"]}, "u": 3}')
    assert len(misfits(node, 2)) == 2  # type: ignore[arg-type]


def test_a_block_stands_where_its_last_label_does() -> None:
    """The header of a block from JSON is the key of its last label."""
    source, node = value('{\n "t": {\n  "n": {}}}')
    block = blocks_of(node, "resource", 2)[0]  # type: ignore[arg-type]
    assert source.text[block.start : block.header_end] == '"n"'
    assert source.position(block.start)[0] == 3


@pytest.mark.parametrize(
    ("text", "line", "read"),
    [
        ("", 1, []),
        ('{"a": 1,}', 1, ["a"]),
        ('{"a": 1,\n "b": tru}', 2, ["a"]),
        ('{"a": 1\n "b": 2}', 2, ["a"]),
        ('{"a": "b}', 1, []),
        ('{"a": "\\q"}', 1, []),
        ('{"a": 01}', 1, []),
        ("{'a': 1}", 1, []),
        ('{"a": 1} {}', 1, ["a"]),
        ('{"a": 1,\n // no\n "b": 2}', 2, ["a"]),
        ('{"a": [1, 2}', 1, ["a"]),
        ('{"a": "${"}', 1, ["a"]),
        ('{"a": "${}"}', 1, ["a"]),
        ('"a"', 1, []),
        ("[" * 1000, 1, []),
        ('{"a":' * 1000, 1, ["a"]),
    ],
)
def test_an_error_has_its_line_and_spares_what_was_before(text: str, line: int, read: list[str]) -> None:
    """Broken JSON is one error with its place, and the properties before it are read."""
    result = parse(SourceFile("main.tf.json", text))
    assert result.diagnostics[0].location is not None
    assert result.diagnostics[0].location.line == line
    assert [attribute.name for attribute in result.file.body.attributes] == read


def test_property_names_are_decoded() -> None:
    """A name may be spelled with escapes."""
    _, node = value(r'{"\u0062": 1}')
    assert isinstance(node, ObjectCons)
    assert isinstance(node.items[0].key, KeyName)
    assert node.items[0].key.name == "b"


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ('{"variable": {"v": {"default": "${not evaluated}"}}}', 0),
        ('{"variable": [{"v": [{"default": {"${a": ["%{ if"]}}]}]}', 0),
        ('{"variable": {"v": {"default": "${a b}", "sensitive": "${a b}"}}}', 1),
        ('{"variable": {"v": {"default": ["${a b}", }}}', 1),
        ('{"locals": {"variable": {"v": {"default": "${a b}"}}}}', 1),
    ],
)
def test_defaults_are_no_templates(text: str, count: int) -> None:
    """A string in the default of a variable is no template, so that any text is valid in it."""
    assert len(parse(SourceFile("main.tf.json", text)).diagnostics) == count
