"""Which tables a stranger can reach through the API without row-level security in the way."""

from collections.abc import Sequence
from enum import StrEnum

import msgspec

from iacpolicy.core.spans import Span
from iacpolicy.sql.migrations.discover import SchemaModel
from iacpolicy.sql.migrations.supabase_config import DefaultGrants
from iacpolicy.sql.model.database import PUBLIC, Aspect, Grant, Schema, SchemaDoubt, Table, TableKind
from iacpolicy.sql.privileges.table_access import granted_by_default

DATA_PRIVILEGES = ("select", "insert", "update", "delete")
"""The privileges the API can use; TRUNCATE and the others have no request."""


class Verdict(StrEnum):
    """Whether a table is open, is not, or cannot be told."""

    EXPOSED = "exposed"
    FINE = "fine"
    UNCERTAIN = "uncertain"


class Exposure(msgspec.Struct, frozen=True):
    """The answer for one table.

    `place` is the statement that made it so: the CREATE, or the last ALTER that switched row-level security off or
    moved the table. `because` is a clause for a message; `reasons` are those of an uncertain answer; `grants` are the
    explicit ones that open the table, if any.
    """

    table: Table
    verdict: Verdict
    place: Span
    because: str
    reasons: tuple[SchemaDoubt, ...] = ()
    grants: tuple[Grant, ...] = ()


def exposures(model: SchemaModel) -> tuple[Exposure, ...]:
    """The answer for every table the migrations make, in the order of their names."""
    return tuple(judge(table, model) for table in model.database.tables)


def judge(table: Table, model: SchemaModel) -> Exposure:
    """Whether a table is exposed without row-level security.

    Row-level security off in an exposed schema is a defect unless every API role was explicitly stripped of its
    privileges, or settings say that nothing is granted by default and no GRANT follows. `access` is stricter: it says
    what the migrations alone grant.
    """
    place = decisive_place(table, model)
    if table.kind is TableKind.FOREIGN:
        return Exposure(table, Verdict.FINE, place, "a foreign table has no row-level security")
    shown = in_api(table.name.schema, model)
    unsure = exposure_doubts(table.name.schema, model)
    if not shown and not unsure:
        return Exposure(table, Verdict.FINE, place, f"the API does not show the schema {table.name.schema}")
    doubts = table.doubts(Aspect.RLS)
    if table.rls_enabled and not doubts:
        return Exposure(table, Verdict.FINE, place, "row-level security is enabled")
    reachable, because, grants = _reachable(table, model)
    opening = table.doubts(Aspect.GRANTS)
    if not reachable and not opening:
        return Exposure(table, Verdict.FINE, place, because)
    doubts += table.doubts(Aspect.EXISTENCE, Aspect.REVOKES) if reachable else opening
    doubts += unsure
    if doubts:
        return Exposure(table, Verdict.UNCERTAIN, place, "row-level security is not known", doubts, grants)
    return Exposure(table, Verdict.EXPOSED, place, because, (), grants)


def in_api(schema: str, model: SchemaModel) -> bool:
    """Whether the API shows a schema; those of the platform are its own to protect."""
    return schema in model.exposed_schemas and not model.platform.is_system(schema)


def exposure_doubts(schema: str, model: SchemaModel) -> tuple[SchemaDoubt, ...]:
    """Why the API may show a schema though the model says otherwise, or the other way round."""
    if model.platform.is_system(schema) or (model.doubted is not None and schema not in model.doubted):
        return ()
    return model.exposed_doubts


def decisive_place(table: Table, model: SchemaModel) -> Span:
    """The statement that made a table what it is: the last switch of row-level security or move into the API.

    Another name decides nothing.
    """
    moved = table.moved_at if in_api(table.name.schema, model) else None
    if table.decided_at is None or moved is None:
        return table.decided_at or moved or table.made_at
    return max(table.decided_at, moved, key=lambda at: _order(at, model))


def _order(at: Span, model: SchemaModel) -> tuple[int, int, int]:
    files = model.migrations.files
    return (files.index(at.path) if at.path in files else -1), at.line, at.column


def _reachable(table: Table, model: SchemaModel) -> tuple[bool, str, tuple[Grant, ...]]:
    """Whether some API role has some data privilege, why, and by which grants."""
    opened: list[Grant] = []
    by_default = unshown = False
    for role in model.platform.api_roles:
        acts_as = model.database.acts_as(role)
        if _schema_closed(table.name.schema, acts_as, role, model):
            continue
        for privilege in DATA_PRIVILEGES:
            said = [grant for grant in table.grants if grant.privilege == privilege and grant.role in acts_as]
            opened.extend(grant for grant in said if grant.granted)
            by_default |= granted_by_default(model, table, acts_as, said) is not None
            unshown |= model.default_grants is DefaultGrants.AUTO and not _is_told(role, said)
    if opened:
        roles = ", ".join(sorted({grant.role for grant in opened}))
        return True, f"it is granted to {roles}", tuple(dict.fromkeys(opened))
    if by_default:
        return True, "API roles may hold default grants on it", ()
    if unshown:
        return True, "API roles may hold grants on it that no migration shows", ()
    if any(grant.role in {PUBLIC, *model.platform.api_roles} for grant in table.grants):
        return False, "its privileges are revoked from every API role", ()
    return False, "no API role is granted anything on it", ()


def _is_told(role: str, said: Sequence[Grant]) -> bool:
    """Whether a grant or revocation for the role itself says what it holds; a missing one proves nothing."""
    return any(grant.role == role and not grant.column for grant in said)


def _schema_closed(schema: str, acts_as: frozenset[str], role: str, model: SchemaModel) -> bool:
    """Whether USAGE on the schema was explicitly revoked from a role and from everyone it acts as."""
    known: Schema | None = next((known for known in model.database.schemas if known.name == schema), None)
    usage = {grant.role: grant.granted for grant in (known.grants if known else ()) if grant.privilege == "usage"}
    if any(usage.get(name) for name in acts_as):
        return False
    # Everyone has USAGE on the schema public, and on no other.
    return usage.get(role) is False and (schema != "public" or usage.get(PUBLIC) is False)
