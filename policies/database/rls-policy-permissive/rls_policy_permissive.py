"""Policies that let every user write every row."""

from collections.abc import Iterator

from iacpolicy.policy.api import Graph, Meta, Resource, Severity, Violation
from iacpolicy.policy.library.databases import ensure_certain, is_exposed
from iacpolicy.policy.library.sql import (
    Aspect,
    RowPolicy,
    SchemaModel,
    Table,
    TableKind,
    applies,
    constant_truth,
    lets_through,
    needs_only_a_login,
    privilege,
    relation_named,
)

META = Meta(
    id="rls-policy-permissive",
    title="Policy lets users write every row",
    severity=Severity.HIGH,
    on=("sql.policy",),
    aliases=("rls-policy-always-true",),
    why=(
        "The condition of the policy is always true, or only requires a login. Anyone with an account can then "
        "insert, change or delete the rows of everyone else."
    ),
    fix=(
        "Compare the row with the user, in USING for the changed rows and in WITH CHECK for the new ones: `using "
        "((select auth.uid()) = owner_id) with check ((select auth.uid()) = owner_id)`."
    ),
    references=(
        "https://supabase.com/docs/guides/database/postgres/row-level-security",
        "https://www.postgresql.org/docs/current/sql-createpolicy.html",
        "https://supabase.com/docs/guides/database/database-advisors?lint=0024_permissive_rls_policy",
    ),
)


def check(policy: Resource, graph: Graph) -> Iterator[Violation]:
    """Skip policies for SELECT: `for select using (true)` can be intended."""
    written, model = policy.payload
    table = relation_named(model, written.table)
    if not isinstance(table, Table) or not written.permissive or written.command == "select":
        return
    if table.kind is not TableKind.EXTERNAL and not _is_in_force(policy, table, model):
        return
    found = list(_writes(written, table, model))
    if found:
        ensure_certain(policy, written.uncertain, table.doubts(Aspect.RLS, Aspect.POLICIES, Aspect.EXISTENCE))
        commands = list(dict.fromkeys(command for command, _, _ in found))
        roles = list(dict.fromkeys(role for _, role, _ in found))
        why = found[0][2]
        yield Violation(f"{' and '.join(roles)} can {_joined(commands)} any row of {table.name}: {why}", at=policy)


def _is_in_force(subject: Resource, table: Table, model: SchemaModel) -> bool:
    """Return whether the API exposes the table and its row-level security is on."""
    return is_exposed(subject, table.name, model) and (table.rls_enabled or bool(table.doubts(Aspect.RLS)))


def _writes(policy: RowPolicy, table: Table, model: SchemaModel) -> Iterator[tuple[str, str, str]]:
    """Yield command, role and defect for every write that the policy leaves open."""
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


def _open_clause(policy: RowPolicy, table: Table, command: str) -> str | None:
    """Return the defect of the clause for a command, None where it restricts rows; WITH CHECK defaults to USING."""
    fixed = [column.name for column in table.columns if column.not_null]
    using = ("USING", policy.using)
    check_ = ("WITH CHECK", policy.check) if policy.check is not None else using
    clauses = {"insert": (check_,), "delete": (using,), "update": (using, check_)}[command]
    for name, text in clauses:
        # an absent clause admits no row
        if text is not None and constant_truth(text, fixed) is True:
            return f"{name} is always true"
        if needs_only_a_login(text):
            return f"{name} only requires a login"
    return None


def _joined(words: list[str]) -> str:
    return ", ".join(words[:-1]) + (" and " if words[1:] else "") + words[-1]  # equivalent: wording
