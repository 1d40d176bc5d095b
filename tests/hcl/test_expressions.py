"""The grouping of expressions."""

import pytest
from tests.hcl.shapes import node_shape, shape

from iacpolicy.core.sources import SourceFile
from iacpolicy.hcl.ast import Index, Number
from iacpolicy.hcl.parse import parse_expression, parse_template
from iacpolicy.hcl.shared.text import number_text

LEVELS = [["||"], ["&&"], ["==", "!="], ["<", ">", "<=", ">="], ["+", "-"], ["*", "/", "%"]]
RANKED = [(rank, operator) for rank, operators in enumerate(LEVELS) for operator in operators]


@pytest.mark.parametrize(("first_rank", "first"), RANKED)
@pytest.mark.parametrize(("second_rank", "second"), RANKED)
def test_binary_operators_bind_by_level_and_to_the_left(
    first_rank: int, first: str, second_rank: int, second: str
) -> None:
    """The operator of the higher level binds first; within one level, the left one."""
    if second_rank > first_rank:
        expected = f"(Binary {first} (Name a) (Binary {second} (Name b) (Name c)))"
    else:
        expected = f"(Binary {second} (Binary {first} (Name a) (Name b)) (Name c))"
    assert shape(f"a {first} b {second} c") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("-a.b", "(Unary - (GetAttr (Name a) b))"),
        ("!a[0] && b", "(Binary && (Unary ! (Index (Name a) (Number 0))) (Name b))"),
        ("-a * b", "(Binary * (Unary - (Name a)) (Name b))"),
        ("a - -1", "(Binary - (Name a) (Unary - (Number 1)))"),
        ("(a + b) * c", "(Binary * (Parens (Binary + (Name a) (Name b))) (Name c))"),
        ("a ? b : c", "(Conditional (Name a) (Name b) (Name c))"),
        ("a ? b : c ? d : e", "(Conditional (Name a) (Name b) (Conditional (Name c) (Name d) (Name e)))"),
        ("a ? b ? c : d : e", "(Conditional (Name a) (Conditional (Name b) (Name c) (Name d)) (Name e))"),
        ("(a ? b : c) ? d : e", "(Conditional (Parens (Conditional (Name a) (Name b) (Name c))) (Name d) (Name e))"),
        ("a == b ? c : d", "(Conditional (Binary == (Name a) (Name b)) (Name c) (Name d))"),
        (
            "a ? b : c ? d : e ? f : g",
            "(Conditional (Name a) (Name b) (Conditional (Name c) (Name d) (Conditional (Name e) (Name f) (Name g))))",
        ),
        ("a.0", "(Index (Name a) (Number 0) True)"),
        ("a.0.b", "(GetAttr (Index (Name a) (Number 0) True) b)"),
        ('a["k"].b', "(GetAttr (Index (Name a) (Template [(Text k)])) b)"),
        ("a[*]", "(Splat (Name a) SplatItem True)"),
        ("a[*].b[0]", "(Splat (Name a) (Index (GetAttr SplatItem b) (Number 0)) True)"),
        ("a.*.b[0]", "(Index (Splat (Name a) (GetAttr SplatItem b)) (Number 0))"),
        ("a.*.b.0.c", "(Splat (Name a) (GetAttr (Index (GetAttr SplatItem b) (Number 0) True) c))"),
        ("a.*.b[0].c", "(GetAttr (Index (Splat (Name a) (GetAttr SplatItem b)) (Number 0)) c)"),
        ("a[*].b[*].c", "(Splat (Name a) (Splat (GetAttr SplatItem b) (GetAttr SplatItem c) True) True)"),
        ("f(a, b...)", "(Call f [(Name a) (Name b)] True)"),
        ("provider::aws::arn(a)", "(Call provider::aws::arn [(Name a)])"),
        ("{ a = 1, (a) = 2, null = 3 }", None),
        ("[for x in y : x if x]", "(ForTuple x (Name y) (Name x) (Name x))"),
        ("{ for k, v in y : k => v... }", "(ForObject k v (Name y) (Name k) (Name v) True)"),
    ],
)
def test_grouping(text: str, expected: str | None) -> None:
    """Postfix before unary before binary before conditional; splats as Terraform takes them."""
    if expected is None:
        expected = (
            "(ObjectCons [(ObjectItem (KeyName a) (Number 1)) (ObjectItem (Parens (Name a)) (Number 2)) "
            "(ObjectItem (KeyName null) (Number 3))])"
        )
    assert shape(text) == expected


def test_line_ends_do_not_matter_to_a_bare_expression() -> None:
    """As at Terraform's console, an expression of its own may go over lines and end in a comment."""
    assert shape("a\n+ b # c") == "(Binary + (Name a) (Name b))"


@pytest.mark.parametrize("text", ["", "  ", "1) + (2", "a b", "a = 1", "1 +", "a, b", "{", '"', "\0"])
def test_what_is_no_expression_gives_one_error(text: str) -> None:
    """A text that is no single expression is refused with its place."""
    _, problems = parse_expression(SourceFile("expression", text))
    assert len(problems) == 1
    assert problems[0].location is not None


def test_offsets_are_those_of_the_text() -> None:
    """The tree of a bare expression can be sliced from its own text."""
    source = SourceFile("expression", "x.y[12]")
    node, _ = parse_expression(source)
    assert isinstance(node, Index)
    assert isinstance(node.key, Number)
    assert (node.start, node.end) == (0, 7)
    assert number_text(source.text, node.key) == "12"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "Template"),
        ("plain \\n", "(Template [(Text plain \\n)])"),
        ("${x}", "(TemplateWrap (Name x))"),
        ("a ${x}", "(Template [(Text a ) (Interpolation (Name x))])"),
        ("$${x} ${y}", "(Template [(Text ${x} ) (Interpolation (Name y))])"),
        (
            "%{ for k, v in m ~}\n ${v}\n%{ endfor ~}\n",
            "(Template [(ForDirective k v (Name m) [(Text ) (Text  ) (Interpolation (Name v)) (Text \n)]) (Text )])",
        ),
    ],
)
def test_a_template_file_is_a_template(text: str, expected: str) -> None:
    """A whole text is read as `templatefile` reads it, at its own offsets."""
    source = SourceFile("greeting.tftpl", text)
    node, problems = parse_template(source)
    assert problems == ()
    assert node_shape(node, source) == expected


def test_a_broken_template_file_is_refused_on_its_line() -> None:
    """The place of an error is in the template file, not in the masked text."""
    _, problems = parse_template(SourceFile("greeting.tftpl", "a\n\nb ${ c\n"))
    assert [problem.location.line for problem in problems if problem.location] == [3]
