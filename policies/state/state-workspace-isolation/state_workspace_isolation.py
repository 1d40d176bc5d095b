"""Two roots, or two workspaces of one, that write the same state delete each other's resources."""

from collections.abc import Iterator

from iacpolicy.policy.api import Attribute, Cause, Graph, Meta, Resource, Severity, Undecidable, Violation
from iacpolicy.policy.backends import BackendSettings, Location, backend_settings

META = Meta(
    id="state-workspace-isolation",
    title="State is shared",
    severity=Severity.CRITICAL,
    on=("backend",),
    why=(
        "What one root does not declare and finds in its state, it plans to destroy. Two roots with one state destroy "
        "each other's resources in turn, and workspaces with one state are one environment under two names."
    ),
    fix=(
        "Give every root a place of its own, such as a `key` that holds the root's path; and give workspaces a backend "
        "that keeps them apart: s3, gcs, azurerm and others do, http cannot, and `remote` and `cloud` need `prefix` or "
        "`tags` in place of `name`."
    ),
    references=(
        "https://developer.hashicorp.com/terraform/language/state/workspaces",
        "https://developer.hashicorp.com/terraform/language/backend",
    ),
)


def check(backend: Resource, graph: Graph) -> Iterator[Violation]:
    """Compares the backend with those of every other cell; of two, the later one in the repository is at fault.

    A workspace prefix keeps no two roots apart: the default workspace, in which each begins, has none.
    """
    doubts: list[Attribute | Resource] = []
    for settings in backend_settings(backend):
        mine = settings.location()
        for other, cell in _others(backend, graph):
            theirs = other.location()
            is_same_root = cell.cell.root == graph.cell.root
            if is_same_root and mine.separates_workspaces:
                continue
            is_same = mine.is_same(theirs)
            if is_same and is_same_root and settings.file == other.file:
                yield _one_state(mine, graph)
                return
            if is_same and not is_same_root and theirs.at.at < mine.at.at:
                yield _shared(mine, theirs, cell)
                return
            if is_same is None and not is_same_root:
                doubts.append(theirs.at)
    if doubts:
        where = ", ".join(sorted({str(at.at) for at in doubts})[:3])
        raise Undecidable.because(
            Cause.BACKEND, f"what comes by -backend-config may name the same state as {where}", at=backend
        )


def _others(backend: Resource, graph: Graph) -> Iterator[tuple[BackendSettings, Graph]]:
    for cell in graph.all_cells():
        if cell.cell == graph.cell:
            continue
        for other in cell.of("backend"):
            if other.name == backend.name:
                for settings in backend_settings(other):
                    yield settings, cell


def _one_state(mine: Location, graph: Graph) -> Violation:
    names = sorted(c.cell.workspace or "default" for c in graph.all_cells() if c.cell.root == graph.cell.root)
    return Violation(f"the workspaces {' and '.join(names[:4])} write one state", at=mine.at)


def _shared(mine: Location, theirs: Location, cell: Graph) -> Violation:
    where = cell.cell.root or "the repository's top directory"
    return Violation(f"{where} writes the same state", at=mine.at, also=((f"the state of {where}", theirs.at.at),))
