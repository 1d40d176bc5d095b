"""CREATE, ALTER and DROP ROLE, membership, SET ROLE."""

from typing import Any

import msgspec

from iacpolicy.sql.model.database import Membership, Role
from iacpolicy.sql.state.replay_state import ReplayState
from iacpolicy.sql.syntax import parse_nodes
from iacpolicy.sql.syntax.grammar import Node
from iacpolicy.sql.syntax.parse import Statement

_ATTRIBUTES = {
    "canlogin": "login",
    "superuser": "superuser",
    "bypassrls": "bypassrls",
    "createrole": "createrole",
    "createdb": "createdb",
    "isreplication": "replication",
    "inherit": "inherit",
}

_OPTIONS = {"inherit": "inherits", "set": "sets", "admin": "admin"}


def create(state: ReplayState, node: Node, at: Statement) -> None:
    """Apply CREATE ROLE, USER and GROUP; a user may log in unless NOLOGIN is given."""
    name = str(node["role"])
    if state.guarded and name in state.roles:
        return
    attributes: dict[str, Any] = {
        "login": node.get("stmt_type") == "ROLESTMT_USER",
        "superuser": False,
        "bypassrls": False,
        "createrole": False,
        "createdb": False,
        "replication": False,
        "inherit": True,
        **_attributes(node),
    }
    state.set(state.roles, name, Role(name, at.span, decided_at=at.span, **attributes))
    options = parse_nodes.options(node.get("options"))
    for spec in _list(options.get("addroleto")):
        _join(state, parse_nodes.role(spec, state.role), name, {}, at)
    for kind in ("rolemembers", "adminmembers"):
        for spec in _list(options.get(kind)):
            _join(state, name, parse_nodes.role(spec, state.role), {"admin": True} if kind[0] == "a" else {}, at)


def alter(state: ReplayState, node: Node, at: Statement) -> None:
    """Apply ALTER ROLE with attributes; a role that no migration makes is added."""
    name = parse_nodes.role(node["role"], state.role)
    known = state.roles.get(name) or Role(name, at.span, created=False)
    attributes = _attributes(node)
    if attributes:
        attributes["decided_at"] = at.span
    state.set(state.roles, name, msgspec.structs.replace(known, **attributes))
    for spec in _list(parse_nodes.options(node.get("options")).get("rolemembers")):
        member = parse_nodes.role(spec, state.role)
        if node.get("action", 1) == 1:
            _join(state, name, member, {}, at)
        else:
            state.set(state.memberships, (name, member), None)


def drop(state: ReplayState, node: Node, at: Statement) -> None:
    """Apply DROP ROLE."""
    for spec in node.get("roles", ()):
        name = parse_nodes.role(spec, state.role)
        state.set(state.roles, name, None)
        for key in [key for key in state.memberships if name in key]:
            state.set(state.memberships, key, None)


def grant(state: ReplayState, node: Node, at: Statement) -> None:
    """Apply GRANT role TO role and its REVOKE; revoking only an option keeps the membership."""
    options = {name: parse_nodes.truth(argument) for name, argument in parse_nodes.options(node.get("opt")).items()}
    granted = [str(access["AccessPriv"]["priv_name"]) for access in node.get("granted_roles", ())]
    members = [parse_nodes.role(spec, state.role) for spec in node.get("grantee_roles", ())]
    state.spend(len(granted) * len(members))
    for role in granted:
        for member in members:
            if node.get("is_grant"):
                _join(state, role, member, options, at)
            elif not options:
                state.set(state.memberships, (role, member), None)
            elif (role, member) in state.memberships:
                _join(state, role, member, dict.fromkeys(options, False), at)


def set_role(state: ReplayState, node: Node) -> None:
    """Apply SET ROLE and SET SESSION AUTHORIZATION, which decide the owner of new objects."""
    names = parse_nodes.constants(node.get("args"))
    name = names[0] if names and node["kind"] == "VAR_SET_VALUE" else "none"
    role = state.platform.owner if name in {"none", "default"} else name
    set_in_session(state, "role", role, local=bool(node.get("is_local")))


def set_in_session(state: ReplayState, name: str, value: Any, *, local: bool) -> None:
    """Change a setting of the session; a local one ends with the transaction."""
    before = f"{name}_before"
    if not local:
        state.set(state.session, before, None)
    elif before not in state.session:
        state.set(state.session, before, state.session[name])
    state.set(state.session, name, value)


def _attributes(node: Node) -> dict[str, Any]:
    return {
        _ATTRIBUTES[name]: parse_nodes.truth(argument)
        for name, argument in parse_nodes.options(node.get("options")).items()
        if name in _ATTRIBUTES
    }


def _join(state: ReplayState, role: str, member: str, options: dict[str, bool], at: Statement) -> None:
    """Add or change a membership; a new one inherits where its member has INHERIT at that time."""
    known = state.memberships.get((role, member))
    if known is None:
        joining = state.roles.get(member)
        known = Membership(role, member, at.span, inherits=joining is None or joining.inherit is not False)
    changes = {_OPTIONS[name]: value for name, value in options.items() if name in _OPTIONS}
    state.set(state.memberships, (role, member), msgspec.structs.replace(known, **changes))


def _list(argument: Node | None) -> list[Node]:
    return parse_nodes.items(argument) if argument else []
