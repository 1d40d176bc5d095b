"""A policy that is true for every row is row-level security in name only."""

from collections.abc import Iterator

from iacpolicy.policy.api import Graph, Meta, Resource, Severity, Violation
from iacpolicy.policy.library.databases import is_shown, known
from iacpolicy.sql.migrations.discover import SchemaModel
from iacpolicy.sql.model.database import Aspect, Policy, Table, TableKind
from iacpolicy.sql.privileges.passing import applies, lets_through
from iacpolicy.sql.privileges.table_access import privilege, relation_named
from iacpolicy.sql.syntax.expressions import constant_truth, needs_only_a_login

META = Meta(
    id="rls-policy-permissive",
    title="Policy lets every row be written",
    severity=Severity.HIGH,
    on=("sql.policy",),
    aliases=("rls-policy-always-true",),
    why=(
        "A policy for INSERT, UPDATE or DELETE whose condition is always true, or asks only that somebody is logged "
        "in, lets everybody with an account write everybody's rows."
    ),
    fix=(
        "Compare the row with who asks, in USING for the rows that are changed and in WITH CHECK for what they "
        "become: `using ((select auth.uid()) = owner_id) with check ((select auth.uid()) = owner_id)`."
    ),
    references=(
        "https://supabase.com/docs/guides/database/postgres/row-level-security",
        "https://www.postgresql.org/docs/current/sql-createpolicy.html",
        "https://supabase.com/docs/guides/database/database-advisors?lint=0024_permissive_rls_policy",
    ),
)


def check(policy: Resource, graph: Graph) -> Iterator[Violation]:
    """Reading everything may be meant (`for select using (true)`); writing everything is not."""
    written, model = policy.payload
    table = relation_named(model, written.table)
    if not isinstance(table, Table) or not written.permissive or written.command == "select":
        return
    if table.kind is not TableKind.EXTERNAL and not _is_in_force(policy, table, model):
        return
    found = list(_writes(written, table, model))
    if found:
        known(policy, written.uncertain, table.doubts(Aspect.RLS, Aspect.POLICIES, Aspect.EXISTENCE))
        commands = list(dict.fromkeys(command for command, _, _ in found))
        roles = list(dict.fromkeys(role for _, role, _ in found))
        why = found[0][2]
        yield Violation(f"{' and '.join(roles)} may {_joined(commands)} any row of {table.name}: {why}", at=policy)


def _is_in_force(subject: Resource, table: Table, model: SchemaModel) -> bool:
    """Whether the API shows the table, with row-level security on; an external table's is the platform's."""
    return is_shown(subject, table.name, model) and (table.rls_enabled or bool(table.doubts(Aspect.RLS)))


def _writes(policy: Policy, table: Table, model: SchemaModel) -> Iterator[tuple[str, str, str]]:
    """Command, role and clause of every write that the policy leaves open."""
    for command in ("insert", "update", "delete"):
        clause = _open_clause(policy, table, command) if policy.command in (command, "all") else None
        if clause is None:
            continue
        for role in model.platform.api_roles:
            acts_as = model.database.acts_as(role)
            narrowed = any(
                not other.permissive and applies(other, acts_as, command) and not lets_through(other, table, command)
                for other in table.policies
            )
            may = table.kind is TableKind.EXTERNAL or privilege(model, table, role, command).granted
            if applies(policy, acts_as, command) and may and not narrowed:
                yield command, role, clause


def _open_clause(policy: Policy, table: Table, command: str) -> str | None:
    """What is wrong with the clause that should narrow a command; WITH CHECK is USING where it is left out."""
    fixed = [column.name for column in table.columns if column.not_null]
    using = ("USING", policy.using)
    check_ = ("WITH CHECK", policy.check) if policy.check is not None else using
    clauses = {"insert": (check_,), "delete": (using,), "update": (using, check_)}[command]
    for name, text in clauses:
        # a clause that is left out lets nothing through
        if text is not None and constant_truth(text, fixed) is True:
            return f"{name} is always true"
        if needs_only_a_login(text):
            return f"{name} asks only for a login"
    return None


def _joined(words: list[str]) -> str:
    return ", ".join(words[:-1]) + (" and " if words[1:] else "") + words[-1]  # equivalent: words
