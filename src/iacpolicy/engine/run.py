"""Run all policies on all cells, and merge the results of several cells and instances."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from iacpolicy.core.diagnostics import Diagnostic, error
from iacpolicy.core.spans import Span
from iacpolicy.engine.assertions import AssertionsOfCell
from iacpolicy.engine.condition_text import condition_text
from iacpolicy.engine.findings import Finding, Passed, Undecided, UndecidedReason
from iacpolicy.engine.group_findings import NodeViolation, addresses_of, group_findings, trace_of_violation
from iacpolicy.engine.verdicts import MAX_WORLDS, PolicyOutcome, judge
from iacpolicy.evaluate.values.terms import Cause, Reason, reasons
from iacpolicy.graph.graph import Graph as CellGraph
from iacpolicy.graph.nodes import Node
from iacpolicy.policy.api import Graph
from iacpolicy.policy.loading import time_limit
from iacpolicy.policy.loading.contained import contained
from iacpolicy.policy.loading.policy import Policy
from iacpolicy.policy.meta import Severity
from iacpolicy.secrets.secret import CellSecrets


class DependentResult(NamedTuple):
    """A result that can change with the value of a variable; `certainty` is `possible` or `undecided`."""

    policy: str
    address: str
    certainty: str


class Results(msgspec.Struct, frozen=True):
    """The merged results of all policies.

    `crashes` has the id of each policy that raised, the first address, and the traceback. `resources` counts those of
    all cells. `dependent` has the results that depend on a variable without a value, by the place of its declaration.
    """

    findings: tuple[Finding, ...] = ()
    undecided: tuple[Undecided, ...] = ()
    passed: tuple[Passed, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    crashes: tuple[tuple[str, str, str], ...] = ()
    resources: int = 0
    dependent: Mapping[Span, Sequence[DependentResult]] = {}


class _NodeResult(msgspec.Struct, frozen=True):
    """The result of one policy for one node in one cell."""

    policy: Policy
    node: Node
    cell: int
    violations: tuple[NodeViolation, ...]
    undecided: tuple[Reason, ...]
    undecided_at: Span
    hints: tuple[Diagnostic, ...]
    crash: str | None
    passed: bool


def run(
    policies: Sequence[Policy],
    graphs: Sequence[CellGraph],
    secrets: Mapping[int, CellSecrets],
    severities: Mapping[str, Severity],
    limit: int = MAX_WORLDS,
    progress: Callable[[int, int], None] | None = None,
    seconds: float = time_limit.SECONDS,
) -> Results:
    """Run every policy on every node of its types in every cell, and return the merged results.

    `secrets` has those of each cell by its index. `limit` is the number of possible worlds of one policy and node, and
    `seconds` their time limit. `progress` is called with the number of finished cells and of all cells.
    """
    with contained(), time_limit.watched(seconds):
        results = [*_node_results(policies, graphs, secrets, limit, progress)]
    findings = group_findings([violation for result in results for violation in result.violations], severities)
    crashes = _crashes(results)
    return Results(
        findings=findings,
        undecided=_undecided(results),
        passed=_passed(results),
        diagnostics=(*(h for r in results for h in r.hints), *(_crash_problem(crash) for crash in crashes)),
        crashes=tuple((r.policy.id, r.node.address, r.crash) for r in crashes if r.crash is not None),
        resources=sum(1 for graph in graphs for node in graph.nodes if node.kind == "resource"),
        dependent=_dependent(results),
    )


def _node_results(
    policies: Sequence[Policy],
    graphs: Sequence[CellGraph],
    secrets: Mapping[int, CellSecrets],
    limit: int,
    progress: Callable[[int, int], None] | None,
) -> Iterator[_NodeResult]:
    """Yield the result of each policy and node; a policy that ran out of time is not run again."""
    everything = tuple(graphs)
    memo: dict[Hashable, Any] = {}
    stopped: set[str] = set()
    for done, cell_graph in enumerate(graphs):
        graph = Graph(cell_graph, everything, secrets, memo)
        assertions = AssertionsOfCell(cell_graph)
        for policy in policies:
            for node in _nodes(cell_graph, policy.meta.on):
                if policy.id in stopped:
                    break
                outcome = judge(policy, node, graph, assertions.of, limit)
                if outcome.is_out_of_time:
                    stopped.add(policy.id)
                if not outcome.is_absent:
                    yield _node_result(policy, node, cell_graph.index, outcome)
        if progress is not None:
            progress(done + 1, len(everything))


def _nodes(graph: CellGraph, on: Iterable[str]) -> Iterable[Node]:
    """Yield the nodes of some types, each once."""
    seen: set[int] = set()
    for name in on:
        for node in graph.of(name):
            if id(node) not in seen:
                seen.add(id(node))
                yield node


def _node_result(policy: Policy, node: Node, cell: int, outcome: PolicyOutcome) -> _NodeResult:
    if outcome.passed:
        return _NodeResult(policy, node, cell, (), (), node.place, outcome.hints, None, passed=True)
    certain = (NodeViolation(policy, node, seen, cell, None, trace_of_violation(seen)) for seen in outcome.certain)
    possible = (
        NodeViolation(policy, node, seen, cell, condition_text(paths), trace_of_violation(seen), paths)
        for seen, paths in outcome.possible
    )
    return _NodeResult(
        policy,
        node,
        cell,
        (*certain, *possible),
        outcome.undecided,
        outcome.undecided_at or node.place,
        outcome.hints,
        outcome.crash,
        passed=False,
    )


def _crashes(results: Iterable[_NodeResult]) -> list[_NodeResult]:
    """Return the first crash of each policy."""
    found: dict[str, _NodeResult] = {}
    for result in results:
        if result.crash is not None:
            found.setdefault(result.policy.id, result)
    return list(found.values())


def _crash_problem(result: _NodeResult) -> Diagnostic:
    last_line = (result.crash or "").strip().rpartition("\n")[2]
    return error(
        f"Policy {result.policy.id} failed",
        f"It failed on {result.node.address}: {last_line}. The other policies ran; --debug shows the traceback.",
        result.node.place,
    )


def _undecided(results: Iterable[_NodeResult]) -> tuple[Undecided, ...]:
    """Return what is undecided, merged over cells and sorted by place."""
    found: dict[tuple[Span, str, str], tuple[dict[Reason, None], list[int]]] = {}
    for result in results:
        if result.undecided:
            key = (result.undecided_at, result.policy.id, result.node.address)
            why, cells = found.setdefault(key, ({}, []))
            why.update(dict.fromkeys(result.undecided))
            cells.append(result.cell)
    return tuple(
        Undecided(policy, address, place, tuple(UndecidedReason(r.text, r.location) for r in why), tuple(cells))
        for (place, policy, address), (why, cells) in sorted(found.items(), key=lambda item: item[0])
    )


def _passed(results: Iterable[_NodeResult]) -> tuple[Passed, ...]:
    """Return what passed, merged over cells and sorted by place."""
    found: dict[tuple[Span, str, str], list[int]] = {}
    for result in results:
        if result.passed:
            found.setdefault((result.node.place, result.policy.id, result.node.address), []).append(result.cell)
    return tuple(
        Passed(policy, address, place, tuple(cells))
        for (place, policy, address), cells in sorted(found.items(), key=lambda item: item[0])
    )


def _dependent(results: Iterable[_NodeResult]) -> dict[Span, list[DependentResult]]:
    """Return the results that depend on variables without a value, each once, by the place of the variable."""
    found: dict[Span, dict[DependentResult, None]] = {}
    for result in results:
        for dependent, reason in _reasons(result):
            if reason.cause is Cause.VARIABLE and reason.location is not None:
                found.setdefault(reason.location, {})[dependent] = None
    return {place: list(dependent) for place, dependent in found.items()}


def _reasons(result: _NodeResult) -> Iterator[tuple[DependentResult, Reason]]:
    """Yield the reasons why a result is possible or undecided."""
    for violation in result.violations:
        possible = DependentResult(result.policy.id, addresses_of(violation)[0], "possible")
        for path in violation.paths:
            for decision in path:
                for reason in reasons(decision.atom):
                    yield possible, reason
    if result.undecided:
        undecided = DependentResult(result.policy.id, result.node.address, "undecided")
        for reason in result.undecided:
            yield undecided, reason
