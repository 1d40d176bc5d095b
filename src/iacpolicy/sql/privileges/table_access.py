"""Access of roles: the privileges that a role holds, restricted by row-level security.

Source: https://www.postgresql.org/docs/current/ddl-rowsecurity.html and
https://www.postgresql.org/docs/current/ddl-priv.html.
"""

from collections.abc import Sequence
from enum import StrEnum

import msgspec

from iacpolicy.core.spans import Span, file_start
from iacpolicy.sql.expressions.conditions import read
from iacpolicy.sql.migrations.discover import SchemaModel
from iacpolicy.sql.migrations.supabase_config import DefaultGrants
from iacpolicy.sql.model.database import (
    PUBLIC,
    Aspect,
    Function,
    Grant,
    Role,
    RowPolicy,
    Schema,
    SchemaDoubt,
    Table,
    TableKind,
    View,
)
from iacpolicy.sql.model.names import QualifiedName
from iacpolicy.sql.privileges.passing import applies, lets_through
from iacpolicy.sql.syntax.grammar import Node
from iacpolicy.sql.syntax.parse_nodes import strings, walk

COMMANDS = ("select", "insert", "update", "delete")
MAX_VIEWS = 20

_WRITES = ("insert", "update")


class AccessOutcome(StrEnum):
    """The access of a role to the rows of a relation by one command."""

    ALLOWED = "allowed"
    POLICIES = "policies"
    DENIED = "denied"
    UNKNOWN = "unknown"


class HeldPrivilege(msgspec.Struct, frozen=True):
    """One privilege, held or not, with the clause that explains it; `columns` limits it, empty means all."""

    granted: bool
    because: str
    columns: tuple[str, ...] = ()
    doubts: tuple[SchemaDoubt, ...] = ()


class Access(msgspec.Struct, frozen=True):
    """The access for one role, relation and command; `policies` are those that allow rows."""

    role: str
    relation: QualifiedName
    command: str
    outcome: AccessOutcome
    because: str
    columns: tuple[str, ...] = ()
    policies: tuple[str, ...] = ()
    reasons: tuple[SchemaDoubt, ...] = ()


def access(model: SchemaModel, relation: Table | View, role: str, command: str) -> Access:
    """Return the access of a role to a relation by a command, one of `COMMANDS`."""
    return _access(model, relation, role, command, (role, 0))


def _access(model: SchemaModel, relation: Table | View, role: str, command: str, caller: tuple[str, int]) -> Access:
    """Return the access; `caller` is the role of the request, and the number of views in between."""
    depth = caller[1]

    def answer(outcome: AccessOutcome, because: str, **more: object) -> Access:
        return Access(role, relation.name, command, outcome, because, **more)  # type: ignore[arg-type]

    usage = schema_usage(model, role, relation.name.schema)
    if not usage.granted and not depth:  # A view resolved its relations when it was made.
        return answer(AccessOutcome.DENIED, usage.because)
    held = privilege(model, relation, role, command)
    existence = tuple(reason for reason in relation.uncertain if reason.aspect is Aspect.EXISTENCE)
    if held.doubts or existence:
        return answer(AccessOutcome.UNKNOWN, held.because, reasons=(*held.doubts, *existence))
    if not held.granted:
        return answer(AccessOutcome.DENIED, held.because)
    diverting = [rule for rule in relation.rules if rule.enabled and rule.instead and rule.command == command]
    if diverting:
        other = next((rule for rule in diverting if not rule.nothing), None)
        if other is None:
            return answer(AccessOutcome.DENIED, f"the rule {diverting[0].name} does nothing instead")
        why = SchemaDoubt(Aspect.DEFINITION, f"the rule {other.name} may run something else instead", other.made_at)
        return answer(AccessOutcome.UNKNOWN, why.text, reasons=(why,))
    if isinstance(relation, View):
        return _through_view(model, relation, role, command, held, caller)
    if relation.kind is TableKind.FOREIGN:
        return answer(
            AccessOutcome.ALLOWED, f"{held.because}; a foreign table has no row-level security", columns=held.columns
        )
    doubts = relation.doubts(Aspect.RLS, Aspect.POLICIES, Aspect.FORCE)
    if relation.doubts(Aspect.RLS):
        return answer(AccessOutcome.UNKNOWN, "whether row-level security is on is unknown", reasons=doubts)
    if not relation.rls_enabled:
        return answer(AccessOutcome.ALLOWED, f"{held.because}, without row-level security", columns=held.columns)
    attributes = known_role(model, role).uncertain
    if attributes:
        return answer(AccessOutcome.UNKNOWN, "the attributes of the role are unknown", reasons=attributes)
    passing = bypass(model, relation, role)
    if passing is not None:
        return answer(AccessOutcome.ALLOWED, passing, columns=held.columns)
    if doubts:
        return answer(AccessOutcome.UNKNOWN, "the policies are unknown", reasons=doubts)
    return _by_policies(model, relation, role, command, held)


