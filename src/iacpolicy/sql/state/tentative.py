"""Statements that may or may not run: their effects become doubts."""

from collections.abc import Callable
from typing import Any

import msgspec

from iacpolicy.core.spans import Span
from iacpolicy.sql.model.database import (
    ApiSchemasSetting,
    Aspect,
    Function,
    RewriteRule,
    Role,
    RowPolicy,
    Schema,
    SchemaDoubt,
    Table,
    View,
)
from iacpolicy.sql.state.replay_state import ReplayState

MAX_REASONS = 3
"""The bound on doubts about one aspect of an object; further ones add no information."""


def tentatively(state: ReplayState, why: str, span: Span, action: Callable[[], None]) -> None:
    """Run an action, and replace each change that it made by a doubt with the reason."""
    mark = len(state.journal)
    guarded(state, action)
    first: dict[tuple[int, Any], tuple[Any, Any, Any]] = {}
    for mapping, key, before in state.journal[mark:]:
        first.setdefault((id(mapping), key), (mapping, key, before))
    for mapping, key, before in first.values():
        after = mapping.get(key)
        if before == after or mapping is state.reasons:
            continue
        if mapping is state.memberships or mapping is state.defaults:
            state.doubt(Aspect.GRANTS, why, span)
        if mapping is state.api_schemas:
            state.set(mapping, key, before)
            reason = SchemaDoubt(Aspect.EXISTENCE, why, span)
            schemas = after.schemas if after is not None else None
            state.set(mapping, (*key[:2], span), ApiSchemasSetting(key[1], schemas, span, reason))
            continue
        state.set(mapping, key, _merged(before, after, why, span))


def guarded(state: ReplayState, action: Callable[[], None]) -> None:
    """Run an action in which a statement that makes an existing object counts as not run."""
    state.guarded += 1
    try:
        action()
    finally:
        state.guarded -= 1


def with_reasons(known: tuple[SchemaDoubt, ...], *more: SchemaDoubt) -> tuple[SchemaDoubt, ...]:
    """Return the doubts without duplicates, at most `MAX_REASONS` for each aspect."""
    kept: dict[SchemaDoubt, None] = {}
    counts: dict[Aspect, int] = {}
    for reason in (*known, *more):
        if reason not in kept and counts.get(reason.aspect, 0) < MAX_REASONS:
            kept[reason] = None
            counts[reason.aspect] = counts.get(reason.aspect, 0) + 1
    return tuple(kept)


def _merged(before: Any, after: Any, why: str, span: Span) -> Any:
    present = after if after is not None else before
    if isinstance(present, tuple) and present and isinstance(present[0], Function):
        return _merged_functions(before or (), after or (), SchemaDoubt(Aspect.DEFINITION, why, span))
    if not isinstance(present, Table | View | Function | Role | Schema):
        return present
    if before is None or after is None:
        reasons = with_reasons(present.uncertain, SchemaDoubt(Aspect.EXISTENCE, why, span))
        return msgspec.structs.replace(present, uncertain=reasons)
    if isinstance(before, Table) and isinstance(after, Table):
        return _merged_table(before, after, why, span)
    reasons = with_reasons((*before.uncertain, *after.uncertain), SchemaDoubt(Aspect.DEFINITION, why, span))
    if isinstance(before, View) and isinstance(after, View):
        after = msgspec.structs.replace(after, rules=_merged_rules(before, after))
    return msgspec.structs.replace(after, uncertain=reasons)


def _merged_rules(before: Table | View, after: Table | View) -> tuple[RewriteRule, ...]:
    """Return the rules of both; a rule that may be missing does not count as doing nothing."""
    every = dict.fromkeys((*before.rules, *after.rules))
    return tuple(
        rule if rule in before.rules and rule in after.rules else msgspec.structs.replace(rule, nothing=False)
        for rule in every
    )


def _merged_functions(
    before: tuple[Function, ...], after: tuple[Function, ...], reason: SchemaDoubt
) -> tuple[Function, ...]:
    result = {function.arguments: function for function in (*before, *after)}
    for arguments, function in result.items():
        if function not in before or function not in after:
            uncertain = with_reasons(function.uncertain, reason)
            result[arguments] = msgspec.structs.replace(function, uncertain=uncertain)
    return tuple(result.values())


def _merged_table(before: Table, after: Table, why: str, span: Span) -> Table:
    aspects = []
    if before.rls_enabled != after.rls_enabled:
        aspects.append(Aspect.RLS)
    if before.rls_forced != after.rls_forced:
        aspects.append(Aspect.FORCE)
    if before.policies != after.policies:
        aspects.append(Aspect.POLICIES)
    if before.grants != after.grants:
        new = set(after.grants) - set(before.grants)
        aspects.extend({Aspect.GRANTS if grant.granted else Aspect.REVOKES: None for grant in new} or [Aspect.REVOKES])
    if before.made_at != after.made_at or before.name != after.name:
        aspects.append(Aspect.EXISTENCE)
    reasons = with_reasons(
        (*before.uncertain, *after.uncertain), *(SchemaDoubt(aspect, why, span) for aspect in aspects)
    )
    return msgspec.structs.replace(
        after,
        rls_enabled=before.rls_enabled,
        rls_forced=before.rls_forced,
        decided_at=before.decided_at,
        grants=before.grants,
        policies=_merged_policies(before, after, why, span),
        rules=_merged_rules(before, after),
        uncertain=reasons,
    )


def _merged_policies(before: Table, after: Table, why: str, span: Span) -> tuple[RowPolicy, ...]:
    reason = SchemaDoubt(Aspect.POLICIES, why, span)
    names = sorted({policy.name for policy in (*before.policies, *after.policies)})
    result = []
    for name in names:
        old, new = before.policy(name), after.policy(name)
        present = new or old
        assert present is not None
        if old != new:
            present = msgspec.structs.replace(present, uncertain=with_reasons(present.uncertain, reason))
        result.append(present)
    return tuple(result)
