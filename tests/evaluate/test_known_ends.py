"""What is known of a text's ends holds for every text that could stand in the place of what is not known."""

from unicodedata import normalize

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.modules import root_of

from iacpolicy.core.sources import SourceFile
from iacpolicy.evaluate.expressions.context import Context
from iacpolicy.evaluate.expressions.evaluate import evaluate
from iacpolicy.evaluate.values.quoting import quote
from iacpolicy.hcl.parse import parse_expression

# letters that merge with what stands beside them, and some that do not
LETTERS = "ab-<=1e\u0301\u0338\u0323\u00e9\u1100\u1161\u11a8 "
TEXTS = st.text(LETTERS, max_size=4)
QUESTIONS = ("{t} == {c}", "startswith({t}, {c})", "endswith({t}, {c})", "length({t}) > {n}", "length({t}) == {n}")


def said(value: str | None, text: str) -> object:
    """What an expression comes to with a value for `var.x`, or without one."""
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
    """An answer without a value is the answer with each value, also where letters merge over the edge."""
    compared = before + value + after if is_whole else other
    template = quote(before)[:-1] + "${var.x}" + quote(after)[1:]
    text = question.format(t=template, c=quote(normalize("NFC", compared)), n=number)
    answer = said(None, text)
    if isinstance(answer, bool):
        assert said(value, text) is answer, text


def test_what_is_known() -> None:
    """Some answers are given: the ends of a template, of formatted text and of JSON, and of both arms of a choice."""
    assert said(None, 'startswith("p-${var.x}", "p-")') is True
    assert said(None, 'endswith("${var.x}.example", ".example")') is True
    assert said(None, 'format("arn:%s", var.x) == "x"') is False
    assert said(None, 'jsonencode({ a = var.x }) == "[]"') is False
    assert said(None, '(var.x == "a" ? "p-1" : "p-${var.x}") == "q"') is False
    assert said(None, '"e${var.x}" == "\u00e9"') not in (True, False)
    assert said(None, 'length(toset(["a-${var.x}", "b-${var.x}"])) > 2') is False
