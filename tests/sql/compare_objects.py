"""Compare the rest of a model with the catalogue: sequences, privileges, owners, triggers, publications, roles."""

from collections.abc import Iterable, Mapping
from typing import Any

from tests.sql import catalogue, oracle

from iacpolicy.sql.model.database import Aspect, Database, Grant, Table, View
from iacpolicy.sql.model.names import QualifiedName

DEFAULT_GRANTEES = {"postgres", "anon", "authenticated", "service_role"}


def contradictions(connection: Any, database: Database) -> list[str]:
    """Return the differences between the model and the catalogue."""
    return [
        *_sequences(connection, database),
        *_acls(connection, database),
        *_defaults(connection, database),
        *_roles(connection, database),
        *_triggers(connection, database),
        *_owners(connection, database),
        *_same(
            "publication",
            catalogue.publications(connection),
            {
                each.name: (each.owner, each.all_tables, each.schemas, tuple(_key(name) for name in each.tables))
                for each in database.publications
                if not each.uncertain
            },
            doubted=[each.name for each in database.publications if each.uncertain],
        ),
        *_api_schemas(connection, database),
    ]


def _api_schemas(connection: Any, database: Database) -> list[str]:
    """Compare the stored setting of the exposed schemas, where no statement leaves it in doubt."""
    if any(each.uncertain is not None for each in database.api_schemas):
        return []
    names = {
        key: [part.strip(' "') for part in text.split(",")] for key, text in oracle.api_schemas(connection).items()
    }
    return _same("api schemas", names, {each.database: list(each.schemas or ()) for each in database.api_schemas})


def _key(name: QualifiedName) -> tuple[str, str]:
    return name.schema, name.name


def _same(what: str, held: Mapping[Any, Any], said: Mapping[Any, Any], doubted: Iterable[Any] = ()) -> list[str]:
    unsure = set(doubted)
    wrong = [f"{what} {key} is missing from the model" for key in held if key not in said and key not in unsure]
    wrong += [f"{what} {key} is not in the database" for key in said if key not in held]
    wrong += [f"{what} {key} is {held[key]}, not {said[key]}" for key in said if key in held and held[key] != said[key]]
    return wrong


def _unsure(database: Database) -> bool:
    return any(reason.aspect is Aspect.EXISTENCE for reason in database.uncertain)


def _sequences(connection: Any, database: Database) -> list[str]:
    doubted = {_key(table.name) for table in database.tables if table.doubts(Aspect.EXISTENCE)}
    held = {key: found for key, found in catalogue.sequences(connection).items() if _table_of(found[1]) not in doubted}
    if _unsure(database):
        return []
    said = {
        _key(sequence.name): (
            sequence.owner,
            (*_key(sequence.owned_by[0]), sequence.owned_by[1]) if sequence.owned_by else None,
        )
        for sequence in database.sequences
        if not sequence.uncertain and sequence.name.schema not in oracle.SYSTEM
    }
    said = {key: found for key, found in said.items() if _table_of(found[1]) not in doubted}
    return _same("sequence", held, said, (_key(each.name) for each in database.sequences if each.uncertain))


def _table_of(place: tuple[str, str, str] | None) -> tuple[str, str] | None:
    return place[:2] if place else None


def _acls(connection: Any, database: Database) -> list[str]:
    if any(reason.aspect is Aspect.GRANTS for reason in database.uncertain):
        return []
    objects: dict[str, list[tuple[tuple[str, ...], str, tuple[Grant, ...], bool]]] = {
        "sequence": [(_key(each.name), each.owner, each.grants, bool(each.uncertain)) for each in database.sequences],
        "function": [
            ((*_key(each.name), str(len(each.arguments))), each.owner, each.grants, bool(each.uncertain))
            for each in database.functions
        ],
        "schema": [((each.name,), each.owner, each.grants, bool(each.uncertain)) for each in database.schemas],
    }
    wrong = []
    for kind, entries in objects.items():
        held = catalogue.acl(connection, kind)
        said: dict[tuple[tuple[str, ...], str, str], Grant] = {}
        doubted = {place for place, _, _, unsure in entries if unsure}
        places = [place for place, _, _, _ in entries]
        doubted |= {place for place in places if places.count(place) > 1}  # overloads with the same number of arguments
        owners = {place: owner for place, owner, _, _ in entries}
        for place, owner, grants, _ in entries:
            if place[0] not in oracle.SYSTEM and place not in doubted:
                said.update(((place, grant.role, grant.privilege), grant) for grant in grants if grant.role != owner)
        for entry, grant in said.items():
            if (entry in held) != grant.granted:
                wrong.append(f"{kind} {entry}: the model says granted={grant.granted}")
            elif grant.granted and held[entry] != grant.grantable:
                wrong.append(f"{kind} {entry}: the model says grantable={grant.grantable}")
        for entry in held:
            by_default = DEFAULT_GRANTEES | {"public", "pg_database_owner", owners.get(entry[0])}
            if entry not in said and entry[0] in owners and entry[0] not in doubted and entry[1] not in by_default:
                wrong.append(f"{kind} {entry} is granted and not in the model")
        if kind == "function":
            wrong += [
                f"{kind} {place}: public may not run it"
                for place in set(places) - doubted
                if place[0] not in oracle.SYSTEM
                and (place, "public", "execute") not in held
                and (place, "public", "execute") not in said
            ]
    return wrong


