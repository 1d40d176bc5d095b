"""Compare a model with the catalogue of a PostgreSQL that ran the same migrations."""

from typing import Any

from tests.sql import compare_objects, oracle

from iacpolicy.sql.model.database import Aspect, Database, Grant, RowPolicy, Table, TableKind, View
from iacpolicy.sql.model.names import QualifiedName, quoted

DEFAULT_GRANTEES = {"postgres", "anon", "authenticated", "service_role"}


def contradictions(connection: Any, database: Database) -> list[str]:
    """Return every claim of the model that the catalogue denies, and every object that the model lacks."""
    return [
        *_tables(connection, database),
        *_columns(connection, database),
        *_keys(connection, database),
        *_policies(connection, database),
        *_grants(connection, database),
        *_roles(connection, database),
        *_others(connection, database),
        *compare_objects.contradictions(connection, database),
    ]


def _key(name: QualifiedName) -> tuple[str, str]:
    return name.schema, name.name


def _own(database: Database) -> dict[tuple[str, str], Table]:
    return {_key(table.name): table for table in database.tables if table.name.schema not in oracle.SYSTEM}


def _tables(connection: Any, database: Database) -> list[str]:
    held = oracle.tables(connection)
    known = _own(database)
    unsure = any(reason.aspect is Aspect.EXISTENCE for reason in database.uncertain)
    wrong = [f"{key} is missing from the model" for key in held if key not in known and not unsure]
    for key, table in known.items():
        if key not in held:
            if not table.doubts(Aspect.EXISTENCE):
                wrong.append(f"{key} is not in the database")
            continue
        enabled, forced, owner = held[key]
        if table.rls_enabled != enabled and not table.doubts(Aspect.RLS, Aspect.EXISTENCE):
            wrong.append(f"{key}: row-level security is {enabled}")
        if table.rls_forced != forced and not table.doubts(Aspect.FORCE, Aspect.EXISTENCE):
            wrong.append(f"{key}: forced is {forced}")
        if table.owner != owner:
            wrong.append(f"{key}: the owner is {owner}, not {table.owner}")
    return wrong


def _columns(connection: Any, database: Database) -> list[str]:
    held = oracle.columns(connection)
    wrong = []
    for key, table in _own(database).items():
        # PostgreSQL omits the schema of a type that the search path finds.
        known = [(column.name, column.type.rpartition(".")[2], column.not_null) for column in table.columns]
        real = [(name, kind.rpartition(".")[2], not_null) for name, kind, not_null in held.get(key, [])]
        if any(not column.type for column in table.columns):  # A table by CREATE TABLE AS has names only.
            known = [(name, "", False) for name, _, _ in known]
            real = [(name, "", False) for name, _, _ in real]
        if key in held and known != real and not table.doubts(Aspect.DEFINITION):
            wrong.append(f"{key}: columns are {real}, not {known}")
    return wrong


def _keys(connection: Any, database: Database) -> list[str]:
    """Compare keys and indexes by their columns; partitions share those of their parent and are left out."""
    held_keys, held_indexes = oracle.constraints(connection), oracle.indexes(connection)
    wrong = []
    for key, table in _own(database).items():
        if table.kind is TableKind.PARTITION or table.parents or table.uncertain:
            continue
        keys = sorted((constraint.kind.value, constraint.columns) for constraint in table.constraints)
        if keys != held_keys.get(key, []):
            wrong.append(f"{key}: keys are {held_keys.get(key, [])}, not {keys}")
        indexes = sorted((index.columns, index.unique, index.partial) for index in table.indexes)
        if indexes != held_indexes.get(key, []):
            wrong.append(f"{key}: indexes are {held_indexes.get(key, [])}, not {indexes}")
    return wrong