def _by_policies(model: SchemaModel, table: Table, role: str, command: str, held: HeldPrivilege) -> Access:
    acts_as = model.database.acts_as(role)
    fitting = [policy for policy in table.policies if applies(policy, acts_as, command)]
    open_ones = [
        policy for policy in fitting if policy.permissive and lets_through(policy, table, command) is not False
    ]
    closed = any(not policy.permissive and lets_through(policy, table, command) is False for policy in fitting)
    names = tuple(policy.name for policy in open_ones)
    if not open_ones or closed:
        because = "a restrictive policy allows no row" if closed else "no policy allows a row"
        return Access(role, table.name, command, AccessOutcome.DENIED, because)
    hidden = _hidden_from(model, fitting, table, role, command)
    if hidden is not None:
        return Access(role, table.name, command, AccessOutcome.DENIED, hidden)
    restrictive = [p for p in fitting if not p.permissive and lets_through(p, table, command) is not True]
    if not restrictive and any(lets_through(policy, table, command) is True for policy in open_ones):
        through = tuple(policy.name for policy in open_ones if lets_through(policy, table, command) is True)
        because = f"{held.because}, and a policy allows every row"
        return Access(role, table.name, command, AccessOutcome.ALLOWED, because, held.columns, through)
    names += tuple(policy.name for policy in restrictive)
    return Access(role, table.name, command, AccessOutcome.POLICIES, held.because, held.columns, names)


def _hidden_from(
    model: SchemaModel, policies: Sequence[RowPolicy], table: Table, role: str, command: str
) -> str | None:
    """Return the reason why a policy fails: it reads and calls with the rights of the role of the request."""
    for policy in policies:
        if lets_through(policy, table, command) is not None:
            continue
        for text in (policy.using if command != "insert" else None, policy.check if command in _WRITES else None):
            for kind, fields in walk(read(text)) if text is not None else ():
                if kind == "FuncCall" and (called := _not_callable(model, fields, role)) is not None:
                    return f"the policy {policy.name} calls {called}(), which the role may not execute"
                if kind != "RangeVar":
                    continue
                name = QualifiedName(str(fields.get("schemaname") or "public"), str(fields["relname"]))
                relation = relation_named(model, name)
                if relation is None or model.platform.is_system(name.schema):
                    continue
                held = privilege(model, relation, role, "select")
                if not held.granted and not held.doubts and not relation.uncertain:
                    return f"the policy {policy.name} reads {relation.name}, on which the role has no SELECT privilege"
    return None


def _not_callable(model: SchemaModel, call: Node, role: str) -> QualifiedName | None:
    """Return the function of a call, where a role may execute no function that the call can mean."""
    parts = strings(call.get("funcname"))
    if not parts:
        return None
    name = QualifiedName(parts[-2] if len(parts) > 1 else "public", parts[-1])
    meant = [function for function in model.database.functions if function.name == name]
    closed = meant and not any(each.uncertain or executable(model, each, role).granted for each in meant)
    return name if closed else None


