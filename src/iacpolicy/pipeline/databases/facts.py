"""Facts about a database in the resources of a cell: schemas of the API, roles, grants and extensions."""

from collections.abc import Iterator, Sequence
from typing import Any

from iacpolicy.core.spans import Span
from iacpolicy.evaluate.values.terms import reasons
from iacpolicy.evaluate.values.value import Unknown, first_unsettled, unknown_terms
from iacpolicy.graph.graph import Graph
from iacpolicy.graph.nodes import Node
from iacpolicy.pipeline.databases.projects import ProjectMatch, configures, provider_of
from iacpolicy.policy.api import Resource
from iacpolicy.policy.attributes.attribute import Attribute
from iacpolicy.policy.attributes.compare import plain
from iacpolicy.policy.library.json_documents import json_document
from iacpolicy.sql.migrations.discover import SchemaModel
from iacpolicy.sql.model.database import Aspect, Extension, Membership, SchemaDoubt
from iacpolicy.sql.privileges.join import GrantFact, RoleFact, TerraformFacts

_ATTRIBUTES = {
    "login": "login",
    "superuser": "superuser",
    "create_role": "createrole",
    "create_database": "createdb",
    "replication": "replication",
    "bypass_row_level_security": "bypassrls",
}

_TYPES = (
    "postgresql_role",
    "postgresql_grant_role",
    "postgresql_grant",
    "postgresql_default_privileges",
    "postgresql_extension",
)
_OF_THE_SERVER = frozenset({"postgresql_role", "postgresql_grant_role"})


def facts_of(graph: Graph, model: SchemaModel, match: ProjectMatch, *, only_database: bool) -> TerraformFacts:
    """Return the facts in the cell's `supabase_settings` and `postgresql_*` resources; an unknown one becomes a doubt.

    `only_database` is true where the cell has no other database.
    """
    project = match.project
    exposed, exposed_at, doubts = _exposed(project.settings if project is not None else ())
    anonymous, anonymous_at = _anonymous(project.settings if project is not None else ())
    about = _PostgresqlResources(graph, model, match, only_database)
    return TerraformFacts(
        exposed=exposed,
        exposed_at=exposed_at,
        exposed_doubts=doubts,
        roles=tuple(_roles(about)),
        memberships=tuple(_memberships(about)),
        grants=(*_grants(about), *_defaults(about)),
        extensions=tuple(_extensions(about)),
        anonymous_sign_in=anonymous,
        anonymous_sign_in_at=anonymous_at,
        doubts=tuple(about.doubts),
    )


class _PostgresqlResources:
    """The `postgresql_*` resources that may configure one database, each with the reason why it may not."""

    def __init__(self, graph: Graph, model: SchemaModel, match: ProjectMatch, only_database: bool) -> None:
        self.graph = graph
        self.database = model.migrations.database_name
        self.doubts: list[SchemaDoubt] = []
        nodes = [node for type_ in _TYPES for node in graph.of(type_)]
        providers = {provider_of(node) for node in nodes}
        only = only_database and len(providers) == 1
        configured = {n.address.removeprefix("provider."): Resource(n) for n in graph.of("provider")}
        self.databases = {name: _text(configured[name]["database"]) for name in providers & configured.keys()}
        self.answers = {name: configures(name, match, model, graph, only=only) for name in providers}

    def of(self, type_: str) -> Iterator[tuple[Resource, str | None]]:
        """Yield the resources of a type, each with the reason why it may not configure the database."""
        for node in self.graph.of(type_):
            resource = Resource(node)
            provider = provider_of(node)
            answer = self.answers[provider]
            name = None
            if type_ not in _OF_THE_SERVER:
                name = _text(resource["database"]) or self.databases.get(provider)
            if answer is False or (name is not None and self.database is not None and name != self.database):
                continue
            unsure = f"whether {node.address} is about this database is unknown" if answer is None else None
            yield resource, _existence(resource) or unsure

    def doubt(self, aspect: Aspect, text: str, at: Span) -> None:
        """Record a doubt about the database itself."""
        self.doubts.append(SchemaDoubt(aspect, text, at))


def _exposed(settings: Sequence[Node]) -> tuple[tuple[str, ...] | None, Span | None, tuple[SchemaDoubt, ...]]:
    """Return the exposed schemas and their place, where exactly one resource sets them, else the doubts."""
    resources = [Resource(node) for node in settings if node.body is not None]
    written = [schema for each in resources if _is_written(schema := json_document(each["api"])["db_schema"])]
    if not written:
        return None, None, tuple(r for each in resources for r in _unread(each["api"]))
    if len(written) != 1:
        places = ", ".join(str(schema.owner) for schema in written[:3])
        why = f"the exposed schemas are unknown: {places} set them"
        return None, None, (SchemaDoubt(Aspect.EXISTENCE, why, written[1].at),)
    schema = written[0]
    text = _settled(schema)
    if not isinstance(text, str):
        return None, None, _doubts(schema, "the exposed schemas are unknown")
    names = tuple(name.strip() for name in text.split(",") if name.strip())
    exists = _existence(schema.owner)
    why_not = (SchemaDoubt(Aspect.EXISTENCE, exists, schema.at),) if exists else ()
    return names, schema.at, why_not


