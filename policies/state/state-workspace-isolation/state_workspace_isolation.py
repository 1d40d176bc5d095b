"""Root modules or workspaces that write to the same state."""

from collections.abc import Hashable, Iterable, Iterator

from iacpolicy.policy.api import Cause, Cell, Graph, Meta, Resource, Severity, Undecidable, Violation
from iacpolicy.policy.library.backend_settings import StateLocation, backend_settings, has_known_type

# The remediation by defect, and for workspaces by backend type.
ROOTS = "Give one of the two root modules another place for its state, such as another `key`, `prefix` or `address`."
WORKSPACES = "Move the state to a backend that separates workspaces, such as s3, gcs or azurerm."
BY_TYPE = {
    "http": f"Give each workspace its own `address` in a `*.tfbackend` file. Or: {WORKSPACES}",
    "remote": "Set `prefix` instead of `name` in `workspaces`.",
    "cloud": "Set `tags` instead of `name` in `workspaces`.",
}

META = Meta(
    id="state-workspace-isolation",
    title="Several root modules or workspaces share one state",
    severity=Severity.CRITICAL,
    on=("backend",),
    why=(
        "Terraform plans to destroy every resource in the state that the root module does not declare. Two root "
        "modules with one state destroy each other's resources in turn. Workspaces with one state are a single "
        "environment under two names."
    ),
    fix=(
        "Give every root module its own place for the state, such as a `key` with the path of the root. Use a backend "
        "that separates workspaces, such as s3, gcs or azurerm. In `remote` and `cloud`, replace `name` by `prefix` or "
        "`tags`."
    ),
    references=(
        "https://developer.hashicorp.com/terraform/language/state/workspaces",
        "https://developer.hashicorp.com/terraform/language/backend",
    ),
)


def check(backend: Resource, graph: Graph) -> Iterator[Violation]:
    """Compare the backend with that of every other cell, and report the later one of two in the repository.

    An unknown location is reported at the backend that leaves it open. A workspace prefix separates two roots in every
    workspace except the default one.
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
                return  # equivalent: the other workspaces give the same violation
            if is_same and mine.is_apart_in(graph.cell.workspace, theirs):
                continue
            if is_same and theirs.at.at < mine.at.at:  # equivalent: two roots have two places
                yield _shared(mine, theirs, cell.root)
                return
            if is_same is None and mine.is_vague:
                doubts["for every workspace" if is_same_root else f"as {theirs.at.at}"] = None  # equivalent: wording
    if doubts:
        what = " or ".join(sorted(doubts)[:3])
        raise Undecidable.because(
            Cause.BACKEND,
            f"the settings given by -backend-config may name the same state {what}",
            at=backend,
        )


State = tuple[StateLocation, str | None, Cell]


class _States:
    """Locations of the state of all root modules, each with the file that completes its backend."""

    def __init__(self, cells: Iterable[Graph]) -> None:
        self._known: dict[Hashable, list[State]] = {}
        self._vague: list[State] = []
        self._all: list[State] = []
        for graph in cells:
            for backend in graph.declared("backend"):
                if not has_known_type(backend):
                    continue
                for settings in backend_settings(backend):
                    location = settings.location()
                    state = (location, settings.file, graph.cell)
                    self._all.append(state)
                    key = location.key
                    of_its_kind = self._vague if key is None else self._known.setdefault(key, [])  # equivalent: sooner
                    of_its_kind.append(state)

    def like(self, location: StateLocation) -> list[State]:
        """Return a superset of the states that may be the same object as a location."""
        if location.key is None:
            return [state for state in self._all if state[0].facts is location.facts]
        vague = [state for state in self._vague if state[0].facts is location.facts]
        return [*self._known.get(location.key, ()), *vague]


def _one_state(mine: StateLocation, graph: Graph) -> Violation:
    cells = [c.cell for c in graph.all_cells() if c.cell.root == graph.cell.root]  # equivalent: wording
    names = sorted(cell.workspace or "default" for cell in cells)  # equivalent: wording
    return Violation(
        f"the workspaces {' and '.join(names[:4])} write to the same state",
        at=mine.at,
        fix=BY_TYPE.get(mine.facts.type, WORKSPACES),
    )


def _shared(mine: StateLocation, theirs: StateLocation, root: str) -> Violation:
    where = "root module in " + (root or "the repository's top directory")  # equivalent: wording
    return Violation(
        f"the {where} writes to the same state",
        at=mine.at,
        also=((f"the state of the {where}", theirs.at.at),),
        fix=ROOTS,
    )
