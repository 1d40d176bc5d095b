"""What policies on databases share: reasons of a replay that is not certain, and who a stranger's request can be."""

from collections.abc import Iterable, Iterator

from iacpolicy.evaluate.values.terms import Cause, Reason
from iacpolicy.policy.api import Resource, Undecidable
from iacpolicy.sql.migrations.discover import SchemaModel
from iacpolicy.sql.model import database as sql
from iacpolicy.sql.model.names import QualifiedName
from iacpolicy.sql.privileges.exposure import DATA_PRIVILEGES, exposure_doubts, in_api
from iacpolicy.sql.privileges.table_access import executable, privilege, relation_named


def ensure_certain(subject: Resource, *doubts: Iterable[sql.SchemaDoubt]) -> None:
    """Go on where nothing is in doubt.

    Raises:
        Undecidable: there is a reason why the model may be otherwise.
    """
    reasons = tuple(dict.fromkeys(reason for some in doubts for reason in some))
    if reasons:
        raise Undecidable(tuple(Reason(Cause.SQL, r.text, r.span) for r in reasons), subject)


def is_exposed(subject: Resource, name: QualifiedName, model: SchemaModel) -> bool:
    """Whether the API shows the schema of an object.

    Raises:
        Undecidable: the exposed schemas are not known.
    """
    if model.platform.is_system(name.schema):
        return False
    ensure_certain(subject, exposure_doubts(name.schema, model))
    return in_api(name.schema, model)


def api_readers(relation: sql.Table | sql.View, model: SchemaModel, *privileges: str) -> tuple[str, ...]:
    """The roles of the API that hold one of some privileges (any that the API can use) on a relation."""
    wanted = privileges or DATA_PRIVILEGES
    found = []
    for role in model.platform.api_roles:
        if any(privilege(model, relation, role, each).granted for each in wanted):
            found.append(role)
    return tuple(found)


def api_callers(function: sql.Function, model: SchemaModel) -> tuple[str, ...]:
    """The roles of the API that may run a function."""
    return tuple(role for role in model.platform.api_roles if executable(model, function, role).granted)


def grant_doubts(relation: sql.Table | sql.View, *, opened: bool) -> tuple[sql.SchemaDoubt, ...]:
    """Why the grants may be otherwise: where it is open, by a REVOKE, else by a GRANT."""
    wanted = sql.Aspect.REVOKES if opened else sql.Aspect.GRANTS
    return tuple(r for r in relation.uncertain if r.aspect in {wanted, sql.Aspect.EXISTENCE})


def protected_tables_below(view: sql.View, model: SchemaModel) -> Iterator[sql.Table]:
    """The tables with row-level security that a view reads, through other views too."""
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
