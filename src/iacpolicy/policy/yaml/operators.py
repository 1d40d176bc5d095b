"""The operators of YAML policies: their operands, their tests of an attribute and their words in messages.

A comparison with an absent or null attribute is false, as in a policy in Python; `exists` and `absent` test for that.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from iacpolicy.evaluate.functions.regexes import compiled_pattern
from iacpolicy.policy.attributes.attribute import Attribute
from iacpolicy.policy.attributes.truth import Truth
from iacpolicy.policy.yaml.rule_set import Operand, Test, Tested, shown

Takes = Literal["scalar", "number", "text", "pattern", "list", "flag"]


@dataclass(frozen=True, slots=True)
class Operator:
    """The kind of operand of an operator, its test, and its words after "must" and "must not"."""

    takes: Takes
    ask: Callable[[Attribute, Any], Truth]
    words: str
    is_opposite: bool = False


def _matches(attribute: Attribute, pattern: str) -> Truth:
    compiled = compiled_pattern(pattern)
    return _texts(attribute, lambda text: compiled.search(text.encode()) is not None, f"matches `{pattern}`")


def _begins(attribute: Attribute, start: str) -> Truth:
    return _texts(attribute, lambda text: text.startswith(start), f'begins with "{start}"')


def _ends(attribute: Attribute, end: str) -> Truth:
    return _texts(attribute, lambda text: text.endswith(end), f'ends with "{end}"')


def _texts(attribute: Attribute, test: Callable[[str], bool], words: str) -> Truth:
    """Return a test of a text; its name includes the words, so two patterns give two conditions."""

    def tested(value: Any) -> bool:
        return test(str(value)) if isinstance(value, str | int | float) and not isinstance(value, bool) else False

    tested.__qualname__ = words
    return attribute.test(tested, words)


def _written(attribute: Attribute) -> Truth:
    return ~attribute.is_null


def _when_written(ask: Callable[[Attribute, Any], Truth]) -> Callable[[Attribute, Any], Truth]:
    """Return the negation of a test that is false for an absent or null attribute."""
    return lambda attribute, operand: _written(attribute) & ~ask(attribute, operand)


def _is_one_of(attribute: Attribute, values: Any) -> Truth:
    return attribute.is_one_of(values)


def _contains(attribute: Attribute, value: Any) -> Truth:
    return attribute.contains(value)


OPERATORS: Mapping[str, Operator] = {
    "equals": Operator("scalar", lambda a, v: a == v, "be {}"),
    "not_equals": Operator("scalar", lambda a, v: a != v, "be {}", True),
    "less_than": Operator("number", lambda a, v: a < v, "be less than {}"),
    "at_most": Operator("number", lambda a, v: a <= v, "be at most {}"),
    "greater_than": Operator("number", lambda a, v: a > v, "be greater than {}"),
    "at_least": Operator("number", lambda a, v: a >= v, "be at least {}"),
    "in": Operator("list", _is_one_of, "be one of {}"),
    "not_in": Operator("list", _when_written(_is_one_of), "be one of {}", True),
    "contains": Operator("scalar", _contains, "contain {}"),
    "not_contains": Operator("scalar", _when_written(_contains), "contain {}", True),
    "matches": Operator("pattern", _matches, "match `{}`"),
    "not_matches": Operator("pattern", _when_written(_matches), "match `{}`", True),
    "starts_with": Operator("text", _begins, "begin with {}"),
    "ends_with": Operator("text", _ends, "end with {}"),
    "exists": Operator("flag", lambda a, v: ~a.is_null if v else a.is_null, "be set"),
    "absent": Operator("flag", lambda a, v: a.is_null if v else ~a.is_null, "be set", True),
}


def value_of(operand: Operand, options: Mapping[str, Any]) -> Any:
    """Return the value of an operand: its own, or that of its option."""
    return options[operand.option] if operand.option is not None else operand.value


def holds(test: Test, attribute: Attribute, options: Mapping[str, Any]) -> bool:
    """Report that a test is true for an attribute in the current world."""
    return bool(OPERATORS[test.operator].ask(attribute, value_of(test.operand, options)))


def words_of(tested: Tested, options: Mapping[str, Any], *, is_forbidden: bool) -> str:
    """Return the requirement for an attribute as a sentence without a full stop."""
    parts = [_phrase(test, value_of(test.operand, options), is_forbidden) for test in tested.tests]
    return f"`{shown(tested.path)}` must {' and '.join(parts)}"


def _phrase(test: Test, value: Any, is_forbidden: bool) -> str:
    operator = OPERATORS[test.operator]
    negative = operator.is_opposite != is_forbidden
    if operator.takes == "flag":
        negative = negative == bool(value)
        return "not be set" if negative else "be set"
    text = ", ".join(map(_quoted, value)) if isinstance(value, list | tuple) else _quoted(value)
    return ("not " if negative else "") + operator.words.format(text if operator.takes != "pattern" else value)


def _quoted(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return f'"{value}"' if isinstance(value, str) else str(value)
