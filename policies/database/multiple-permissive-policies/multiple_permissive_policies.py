"""Several permissive policies for one role and command are all asked, for every row."""

from collections.abc import Iterator

from iacpolicy.policy.api import Graph, Meta, Resource, Severity, Violation
from iacpolicy.policy.library.databases import known
from iacpolicy.sql.migrations.discover import SchemaModel
from iacpolicy.sql.model.database import PUBLIC, Aspect, Policy, Table, TableKind
from iacpolicy.sql.privileges.passing import applies
from iacpolicy.sql.privileges.table_access import COMMANDS

META = Meta(
    id="multiple-permissive-policies",
    title="Several permissive policies for one role and command",
    severity=Severity.LOW,
    on=("sql.table",),
    why=(
        "Permissive policies are joined by OR. Where several hold for one role and command, each is evaluated for "
        "every row, and none of them shows by itself who is let through."
    ),
    fix=("Join them into one policy with OR, or name the role of each with TO, so that a role meets one."),
    references=(
        "https://supabase.com/docs/guides/database/database-advisors?lint=0006_multiple_permissive_policies",
        "https://www.postgresql.org/docs/current/sql-createpolicy.html",
    ),
)


def check(subject: Resource, graph: Graph) -> Iterator[Violation]:
    """One result for each set of policies that meet, on the one that came last."""
    table, model = subject.payload
    if table.kind is TableKind.FOREIGN or model.platform.is_system(table.name.schema):
        return
    if not table.rls_enabled and not table.doubts(Aspect.RLS):
        return
    for meeting, where in _meetings(table, model).items():
        known(subject, table.doubts(Aspect.POLICIES, Aspect.RLS), *(policy.uncertain for policy in meeting))
        last = max(meeting, key=lambda policy: (policy.span.path, policy.span.line, policy.span.column))
        names = " and ".join(f'"{policy.name}"' for policy in meeting)
        roles = ", ".join(dict.fromkeys(role for role, _ in where))
        commands = ", ".join(dict.fromkeys(command for _, command in where))
        others = [policy for policy in meeting if policy is not last]  # equivalent: words
        also = tuple((f'policy "{policy.name}"', policy.span) for policy in others)
        words = f"{names} of {subject.name} are all asked for {commands} by {roles}"
        yield Violation(words, at=last.span, cause=names, also=also)


def _meetings(table: Table, model: SchemaModel) -> dict[tuple[Policy, ...], list[tuple[str, str]]]:
    """The permissive policies that meet, with the roles and commands for which they do."""
    named = {role for policy in table.policies for role in policy.roles if role != PUBLIC}
    found: dict[tuple[Policy, ...], list[tuple[str, str]]] = {}
    for role in dict.fromkeys((*model.platform.api_roles, *sorted(named - set(model.platform.bypassing_roles)))):
        acts_as = model.database.acts_as(role)
        for command in COMMANDS:
            meeting = tuple(p for p in table.policies if p.permissive and applies(p, acts_as, command))
            if len(meeting) > 1:
                found.setdefault(meeting, []).append((role, command))
    return found
