"""The way of a value as a finding tells it: from where it was written to the attribute."""

from iacpolicy.core.lazy_regex import lazy_pattern
from iacpolicy.core.spans import Span
from iacpolicy.engine.findings import TraceStep
from iacpolicy.evaluate.values.origins import Origin, OriginKind, Origins
from iacpolicy.evaluate.values.value import Choice, Value, children
from iacpolicy.policy.attributes.attribute import Attribute

_OPENING = lazy_pattern(r"<<-?[A-Za-z_][\w-]*\s*\Z")
MAX_HOPS = 12
MAX_TEXT = 200


def trace_of(attribute: Attribute) -> tuple[TraceStep, ...]:
    """The hops of an attribute's value, the attribute's own place last; only that one where nothing is written."""
    value = attribute.known_value if attribute.subject is not None else None
    hops = list(_hops(_origins(value))) if value is not None else []
    source, span = attribute.place.source, attribute.at
    own = TraceStep("attribute", span.path, span.line, _text(source.line(span.line)))
    hops = [h for h in hops if (h.path, h.line) != (own.path, own.line)]
    return (*hops[: MAX_HOPS - 1], own)


def trace_to(last: Origin) -> tuple[TraceStep, ...]:
    """The hops of a way that ends at an attribute, that attribute last."""
    source, span = last.source, last.span
    if source is None or span is None:
        return tuple(_hops((last,)))[:MAX_HOPS]
    written = _written_places([last])
    literal = written["at"].get(id(last))
    place = literal.span if literal is not None else None
    line = place.line if place is not None else span.line
    own = TraceStep("attribute", span.path, line, _text(source.line(line)))
    before = tuple(p for p in last.parents if id(p) not in written["absorbed"])
    hops = [h for h in _hops(before) if (h.path, h.line) != (own.path, own.line)]
    return (*hops[: MAX_HOPS - 1], own)


def trace_of_origins(origins: Origins) -> tuple[TraceStep, ...]:
    """The hops of a value that stands for itself."""
    return tuple(_hops(origins))[:MAX_HOPS]


def _origins(value: Value) -> Origins:
    """The origins of a value; of one put together here, those of its parts."""
    if value.origins and not isinstance(value.data, Choice) and not _is_list_written_here(value):
        return value.origins
    found: list[Origin] = list(value.origins)
    for child in children(value):
        found.extend(o for o in child.origins if o not in found)
    return tuple(found[:6])


def _is_list_written_here(value: Value) -> bool:
    """Whether a list itself came by no way, so that only the ways of its elements tell something."""
    if not isinstance(value.data, tuple):
        return False
    hops = (hop for origin in value.origins for hop in origin.hops())
    return all(hop.kind in (OriginKind.LITERAL, OriginKind.ATTRIBUTE) for hop in hops)


def _hops(origins: Origins) -> list[TraceStep]:
    found: dict[TraceStep, None] = {}
    for origin in origins:
        ordered = list(origin.hops())
        written = _written_places(ordered)
        for hop in ordered:
            if hop.kind is OriginKind.ATTRIBUTE or (hop.source is not None and hop.source.path.startswith("<")):
                continue
            if hop.kind is OriginKind.LITERAL:
                if id(hop) not in written["absorbed"]:
                    found.setdefault(_hop("attribute", hop, hop.span))
                continue
            inner = _argument_of(hop) if hop.kind is OriginKind.RESOURCE else hop
            literal = written["at"].get(id(inner), None if inner is hop else inner)
            found.setdefault(_hop(str(hop.kind), hop, literal.span if literal is not None else hop.span))
    return list(found)


def _argument_of(resource: Origin) -> Origin:
    """The argument of a resource that a value was written in, else the resource as a whole."""
    argument = next((p for p in resource.parents if p.kind is OriginKind.ATTRIBUTE), resource)
    return argument if argument.source is resource.source else resource


def _written_places(ordered: list[Origin]) -> "dict[str, dict[int, Origin]]":
    """For each hop the literal that is written inside it: the hop is then told at the literal's line."""
    at: dict[int, Origin] = {}
    absorbed: dict[int, Origin] = {}
    for hop in ordered:
        for parent in hop.parents:
            if (
                parent.kind is OriginKind.LITERAL
                and parent.source is hop.source
                and hop.start <= parent.start
                and parent.end <= hop.end
            ):
                absorbed[id(parent)] = hop
                if not _is_in_heredoc(parent):
                    at.setdefault(id(hop), parent)
    return {"at": at, "absorbed": absorbed}


def _is_in_heredoc(literal: Origin) -> bool:
    """Whether a literal is the body of a heredoc, whose first line says less than the line that opens it."""
    if literal.source is None or literal.span is None or literal.span.line == 1:
        return False
    opening = literal.source.line(literal.span.line - 1)
    return literal.span.column == 1 and _OPENING.search(opening) is not None


def _hop(kind: str, origin: Origin, span: Span | None) -> TraceStep:
    if span is None or origin.source is None:
        name = origin.name
        return TraceStep(kind, None, None, f"TF_VAR_{name}" if kind == "env" else f"-var {name}")
    return TraceStep(kind, span.path, span.line, _text(origin.source.line(span.line)))


def _text(line: str) -> str:
    text = line.strip()
    return text if len(text) <= MAX_TEXT else text[: MAX_TEXT - 1] + "…"
