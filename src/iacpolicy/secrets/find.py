"""The search for secrets over all cells of a run.

Every run searches, whichever policies it runs, because the redaction of all output needs the result.
"""

from collections.abc import Iterator, Sequence
from itertools import chain

from msgspec import structs
from msgspec.structs import replace

from iacpolicy.core.diagnostics import Diagnostic
from iacpolicy.core.tree import Tree
from iacpolicy.graph.graph import Graph
from iacpolicy.secrets.search.companion_files import companion_secrets
from iacpolicy.secrets.search.results import found_secrets
from iacpolicy.secrets.search.root_search import RootSearch, SharedSearch
from iacpolicy.secrets.search.sql_files import sql_secrets
from iacpolicy.secrets.secret import FoundSecrets, Secret


def find_secrets(graphs: Sequence[Graph], tree: Tree | None = None, selected: Sequence[str] = ()) -> FoundSecrets:
    """Return the secrets of all cells, one for each literal, however many cells, instances and sinks it has.

    `selected` are the paths that the run is limited to, if any. Without a `tree`, only the Terraform files of the
    graphs are searched.
    """
    found = found_secrets(
        chain(_configured(graphs), sql_secrets(graphs, tree), companion_secrets(graphs, tree, selected))
    )
    by_place: dict[tuple[str, int, int], Secret] = {}
    for secret in found.secrets:
        assert secret.place is not None
        key = (secret.place.path, secret.place.line, secret.place.column)
        known = by_place.get(key)
        by_place[key] = secret if known is None else _joined(known, secret)
    ordered = sorted(by_place.values(), key=lambda s: (s.place, s.address))
    return structs.replace(found, secrets=tuple(ordered))


def _joined(first: Secret, second: Secret) -> Secret:
    return replace(
        first,
        cells=tuple(sorted({*first.cells, *second.cells})),
        addresses=tuple(dict.fromkeys((*first.addresses, *second.addresses))),
    )


def _configured(graphs: Sequence[Graph]) -> Iterator[Secret | Diagnostic]:
    by_root: dict[str, list[Graph]] = {}
    for graph in graphs:
        if graph.root is not None:
            by_root.setdefault(graph.cell.root, []).append(graph)
    shared = SharedSearch()
    for cells in by_root.values():
        yield from RootSearch(cells, shared).search()
