"""Parsing of PromQL: the series that an expression selects, or the reason why it cannot be parsed.

The parser is compiled code that overflows its stack on deep nesting and long chains of operators, which ends
the process. So length, nesting and operators are bounded before it is called.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from functools import cache, lru_cache
from typing import Any, Final

import msgspec

from iacpolicy.core.lazy_regex import lazy_pattern
from iacpolicy.observability.grafana.dashboard_variables import candidates
from iacpolicy.observability.monitors import ReplacedVariables

MAX_LENGTH: Final = 20_000
MAX_NESTING: Final = 100
MAX_OPERATORS: Final = 500

_STRING: Final = lazy_pattern(r"\"(?:[^\"\\]|\\.)*\"?|'(?:[^'\\]|\\.)*'?|`[^`]*`?|#[^\n]*", re.DOTALL)
_SIGN: Final = lazy_pattern(r"[(){}\[\]]|[-+*/%^=<>!]+|\b(?:and|or|unless|atan2)\b", re.IGNORECASE)


class Matcher(msgspec.Struct, frozen=True):
    """A condition on a label; `operator` is one of `=`, `!=`, `=~`, `!~`. The value may hold marks."""

    label: str
    operator: str
    value: str


class Selector(msgspec.Struct, frozen=True):
    """The series that one part of an expression selects: those that satisfy one of the alternatives of matchers."""

    metric: str | None
    alternatives: tuple[tuple[Matcher, ...], ...]


class Query(msgspec.Struct, frozen=True):
    """A parsed expression: its selectors, and the labels by which it groups or joins."""

    selectors: tuple[Selector, ...]
    labels: frozenset[str]


class Invalid(msgspec.Struct, frozen=True):
    """An expression that is not valid PromQL, with the reason."""

    reason: str


class Unparsed(msgspec.Struct, frozen=True):
    """An expression that was not given to the parser, with the reason."""

    reason: str


def parse(text: str, variables: ReplacedVariables = ReplacedVariables.NONE) -> Query | Invalid | Unparsed:
    """Return the series that an expression selects, or why it cannot be parsed; the same text is parsed once."""
    if len(text) > MAX_LENGTH:
        return Unparsed(f"it has more than {MAX_LENGTH} characters (limit: length of PromQL)")
    return _parse(text, variables)


@lru_cache(maxsize=20_000)
def _parse(text: str, variables: ReplacedVariables) -> Query | Invalid | Unparsed:
    parser = library()
    if parser is None:
        return Unparsed("the package promql-parser is not installed")
    first: Invalid | None = None
    for candidate in candidates(text, variables):
        limit = _limit(candidate)
        if limit is not None:
            return Unparsed(limit)
        try:
            return _query(parser, parser.parse(candidate))
        except ValueError as problem:
            first = first or Invalid(_one_line(str(problem)))
    assert first is not None
    return first


@cache
def library() -> Any:
    """Return the parser, imported on first use; None where it has no wheel."""
    try:
        import promql_parser
    except ImportError:
        return None
    types = getattr(promql_parser, "ValueType", None)
    if types is not None and hasattr(promql_parser, "register_extra_functions"):
        # Prometheus had it until version 3, under this name
        arguments = [types.Matrix, types.Scalar, types.Scalar]
        function = promql_parser.Function("holt_winters", arguments, types.Vector)
        with suppress(ValueError):  # the parser supports it
            promql_parser.register_extra_functions([function])
    return promql_parser


def _limit(text: str) -> str | None:
    """Return the reason why an expression is not given to the parser, None where it is."""
    depth = operators = 0
    for sign in _SIGN.finditer(_STRING.sub('""', text)):
        found = sign[0]
        if found in ("(", "{", "["):
            depth += 1
            if depth > MAX_NESTING:
                return f"it nests more than {MAX_NESTING} levels deep (limit: nesting of PromQL)"
        elif found in (")", "}", "]"):
            depth -= 1
        else:
            operators += len(found)
            if operators > MAX_OPERATORS:
                return f"it has more than {MAX_OPERATORS} operators (limit: operators of PromQL)"
    return None


def _one_line(problem: str) -> str:
    """Return the parser's message in one line."""
    line = problem.strip().partition("\n")[0]
    return line if len(line) <= 200 else line[:199] + "…"


def _query(parser: Any, root: Any) -> Query:
    selectors: list[Selector] = []
    labels: set[str] = set()
    for node in _nodes(root):
        match type(node).__name__:
            case "VectorSelector":
                selectors.append(_selector(node))
            case "AggregateExpr" if node.modifier is not None and node.modifier.type == parser.AggModifierType.By:
                labels.update(node.modifier.labels)
            case "BinaryExpr" if node.modifier is not None:
                matching = node.modifier.matching
                if matching is not None and matching.type == parser.LabelModifierType.Include:
                    labels.update(matching.labels)
                labels.update(node.modifier.group_labels or ())
    return Query(tuple(selectors), frozenset(labels))


def _nodes(root: Any) -> Iterator[Any]:
    """Yield every part of an expression, in the order of its text."""
    pending = [root]
    while pending:
        node = pending.pop()
        yield node
        match type(node).__name__:
            case "MatrixSelector":
                pending.append(node.vector_selector)
            case "AggregateExpr":
                pending.extend(part for part in (node.expr, node.param) if part is not None)
            case "BinaryExpr":
                pending.extend((node.rhs, node.lhs))
            case "Call":
                pending.extend(reversed(node.args))
            case "ParenExpr" | "UnaryExpr" | "SubqueryExpr":
                pending.append(node.expr)


def _selector(node: Any) -> Selector:
    common = [_matcher(m) for m in node.matchers.matchers]
    groups = [[_matcher(m) for m in group] for group in getattr(node.matchers, "or_matchers", ())]
    metric = node.name or next((m.value for m in common if m.label == "__name__" and m.operator == "="), None)
    alternatives = [*([common] if common else []), *groups] if groups else [common]
    return Selector(metric, tuple(tuple(m for m in a if m.label != "__name__") for a in alternatives))


def _matcher(node: Any) -> Matcher:
    operator = {"Equal": "=", "NotEqual": "!=", "Re": "=~", "NotRe": "!~"}[str(node.op).rpartition(".")[2]]
    return Matcher(node.name, operator, node.value)
