"""Findings from violations: one finding for equal violations of several instances and cells."""

from collections.abc import Iterable, Mapping

import msgspec

from iacpolicy.engine.findings import Certainty, Finding, TraceStep
from iacpolicy.engine.fingerprints import fingerprint
from iacpolicy.engine.traces import trace_of, trace_to
from iacpolicy.engine.verdicts import DecisionPath, SeenViolation
from iacpolicy.evaluate.values.addresses import without_keys
from iacpolicy.graph.nodes import Node
from iacpolicy.policy.api import Resource
from iacpolicy.policy.attributes.attribute import Attribute
from iacpolicy.policy.loading.policy import Policy
from iacpolicy.policy.meta import Severity

MAX_MESSAGES = 3


class NodeViolation(msgspec.Struct, frozen=True):
    """One violation of one node in one cell; a possible one has its condition and its decision paths."""

    policy: Policy
    node: Node
    seen: SeenViolation
    cell: int
    condition: str | None
    trace: tuple[TraceStep, ...]
    paths: tuple[DecisionPath, ...] = ()


def trace_of_violation(seen: SeenViolation) -> tuple[TraceStep, ...]:
    """Return the related resources of a violation and the steps of its value, the place of the finding last."""
    steps: tuple[TraceStep, ...] = ()
    secret = seen.violation.secret
    if isinstance(seen.violation.at, Attribute):
        steps = trace_of(seen.violation.at)
    elif secret is not None and secret.trace is not None:
        steps = trace_to(secret.trace)
    own = (seen.place.path, seen.place.line)
    others = tuple(
        TraceStep("resource", place.path, place.line, word)
        for word, place in seen.violation.also
        if (place.path, place.line) != own
    )
    return (*others, *steps)


def group_findings(violations: Iterable[NodeViolation], severities: Mapping[str, Severity]) -> tuple[Finding, ...]:
    """Return one finding for all violations at one place with one cause, with its instances and cells.

    A violation that is certain in one cell and possible in another is certain, in the cells where it is certain. The
    conditions of the others are in the message.
    """
    groups: dict[tuple[object, ...], list[NodeViolation]] = {}
    for violation in violations:
        groups.setdefault(_group(violation), []).append(violation)
    findings = [_finding(group, severities) for group in groups.values()]
    return tuple(sorted(findings, key=lambda f: (f.location, f.policy, f.address, f.message, f.fingerprint)))


def _group(result: NodeViolation) -> tuple[object, ...]:
    """Return what the violations of one finding have in common."""
    return (
        result.policy.id,
        result.seen.place,
        result.seen.key[2],
        result.seen.violation.cause,
        result.seen.violation.message,
        without_keys(addresses_of(result)[0]),
        _places_in_root(result),
    )


def addresses_of(result: NodeViolation) -> tuple[str, ...]:
    """Return the addresses of a violation.

    These are the node, for a root module the resource that contains the place, and for a secret its sinks.
    """
    secret, at = result.seen.violation.secret, result.seen.violation.at
    if secret is not None:
        return (secret.address, *secret.addresses)
    owner = at.owner if isinstance(at, Attribute) and result.node.kind == "root" else None
    return (owner.address if isinstance(owner, Resource) else result.node.address,)


def _places_in_root(result: NodeViolation) -> tuple[object, ...]:
    """Return the places of a value's trace without its inputs: instances with different traces stay apart."""
    return tuple((h.path, h.line) for h in result.trace if h.kind not in ("tfvars", "env", "cli", "default"))


def _finding(group: list[NodeViolation], severities: Mapping[str, Severity]) -> Finding:
    certain = [r for r in group if r.condition is None]
    chosen = certain or group
    first = chosen[0]
    violation = first.seen.violation
    violations = [v for r in chosen for v in (r.seen.violation, *r.seen.others)]
    messages = list(dict.fromkeys(v.message for v in violations))
    fixes = list(dict.fromkeys(v.fix for v in violations if v.fix))
    message = " or ".join(messages[:MAX_MESSAGES])
    conditions = list(dict.fromkeys(r.condition for r in group if r.condition is not None))
    if certain and conditions:
        message += f" (elsewhere {'; '.join(conditions)})"
    addresses = tuple(dict.fromkeys(a for r in chosen for a in addresses_of(r)))
    path = first.seen.path or None
    return Finding(
        policy=first.policy.id,
        severity=severities.get(first.policy.id, first.policy.meta.severity),
        certainty=Certainty.CERTAIN if certain else Certainty.POSSIBLE,
        condition=None if certain else " or ".join(conditions),
        message=message,
        fix="\n".join(fixes[:MAX_MESSAGES]) or None,
        address=addresses[0],
        attribute=path,
        location=first.seen.place,
        trace=first.trace,
        cells=tuple(sorted({r.cell for r in chosen})),
        addresses=addresses,
        fingerprint=fingerprint(first.policy.id, addresses[0], path, violation.cause),
    )
