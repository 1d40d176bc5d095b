"""What is known of a secret that is written in the repository."""

from dataclasses import dataclass, field

import msgspec

from iacpolicy.core.spans import Span
from iacpolicy.evaluate.values.origins import Origin

DEFAULT = "default"
LITERAL = "literal"
BACKEND = "backend"
UNSHOWN = "unshown"


@dataclass(frozen=True, slots=True)
class Secret:
    """A text that must not leave the tool.

    `kind` is `default` for the default of a variable, `backend` for a credential of a backend, `literal` for any other
    literal; `unshown` are texts made from them, and places that are no literals: for the redaction alone. `address`
    and `attribute` are the first sink, `addresses` all of them; `way` leads from the literal to that sink. `name` says
    where it is written without its value. `cells` are the indexes of the cells it belongs to. `allowed` is
    the reason for which the settings let it stand.
    """

    text: str = field(repr=False)
    place: Span | None
    kind: str = UNSHOWN
    address: str = ""
    attribute: str = ""
    addresses: tuple[str, ...] = ()
    way: Origin | None = field(default=None, repr=False)
    name: str = ""
    cells: tuple[int, ...] = ()
    allowed: str | None = None


class SecretSource(msgspec.Struct, frozen=True, gc=False):
    """A secret that no literal makes: a variable, an attribute of a resource, a data source, an ephemeral resource.

    `kind` is `variable`, `resource`, `data` or `ephemeral`, or `literal` for a text in the repository. `address` is
    its block's without instance keys, `name` what the owner calls it.
    """

    kind: str
    address: str
    name: str
