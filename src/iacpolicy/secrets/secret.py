"""Secrets that are written in the repository, sources of secrets that are not, and the results of the search."""

from collections.abc import Callable

import msgspec

from iacpolicy.core.diagnostics import Diagnostic
from iacpolicy.core.sources import SourceFile
from iacpolicy.core.spans import Span
from iacpolicy.evaluate.values.origins import Origin

DEFAULT = "default"
LITERAL = "literal"
BACKEND = "backend"
UNSHOWN = "unshown"


class Secret(msgspec.Struct, frozen=True):
    """A secret text, and the place, kind and trace that policies report without the text.

    `kind` is `default` for the default of a variable, `backend` for a credential of a backend, and `literal` for other
    literals. `unshown` is for the redaction alone: texts made from literals, and places that are no literals.
    `address` and `attribute` are the first sink, `addresses` are all; `trace` leads from the literal to the first.
    `name` is the dotted path of blocks and keys to the literal. `cells` are the indexes of the cells that have it.
    `allowed` is the reason where settings allow the secret.
    """

    text: str
    place: Span | None
    kind: str = UNSHOWN
    address: str = ""
    attribute: str = ""
    addresses: tuple[str, ...] = ()
    trace: Origin | None = None
    name: str = ""
    cells: tuple[int, ...] = ()
    allowed: str | None = None

    def __repr__(self) -> str:
        """Return the place and the kind; the text never appears in a representation."""
        return f"Secret({self.place}, {self.kind!r}, {self.address!r}, {self.attribute!r})"


class SecretSource(msgspec.Struct, frozen=True, gc=False):
    """The origin of a secret: a variable, an attribute of a resource or data source, or an ephemeral resource.

    `kind` is `variable`, `resource`, `data` or `ephemeral`, or `literal` for a text in the repository. `address` is
    that of the block without instance keys; `name` is the reference as the configuration writes it.
    """

    kind: str
    address: str
    name: str


def secret_in_file(
    source: SourceFile,
    text_range: tuple[int, int],
    name: str = "",
    cells: tuple[int, ...] = (),
    kind: str = LITERAL,
) -> Secret:
    """Return a secret whose only sink is its file, at a range of offsets; `name` is its name in the file."""
    start, end = text_range
    path, whole = source.path, f"{source.path}.{name}" if name else source.path
    return Secret(source.text[start:end], source.span(start, end), kind, path, name, (path,), None, whole, cells)


def _allows_no_source(source: SecretSource) -> bool:
    return False


class CellSecrets(msgspec.Struct, frozen=True):
    """The secrets of one cell as policies read them.

    `secrets` are those written in the cell's files, sorted by place; `Secret.allowed` is the reason where settings
    allow one. `is_allowed` returns whether settings allow a source of secrets to go anywhere.
    """

    secrets: tuple[Secret, ...] = ()
    is_allowed: Callable[[SecretSource], bool] = _allows_no_source


NO_SECRETS = CellSecrets()


class FoundSecrets(msgspec.Struct, frozen=True):
    """The result of a search for secrets.

    `secrets` are sorted by place, one for each literal. `hidden` are texts made from secrets and places that are no
    literals, for the redaction alone. `diagnostics` report files that were not searched to their end.
    """

    secrets: tuple[Secret, ...] = ()
    hidden: tuple[Secret, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()

    def of_cell(self, index: int) -> tuple[Secret, ...]:
        """Return the secrets that belong to the cell with this index."""
        return tuple(secret for secret in self.secrets if index in secret.cells)