def _through_view(
    model: SchemaModel, view: View, role: str, command: str, held: HeldPrivilege, caller: tuple[str, int]
) -> Access:
    """Return the access through a view: it reads as its owner, a security invoker as the role of the request."""
    if view.materialized:
        if command != "select":
            return Access(role, view.name, command, AccessOutcome.DENIED, "a materialized view is not written to")
        return Access(role, view.name, command, AccessOutcome.ALLOWED, f"{held.because}; it has a copy of all rows")
    first, depth = caller
    asker = first if view.security_invoker else view.owner
    relations = [found for name in view.reads if (found := relation_named(model, name)) is not None]
    if depth >= MAX_VIEWS or len(relations) != len(view.reads):
        why = SchemaDoubt(Aspect.DEFINITION, f"some relations that {view.name} reads are unknown", view.made_at)
        return Access(role, view.name, command, AccessOutcome.UNKNOWN, "it reads unknown relations", reasons=(why,))
    if command != "select" and len(relations) != 1:
        why = SchemaDoubt(Aspect.DEFINITION, f"whether {view.name} is updatable is unknown", view.made_at)
        return Access(role, view.name, command, AccessOutcome.UNKNOWN, "it may be updatable", reasons=(why,))
    below = [_access(model, each, asker, command, (first, depth + 1)) for each in relations]
    for outcome in (AccessOutcome.DENIED, AccessOutcome.UNKNOWN, AccessOutcome.POLICIES):
        worst = next((each for each in below if each.outcome is outcome), None)
        if worst is not None:
            policies = tuple(f"{each.relation}: {name}" for each in below for name in each.policies)
            because = f"as {asker} on {worst.relation}: {worst.because}"
            return Access(role, view.name, command, outcome, because, held.columns, policies, worst.reasons)
    return Access(role, view.name, command, AccessOutcome.ALLOWED, f"{held.because}; it reads as {asker}", held.columns)


def relation_named(model: SchemaModel, name: QualifiedName) -> Table | View | None:
    """Return the table or view of this name, external ones included."""
    database = model.database
    tables = (table for table in (*database.tables, *database.external) if table.name == name)
    return next(tables, None) or next((view for view in database.views if view.name == name), None)


def bypass(model: SchemaModel, table: Table, role: str) -> str | None:
    """Return the reason why row-level security does not apply to a role, None where it does."""
    known = known_role(model, role)
    if known.superuser:
        return f"{role} is a superuser"
    if known.bypassrls:
        return f"{role} has BYPASSRLS"
    if table.owner in model.database.acts_as(role) and not table.rls_forced:
        return f"{role} {'is' if table.owner == role else 'acts as'} the owner, for whom it is not forced"
    return None


def known_role(model: SchemaModel, name: str) -> Role:
    """Return a role of the model; roles of the platform that bypass row-level security are known to do so."""
    found = next((role for role in model.database.roles if role.name == name), None)
    by_design = name in model.platform.bypassing_roles
    if found is None:
        return Role(name, _first_migration(model), bypassrls=by_design, created=False)
    if found.bypassrls is None:
        return msgspec.structs.replace(found, bypassrls=by_design)
    return found


def _first_migration(model: SchemaModel) -> Span:
    return file_start(model.migrations.files[0] if model.migrations.files else "")


