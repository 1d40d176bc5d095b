"""Two roots, or two workspaces of one, that write the same state delete each other's resources."""

from collections.abc import Hashable, Iterable, Iterator

from iacpolicy.policy.api import Cause, Graph, Meta, Resource, Severity, Undecidable, Violation
from iacpolicy.policy.library.backend_settings import Location, backend_settings
from iacpolicy.schemas import backends
from iacpolicy.terraform.cells import Cell

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

    What is not known is told of the backend that does not say it. A workspace prefix keeps two roots apart in every
    workspace but the default one.
    """
    states = graph.once("state-workspace-isolation", lambda: _States(graph.all_cells()))
    doubts: dict[str, None] = {}
    for settings in backend_settings(backend):
        mine = settings.location()
        for theirs, file, cell in states.like(mine):
            is_same_root = cell.root == graph.cell.root
            if cell == graph.cell or (is_same_root and (mine.separates_workspaces or settings.file != file)):
                continue
            is_same = mine.is_same(theirs)
            if is_same and is_same_root:
                yield _one_state(mine, graph)
                return  # equivalent: the other workspaces say the same
            if is_same and mine.is_apart_in(graph.cell.workspace, theirs):
                continue
            if is_same and theirs.at.at < mine.at.at:  # equivalent: two roots have two places
                yield _shared(mine, theirs, cell.root)
                return
            if is_same is None and mine.is_vague:
                doubts["for every workspace" if is_same_root else f"as {theirs.at.at}"] = None  # equivalent: words
    if doubts:
        what = " or ".join(sorted(doubts)[:3])
        raise Undecidable.because(
            Cause.BACKEND, f"what comes by -backend-config may name the same state {what}", at=backend
        )


State = tuple[Location, str | None, Cell]


class _States:
    """Where all roots keep their state, with the file that completes each backend."""

    def __init__(self, cells: Iterable[Graph]) -> None:
        self._known: dict[Hashable, list[State]] = {}
        self._vague: list[State] = []
        self._all: list[State] = []
        for graph in cells:
            for node in graph.inner.of("backend"):
                if backends.backend(node.name) is None:
                    continue
                for settings in backend_settings(Resource(node)):
                    location = settings.location()
                    state = (location, settings.file, graph.cell)
                    self._all.append(state)
                    key = location.key
                    of_its_kind = self._vague if key is None else self._known.setdefault(key, [])  # equivalent: sooner
                    of_its_kind.append(state)

    def like(self, location: Location) -> list[State]:
        """Those that may be the same object, and a few more."""
        if location.key is None:
            return [state for state in self._all if state[0].facts is location.facts]
        vague = [state for state in self._vague if state[0].facts is location.facts]
        return [*self._known.get(location.key, ()), *vague]


def _one_state(mine: Location, graph: Graph) -> Violation:
    cells = [c.cell for c in graph.all_cells() if c.cell.root == graph.cell.root]  # equivalent: words
    names = sorted(cell.workspace or "default" for cell in cells)  # equivalent: words
    return Violation(f"the workspaces {' and '.join(names[:4])} write one state", at=mine.at)


def _shared(mine: Location, theirs: Location, root: str) -> Violation:
    where = root or "the repository's top directory"  # equivalent: words
    return Violation(f"{where} writes the same state", at=mine.at, also=((f"the state of {where}", theirs.at.at),))
