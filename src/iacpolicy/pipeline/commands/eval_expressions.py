"""Evaluate expressions in one cell of a root module, as `terraform console` does."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import msgspec

from iacpolicy.core.diagnostics import Diagnostic
from iacpolicy.core.redaction import Redactor
from iacpolicy.core.types import to_json
from iacpolicy.evaluate.expressions.context import CONSOLE, Context
from iacpolicy.evaluate.expressions.evaluate import evaluate
from iacpolicy.evaluate.modules.module_instance import ModuleInstance
from iacpolicy.evaluate.modules.session import bounded
from iacpolicy.evaluate.values.errors import EvaluationError
from iacpolicy.evaluate.values.numbers import Number
from iacpolicy.evaluate.values.rendering import display
from iacpolicy.evaluate.values.terms import Cause, reasons
from iacpolicy.evaluate.values.value import (
    SENSITIVE,
    Choice,
    Unknown,
    Value,
    deep_marks,
    first_unsettled,
    unknown_terms,
)
from iacpolicy.hcl.parse import read_expression

if TYPE_CHECKING:
    from iacpolicy.engine.findings import TraceStep

MAX_UNKNOWN = 50


class Evaluation(msgspec.Struct, frozen=True):
    """The result of an expression: a value, or the summary and detail of Terraform's error."""

    expression: str
    value: Value | None
    error: tuple[str, str] | None = None


def evaluations(root: ModuleInstance, expressions: Iterable[str]) -> Iterator[Evaluation]:
    """Yield the result of each expression, in order; an error does not stop the others."""
    for text in expressions:
        source, node, problems = read_expression(CONSOLE, text)
        if problems:
            yield Evaluation(text, None, (problems[0].summary, problems[0].detail))
            continue
        context = Context(root, source, {})
        try:
            value = bounded(lambda: evaluate(node, context))  # noqa: B023 - called immediately
        except EvaluationError as error:
            yield Evaluation(text, None, (error.summary, error.detail))
            continue
        problem = _problem_of(value, root)
        if problem is not None:
            place = f" ({problem.location})" if problem.location is not None else ""
            yield Evaluation(text, value, (problem.summary, f"{problem.detail}{place}"))
            continue
        yield Evaluation(text, value)


def _problem_of(value: Value, root: ModuleInstance) -> Diagnostic | None:
    """Return the error that makes a part of the value unknown; None if there is none."""
    if first_unsettled(value) is None:
        return None
    texts = {r.text for term in unknown_terms(value) for r in reasons(term) if r.cause is Cause.ERROR}
    if not texts:
        return None
    return next((p for p in root.session.problems.values() if f"{p.summary}: {p.detail}" in texts), None)


def as_json(evaluation: Evaluation, redactor: Redactor, show_sensitive: bool = False) -> dict[str, Any]:
    """Return one line of `eval --json`."""
    from iacpolicy.engine.traces import trace_of_origins

    line: dict[str, Any] = {
        "expr": redactor.text(evaluation.expression),
        "type": None,
        "known": False,
        "value": None,
        "sensitive": False,
        "unknown": [],
        "origins": [],
        "error": None,
    }
    if evaluation.error is not None:
        summary, detail = evaluation.error
        line["error"] = {"summary": redactor.text(summary), "detail": redactor.text(detail)}
    value = evaluation.value
    if value is None:
        return line
    hide = not show_sensitive
    line["type"] = _hidden(to_json(value.type), redactor) if hide else to_json(value.type)
    line["known"] = first_unsettled(value) is None
    line["sensitive"] = bool(deep_marks(value) & SENSITIVE)
    line["value"] = plain(value, redactor if hide else None)
    line["unknown"] = [_unknown(path, part, redactor) for path, part in _unsettled(value)]
    line["origins"] = [_trace_step(step, redactor) for step in trace_of_origins(value.origins)]
    return line


def as_text(evaluation: Evaluation, redactor: Redactor, show_sensitive: bool = False) -> str:
    """Return an evaluation as text: the value, and the reason for each unknown part."""
    if evaluation.value is None:
        assert evaluation.error is not None
        summary, detail = evaluation.error
        return redactor.text(f"error: {summary}" + (f": {detail}" if detail else ""))
    value = evaluation.value
    if deep_marks(value) & SENSITIVE and not show_sensitive:
        return "(sensitive value)"
    lines = [redactor.text(display(value, 10_000))]
    for path, part in _unsettled(value):
        lines.append(f"  unknown{' ' + path if path else ''}: {_unknown(path, part, redactor)['reason']}")
    return "\n".join(lines)


def plain(value: Value, redactor: Redactor | None) -> Any:
    """Return the value as JSON data, with null for unknown and sensitive parts; no redactor shows sensitive ones."""
    if redactor is not None and value.marks & SENSITIVE:
        return None
    data = value.data
    if data is None or isinstance(data, Unknown | Choice):
        return None
    if isinstance(data, Number):
        if data.is_infinite:
            return "-Infinity" if data.mantissa < 0 else "Infinity"
        text = str(data)
        return int(text) if data.is_integer and len(text) < 4000 else msgspec.Raw(text.encode())
    if isinstance(data, str):
        return redactor.value(data) if redactor is not None else data
    if isinstance(data, tuple):
        return [plain(v, redactor) for v in data]
    if isinstance(data, dict):
        return {k if redactor is None else redactor.value(k): plain(v, redactor) for k, v in data.items()}
    return data


def _hidden(spec: Any, redactor: Redactor) -> Any:
    """Return a type with redacted attribute names, because a secret can be a key."""
    if isinstance(spec, list):
        return [_hidden(part, redactor) for part in spec]
    if isinstance(spec, dict):
        return {redactor.value(name): _hidden(part, redactor) for name, part in spec.items()}
    return spec


def _unsettled(value: Value) -> list[tuple[str, Value]]:
    found: list[tuple[str, Value]] = []
    pending: list[tuple[str, Value]] = [("", value)]
    while pending and len(found) < MAX_UNKNOWN:
        path, part = pending.pop()
        if not part.is_settled:
            found.append((path, part))
        elif isinstance(part.data, dict):
            pending.extend((f"{path}.{k}" if path else k, v) for k, v in reversed(part.data.items()))
        elif isinstance(part.data, tuple):
            pending.extend((f"{path}[{i}]", v) for i, v in reversed(list(enumerate(part.data))))
    return found


def _unknown(path: str, part: Value, redactor: Redactor) -> dict[str, Any]:
    term = part.data.condition if isinstance(part.data, Choice) else part.data.term
    why = reasons(term)
    text = "; ".join(r.text for r in why) or term.text
    if isinstance(part.data, Choice):
        text = f"depends on `{term.text}`: {text}"
    place = next((r.location for r in why if r.location is not None), None)
    return {"path": path, "reason": redactor.text(text), "location": msgspec.to_builtins(place)}


def _trace_step(step: "TraceStep", redactor: Redactor) -> dict[str, Any]:
    return {"kind": step.kind, "path": step.path, "line": step.line, "text": redactor.text(step.text)}
