"""Secrets of files that stand beside the configuration for themselves: environment files and dashboards.

Other JSON and YAML counts where an expression reads it, for there it is known what it is good for.
"""

from collections.abc import Iterator, Sequence

from iacpolicy.core.diagnostics import Diagnostic
from iacpolicy.core.sources import SourceFile
from iacpolicy.core.tree import Tree, parent
from iacpolicy.graph.graph import Graph
from iacpolicy.secrets.secret import LITERAL, Secret
from iacpolicy.secrets.text.embedded import environment_secrets, secrets_in
from iacpolicy.secrets.text.limits import problems_of
from iacpolicy.secrets.text.tokens import Stretch

MAX_FILES = 5_000
_EXAMPLES = ("example", "sample", "template", "tmpl", "tpl", "dist", "defaults")


def is_environment_file(path: str) -> bool:
    """Whether a file is called as files of environment variables are, and not as an example of one."""
    name = path.rpartition("/")[2].lower()
    is_called = name.startswith((".env", ".dev.vars")) or name.endswith(".env")
    return is_called and not any(part in _EXAMPLES for part in name.replace("-", ".").replace("_", ".").split("."))


def secrets_beside(
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
            for name, stretch in environment_secrets(source.text):
                yield _secret(source, stretch, path, name, cells)
    for path, cells in _dashboards(graphs).items():
        source = tree.read(path)
        if isinstance(source, SourceFile):
            found = secrets_in(source.text, True)
            yield from problems_of(source, len(found))
            for stretch in found:
                yield _secret(source, stretch, path, "", cells)


def _dashboards(graphs: Sequence[Graph]) -> dict[str, tuple[int, ...]]:
    """The files of dashboards, and the cells in which each is."""
    found: dict[str, list[int]] = {}
    for graph in graphs:
        for node in graph.of("dashboard"):
            if node.place.path.endswith(".json") and not node.place.path.endswith(".tf.json"):
                found.setdefault(node.place.path, []).append(graph.index)
    return {path: tuple(dict.fromkeys(cells)) for path, cells in found.items()}


def _is_under(path: str, wanted: tuple[str, ...]) -> bool:
    return not wanted or any(path == one or path.startswith(f"{one}/") for one in wanted)


def _cells(graphs: Sequence[Graph], path: str) -> tuple[int, ...]:
    """The cells whose root is nearest above a file; those below it, or all, where none is above."""
    directory = parent(path)
    roots = {g.index: g.cell.root for g in graphs}
    above = {i: root for i, root in roots.items() if not root or directory == root or directory.startswith(f"{root}/")}
    if above:
        nearest = max(len(root) for root in above.values())
        return tuple(i for i, root in above.items() if len(root) == nearest)
    below = tuple(i for i, root in roots.items() if not directory or root.startswith(f"{directory}/"))
    return below or tuple(roots)


def _secret(source: SourceFile, stretch: Stretch, path: str, name: str, cells: tuple[int, ...]) -> Secret:
    text, place = source.text[stretch[0] : stretch[1]], source.span(*stretch)
    return Secret(text, place, LITERAL, path, name, (path,), None, f"{path}.{name}" if name else path, cells)
