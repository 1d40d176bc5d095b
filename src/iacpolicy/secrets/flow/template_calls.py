"""Templates that `templatefile` and `templatestring` render: the variables, where the text has them."""

from functools import lru_cache

from msgspec.structs import replace

from iacpolicy.core.sources import SourceFile
from iacpolicy.evaluate.values.origins import Origin, OriginKind
from iacpolicy.hcl import ast
from iacpolicy.hcl.parse import parse_template
from iacpolicy.hcl.visit import walk
from iacpolicy.secrets.flow.pieces import Leaves, Piece, select
from iacpolicy.secrets.text.classify import UNKNOWN

MAX_TEMPLATE = 200_000
_MANY = 64


class Rendering:
    """A template as an expression: its text, and the names it takes from its variables."""

    def __init__(self, source: SourceFile) -> None:
        parsed, problems = parse_template(source)
        self.source = source
        self.node: ast.Expression | None = None if problems or isinstance(parsed, ast.Invalid) else parsed
        self.names = frozenset(n.name for n in walk(parsed) if isinstance(n, ast.Name)) if self.node else frozenset()

    def bound(self, variables: Leaves) -> dict[str, Leaves]:
        """What each name of the template means."""
        return {name: select(variables, name) for name in self.names}

    def placed(self, leaves: Leaves, *, is_file: bool) -> Leaves:
        """The template's own text at its place in the file, or nowhere, where the template is itself made of parts."""
        way = Origin(OriginKind.FUNCTION, f"templatefile({self.source.path})", self.source, 0, 0)
        return tuple(replace(leaf, pieces=tuple(self._placed(p, way, is_file) for p in leaf.pieces)) for leaf in leaves)

    def _placed(self, piece: Piece, way: Origin, is_file: bool) -> Piece:
        if piece.source is not self.source:
            return piece
        if not is_file:
            return Piece(piece.text, is_heredoc="\n" in piece.text)
        return replace(piece, way=way, is_heredoc=True, is_file=True)


def rendering(source: SourceFile) -> Rendering | None:
    """A template to be rendered; None where it has no variables, cannot be read or is too long."""
    if len(source.text) > MAX_TEMPLATE or ("${" not in source.text and "%{" not in source.text):
        return None
    found = Rendering(source)
    return found if found.node is not None and found.names else None


@lru_cache(maxsize=_MANY)
def rendering_of(text: str) -> Rendering | None:
    """The same for a text that is no file."""
    return rendering(SourceFile("", text))


def template_texts(leaves: Leaves) -> tuple[str, ...]:
    """The templates that a first argument can be, as far as they are known."""
    texts = (leaf.text for leaf in leaves if not leaf.steps and leaf.made is None)
    return tuple(dict.fromkeys(text for text in texts if UNKNOWN not in text))