def schema_usage(model: SchemaModel, role: str, schema: str) -> HeldPrivilege:
    """Return whether a role may use a schema."""
    acts_as = model.database.acts_as(role)
    known: Schema | None = next((each for each in model.database.schemas if each.name == schema), None)
    if known_role(model, role).superuser or (known is not None and known.owner in acts_as):
        return HeldPrivilege(True, f"{role} owns the schema")
    recorded = {grant.role: grant.granted for grant in (known.grants if known else ()) if grant.privilege == "usage"}
    if any(recorded.get(name) for name in acts_as):
        return HeldPrivilege(True, "it may use the schema")
    if model.platform.is_system(schema):
        return HeldPrivilege(True, "the platform lets it use the schema")
    if schema in model.platform.default_schemas:
        by_platform = any(
            name in acts_as and recorded.get(name) is not False for name in model.platform.default_grantees
        )
        if by_platform or recorded.get(PUBLIC) is not False:
            return HeldPrivilege(True, "every role may use the schema")
    return HeldPrivilege(False, f"no USAGE on the schema {schema}")


def privilege(model: SchemaModel, relation: Table | View, role: str, wanted: str) -> HeldPrivilege:
    """Return whether a role holds a privilege on a table or view: as owner, by a grant, or by default privileges."""
    acts_as = model.database.acts_as(role)
    if known_role(model, role).superuser:
        return HeldPrivilege(True, f"{role} is a superuser")
    recorded = [grant for grant in relation.grants if grant.privilege == wanted and grant.role in acts_as]
    if relation.owner in acts_as and not any(
        g.role == relation.owner and not g.granted and not g.column for g in recorded
    ):
        return HeldPrivilege(
            True, f"{role} owns it" if relation.owner == role else f"it acts as the owner {relation.owner}"
        )
    opening = tuple(reason for reason in relation.uncertain if reason.aspect is Aspect.GRANTS)
    closing = tuple(reason for reason in relation.uncertain if reason.aspect is Aspect.REVOKES)
    whole = [grant for grant in recorded if grant.granted and not grant.column]
    if whole:
        return HeldPrivilege(True, f"granted to {', '.join(sorted({grant.role for grant in whole}))}", (), closing)
    implicit = granted_by_default(model, relation, acts_as, recorded)
    if implicit is not None:
        return HeldPrivilege(True, f"granted to {implicit} by default", (), closing)
    columns = tuple(dict.fromkeys(grant.column for grant in recorded if grant.granted))
    if columns:
        roles = ", ".join(sorted({grant.role for grant in recorded if grant.granted}))
        return HeldPrivilege(True, f"granted to {roles}", columns, (*closing, *opening))
    return HeldPrivilege(False, f"no {wanted.upper()} is granted", (), opening)


def granted_by_default(
    model: SchemaModel, made: Table | View | Function, acts_as: frozenset[str], recorded: Sequence[Grant]
) -> str | None:
    """Return the role to which the platform granted a new object by default, None where that was revoked.

    Default privileges apply to objects that one role makes in one schema. They stay with the object when its owner or
    schema changes. `recorded` are the GRANTs and REVOKEs of one privilege.
    """
    if model.default_grants is not DefaultGrants.AUTO or made.made_by != model.platform.owner:
        return None
    if made.made_in not in model.platform.default_schemas:
        return None
    settled = {grant.role for grant in recorded if not grant.column}
    return next((r for r in model.platform.default_grantees if r in acts_as and r not in settled), None)


def executable(model: SchemaModel, function: Function, role: str) -> HeldPrivilege:
    """Return whether a role may execute a function: every role may, unless that was revoked."""
    acts_as = model.database.acts_as(role)
    if known_role(model, role).superuser or function.owner in acts_as:
        return HeldPrivilege(True, f"{role} owns it")
    recorded = [grant for grant in function.grants if grant.privilege == "execute" and grant.role in acts_as]
    granted = sorted({grant.role for grant in recorded if grant.granted})
    if granted:
        return HeldPrivilege(True, f"granted to {', '.join(granted)}")
    if not any(grant.role == PUBLIC for grant in recorded):
        return HeldPrivilege(True, "every role may execute a new function")
    implicit = granted_by_default(model, function, acts_as, recorded)
    if implicit is not None:
        return HeldPrivilege(True, f"granted to {implicit} by default")
    return HeldPrivilege(False, "no EXECUTE is granted")
