"""What the resources of a cell say of the database that its migrations make."""

from collections.abc import Iterator
from typing import Any

from iacpolicy.core.spans import Span
from iacpolicy.evaluate.terms import reasons
from iacpolicy.evaluate.values import first_unsettled, unknown_terms
from iacpolicy.graph.graph import Graph
from iacpolicy.graph.nodes import Node
from iacpolicy.policy.api import Resource
from iacpolicy.policy.attributes import Attribute
from iacpolicy.policy.compare import plain
from iacpolicy.policy.documents import document
from iacpolicy.sql.join import Facts, GrantFact, RoleFact
from iacpolicy.sql.model import Aspect, Extension, Membership, Reason

_ATTRIBUTES = {
    "login": "login",
    "superuser": "superuser",
    "create_role": "createrole",
    "create_database": "createdb",
    "replication": "replication",
    "bypass_row_level_security": "bypassrls",
}


def facts_of(graph: Graph) -> Facts:
    """What the cell's `supabase_settings` and `postgresql_*` resources say; what is not known stays a doubt."""
    exposed, exposed_at, doubts = _exposed(graph)
    anonymous, anonymous_at = _anonymous(graph)
    return Facts(
        exposed=exposed,
        exposed_at=exposed_at,
        exposed_doubts=doubts,
        roles=tuple(_roles(graph)),
        memberships=tuple(_memberships(graph)),
        grants=(*_grants(graph), *_defaults(graph)),
        extensions=tuple(_extensions(graph)),
        anonymous_sign_in=anonymous,
        anonymous_sign_in_at=anonymous_at,
    )


def _exposed(graph: Graph) -> tuple[tuple[str, ...] | None, Span | None, tuple[Reason, ...]]:
    """The exposed schemas, where exactly one resource tells them."""
    told = [Resource(node) for node in graph.of("supabase_settings") if node.body is not None]
    written = [schema for each in told if _is_written(schema := document(each["api"])["db_schema"])]
    if len(written) != 1:
        return None, None, ()
    schema = written[0]
    text = _settled(schema)
    if not isinstance(text, str):
        return None, None, _doubts(schema, "which schemas the API shows is not known")
    names = tuple(name.strip() for name in text.split(",") if name.strip())
    exists = _existence(schema.owner)
    why = (Reason(Aspect.EXISTENCE, exists, schema.at),) if exists else ()
    return names, schema.at, why


def _anonymous(graph: Graph) -> tuple[bool | None, Span | None]:
    for node in graph.of("supabase_settings"):
        attribute = document(Resource(node)["auth"])["external_anonymous_users_enabled"]
        value = _settled(attribute)
        if isinstance(value, bool):
            return value, attribute.at
    return None, None


def _roles(graph: Graph) -> Iterator[RoleFact]:
    for node in _certain(graph, "postgresql_role"):
        role = Resource(node)
        name = _settled(role["name"])
        if isinstance(name, str):
            given = {field: _settled(role[attribute]) for attribute, field in _ATTRIBUTES.items()}
            # What the provider leaves out is false; what is not known is left open.
            known = {
                field: bool(value)
                for (attribute, field), value in zip(_ATTRIBUTES.items(), given.values(), strict=True)
                if value is not None or not _is_written(role[attribute])
            }
            yield RoleFact(name, node.place, known, _names(role["roles"]))


def _memberships(graph: Graph) -> Iterator[Membership]:
    for node in _certain(graph, "postgresql_grant_role"):
        resource = Resource(node)
        member, role = _settled(resource["role"]), _settled(resource["grant_role"])
        if isinstance(member, str) and isinstance(role, str):
            yield Membership(role, member, node.place)


def _grants(graph: Graph) -> Iterator[GrantFact]:
    for node in graph.of("postgresql_grant"):
        resource = Resource(node)
        yield GrantFact(
            role=_text(resource["role"]),
            kind=_text(resource["object_type"]) or "table",
            privileges=_names(resource["privileges"]),
            span=node.place,
            schema=_text(resource["schema"]),
            objects=_names(resource["objects"]),
            columns=_names(resource["columns"]),
            grantable=_settled(resource["with_grant_option"]) is True,
            doubt=_doubt(resource, "role", "object_type", "privileges", "schema", "objects", "columns"),
        )


def _defaults(graph: Graph) -> Iterator[GrantFact]:
    for node in graph.of("postgresql_default_privileges"):
        resource = Resource(node)
        yield GrantFact(
            role=_text(resource["role"]),
            kind=_text(resource["object_type"]) or "table",
            privileges=_names(resource["privileges"]),
            span=node.place,
            schema=_text(resource["schema"]),
            defaults_of=_text(resource["owner"]) or "postgres",
            doubt=_doubt(resource, "role", "object_type", "privileges", "schema", "owner"),
        )


def _extensions(graph: Graph) -> Iterator[Extension]:
    for node in _certain(graph, "postgresql_extension"):
        resource = Resource(node)
        name = _text(resource["name"])
        if name is not None:
            yield Extension(name, _text(resource["schema"]), node.place)


def _certain(graph: Graph, type_: str) -> Iterator[Node]:
    """The resources that exist for certain; the others say nothing for certain either."""
    return (node for node in graph.of(type_) if node.exists is None)


def _doubt(resource: Resource, *names: str) -> str | None:
    """Why what a resource says may be otherwise."""
    exists = _existence(resource)
    if exists:
        return exists
    for name in names:
        attribute = resource[name]
        value = attribute.known_value
        if value is not None and first_unsettled(value) is not None:
            return f"{resource.address}: its {name} is not known"
    return None


def _existence(owner: object) -> str:
    if isinstance(owner, Resource) and owner.node.exists is not None:
        return f"whether {owner.address} exists is not known"
    return ""


def _doubts(attribute: Attribute, text: str) -> tuple[Reason, ...]:
    value = attribute.known_value
    told = [r.text for term in unknown_terms(value) for r in reasons(term)] if value is not None else []
    return tuple(Reason(Aspect.EXISTENCE, f"{text}: {why}", attribute.at) for why in told[:3] or ["it is no text"])


def _is_written(attribute: Attribute) -> bool:
    value = attribute.known_value
    return value is not None and value.data is not None


def _settled(attribute: Attribute) -> Any:
    """The plain value, None where it is absent, null or not known."""
    value = attribute.known_value
    return None if value is None or first_unsettled(value) is not None else plain(value)


def _text(attribute: Attribute) -> str | None:
    value = _settled(attribute)
    return value if isinstance(value, str) and value else None


def _names(attribute: Attribute) -> tuple[str, ...]:
    value = _settled(attribute)
    return tuple(str(item) for item in value) if isinstance(value, list) else ()
