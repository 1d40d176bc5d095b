"""Names of relations and other objects that live in a schema."""

import re

import msgspec

TEMPORARY = "pg_temp"
"""The schema of temporary tables; they shadow others and never reach the model."""

_plain = re.compile(r"[a-z_][a-z0-9_$]*").fullmatch


def quoted(identifier: str) -> str:
    """The identifier as SQL would have to write it: in double quotes where case or characters demand it."""
    return identifier if _plain(identifier) else '"' + identifier.replace('"', '""') + '"'


class Name(msgspec.Struct, frozen=True, gc=False, order=True):
    """A name with its schema; both parts are folded to lower case unless they were quoted."""

    schema: str
    name: str

    def __str__(self) -> str:
        return f"{quoted(self.schema)}.{quoted(self.name)}"
