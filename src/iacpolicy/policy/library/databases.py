"""Tables, views and roles of a database as its API sees them, with the doubts about the model."""

from collections.abc import Iterable, Iterator

from iacpolicy.evaluate.values.terms import Cause, Reason
from iacpolicy.policy.api import Resource, Undecidable
from iacpolicy.sql.migrations.discover import SchemaModel
from iacpolicy.sql.model import database as sql
from iacpolicy.sql.model.names import QualifiedName
from iacpolicy.sql.privileges.exposure import DATA_PRIVILEGES, exposure_doubts, in_api
from iacpolicy.sql.privileges.table_access import executable, privilege, relation_named


def ensure_certain(subject: Resource, *doubts: Iterable[sql.SchemaDoubt]) -> None:
    """Return if there is no doubt about the model.

    Raises:
        Undecidable: there is a doubt, which is its reason.
    """
    reasons = tuple(dict.fromkeys(reason for some in doubts for reason in some))
    if reasons:
        raise Undecidable(tuple(Reason(Cause.SQL, r.text, r.span) for r in reasons), subject)


def is_exposed(subject: Resource, name: QualifiedName, model: SchemaModel) -> bool:
    """Report that the API shows the schema of an object.

    Raises:
        Undecidable: the exposed schemas are unknown.
    """
    if model.platform.is_system(name.schema):
        return False
    ensure_certain(subject, exposure_doubts(name.schema, model))
    return in_api(name.schema, model)


def api_readers(relation: sql.Table | sql.View, model: SchemaModel, *privileges: str) -> tuple[str, ...]:
    """Return the roles of the API that hold one of some privileges on a relation; default: any privilege on data."""
    wanted = privileges or DATA_PRIVILEGES
    found = []
    for role in model.platform.api_roles:
        if any(privilege(model, relation, role, each).granted for each in wanted):
            found.append(role)
    return tuple(found)


def api_callers(function: sql.Function, model: SchemaModel) -> tuple[str, ...]:
    """Return the roles of the API that may call a function."""
    return tuple(role for role in model.platform.api_roles if executable(model, function, role).granted)


def grant_doubts(relation: sql.Table | sql.View, *, opened: bool) -> tuple[sql.SchemaDoubt, ...]:
    """Return the doubts about the grants: a possible REVOKE if the relation is open, else a possible GRANT."""
    wanted = sql.Aspect.REVOKES if opened else sql.Aspect.GRANTS
    return tuple(r for r in relation.uncertain if r.aspect in {wanted, sql.Aspect.EXISTENCE})


def protected_tables_below(view: sql.View, model: SchemaModel) -> Iterator[sql.Table]:
    """Yield the tables with row-level security that a view reads, directly or through other views."""
    pending = list(view.reads)
    seen: set[QualifiedName] = set()
    while pending:
        name = pending.pop()
        if name in seen:
            continue
        seen.add(name)
        relation = relation_named(model, name)
        if isinstance(relation, sql.View):
            pending.extend(relation.reads)
        elif isinstance(relation, sql.Table) and (relation.rls_enabled or relation.doubts(sql.Aspect.RLS)):
            yield relation
