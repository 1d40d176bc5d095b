"""Mutants of a YAML policy: its rules with one small change each, which good fixtures detect."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from iacpolicy.policy.testing.mutants import MAX_MUTANTS
from iacpolicy.policy.yaml.rule_set import (
    Condition,
    Conditions,
    Connected,
    Either,
    Negated,
    Operand,
    Quantified,
    RuleSet,
    Test,
    Tested,
)

_OTHERS = {
    "equals": ("not_equals",),
    "not_equals": ("equals",),
    "less_than": ("at_most", "at_least"),
    "at_most": ("less_than", "greater_than"),
    "greater_than": ("at_least", "at_most"),
    "at_least": ("greater_than", "less_than"),
    "in": ("not_in",),
    "not_in": ("in",),
    "contains": ("not_contains",),
    "not_contains": ("contains",),
    "matches": ("not_matches",),
    "not_matches": ("matches",),
}
_NUMERIC = ("less_than", "at_most", "greater_than", "at_least")
_FLAGS = ("exists", "absent")


def bodies_of(body: RuleSet) -> Iterator[tuple[int, str, RuleSet]]:
    """Yield line, description and rules for each change, at most `MAX_MUTANTS`."""
    return islice(_bodies(body), MAX_MUTANTS)


def _bodies(body: RuleSet) -> Iterator[tuple[int, str, RuleSet]]:
    for what, where in _lists(body.where):
        yield body.where_line, what, replace(body, where=where)
    for index, rule in enumerate(body.rules):
        rest = (*body.rules[:index], *body.rules[index + 1 :])
        yield rule.line, "without this rule", replace(body, rules=rest)
        for what, condition in _variants(rule.condition):
            changed = replace(rule, condition=condition)
            rules = (*body.rules[:index], changed, *body.rules[index + 1 :])
            yield rule.line, what, replace(body, rules=rules)


def _lists(conditions: Conditions) -> Iterator[tuple[str, Conditions]]:
    """Yield the list without one condition, or with a change in one; the reader limits the depth."""
    for index, condition in enumerate(conditions):
        before, after = conditions[:index], conditions[index + 1 :]
        yield "without a condition of this list", (*before, *after)
        for what, other in _variants(condition):
            yield what, (*before, other, *after)


def _variants(condition: Condition) -> Iterator[tuple[str, Condition]]:
    match condition:
        case Tested(path, tests):
            for what, others in _tests(tests):
                yield what, Tested(path, others)
        case Quantified(quantifier, path, where):
            if quantifier == "any":
                yield "`all` for `any`", Quantified("all", path, where)
            else:
                yield "`any` for `all`", Quantified("any", path, where)
            for what, inner in _lists(where):
                if inner:
                    yield what, Quantified(quantifier, path, inner)
        case Connected(type_, where):
            for what, inner in _lists(where):
                yield what, Connected(type_, inner)
        case Either(options):
            for what, inner in _lists(options):
                yield what, Either(inner)
        case Negated(inner_condition):
            yield "without `not`", inner_condition
            for what, other in _variants(inner_condition):
                yield what, Negated(other)


def _tests(tests: tuple[Test, ...]) -> Iterator[tuple[str, tuple[Test, ...]]]:
    for index, test in enumerate(tests):
        before, after = tests[:index], tests[index + 1 :]
        if len(tests) > 1:
            yield f"without `{test.operator}`", (*before, *after)
        for what, other in _changed(test):
            yield what, (*before, other, *after)


def _changed(test: Test) -> Iterator[tuple[str, Test]]:
    for operator in _OTHERS.get(test.operator, ()):
        yield f"`{operator}` for `{test.operator}`", Test(operator, test.operand)
    value = test.operand.value
    if test.operator in _FLAGS:
        yield f"`{test.operator}` turned round", Test(test.operator, Operand(not value))
    elif test.operator in _NUMERIC and isinstance(value, int | float):
        for other in (value - 1, value + 1):
            yield f"`{other}` for `{value}`", Test(test.operator, Operand(other))
    elif test.operator in ("in", "not_in") and isinstance(value, tuple) and len(value) > 1:
        for index, item in enumerate(value):
            yield f"without `{item}`", Test(test.operator, Operand((*value[:index], *value[index + 1 :])))
