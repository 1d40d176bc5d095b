"""Secrets written in the configuration: where each stands, where it goes, and the way between.

They are looked for in every run, because the redaction of all output hangs on them, whichever policies are asked.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain

from iacpolicy.core.diagnostics import Diagnostic
from iacpolicy.core.tree import Tree
from iacpolicy.graph.graph import Graph
from iacpolicy.secrets.search.companion_files import secrets_beside
from iacpolicy.secrets.search.root_search import RootSecrets, Shared
from iacpolicy.secrets.search.sql_files import sql_secrets
from iacpolicy.secrets.secret import UNSHOWN, Secret

__all__ = ["Secret", "find_secrets"]


def find_secrets(
    graphs: Sequence[Graph],
    tree: Tree | None = None,
    selected: Sequence[str] = (),
    problems: list[Diagnostic] | None = None,
) -> list[Secret]:
    """The secrets of all cells, sorted by place: one for a literal, however many cells, instances and sinks it has.

    Each graph is told its own in `Graph.secrets`. `selected` are the paths that the run is about, if not all.
    What could not be looked through is added to `problems`.
    """
    unread: dict[str, Diagnostic] = {}
    found: dict[tuple[str, int, int], Secret] = {}
    unshown: dict[Secret, None] = {}
    searches = (
        _configured(graphs, unread),
        sql_secrets(graphs, tree, unread),
        secrets_beside(graphs, tree, selected, unread),
    )
    for secret in chain.from_iterable(searches):
        if secret.place is None or secret.kind == UNSHOWN:
            unshown.setdefault(secret)
            continue
        key = (secret.place.path, secret.place.line, secret.place.column)
        known = found.get(key)
        found[key] = secret if known is None else _joined(known, secret)
    ordered = sorted(found.values(), key=lambda s: (s.place, s.address))
    for graph in graphs:
        graph.secrets = tuple(s for s in ordered if graph.index in s.cells)
    if problems is not None:
        problems.extend(unread[path] for path in sorted(unread))
    return [*ordered, *unshown]


def _joined(first: Secret, second: Secret) -> Secret:
    return replace(
        first,
        cells=tuple(sorted({*first.cells, *second.cells})),
        addresses=tuple(dict.fromkeys((*first.addresses, *second.addresses))),
    )


def _configured(graphs: Sequence[Graph], unread: dict[str, Diagnostic]) -> Iterator[Secret]:
    by_root: dict[str, list[Graph]] = {}
    for graph in graphs:
        if graph.root is not None:
            by_root.setdefault(graph.cell.root, []).append(graph)
    shared = Shared(unread=unread)
    for cells in by_root.values():
        yield from RootSecrets(cells, shared).found()
