"""Variables that nothing gives a value in some cells: told once each, with what hangs on them."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from iacpolicy.core.diagnostics import Diagnostic, note
from iacpolicy.core.spans import Span
from iacpolicy.engine.run import DependentResult
from iacpolicy.graph.graph import Graph
from iacpolicy.terraform.config import Variable

MAX_NAMED = 10


def unset_variables(graphs: Sequence[Graph], dependent: Mapping[Span, Collection[DependentResult]]) -> list[Diagnostic]:
    """A note for each variable of a root that has no default and that some cell gives no value."""
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
        _told(variables[key], found, everywhere[key], dependent.get(variables[key].block.header, ()))
        for key, found in cells.items()
    ]


def _told(
    variable: Variable, cells: Sequence[Graph], everywhere: int, dependent: Collection[DependentResult]
) -> Diagnostic:
    text = f"`var.{variable.name}`"
    where = _where(cells) if len(cells) < everywhere or everywhere == 1 else " in any workspace"
    found = f"{text} has no default, and no value{where}."
    told = _listed(f"{h.policy} at {h.address} ({h.certainty})" for h in dependent)
    if told:
        found += f" On it {'hangs' if len(dependent) == 1 else 'hang'} {told}."
    else:
        users = _listed(_users(variable, cells))
        found += f" No answer hangs on it; it is read by {users}." if users else " Nothing reads it."
    return note("Variable has no value", f"{found}\n{_remedy(variable)}", variable.block.header)


def _remedy(variable: Variable) -> str:
    """What keeps no secret in a file."""
    if variable.sensitive or variable.ephemeral:
        return f"Where an answer should not hang on it, give TF_VAR_{variable.name} in the environment of the scan."
    return "Give it in a var-file or with --var, or give it a default."


def _where(cells: Sequence[Graph]) -> str:
    names = list(dict.fromkeys(f"`{g.cell.workspace}`" for g in cells if g.cell.workspace))
    if not names:
        return ""
    return f" in workspace{'' if len(names) == 1 else 's'} {', '.join(names)}"


def _users(variable: Variable, cells: Sequence[Graph]) -> Iterator[str]:
    """The addresses of what refers to a variable, in all cells."""
    found: dict[str, None] = {}
    for graph in cells:
        for node in graph.of("variable"):
            if node.name == variable.name and node.module is graph.root:
                found.update(dict.fromkeys(n.address for n in graph.referring.get(node, ())))
    yield from found


def _listed(words: Iterable[str]) -> str:
    every = list(dict.fromkeys(words))
    more = len(every) - MAX_NAMED
    return ", ".join(every[:MAX_NAMED]) + (f" and {more} more" if more > 0 else "")
