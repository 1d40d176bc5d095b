"""Access control lists: what GRANT, REVOKE and default privileges do to the grants of one object."""

from collections.abc import Iterable

import msgspec

from iacpolicy.core.spans import Span
from iacpolicy.sql.grammar import Node
from iacpolicy.sql.model import PUBLIC, Grant, closure
from iacpolicy.sql.state import State

TABLE_PRIVILEGES = ("select", "insert", "update", "delete", "truncate", "references", "trigger", "maintain")
COLUMN_PRIVILEGES = ("select", "insert", "update", "references")
ALL_PRIVILEGES = {
    "table": TABLE_PRIVILEGES,
    "schema": ("usage", "create"),
    "function": ("execute",),
    "sequence": ("usage", "select", "update"),
    "type": ("usage",),
}


class Change(msgspec.Struct, frozen=True, gc=False):
    """One GRANT or REVOKE: to whom, what (with columns), and whether it is only about the grant option."""

    grants: bool
    roles: tuple[str, ...]
    privileges: tuple[tuple[str, tuple[str, ...]], ...]
    grantable: bool
    span: Span


def privileges(nodes: Iterable[Node] | None, kind: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The privileges of a statement with their columns; `ALL` is spelt out."""
    result: list[tuple[str, tuple[str, ...]]] = []
    for node in nodes or ():
        access = node["AccessPriv"]
        columns = tuple(str(column["String"]["sval"]) for column in access.get("cols", ()))
        name = access.get("priv_name")
        named = (str(name),) if name else (COLUMN_PRIVILEGES if columns else ALL_PRIVILEGES[kind])
        result.extend((privilege, columns) for privilege in named)
    return tuple(result) or tuple((privilege, ()) for privilege in ALL_PRIVILEGES[kind])


def apply(grants: tuple[Grant, ...], change: Change) -> tuple[Grant, ...]:
    """The grants of an object after a GRANT or REVOKE.

    A REVOKE on the whole table takes the privilege from its columns too; one on a column leaves the table's grant.
    """
    held = {(grant.role, grant.privilege, grant.column): grant for grant in grants}
    for role in change.roles:
        for privilege, columns in change.privileges:
            for column in columns or ("",):
                key = (role, privilege, column)
                before = held.pop(key, None)
                if change.grants:
                    grantable = change.grantable or (before is not None and before.granted and before.grantable)
                    held[key] = Grant(role, privilege, True, change.span, grantable, column)
                elif change.grantable:
                    if before is not None:
                        held[key] = msgspec.structs.replace(before, grantable=False)
                else:
                    held[key] = Grant(role, privilege, False, change.span, False, column)
                    if not column:
                        for other in [other for other in held if other[:2] == (role, privilege) and other[2]]:
                            del held[other]
    return tuple(held.values())


def permitted(state: State, change: Change, owner: str, grants: tuple[Grant, ...]) -> Change:
    """What of a change its author may do: all of it as owner, else only with a grant option.

    PostgreSQL warns of the rest and goes on.
    """
    known = state.roles.get(state.role)
    if state.role == state.platform.owner or (known is not None and known.superuser):
        return change
    acts_as = closure(state.role, state.memberships.values())
    if owner in acts_as:
        return change
    able = {grant.privilege for grant in grants if grant.granted and grant.grantable and grant.role in acts_as}
    return msgspec.structs.replace(change, privileges=tuple(each for each in change.privileges if each[0] in able))


def initial(state: State, schema: str, owner: str, kind: str) -> tuple[Grant, ...]:
    """What a new object gets by default privileges: those for every schema and those for its own are added up."""
    everywhere = state.defaults.get((owner, None, kind))
    here = state.defaults.get((owner, schema, kind))
    result: dict[tuple[str, str], Grant] = {}
    for entry in (here, everywhere):
        for grant in entry.grants if entry else ():
            key = (grant.role, grant.privilege)
            if kind == "function" and grant.role == PUBLIC:
                # Everyone may run a new function unless that is revoked for every schema.
                settles = entry is everywhere and (key not in result or not result[key].granted)
            else:
                # A REVOKE for every schema takes nothing from what the platform grants in one schema.
                settles = entry is here and key not in result
            if grant.granted or settles:
                result[key] = grant
    return tuple(result.values())
