"""Strongly connected components of a directed graph, in linear time and without recursion."""

from collections.abc import Sequence


def components(graph: Sequence[Sequence[int]]) -> list[list[int]]:
    """Return the components of a graph given by its successors, successors first (Tarjan's algorithm)."""
    total = len(graph)
    order = [0] * total  # the order in which the nodes were visited, from 1
    low = [0] * total
    done = [False] * total
    stack: list[int] = []
    found: list[list[int]] = []
    met = 0
    for first in range(total):
        if order[first]:
            continue
        path = [(first, 0)]
        while path:
            node, at = path.pop()
            if at == 0:
                met += 1
                order[node] = low[node] = met
                stack.append(node)
            elif low[graph[node][at - 1]] < low[node] and not done[graph[node][at - 1]]:
                low[node] = low[graph[node][at - 1]]
            successors = graph[node]
            while at < len(successors):
                successor = successors[at]
                at += 1
                if not order[successor]:
                    path.append((node, at))
                    path.append((successor, 0))
                    break
                if not done[successor] and order[successor] < low[node]:
                    low[node] = order[successor]
            else:
                if low[node] == order[node]:
                    component: list[int] = []
                    while not component or component[-1] != node:
                        component.append(stack.pop())
                        done[component[-1]] = True
                    found.append(component[::-1])
    return found
