"""Notes about variables without a value in some cells, with the results that depend on them."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from iacpolicy.core.diagnostics import Diagnostic, note
from iacpolicy.core.spans import Span
from iacpolicy.engine.run import DependentResult
from iacpolicy.graph.graph import Graph
from iacpolicy.terraform.config import Variable

MAX_NAMED = 10


def unset_variables(graphs: Sequence[Graph], dependent: Mapping[Span, Collection[DependentResult]]) -> list[Diagnostic]:
    """Return a note for each root variable that has no default and no value in some cell."""
    cells: dict[tuple[str, str], list[Graph]] = {}
    variables: dict[tuple[str, str], Variable] = {}
    for graph in graphs:
        root = graph.root
        for name, variable in root.module.variables.items() if root is not None else ():
            if root is not None and variable.default is None and name not in root.session.assignments:
                cells.setdefault((graph.cell.root, name), []).append(graph)
                variables.setdefault((graph.cell.root, name), variable)
    everywhere = {key: sum(g.cell.root == key[0] and g.root is not None for g in graphs) for key in cells}
    return [
        _note(variables[key], found, everywhere[key], dependent.get(variables[key].block.header, ()))
        for key, found in cells.items()
    ]


def _note(
    variable: Variable, cells: Sequence[Graph], everywhere: int, dependent: Collection[DependentResult]
) -> Diagnostic:
    text = f"`var.{variable.name}`"
    where = _where(cells) if len(cells) < everywhere or everywhere == 1 else " in any workspace"
    detail = f"{text} has no default, and no value{where}."
    results = _listed(f"{d.policy} at {d.address} ({d.certainty})" for d in dependent)
    if results:
        detail += f" Results that depend on it: {results}."
    else:
        users = _listed(_users(variable, cells))
        detail += f" No result depends on it; it is read by {users}." if users else " Nothing reads it."
    return note("Variable has no value", f"{detail}\n{_remedy(variable)}", variable.block.header)


def _remedy(variable: Variable) -> str:
    """Return a remedy that writes no secret to a file."""
    if variable.sensitive or variable.ephemeral:
        return f"If results depend on its value, set TF_VAR_{variable.name} in the environment of the scan."
    return "Set it in a var-file or with --var, or add a default."


def _where(cells: Sequence[Graph]) -> str:
    names = list(dict.fromkeys(f"`{g.cell.workspace}`" for g in cells if g.cell.workspace))
    if not names:
        return ""
    return f" in workspace{'' if len(names) == 1 else 's'} {', '.join(names)}"


def _users(variable: Variable, cells: Sequence[Graph]) -> Iterator[str]:
    """Yield the addresses of the nodes that refer to a variable, in all cells."""
    found: dict[str, None] = {}
    for graph in cells:
        for node in graph.of("variable"):
            if node.name == variable.name and node.module is graph.root:
                found.update(dict.fromkeys(n.address for n in graph.referring.get(node, ())))
    yield from found


def _listed(texts: Iterable[str]) -> str:
    every = list(dict.fromkeys(texts))
    more = len(every) - MAX_NAMED
    return ", ".join(every[:MAX_NAMED]) + (f" and {more} more" if more > 0 else "")