def _unread(api: Attribute) -> tuple[SchemaDoubt, ...]:
    """Return the doubts that follow from settings of the API whose value is unknown."""
    value = api.known_value
    if value is None or value.data is None or not isinstance(value.data, Unknown):
        return ()
    return _doubts(api, "the exposed schemas are unknown")


def _anonymous(settings: Sequence[Node]) -> tuple[bool | None, Span | None]:
    for node in settings:
        attribute = json_document(Resource(node)["auth"])["external_anonymous_users_enabled"]
        value = _settled(attribute)
        if isinstance(value, bool):
            return value, attribute.at
    return None, None


def _roles(about: _PostgresqlResources) -> Iterator[RoleFact]:
    for role, doubt in about.of("postgresql_role"):
        name = _settled(role["name"])
        if not isinstance(name, str):
            continue
        given = {field: _settled(role[attribute]) for attribute, field in _ATTRIBUTES.items()}
        # The provider sets an omitted attribute to false; an unknown one stays None.
        known = {
            field: bool(value)
            for (attribute, field), value in zip(_ATTRIBUTES.items(), given.values(), strict=True)
            if value is not None or not _is_written(role[attribute])
        }
        unclear = f"{role.address}: its roles are unknown" if _is_open(role["roles"]) else None
        if unclear:
            about.doubt(Aspect.GRANTS, unclear, role.at)
        yield RoleFact(name, role.at, known, _names(role["roles"]), doubt)


def _memberships(about: _PostgresqlResources) -> Iterator[Membership]:
    for resource, doubt in about.of("postgresql_grant_role"):
        member, role = _settled(resource["role"]), _settled(resource["grant_role"])
        if doubt is None and isinstance(member, str) and isinstance(role, str):
            yield Membership(role, member, resource.at)
        else:
            why = doubt or f"{resource.address}: its {'role' if member is None else 'grant_role'} is unknown"
            about.doubt(Aspect.GRANTS, why, resource.at)


def _grants(about: _PostgresqlResources) -> Iterator[GrantFact]:
    for resource, doubt in about.of("postgresql_grant"):
        yield GrantFact(
            role=_text(resource["role"]),
            kind=_text(resource["object_type"]) or "table",
            privileges=_names(resource["privileges"]),
            span=resource.at,
            schema=_text(resource["schema"]),
            objects=_names(resource["objects"]),
            columns=_names(resource["columns"]),
            grantable=_settled(resource["with_grant_option"]) is True,
            doubt=doubt or _doubt(resource, "role", "object_type", "privileges", "schema", "objects", "columns"),
        )


def _defaults(about: _PostgresqlResources) -> Iterator[GrantFact]:
    for resource, doubt in about.of("postgresql_default_privileges"):
        yield GrantFact(
            role=_text(resource["role"]),
            kind=_text(resource["object_type"]) or "table",
            privileges=_names(resource["privileges"]),
            span=resource.at,
            schema=_text(resource["schema"]),
            defaults_of=_text(resource["owner"]) or "postgres",
            doubt=doubt or _doubt(resource, "role", "object_type", "privileges", "schema", "owner"),
        )


def _extensions(about: _PostgresqlResources) -> Iterator[Extension]:
    for resource, doubt in about.of("postgresql_extension"):
        name = _text(resource["name"])
        if name is not None and doubt is None:
            yield Extension(name, _text(resource["schema"]), resource.at)


def _doubt(resource: Resource, *names: str) -> str | None:
    """Return the reason why a resource may do something else: the first of these attributes that is unknown."""
    for name in names:
        attribute = resource[name]
        value = attribute.known_value
        if value is not None and first_unsettled(value) is not None:
            return f"{resource.address}: its {name} is unknown"
    return None


def _existence(owner: object) -> str:
    if isinstance(owner, Resource) and owner.node.exists is not None:
        return f"whether {owner.address} exists is unknown"
    return ""


def _doubts(attribute: Attribute, text: str) -> tuple[SchemaDoubt, ...]:
    value = attribute.known_value
    texts = [r.text for term in unknown_terms(value) for r in reasons(term)] if value is not None else []
    return tuple(
        SchemaDoubt(Aspect.EXISTENCE, f"{text}: {why}", attribute.at) for why in texts[:3] or ["it is not a string"]
    )


def _is_open(attribute: Attribute) -> bool:
    """Return whether an attribute is set and its value is unknown."""
    value = attribute.known_value
    return value is not None and first_unsettled(value) is not None


def _is_written(attribute: Attribute) -> bool:
    value = attribute.known_value
    return value is not None and value.data is not None


def _settled(attribute: Attribute) -> Any:
    """Return the plain value, None where it is absent, null or unknown."""
    value = attribute.known_value
    return None if value is None or first_unsettled(value) is not None else plain(value)


def _text(attribute: Attribute) -> str | None:
    value = _settled(attribute)
    return value if isinstance(value, str) and value else None


def _names(attribute: Attribute) -> tuple[str, ...]:
    value = _settled(attribute)
    return tuple(str(item) for item in value) if isinstance(value, list) else ()
