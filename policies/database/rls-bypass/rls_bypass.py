"""Views, functions, roles and owners to which row-level security does not apply."""

from collections.abc import Iterator

from iacpolicy.policy.api import Graph, Meta, Resource, Severity, Violation
from iacpolicy.policy.library.databases import (
    api_callers,
    api_readers,
    ensure_certain,
    grant_doubts,
    is_exposed,
    protected_tables_below,
)
from iacpolicy.policy.library.sql import Aspect, TableKind, bypass, known_role

# The remediation by kind of object.
VIEW = "Write `alter view {} set (security_invoker = true);` in a migration."
COPY = (
    "Write `revoke select on {} from anon, authenticated;` in a migration, or move it to a schema outside of the API."
)
FUNCTION = "Add `set search_path = ''` to the function, or move it to a schema that the API does not expose."
SQL_ROLE = "Write `alter role {} nobypassrls;` in a migration."
ROLE = "Set `bypass_row_level_security = false`."
TABLE = "Write `alter table {} force row level security;` in a migration."

META = Meta(
    id="rls-bypass",
    title="Row-level security is bypassed",
    severity=Severity.HIGH,
    on=("sql.view", "sql.function", "sql.role", "sql.table", "postgresql_role"),
    why=(
        "Policies do not apply to a table's owner or to a role with BYPASSRLS. Views and SECURITY DEFINER functions "
        "that run as such a role show protected rows to users without any check."
    ),
    fix=(
        "Create views `with (security_invoker = true)`. Move SECURITY DEFINER functions out of the exposed schemas, "
        "and give them `set search_path = ''`. Remove BYPASSRLS from application roles. Use `alter table … force row "
        "level security` where an application role is the owner."
    ),
    references=(
        "https://www.postgresql.org/docs/current/ddl-rowsecurity.html",
        "https://www.postgresql.org/docs/current/sql-createview.html",
        "https://www.postgresql.org/docs/current/sql-createfunction.html",
        "https://supabase.com/docs/guides/database/database-advisors?lint=0010_security_definer_view",
    ),
)


def check(subject: Resource, graph: Graph) -> Iterator[Violation]:
    """Dispatch on the kind of the object that bypasses the policies."""
    match subject.kind:
        case "sql.view":
            yield from _view(subject)
        case "sql.function":
            yield from _function(subject)
        case "sql.role":
            yield from _role(subject)
        case "sql.table":
            yield from _table(subject)
        case _:
            if subject["bypass_row_level_security"] == True:
                yield Violation(
                    "bypass_row_level_security is true, so no policy applies to the role",
                    at=subject["bypass_row_level_security"],
                    fix=ROLE,
                )


def _view(subject: Resource) -> Iterator[Violation]:
    view, model = subject.payload
    if (view.security_invoker and not view.materialized) or not is_exposed(subject, view.name, model):
        return
    roles = api_readers(view, model, "select")
    passed = [t for t in protected_tables_below(view, model) if view.materialized or bypass(model, t, view.owner)]
    if not passed:
        return
    rls_doubts = [reason for table in passed if not table.rls_enabled for reason in table.doubts(Aspect.RLS)]
    definition = [reason for reason in view.uncertain if reason.aspect is Aspect.DEFINITION]
    ensure_certain(subject, grant_doubts(view, opened=bool(roles)), definition, rls_doubts)
    if roles:
        names = ", ".join(sorted(str(table.name) for table in passed))
        owner = f"which reads as {view.owner} and bypasses the policies of"
        how = "which holds a copy of" if view.materialized else owner  # equivalent: wording
        yield Violation(
            f"{' and '.join(roles)} can read {subject.name}, {how} {names}",
            at=subject,
            fix=(COPY if view.materialized else VIEW).format(subject.name),
        )


def _function(subject: Resource) -> Iterator[Violation]:
    function, model = subject.payload
    if not function.security_definer or function.search_path is not None or function.returns.endswith("trigger"):
        return
    if is_exposed(subject, function.name, model) and (roles := api_callers(function, model)):
        ensure_certain(subject, function.uncertain)
        yield Violation(
            f"{' and '.join(roles)} can call {function.name}, which runs as {function.owner} with the caller's search "
            "path",
            at=subject,
            fix=FUNCTION,
        )


def _role(subject: Resource) -> Iterator[Violation]:
    role, model = subject.payload
    if not role.made_at.path.endswith(".sql") or role.name in model.platform.bypassing_roles:
        return
    if role.bypassrls:
        ensure_certain(subject, role.uncertain)
        yield Violation(
            f"the role {role.name} has BYPASSRLS, so no policy applies to it",
            at=subject,
            fix=SQL_ROLE.format(role.name),
        )


def _table(subject: Resource) -> Iterator[Violation]:
    table, model = subject.payload
    if table.kind is TableKind.FOREIGN:
        if is_exposed(subject, table.name, model) and (roles := api_readers(table, model, "select")):
            ensure_certain(subject, grant_doubts(table, opened=True))
            yield Violation(
                f"the foreign table {table.name}, which has no row-level security, is open to {' and '.join(roles)}",
                at=subject,
                fix=COPY.format(table.name),
            )
        return  # equivalent: row-level security is never on for a foreign table
    if not table.rls_enabled or table.rls_forced:
        return
    owner = known_role(model, table.owner)
    if owner.created and owner.name not in model.platform.bypassing_roles:
        ensure_certain(subject, table.doubts(Aspect.FORCE, Aspect.RLS), owner.uncertain)
        yield Violation(
            f"{table.name} belongs to the application role {owner.name}, to which its policies do not apply",
            at=subject,
            fix=TABLE.format(table.name),
        )
