"""The known prefix and suffix of an unknown string hold for every possible value."""

from unicodedata import normalize

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.modules import root_of

from iacpolicy.core.sources import SourceFile
from iacpolicy.evaluate.expressions.context import Context
from iacpolicy.evaluate.expressions.evaluate import evaluate
from iacpolicy.evaluate.values.quoting import quote
from iacpolicy.hcl.parse import parse_expression

# characters that combine with adjacent ones, and some that do not
LETTERS = "ab-<=1e\u0301\u0338\u0323\u00e9\u1100\u1161\u11a8 "
TEXTS = st.text(LETTERS, max_size=4)
QUESTIONS = ("{t} == {c}", "startswith({t}, {c})", "endswith({t}, {c})", "length({t}) > {n}", "length({t}) == {n}")


def evaluated(value: str | None, text: str) -> object:
    """Return the value of an expression with a value for `var.x`, or without one."""
    files = {"main.tf": 'variable "x" {\n  type = string\n}\n'}
    root = root_of(files, {} if value is None else {"x": value})
    source = SourceFile("<expression>", text)
    node, problems = parse_expression(source)
    assert not problems
    return evaluate(node, Context(root, source, {})).data


@settings(max_examples=300, deadline=None)
@given(TEXTS, TEXTS, TEXTS, TEXTS, st.sampled_from(QUESTIONS), st.integers(0, 3), st.booleans())
def test_never_contradicted(
    before: str, value: str, after: str, other: str, question: str, number: int, is_whole: bool
) -> None:
    """An answer without a value equals the answer with each value, also where characters combine at the boundary."""
    compared = before + value + after if is_whole else other
    template = quote(before)[:-1] + "${var.x}" + quote(after)[1:]
    text = question.format(t=template, c=quote(normalize("NFC", compared)), n=number)
    answer = evaluated(None, text)
    if isinstance(answer, bool):
        assert evaluated(value, text) is answer, text


def test_decided_conditions() -> None:
    """Some conditions are decided by the ends of a template, of formatted text, of JSON, or of both arms."""
    assert evaluated(None, 'startswith("p-${var.x}", "p-")') is True
    assert evaluated(None, 'endswith("${var.x}.example", ".example")') is True
    assert evaluated(None, 'format("arn:%s", var.x) == "x"') is False
    assert evaluated(None, 'jsonencode({ a = var.x }) == "[]"') is False
    assert evaluated(None, '(var.x == "a" ? "p-1" : "p-${var.x}") == "q"') is False
    assert evaluated(None, '"e${var.x}" == "\u00e9"') not in (True, False)
    assert evaluated(None, 'length(toset(["a-${var.x}", "b-${var.x}"])) > 2') is False
