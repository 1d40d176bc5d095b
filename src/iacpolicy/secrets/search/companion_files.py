"""Secrets of files that belong to a cell although no expression reads them: environment files and dashboards.

Other JSON and YAML is searched only where an expression reads it, because its sink is known there.
"""

from collections.abc import Iterator, Sequence

from iacpolicy.core.diagnostics import Diagnostic
from iacpolicy.core.sources import SourceFile
from iacpolicy.core.tree import Tree, parent
from iacpolicy.graph.graph import Graph
from iacpolicy.secrets.secret import Secret, secret_in_file
from iacpolicy.secrets.text.embedded import environment_secrets, secrets_in
from iacpolicy.secrets.text.limits import problems_of
from iacpolicy.terraform.roots import is_within

MAX_FILES = 5_000
_EXAMPLES = ("example", "sample", "template", "tmpl", "tpl", "dist", "defaults")


def is_environment_file(path: str) -> bool:
    """Return whether a path has the name of an environment file, and not that of an example."""
    name = path.rpartition("/")[2].lower()
    is_called = name.startswith((".env", ".dev.vars")) or name.endswith(".env")
    return is_called and not any(part in _EXAMPLES for part in name.replace("-", ".").replace("_", ".").split("."))


def companion_secrets(
    graphs: Sequence[Graph], tree: Tree | None, selected: Sequence[str]
) -> Iterator[Secret | Diagnostic]:
    """Yield the secrets of environment files and dashboards, and the problems of files that were not searched.

    `selected` are the paths that the run is limited to, if any.
    """
    if tree is None:
        return
    wanted = tuple(path for path in selected if path)
    paths = [p for p in tree.paths() if is_environment_file(p) and _is_under(p, wanted)]
    for path in paths[:MAX_FILES]:
        cells = _cells(graphs, path)
        source = tree.read(path)
        if isinstance(source, Diagnostic):
            yield source
        elif cells:
            yield from problems_of(source)
            for name, text_range in environment_secrets(source.text):
                yield secret_in_file(source, text_range, name, cells)
    for path, cells in _dashboards(graphs).items():
        source = tree.read(path)
        if isinstance(source, SourceFile):
            found = secrets_in(source.text, True)
            yield from problems_of(source, len(found))
            for text_range in found:
                yield secret_in_file(source, text_range, cells=cells)


def _dashboards(graphs: Sequence[Graph]) -> dict[str, tuple[int, ...]]:
    """Return the files of dashboards, each with the cells it belongs to."""
    found: dict[str, list[int]] = {}
    for graph in graphs:
        for node in graph.of("dashboard"):
            if node.place.path.endswith(".json") and not node.place.path.endswith(".tf.json"):
                found.setdefault(node.place.path, []).append(graph.index)
    return {path: tuple(dict.fromkeys(cells)) for path, cells in found.items()}


def _is_under(path: str, wanted: tuple[str, ...]) -> bool:
    return not wanted or any(is_within(path, one) for one in wanted)


def _cells(graphs: Sequence[Graph], path: str) -> tuple[int, ...]:
    """Return the cells whose root is nearest above a file; if none is, those below its directory, else all."""
    directory = parent(path)
    roots = {g.index: g.cell.root for g in graphs}
    above = {i: root for i, root in roots.items() if not root or directory == root or directory.startswith(f"{root}/")}
    if above:
        nearest = max(len(root) for root in above.values())
        return tuple(i for i, root in above.items() if len(root) == nearest)
    below = tuple(i for i, root in roots.items() if not directory or root.startswith(f"{directory}/"))
    return below or tuple(roots)
