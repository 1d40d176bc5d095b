"""Traces of values: the steps from the written value to the attribute of a finding."""

from iacpolicy.core.lazy_regex import lazy_pattern
from iacpolicy.core.spans import Span
from iacpolicy.engine.findings import TraceStep
from iacpolicy.evaluate.values.origins import Origin, OriginKind, Origins
from iacpolicy.evaluate.values.value import Choice, Value, children
from iacpolicy.policy.attributes.attribute import Attribute

_OPENING = lazy_pattern(r"<<-?[A-Za-z_][\w-]*\s*\Z")
MAX_STEPS = 12
MAX_TEXT = 200


def trace_of(attribute: Attribute) -> tuple[TraceStep, ...]:
    """Return the steps of an attribute's value, the place of the attribute last."""
    value = attribute.known_value if attribute.subject is not None else None
    steps = list(_steps(_origins(value))) if value is not None else []
    source, span = attribute.place.source, attribute.at
    own = TraceStep("attribute", span.path, span.line, _text(source.line(span.line)))
    steps = [h for h in steps if (h.path, h.line) != (own.path, own.line)]
    return (*steps[: MAX_STEPS - 1], own)


def trace_to(last: Origin) -> tuple[TraceStep, ...]:
    """Return the steps to an origin that is an attribute, that attribute last."""
    source, span = last.source, last.span
    if source is None or span is None:
        return tuple(_steps((last,)))[:MAX_STEPS]
    written = _written_places([last])
    literal = written["at"].get(id(last))
    place = literal.span if literal is not None else None
    line = place.line if place is not None else span.line
    own = TraceStep("attribute", span.path, line, _text(source.line(line)))
    before = tuple(p for p in last.parents if id(p) not in written["absorbed"])
    steps = [h for h in _steps(before) if (h.path, h.line) != (own.path, own.line)]
    return (*steps[: MAX_STEPS - 1], own)


def trace_of_origins(origins: Origins) -> tuple[TraceStep, ...]:
    """Return the steps of a value that is not an attribute."""
    return tuple(_steps(origins))[:MAX_STEPS]


def _origins(value: Value) -> Origins:
    """Return the origins of a value, or those of its parts if it is composed of them in place."""
    if value.origins and not isinstance(value.data, Choice) and not _is_list_written_here(value):
        return value.origins
    found: list[Origin] = list(value.origins)
    for child in children(value):
        found.extend(o for o in child.origins if o not in found)
    return tuple(found[:6])


def _is_list_written_here(value: Value) -> bool:
    """Report whether a list was written in place, so that only its elements have a trace."""
    if not isinstance(value.data, tuple):
        return False
    ordered = (origin for own in value.origins for origin in own.steps())
    return all(origin.kind in (OriginKind.LITERAL, OriginKind.ATTRIBUTE) for origin in ordered)


def _steps(origins: Origins) -> list[TraceStep]:
    found: dict[TraceStep, None] = {}
    for last in origins:
        ordered = list(last.steps())
        written = _written_places(ordered)
        for origin in ordered:
            if origin.kind is OriginKind.ATTRIBUTE or (
                origin.source is not None and origin.source.path.startswith("<")
            ):
                continue
            if origin.kind is OriginKind.LITERAL:
                if id(origin) not in written["absorbed"]:
                    found.setdefault(_step("attribute", origin, origin.span))
                continue
            inner = _argument_of(origin) if origin.kind is OriginKind.RESOURCE else origin
            literal = written["at"].get(id(inner), None if inner is origin else inner)
            found.setdefault(_step(str(origin.kind), origin, literal.span if literal is not None else origin.span))
    return list(found)


def _argument_of(resource: Origin) -> Origin:
    """Return the argument of a resource that contains a value, else the resource as a whole."""
    argument = next((p for p in resource.parents if p.kind is OriginKind.ATTRIBUTE), resource)
    return argument if argument.source is resource.source else resource


def _written_places(ordered: list[Origin]) -> "dict[str, dict[int, Origin]]":
    """Return the literal inside each origin by the id of the origin, whose step is then shown at the literal's line."""
    at: dict[int, Origin] = {}
    absorbed: dict[int, Origin] = {}
    for origin in ordered:
        for parent in origin.parents:
            if (
                parent.kind is OriginKind.LITERAL
                and parent.source is origin.source
                and origin.start <= parent.start
                and parent.end <= origin.end
            ):
                absorbed[id(parent)] = origin
                if not _is_in_heredoc(parent):
                    at.setdefault(id(origin), parent)
    return {"at": at, "absorbed": absorbed}


def _is_in_heredoc(literal: Origin) -> bool:
    """Report whether a literal is the body of a heredoc, whose opening line is clearer than its first line."""
    if literal.source is None or literal.span is None or literal.span.line == 1:
        return False
    opening = literal.source.line(literal.span.line - 1)
    return literal.span.column == 1 and _OPENING.search(opening) is not None


def _step(kind: str, origin: Origin, span: Span | None) -> TraceStep:
    if span is None or origin.source is None:
        name = origin.name
        return TraceStep(kind, None, None, f"TF_VAR_{name}" if kind == "env" else f"-var {name}")
    return TraceStep(kind, span.path, span.line, _text(origin.source.line(span.line)))


def _text(line: str) -> str:
    text = line.strip()
    return text if len(text) <= MAX_TEXT else text[: MAX_TEXT - 1] + "…"
