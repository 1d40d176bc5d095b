"""The secrets in arguments of a resource that other people can read."""

from collections.abc import Iterator

import msgspec

from iacpolicy.graph.nodes import Node
from iacpolicy.schemas.sensitive import NO_SECRETS
from iacpolicy.secrets.reach.cell_secrets import ReachingSecret, SecretsOfCell
from iacpolicy.secrets.reach.placed import PlacedSecrets, placed
from iacpolicy.secrets.sinks.exposures import ExposedArgument, exposed_arguments, name_for_browsers
from iacpolicy.secrets.sinks.known_types import is_public_name, secret_paths
from iacpolicy.terraform.language import META_BLOCKS


class ExposedPlace(msgspec.Struct, frozen=True):
    """The secrets at one place of an argument; `what` describes the argument and its readers."""

    at: PlacedSecrets
    what: str


class ExposedSecrets:
    """Finds the exposed secrets of the resources of one cell, once for all instances of a block."""

    def __init__(self, secrets: SecretsOfCell) -> None:
        self.secrets = secrets
        self._found: dict[tuple[object, str, int], tuple[ExposedPlace, ...]] = {}

    def of(self, node: Node) -> tuple[ExposedPlace, ...]:
        """Return the exposed secrets of a resource, data source or provider."""
        use = self.secrets.use_of(node.module) if node.module is not None else None
        if use is None or node.body is None or self.secrets.is_idle:
            return ()
        block = node.body.block
        key = (use, block.source.path, block.node.start)
        if key not in self._found:
            self._found[key] = tuple(self._exposed(node))
        return self._found[key]

    def _exposed(self, node: Node) -> Iterator[ExposedPlace]:
        assert node.body is not None
        assert node.module is not None
        catalogue = node.module.session.catalogue
        paths = NO_SECRETS
        if node.kind in ("resource", "data"):
            paths = secret_paths(catalogue, "data" if node.kind == "data" else "resource", node.type)
        address = f"data.{node.type}.{node.name}" if node.kind == "data" else f"{node.type}.{node.name}"
        for shown in exposed_arguments(node.body.block, node.type, paths):
            of_self = address if shown.path[0] in META_BLOCKS else ""
            reached = self.secrets.of(node.module, shown.argument, node.body.block, shown.around, of_self)
            for at in placed(shown.argument, shown.path, (r for r in reached if _is_seen(shown, r))):
                yield ExposedPlace(at, shown.what)


def _is_seen(shown: ExposedArgument, reached: ReachingSecret) -> bool:
    """Return whether others can read the secret; a URL that is a secret as a whole only goes to its server."""
    if shown.is_url:
        return reached.is_embedded and not reached.path and ("://" in reached.before or "?" in reached.before)
    if shown.is_for_browsers:
        name = name_for_browsers(reached.path)
        return bool(name) and not is_public_name(name)
    return not (shown.is_static and is_public_name(name_for_browsers(reached.path) or _first(reached)))


def _first(reached: ReachingSecret) -> str:
    return str(reached.path[0]) if reached.path else ""
