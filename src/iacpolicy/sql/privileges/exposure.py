"""Tables that a request from outside can reach through the API without row-level security."""

from collections.abc import Sequence
from enum import StrEnum

import msgspec

from iacpolicy.core.spans import Span
from iacpolicy.sql.migrations.discover import SchemaModel
from iacpolicy.sql.migrations.supabase_config import DefaultGrants
from iacpolicy.sql.model.database import PUBLIC, Aspect, Grant, Schema, SchemaDoubt, Table, TableKind
from iacpolicy.sql.privileges.table_access import granted_by_default

DATA_PRIVILEGES = ("select", "insert", "update", "delete")
"""The privileges that the API can use; no request uses TRUNCATE and the others."""


class Verdict(StrEnum):
    """The verdict on a table: exposed, fine, or undecided."""

    EXPOSED = "exposed"
    FINE = "fine"
    UNCERTAIN = "uncertain"


class Exposure(msgspec.Struct, frozen=True):
    """The verdict on one table.

    `place` is the statement that made it so: the CREATE, or the last ALTER that switched row-level security off or
    moved the table. `because` is a clause for a message. `reasons` are those of an uncertain verdict. `grants` are the
    explicit ones that open the table.
    """

    table: Table
    verdict: Verdict
    place: Span
    because: str
    reasons: tuple[SchemaDoubt, ...] = ()
    grants: tuple[Grant, ...] = ()


def exposures(model: SchemaModel) -> tuple[Exposure, ...]:
    """Return the verdict on every table that the migrations make, ordered by name."""
    return tuple(judge(table, model) for table in model.database.tables)


def judge(table: Table, model: SchemaModel) -> Exposure:
    """Return whether a table is exposed without row-level security.

    Row-level security off in an exposed schema is a defect, with two exceptions: every API role lost its privileges by
    REVOKE, or default grants are off and no GRANT follows. `access` is stricter: it counts only grants in the
    migrations.
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
        return Exposure(table, Verdict.UNCERTAIN, place, "row-level security is unknown", doubts, grants)
    return Exposure(table, Verdict.EXPOSED, place, because, (), grants)


def in_api(schema: str, model: SchemaModel) -> bool:
    """Return whether the API shows a schema of the repository; schemas of the platform do not count."""
    return schema in model.exposed_schemas and not model.platform.is_system(schema)


def exposure_doubts(schema: str, model: SchemaModel) -> tuple[SchemaDoubt, ...]:
    """Return the reasons why the API may show a schema although the model denies it, or the reverse."""
    if model.platform.is_system(schema) or (model.doubted is not None and schema not in model.doubted):
        return ()
    return model.exposed_doubts


def decisive_place(table: Table, model: SchemaModel) -> Span:
    """Return the statement that decided: the last switch of row-level security, or the last move into the API.

    A change of name decides nothing.
    """
    moved = table.moved_at if in_api(table.name.schema, model) else None
    if table.decided_at is None or moved is None:
        return table.decided_at or moved or table.made_at
    return max(table.decided_at, moved, key=lambda at: _order(at, model))


def _order(at: Span, model: SchemaModel) -> tuple[int, int, int]:
    files = model.migrations.files
    return (files.index(at.path) if at.path in files else -1), at.line, at.column


def _reachable(table: Table, model: SchemaModel) -> tuple[bool, str, tuple[Grant, ...]]:
    """Return whether some API role has some data privilege, the clause that explains it, and the grants."""
    opened: list[Grant] = []
    by_default = unshown = False
    for role in model.platform.api_roles:
        acts_as = model.database.acts_as(role)
        if _schema_closed(table.name.schema, acts_as, role, model):
            continue
        for privilege in DATA_PRIVILEGES:
            recorded = [grant for grant in table.grants if grant.privilege == privilege and grant.role in acts_as]
            opened.extend(grant for grant in recorded if grant.granted)
            by_default |= granted_by_default(model, table, acts_as, recorded) is not None
            unshown |= model.default_grants is DefaultGrants.AUTO and not _names_role(role, recorded)
    if opened:
        roles = ", ".join(sorted({grant.role for grant in opened}))
        return True, f"it is granted to {roles}", tuple(dict.fromkeys(opened))
    if by_default:
        return True, "API roles may have default grants on it", ()
    if unshown:
        return True, "API roles may have grants on it that no migration shows", ()
    if any(grant.role in {PUBLIC, *model.platform.api_roles} for grant in table.grants):
        return False, "its privileges are revoked from every API role", ()
    return False, "no API role is granted anything on it", ()


def _names_role(role: str, recorded: Sequence[Grant]) -> bool:
    """Return whether a GRANT or REVOKE names the role itself; without one, other grants may exist."""
    return any(grant.role == role and not grant.column for grant in recorded)


def _schema_closed(schema: str, acts_as: frozenset[str], role: str, model: SchemaModel) -> bool:
    """Return whether USAGE on the schema was revoked explicitly from a role and from every role it acts as."""
    known: Schema | None = next((known for known in model.database.schemas if known.name == schema), None)
    usage = {grant.role: grant.granted for grant in (known.grants if known else ()) if grant.privilege == "usage"}
    if any(usage.get(name) for name in acts_as):
        return False
    # Every role has USAGE on the schema public, and on no other.
    return usage.get(role) is False and (schema != "public" or usage.get(PUBLIC) is False)