def _policies(connection: Any, database: Database) -> list[str]:
    held = oracle.policies(connection)
    known = {
        (*_key(policy.table), policy.name): policy
        for table in (*database.tables, *database.external)
        for policy in table.policies
        if not table.doubts(Aspect.EXISTENCE)
    }
    doubted = {_key(table.name) for table in database.tables if table.doubts(Aspect.POLICIES, Aspect.EXISTENCE)}
    wrong = [f"policy {key} is missing" for key in held if key not in known and key[:2] not in doubted]
    for key, policy in known.items():
        if policy.uncertain:
            continue
        if key not in held:
            wrong.append(f"policy {key} is not in the database")
            continue
        command, kind, roles, using, check = held[key]
        said = (policy.command, "permissive" if policy.permissive else "restrictive", policy.roles)
        if said != (command, kind, roles):
            wrong.append(f"policy {key} is {held[key]}, not {said}")
        again = _again(connection, policy)
        if again is not None and again != (using, check):
            wrong.append(f"policy {key}: its text does not make the same policy: {policy.using!r}, {policy.check!r}")
    return wrong


def _again(connection: Any, policy: RowPolicy) -> tuple[str | None, str | None] | None:
    """Return the expressions of a policy as PostgreSQL prints them when it is made again from the model's text.

    None where a name in it no longer exists, because its object was renamed.
    """
    try:
        return _made_again(connection, policy)
    except Exception as problem:
        if not type(problem).__module__.startswith("psycopg"):
            raise
        return None


def _made_again(connection: Any, policy: RowPolicy) -> tuple[str | None, str | None]:
    with connection.transaction(force_rollback=True):
        clauses = [f"for {policy.command}"]
        clauses += [f"using ({policy.using}\n)"] if policy.using is not None else []
        clauses += [f"with check ({policy.check}\n)"] if policy.check is not None else []
        connection.execute(f"create policy made_again on {policy.table} {' '.join(clauses)}")
        made = oracle.policies(connection)[(*_key(policy.table), "made_again")]
        return made[3], made[4]


def _grants(connection: Any, database: Database) -> list[str]:
    held = oracle.grants(connection)
    wrong = []
    said: dict[tuple[str, str, str, str, str], Grant] = {}
    owners = {}
    doubted = set()
    relations: tuple[Table | View, ...] = (*database.tables, *database.views)
    for relation in relations:
        key = _key(relation.name)
        owners[key] = relation.owner
        if any(reason.aspect in {Aspect.GRANTS, Aspect.REVOKES} for reason in relation.uncertain):
            doubted.add(key)
        if key[0] not in oracle.SYSTEM:
            said.update(((*key, grant.role, grant.privilege, grant.column), grant) for grant in relation.grants)
    for entry, grant in said.items():
        if entry[:2] not in doubted and grant.role != owners[entry[:2]] and (entry in held) != grant.granted:
            wrong.append(f"{entry}: the model says granted={grant.granted}")
    for entry in held - set(said):
        if entry[2] not in DEFAULT_GRANTEES | {owners.get(entry[:2])} and entry[:2] not in doubted:
            wrong.append(f"{entry} is granted and not in the model")
    return wrong


def _roles(connection: Any, database: Database) -> list[str]:
    held = oracle.roles(connection)
    wrong = []
    for role in database.roles:
        if role.uncertain:
            continue
        if role.name not in held:
            wrong.append(f"role {role.name} is not there")
        elif role.created and (role.login, role.superuser, role.bypassrls) != held[role.name]:
            wrong.append(f"role {role.name} is {held[role.name]}")
    real = oracle.memberships(connection)
    known = {(membership.role, membership.member) for membership in database.memberships}
    # PostgreSQL makes the creator of a role its member, except a superuser.
    return [*wrong, *(f"membership {entry} differs" for entry in real ^ known)]


def _others(connection: Any, database: Database) -> list[str]:
    views = {
        _key(view.name): (view.materialized, view.security_invoker, view.security_barrier)
        for view in database.views
        if view.name.schema not in oracle.SYSTEM
    }
    functions = {
        (*_key(function.name), len(function.arguments)): (function.security_definer, _path(function.search_path))
        for function in database.functions
        if function.name.schema not in oracle.SYSTEM
    }
    wrong = []
    if views != oracle.views(connection):
        wrong.append(f"views are {oracle.views(connection)}, not {views}")
    if functions != oracle.functions(connection):
        wrong.append(f"functions are {oracle.functions(connection)}, not {functions}")
    return wrong


def _path(path: str | None) -> str | None:
    if path is None:
        return None
    return ", ".join(quoted(part) if part else '""' for part in path.split(", "))
