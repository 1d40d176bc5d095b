"""The objects, grants and memberships of a role, and changes of its name."""

from collections.abc import Callable
from typing import Any

import msgspec

from iacpolicy.sql.model.database import Function, Grant, Table, TableKind
from iacpolicy.sql.state.replay_state import ReplayState
from iacpolicy.sql.statements import dependents, publications, sequences
from iacpolicy.sql.statements.dependents import drop_view
from iacpolicy.sql.statements.drop import drop_schema, drop_table
from iacpolicy.sql.syntax import parse_nodes
from iacpolicy.sql.syntax.grammar import Node
from iacpolicy.sql.syntax.parse import Statement


def drop_owned(state: ReplayState, node: Node, at: Statement) -> None:
    """Apply DROP OWNED BY to the objects of a role, the privileges granted to it, and policies for it."""
    roles = {parse_nodes.role(spec, state.role) for spec in node.get("roles", ())}
    state.spend_scan(state.tables, state.views, state.sequences, state.functions)
    for table in [t for t in state.tables.values() if t.owner in roles and t.kind is not TableKind.EXTERNAL]:
        drop_table(state, table.name, cascade=True)
    for view in [view for view in state.views.values() if view.owner in roles]:
        drop_view(state, view.name, cascade=True)
    for sequence in [sequence for sequence in state.sequences.values() if sequence.owner in roles]:
        sequences.drop(state, sequence.name)
    for function in [f for overloads in state.functions.values() for f in overloads if f.owner in roles]:
        state.drop_function(function)
        if function.name not in state.functions:
            dependents.drop_users_of_function(state, function.name)
    for publication in [each for each in state.publications.values() if each.owner in roles]:
        publications.drop(state, publication.name)
    for schema in [schema for schema in state.schemas.values() if schema.owner in roles]:
        drop_schema(state, schema.name, at, cascade=True)
    for key in [key for key in state.defaults if key[0] in roles]:
        state.set(state.defaults, key, None)
    _everywhere(state, lambda role: role, lambda grant: None if grant.role in roles else _not_given_by(grant, roles))
    for table in [table for table in state.tables.values() if table.policies]:
        kept = []
        for policy in table.policies:
            left = tuple(role for role in policy.roles if role not in roles)
            if left:
                kept.append(msgspec.structs.replace(policy, roles=left))
        if tuple(kept) != table.policies:
            state.put(table, policies=tuple(kept))


def _not_given_by(grant: Grant, roles: set[str]) -> Grant | None:
    kept = tuple((giver, able) for giver, able in grant.givers if giver not in roles)
    if kept == grant.givers:
        return grant
    return msgspec.structs.replace(grant, givers=kept, grantable=any(able for _, able in kept)) if kept else None


def reassign_owned(state: ReplayState, node: Node, at: Statement) -> None:
    """Apply REASSIGN OWNED BY … TO."""
    roles = {parse_nodes.role(spec, state.role) for spec in node.get("roles", ())}
    new = parse_nodes.role(node["newrole"], state.role)
    _everywhere(state, lambda role: new if role in roles else role, lambda grant: grant)


def rename_role(state: ReplayState, old: str, new: str) -> None:
    """Apply ALTER ROLE … RENAME TO in owners, grants, memberships, policies and default privileges."""

    def renamed(role: str) -> str:
        return new if role == old else role

    known = state.roles.get(old)
    if known is not None:
        state.set(state.roles, old, None)
        state.set(state.roles, new, msgspec.structs.replace(known, name=new))
    for key, membership in list(state.memberships.items()):
        if old in key:
            changed = msgspec.structs.replace(
                membership, role=renamed(membership.role), member=renamed(membership.member)
            )
            state.set(state.memberships, key, None)
            state.set(state.memberships, (changed.role, changed.member), changed)
    for default in [default for default in state.defaults if default[0] == old]:
        entry = state.defaults[default]
        state.set(state.defaults, default, None)
        state.set(state.defaults, (new, *default[1:]), msgspec.structs.replace(entry, owner=new))
    _everywhere(
        state,
        renamed,
        lambda grant: msgspec.structs.replace(
            grant, role=renamed(grant.role), givers=tuple((renamed(giver), able) for giver, able in grant.givers)
        ),
    )
    for table in [table for table in state.tables.values() if table.made_by == old or table.policies]:
        policies = tuple(
            msgspec.structs.replace(each, roles=tuple(sorted(map(renamed, each.roles)))) for each in table.policies
        )
        state.put(table, policies=policies, made_by=renamed(table.made_by))


def _everywhere(state: ReplayState, owner: Callable[[str], str], grant: Callable[[Grant], Grant | None]) -> None:
    """Change owners and grants of every object."""
    holders: tuple[dict[Any, Any], ...] = (
        state.tables, state.views, state.sequences, state.schemas, state.publications, state.defaults, state.functions
    )  # fmt: skip
    state.spend_scan(*holders)
    for holder in holders:
        for key, value in list(holder.items()):
            if isinstance(value, tuple):
                changed: Any = tuple(_changed(each, owner, grant) for each in value)
            else:
                changed = _changed(value, owner, grant)
            if changed != value:
                state.set(holder, key, changed)


def _changed(value: Any, owner: Callable[[str], str], grant: Callable[[Grant], Grant | None]) -> Any:
    changes: dict[str, Any] = {}
    grants: tuple[Grant, ...] = getattr(value, "grants", ())
    kept = tuple(changed for each in grants if (changed := grant(each)) is not None)
    if kept != grants:
        changes["grants"] = kept
    is_external = isinstance(value, Table) and value.kind is TableKind.EXTERNAL
    if hasattr(value, "kind") and not isinstance(value, Table | Function):
        is_external = True  # Default privileges belong to the role that they are for.
    if not is_external and owner(value.owner) != value.owner:
        changes["owner"] = owner(value.owner)
    return msgspec.structs.replace(value, **changes) if changes else value
