"""Templates that `templatefile` and `templatestring` render, with their variables."""

from functools import lru_cache

from msgspec.structs import replace

from iacpolicy.core.sources import SourceFile
from iacpolicy.evaluate.values.origins import Origin, OriginKind
from iacpolicy.hcl import ast
from iacpolicy.hcl.parse import parse_template
from iacpolicy.hcl.visit import walk
from iacpolicy.secrets.flow.literals import LiteralPiece, LiteralStrings, select
from iacpolicy.secrets.text.classify import UNKNOWN

MAX_TEMPLATE = 200_000
_MANY = 64


class TemplateText:
    """A parsed template, and the names of its variables."""

    def __init__(self, source: SourceFile) -> None:
        parsed, problems = parse_template(source)
        self.source = source
        self.node: ast.Expression | None = None if problems or isinstance(parsed, ast.Invalid) else parsed
        self.names = frozenset(n.name for n in walk(parsed) if isinstance(n, ast.Name)) if self.node else frozenset()

    def bound(self, variables: LiteralStrings) -> dict[str, LiteralStrings]:
        """Return the literals of each variable of the template."""
        return {name: select(variables, name) for name in self.names}

    def placed(self, strings: LiteralStrings, *, is_file: bool) -> LiteralStrings:
        """Return strings whose template text has its place in the file, or no place if the template is no file."""
        trace = Origin(OriginKind.FUNCTION, f"templatefile({self.source.path})", self.source, 0, 0)
        return tuple(
            replace(string, pieces=tuple(self._placed(p, trace, is_file) for p in string.pieces)) for string in strings
        )

    def _placed(self, piece: LiteralPiece, trace: Origin, is_file: bool) -> LiteralPiece:
        if piece.source is not self.source:
            return piece
        if not is_file:
            return LiteralPiece(piece.text, is_heredoc="\n" in piece.text)
        return replace(piece, trace=trace, is_heredoc=True, is_file=True)


def template_of_file(source: SourceFile) -> TemplateText | None:
    """Return a parsed template; None if it has no variables, does not parse or is too long."""
    if len(source.text) > MAX_TEMPLATE or ("${" not in source.text and "%{" not in source.text):
        return None
    found = TemplateText(source)
    return found if found.node is not None and found.names else None


@lru_cache(maxsize=_MANY)
def template_of_text(text: str) -> TemplateText | None:
    """Return a parsed template of a text that is no file."""
    return template_of_file(SourceFile("", text))


def template_texts(strings: LiteralStrings) -> tuple[str, ...]:
    """Return the known templates that a first argument can be."""
    texts = (string.text for string in strings if not string.path and string.made is None)
    return tuple(dict.fromkeys(text for text in texts if UNKNOWN not in text))
