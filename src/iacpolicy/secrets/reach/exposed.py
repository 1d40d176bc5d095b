"""The secrets of a resource that are there for all to see: where each stands, and where it comes from."""

from collections.abc import Iterator
from dataclasses import dataclass

from iacpolicy.graph.nodes import Node
from iacpolicy.schemas.sensitive import NO_SECRETS
from iacpolicy.secrets.reach.cell_secrets import Reached, SecretsOfCell
from iacpolicy.secrets.reach.placed import Placed, placed
from iacpolicy.secrets.sinks.exposures import Shown, name_for_browsers, shown_in
from iacpolicy.secrets.sinks.known_types import is_public_name, secret_paths


@dataclass(frozen=True, slots=True)
class Exposed:
    """A place where secrets are seen; `what` says by whom."""

    at: Placed
    what: str


class ExposedSecrets:
    """Looks through the resources of one cell; a block is looked through once for all its instances."""

    def __init__(self, secrets: SecretsOfCell) -> None:
        self.secrets = secrets
        self._found: dict[tuple[object, str, int], tuple[Exposed, ...]] = {}

    def of(self, node: Node) -> tuple[Exposed, ...]:
        """What a resource, data source or provider shows."""
        use = self.secrets.use_of(node.module) if node.module is not None else None
        if use is None or node.body is None or self.secrets.is_idle:
            return ()
        block = node.body.block
        key = (use, block.source.path, block.node.start)
        if key not in self._found:
            self._found[key] = tuple(self._exposed(node))
        return self._found[key]

    def _exposed(self, node: Node) -> Iterator[Exposed]:
        assert node.body is not None
        assert node.module is not None
        catalogue = node.module.session.catalogue
        paths = NO_SECRETS
        if node.kind in ("resource", "data"):
            paths = secret_paths(catalogue, "data" if node.kind == "data" else "resource", node.type)
        address = f"data.{node.type}.{node.name}" if node.kind == "data" else f"{node.type}.{node.name}"
        for shown in shown_in(node.body.block, node.type, paths):
            of_self = address if shown.path[0] in ("provisioner", "lifecycle") else ""
            reached = self.secrets.of(node.module, shown.argument, node.body.block, shown.around, of_self)
            for at in placed(shown.argument, shown.path, (r for r in reached if _is_seen(shown, r))):
                yield Exposed(at, shown.what)


def _is_seen(shown: Shown, reached: Reached) -> bool:
    """A secret that is a URL as a whole goes where it is called; one in a longer text is exposed on the trace."""
    if shown.is_url:
        return reached.is_embedded and not reached.steps and ("://" in reached.before or "?" in reached.before)
    if shown.is_for_browsers:
        name = name_for_browsers(reached.steps)
        return bool(name) and not is_public_name(name)
    return not (shown.is_static and is_public_name(name_for_browsers(reached.steps) or _first(reached)))


def _first(reached: Reached) -> str:
    return str(reached.steps[0]) if reached.steps else ""
