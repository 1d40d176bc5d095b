"""Names of hosts with a placeholder for each unknown part, the same one for the same unknown value.

So `api.${var.domain}` can be compared with `*.${var.domain}`: a result for the placeholder is valid for every domain.
"""

import hashlib

from iacpolicy.core.types import DYNAMIC
from iacpolicy.evaluate.values.choices import term_of
from iacpolicy.evaluate.values.term_queries import resource_types
from iacpolicy.evaluate.values.terms import Apply, Cause, Constant, Term, reasons
from iacpolicy.evaluate.values.value import Choice, Unknown, Value, unknown
from iacpolicy.graph.joins import Joins, joins_of
from iacpolicy.policy.api import Attribute, Graph, Resource
from iacpolicy.policy.attributes import world
from iacpolicy.policy.attributes.world import Undecidable

ZONE = "cloudflare_zone"


def text_of(attribute: Attribute, strict: bool = False) -> str:
    """Return the text of an attribute in the current world; empty if it is null or absent.

    Raises:
        Undecidable: with `strict`, if no part of the text is known and it is not an attribute of a resource.
    """
    value = chosen(attribute)
    if value is None or value.data is None:
        return ""
    if strict and isinstance(value.data, Unknown) and not _is_partly_known(value.data.term):
        raise Undecidable(reasons(value.data.term), attribute)
    return _text(value)


def chosen(attribute: Attribute) -> Value | None:
    """Return the value in the current world, which may be unknown but does not depend on a condition."""
    value = attribute.known_value
    while value is not None and isinstance(value.data, Choice):
        choice = value.data
        value = choice.then if world.current().decide(choice.condition) else choice.otherwise
    return value


def is_unset(attribute: Attribute) -> bool:
    """Report that an attribute is null or absent in the current world."""
    value = chosen(attribute)
    return value is None or value.data is None


def is_unknown(attribute: Attribute) -> bool:
    """Report that the whole value of an attribute is unknown in the current world, not only parts of it."""
    value = chosen(attribute)
    return value is not None and isinstance(value.data, Unknown)


def source_types_of(attribute: Attribute) -> frozenset[str]:
    """Return the types of the resources that an unknown value is read from in the current world.

    Empty where the value is known; `Attribute.source_types` looks at all worlds.
    """
    value = chosen(attribute)
    if value is None or not isinstance(value.data, Unknown):
        return frozenset()
    return frozenset(resource_types(value.data.term))


def is_made_of_resources(host: Attribute, graph: Graph) -> bool:
    """Report that a host consists of attributes of resources of this repository and constants alone."""
    return _is_of_resources(chosen(host), joins_of(graph.inner))


def _is_of_resources(value: Value | None, joins: Joins) -> bool:
    found = joins.resolved(value)
    if found is None or not isinstance(found.data, Unknown):
        return False
    term = found.data.term
    if all(r.cause is Cause.COMPUTED for r in reasons(term)) or joins.is_of_a_set(term):
        return True
    if not isinstance(term, Apply) or term.is_part:
        return False
    parts = [unknown(DYNAMIC, operand) for operand in term.operands if not isinstance(operand, Constant)]
    return all(_is_of_resources(part, joins) for part in parts)


def _is_partly_known(term: Term) -> bool:
    return (isinstance(term, Apply) and term.operator == "template") or all(
        r.cause is Cause.COMPUTED for r in reasons(term)
    )


def _text(value: Value) -> str:
    if isinstance(value.data, Unknown):
        return _pattern(value.data.term)
    constant = term_of(value)
    return str(constant.value if isinstance(constant, Constant) and isinstance(constant.value, str) else constant.text)


def _pattern(term: Term) -> str:
    if isinstance(term, Constant):
        return term.value if isinstance(term.value, str) else term.text
    if isinstance(term, Apply) and term.operator == "template":
        return "".join(_pattern(o) for o in term.operands)
    return f"unknown-{hashlib.sha256(term.key.encode()).hexdigest()[:12]}"


def normalized(host: str) -> str:
    """Return a host for comparisons: in lower case, without a final dot."""
    return host.strip().rstrip(".").lower()


def is_below(host: str, zone: str) -> bool:
    """Report that a host is the apex of a zone or below it."""
    return host == zone or host.endswith(f".{zone}")


def covers(pattern: str, host: str) -> bool:
    """Report that the name of a certificate matches a host; `*` matches one label.

    https://www.rfc-editor.org/rfc/rfc6125#section-6.4.3
    """
    if pattern == host:
        return True
    first, _, rest = pattern.partition(".")
    label, _, parent = host.partition(".")
    return first == "*" and label != "" and rest == parent


def zones_of(resource: Resource, graph: Graph) -> list[Resource]:
    """Return the Cloudflare zone of a resource, if this repository declares it."""
    return list(graph.named(resource["zone_id"], ZONE))


def record_name(record: Resource, zone: str | None) -> str:
    """Return the full name of a DNS record; Cloudflare also accepts `@` and names relative to the zone."""
    name = normalized(text_of(record["name"]))
    if zone is None or is_below(name, zone):
        return name
    return zone if name == "@" else f"{name}.{zone}"
