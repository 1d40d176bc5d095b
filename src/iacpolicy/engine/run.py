"""All policies over all cells, and the results of several cells and instances brought together."""

import hashlib
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from iacpolicy.core.diagnostics import Diagnostic, error
from iacpolicy.core.spans import Span
from iacpolicy.engine.assertions import AssertionsOfCell
from iacpolicy.engine.condition_text import condition_text
from iacpolicy.engine.findings import Certainty, Finding, Passed, TraceStep, Undecided, UndecidedReason
from iacpolicy.engine.traces import trace_of, trace_to
from iacpolicy.engine.verdicts import MAX_WORLDS, PolicyOutcome, SeenViolation, judge
from iacpolicy.evaluate.values.terms import Cause, Reason, reasons
from iacpolicy.graph.graph import Graph as CellGraph
from iacpolicy.graph.nodes import Node
from iacpolicy.policy.api import Graph, Resource
from iacpolicy.policy.attributes.attribute import Attribute
from iacpolicy.policy.loading import time_limit
from iacpolicy.policy.loading.contained import contained
from iacpolicy.policy.loading.policy import Policy
from iacpolicy.policy.meta import Severity
from iacpolicy.secrets.secret import CellSecrets

MAX_MESSAGES = 3


class DependentResult(NamedTuple):
    """A result that would be another if a variable had a value."""

    policy: str
    address: str
    certainty: str


class Results(msgspec.Struct):
    """What the engine found.

    `crashes` names each policy that raised, with its first address and traceback; `dependent` what hangs on a variable
    without a value, by the variable's place.
    """

    findings: list[Finding] = msgspec.field(default_factory=list)
    undecided: list[Undecided] = msgspec.field(default_factory=list)
    passed: list[Passed] = msgspec.field(default_factory=list)
    diagnostics: list[Diagnostic] = msgspec.field(default_factory=list)
    crashes: list[tuple[str, str, str]] = msgspec.field(default_factory=list)
    resources: int = 0
    dependent: dict[Span, dict[DependentResult, None]] = msgspec.field(default_factory=dict)


class _Result(msgspec.Struct, frozen=True):
    """One violation of one node in one cell."""

    policy: Policy
    node: Node
    seen: SeenViolation
    cell: int
    condition: str | None
    trace: tuple[TraceStep, ...]


def run(
    policies: Sequence[Policy],
    graphs: Sequence[CellGraph],
    secrets: Mapping[int, CellSecrets],
    severities: Mapping[str, Severity],
    limit: int = MAX_WORLDS,
    progress: Callable[[int, int], None] | None = None,
    seconds: float = time_limit.SECONDS,
) -> Results:
    """Run every policy on every node of its types, in every cell.

    `secrets` are those of each cell by its index; `seconds` is the time limit of one policy for one node.
    """
    with contained(), time_limit.watched(seconds):
        return _run(policies, graphs, secrets, severities, limit, progress)


def _run(
    policies: Sequence[Policy],
    graphs: Sequence[CellGraph],
    secrets: Mapping[int, CellSecrets],
    severities: Mapping[str, Severity],
    limit: int,
    progress: Callable[[int, int], None] | None,
) -> Results:
    results = Results()
    raw: list[_Result] = []
    undecided: dict[tuple[str, str, Span], tuple[list[Reason], list[int]]] = {}
    passed: dict[tuple[str, str, Span], list[int]] = {}
    everything = tuple(graphs)
    memo: dict[Hashable, Any] = {}
    stopped: set[str] = set()
    for done, cell_graph in enumerate(graphs):
        graph = Graph(cell_graph, everything, secrets, memo)
        assertions = AssertionsOfCell(cell_graph)
        results.resources += sum(1 for n in cell_graph.nodes if n.kind == "resource")
        for policy in policies:
            for node in _nodes(cell_graph, policy.meta.on):
                if policy.id in stopped:
                    break
                outcome = judge(policy, node, graph, assertions.of, limit)
                if outcome.is_out_of_time:
                    stopped.add(policy.id)
                _take(policy, node, cell_graph.index, outcome, raw, undecided, passed, results)
        if progress is not None:
            progress(done + 1, len(everything))
    results.findings = _gathered(raw, severities)
    failing = {(f.policy, a) for f in results.findings for a in f.addresses}
    results.undecided = [
        Undecided(
            policy, address, place, tuple(UndecidedReason(r.text, r.location) for r in dict.fromkeys(why)), tuple(cells)
        )
        for (policy, address, place), (why, cells) in sorted(undecided.items(), key=lambda item: _order(item[0]))
    ]
    results.passed = [
        Passed(policy, address, place, tuple(cells))
        for (policy, address, place), cells in sorted(passed.items(), key=lambda item: _order(item[0]))
        if (policy, address) not in failing or cells
    ]
    return results


def _order(key: tuple[str, str, Span]) -> tuple[Span, str, str]:
    policy, address, place = key
    return place, policy, address


def _nodes(graph: CellGraph, on: Iterable[str]) -> Iterable[Node]:
    seen: set[int] = set()
    for name in on:
        for node in graph.of(name):
            if id(node) not in seen:
                seen.add(id(node))
                yield node