def _defaults(connection: Any, database: Database) -> list[str]:
    if any(reason.aspect is Aspect.GRANTS for reason in database.uncertain):
        return []
    held = catalogue.default_privileges(connection)
    said = {
        (default.owner, default.schema, default.kind, grant.role, grant.privilege): grant
        for default in database.default_privileges
        for grant in default.grants
    }
    wrong = [
        f"default privilege {entry}: the model says granted={grant.granted}"
        for entry, grant in said.items()
        if (entry in held) != grant.granted and entry[0] != entry[3]
    ]
    for entry in held:
        owner, schema, _, grantee, _ = entry
        platform = owner == "postgres" and schema == "public" and grantee in DEFAULT_GRANTEES
        if entry not in said and not platform and grantee not in {owner, "public"}:
            wrong.append(f"default privilege {entry} is not in the model")
    return wrong


def _roles(connection: Any, database: Database) -> list[str]:
    held = catalogue.roles(connection)
    wrong = []
    for role in database.roles:
        if role.uncertain or not role.created or role.name not in held:
            continue
        said = (
            role.superuser, role.inherit, role.createrole, role.createdb, role.login, role.replication, role.bypassrls
        )  # fmt: skip
        if said != held[role.name]:
            wrong.append(f"role {role.name} is {held[role.name]}, not {said}")
    memberships = {(m.role, m.member): (m.inherits, m.sets, m.admin) for m in database.memberships}
    if not any(reason.aspect is Aspect.GRANTS for reason in database.uncertain):
        real = catalogue.memberships(connection)
        wrong += _same("membership", {key: real[key] for key in real if key in memberships}, memberships)
    return wrong


def _triggers(connection: Any, database: Database) -> list[str]:
    held = catalogue.triggers(connection)
    relations: tuple[Table | View, ...] = (*database.tables, *database.external, *database.views)
    said = {
        (*_key(relation.name), trigger.name): (
            f"{trigger.function.schema}.{trigger.function.name}",
            trigger.enabled,
        )
        for relation in relations
        for trigger in relation.triggers
        if not trigger.uncertain
    }
    doubted = {
        (*_key(relation.name), trigger.name)
        for relation in relations
        for trigger in relation.triggers
        if trigger.uncertain
    }
    unsure = {_key(relation.name) for relation in relations if relation.uncertain}
    events = {
        each.name: (each.event, f"{each.function.schema}.{each.function.name}", each.enabled)
        for each in database.event_triggers
    }
    return [
        *_same(
            "trigger",
            {key: found for key, found in held.items() if key[:2] not in unsure},
            {key: found for key, found in said.items() if key[:2] not in unsure},
            doubted,
        ),
        *_same("event trigger", catalogue.event_triggers(connection), events),
    ]


def _owners(connection: Any, database: Database) -> list[str]:
    schemas = catalogue.schemas(connection)
    wrong = [
        f"schema {each.name}: the owner is {schemas[each.name]}, not {each.owner}"
        for each in database.schemas
        if each.name in schemas and each.made_at is not None and not each.uncertain and schemas[each.name] != each.owner
    ]
    known = {each.name for each in database.schemas}
    wrong += [f"schema {name} is missing from the model" for name in schemas if name not in known | {"public"}]
    views = catalogue.relation_owners(connection)
    wrong += [
        f"view {each.name}: the owner is {views[_key(each.name)]}, not {each.owner}"
        for each in database.views
        if _key(each.name) in views and views[_key(each.name)] != each.owner
    ]
    routines = catalogue.routines(connection)
    for function in database.functions:
        key = (*_key(function.name), len(function.arguments))
        if not function.uncertain and (function.owner, function.language) not in routines.get(key, ()):
            wrong.append(f"function {key} is {routines.get(key)}, not {(function.owner, function.language)}")
    extensions = catalogue.extensions(connection)
    wrong += [
        f"extension {each.name} is in {extensions[each.name]}, not {each.schema}"
        for each in database.extensions
        if each.name in extensions and each.schema is not None and extensions[each.name] != each.schema
    ]
    return wrong
