"""CREATE POLICY and ALTER POLICY."""

import re

import msgspec

from iacpolicy.sql.model.database import PUBLIC, RowPolicy, Table
from iacpolicy.sql.state.replay_state import ReplayState
from iacpolicy.sql.syntax import parse_nodes
from iacpolicy.sql.syntax.grammar import Node
from iacpolicy.sql.syntax.lexer import parenthesised
from iacpolicy.sql.syntax.parse import Statement

_needs_tokens = re.compile(r"['$]|--|/\*").search
_quoted = re.compile(r'"[^"]*"').sub
_using = re.compile(r"\busing\s*\(", re.IGNORECASE).search
_check = re.compile(r"\bwith\s+check\s*\(", re.IGNORECASE).search
_parentheses = re.compile(r"[()]").finditer


def create(state: ReplayState, node: Node, at: Statement) -> None:
    """Apply CREATE POLICY; expressions keep their text."""
    table = state.table(node["table"], at.span)
    if table is None or (state.guarded and table.policy(str(node["policy_name"])) is not None):
        return
    using, check = _clauses(at.text, "qual" in node, "with_check" in node)
    policy = RowPolicy(
        name=str(node["policy_name"]),
        table=table.name,
        command=str(node.get("cmd_name", "all")),
        permissive=bool(node.get("permissive")),
        roles=_roles(state, node) or (PUBLIC,),
        using=using,
        check=check,
        span=at.span,
    )
    state.put(table, policies=with_policy(table, policy))


def alter(state: ReplayState, node: Node, at: Statement) -> None:
    """Apply ALTER POLICY … TO … USING … WITH CHECK …; clauses that are absent stay as they were."""
    table = state.table(node["table"], at.span)
    known = table.policy(str(node["policy_name"])) if table is not None else None
    if table is None or known is None:
        return
    using, check = _clauses(at.text, "qual" in node, "with_check" in node)
    changed = msgspec.structs.replace(
        known,
        roles=_roles(state, node) or known.roles,
        using=known.using if using is None else using,
        check=known.check if check is None else check,
        span=at.span,
    )
    state.put(table, policies=with_policy(table, changed))


def _clauses(text: str, has_using: bool, has_check: bool) -> tuple[str | None, str | None]:
    """Return the expressions of USING and WITH CHECK as written; the grammar requires this order."""
    if not _needs_tokens(text):
        return _plain_clauses(text, has_using, has_check)
    using = parenthesised(text, "using") if has_using else None
    check = parenthesised(text, "with", "check", start=using[1] if using else 0) if has_check else None
    return using[0] if using else None, check[0] if check else None


def _plain_clauses(text: str, has_using: bool, has_check: bool) -> tuple[str | None, str | None]:
    """Return the clauses of a text in which parentheses and keywords cannot be inside anything but quoted names."""
    bare = _quoted(lambda found: " " * len(found[0]), text)
    using = _plain_clause(text, bare, _using(bare)) if has_using else None
    check = _plain_clause(text, bare, _check(bare, using[1] if using else 0)) if has_check else None
    return using[0] if using else None, check[0] if check else None


def _plain_clause(text: str, bare: str, opening: re.Match[str] | None) -> tuple[str, int] | None:
    if opening is None:
        return None
    depth = 1
    for mark in _parentheses(bare, opening.end()):
        depth += 1 if mark[0] == "(" else -1
        if not depth:
            return text[opening.end() : mark.start()].strip(), mark.end()
    return None


def with_policy(table: Table, policy: RowPolicy) -> tuple[RowPolicy, ...]:
    """Return the policies of a table, sorted by name, with this one in place of the one with the same name."""
    others = [known for known in table.policies if known.name != policy.name]
    return tuple(sorted((*others, policy), key=lambda known: known.name))


def _roles(state: ReplayState, node: Node) -> tuple[str, ...]:
    return tuple(sorted({parse_nodes.role(spec, state.role) for spec in node.get("roles", ())}))
