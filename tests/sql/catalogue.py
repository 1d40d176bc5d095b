"""Further queries of a PostgreSQL's catalogue: sequences, privileges of every kind, triggers, publications, roles."""

from typing import Any

from tests.sql import oracle

_GRANTEE = "case grantee when 0 then 'public' else pg_get_userbyid(grantee) end"
_SYSTEM = [list(oracle.SYSTEM)]


def sequences(connection: Any) -> dict[tuple[str, str], tuple[str, tuple[str, str, str] | None]]:
    """Return the owner of every sequence, and the schema, table and column that own it."""
    rows = connection.execute(
        "select n.nspname, c.relname, pg_get_userbyid(c.relowner), tn.nspname, t.relname, attname from pg_class c "
        "join pg_namespace n on n.oid = c.relnamespace left join pg_depend d on d.classid = 'pg_class'::regclass and "
        "objid = c.oid and deptype in ('a', 'i') and refclassid = 'pg_class'::regclass and refobjsubid > 0 "
        "left join pg_class t on t.oid = refobjid left join pg_namespace tn on tn.oid = t.relnamespace "
        "left join pg_attribute on attrelid = t.oid and attnum = refobjsubid "
        "where c.relkind = 'S' and c.relpersistence <> 't' and n.nspname <> all(%s)",
        _SYSTEM,
    )
    return {
        (schema, name): (owner, (table_schema, table, column) if table else None)
        for schema, name, owner, table_schema, table, column in rows
    }


def acl(connection: Any, kind: str) -> dict[tuple[tuple[str, ...], str, str], bool]:
    """Return object, grantee and privilege with its grant option, of `sequence`, `function` or `schema`."""
    queries = {
        "sequence": f"select array[nspname, relname], {_GRANTEE}, lower(privilege_type), is_grantable from pg_class "
        "join pg_namespace n on n.oid = relnamespace, aclexplode(coalesce(relacl, acldefault('s', relowner))) "
        "where relkind = 'S' and nspname <> all(%s)",
        "function": f"select array[nspname, proname, pronargs::text], {_GRANTEE}, lower(privilege_type), is_grantable "
        "from pg_proc join pg_namespace n on n.oid = pronamespace, aclexplode(coalesce(proacl, acldefault('f', "
        "proowner))) where nspname <> all(%s)",
        "schema": f"select array[nspname], {_GRANTEE}, lower(privilege_type), is_grantable from pg_namespace, "
        "aclexplode(coalesce(nspacl, acldefault('n', nspowner))) where nspname <> all(%s) and nspname !~ '^pg_'",
    }
    rows = connection.execute(queries[kind], _SYSTEM)
    result: dict[tuple[tuple[str, ...], str, str], bool] = {}
    for place, grantee, privilege, grantable in rows:
        key = (tuple(place), grantee, privilege)
        result[key] = result.get(key, False) or grantable
    return result


def schemas(connection: Any) -> dict[str, str]:
    """Return the owner of every schema."""
    return dict(
        connection.execute(
            "select nspname, pg_get_userbyid(nspowner) from pg_namespace where nspname <> all(%s) "
            "and nspname !~ '^pg_'",
            _SYSTEM,
        )
    )


def default_privileges(connection: Any) -> dict[tuple[str, str | None, str, str, str], bool]:
    """Return owner, schema, kind, grantee and privilege with its grant option."""
    rows = connection.execute(
        "select pg_get_userbyid(defaclrole), nspname, case defaclobjtype when 'r' then 'table' when 'S' then "
        f"'sequence' when 'f' then 'function' when 'T' then 'type' else 'schema' end, {_GRANTEE}, "
        "lower(privilege_type), is_grantable from pg_default_acl left join pg_namespace n "
        "on n.oid = defaclnamespace, aclexplode(defaclacl)"
    )
    return {(owner, schema, kind, grantee, privilege): able for owner, schema, kind, grantee, privilege, able in rows}


