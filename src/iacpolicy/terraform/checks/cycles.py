"""Values that depend on themselves.

A cycle is reported once, at its first reference, as the shortest path back to it.
"""

from collections import deque
from collections.abc import Iterator

from iacpolicy.core.diagnostics import Diagnostic, error
from iacpolicy.terraform.checks.dependencies import Dependencies, ReferencePlace
from iacpolicy.terraform.components import components

MAX_SHOWN = 20


def cycles(graph: Dependencies, path: tuple[str, ...]) -> Iterator[Diagnostic]:
    """Yield the cycles of a module; `path` are the calls from the root to it."""
    prefix = "".join(f"module.{name}." for name in path)
    successors = [tuple(s) for s in graph.successors]
    for component in components(successors):
        first = component[0]
        if len(component) == 1 and first not in graph.successors[first]:
            continue
        source, target, place = _first_reference(graph, set(component))
        cycle = [source, *_path(graph, set(component), target, source)]
        labels: list[str] = []
        for node in cycle:
            label = graph.labels[node]
            if label and (len(cycle) == 2 or not labels or labels[-1] != prefix + label):
                labels.append(prefix + label)
        if len(labels) > MAX_SHOWN:
            left_out = len(labels) - MAX_SHOWN
            labels[MAX_SHOWN // 2 : -MAX_SHOWN // 2] = [f"… {left_out} more …"]
        yield error(
            "Cycle",
            f"These values depend on each other in a cycle: {' → '.join(labels)}.",
            place.source.span(place.start, place.end),
        )
    if graph.too_large:
        yield error(
            "Too many dependencies",
            "This module has too many references to search for all cycles (limit: dependencies of one module).",
            graph.module.place,
        )


def _first_reference(graph: Dependencies, component: set[int]) -> tuple[int, int, ReferencePlace]:
    found = [
        (place.source.path, place.start, source, target, place)
        for source in component
        for target, place in graph.successors[source].items()
        if place is not None and target in component
    ]
    _, _, source, target, place = min(found, key=lambda entry: entry[:4])
    return source, target, place


def _path(graph: Dependencies, component: set[int], start: int, goal: int) -> list[int]:
    """Return the nodes of the shortest path within a component, both ends included."""
    came_from: dict[int, int] = {start: start}
    pending = deque([start])
    while goal not in came_from:
        node = pending.popleft()
        for successor in graph.successors[node]:
            if successor in component and successor not in came_from:
                came_from[successor] = node
                pending.append(successor)
    path = [goal]
    while path[-1] != start:
        path.append(came_from[path[-1]])
    return path[::-1]
