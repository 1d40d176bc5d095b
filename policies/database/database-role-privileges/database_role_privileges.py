"""Database roles and grants with more privileges than an application needs."""

from collections.abc import Iterator

from iacpolicy.policy.api import Attribute, Graph, Meta, Resource, Severity, Violation
from iacpolicy.policy.library.databases import ensure_certain
from iacpolicy.policy.library.sql import DATA_PRIVILEGES, PUBLIC, Aspect, SchemaModel, TableKind, known_role

ATTRIBUTES = {
    "superuser": "is a superuser",
    "create_role": "can create roles",
    "create_database": "can create databases",
    "replication": "can copy the whole server by replication",
}
SQL_ATTRIBUTES = {
    "superuser": "superuser",
    "createrole": "create_role",
    "createdb": "create_database",
    "replication": "replication",
}
POWERFUL = (
    "postgres",
    "supabase_admin",
    "supabase_auth_admin",
    "supabase_storage_admin",
    "service_role",
    "rds_superuser",
    "cloudsqlsuperuser",
    "azure_pg_admin",
    "pg_read_all_data",
    "pg_write_all_data",
    "pg_read_server_files",
    "pg_write_server_files",
    "pg_execute_server_program",
)
MAKES_OBJECTS = ("ALL", "CREATE", "all", "create")
PASSES_POLICIES = ("ALL", "TRUNCATE", "all", "truncate")

# The remediation by kind of defect.
ATTRIBUTE = "Set `{}` to `false`, and give the role the privileges that it uses by name."
SQL_ATTRIBUTE = "Write `alter role {} {};` in a migration."
MEMBERSHIP = "Remove the membership, and grant the privileges that the role uses on single tables."
GRANT_OBJECTS = "Remove CREATE and ALL from `privileges`; USAGE or CONNECT is enough to use the {}."
GRANT_PUBLIC = "Set `role` to the role that needs the privileges."
GRANT_TRUNCATE = "List the privileges that the role uses in `privileges`, without TRUNCATE and ALL."
GRANT_OPTION = "Set `with_grant_option = false`."

META = Meta(
    id="database-role-privileges",
    title="Database role has more privileges than it needs",
    severity=Severity.HIGH,
    on=(
        "postgresql_role",
        "postgresql_grant",
        "postgresql_grant_role",
        "postgresql_default_privileges",
        "sql.role",
        "sql.table",
        "sql.database",
    ),
    why=(
        "Whoever steals a role's password can do all that the role can. An excessive privilege turns the loss of one "
        "service into the loss of the database. TRUNCATE even ignores row-level security."
    ),
    fix=(
        "Grant only the privileges that the role uses, on the objects that it uses. Grant PUBLIC nothing but USAGE and "
        "CONNECT. Leave SUPERUSER, CREATEROLE, CREATEDB and REPLICATION to the owner of the database."
    ),
    references=(
        "https://www.postgresql.org/docs/current/ddl-priv.html",
        "https://www.postgresql.org/docs/current/role-attributes.html",
        "https://www.postgresql.org/docs/current/predefined-roles.html",
    ),
)


def check(subject: Resource, graph: Graph) -> Iterator[Violation]:
    """Dispatch on the resource or SQL object that gives the privilege."""
    match subject.type:
        case "postgresql_role":
            yield from _role(subject)
        case "postgresql_grant":
            yield from _grant(subject)
            if subject["with_grant_option"] == True:
                yield Violation(
                    "with_grant_option is true, so the role can pass its privileges on",
                    at=subject["with_grant_option"],
                    fix=GRANT_OPTION,
                )
        case "postgresql_default_privileges":
            yield from _grant(subject)
        case "postgresql_grant_role":
            if subject["grant_role"].is_one_of(POWERFUL):
                yield Violation(
                    f"{subject['role']} is a member of {subject['grant_role']}",
                    at=subject["grant_role"],
                    fix=MEMBERSHIP,
                )
        case "sql.role":
            yield from _sql_role(subject)
        case "sql.table":
            yield from _sql_table(subject)
        case _:
            yield from _sql_database(subject)