def roles(connection: Any) -> dict[str, tuple[bool, ...]]:
    """Return superuser, inherit, createrole, createdb, login, replication and bypassrls of every role."""
    rows = connection.execute(
        "select rolname, rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolcanlogin, rolreplication, rolbypassrls "
        "from pg_roles"
    )
    return {name: tuple(attributes) for name, *attributes in rows}


def memberships(connection: Any) -> dict[tuple[str, str], tuple[bool, bool, bool]]:
    """Return the inherit, set and admin option of every membership, by any grantor."""
    rows = connection.execute(
        "select pg_get_userbyid(roleid), pg_get_userbyid(member), bool_or(inherit_option), bool_or(set_option), "
        "bool_or(admin_option) from pg_auth_members where roleid >= 16384 group by 1, 2"
    )
    return {(role, member): (inherit, may_set, admin) for role, member, inherit, may_set, admin in rows}


def triggers(connection: Any) -> dict[tuple[str, str, str], tuple[str, bool]]:
    """Return function and state of every trigger, except those of constraints and copies on partitions."""
    rows = connection.execute(
        "select n.nspname, relname, tgname, pn.nspname || '.' || proname, tgenabled <> 'D' from pg_trigger "
        "join pg_class c on c.oid = tgrelid join pg_namespace n on n.oid = relnamespace join pg_proc p "
        "on p.oid = tgfoid join pg_namespace pn on pn.oid = pronamespace where not tgisinternal and tgparentid = 0 and "
        "relpersistence <> 't'"
    )
    return {(schema, table, name): (function, enabled) for schema, table, name, function, enabled in rows}


def event_triggers(connection: Any) -> dict[str, tuple[str, str, bool]]:
    """Return event, function and state of every event trigger."""
    rows = connection.execute(
        "select evtname, evtevent, nspname || '.' || proname, evtenabled <> 'D' from pg_event_trigger "
        "join pg_proc p on p.oid = evtfoid join pg_namespace n on n.oid = pronamespace"
    )
    return {name: (event, function, enabled) for name, event, function, enabled in rows}


def publications(connection: Any) -> dict[str, tuple[str, bool, tuple[str, ...], tuple[tuple[str, str], ...]]]:
    """Return owner, the switch for all tables, schemas and tables of every publication."""
    rows = connection.execute(
        "select pubname, pg_get_userbyid(pubowner), puballtables, array(select nspname::text from "
        "pg_publication_namespace join pg_namespace n on n.oid = pnnspid where pnpubid = p.oid order by 1), "
        "array(select array[nspname::text, relname::text] from pg_publication_rel join pg_class c on c.oid = prrelid "
        "join pg_namespace n on n.oid = relnamespace where prpubid = p.oid order by 1) from pg_publication p"
    )
    return {
        name: (owner, everything, tuple(shown), tuple((schema, table) for schema, table in tables))
        for name, owner, everything, shown, tables in rows
    }


def extensions(connection: Any) -> dict[str, str]:
    """Return the schema of every extension."""
    return dict(
        connection.execute("select extname, nspname from pg_extension join pg_namespace n on n.oid = extnamespace")
    )


def relation_owners(connection: Any) -> dict[tuple[str, str], str]:
    """Return the owner of every view."""
    rows = connection.execute(
        "select nspname, relname, pg_get_userbyid(relowner) from pg_class join pg_namespace n on n.oid = relnamespace "
        "where relkind in ('v', 'm') and nspname <> all(%s)",
        _SYSTEM,
    )
    return {(schema, name): owner for schema, name, owner in rows}


def routines(connection: Any) -> dict[tuple[str, str, int], set[tuple[str, str]]]:
    """Return owner and language of every function, by name and number of input arguments."""
    rows = connection.execute(
        "select nspname, proname, pronargs, pg_get_userbyid(proowner), lanname from pg_proc p "
        "join pg_namespace n on n.oid = pronamespace join pg_language l on l.oid = prolang where nspname <> all(%s)",
        _SYSTEM,
    )
    result: dict[tuple[str, str, int], set[tuple[str, str]]] = {}
    for schema, name, count, owner, language in rows:
        result.setdefault((schema, name, count), set()).add((owner, language))
    return result
