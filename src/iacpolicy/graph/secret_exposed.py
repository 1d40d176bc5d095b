"""The secrets of a resource that are there for all to see: where each stands, and where it comes from."""

from collections.abc import Iterator
from dataclasses import dataclass

from iacpolicy.core.spans import Span
from iacpolicy.evaluate.origins import Origin, OriginKind
from iacpolicy.graph.nodes import Node
from iacpolicy.graph.secret_cell import Reached, SecretsOfCell
from iacpolicy.graph.secret_exposures import Shown, is_for_browsers, key_place, shown_in
from iacpolicy.graph.secret_gather import path_text
from iacpolicy.graph.secret_model import SecretSource
from iacpolicy.graph.secret_sources import is_public_name
from iacpolicy.schemas.sensitive import NO_SECRETS

MAX_NAMED = 3


@dataclass(frozen=True, slots=True)
class Exposed:
    """One place where secrets are seen; `what` says by whom, `sources` which secrets."""

    place: Span
    attribute: str
    what: str
    sources: tuple[SecretSource, ...]
    way: Origin

    @property
    def names(self) -> str:
        """The secrets in the owner's words, at most three of them."""
        names = [source.name for source in self.sources]
        rest = len(names) - MAX_NAMED
        return ", ".join(names[:MAX_NAMED]) + (f" and {rest} more" if rest > 0 else "")


class ExposedSecrets:
    """Looks through the resources of one cell; a block is looked through once for all its instances."""

    def __init__(self, secrets: SecretsOfCell) -> None:
        self.secrets = secrets
        self._found: dict[tuple[object, str, int], tuple[Exposed, ...]] = {}

    def of(self, node: Node) -> tuple[Exposed, ...]:
        """What a resource, data source or provider shows."""
        use = self.secrets.use_of(node.module) if node.module is not None else None
        if use is None or node.body is None:
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
            paths = catalogue.secret_paths("data" if node.kind == "data" else "resource", node.type)
        address = f"data.{node.type}.{node.name}" if node.kind == "data" else f"{node.type}.{node.name}"
        for shown in shown_in(node.body.block, node.type, paths):
            of_self = address if shown.path[0] == "provisioner" else ""
            reached = self.secrets.of(node.module, shown.argument, node.body.block, shown.around, of_self)
            yield from _at_places(shown, [r for r in reached if _is_seen(shown, r)])


def _is_seen(shown: Shown, reached: Reached) -> bool:
    """A secret that is a URL as a whole goes where it is called; one in a longer text is exposed on the way."""
    if shown.is_url:
        return reached.is_embedded and not reached.steps and ("://" in reached.before or "?" in reached.before)
    if shown.is_for_browsers:
        return is_for_browsers(reached.steps) and not is_public_name(str(reached.steps[0]).partition("PUBLIC_")[2])
    return True


def _at_places(shown: Shown, reached: list[Reached]) -> Iterator[Exposed]:
    """One for each place, with all secrets that come there."""
    by_place: dict[tuple[int, int], list[Reached]] = {}
    for one in reached:
        _, start, end, _ = key_place(shown.argument, one.steps)
        by_place.setdefault((start, end), []).append(one)
    for together in by_place.values():
        source, start, end, taken = key_place(shown.argument, together[0].steps)
        sources = tuple(dict.fromkeys(one.source for one in together))
        name = str(taken[-1]) if taken else shown.argument.name
        way = Origin(OriginKind.ATTRIBUTE, name, source, start, end, together[0].way.parents)
        yield Exposed(source.span(start, end), path_text((*shown.path, *taken)), shown.what, sources, way)
