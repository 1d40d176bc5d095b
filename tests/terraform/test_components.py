"""Strongly connected components against the definition."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from iacpolicy.terraform.components import components

GRAPHS = st.integers(0, 8).flatmap(
    lambda size: st.lists(st.lists(st.integers(0, max(size - 1, 0)), max_size=size), min_size=size, max_size=size)
)


def reachable(graph: list[list[int]], start: int) -> set[int]:
    seen = {start}
    pending = [start]
    while pending:
        for node in graph[pending.pop()]:
            if node not in seen:
                seen.add(node)
                pending.append(node)
    return seen


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(GRAPHS)
def test_components(graph: list[list[int]]) -> None:
    """Two nodes are in one component if each reaches the other; successors come first."""
    found = components(graph)
    assert sorted(n for c in found for n in c) == list(range(len(graph)))
    number = {node: index for index, component in enumerate(found) for node in component}
    for node in range(len(graph)):
        for other in reachable(graph, node):
            together = node in reachable(graph, other)
            assert (number[node] == number[other]) == together
            assert number[other] <= number[node]