def _role(role: Resource) -> Iterator[Violation]:
    for name, words in ATTRIBUTES.items():
        if role[name] == True:
            yield Violation(f"{role['name']} {words}", at=role[name], fix=ATTRIBUTE.format(name))
    for name in POWERFUL:
        if role["roles"].contains(name):
            yield Violation(f"{role['name']} is a member of {name}", at=role["roles"], cause=name, fix=MEMBERSHIP)


def _grant(grant: Resource) -> Iterator[Violation]:
    kind, privileges = grant["object_type"], grant["privileges"]
    if kind.is_one_of(("database", "schema")):
        if _has(privileges, MAKES_OBJECTS):
            yield Violation(
                f"{grant['role']} can create objects in the {kind}", at=privileges, fix=GRANT_OBJECTS.format(kind)
            )
    elif kind.is_one_of(("table", "sequence", "column")):
        if (grant["role"] == PUBLIC) and len(privileges):
            yield Violation(f"every role gets privileges on each {kind}", at=grant["role"], fix=GRANT_PUBLIC)
        elif (kind == "table") and _has(privileges, PASSES_POLICIES):
            yield Violation(
                f"{grant['role']} can TRUNCATE, which ignores row-level security", at=privileges, fix=GRANT_TRUNCATE
            )


def _has(privileges: Attribute, names: tuple[str, ...]) -> bool:
    return any(bool(privileges.contains(name)) for name in names)


def _sql_role(subject: Resource) -> Iterator[Violation]:
    role, _ = subject.payload
    if not role.created or not role.made_at.path.endswith(".sql"):
        return
    for field, name in SQL_ATTRIBUTES.items():
        if getattr(role, field):
            ensure_certain(subject, role.uncertain)
            yield Violation(
                f"{role.name} {ATTRIBUTES[name]}",
                at=role.decided_at or role.made_at,
                cause=name,
                fix=SQL_ATTRIBUTE.format(role.name, f"no{field}"),
            )


def _sql_table(subject: Resource) -> Iterator[Violation]:
    table, model = subject.payload
    if table.kind is TableKind.EXTERNAL or model.platform.is_system(table.name.schema):
        return
    seen = set()
    for grant in table.grants:
        if not grant.granted or not grant.span.path.endswith(".sql") or (grant.role, grant.span) in seen:
            continue
        wide = grant.role == PUBLIC and grant.privilege in DATA_PRIVILEGES
        truncates = grant.privilege == "truncate" and _is_of_application(grant.role, model)
        if wide or truncates:
            seen.add((grant.role, grant.span))
            ensure_certain(subject, table.doubts(Aspect.REVOKES, Aspect.EXISTENCE))
            who = "every role can access" if wide else f"{grant.role} can TRUNCATE"  # equivalent: wording
            rights = "all" if wide else "truncate"  # equivalent: wording
            revoke = f"revoke {rights} on {table.name} from {grant.role};"
            yield Violation(
                f"{who} {table.name}",
                at=grant.span,
                cause=f"{table.name} {grant.role}",
                fix=f"Write `{revoke}` in a migration.",
            )


def _is_of_application(name: str, model: SchemaModel) -> bool:
    return known_role(model, name).created and name not in model.platform.bypassing_roles


def _sql_database(subject: Resource) -> Iterator[Violation]:
    database, model = subject.payload
    for membership in database.memberships:
        trusted = (*model.platform.bypassing_roles, "authenticator")
        if membership.role in POWERFUL and membership.member not in trusted and membership.span.path.endswith(".sql"):
            yield Violation(
                f"{membership.member} is a member of {membership.role}",
                at=membership.span,
                cause=membership.member,
                fix=f"Write `revoke {membership.role} from {membership.member};` in a migration.",
            )
    for schema in database.schemas:
        for grant in schema.grants:
            is_untrusted = grant.role == PUBLIC or grant.role in model.platform.api_roles
            if grant.privilege == "create" and grant.granted and is_untrusted and grant.span.path.endswith(".sql"):
                ensure_certain(subject, schema.uncertain)
                yield Violation(
                    f"{grant.role} can create objects in the schema {schema.name}",
                    at=grant.span,
                    cause=grant.role,
                    fix=f"Write `revoke create on schema {schema.name} from {grant.role};` in a migration.",
                )
