"""Secrets that reach an argument, grouped by their places in it."""

from collections.abc import Iterable, Iterator

import msgspec

from iacpolicy.core.spans import Span
from iacpolicy.evaluate.values.origins import Origin, OriginKind
from iacpolicy.hcl import ast
from iacpolicy.schemas.sensitive import Path
from iacpolicy.secrets.flow.literals import ValuePath, path_text
from iacpolicy.secrets.flow.syntax_queries import VALUE_KEYS, key_of
from iacpolicy.secrets.reach.cell_secrets import ReachingSecret
from iacpolicy.secrets.secret import SecretSource
from iacpolicy.terraform.blocks import Argument

MAX_NAMED = 3


class PlacedSecrets(msgspec.Struct, frozen=True):
    """The secrets at one place: the argument, or a key of it; `trace` is that of the first secret."""

    place: Span
    attribute: str
    sources: tuple[SecretSource, ...]
    trace: Origin

    @property
    def names(self) -> str:
        """The references to the secrets as text, at most three."""
        names = list(dict.fromkeys(source.name for source in self.sources))
        rest = len(names) - MAX_NAMED
        if rest > 0:
            return f"{', '.join(names[:MAX_NAMED])} and {rest} more"
        return " and ".join(([", ".join(names[:-1])] if names[1:] else []) + names[-1:])

    @property
    def are_several(self) -> bool:
        """Return whether `names` has several secrets, for the verb."""
        return len({source.name for source in self.sources}) > 1

    @property
    def subject(self) -> str:
        """`var.x is`, or the number of secrets, in words that are equal in all cells."""
        return f"{self.sources[0].name} is" if len(self.sources) == 1 else f"{len(self.sources)} secrets are"


def placed(argument: Argument, path: Path, reached: Iterable[ReachingSecret]) -> Iterator[PlacedSecrets]:
    """Yield the secrets at each place in the order of the file; `path` is that of the argument."""
    by_place: dict[tuple[int, int], list[ReachingSecret]] = {}
    for one in reached:
        start, end, _ = _key_place(argument, one.path)
        by_place.setdefault((start, end), []).append(one)
    for _, together in sorted(by_place.items(), key=lambda item: item[0]):
        start, end, taken = _key_place(argument, together[0].path)
        sources = tuple(dict.fromkeys(one.source for one in together))
        name = taken[-1] if taken else argument.name
        trace = Origin(OriginKind.ATTRIBUTE, name, argument.source, start, end, together[0].trace.parents)
        yield PlacedSecrets(argument.source.span(start, end), path_text((*path, *taken)), sources, trace)


def _key_place(argument: Argument, path: ValuePath) -> tuple[int, int, tuple[str, ...]]:
    """Return the start and end of a part of an argument, as deep as literal keys show it, and the path to it."""
    node: ast.Expression = argument.value
    start, end = argument.node.start, argument.node.end
    taken: list[str] = []
    for key in path:
        while isinstance(node, ast.Parens):
            node = node.value
        item = None
        if isinstance(node, ast.ObjectCons) and isinstance(key, str) and key not in VALUE_KEYS:
            item = next((i for i in node.items if key_of(i.key, argument.source) == key), None)
        if item is None:
            break
        start, end, node = item.start, item.end, item.value
        taken.append(str(key))
    return start, end, tuple(taken)
