"""Access control lists: the effects of GRANT, REVOKE and default privileges on the grants of one object."""

from collections.abc import Iterable

import msgspec

from iacpolicy.core.spans import Span
from iacpolicy.sql.model.database import PUBLIC, Grant, closure
from iacpolicy.sql.state.replay_state import ReplayState
from iacpolicy.sql.syntax.grammar import Node

TABLE_PRIVILEGES = ("select", "insert", "update", "delete", "truncate", "references", "trigger", "maintain")
COLUMN_PRIVILEGES = ("select", "insert", "update", "references")
ALL_PRIVILEGES = {
    "table": TABLE_PRIVILEGES,
    "schema": ("usage", "create"),
    "function": ("execute",),
    "sequence": ("usage", "select", "update"),
    "type": ("usage",),
}


Key = tuple[str, str, str]
"""Grantee, privilege and column."""


class PrivilegeChange(msgspec.Struct, frozen=True, gc=False):
    """One GRANT or REVOKE: the roles, the privileges with columns, and whether it concerns only the grant option.

    `giver` is the holder of the grant option that it uses; the empty name means the owner.
    """

    grants: bool
    roles: tuple[str, ...]
    privileges: tuple[tuple[str, tuple[str, ...]], ...]
    grantable: bool
    span: Span
    giver: str = ""


def privileges(nodes: Iterable[Node] | None, kind: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the privileges of a statement with their columns; `ALL` is expanded."""
    result: list[tuple[str, tuple[str, ...]]] = []
    for node in nodes or ():
        access = node["AccessPriv"]
        columns = tuple(str(column["String"]["sval"]) for column in access.get("cols", ()))
        name = access.get("priv_name")
        named = (str(name),) if name else (COLUMN_PRIVILEGES if columns else ALL_PRIVILEGES[kind])
        result.extend((privilege, columns) for privilege in named)
    return tuple(result) or tuple((privilege, ()) for privilege in ALL_PRIVILEGES[kind])


def apply(grants: tuple[Grant, ...], change: PrivilegeChange) -> tuple[Grant, ...]:
    """Return the grants of an object after a GRANT or REVOKE.

    A REVOKE removes the grants of the same giver, and with a grant option the grants that depend on it. On the whole
    table it also removes the privilege from its columns. On a column it keeps the table's grant.
    """
    held = {(grant.role, grant.privilege, grant.column): grant for grant in grants}
    for role in change.roles:
        for privilege, columns in change.privileges:
            for column in columns or ("",):
                key = (role, privilege, column)
                if change.grants:
                    _give(held, key, change)
                    continue
                _take(held, key, change.giver, change.span, only_option=change.grantable)
                if not column and not change.grantable:
                    for other in [other for other in held if other[:2] == (role, privilege) and other[2]]:
                        _take(held, other, change.giver, change.span)
                        if other in held and not held[other].granted:
                            del held[other]
    return tuple(held.values())


def _give(held: dict[Key, Grant], key: Key, change: PrivilegeChange) -> None:
    role, privilege, column = key
    before = held.pop(key, None)
    givers = dict(before.givers) if before is not None else {}
    givers[change.giver] = change.grantable or givers.get(change.giver, False)
    held[key] = Grant(role, privilege, True, change.span, any(givers.values()), column, tuple(givers.items()))


def _take(held: dict[Key, Grant], key: Key, giver: str, span: Span, *, only_option: bool = False) -> None:
    """Remove the grant of a giver to a role, and the grants by this role that depend on a lost grant option."""
    pending = [(key, giver, only_option)]
    while pending:
        (role, privilege, column), giver, keeps = pending.pop()
        before = held.get((role, privilege, column))
        givers = dict(before.givers) if before is not None else {}
        if giver and giver not in givers:
            continue
        if keeps:
            if before is None:
                continue
            givers[giver] = False
        else:
            givers.pop(giver, None)
        held.pop((role, privilege, column), None)
        able = any(givers.values())
        if before is not None and givers:
            given = tuple(givers.items())
            held[role, privilege, column] = msgspec.structs.replace(before, grantable=able, givers=given)
        elif not giver:  # Only the owner removes a default grant of the platform.
            held[role, privilege, column] = Grant(role, privilege, False, span, False, column)
        if before is not None and before.grantable and not able:
            pending.extend(
                (other, role, False)
                for other, grant in held.items()
                if other[1:] == (privilege, column) and any(name == role for name, _ in grant.givers)
            )


def permitted(state: ReplayState, change: PrivilegeChange, owner: str, grants: tuple[Grant, ...]) -> PrivilegeChange:
    """Return the part of a change that its author may make: all of it as owner, else only with a grant option.

    PostgreSQL warns about the rest and continues.
    """
    known = state.roles.get(state.role)
    if state.role == state.platform.owner or (known is not None and known.superuser):
        return change
    acts_as = closure(state.role, state.memberships.values())
    if owner in acts_as:
        return change
    options = [grant for grant in grants if grant.granted and grant.grantable and grant.role in acts_as]
    able = {grant.privilege for grant in options}
    holders = {grant.role for grant in options}
    giver = state.role if state.role in holders else min(holders, default=state.role)
    kept = tuple(each for each in change.privileges if each[0] in able)
    return msgspec.structs.replace(change, privileges=kept, giver=giver)


def on_columns(grants: tuple[Grant, ...], column: str, new: str | None) -> tuple[Grant, ...]:
    """Return the grants after a column is renamed, or dropped where there is no new name."""
    kept = (grant for grant in grants if new is not None or grant.column != column)
    return tuple(msgspec.structs.replace(g, column=new) if g.column == column and new else g for g in kept)


def initial(state: ReplayState, schema: str, owner: str, kind: str) -> tuple[Grant, ...]:
    """Return the default privileges on a new object: the sum of those for every schema and those for its schema."""
    everywhere = state.defaults.get((owner, None, kind))
    here = state.defaults.get((owner, schema, kind))
    result: dict[tuple[str, str], Grant] = {}
    for entry in (here, everywhere):
        for grant in entry.grants if entry else ():
            key = (grant.role, grant.privilege)
            if kind == "function" and grant.role == PUBLIC:
                # Every role may execute a new function, unless that is revoked for every schema.
                settles = entry is everywhere and (key not in result or not result[key].granted)
            else:
                # A REVOKE for every schema does not affect the platform's grants in one schema.
                settles = entry is here and key not in result
            if grant.granted or settles:
                result[key] = grant
    return tuple(result.values())
