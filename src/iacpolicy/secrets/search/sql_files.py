"""Secrets in migrations, such as `create role … password '…'` and connection strings."""

from collections.abc import Iterator, Sequence

from iacpolicy.core.diagnostics import Diagnostic
from iacpolicy.core.sources import SourceFile
from iacpolicy.core.tree import Tree, parent
from iacpolicy.graph.graph import Graph
from iacpolicy.secrets.secret import Secret, secret_in_file
from iacpolicy.secrets.text.limits import problems_of

MAX_FILES = 5_000


def sql_secrets(graphs: Sequence[Graph], tree: Tree | None) -> Iterator[Secret | Diagnostic]:
    """Yield the secrets of migrations in a directory with tables of a cell, or under its root."""
    if tree is None:
        return
    paths = [p for p in tree.paths() if p.endswith(".sql")][:MAX_FILES]
    if not paths:
        return
    from iacpolicy.secrets.text.sql_passwords import sql_passwords  # slow to import
    from iacpolicy.sql.migrations.read_file import read_sql_file

    homes = [
        (g.index, g.cell.root, {parent(n.place.path) for n in g.nodes if n.kind.startswith("sql.")}) for g in graphs
    ]
    for path in paths:
        directory = parent(path)
        cells = tuple(index for index, _, directories in homes if directory in directories)
        if not cells:
            cells = tuple(i for i, root, _ in homes if not root or directory == root or path.startswith(root + "/"))
        if not cells:
            continue
        source = read_sql_file(tree, path)
        if not isinstance(source, SourceFile):
            continue
        yield from problems_of(source)
        for start, end in sql_passwords(source.text):
            yield secret_in_file(source, (start, end), cells=cells)
