"""Views, functions, roles and owners for which row-level security does not hold."""

from collections.abc import Iterator

from iacpolicy.policy.api import Graph, Meta, Resource, Severity, Violation
from iacpolicy.policy.library.databases import callers, grant_doubts, is_shown, known, protected_below, readers
from iacpolicy.sql.model.database import Aspect, TableKind
from iacpolicy.sql.privileges.table_access import bypass, known_role

META = Meta(
    id="rls-bypass",
    title="Row-level security is bypassed",
    severity=Severity.HIGH,
    on=("sql.view", "sql.function", "sql.role", "sql.table", "postgresql_role"),
    why=(
        "A view asks its tables as its owner, a SECURITY DEFINER function runs as its owner, and neither an owner nor "
        "a role with BYPASSRLS is held to policies: what they show to the API's roles, no policy has looked at."
    ),
    fix=(
        "Write views `with (security_invoker = true)`; keep SECURITY DEFINER functions out of the exposed schemas, "
        "with `set search_path = ''` and EXECUTE for whom it is meant; give application roles no BYPASSRLS; and "
        "`alter table … force row level security` where the owner is a role of the application."
    ),
    references=(
        "https://www.postgresql.org/docs/current/ddl-rowsecurity.html",
        "https://www.postgresql.org/docs/current/sql-createview.html",
        "https://www.postgresql.org/docs/current/sql-createfunction.html",
        "https://supabase.com/docs/guides/database/database-advisors?lint=0010_security_definer_view",
    ),
)


def check(subject: Resource, graph: Graph) -> Iterator[Violation]:
    """One way round the policies for each kind of subject."""
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
                yield Violation("the role has BYPASSRLS", at=subject["bypass_row_level_security"])


def _view(subject: Resource) -> Iterator[Violation]:
    view, model = subject.payload
    if (view.security_invoker and not view.materialized) or not is_shown(subject, view.name, model):
        return
    roles = readers(view, model, "select")
    passed = [t for t in protected_below(view, model) if view.materialized or bypass(model, t, view.owner)]
    if not passed:
        return
    rls_doubts = [reason for table in passed if not table.rls_enabled for reason in table.doubts(Aspect.RLS)]
    definition = [reason for reason in view.uncertain if reason.aspect is Aspect.DEFINITION]
    known(subject, grant_doubts(view, opened=bool(roles)), definition, rls_doubts)
    if roles:
        names = ", ".join(sorted(str(table.name) for table in passed))
        owner = f"reads as {view.owner}, past the policies of,"
        how = "holds a copy of" if view.materialized else owner  # equivalent: words
        yield Violation(f"{subject.name}, open to {' and '.join(roles)}, {how} {names}", at=subject)


def _function(subject: Resource) -> Iterator[Violation]:
    function, model = subject.payload
    if not function.security_definer or function.search_path is not None or function.returns.endswith("trigger"):
        return
    if is_shown(subject, function.name, model) and (roles := callers(function, model)):
        known(subject, function.uncertain)
        yield Violation(
            f"{function.name} runs as {function.owner} with the caller's search path, and {' and '.join(roles)} may "
            "call it",
            at=subject,
        )


def _role(subject: Resource) -> Iterator[Violation]:
    role, model = subject.payload
    if not role.made_at.path.endswith(".sql") or role.name in model.platform.bypassing_roles:
        return
    if role.bypassrls:
        known(subject, role.uncertain)
        yield Violation(f"the role {role.name} has BYPASSRLS", at=subject)


def _table(subject: Resource) -> Iterator[Violation]:
    table, model = subject.payload
    if table.kind is TableKind.FOREIGN:
        if is_shown(subject, table.name, model) and (roles := readers(table, model, "select")):
            known(subject, grant_doubts(table, opened=True))
            yield Violation(
                f"{table.name} is a foreign table, which has no row-level security, open to {' and '.join(roles)}",
                at=subject,
            )
        return  # equivalent: row-level security is never on for a foreign table
    if not table.rls_enabled or table.rls_forced:
        return
    owner = known_role(model, table.owner)
    if owner.created and owner.name not in model.platform.bypassing_roles:
        known(subject, table.doubts(Aspect.FORCE, Aspect.RLS), owner.uncertain)
        yield Violation(f"{table.name} belongs to {owner.name}, to whom its policies do not apply", at=subject)
