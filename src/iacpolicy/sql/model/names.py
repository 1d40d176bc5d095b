"""Names of relations and other objects in a schema."""

import re

import msgspec

TEMPORARY = "pg_temp"
"""The schema of temporary tables; they hide others and are never part of the model."""

MAX_NAME = 63
"""The maximum length of an identifier in bytes; PostgreSQL cuts off the rest."""

_plain = re.compile(r"[a-z_][a-z0-9_$]*").fullmatch


def quoted(identifier: str) -> str:
    """Return the identifier as SQL writes it: in double quotes where case or characters require them."""
    return identifier if _plain(identifier) else '"' + identifier.replace('"', '""') + '"'


def object_name(first: str, second: str, label: str) -> str:
    """Return PostgreSQL's name for an index or sequence: the longer part is cut until all fits into 63 bytes.

    Source: `makeObjectName` in PostgreSQL's `src/backend/commands/indexcmds.c`.
    """
    parts = [first.encode(), second.encode()]
    room = MAX_NAME - len(label) - 1 - (1 if second else 0)
    while len(parts[0]) + len(parts[1]) > room:
        longer = 0 if len(parts[0]) > len(parts[1]) else 1
        parts[longer] = parts[longer][:-1]
    return "_".join([part.decode(errors="ignore") for part in parts if part] + [label])


class QualifiedName(msgspec.Struct, frozen=True, gc=False, order=True):
    """A name with its schema; both parts are in lower case unless they were quoted."""

    schema: str
    name: str

    def __str__(self) -> str:
        return f"{quoted(self.schema)}.{quoted(self.name)}"
