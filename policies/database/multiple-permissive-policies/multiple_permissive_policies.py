"""Several permissive policies for one role and command."""

from collections.abc import Iterator

from iacpolicy.policy.api import Graph, Meta, Resource, Severity, Violation
from iacpolicy.policy.library.databases import ensure_certain
from iacpolicy.policy.library.sql import COMMANDS, PUBLIC, Aspect, RowPolicy, SchemaModel, Table, TableKind, applies

META = Meta(
    id="multiple-permissive-policies",
    title="Several permissive policies apply to one role and command",
    severity=Severity.LOW,
    on=("sql.table",),
    why=(
        "PostgreSQL evaluates each permissive policy for every row and joins them by OR. Several of them slow down "
        "every query, and no single one shows who gets access."
    ),
    fix="Merge the policies into one with OR. Or name the role of each with TO, so that only one applies to a role.",
    references=(
        "https://supabase.com/docs/guides/database/database-advisors?lint=0006_multiple_permissive_policies",
        "https://www.postgresql.org/docs/current/sql-createpolicy.html",
    ),
)


def check(subject: Resource, graph: Graph) -> Iterator[Violation]:
    """Yield one violation for each set of overlapping policies, at the last one."""
    table, model = subject.payload
    if table.kind is TableKind.FOREIGN or model.platform.is_system(table.name.schema):
        return
    if not table.rls_enabled and not table.doubts(Aspect.RLS):
        return
    for overlapping, where in _overlaps(table, model).items():
        ensure_certain(
            subject, table.doubts(Aspect.POLICIES, Aspect.RLS), *(policy.uncertain for policy in overlapping)
        )
        last = max(overlapping, key=lambda policy: (policy.span.path, policy.span.line, policy.span.column))
        names = " and ".join(f'"{policy.name}"' for policy in overlapping)
        roles = ", ".join(dict.fromkeys(role for role, _ in where))
        commands = ", ".join(dict.fromkeys(command for _, command in where))
        others = [policy for policy in overlapping if policy is not last]  # equivalent: wording
        also = tuple((f'policy "{policy.name}"', policy.span) for policy in others)
        words = f"{names} of {subject.name} all apply to {commands} by {roles}"
        yield Violation(words, at=last.span, cause=names, also=also)


def _overlaps(table: Table, model: SchemaModel) -> dict[tuple[RowPolicy, ...], list[tuple[str, str]]]:
    """Return the sets of overlapping permissive policies, each with its roles and commands."""
    named = {role for policy in table.policies for role in policy.roles if role != PUBLIC}
    found: dict[tuple[RowPolicy, ...], list[tuple[str, str]]] = {}
    for role in dict.fromkeys((*model.platform.api_roles, *sorted(named - set(model.platform.bypassing_roles)))):
        acts_as = model.database.acts_as(role)
        for command in COMMANDS:
            overlapping = tuple(p for p in table.policies if p.permissive and applies(p, acts_as, command))
            if len(overlapping) > 1:
                found.setdefault(overlapping, []).append((role, command))
    return found