def _take(
    policy: Policy,
    node: Node,
    cell: int,
    outcome: PolicyOutcome,
    raw: list[_Result],
    undecided: dict[tuple[str, str, Span], tuple[list[Reason], list[int]]],
    passed: dict[tuple[str, str, Span], list[int]],
    results: Results,
) -> None:
    if outcome.crash is not None:
        if all(known != policy.id for known, _, _ in results.crashes):
            last = outcome.crash.strip().rpartition("\n")[2]
            results.crashes.append((policy.id, node.address, outcome.crash))
            results.diagnostics.append(
                error(
                    f"Policy {policy.id} failed",
                    f"It failed over {node.address}: {last}. The other policies ran; --debug shows the traceback.",
                    node.place,
                )
            )
        return
    results.diagnostics.extend(outcome.hints)
    for seen in outcome.certain:
        raw.append(_Result(policy, node, seen, cell, None, _trace(seen)))
    for seen, ways in outcome.possible:
        raw.append(_Result(policy, node, seen, cell, condition_text(ways), _trace(seen)))
        causes = (r for way in ways for d in way for r in reasons(d.atom))
        _hang(results, policy.id, _addresses(raw[-1])[0], "possible", causes)
    if outcome.undecided:
        place = outcome.undecided_at or node.place
        why, cells = undecided.setdefault((policy.id, node.address, place), ([], []))
        why.extend(outcome.undecided)
        _hang(results, policy.id, node.address, "undecided", outcome.undecided)
        cells.append(cell)
    if outcome.passed:
        passed.setdefault((policy.id, node.address, node.place), []).append(cell)


def _hang(results: Results, policy: str, address: str, certainty: str, why: Iterable[Reason]) -> None:
    """Take down which variables without a value a result hangs on."""
    for reason in why:
        if reason.cause is Cause.VARIABLE and reason.location is not None:
            results.dependent.setdefault(reason.location, {})[DependentResult(policy, address, certainty)] = None


def _trace(seen: SeenViolation) -> tuple[TraceStep, ...]:
    hops: tuple[TraceStep, ...] = ()
    secret = seen.violation.secret
    if isinstance(seen.violation.at, Attribute):
        hops = trace_of(seen.violation.at)
    elif secret is not None and secret.trace is not None:
        hops = trace_to(secret.trace)
    own = (seen.place.path, seen.place.line)
    others = tuple(
        TraceStep("resource", place.path, place.line, word)
        for word, place in seen.violation.also
        if (place.path, place.line) != own
    )
    return (*others, *hops)


def _gathered(raw: Sequence[_Result], severities: Mapping[str, Severity]) -> list[Finding]:
    """Results at one place with one cause as one finding that names its instances and cells.

    Certain in one cell and possible in another is certain, in the cells where it is; the condition of the others goes
    into the message.
    """
    groups: dict[tuple[object, ...], list[_Result]] = {}
    for result in raw:
        groups.setdefault(_group(result), []).append(result)
    findings = [_finding(group, severities) for group in groups.values()]
    return sorted(findings, key=lambda f: (f.location, f.policy, f.address, f.message, f.fingerprint))


def _group(result: _Result) -> tuple[object, ...]:
    message = result.seen.violation.message
    return (
        result.policy.id,
        result.seen.place,
        result.seen.key[2],
        result.seen.violation.cause,
        message,
        _template(_addresses(result)[0]),
        _written(result),
    )


def _addresses(result: _Result) -> tuple[str, ...]:
    """What a result speaks of: the node, of a root the resource that the place is in, or the sinks of a secret."""
    secret, at = result.seen.violation.secret, result.seen.violation.at
    if secret is not None:
        return (secret.address, *secret.addresses)
    owner = at.owner if isinstance(at, Attribute) and result.node.kind == "root" else None
    return (owner.address if isinstance(owner, Resource) else result.node.address,)


def _written(result: _Result) -> tuple[object, ...]:
    """Where the value was written inside the root: instances whose values differ in place stay apart."""
    return tuple((h.path, h.line) for h in result.trace if h.kind not in ("tfvars", "env", "cli", "default"))


def _finding(group: list[_Result], severities: Mapping[str, Severity]) -> Finding:
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
    addresses = tuple(dict.fromkeys(a for r in chosen for a in _addresses(r)))
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


def fingerprint(policy: str, address: str, attribute: str | None, cause: str) -> str:
    """The identity of a finding over time: `v1:` and a hash of what it is about; never of a value or a line."""
    text = "\0".join((policy, _template(address), _template(attribute or ""), cause))
    return "v1:" + hashlib.sha256(text.encode()).hexdigest()[:24]


def _template(address: str) -> str:
    """An address or path without the keys in its brackets."""
    out: list[str] = []
    depth = 0
    quoted = False
    previous = ""
    for char in address:
        if char == '"' and depth and previous != "\\":
            quoted = not quoted
        if char == "[" and not quoted:
            depth += 1
        if not depth:
            out.append(char)
        if char == "]" and not quoted and depth:
            depth -= 1
        previous = char
    return "".join(out)


def distinguished(findings: Sequence[Finding]) -> list[Finding]:
    """Findings whose fingerprints would be equal, numbered in their order so that each has its own."""
    seen: dict[str, int] = {}
    result: list[Finding] = []
    for finding in findings:
        count = seen.get(finding.fingerprint, 0)
        seen[finding.fingerprint] = count + 1
        mark = hashlib.sha256(f"{finding.fingerprint}#{count}".encode()).hexdigest()[:24]
        result.append(msgspec.structs.replace(finding, fingerprint=f"v1:{mark}") if count else finding)
    return result
